//! The signers against the vendors' own SDKs (recorded vectors) and against another implementation
//! (reqsign), case by case.

use cosdiag::domain::credentials::Credentials;
use cosdiag::domain::percent;
use cosdiag::sign::{self, Placement, Request, cos, sigv4};
use jiff::Timestamp;
use proptest::prelude::*;
use serde_json::Value;

fn text<'a>(case: &'a Value, field: &str) -> &'a str {
    case[field].as_str().unwrap_or_default()
}

fn pairs(value: &Value) -> Vec<(String, String)> {
    let object = value.as_object().expect("an object");
    object.iter().map(|(name, value)| (name.clone(), value.as_str().unwrap_or_default().to_owned())).collect()
}

fn vectors(json: &str) -> Vec<Value> {
    serde_json::from_str(json).expect("vectors")
}

#[test]
fn every_cos_vector() {
    let cases = vectors(include_str!("../vectors/cos-sign.json"));
    assert_eq!(cases.len(), 72);
    for case in &cases {
        let name = format!("{} {}", text(case, "sdk"), text(case, "name"));
        let listed: Vec<_> = text(case, "signed_headers").split(';').collect();
        let headers: Vec<_> = pairs(&case["headers"]);
        let ours: Vec<_> = headers.iter().filter(|(name, _)| cos::signed_by_default(name)).cloned().collect();
        let theirs: Vec<_> =
            headers.into_iter().filter(|(name, _)| listed.contains(&name.to_ascii_lowercase().as_str())).collect();
        // The browser SDK leaves content-type out; everything else must be our own choice too.
        if !case["note"].as_str().unwrap_or_default().contains("content-type") {
            assert_eq!(ours, theirs, "{name}: which headers are signed");
        }
        let query = pairs(&case["query"]);
        let request =
            Request { method: text(case, "method"), path: text(case, "path"), query: &query, headers: &theirs };
        let credentials = Credentials::new(text(case, "secret_id"), text(case, "secret_key"), "vector");
        let time = |field: &str| case[field].as_i64().expect("a time");
        let key_time = cos::KeyTime { start: time("start"), end: time("end") };
        let signed = cos::sign(&request, &credentials, key_time, Placement::Header);
        assert_eq!(signed.canonical_request, text(case, "http_string"), "{name}");
        assert_eq!(signed.authorization, text(case, "authorization"), "{name}");
    }
}

#[test]
fn every_sigv4_vector() {
    let cases = vectors(include_str!("../vectors/sigv4.json"));
    assert_eq!(cases.len(), 18);
    for case in &cases {
        let name = text(case, "name");
        let url = url::Url::parse(text(case, "url")).expect("a URL");
        let (path, query) = (percent::decode(url.path()), percent::query_pairs(url.query().unwrap_or_default()));
        let mut headers = pairs(&case["request_headers"]);
        let host = url
            .port()
            .map_or_else(|| url.host_str().unwrap().to_owned(), |port| format!("{}:{port}", url.host_str().unwrap()));
        headers.push(("host".to_owned(), host));
        let request = Request { method: text(case, "method"), path: &path, query: &query, headers: &headers };
        let mut credentials = Credentials::new(text(case, "access_key"), text(case, "secret_key"), "vector");
        if let Some(token) = case["session_token"].as_str() {
            credentials = credentials.with_token(token);
        }
        let payload = case["result_headers"]["X-Amz-Content-SHA256"].as_str().unwrap_or(sigv4::UNSIGNED_PAYLOAD);
        let time = Timestamp::from_second(case["epoch"].as_i64().expect("a time")).expect("a time");
        let scope = sigv4::Scope { region: text(case, "region"), time, payload };
        if case["kind"] == "presigned" {
            let seconds = case["expires"].as_u64().expect("seconds");
            let signed = sigv4::presign(&request, &credentials, &scope, seconds);
            assert_eq!(signed.canonical_request, text(case, "canonical_request"), "{name}");
            assert_eq!(signed.string_to_sign, text(case, "string_to_sign"), "{name}");
            let wanted = url::Url::parse(text(case, "signed_url")).expect("a URL");
            let signature =
                wanted.query_pairs().find(|(name, _)| name == "X-Amz-Signature").expect("a signature").1.into_owned();
            assert_eq!(signed.signature, signature, "{name}");
        } else {
            let signed = sigv4::sign(&request, &credentials, &scope);
            assert_eq!(signed.canonical_request, text(case, "canonical_request"), "{name}");
            assert_eq!(signed.string_to_sign, text(case, "string_to_sign"), "{name}");
            assert_eq!(signed.authorization, text(case, "authorization"), "{name}");
        }
    }
}

