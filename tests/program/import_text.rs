//! `cosdiag import` of text: what programs print, what curl traces, what people paste.

use std::fs;

use serde_json::Value;

use crate::support::{imported, program, run};

/// Lines, and the line and code of each row that they make.
#[test]
fn lines_of_a_program_are_parted_where_its_errors_are() {
    let error =
        |code: &str, id: &str| format!("{{'code': '{code}', 'message': 'it\\'s so; and so', 'requestid': '{id}'}}");
    let (one, other) = (
        error("NoSuchKey", "NjgzNDk2MmZfYTAxMjNlMGJfMTNlZV8x"),
        error("AccessDenied", "NjgzNDk2NGZfYTAxMjNlMGJfMTNlZV8z"),
    );
    let trace = |error: &str| {
        format!(
            "Traceback (most recent call last):\n  File \"a.py\", line 1\nqcloud_cos.cos_exception.CosServiceError: {error}"
        )
    };
    let page = "<html>\n<body>\nbad gateway\n</body>\n</html>";
    let cases: &[(String, &[&str])] = &[
        // What was logged and the trace below it are one error, unless they tell of two.
        (format!("ERROR failed: {one}\n{}", trace(&one)), &["1 NoSuchKey"]),
        (format!("ERROR failed: {one}\n{}", trace(&other)), &["1 NoSuchKey", "4 AccessDenied"]),
        (format!("{}\n\n{}", trace(&one), trace(&other)), &["1 NoSuchKey", "5 AccessDenied"]),
        (format!("ERROR cos_client: {page}\nINFO done"), &["1 -"]),
        (
            format!(
                "ERROR {}\nINFO all is well",
                r#"{"code":"Error","name":"Error","message":"Bucket should format as \"a-1\"."}"#
            ),
            &["1 Error"],
        ),
        ("2026-05-26 16:26:23 ERROR answered: <html><body>cut off\n2026-05-26 16:26:24 INFO done".to_owned(), &["1 -"]),
        (
            format!("[2026/05/26 16:26:23] <Error><Code>SlowDown</Code>\n[2026/05/26 16:26:24] failed: {one}"),
            &["1 SlowDown", "2 NoSuchKey"],
        ),
        // Whatever is dumped is no error for that.
        ("INFO options: {\n  retries: 3,\n  parts: [ 1 ]\n}\nINFO done".to_owned(), &[]),
        ("AssertionFoo: no\n    at main (a.js:1:1)\n    at b (a.js:2:2)".to_owned(), &[]),
    ];
    let folder = tempfile::tempdir().expect("a folder");
    for (text, wanted) in cases {
        let path = folder.path().join("program.log");
        fs::write(&path, format!("{text}\n")).expect("written");
        let (rows, said, _) = imported(&[&path.display().to_string()]);
        let found: Vec<_> = rows
            .iter()
            .map(|row| {
                let line = row["source"].as_str().and_then(|source| source.rsplit(':').next()).unwrap_or("?");
                format!("{line} {}", row["error"]["Code"].as_str().unwrap_or("-"))
            })
            .collect();
        assert_eq!(found, *wanted, "{text}\n{said}");
        assert!(!said.contains("not understood"), "{text}\n{said}");
        let is_dict = |row: &Value| row["error"]["Message"].as_str().is_some_and(|message| message.starts_with("it"));
        assert!(
            rows.iter().filter(|row| is_dict(row)).all(|row| row["error"]["Message"] == "it's so; and so"),
            "{text}"
        );
    }
}

