//! What people paste, a small sample of each kind: the first cause, the fields, and how many rows.

use std::ops::ControlFlow;
use std::sync::Arc;

use cosdiag::diagnosis::rules::diagnose;
use cosdiag::domain::record::Record;
use cosdiag::domain::record_remark::RecordRemark;
use cosdiag::import::{self, Format, Options, Sink};
use jiff::Timestamp;
use proptest::prelude::*;

#[derive(Default)]
struct Collected(Vec<Record>);

impl Sink for Collected {
    fn records(&mut self, batch: Vec<Arc<Record>>) -> ControlFlow<()> {
        self.0.extend(batch.into_iter().map(Arc::unwrap_or_clone));
        ControlFlow::Continue(())
    }

    fn say(&mut self, _: import::ImportRemark) {}

    fn progress(&mut self, _: &str, _: u64) -> ControlFlow<()> {
        ControlFlow::Continue(())
    }
}

fn read(text: &[u8]) -> Vec<Record> {
    let finish = |record: &mut Record| record.diagnosis = diagnose(record);
    let now = Timestamp::UNIX_EPOCH;
    let options = Options { format: Some(Format::Text), successes: false, now, clean: &str::to_owned, finish: &finish };
    let mut collected = Collected::default();
    let summary = import::run_text("-", text.to_vec(), &options, &mut collected);
    assert!(summary.files.iter().all(import::Totals::is_consistent), "{:?}", summary.files);
    assert_eq!(summary.rows(), collected.0.len() as u64);
    collected.0
}

const ID: &str = "NjgzNDk2MmZfYTAxMjNlMGJfMTNlZV8x";

