//! The engine against a server that misbehaves, byte by byte.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use cosdiag::domain::check::{CheckKind, CheckOutcome};
use cosdiag::domain::credentials::Credentials;
use cosdiag::domain::dialect::Dialect;
use cosdiag::domain::endpoint::Endpoint;
use cosdiag::domain::operation::operation;
use cosdiag::domain::probe::{Probe, RequestOptions};
use cosdiag::domain::profile::{Connection, DnsMode, Profile, Proxies, Timeouts};
use cosdiag::domain::record::{AnsweredBy, CodeFrom, Exception, Outcome, Record};
use cosdiag::domain::target::Target;
use cosdiag::engine::{self, Client, Options};
use cosdiag::sandbox::{Sandbox, scenario};
use tokio_util::sync::CancellationToken;

/// Serves each connection with `answer`, which gets the request's head and the connection.
fn serve(answer: impl Fn(&str, &mut TcpStream) + Send + Sync + 'static) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    let answer = Arc::new(answer);
    thread::spawn(move || {
        for stream in listener.incoming() {
            let Ok(mut stream) = stream else { continue };
            let answer = Arc::clone(&answer);
            thread::spawn(move || {
                while let Some(head) = head(&mut stream) {
                    answer(&head, &mut stream);
                }
            });
        }
    });
    address
}

fn head(stream: &mut TcpStream) -> Option<String> {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") {
        if stream.read(&mut byte).ok()? == 0 {
            return None;
        }
        head.push(byte[0]);
    }
    String::from_utf8(head).ok()
}

fn respond(stream: &mut TcpStream, status: &str, headers: &str, body: &[u8]) {
    let head = format!("HTTP/1.1 {status}\r\n{headers}content-length: {}\r\n\r\n", body.len());
    let _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(body));
}

fn profile(dialect: Dialect, connection: Connection) -> Profile {
    Profile {
        name: "test".to_owned(),
        dialect,
        region: Some("ap-guangzhou".to_owned()),
        endpoint: Endpoint::of(Dialect::Cos, "http"),
        credentials: Some(Arc::new(Credentials::new(
            "AKIDTESTTESTTEST0000",
            "FAKEsecretFAKEsecretFAKEsecret00",
            "test",
        ))),
        anonymous: false,
        connection,
        bucket: None,
        buckets: Arc::default(),
    }
}

fn fixed(address: SocketAddr, seconds: f64) -> Connection {
    Connection {
        dns: DnsMode::Fixed(address),
        timeouts: Timeouts::within(Duration::from_secs_f64(seconds)),
        ..Connection::default()
    }
}

async fn send(profile: &Profile, what: &str, target: &str) -> Arc<Record> {
    let target = Target::parse(target).expect("a target");
    let mut probe = Probe::of(operation(what).expect("an operation"), &target, profile, &RequestOptions::default())
        .expect("a probe");
    probe.id = 1;
    let client = Client::new(&profile.connection).expect("a client");
    let mut received = engine::run(&client, vec![probe], Options::default(), &CancellationToken::new());
    received.recv().await.expect("a record")
}

async fn answer_of(answer: impl Fn(&str, &mut TcpStream) + Send + Sync + 'static, what: &str) -> Arc<Record> {
    let target = if what.contains("object") { "photos-1250000000/k" } else { "photos-1250000000" };
    send(&profile(Dialect::Cos, fixed(serve(answer), 5.0)), what, target).await
}

fn code(record: &Record) -> &str {
    record.error.code.as_deref().unwrap_or("-")
}

