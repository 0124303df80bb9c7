//! What a response is taken for: HEAD and its GET twin, Codes, bodies, other servers.

use std::io::Write;
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use cosdiag::domain::dialect::Dialect;
use cosdiag::domain::record::{AnsweredBy, CodeFrom, Exception, Outcome, Record};
use cosdiag::domain::record_remark::RecordRemark;
use flate2::Compression;
use flate2::write::GzEncoder;

use super::{code, fixed, profile, respond, send, serve};

async fn answer_of(answer: impl Fn(&str, &mut TcpStream) + Send + Sync + 'static, what: &str) -> Arc<Record> {
    let target = if what.contains("object") { "photos-1250000000/k" } else { "photos-1250000000" };
    send(&profile(Dialect::Cos, fixed(serve(answer), 5.0)), what, target).await
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
async fn many_headers_are_read_as_few_are() {
    for (count, is_read) in [(90, true), (600, true), (1100, false)] {
        let more = (0..count).map(|at| format!("x-cos-meta-{at}: v\r\n")).collect::<Vec<_>>().concat();
        let answer = move |_: &str, stream: &mut TcpStream| {
            respond(stream, "404 Not Found", &format!("x-cos-request-id: i\r\n{more}"), b"");
        };
        let record = answer_of(answer, "get-object").await;
        assert_eq!(record.attempts.len(), 1, "{count}");
        let kept = record.headers.as_ref().map_or(0, Vec::len);
        assert_eq!((record.status_code == Some(404), kept > count), (is_read, is_read), "{count}");
        assert_eq!(code(&record) == "HPE_HEADER_OVERFLOW", !is_read, "{count}");
    }
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
async fn a_packed_body_is_read_and_a_broken_one_shown_as_it_came() {
    let mut writer = GzEncoder::new(Vec::new(), Compression::default());
    writer.write_all(b"<Error><Code>NoSuchKey</Code><Message>m</Message></Error>").expect("packed");
    let packed = writer.finish().expect("packed");
    let headers = "x-cos-request-id: i\r\ncontent-encoding: gzip\r\n";
    let record = answer_of(move |_, stream| respond(stream, "404 Not Found", headers, &packed), "get-bucket").await;
    assert_eq!((record.status_code, code(&record)), (Some(404), "NoSuchKey"));
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
    assert!(record.remarks.contains(&RecordRemark::HeadersCut), "{:?}", record.remarks);
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