/// Three exchanges of curl in one file, each body behind all the rest, and lines of a program after them.
#[test]
fn bodies_that_curl_wrote_last_belong_to_their_exchange() {
    let id = |n: u32| cosdiag::domain::request_id::encode(1_795_000_000 + i64::from(n), 0xa012_3e0b, 0x13ee, n);
    let exchange = |n: u32, status: &str, body: &str| {
        format!(
            "*   Trying 127.0.0.1:80...\n> GET /k{n} HTTP/1.1\n> Host: b-1250000000.cos.ap-guangzhou.myqcloud.com\n>\n\
             < HTTP/1.1 {status}\n< x-cos-request-id: {}\n<\n* Connection #0 to host b left intact\n{body}",
            id(n)
        )
    };
    let list = "<?xml version='1.0' encoding='utf-8' ?>\n<ListBucketResult>\n\t<Name>b</Name>\n</ListBucketResult>\n";
    let error = format!("<Error>\n\t<Code>AccessDenied</Code>\n\t<RequestId>{}</RequestId>\n</Error>\n", id(3));
    let logged =
        |n: u32| format!("{{\"error\":{{\"Code\":\"NoSuchKey\",\"RequestId\":\"{}\"}},\"statusCode\":404}}\n", id(n));
    let text = [
        exchange(1, "200 OK", list),
        exchange(2, "403 Forbidden", ""),
        exchange(3, "403 Forbidden", &error),
        exchange(4, "200 OK", ""),
        logged(5),
        logged(6),
        logged(7),
    ];
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("curl.txt").display().to_string();
    fs::write(&path, text.concat()).expect("written");
    let (rows, said, _) = imported(&["--as", "text", &path]);
    let found: Vec<_> = rows.iter().filter_map(|row| row["requestId"]["value"].as_str()).collect();
    for n in [2, 3, 5, 6, 7] {
        assert_eq!(found.iter().filter(|found| **found == id(n)).count(), 1, "{n}: {said} {found:?}");
    }
    assert_eq!(rows[1]["error"]["Code"], "AccessDenied", "{}", rows[1]);
}

/// As people paste it: an environment, an SDK's print, a trace of curl, whose body comes last in a file.
#[test]
fn nothing_secret_comes_through_of_what_is_pasted() {
    let id = "NmIwNzBlYzFfMWViNTAzMDlfMWE0Ml9jNDdiMDM=";
    let text = format!(
        "export COS_SECRET_KEY=CANARY000001 AWS_SESSION_TOKEN=CANARY000002 AccessDenied RequestId: {id}\n\
         {{'SecretKey': 'CANARY000003', 'Token': 'CANARY000004', 'code': 'AccessDenied', 'requestid': '{id}'}}\n\
         coscli --secret-key CANARY000005 said FAKEsecretOfThisPlace AccessDenied RequestId: {id}\n\
         *   Trying 127.0.0.1:80...\n> GET /x HTTP/1.1\n> Host: b-1250000000.cos.ap-guangzhou.myqcloud.com\n\
         > Cookie: a=CANARY000006\n>\n< HTTP/1.1 403 Forbidden\n< Set-Cookie: s=CANARY000007\n\
         < x-cos-request-id: {id}\n<\n* Connection #0 to host b left intact\n\
         <Error>\n\t<Code>AccessDenied</Code>\n\t<RequestId>{id}</RequestId>\n</Error>\n"
    );
    let folder = tempfile::tempdir().expect("a folder");
    let [path, ticket, evidence] = ["pasted.txt", "t", "e"].map(|name| folder.path().join(name).display().to_string());
    fs::write(&path, &text).expect("written");
    let arguments = ["import", &path, "--format", "ndjson", "--ticket", &ticket, "--evidence", &evidence];
    let (out, err, _) = run(program(&arguments).env("COS_SECRET_KEY", "FAKEsecretOfThisPlace"));
    let (diagnosed, _, _) = run(&mut program(&["diagnose", &path, "--format", "json"]));
    let written = [&ticket, &evidence].map(|path| fs::read_to_string(path).expect("a file"));
    for text in [&out, &err, &diagnosed, &written[0], &written[1]] {
        assert!(!text.contains("CANARY") && !text.contains("FAKEsecretOfThisPlace"), "{text}");
    }
    assert_eq!(out.lines().count(), 1, "prints of one id are one row: {out}");
    assert!(out.contains("printed 4 times: line 1, 2, 3, 4"), "{out}");
}