/// A text, then its first row as `cause status Code id`, and how many rows it gives.
const KINDS: &[(&str, &str, usize)] = &[
    // A Code and its Message, as SDKs print them.
    ("NoSuchBucket: The specified bucket does not exist.", "bucket-not-found - NoSuchBucket -", 1),
    (
        "Error loading state: AccessDenied: Access Denied\n\tstatus code: 403, request id: FA27C9DF81B43C09, host id: x",
        "permission-denied 403 AccessDenied FA27C9DF81B43C09",
        1,
    ),
    (
        r#"level=error err="put: InvalidAccessKeyId: The AWS Access Key Id you provided does not exist in our records.\n\tstatus code: 403, request id: FAKTM7ECYHXPVD1C, host id: x""#,
        "secret-id-unknown 403 InvalidAccessKeyId FAKTM7ECYHXPVD1C",
        1,
    ),
    (
        r#"level=error msg="no" error="rpc error: code = Unknown desc = PathStyleDomainForbidden: The bucket you are attempting to access must be addressed using COS virtual-styled domain.\n\tstatus code: 403, request id: NjgzNDk2MmZfYTAxMjNlMGJfMTNlZV8x, host id: ""#,
        "path-style-forbidden 403 PathStyleDomainForbidden NjgzNDk2MmZfYTAxMjNlMGJfMTNlZV8x",
        1,
    ),
    (
        "ERROR: S3 error: 403 (InvalidAccessKeyId): The AWS Access Key Id you provided does not exist in our records.",
        "secret-id-unknown 403 InvalidAccessKeyId -",
        1,
    ),
    ("AWS::S3::Errors::SlowDown: Please reduce your request rate.", "throttled - SlowDown -", 1),
    (
        "S3Exception: The bucket does not allow ACLs (Service: S3, Status Code: 400, Request ID: FATBSNMD71QBKHKP, Extended Request ID: FAKE)",
        "invalid-request 400 - FATBSNMD71QBKHKP",
        1,
    ),
    (
        "AmazonS3Exception: no. Error Code SignatureDoesNotMatch and Http Status Code Forbidden",
        "secret-key-wrong 403 SignatureDoesNotMatch -",
        1,
    ),
    (
        "$ Code: chr \"NoSuchKey\"\n$ RequestId: chr \"FA27C9DF81B43C09\"",
        "object-not-found - NoSuchKey FA27C9DF81B43C09",
        1,
    ),
    ("<ClientError><Code>BadDigest</Code><Message>x</Message></ClientError>", "integrity-mismatch - BadDigest -", 1),
    (
        "SignatureDoesNotMatchThe request signature we calculated does not match the signature you provided.",
        "secret-key-wrong - SignatureDoesNotMatch -",
        1,
    ),
    // A Message without its Code.
    ("Error: [code 404] The specified bucket does not exist.", "bucket-not-found 404 - -", 1),
    (
        "err=\"alertmanager storage: The bucket you are attempting to access must be addressed using COS virtual-styled domain\"",
        "path-style-forbidden - - -",
        1,
    ),
    (
        "Fatal: unable to open config file: Stat: The difference between the request time and the server's time is too large.",
        "clock-skew - - -",
        1,
    ),
    ("Fatal: unable to open repository: Stat: Access Denied.", "permission-denied - - -", 1),
    // No answer, and when.
    (
        "curl: (7) Failed to connect to b-1250000000.cos.ap-guangzhou.myqcloud.com port 443 after 21042 ms: Couldn't connect to server",
        "connect-timeout - ETIMEDOUT -",
        1,
    ),
    (
        "Caused by: java.net.SocketTimeoutException: Read timed out\n\tat java.net.SocketInputStream.read(S.java:1)",
        "response-timeout - ETIMEDOUT -",
        1,
    ),
    (
        "HttpStatus:-1\nGetErrorCode:\nGetErrorMsg:TimeoutException:Timeout\nGetXCosRequestId:",
        "response-timeout - ETIMEDOUT -",
        1,
    ),
    (
        "{ message: 'tunneling socket could not be established, cause=connect ECONNREFUSED ::1:80', code: 'ECONNRESET' }",
        "proxy-failed - EPROXY -",
        1,
    ),
    ("Error: getaddrinfo ENOTFOUND b-1250000000.cos.ap-guangzou.myqcloud.com", "invalid-region - ENOTFOUND -", 1),
    (
        "Error Domain=NSURLErrorDomain Code=-1003 \"x\" UserInfo={NSErrorFailingURLKey=http://b-1250000000.cos.(null).myqcloud.com/k}",
        "invalid-region - ENOTFOUND -",
        1,
    ),
    (
        "SSLError: hostname 'h.example' doesn't match either of '*.x.example', 'x.example'",
        "tls-name-mismatch - ERR_TLS_CERT_ALTNAME_INVALID -",
        1,
    ),
    // Browsers.
    (
        "Access to fetch at 'https://b.s3.amazonaws.com/k' from origin 'http://localhost:3000' has been blocked by CORS policy: no.",
        "cors-denied - - -",
        1,
    ),
    (
        "Cross-Origin Request Blocked: no reading at https://b.sfo3.digitaloceanspaces.com/k. (Reason: x). Status code: 403.",
        "cors-denied 403 - -",
        1,
    ),
    ("{error: 'CORS blocked or network error'}", "cors-denied - - -", 1),
    // Another region, another server.
    (
        "error 400 Bad Request, Authorization header malformed, unexpected scope: 20260519/x/s3/aws4_request",
        "bucket-wrong-region 400 - -",
        1,
    ),
    (
        "HTTP/1.0 403 Forbidden.\nServer: squid/3.1.10.\nX-Squid-Error: ERR_ACCESS_DENIED 0.\n\nAccess control prevents it.",
        "not-the-store 403 - -",
        1,
    ),
    (
        ":status: 413\nContent-Type: text/html\nContent-Length: 1\n\n<html><title>413 Request Entity Too Large</title></html>",
        "not-the-store 413 - -",
        1,
    ),
    // Wrapped, printed twice, and several in a line.
    (
        "x <<\"HTTP/1.1 403 Forbidden[\\r][\\n]\"\nx << \"x-amz-request-id: FAMJM8PWV1J1FNEH[\\r][\\n]\"\nx << \"<Error><Code>AccessDenied</Code><Message>Access Denied</Message><RequestId>FAMJM8PWV1J1FNEH</RequestId></Error>\"",
        "permission-denied 403 AccessDenied FAMJM8PWV1J1FNEH",
        1,
    ),
    (
        "GET /k HTTP/1.1\nHost: b.s3.us-west-2.amazonaws.com\n\nHTTP/1.1 403 Forbidden\nx-amz-request-id: FA01AA11\nServer: AmazonS3\n\n<Error><Code>AccessDenied</Code><RequestId>FA01AA11</RequestId></Error>",
        "permission-denied 403 AccessDenied FA01AA11",
        1,
    ),
    (
        "a: api error NoSuchKey: no, StatusCode: 404, RequestID: FA01AA11, HostID: x | b: api error NoSuchKey: no, StatusCode: 404, RequestID: FA02BB22, HostID: y",
        "object-not-found 404 NoSuchKey FA01AA11",
        2,
    ),
];

