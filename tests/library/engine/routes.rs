//! Where a request goes: addresses, proxies, concurrency, keys that no URL holds.

use std::net::{Shutdown, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use cosdiag::diagnosis::rules::diagnose;
use cosdiag::domain::cause::Cause;
use cosdiag::domain::credentials::Credentials;
use cosdiag::domain::dialect::Dialect;
use cosdiag::domain::endpoint::Endpoint;
use cosdiag::domain::operation::operation;
use cosdiag::domain::probe::{Probe, RequestOptions};
use cosdiag::domain::profile::{Connection, Proxies};
use cosdiag::domain::record::{CodeFrom, Exception, Record};
use cosdiag::domain::target::Target;
use cosdiag::domain::verdict::Confidence;
use cosdiag::engine::{self, Client, Options};
use cosdiag::sandbox::{Sandbox, scenario};
use tokio_util::sync::CancellationToken;

use super::{code, fixed, profile, respond, send, serve};

/// The request line and Host that a target goes out with, and the record of it.
async fn line_of(dialect: Dialect, endpoint: &str, target: &str) -> (String, Arc<Record>) {
    let (seen, lines) = std::sync::mpsc::channel();
    let address = serve(move |head, stream| {
        let host = head.lines().find_map(|line| line.strip_prefix("host: ")).unwrap_or_default();
        let line = head.lines().next().unwrap_or_default().trim_end_matches(" HTTP/1.1");
        let _ = seen.send(format!("{line} {host}"));
        let body = b"<Error><Code>NoSuchKey</Code></Error>";
        respond(stream, "404 Not Found", "x-cos-request-id: i\r\nx-amz-request-id: i\r\n", body);
    });
    let mut profile = profile(dialect, fixed(address, 5.0));
    profile.endpoint = Endpoint::parse(endpoint).expect("an endpoint");
    let target = Target::parse(target).expect("a target");
    let mut asked = cosdiag::domain::plan::ProbeSelection::default();
    if matches!(target, Target::Bucket { .. }) {
        asked.operations.push(operation("get-object").expect("an operation"));
    }
    let probes = cosdiag::domain::plan::plan(&target, &asked, &profile, &RequestOptions::default(), 1).expect("a plan");
    let client = Client::new(&profile.connection).expect("a client");
    let record = engine::run(&client, probes, Options::default(), &CancellationToken::new()).recv().await;
    (lines.recv().expect("a request"), record.expect("a record"))
}

const IN_HOST: &str = "http://{bucket}.s3.test";

const IN_PATH: &str = "http://s3.test";

#[tokio::test]
async fn host_and_signature_stay_whatever_is_connected_to() {
    let address = serve(|head, stream| {
        let host = head.lines().find_map(|line| line.strip_prefix("host: ")).unwrap_or_default();
        respond(stream, "403 Forbidden", &format!("x-cos-request-id: i\r\nx-seen-host: {host}\r\n"), b"");
    });
    let mut with_port = profile(Dialect::Cos, fixed(address, 2.0));
    with_port.endpoint = Endpoint::parse("http://{bucket}.cos.{region}.myqcloud.com:8080").expect("an endpoint");
    for (profile, host) in [
        (profile(Dialect::Cos, fixed(address, 2.0)), "photos-1250000000.cos.ap-guangzhou.myqcloud.com"),
        (with_port, "photos-1250000000.cos.ap-guangzhou.myqcloud.com:8080"),
    ] {
        let record = send(&profile, "get-bucket", "photos-1250000000").await;
        let seen =
            record.headers.iter().flatten().find(|(name, _)| name == "x-seen-host").map(|(_, value)| value.as_str());
        assert_eq!(seen, Some(host));
        let signed = record.request.canonical_request.as_deref().expect("signed");
        assert!(signed.contains(&format!("host={}", host.replace(':', "%3A"))), "{signed}");
        assert_eq!(record.remote, Some(address.to_string()));
    }
}

#[tokio::test]
async fn a_proxy_that_says_no_is_named_with_its_reason() {
    let refusing = serve(|head, stream| {
        assert!(head.starts_with("CONNECT photos-1250000000.cos.ap-guangzhou.myqcloud.com:443 "), "{head}");
        let login = "\r\nproxy-authorization: basic zmfrzxvzzxi6zmfrzxbhc3m=\r\n";
        assert!(head.to_ascii_lowercase().contains(login), "{head}");
        let page = b"<html><title>No way for fakepass</title></html>";
        respond(stream, "403 Forbidden", "X-Squid-Error: ERR_ACCESS_DENIED 0\r\n", page);
    });
    let url = format!("http://fakeuser:fakepass@{refusing}");
    let connection = Connection { proxies: Proxies::all(url, "--proxy"), ..Connection::default() };
    let mut by_proxy = profile(Dialect::Cos, connection);
    by_proxy.endpoint = Endpoint::of(Dialect::Cos, "https");
    let record = send(&by_proxy, "get-bucket", "photos-1250000000").await;
    assert_eq!((code(&record), record.no_id_words()), ("EPROXY", "never reached the store"));
    let said = format!(
        "no connection through the proxy http://{refusing} (--proxy): CONNECT was answered with 403 Forbidden, \
         X-Squid-Error ERR_ACCESS_DENIED 0, \"No way for [redacted]\""
    );
    assert_eq!(record.error.message.as_deref(), Some(said.as_str()));
    assert_eq!(record.via.proxy, Some(format!("http://{refusing}")));
}

#[tokio::test]
async fn a_proxy_that_is_not_there_or_asks_for_a_login_is_told_from_the_way_behind_it() {
    let dead = std::net::TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a port");
    let asking = serve(|_, stream| respond(stream, "407 Proxy Authentication Required", "", b""));
    let closing = serve(|_, stream| drop(stream.shutdown(Shutdown::Both)));
    let failures = ["proxy-not-reached", "proxy-login", "no-tunnel"];
    for (address, (failure, sure)) in
        [dead, asking, closing].into_iter().zip(failures.into_iter().zip([true, true, false]))
    {
        let proxies = Proxies::all(format!("http://{address}"), "--proxy");
        let mut by_proxy = profile(Dialect::Cos, Connection { proxies, ..Connection::default() });
        by_proxy.endpoint = Endpoint::of(Dialect::Cos, "https");
        let record = send(&by_proxy, "get-bucket", "photos-1250000000").await;
        let said = record.client_failure.as_ref().map(<&str>::from);
        assert_eq!((code(&record), said), ("EPROXY", Some(failure)), "{:?}", record.error.message);
        let first = &diagnose(&record).expect("a diagnosis").verdicts[0];
        assert_eq!((first.cause, first.confidence == Confidence::Certain), (Cause::ProxyFailed, sure), "{failure}");
    }
}

#[tokio::test]
async fn a_key_that_no_header_can_carry_is_an_outcome_too() {
    let address = serve(|_, stream| respond(stream, "200 OK", "", b""));
    let mut odd = profile(Dialect::Cos, fixed(address, 2.0));
    odd.credentials = Some(Arc::new(Credentials::new("AKIDTEST\nTESTTEST0000", "FAKEsecretFAKEsecret", "test")));
    let record = send(&odd, "get-bucket", "photos-1250000000").await;
    assert_eq!((code(&record), record.exception), ("ERR_INVALID_CHAR", Some(Exception::Client)));
}

#[tokio::test(flavor = "multi_thread")]
async fn phases_are_told_and_a_reused_connection_has_none() {
    let sandbox = Sandbox::start(SocketAddr::from(([127, 0, 0, 1], 0))).await.expect("a sandbox");
    let profile = scenario::profiles(&sandbox).remove(0);
    let client = Client::new(&profile.connection).expect("a client");
    let target = Target::parse("photos-1250000000").expect("a target");
    let probe =
        Probe::of(operation("get-bucket").expect("an operation"), &target, &profile, &RequestOptions::default())
            .expect("a probe");
    let one_at_a_time = Options { concurrency: 1, ..Options::default() };
    let mut received = engine::run(&client, vec![probe.clone(), probe], one_at_a_time, &CancellationToken::new());
    let (first, second) = (received.recv().await.expect("a record"), received.recv().await.expect("a record"));
    assert!(!first.timing.reused && first.timing.connect_ms.is_some() && first.timing.tls_ms.is_some());
    assert!(second.timing.reused && second.timing.connect_ms.is_none() && second.timing.tls_ms.is_none());
    for record in [first, second] {
        let timing = record.timing;
        let parts = [timing.dns_ms, timing.connect_ms, timing.tls_ms, timing.first_byte_ms];
        let sum: f64 = parts.into_iter().flatten().sum();
        assert!(timing.first_byte_ms.is_some() && sum <= timing.total_ms + 0.01, "{timing:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_with_dots_is_asked_for_over_tls_too() {
    let sandbox = Sandbox::start(SocketAddr::from(([127, 0, 0, 1], 0))).await.expect("a sandbox");
    let profile = scenario::profiles(&sandbox).remove(0);
    // There is a cat.jpg: to answer 200 would be to answer for another key.
    let record = send(&profile, "head-object", "photos-1250000000/dot/../cat.jpg").await;
    assert_eq!((code(&record), record.code_from), ("NoSuchKey", CodeFrom::GetTwin));
    assert!(record.timing.tls_ms.is_some() && record.remote.is_some() && !record.timing.reused);
}

#[tokio::test]
async fn concurrency_is_bounded_and_cancelling_stops_it() {
    let (now, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let (inside, peak) = (Arc::clone(&now), Arc::clone(&most));
    let address = serve(move |_, stream| {
        peak.fetch_max(inside.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
        thread::sleep(Duration::from_millis(20));
        inside.fetch_sub(1, Ordering::SeqCst);
        respond(stream, "403 Forbidden", "x-cos-request-id: i\r\n", b"");
    });
    let profile = profile(Dialect::Cos, fixed(address, 5.0));
    let target = Target::parse("photos-1250000000").expect("a target");
    let probe =
        Probe::of(operation("get-bucket").expect("an operation"), &target, &profile, &RequestOptions::default())
            .expect("a probe");
    let client = Client::new(&profile.connection).expect("a client");
    let cancel = CancellationToken::new();
    let options = Options { concurrency: 4, ..Options::default() };
    let mut received = engine::run(&client, vec![probe; 1000], options, &cancel);
    for _ in 0..40 {
        received.recv().await.expect("a record");
    }
    cancel.cancel();
    let mut rest = 0;
    while received.recv().await.is_some() {
        rest += 1;
    }
    assert!(rest < 20, "{rest} came after the cancellation");
    assert_eq!(most.load(Ordering::SeqCst), 4);
}

#[tokio::test]
async fn an_upper_case_bucket_is_asked_for_as_typed() {
    let address = serve(|head, stream| {
        let host = head.lines().find_map(|line| line.strip_prefix("host: ")).unwrap_or_default();
        respond(stream, "400 Bad Request", &format!("x-cos-request-id: i\r\nx-seen-host: {host}\r\n"), b"");
    });
    let record = send(&profile(Dialect::Cos, fixed(address, 2.0)), "get-bucket", "Photos-1250000000").await;
    let seen = record.headers.iter().flatten().find(|(name, _)| name == "x-seen-host").map(|(_, value)| value.as_str());
    assert_eq!(seen, Some("Photos-1250000000.cos.ap-guangzhou.myqcloud.com"));
}

#[tokio::test]
async fn a_key_with_dots_is_asked_for_as_it_is_signed() {
    for (endpoint, key, sent) in [
        (IN_HOST, "dot/../up.txt", "/dot/../up.txt"),
        (IN_HOST, "./a", "/./a"),
        (IN_HOST, "../a b", "/../a%20b"),
        (IN_HOST, "a/..", "/a/.."),
        (IN_HOST, "a//../b", "/a//../b"),
        (IN_HOST, "%2e%2e/a", "/%252e%252e/a"),
        (IN_HOST, ".../a", "/.../a"),
        (IN_PATH, "dot/../up.txt", "/data/dot/../up.txt"),
        (IN_PATH, "..", "/data/.."),
        (IN_PATH, "./", "/data/./"),
    ] {
        for dialect in [Dialect::Cos, Dialect::S3] {
            let (line, record) = line_of(dialect, endpoint, &format!("data/{key}")).await;
            assert_eq!(line.split(' ').nth(1), Some(sent), "{key}");
            assert_eq!((record.key.as_deref(), code(&record)), (Some(key), "NoSuchKey"));
            assert!(record.url.ends_with(sent), "{}", record.url);
            let signed =
                record.request.canonical_request.as_deref().and_then(|text| text.lines().nth(1)).expect("signed");
            let meant = cosdiag::domain::percent::decode(sent);
            assert_eq!(signed, if dialect == Dialect::Cos { meant.as_str() } else { sent });
            // Sent again from the record it is the same request.
            let again = Probe::replay(&record, &profile(dialect, Connection::default()), &RequestOptions::default());
            assert_eq!(again.expect("a probe").sent_url(), record.url);
        }
    }
}

#[tokio::test]
async fn a_presigned_url_goes_out_byte_for_byte() {
    const SIGNED: &str = "X-Amz-Date=20231114T221320Z&X-Amz-Expires=60&X-Amz-Signature=00";
    for given in [
        "http://data.s3.test/dot/../up.txt?@",
        "http://data.s3.test/dot/%2e%2E/up.txt?@",
        "http://data.s3.test/../up.txt?@",
        "http://Data.S3.Test/k?@",
        "http://data.s3.test//a//b/?@",
        "http://data.s3.test/a%2fb/%7Ec?@",
        "http://data.s3.test/a..%2Fb?@",
        "http://data.s3.test/a/..%2Fb/../c?@",
        "http://data.s3.test/it's(1)!*?x='q'&@",
        "http://data.s3.test/a\\b|c^d?@",
        "http://data.s3.test/k?b=1&a=2&&a=%c3%a4&@&empty=",
        "http://data.s3.test:8080/./k?@",
        "http://data.s3.test?@",
    ] {
        let given = given.replace('@', SIGNED);
        let (line, record) = line_of(Dialect::S3, IN_HOST, &given).await;
        let rest = given.trim_start_matches("http://");
        let (host, path) = rest.split_at(rest.find(['/', '?']).expect("a path"));
        let slash = if path.starts_with('/') { "" } else { "/" };
        assert_eq!(line, format!("GET {slash}{path} {host}"));
        assert_eq!(record.url, given.replace("Signature=00", "Signature=[redacted]"));
    }
}

#[test]
fn a_key_of_dots_that_no_url_can_hold_is_refused() {
    let profile = profile(Dialect::Cos, Connection::default());
    for key in [".", ".."] {
        let target = Target::parse(&format!("photos-1250000000/{key}")).expect("a target");
        let probe =
            Probe::of(operation("get-object").expect("an operation"), &target, &profile, &RequestOptions::default());
        assert!(probe.is_err_and(|error| error.to_string().contains("would name another path")), "{key}");
    }
    for url in ["https://h/..?q-signature=0", "https://h/%2e", "https://h/."] {
        assert!(Target::parse(url).is_err_and(|error| error.to_string().contains("would name another path")), "{url}");
    }
}
