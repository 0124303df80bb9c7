//! Verdicts: what the demo's failures come to, and what no input may bring about. The causes one by
//! one, traps included, are in `scenarios.rs`.

use std::net::SocketAddr;
use std::ops::ControlFlow;
use std::sync::Arc;

use cosdiag::diagnosis::rules::diagnose;
use cosdiag::domain::check::Check;
use cosdiag::domain::classify::{self, Signing};
use cosdiag::domain::client_failure::{ClientFailure, Dialled, TunnelRefusal};
use cosdiag::domain::dialect::Dialect;
use cosdiag::domain::endpoint::Endpoint;
use cosdiag::domain::exchange::{Exchange, Response, Timing};
use cosdiag::domain::operation::operation;
use cosdiag::domain::probe::{Probe, RequestOptions};
use cosdiag::domain::profile::{Connection, Profile};
use cosdiag::domain::record::Record;
use cosdiag::domain::target::Target;
use cosdiag::domain::verdict::Confidence;
use cosdiag::engine::{self, Client, Options};
use cosdiag::i18n::{Language, Localize};
use cosdiag::import::{self, Format};
use cosdiag::sandbox::{Sandbox, scenario};
use cosdiag::text::verdict;
use jiff::Timestamp;
use proptest::prelude::*;
use proptest::test_runner::TestCaseError;
use serde_json::json;
use tokio_util::sync::CancellationToken;

use crate::canned;

/// Why no answer came, in the words of either language: what is pasted from a screen or a ticket leads to no other
/// cause than the data.
#[test]
fn the_sentence_of_a_failure_leads_where_its_data_does() {
    let to = || Dialled { host: "photos-1250000000.cos.ap-guangzhou.myqcloud.com:443".to_owned(), address: None };
    let (name, proxy, cause) =
        (|| "h.example.com".to_owned(), || "http://10.0.0.1:3128 (--proxy)".to_owned(), str::to_owned);
    let refusal = |status, error: Option<&str>| ClientFailure::TunnelRefused {
        proxy: proxy(),
        refusal: TunnelRefusal { status, squid_error: error.map(str::to_owned), title: None },
    };
    for (code, failure) in [
        ("ENOTFOUND", ClientFailure::NoSuchHost { name: name() }),
        ("EAI_AGAIN", ClientFailure::ResolverSilent { name: name(), within_ms: Some(10_000) }),
        ("EPROXY", ClientFailure::ProxyNotReached { proxy: proxy(), cause: cause("Connection refused") }),
        ("EPROXY", ClientFailure::ProxyLogin { proxy: proxy() }),
        ("EPROXY", ClientFailure::ProxySilent { proxy: proxy(), within_ms: 10_000 }),
        ("EPROXY", ClientFailure::NoTunnel { proxy: proxy(), cause: cause("tunnel error: unsuccessful") }),
        ("EPROXY", refusal(403, None)),
        ("EPROXY", refusal(503, Some("ERR_DNS_FAIL 0"))),
        ("EPROXY", refusal(503, None)),
        ("ECONNREFUSED", ClientFailure::ConnectionRefused { to: to() }),
        ("ETIMEDOUT", ClientFailure::NoConnection { to: to(), within_ms: Some(10_000) }),
        ("ETIMEDOUT", ClientFailure::NoConnection { to: to(), within_ms: None }),
        ("EHOSTUNREACH", ClientFailure::NoRoute { to: to() }),
        ("ECONNRESET", ClientFailure::ConnectionReset),
        ("ECONNRESET", ClientFailure::ConnectionClosed),
        ("ETIMEDOUT", ClientFailure::NoHandshake { within_ms: 10_000 }),
        ("ETIMEDOUT", ClientFailure::NoResponse { within_ms: 30_000 }),
        ("CERT_HAS_EXPIRED", ClientFailure::CertificateExpired { end: None }),
        ("INVALID_PURPOSE", ClientFailure::CertificateOfAuthority),
        ("ERR_BODY_TRUNCATED", ClientFailure::BodyCut { received: 5, announced: Some(10), cause: cause("eof") }),
        ("ERR_BODY_TRUNCATED", ClientFailure::BodyTooSlow { received: 5, announced: None }),
    ] {
        let nothing = json!({ "exception": "client", "statusCode": null, "headers": null, "codeFrom": "client",
            "answeredBy": "nobody", "requestId": null, "body": null, "remote": null, "error": { "Code": code } });
        let mut record = Record::clone(&canned::record(1, nothing));
        record.error.message = Some(failure.to_string());
        record.client_failure = Some(failure.clone());
        record.diagnosis = diagnose(&record);
        let by_data = first(&record);
        for language in [Language::En, Language::Zh] {
            let mut other = record.clone();
            let words = failure.localize(language);
            (other.client_failure, other.error.message) = (None, Some(words.clone()));
            other.diagnosis = diagnose(&other);
            assert_eq!(first(&other), by_data, "{words}");
            other.source = "import:x:1".into();
            other.diagnosis = diagnose(&other);
            // The name of another machine's host tells less.
            let (cause, sure) = first(&other);
            assert!(cause == by_data.0 && sure <= by_data.1, "imported: {words}: {cause} {sure:?} for {by_data:?}");
        }
    }
}