/// A sample of `tests/samples/kinds.toml`.
#[derive(serde::Deserialize)]
struct Kind {
    tool: String,
    text: String,
    wanted: String,
    #[serde(default = "one")]
    rows: usize,
}

fn one() -> usize {
    1
}

#[test]
fn every_kind_gives_its_first_verdict_and_its_fields() {
    let mut file: std::collections::BTreeMap<String, Vec<Kind>> =
        toml::from_str(include_str!("../samples/kinds.toml")).expect("samples");
    let samples = file.remove("kind").expect("samples");
    let samples =
        samples.iter().map(|kind| (format!("{}: {}", kind.tool, kind.text), &*kind.text, &*kind.wanted, kind.rows));
    let short = KINDS.iter().map(|(text, wanted, rows)| ((*text).to_owned(), *text, *wanted, *rows));
    for (name, text, wanted, rows) in samples.chain(short) {
        let records = read(text.as_bytes());
        let found = records.first().map(|record| {
            let text = |text: Option<&str>| text.unwrap_or("-").to_owned();
            let status = record.status_code.map_or_else(|| "-".to_owned(), |status| status.to_string());
            format!(
                "{} {status} {} {}",
                record.first_cause(),
                text(record.error.code.as_deref()),
                text(record.copied_id())
            )
        });
        assert_eq!((found.as_deref(), records.len()), (Some(wanted), rows), "{name}");
    }
}