/// The five vectors of the written algorithm with the presigned-URL parameters beside the header form.
#[test]
fn a_token_is_sent_in_both_placements_and_signed_in_neither() {
    let credentials = Credentials::new("AKIDTESTTESTTEST", "FAKEsecretFAKEsecret", "test").with_token("TOKEN/abc+==");
    let headers = [("host".to_owned(), "b-1250000000.cos.ap-guangzhou.myqcloud.com".to_owned())];
    let request = Request { method: "GET", path: "/", query: &[], headers: &headers };
    let key_time = cos::KeyTime { start: 1, end: 2 };
    let header = cos::sign(&request, &credentials, key_time, Placement::Header);
    let url = cos::sign(&request, &credentials, key_time, Placement::Url);
    let token = ("x-cos-security-token".to_owned(), "TOKEN/abc+==".to_owned());
    assert!(header.headers.contains(&token) && url.query.contains(&token));
    assert_eq!(header.signed_headers, "host");
    assert_eq!(header.signature, url.signature);
    assert_eq!(url.query.len(), 8);
}

/// Key characters that have broken signers: blanks, plus, percent, dots, slashes, case, CJK.
fn part() -> impl Strategy<Value = String> {
    "[a-zA-Z0-9 +%&=~!'()*:@,;._中文é-]{1,12}"
}

fn query() -> impl Strategy<Value = Vec<(String, String)>> {
    // Names are unique without regard to case: COS lower-cases them, and no SDK defines duplicates.
    proptest::collection::btree_map("[a-z][a-z0-9-]{0,8}", part(), 0..4).prop_map(|map| map.into_iter().collect())
}

fn build(
    method: &str,
    keys: &[String],
    query: &[(String, String)],
    extra: &[(String, String)],
) -> http::request::Parts {
    let path = keys.iter().map(|key| format!("/{}", percent::component(key))).collect::<Vec<_>>().concat();
    let query: Vec<_> =
        query.iter().map(|(n, v)| format!("{}={}", percent::component(n), percent::component(v))).collect();
    let query = if query.is_empty() { String::new() } else { format!("?{}", query.join("&")) };
    let mut builder = http::Request::builder()
        .method(method)
        .uri(format!("https://b-1250000000.cos.ap-guangzhou.myqcloud.com{path}{query}"))
        .header("host", "b-1250000000.cos.ap-guangzhou.myqcloud.com");
    for (name, value) in extra {
        builder = builder.header(name.as_str(), value.as_str());
    }
    builder.body(()).expect("a request").into_parts().0
}

fn header_text(parts: &http::request::Parts, name: &str) -> String {
    parts.headers[name].to_str().expect("text").to_owned()
}