/// The fix is the most exact one, each cause has its own, and what cannot be told says what is missing of this text.
#[test]
fn what_to_do_fits_the_text() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("pasted.txt").display().to_string();
    for (text, wanted, never) in [
        (
            "EntityTooSmall: Your proposed upload is smaller than the minimum allowed object size. x-cos-request-id: 1",
            vec!["Fix        Set the part size to 1 MB or more", "Read the Message"],
            "API documentation",
        ),
        ("[code 403] Access Denied.", vec!["Allow the action of this request", "Sign it: set COS_SECRET_ID"], "…"),
        (
            "AccessDenied: Access Denied\n\tstatus code: 403, request id: FA27C9DF81B43C09, host id: x",
            vec!["Allow the action in the policies"],
            "CAM",
        ),
        (
            r#"{"code":"Error","name":"Error","message":"Bucket should format as \"test-1250000000\"."}"#,
            vec!["the client refused the request, and nothing was sent"],
            "whole response",
        ),
        ("HTTP/1.1 418 Teapot\nServer: x\nContent-Length: 0\n", vec!["Add the body and the headers"], "whole response"),
    ] {
        fs::write(&path, text).expect("written");
        let (out, err, _) = run(&mut program(&["diagnose", &path, "--no-history"]));
        assert!(wanted.iter().all(|wanted| out.contains(wanted)) && !out.contains(never), "{text}\n{out}{err}");
    }
}

/// What Windows and editors write: the same rows whatever the file's encoding and ends of lines.
#[test]
fn a_text_reads_the_same_in_every_encoding() {
    let id = "NjgzNDk2MmZfYTAxMjNlMGJfMTNlZV8x";
    let text = format!(
        "2025/05/26 16:26:20 上传开始\n2025/05/26 16:26:23 上传失败: NoSuchKey: 对象不存在, status code: 404, request id: {id}\n"
    );
    let wide = |mark: u16, bytes: fn(u16) -> [u8; 2]| -> Vec<u8> {
        std::iter::once(mark).chain(text.encode_utf16()).flat_map(bytes).collect()
    };
    let gbk = encoding_rs::GBK.encode(&text).0.into_owned();
    // A few broken bytes make no other encoding of a text.
    let broken = [text.as_bytes(), "再试一次 ".as_bytes(), &[0xE5, 0xA4, b'\n']].concat();
    let folder = tempfile::tempdir().expect("a folder");
    for (name, bytes, said_so) in [
        ("utf-8", text.clone().into_bytes(), ""),
        ("crlf", text.replace('\n', "\r\n").into_bytes(), ""),
        ("utf-16le", wide(0xFEFF, u16::to_le_bytes), "UTF-16, read as such"),
        ("utf-16be", wide(0xFEFF, u16::to_be_bytes), "UTF-16, read as such"),
        ("gbk", gbk, "GBK, read as such"),
        ("broken", broken, "not UTF-8 (first in line 3)"),
    ] {
        let path = folder.path().join(name);
        fs::write(&path, bytes).expect("written");
        let (rows, said, _) = imported(&["--as", "text", &path.display().to_string()]);
        let found: Vec<_> = rows
            .iter()
            .map(|row| (row["error"]["Code"].as_str(), row["error"]["Message"].as_str(), row["statusCode"].as_u64()))
            .collect();
        assert_eq!(found, [(Some("NoSuchKey"), Some("对象不存在"), Some(404))], "{name}: {said}");
        assert_eq!(rows[0]["requestId"]["value"], id, "{name}");
        assert!(said.contains(said_so) && said.contains("1 failure"), "{name}: {said}");
    }
}