#[tokio::test]
async fn a_head_failure_gets_its_get_twin_and_keeps_both_ids() {
    let record = answer_of(
        |head, stream| {
            if head.starts_with("HEAD") {
                // A length without a body, as several servers send it: never wait for it.
                respond(stream, "404 Not Found", "x-cos-request-id: head-id\r\n", b"");
            } else {
                assert!(head.contains("range: bytes=0-0"), "{head}");
                let body = b"<Error><Code>NoSuchKey</Code><Message>m</Message><RequestId>get-id</RequestId></Error>";
                respond(stream, "404 Not Found", "x-cos-request-id: get-id\r\n", body);
            }
        },
        "head-object",
    )
    .await;
    assert_eq!((code(&record), record.code_from), ("NoSuchKey", CodeFrom::GetTwin));
    assert_eq!(record.copied_id(), Some("head-id"));
    assert_eq!(record.error.request_id.as_deref(), Some("head-id"));
    let ids: Vec<_> = record.attempts.iter().map(|attempt| attempt.request_id.as_deref()).collect();
    assert_eq!(ids, [Some("head-id"), Some("get-id")]);
    assert!(record.twin.as_ref().is_some_and(|twin| !twin.differs));
}

#[tokio::test]
async fn an_announced_length_on_head_is_not_waited_for() {
    let record = answer_of(
        |head, stream| {
            let _ = stream.write_all(b"HTTP/1.1 403 Forbidden\r\nx-cos-request-id: i\r\ncontent-length: 240\r\n\r\n");
            if head.starts_with("GET") {
                let _ = stream.write_all(format!("{:<240}", "<Error><Code>AccessDenied</Code></Error>").as_bytes());
            }
        },
        "head-bucket",
    )
    .await;
    assert_eq!((record.status_code, code(&record)), (Some(403), "AccessDenied"));
}

#[tokio::test]
async fn an_error_inside_a_200_is_a_failure_unless_it_is_the_objects_own_bytes() {
    let body = b"<Error><Code>InternalError</Code><Message>late</Message></Error>";
    let answer = |_: &str, stream: &mut TcpStream| respond(stream, "200 OK", "x-cos-request-id: i\r\n", body);
    let list = answer_of(answer, "get-bucket").await;
    assert_eq!(
        (list.outcome, list.exception, code(&list)),
        (Outcome::Failure, Some(Exception::Server), "InternalError")
    );
    let object = answer_of(answer, "get-object").await;
    assert_eq!((object.outcome, object.body.as_deref()), (Outcome::Success, None));
}

#[tokio::test]
async fn codes_are_found_in_headers_and_in_json() {
    let header = answer_of(
        |_, stream| {
            respond(
                stream,
                "403 Forbidden",
                "x-cos-request-id: i\r\nx-cos-error-code: AccessDenied\r\nx-cos-error-message: no\r\n",
                b"<html><title>403</title></html>",
            );
        },
        "get-bucket",
    )
    .await;
    assert_eq!(
        (code(&header), header.code_from, header.error.message.as_deref()),
        ("AccessDenied", CodeFrom::Header, Some("no"))
    );
    let json = answer_of(
        |_, stream| {
            respond(
                stream,
                "404 Not Found",
                "",
                br#"{"code":-197,"message":"ERROR_CMD_FILE_NOTEXIST","request_id":"NjY"}"#,
            );
        },
        "get-bucket",
    )
    .await;
    assert_eq!((code(&json), json.copied_id(), json.answered_by), ("-197", Some("NjY"), AnsweredBy::Store));
}

#[tokio::test]
async fn silence_and_half_answers_have_their_names() {
    let silent = serve(|_, _| thread::sleep(Duration::from_secs(30)));
    let record = send(&profile(Dialect::Cos, fixed(silent, 0.4)), "get-bucket", "photos-1250000000").await;
    assert_eq!((code(&record), record.status_code, record.copied_id()), ("ETIMEDOUT", None, None));
    assert!(record.error.message.as_deref().is_some_and(|text| text.contains("no response within 0.4 s")));

    let half = serve(|_, stream| {
        let _ = stream.write_all(
            b"HTTP/1.1 403 Forbidden\r\nx-cos-request-id: kept\r\ncontent-length: 500\r\n\r\n<Error><Code>Acc",
        );
        thread::sleep(Duration::from_secs(30));
    });
    let record = send(&profile(Dialect::Cos, fixed(half, 0.4)), "get-bucket", "photos-1250000000").await;
    assert_eq!(
        (code(&record), record.status_code, record.copied_id()),
        ("ERR_BODY_TRUNCATED", Some(403), Some("kept"))
    );

    let closing = serve(|_, stream| drop(stream.shutdown(std::net::Shutdown::Both)));
    let record = send(&profile(Dialect::Cos, fixed(closing, 2.0)), "get-bucket", "photos-1250000000").await;
    assert_eq!((code(&record), record.exception), ("ECONNRESET", Some(Exception::Client)));

    let nobody = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a free port");
    let record = send(&profile(Dialect::Cos, fixed(nobody, 2.0)), "get-bucket", "photos-1250000000").await;
    assert_eq!(code(&record), "ECONNREFUSED");
    assert!(
        record.error.message.as_deref().is_some_and(|text| text.contains(&nobody.to_string())),
        "{:?}",
        record.error.message
    );
}