fn signing_parts(keys: &[String]) -> (String, String) {
    (format!("/{}", keys.join("/")), "b-1250000000.cos.ap-guangzhou.myqcloud.com".to_owned())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn cos_agrees_with_reqsign(
        method in "GET|HEAD|PUT|DELETE",
        keys in proptest::collection::vec(part(), 1..4),
        query in query(),
        meta in proptest::option::of("[a-zA-Z0-9 ~/+=.-]{0,16}"),
    ) {
        use reqsign_core::{Context, SignRequest};
        let meta: Vec<_> = meta.into_iter().map(|value| ("x-cos-meta-a".to_owned(), value.trim().to_owned())).collect();
        let mut parts = build(&method, &keys, &query, &meta);
        let theirs = reqsign_tencent_cos::Credential {
            secret_id: "AKIDTESTTESTTEST".to_owned(),
            secret_key: "FAKEsecretFAKEsecretFAKEsecret00".to_owned(),
            security_token: None,
            expires_in: None,
        };
        let signer = reqsign_tencent_cos::RequestSigner::new();
        runtime().block_on(signer.sign_request(&Context::new(), &mut parts, Some(&theirs), None)).expect("signed");
        let wanted = header_text(&parts, "authorization");
        // Its clock cannot be set, so the time is read back from what it produced.
        let field = |name: &str| wanted.split('&').find_map(|part| part.strip_prefix(name)).expect("a field");
        let (start, end) = field("q-sign-time=").split_once(';').expect("two times");
        let key_time = cos::KeyTime { start: start.parse().expect("seconds"), end: end.parse().expect("seconds") };
        let (path, host) = signing_parts(&keys);
        let mut headers = vec![("host".to_owned(), host)];
        headers.extend(meta);
        let request = Request { method: &method, path: &path, query: &query, headers: &headers };
        let ours = cos::sign(&request, &Credentials::new(theirs.secret_id, theirs.secret_key, "test"), key_time, Placement::Header);
        prop_assert_eq!(ours.signature, field("q-signature="), "{}", ours.canonical_request);
    }

    #[test]
    fn sigv4_agrees_with_reqsign(
        method in "GET|HEAD|PUT|DELETE",
        keys in proptest::collection::vec(part(), 1..4),
        query in query(),
        // One blank at a time: the scheme folds runs of them, reqsign does not, botocore's vectors do.
        meta in proptest::option::of("([a-zA-Z0-9~/+=.-]{1,4} ?){0,4}"),
        token in proptest::option::of("[A-Za-z0-9+/=]{1,20}"),
    ) {
        use reqsign_core::{Context, SignRequest};
        let meta: Vec<_> = meta.into_iter().map(|value| ("x-amz-meta-a".to_owned(), value.trim().to_owned())).collect();
        let mut parts = build(&method, &keys, &query, &meta);
        let theirs = reqsign_aws_v4::Credential {
            access_key_id: "AKIATESTTESTTEST0001".to_owned(),
            secret_access_key: "FAKEsecretFAKEsecretFAKEsecret00FAKEfake".to_owned(),
            session_token: token.clone(),
            expires_in: None,
        };
        let signer = reqsign_aws_v4::RequestSigner::new("s3", "ap-guangzhou");
        runtime().block_on(signer.sign_request(&Context::new(), &mut parts, Some(&theirs), None)).expect("signed");
        let wanted = header_text(&parts, "authorization");
        let time = cosdiag::domain::target::amz_date(&header_text(&parts, "x-amz-date")).expect("a time");
        let payload = header_text(&parts, "x-amz-content-sha256");
        let (path, host) = signing_parts(&keys);
        let mut headers = vec![("host".to_owned(), host)];
        headers.extend(meta);
        let mut credentials = Credentials::new(theirs.access_key_id, theirs.secret_access_key, "test");
        if let Some(token) = token {
            credentials = credentials.with_token(token);
        }
        let request = Request { method: &method, path: &path, query: &query, headers: &headers };
        let scope = sigv4::Scope { region: "ap-guangzhou", time, payload: &payload };
        let ours = sigv4::sign(&request, &credentials, &scope);
        let signature = wanted.rsplit_once("Signature=").expect("a signature").1;
        prop_assert_eq!(ours.signature, signature, "{}", ours.canonical_request);
    }
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime")
}

#[test]
fn what_is_never_signed() {
    for name in ["User-Agent", "authorization", "Connection", "accept"] {
        assert!(!sign::signable(name) && !cos::signed_by_default(name), "{name}");
    }
}
