//! Verdicts: what the sandbox's failures come to, and traps where the obvious verdict is wrong.

#[path = "support/canned.rs"]
mod canned;

use std::net::SocketAddr;
use std::sync::Arc;

use cosdiag::diagnosis::Language;
use cosdiag::diagnosis::rules::diagnose;
use cosdiag::domain::record::Record;
use cosdiag::domain::verdict::Confidence;
use cosdiag::engine::{self, Client, Options};
use cosdiag::sandbox::{Sandbox, scenario};
use proptest::prelude::*;
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

fn first(record: &Record) -> (&str, Confidence) {
    let diagnosis = record.diagnosis.as_ref().expect("a failure has a diagnosis");
    let verdict = diagnosis.verdicts.first().expect("and that a verdict");
    assert!(!verdict.evidence.is_empty() && !verdict.fix.is_empty(), "{verdict:?}");
    (&verdict.cause, verdict.confidence)
}

#[tokio::test(flavor = "multi_thread")]
async fn every_failure_of_the_tour_has_its_verdict() {
    use Confidence::{Certain, Likely, Possible};
    let sandbox = Sandbox::start(SocketAddr::from(([127, 0, 0, 1], 0))).await.expect("a sandbox");
    let profiles = scenario::profiles(&sandbox);
    let mut probes = scenario::probes(scenario::scenario("tour").expect("a scenario"), &profiles).expect("probes");
    for (id, probe) in (1..).zip(&mut probes) {
        probe.id = id;
    }
    let client = Client::new(&profiles[0].connection).expect("a client");
    let mut received = engine::run(&client, probes, Options::default(), &CancellationToken::new());
    let mut records: Vec<Arc<Record>> = Vec::new();
    while received.recv_many(&mut records, 100).await > 0 {}
    records.sort_by_key(|record| record.id);
    let failed: Vec<_> =
        records.iter().filter(|record| record.exception.is_some()).map(|record| first(record)).collect();
    let wanted = [
        ("secret-key-wrong", Certain),
        ("permission-denied", Certain),
        ("clock-skew", Certain),
        ("bucket-not-found", Likely),
        ("object-archived", Likely),
        ("throttled", Certain),
        ("invalid-region", Likely),
        ("object-not-found", Certain),
        ("not-the-store", Certain),
        ("secret-id-unknown", Likely),
        ("clock-skew", Certain),
        ("anonymous-denied", Likely),
        ("permission-denied", Likely),
        ("permission-denied", Likely),
        ("token-expired", Likely),
        ("object-deleted", Certain),
        ("default-domain-restricted", Likely),
        ("path-style-forbidden", Certain),
        ("referer-denied", Certain),
        ("cors-denied", Certain),
        ("bucket-appid-missing", Certain),
        ("account-suspended", Certain),
        ("server-fault", Likely),
        ("permission-denied", Likely),
        ("undetermined", Possible),
        ("not-the-store", Certain),
        ("not-the-store", Certain),
        ("redirected", Certain),
        ("body-truncated", Certain),
        ("malformed-response", Certain),
        ("connection-reset", Certain),
        ("connect-refused", Certain),
        ("response-timeout", Certain),
        ("tls-expired", Likely),
        ("tls-name-mismatch", Certain),
        ("tls-untrusted", Certain),
        ("tls-untrusted", Certain),
    ];
    for (i, (got, wanted)) in failed.iter().zip(wanted).enumerate() {
        assert_eq!(*got, wanted, "failure {i}");
    }
    assert_eq!(failed.len(), wanted.len());
}

fn verdict(change: Value) -> (String, Confidence) {
    let record = canned::record(1, change);
    let (cause, confidence) = first(&record);
    (cause.to_owned(), confidence)
}

#[expect(clippy::needless_pass_by_value, reason = "reads better where it is called")]
fn is(got: (String, Confidence), cause: &str, confidence: Confidence) {
    assert_eq!((got.0.as_str(), got.1), (cause, confidence));
}

/// The clock of a request: when it was sent by this machine, what the store's clock said, and until
/// when the signature was valid.
fn expired(here: &str, date: &str, end: i64) -> Value {
    json!({
        "time": here,
        "headers": { "date": date },
        "requestId": null,
        "error": { "Message": "Request has expired" },
        "request": { "stringToSign": format!("sha1\n1;{end}\n0\n") },
    })
}

#[test]
fn an_expiry_is_the_clock_or_the_window_and_never_guessed() {
    // 06:38:09 is 1795415889 in Unix seconds.
    let date = "Mon, 23 Nov 2026 06:38:09 GMT";
    is(verdict(expired("2026-11-23T06:16:09Z", date, 1_795_415_469)), "clock-skew", Confidence::Certain);
    is(verdict(expired("2026-11-23T06:38:09Z", date, 1_795_415_880)), "signature-expired", Confidence::Certain);
    // Trap: a URL presigned days ago, on a machine whose clock is also a minute off.
    is(verdict(expired("2026-11-23T06:37:00Z", date, 1_795_000_000)), "signature-expired", Confidence::Likely);
    // Trap: nobody's clock is known.
    let mut blind = expired("2026-11-23T06:16:09Z", date, 1_795_415_469);
    blind["headers"]["date"] = json!("no date");
    is(verdict(blind), "signature-expired", Confidence::Likely);
    // Trap: the record was imported, so the time here is somebody else's.
    let mut imported = expired("2026-11-23T06:16:09Z", date, 1_795_415_469);
    imported["source"] = json!("import:app.log:12");
    is(verdict(imported), "signature-expired", Confidence::Likely);
}