/// What stands above the answer tells where the request went, and whether it was signed.
#[test]
fn a_request_above_its_answer_is_a_part_of_the_failure() {
    let head =
        "PUT /k.gz HTTP/1.1\nHost: examplebucket.s3.eu-west-1.amazonaws.com\nAuthorization: AWS4-HMAC-SHA256 x\n";
    let other = "HEAD / HTTP/1.1\nHost: other.s3.eu-west-1.amazonaws.com\n\nHTTP/1.1 200 OK\nServer: s\n";
    let answer = "HTTP/1.1 403 Forbidden\nServer: AmazonS3\n\n<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>";
    for text in [format!("{head}\n{answer}"), format!("{other}{head}\n{answer}")] {
        let records = read(text.as_bytes());
        assert_eq!(records.len(), 1, "{text}\n{records:#?}");
        let record = &records[0];
        let bucket = record.bucket.as_deref();
        assert_eq!(
            (record.method.as_str(), bucket, record.key.as_deref()),
            ("PUT", Some("examplebucket"), Some("k.gz"))
        );
        let verdict = &record.diagnosis.as_ref().expect("a diagnosis").verdicts[0];
        assert_eq!(verdict.confidence.as_str(), "likely", "it was signed: {text}");
    }
    // Go's print of a request that failed on the way names both, too.
    let record = read(br#"Put "https://b-1250000000.cos.ap-beijing.myqcloud.com/k": dial tcp: i/o timeout"#)
        .pop()
        .expect("a row");
    assert_eq!((record.method.as_str(), record.bucket.as_deref()), ("PUT", Some("b-1250000000")));
}

#[test]
fn a_row_has_the_time_of_its_text_or_says_that_there_is_none() {
    for (text, wanted, remark) in [
        ("2020/10/16 20:39:06 ERROR AccessDenied: Access Denied", "2020-10-16T20:39:06Z", "UTC is assumed"),
        ("[2022-04-21T01:14:41+08:00] AccessDenied: Access Denied", "2022-04-20T17:14:41Z", ""),
        ("AccessDenied: Access Denied", "1970-01-01T00:00:00Z", "no time stands in the text"),
    ] {
        let record = read(text.as_bytes()).pop().expect("a row");
        assert_eq!(record.time.to_string(), wanted, "{text}");
        let said: String = record.remarks.iter().map(ToString::to_string).collect();
        assert!(said.contains(remark), "{said}");
    }
}

#[test]
fn prints_of_one_id_are_one_row_that_tells_its_lines() {
    let print = format!("AccessDenied: Access Denied, status code: 403, request id: {ID}\n");
    let text = format!("{print}\nall is well\n{print}{}", print.replace("8x", "8y"));
    let records = read(text.as_bytes());
    assert_eq!(records.len(), 2, "{records:?}");
    let printed = RecordRemark::PrintedAgain { times: 2, lines: vec![1, 4], more: false };
    assert!(records[0].remarks.contains(&printed), "{:?}", records[0].remarks);
}

/// Without an id the same failure printed again is told from another one by what both tell.
#[test]
fn prints_without_an_id_are_one_row_only_where_they_agree() {
    const REFUSED: &str = r#"{"code":"Error","name":"Error","message":"Bucket should format as \"test-1250000000\"."}"#;
    let bare = "2026-05-26 16:26:23,001 ERROR program: failed: Response Error Msg Is INVALID";
    let head = format!("HTTP/1.1 403 Forbidden\nServer: tencent-cos\nx-cos-request-id: {ID}");
    let page = "<html>\n<head><title>502 Bad Gateway</title></head>\n</html>";
    for (text, wanted) in [
        // A client's own refusal is nobody's answer.
        (format!("{{\"code\":\"AccessDenied\",\"RequestId\":\"{ID}\"}}\nINFO all is well\n{REFUSED}"), 2),
        // One statement that prints the same again tells of another request.
        (format!("{bare}\n\n{bare}"), 2),
        // A page in a new entry of a log, below the headers of another answer.
        (
            format!(
                "2026-05-26 16:26:23 ERROR sdk: {{'x-cos-request-id': '{ID}'}}\n2026-05-26 16:26:23 ERROR sdk: {page}"
            ),
            2,
        ),
        // A body below its head, and a trace below what was logged of it.
        (format!("{head}\n\n<Error><Code>AccessDenied</Code><Message>no</Message></Error>"), 1),
        (
            format!(
                "{bare}\nTraceback (most recent call last):\n  File \"a.py\", line 1\nCosServiceError: Response Error Msg Is INVALID"
            ),
            1,
        ),
        ("ERROR: put failed: NoSuchBucket: gone\nfatal: cannot go on: NoSuchBucket: gone".to_owned(), 1),
        ("warning: HTTP error 503\nfatal: download failed, HTTP error 503".to_owned(), 1),
        ("2026-05-26 16:26:23 ERROR a: SlowDown: x\n2026-05-26 16:26:29 ERROR b: SlowDown: x".to_owned(), 2),
    ] {
        let records = read(text.as_bytes());
        assert_eq!(records.len(), wanted, "{text}\n{records:#?}");
    }
}

/// The Message is the store's or the program's, whole, without what a logger adds.
#[test]
fn a_message_is_that_of_the_error_and_not_of_its_logger() {
    let logged = |error: &str| format!(r#"{{"level":"error","msg":"download failed","err":{error}}}"#);
    let cases = [
        (logged(r#"{"code":"403","message":"Forbidden","statusCode":403,"method":"HEAD"}"#), "Forbidden"),
        (logged(r#"{"code":"Error","message":"missing \"TmpSecretId\""}"#), "missing \"TmpSecretId\""),
        (logged(r#"{"code":"ECONNRESET","message":"read ECONNRESET"}"#), "read ECONNRESET"),
        (
            "{\n  code: 'HPE_INVALID_CONSTANT',\n  message: 'Expected HTTP/, RTSP/ or ICE/',\n  method: 'GET'\n}".to_owned(),
            "Expected HTTP/, RTSP/ or ICE/",
        ),
        (
            r#"level=error msg="failed to flush" status=404 err="flush: a page stood there""#.to_owned(),
            "flush: a page stood there",
        ),
        (
            "2026-05-26 16:26:23,001 ERROR program: ('Connection aborted.', BadStatusLine('220 mail'))".to_owned(),
            "('Connection aborted.', BadStatusLine('220 mail'))",
        ),
        (
            "Error Domain=NSURLErrorDomain Code=-1003 \"No such server.\" UserInfo={a=b}".to_owned(),
            "No such server.",
        ),
        (
            "get ETag error, please add \"ETag\" to CORS ExposeHeader setting".to_owned(),
            "get ETag error, please add \"ETag\" to CORS ExposeHeader setting",
        ),
        (
            "StatusCode=400, ErrorMessage: the request time and the server's time differ; x, ErrorCode=RequestTimeTooSkewed".to_owned(),
            "the request time and the server's time differ; x",
        ),
    ];
    for (text, wanted) in cases {
        let records = read(text.as_bytes());
        let found: Vec<_> = records.iter().map(|record| record.error.message.as_deref()).collect();
        assert_eq!(found, [Some(wanted)], "{text}");
    }
}

/// The first cause of a text and how many rows it gives.
fn outcome(text: &str) -> (String, usize) {
    let records = read(text.as_bytes());
    (records.first().map_or_else(String::new, |record| record.first_cause().to_string()), records.len())
}

/// Windows' ends of lines, and a log in a log in a log.
#[test]
fn every_kind_is_read_inside_of_other_logs() {
    for (text, wanted, rows) in KINDS {
        let cause = wanted.split(' ').next().unwrap_or_default();
        let mut nested = (*text).to_owned();
        for depth in 1..=3 {
            nested = serde_json::json!({ "log": nested }).to_string();
            assert_eq!(outcome(&nested), (cause.to_owned(), *rows), "{depth} deep: {nested}");
        }
        assert_eq!(outcome(&text.replace('\n', "\r\n")), (cause.to_owned(), *rows), "{text}");
    }
}

#[test]
fn no_cut_at_any_byte_invents_a_row() {
    for (text, _, rows) in KINDS {
        for cut in 0..text.len() {
            let found = read(&text.as_bytes()[..cut]);
            assert!(found.len() <= *rows, "{:?}: {found:#?}", &text.as_bytes()[..cut].escape_ascii().to_string());
        }
    }
}

/// Two threads write into one log at once: both failures are there, and no third.
#[test]
fn failures_that_a_concurrent_logger_mixed_up_are_as_many_as_there_were() {
    let failure = |code: &str, id: &str| {
        [format!("{code}: The words of {code}."), format!("\tstatus code: 404, request id: {id}, host id: x")]
    };
    let [one, other] = [failure("NoSuchKey", "FA01AA1122334455"), failure("NoSuchUpload", "FA02BB1122334455")];
    for lines in [
        [&one[0], &other[0], &one[1], &other[1]],
        [&one[0], &other[0], &other[1], &one[1]],
        [&one[0], &one[1], &other[0], &other[1]],
    ] {
        let text = lines.map(String::as_str).join("\n");
        let records = read(text.as_bytes());
        let mut ids: Vec<_> = records.iter().filter_map(Record::copied_id).collect();
        ids.sort_unstable();
        assert_eq!(ids, ["FA01AA1122334455", "FA02BB1122334455"], "{text}\n{records:#?}");
        assert_eq!(records.len(), 2, "{text}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Cut anywhere, escaped again, between lines of another logger: no panic, and no row for each piece.
    #[test]
    fn no_cut_invents_a_row(at in 0usize..KINDS.len(), cut in 0usize..300, crlf in any::<bool>()) {
        let (text, _, rows) = KINDS[at];
        let text = if crlf { text.replace('\n', "\r\n") } else { text.to_owned() };
        let bytes = text.as_bytes();
        prop_assert!(read(&bytes[..cut.min(bytes.len())]).len() <= rows);
        let noise = format!("INFO all is well\n{text}\nINFO all is well\n");
        prop_assert!(read(noise.as_bytes()).len() <= rows, "{noise}");
    }

    #[test]
    fn nothing_near_an_error_panics(text in r#"(<Error>|<Code>|HTTP/1.1|403|code|：|: |\\n|\\u00e9|&lt;|['"{}(),;\n>]|request id|猫|AccessDenied|message|at 2020-01-01 |[a-z]{0,4}){0,25}"#) {
        let _ = read(text.as_bytes());
    }
}