fn first(record: &Record) -> (&str, Confidence) {
    let diagnosis = record.diagnosis.as_ref().expect("a failure has a diagnosis");
    let verdict = diagnosis.verdicts.first().expect("and that a verdict");
    assert!(!verdict.evidence.is_empty() && !verdict::fix(verdict, record, Language::En).is_empty(), "{verdict:?}");
    (verdict.cause.as_str(), verdict.confidence)
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
        ("permission-denied", Likely),
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
        ("default-domain-restricted", Certain),
        ("path-style-forbidden", Certain),
        ("referer-denied", Certain),
        ("cors-denied", Certain),
        ("bucket-appid-missing", Certain),
        ("account-suspended", Certain),
        ("server-fault", Certain),
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

#[test]
fn verdicts_speak_chinese() {
    let record = canned::record(1, json!({ "statusCode": 503, "error": { "Code": "SlowDown", "Message": "m" } }));
    let diagnosis = diagnose(&record).expect("a diagnosis");
    assert_eq!(verdict::summary(&diagnosis.verdicts[0], &record, Language::Zh), "请求过于频繁。");
}

fn exchange(status: u16, headers: Vec<(String, String)>, body: Vec<u8>) -> Exchange {
    Exchange {
        time: Timestamp::UNIX_EPOCH,
        method: "GET".to_owned(),
        url: "https://photos-1250000000.cos.ap-guangzhou.myqcloud.com/".to_owned(),
        request_headers: vec![("authorization".to_owned(), "[redacted]".to_owned())],
        response: Some(Response {
            status,
            headers,
            received: body.len() as u64,
            body,
            truncated: false,
            headers_cut: false,
        }),
        exception: None,
        timing: Timing::default(),
        remote: None,
    }
}

fn probe(dialect: Dialect) -> Probe {
    let profile = Profile {
        name: "p".to_owned(),
        dialect,
        region: Some("ap-guangzhou".to_owned()),
        endpoint: Endpoint::of(dialect, "https"),
        credentials: None,
        anonymous: true,
        bucket: None,
        buckets: Arc::default(),
        connection: Connection::default(),
    };
    let target = Target::parse("photos-1250000000").expect("a target");
    Probe::of(operation("get-bucket").expect("an operation"), &target, &profile, &RequestOptions::default())
        .expect("a probe")
}

fn assert_not_certain(record: &Record) -> Result<(), TestCaseError> {
    let Some(diagnosis) = diagnose(record) else { return Ok(()) };
    prop_assert!(!diagnosis.verdicts.is_empty());
    for verdict in &diagnosis.verdicts {
        prop_assert!(verdict.confidence < Confidence::Certain, "{verdict:?}");
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    /// Whatever a store may send as code and message: no panic, a verdict, and no certainty about words
    /// that mean nothing.
    #[test]
    fn nothing_panics_and_noise_is_never_certain(code in "[a-z]{0,12}", message in ".{0,40}", status in 400u16..600) {
        let record = canned::record(1, json!({ "statusCode": status, "error": { "Code": code, "Message": message } }));
        let known = cosdiag::diagnosis::code_book::of_code(&code);
        let (_, confidence) = first(&record);
        prop_assert!(!known.is_empty() || confidence < Confidence::Certain);
    }

    /// Random bytes as an answer's body, with and without the store's id.
    #[test]
    fn random_bodies_are_never_certain(
        body in proptest::collection::vec(any::<u8>(), 0..400),
        status in prop_oneof![200u16..210, 300u16..310, 400u16..600],
        has_id in any::<bool>(),
        cos in any::<bool>(),
    ) {
        let id = ("x-cos-request-id".to_owned(), "NmIwM2ZlY2FfMWViNTAzMDlfMWE0Ml9jNDdiMDA=".to_owned());
        let headers = if has_id { vec![id] } else { Vec::new() };
        let dialect = if cos { Dialect::Cos } else { Dialect::S3 };
        let record = classify::record(&probe(dialect), vec![exchange(status, headers, body)], None, Signing::default());
        assert_not_certain(&record)?;
    }

    /// Random bytes, pasted.
    #[test]
    fn random_pastes_are_never_certain(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let now = Timestamp::UNIX_EPOCH;
        let (clean, finish) = (str::to_owned, |_: &mut Record| ());
        let options = import::Options { format: Some(Format::Text), successes: false, now, clean: &clean, finish: &finish };
        let mut collected = Collected::default();
        import::run_text("-", bytes, &options, &mut collected);
        for record in collected.0 {
            assert_not_certain(&record)?;
        }
    }

    /// The store's signing texts, damaged: a comparison, or none, and no panic.
    #[test]
    fn damaged_signing_texts_are_compared_or_left(format in "(get|\n|/|a=b|&|%|host=|[^a]|猫){0,30}", to_sign in "(sha1|\n|;|[0-9]{0,4}|\r){0,20}") {
        let record = canned::record(
            1,
            json!({ "error": { "Code": "SignatureDoesNotMatch", "FormatString": format, "StringToSign": to_sign } }),
        );
        prop_assert!(record.diagnosis.is_some());
    }
}

/// Keeps what is read.
#[derive(Default)]
struct Collected(Vec<Record>);

impl import::Sink for Collected {
    fn records(&mut self, batch: Vec<Arc<Record>>) -> ControlFlow<()> {
        self.0.extend(batch.into_iter().map(Arc::unwrap_or_clone));
        ControlFlow::Continue(())
    }

    fn say(&mut self, _: import::ImportRemark) {}

    fn progress(&mut self, _: &str, _: u64) -> ControlFlow<()> {
        ControlFlow::Continue(())
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn checks_tell_their_plan_first_and_what_the_verdict_was() {
    let sandbox = Sandbox::start(SocketAddr::from(([127, 0, 0, 1], 0))).await.expect("a sandbox");
    let profiles = scenario::profiles(&sandbox);
    let tour = scenario::scenario("tour").expect("a scenario");
    let probes = scenario::probes(tour, &profiles).expect("probes");
    let elsewhere = |probe: &Probe| probe.bucket.as_deref().is_some_and(|bucket| bucket.starts_with("backup-"));
    let probe = probes.into_iter().find(elsewhere).expect("a bucket of another region");
    let client = Client::new(&profiles[0].connection).expect("a client");
    let cancel = CancellationToken::new();
    let mut sent = engine::run(&client, vec![probe.clone()], Options::default(), &cancel);
    let mut record = sent.recv().await.expect("a record");
    // The second time from what the first one left.
    for _ in 0..2 {
        let mut received = engine::check(&client, probe.clone(), record, &cancel);
        let mut told = Vec::new();
        while received.recv_many(&mut told, 100).await > 0 {}
        let checks = |record: &Record| record.diagnosis.as_ref().expect("a diagnosis").checks.clone();
        let waiting = checks(&told[0]).into_iter().filter(Check::waits).count();
        assert!(waiting > 1, "the plan stands before the first answer: {:?}", checks(&told[0]));
        record = told.pop().expect("the last");
        assert_eq!((first(&record), checks(&record).len()), (("bucket-wrong-region", Confidence::Certain), 1));
        let was = record.diagnosis.as_ref().and_then(|diagnosis| diagnosis.was.clone()).expect("the former verdict");
        assert_eq!((was.cause.as_str(), was.confidence), ("bucket-not-found", Confidence::Likely));
    }
}