#[tokio::test]
async fn a_huge_body_is_counted_and_its_beginning_kept() {
    let record = answer_of(
        |_, stream| {
            respond(
                stream,
                "403 Forbidden",
                "x-cos-request-id: i\r\n",
                format!("<Error><Code>AccessDenied</Code><Message>{}", "x".repeat(5 << 20)).as_bytes(),
            );
        },
        "get-bucket",
    )
    .await;
    assert_eq!((code(&record), record.body_truncated), ("AccessDenied", true));
    assert_eq!(record.body.as_ref().map(String::len), Some(64 * 1024));
}

#[tokio::test]
async fn compressed_bytes_are_shown_as_they_came() {
    let record = answer_of(
        |head, stream| {
            assert!(!head.to_ascii_lowercase().contains("accept-encoding"), "{head}");
            respond(
                stream,
                "403 Forbidden",
                "x-cos-request-id: i\r\ncontent-encoding: gzip\r\n",
                b"\x1f\x8b\x08\0\0\0",
            );
        },
        "get-bucket",
    )
    .await;
    assert_eq!((record.status_code, code(&record)), (Some(403), "-"));
}

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
async fn a_proxy_that_says_no_is_named() {
    let refusing = serve(|head, stream| {
        assert!(head.starts_with("CONNECT "), "{head}");
        respond(stream, "403 Forbidden", "", b"");
    });
    let connection = Connection { proxies: Proxies::all(format!("http://{refusing}")), ..Connection::default() };
    let mut by_proxy = profile(Dialect::Cos, connection);
    by_proxy.endpoint = Endpoint::of(Dialect::Cos, "https");
    let record = send(&by_proxy, "get-bucket", "photos-1250000000").await;
    assert_eq!((code(&record), record.no_id_words()), ("EPROXY", "never reached the store"));
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
async fn s3_servers_without_ids_are_believed_and_pages_are_not() {
    let answers = [
        (
            "403 Forbidden",
            "content-type: application/xml\r\n",
            "<Error><Code>SignatureDoesNotMatch</Code></Error>",
            AnsweredBy::Store,
            "SignatureDoesNotMatch",
        ),
        ("200 OK", "content-type: application/xml\r\n", "<ListBucketResult/>", AnsweredBy::Store, "-"),
        ("200 OK", "content-type: text/html\r\n", "<!doctype html><title>Welcome</title>", AnsweredBy::Other, "-"),
        ("500 Oops", "content-type: text/html\r\n", "<!doctype html><title>500</title>", AnsweredBy::Other, "-"),
    ];
    for (status, headers, body, by, wanted) in answers {
        let address = serve(move |_, stream| respond(stream, status, headers, body.as_bytes()));
        let record = send(&profile(Dialect::S3, fixed(address, 2.0)), "get-bucket", "data").await;
        assert_eq!((record.answered_by, code(&record)), (by, wanted), "{status} {body}");
        assert_eq!(record.outcome == Outcome::Success, status == "200 OK" && by == AnsweredBy::Store, "{body}");
    }
}

#[tokio::test]
async fn what_only_looks_like_the_store_is_not_believed() {
    let answers = [
        ("200 OK", "content-type: application/json\r\n", r#"{"code":401,"message":"please log in"}"#),
        ("403 Forbidden", "x-amz-cf-id: abc\r\nserver: CloudFront\r\n", "<html><title>Blocked</title></html>"),
        ("403 Forbidden", "x-oss-request-id: 636B68BA3030303030303030\r\nserver: AliyunOSS\r\n", ""),
        ("404 Not Found", "x-oss-request-id: 6\r\n", "<Error><Code>NoSuchKey</Code></Error>"),
        ("404 Not Found", "", "<Error><Code>NoSuchKey</Code><HostId>img.example.com</HostId></Error>"),
    ];
    for (status, headers, body) in answers {
        let record = answer_of(move |_, stream| respond(stream, status, headers, body.as_bytes()), "get-bucket").await;
        assert_eq!((record.outcome, record.answered_by), (Outcome::Failure, AnsweredBy::Other), "{status} {body}");
        assert_eq!((record.copied_id(), record.no_id_words()), (None, "never reached the store"));
    }
}

#[tokio::test]
async fn a_large_object_is_looked_at_and_let_go() {
    let large = serve(|_, stream| {
        let head = "HTTP/1.1 200 OK\r\nx-cos-request-id: i\r\ncontent-length: 1000000000\r\n\r\n";
        let _ = stream.write_all(head.as_bytes());
        let chunk = vec![b'x'; 1 << 16];
        while stream.write_all(&chunk).is_ok() {}
    });
    let record = send(&profile(Dialect::Cos, fixed(large, 5.0)), "get-object", "photos-1250000000/k").await;
    assert_eq!((record.outcome, record.body.as_deref()), (Outcome::Success, None));
    assert!(record.body_bytes >= 64 * 1024 && record.timing.total_ms < 4000.0, "{record:?}");
}

#[tokio::test]
async fn an_empty_objects_416_is_no_failure() {
    let empty = "x-cos-request-id: i\r\ncontent-range: bytes */0\r\n";
    let record = answer_of(move |_, stream| respond(stream, "416 Range", empty, b""), "get-object").await;
    assert_eq!(record.outcome, Outcome::Success);
    let other = "x-cos-request-id: i\r\ncontent-range: bytes */9\r\n";
    let record = answer_of(move |_, stream| respond(stream, "416 Range", other, b""), "get-object").await;
    assert_eq!(record.outcome, Outcome::Failure);
}

#[tokio::test]
async fn many_headers_do_not_hide_the_id() {
    let many: String =
        (0..400).map(|i| format!("x-cos-meta-{i}: {}\r\n", "v".repeat(400))).collect::<Vec<_>>().concat();
    let headers = format!("{many}x-cos-request-id: the-id\r\n");
    let record = answer_of(move |_, stream| respond(stream, "403 Forbidden", &headers, b""), "get-bucket").await;
    assert_eq!((record.status_code, record.copied_id()), (Some(403), Some("the-id")));
    assert!(record.remarks.iter().any(|remark| remark.contains("left out")), "{:?}", record.remarks);
}

#[tokio::test]
async fn utf_16_is_read() {
    let xml = "<Error><Code>AccessDenied</Code></Error>";
    let body: Vec<u8> = [0xFF, 0xFE].into_iter().chain(xml.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    let record =
        answer_of(move |_, stream| respond(stream, "403 Forbidden", "x-cos-request-id: i\r\n", &body), "get-bucket")
            .await;
    assert_eq!(code(&record), "AccessDenied");
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

/// Serves one answer on each connection and closes it on the next request, without a word before.
fn serve_once_each(answer: impl Fn(&str, &mut TcpStream) + Send + Sync + 'static) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    let answer = Arc::new(answer);
    thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let answer = Arc::clone(&answer);
            thread::spawn(move || {
                if let Some(first) = head(&mut stream) {
                    answer(&first, &mut stream);
                    let _ = head(&mut stream);
                }
            });
        }
    });
    address
}

async fn send_all(connection: Connection, what: &str, times: usize, concurrency: usize) -> Vec<Arc<Record>> {
    let profile = profile(Dialect::Cos, connection);
    let target = Target::parse("photos-1250000000/k").expect("a target");
    let probe = Probe::of(operation(what).expect("an operation"), &target, &profile, &RequestOptions::default());
    let client = Client::new(&profile.connection).expect("a client");
    let options = Options { concurrency, ..Options::default() };
    let probes = vec![probe.expect("a probe"); times];
    let mut received = engine::run(&client, probes, options, &CancellationToken::new());
    let mut records = Vec::new();
    while let Some(record) = received.recv().await {
        records.push(record);
    }
    records
}

fn exceptions(record: &Record) -> Vec<Option<&str>> {
    record.attempts.iter().map(|attempt| attempt.exception.as_deref()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_idle_connection_that_was_closed_is_no_failure_of_the_store() {
    let denied = b"<Error><Code>AccessDenied</Code></Error>";
    let answer = |head: &str, stream: &mut TcpStream| {
        let body: &[u8] = if head.starts_with("HEAD") { b"" } else { denied };
        respond(stream, "403 Forbidden", "x-cos-request-id: i\r\n", body);
    };
    for concurrency in [1, 4] {
        let records = send_all(fixed(serve_once_each(answer), 5.0), "get-object", 60, concurrency).await;
        let codes: Vec<_> = records.iter().map(|record| code(record)).collect();
        assert_eq!(codes, ["AccessDenied"; 60]);
        // The attempt that the connection cost is told, and the one that counts had a new connection.
        let again: Vec<_> = records.iter().filter(|record| record.attempts.len() > 1).collect();
        assert!(!again.is_empty());
        assert!(again.iter().all(|record| exceptions(record) == [Some("ECONNRESET"), None] && !record.timing.reused));
    }
    // The twin of a HEAD goes out on the connection that the HEAD came back on.
    let record = send_all(fixed(serve_once_each(answer), 5.0), "head-object", 1, 1).await.remove(0);
    assert_eq!((code(&record), record.code_from), ("AccessDenied", CodeFrom::GetTwin));
    assert_eq!(exceptions(&record), [Some("ECONNRESET"), None, None]);
}

#[tokio::test]
async fn a_new_connection_that_is_reset_is_a_failure_and_sent_once() {
    let seen = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&seen);
    let closing = serve(move |_, stream| {
        count.fetch_add(1, Ordering::SeqCst);
        drop(stream.shutdown(std::net::Shutdown::Both));
    });
    let records = send_all(fixed(closing, 5.0), "get-object", 3, 1).await;
    assert_eq!(records.iter().map(|record| code(record)).collect::<Vec<_>>(), ["ECONNRESET"; 3]);
    assert!(records.iter().all(|record| record.attempts.len() == 1));
    assert_eq!(seen.load(Ordering::SeqCst), 3);
}

#[tokio::test]
async fn a_write_has_a_connection_of_its_own_and_is_sent_once() {
    let seen = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&seen);
    let address = serve_once_each(move |_, stream| {
        count.fetch_add(1, Ordering::SeqCst);
        respond(stream, "200 OK", "x-cos-request-id: i\r\n", b"");
    });
    let records = send_all(fixed(address, 5.0), "put-object", 3, 1).await;
    assert_eq!(records.iter().map(|record| code(record)).collect::<Vec<_>>(), ["-"; 3]);
    assert!(records.iter().all(|record| record.attempts.len() == 1 && !record.timing.reused));
    assert_eq!(seen.load(Ordering::SeqCst), 3);
}

#[tokio::test]
async fn nothing_is_signed_for_another_day() {
    let (seen, signed) = std::sync::mpsc::channel();
    let address = serve(move |head, stream| {
        let start = head.split("q-sign-time=").nth(1).and_then(|rest| rest.split(';').next()?.parse::<i64>().ok());
        let _ = seen.send(start);
        let date = "x-cos-request-id: i\r\ndate: Thu, 01 Jan 2015 00:00:00 GMT\r\n";
        respond(
            stream,
            "403 Forbidden",
            date,
            b"<Error><Code>AccessDenied</Code><Message>Request has expired</Message></Error>",
        );
    });
    let profile = profile(Dialect::Cos, fixed(address, 5.0));
    let target = Target::parse("photos-1250000000").expect("a target");
    let probe =
        Probe::of(operation("get-bucket").expect("an operation"), &target, &profile, &RequestOptions::default());
    let client = Client::new(&profile.connection).expect("a client");
    let options = Options { diagnose: true, ..Options::default() };
    let probes = vec![probe.expect("a probe")];
    let record = engine::run(&client, probes, options, &CancellationToken::new()).recv().await.expect("a record");
    let checks = record.diagnosis.as_ref().map(|diagnosis| diagnosis.checks.clone()).unwrap_or_default();
    let check = checks.iter().find(|check| check.kind == CheckKind::ClockCorrected).expect("the check");
    assert_eq!(check.outcome, CheckOutcome::OtherDay);
    let now = jiff::Timestamp::now().as_second();
    assert!(signed.try_iter().flatten().all(|start| (start - now).abs() < 86_400));
}

/// A status says nothing of whether the store did what was asked: the document has to be the one for it.
#[tokio::test(flavor = "multi_thread")]
async fn a_2xx_counts_with_the_document_that_was_asked_for() {
    use Dialect::{Cos, S3};
    use Outcome::{Failure, NotConfigured, NotSupported, Success};
    let list = |name: &str| {
        format!(
            "<ListBucketResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><Name>{name}</Name></ListBucketResult>"
        )
    };
    let (own, other) = (list("photos-1250000000"), list("other-1250000000"));
    let account = "<ListAllMyBucketsResult><Buckets></Buckets></ListAllMyBucketsResult>".to_owned();
    let text = |text: &str| text.to_owned();
    let cases = [
        ("get-bucket", Cos, own.clone(), Success),
        ("get-bucket", S3, other.clone(), Failure),
        ("get-bucket", S3, account.clone(), Failure),
        ("get-bucket", Cos, text(""), Failure),
        ("get-bucket-encryption", S3, own.clone(), NotSupported),
        ("get-bucket-encryption", Cos, own.clone(), Failure),
        ("get-bucket-encryption", S3, other.clone(), Failure),
        ("get-bucket-encryption", S3, account.clone(), Failure),
        ("get-bucket-encryption", S3, text("<ServerSideEncryptionConfiguration/>"), Success),
        ("get-bucket-acl", S3, own.clone(), NotSupported),
        (
            "get-bucket-versioning",
            S3,
            text("<GetBucketVersioningResponse><Status/></GetBucketVersioningResponse>"),
            Success,
        ),
        ("get-bucket-versioning", S3, text("<GetBucketLoggingResponse></GetBucketLoggingResponse>"), Failure),
        ("get-bucket-policy", S3, text("{\"Statement\": []}"), Success),
        ("get-bucket-policy", S3, own.clone(), NotSupported),
        ("get-bucket-cors", S3, text(""), NotConfigured),
        ("get-object-acl", S3, text("the object's own bytes"), NotSupported),
        ("get-object", S3, text("<Error><Code>mine</Code></Error>"), Success),
        ("get-object", Cos, own.clone(), Failure),
    ];
    for (name, dialect, body, wanted) in cases {
        let served = body.clone();
        let address = serve(move |_, stream| {
            let id = "x-cos-request-id: NmIwM2ZlY2FfMWViNTAzMDlfMWE0Ml9jNDdiMQ==\r\nx-amz-request-id: tx1\r\n";
            respond(stream, "200 OK", id, served.as_bytes());
        });
        let mut profile = profile(dialect, Connection::default());
        profile.endpoint = Endpoint::parse(&format!("http://{address}")).expect("an endpoint");
        let target = if name.contains("object") { "photos-1250000000/k" } else { "photos-1250000000" };
        let record = send(&profile, name, target).await;
        assert_eq!(record.outcome, wanted, "{name} {dialect:?} {body}: {:?}", record.remarks);
        assert_eq!(record.diagnosis.is_some(), wanted == Failure, "{name} {body}");
        assert_eq!(record.remarks.is_empty(), matches!(wanted, Success | NotConfigured), "{name} {body}");
    }
}

/// A server that knows no bucket hosts answers HEAD for the whole account, too: the GET says so.
#[tokio::test(flavor = "multi_thread")]
async fn a_200_to_the_head_of_a_bucket_is_held_against_its_get() {
    let account = "<ListAllMyBucketsResult><Buckets></Buckets></ListAllMyBucketsResult>";
    let own = "<ListBucketResult><Name>photos-1250000000</Name></ListBucketResult>";
    for (body, header, wanted) in [
        (account, "", Outcome::Failure),
        (own, "", Outcome::Success),
        // The header says that a bucket answered: nothing more is asked.
        (account, "x-amz-bucket-region: r\r\n", Outcome::Success),
    ] {
        let address = serve(move |head, stream| {
            let headers = format!("x-amz-request-id: tx1\r\n{header}");
            let body = if head.starts_with("HEAD") { "" } else { body };
            respond(stream, "200 OK", &headers, body.as_bytes());
        });
        let mut profile = profile(Dialect::S3, fixed(address, 5.0));
        profile.endpoint = Endpoint::parse("http://{bucket}.s3.test").expect("an endpoint");
        let record = send(&profile, "head-bucket", "photos-1250000000").await;
        assert_eq!(record.outcome, wanted, "{body} {header}");
        let cause = record.diagnosis.as_ref().map(|diagnosis| diagnosis.verdicts[0].cause.as_str());
        assert_eq!(cause, (wanted == Outcome::Failure).then_some("bucket-not-found"));
    }
}

/// A proxy that hides the store's headers is not the store, and what the store wrote is the store's all the same.
#[tokio::test(flavor = "multi_thread")]
async fn what_only_the_store_writes_is_the_stores_without_its_headers() {
    let list = "<ListBucketResult><Name>photos-1250000000</Name></ListBucketResult>";
    let no_key = "<Error><Code>NoSuchKey</Code><Message>m</Message><RequestId>NmIwM2ZlY2FfMWViNTAzMDlfMWE0Ml9jNDdiMQ==</RequestId></Error>";
    let empty = "<Error><Code>InvalidRange</Code><Message></Message><RequestId>tx1</RequestId></Error>";
    let sized = "<Error><Code>InvalidRange</Code><ActualObjectSize>11</ActualObjectSize></Error>";
    for (name, dialect, status, body, wanted) in [
        ("get-bucket", Dialect::Cos, "200 OK", list, "success -"),
        ("get-bucket", Dialect::Cos, "200 OK", "<html><title>Log in</title></html>", "failure not-the-store"),
        ("head-object", Dialect::Cos, "404 Not Found", no_key, "failure object-not-found"),
        ("head-object", Dialect::Cos, "404 Not Found", "<html></html>", "failure not-the-store"),
        ("get-object", Dialect::S3, "416 Range Not Satisfiable", empty, "success -"),
        ("get-object", Dialect::S3, "416 Range Not Satisfiable", sized, "failure range-invalid"),
        ("get-bucket-website", Dialect::S3, "405 M", "<Error><Code>MethodNotAllowed</Code></Error>", "not-supported -"),
        (
            "get-bucket-website",
            Dialect::Cos,
            "405 M",
            "<Error><Code>MethodNotAllowed</Code></Error>",
            "failure method-not-allowed",
        ),
    ] {
        let address = serve(move |head, stream| {
            let body = if head.starts_with("HEAD") { "" } else { body };
            respond(stream, status, "server: nginx\r\n", body.as_bytes());
        });
        let target = if name.contains("object") { "photos-1250000000/k" } else { "photos-1250000000" };
        let record = send(&profile(dialect, fixed(address, 5.0)), name, target).await;
        let cause = record.diagnosis.as_ref().map_or("-", |diagnosis| diagnosis.verdicts[0].cause.as_str());
        let outcome = serde_json::to_value(record.outcome).expect("a word");
        assert_eq!(format!("{} {cause}", outcome.as_str().expect("a word")), wanted, "{name} {status} {body}");
    }
}