/// Only what a store was asked and did not answer well is a row: a page asks many others.
#[test]
fn an_archive_gives_the_failures_of_stores_and_nothing_else() {
    let entry = |method: &str, url: &str, request: &str, response: &str| {
        format!(
            r#"{{"startedDateTime":"2026-05-26T16:26:23Z","time":5,"request":{{"method":"{method}","url":"{url}","headers":[{request}]}},"response":{{{response}}}}}"#
        )
    };
    let store = "https://b-1250000000.cos.ap-guangzhou.myqcloud.com/k";
    let bucket = "https://b.s3.us-west-2.amazonaws.com/k";
    let origin = r#"{"name":"Origin","value":"https://page.example"}"#;
    let asks = format!(r#"{origin},{{"name":"Access-Control-Request-Method","value":"PUT"}}"#);
    let failed = |error: &str| format!(r#""status":0,"headers":[],"_error":"{error}""#);
    let cases = [
        // Others' failures, and what the page itself ended.
        (entry("GET", "https://api.example/me", "", r#""status":401,"headers":[]"#), None),
        (entry("GET", "https://ads.example/a.js", "", &failed("net::ERR_BLOCKED_BY_CLIENT")), None),
        (entry("GET", store, "", &failed("net::ERR_ABORTED")), None),
        (entry("GET", store, "", &failed("Client disconnected.")), None),
        (
            entry(
                "GET",
                store,
                "",
                r#""status":200,"headers":[{"name":"x-cos-request-id","value":"NjgzNDk2MmZfYTAxMjNlMGJfMTNlZV8x"}],"_charlesStatus":"COMPLETE""#,
            ),
            None,
        ),
        // Stores'.
        (entry("OPTIONS", bucket, &asks, r#""status":403,"headers":[]"#), Some("cors-denied -")),
        (entry("PUT", store, origin, &failed("net::ERR_FAILED")), Some("cors-denied ERR_FAILED")),
        (
            entry("PUT", store, origin, &failed("net::ERR_BLOCKED_BY_CLIENT")),
            Some("undetermined ERR_BLOCKED_BY_CLIENT"),
        ),
        (entry("GET", store, origin, &failed("net::ERR_CONNECTION_RESET")), Some("connection-reset ECONNRESET")),
        // Charles and mitmproxy.
        (
            entry(
                "GET",
                store,
                "",
                r#""status":200,"headers":[{"name":"Content-Length","value":"10485760"}],"content":{"size":1048576},"_charlesStatus":"EXCEPTION""#,
            ),
            Some("body-truncated ERR_BODY_TRUNCATED"),
        ),
        (
            entry("GET", store, "", &failed("[Errno 60] Connect call failed ('203.0.113.1', 443)")),
            Some("connect-timeout ETIMEDOUT"),
        ),
        (
            entry(
                "GET",
                store,
                "",
                r#""status":null,"headers":[],"_error":"Certificate verify failed: unable to get local issuer certificate""#,
            ),
            Some("tls-untrusted UNABLE_TO_VERIFY_LEAF_SIGNATURE"),
        ),
    ];
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("page.har").display().to_string();
    let entries: Vec<_> = cases.iter().map(|(entry, _)| entry.as_str()).collect();
    fs::write(&path, format!(r#"{{"log":{{"version":"1.2","entries":[{}]}}}}"#, entries.join(","))).expect("written");
    let (rows, said, _) = imported(&[&path]);
    let found: Vec<_> = rows
        .iter()
        .map(|row| {
            let cause = row["diagnosis"]["verdicts"][0]["cause"].as_str().unwrap_or("?");
            format!("{cause} {}", row["error"]["Code"].as_str().unwrap_or("-"))
        })
        .collect();
    let wanted: Vec<_> = cases.iter().filter_map(|(_, wanted)| *wanted).collect();
    assert_eq!(found, wanted, "{said}");
    assert!(said.contains("12 entries, 7 failures, 5 where nothing failed"), "{said}");
}