#[test]
fn a_mismatch_is_the_key_only_when_the_texts_are_equal() {
    let canonical = "get\n/\nmax-keys=1\nhost=photos-1250000000.cos.ap-guangzhou.myqcloud.com\n";
    let to_sign = "sha1\n1795415829;1795416789\n263566205c5383a1e1db20d81104e832151a61c1\n";
    let mismatch = |format: Value, string: Value| {
        verdict(
            json!({ "error": { "Code": "SignatureDoesNotMatch", "Message": "m", "FormatString": format, "StringToSign": string } }),
        )
    };
    is(mismatch(json!(canonical), json!(to_sign)), "secret-key-wrong", Confidence::Certain);
    is(mismatch(json!(canonical.replace('\n', "\r\n")), json!(to_sign)), "secret-key-wrong", Confidence::Certain);
    // Trap: without the string to sign its time may have been another one.
    is(mismatch(json!(canonical), json!("")), "secret-key-wrong", Confidence::Likely);
    for (part, changed) in
        [("get", "head"), ("\n/\n", "/%2F\n"), ("max-keys=1", "max-keys=2"), ("host=photos", "host=proxy")]
    {
        is(
            mismatch(json!(canonical.replacen(part, changed, 1)), json!(to_sign)),
            "request-altered",
            Confidence::Certain,
        );
    }
    let record = canned::record(
        1,
        json!({ "error": { "Code": "SignatureDoesNotMatch", "FormatString": canonical.replace("host=photos", "host=proxy"), "StringToSign": to_sign } }),
    );
    let evidence = &record.diagnosis.as_ref().expect("a diagnosis").verdicts[0].evidence;
    assert!(
        evidence.iter().any(|evidence| evidence.fact.contains("header host: line 4 differs at byte 7")),
        "{evidence:?}"
    );
    // Trap: a store that sends nothing back.
    let silent = verdict(json!({ "error": { "Code": "SignatureDoesNotMatch", "Message": "m" } }));
    is(silent, "secret-key-wrong", Confidence::Possible);
}

#[test]
fn traps_where_the_obvious_verdict_is_wrong() {
    use Confidence::{Certain, Likely, Possible};
    let sent = |headers: Value| json!({ "request": { "headers": headers } });
    // An expired certificate may be this machine's clock.
    let client = |code: &str, message: &str| json!({ "exception": "client", "statusCode": null, "headers": null, "requestId": null, "error": { "Code": code, "Message": message } });
    is(verdict(client("CERT_HAS_EXPIRED", "the certificate has expired")), "tls-expired", Likely);
    is(verdict(client("CERT_NOT_YET_VALID", "the certificate is not valid yet")), "tls-expired", Likely);
    // A known region whose host does not exist is not a misspelt region.
    is(verdict(client("ENOTFOUND", "no such host: x")), "dns-not-found", Certain);
    // "signature empty" although a signature was sent: not anonymous.
    is(
        verdict(json!({ "error": { "Message": "Check auth failure because signature empty." } })),
        "request-altered",
        Likely,
    );
    // An unknown id that came with a token is a temporary one.
    let mut temporary =
        sent(json!({ "host": "h", "authorization": "[redacted]", "x-cos-security-token": "[redacted]" }));
    temporary["error"] = json!({ "Code": "InvalidAccessKeyId", "Message": "m" });
    is(verdict(temporary), "token-expired", Likely);
    // A delete marker is not an absent key.
    is(
        verdict(
            json!({ "statusCode": 404, "headers": { "x-cos-delete-marker": "true" }, "error": { "Code": "NoSuchKey" } }),
        ),
        "object-deleted",
        Certain,
    );
    // A 403 without a word is not permission.
    is(verdict(json!({ "error": { "Code": null, "Message": null } })), "undetermined", Possible);
    // A foreign 403 is not the store's.
    is(
        verdict(
            json!({ "answeredBy": "other", "requestId": null, "headers": { "server": "waf" }, "body": "<html>", "error": { "Code": null, "Message": null } }),
        ),
        "not-the-store",
        Certain,
    );
    // A code nobody knows.
    is(
        verdict(json!({ "statusCode": 400, "error": { "Code": "BrandNewCode", "Message": "m" } })),
        "unknown-code",
        Possible,
    );
    // Missing here is not missing everywhere.
    is(
        verdict(json!({ "statusCode": 404, "error": { "Code": "NoSuchBucket", "Message": "m" } })),
        "bucket-not-found",
        Likely,
    );
    // RequestTimeTooSkewed while the clocks agree: what was signed says another time.
    let mut agreeing = expired("2026-11-23T06:38:09Z", "Mon, 23 Nov 2026 06:38:09 GMT", 0);
    agreeing["error"] = json!({ "Code": "RequestTimeTooSkewed", "Message": "m" });
    is(verdict(agreeing), "clock-skew", Likely);
    // A success has no verdict.
    assert_eq!(canned::record(1, json!({ "outcome": "success", "exception": null })).diagnosis, None);
}

#[test]
fn verdicts_speak_chinese() {
    let record = canned::record(1, json!({ "statusCode": 503, "error": { "Code": "SlowDown", "Message": "m" } }));
    let diagnosis = diagnose(&record, Language::Zh).expect("a diagnosis");
    assert_eq!(diagnosis.verdicts[0].summary, "请求过于频繁。");
}

proptest! {
    /// Whatever a store may send as code and message: no panic, a verdict, and no certainty about words
    /// that mean nothing.
    #[test]
    fn nothing_panics_and_noise_is_never_certain(code in "[a-z]{0,12}", message in ".{0,40}", status in 400u16..600) {
        let record = canned::record(1, json!({ "statusCode": status, "error": { "Code": code, "Message": message } }));
        let known = cosdiag::diagnosis::code_book::of_code(&code);
        let (_, confidence) = first(&record);
        prop_assert!(!known.is_empty() || confidence < Confidence::Certain);
    }
}
