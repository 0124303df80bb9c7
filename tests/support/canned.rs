//! Records that never change, for pictures of the screen.

use std::sync::Arc;

use cosdiag::config::Appearance;
use cosdiag::diagnosis::rules::diagnose;
use cosdiag::domain::dialect::Dialect;
use cosdiag::domain::endpoint::Endpoint;
use cosdiag::domain::profile::{Connection, Profile};
use cosdiag::domain::record::Record;
use serde_json::{Value, json};

/// The look of a screen that a test draws.
#[allow(dead_code, reason = "each test file uses a part of it")]
pub fn appearance() -> Appearance {
    Appearance {
        theme: "dark".to_owned(),
        glyphs: "unicode".to_owned(),
        mouse: true,
        diagnose_url: "https://diagnose.example/".to_owned(),
    }
}

/// A profile that sends without a signature.
#[allow(dead_code, reason = "each test file uses a part of it")]
pub fn profile(name: &str) -> Profile {
    Profile {
        name: name.to_owned(),
        dialect: Dialect::Cos,
        region: Some("ap-guangzhou".to_owned()),
        endpoint: Endpoint::of(Dialect::Cos, "https"),
        credentials: None,
        anonymous: true,
        connection: Connection::default(),
        bucket: None,
        buckets: Arc::default(),
    }
}

/// A refused request with this changed in it.
pub fn record(id: u32, change: Value) -> Arc<Record> {
    let request_id = format!("NmIwM2ZlY2FfMWViNTAzMDlfMWE0Ml9jNDdiM{id:02}=");
    let mut record = json!({
        "schema": "cosdiag.failure/1", "id": id, "time": format!("2026-11-23T06:38:{id:02}.123Z"), "source": "probe",
        "profile": "prod", "dialect": "cos", "operation": "get-bucket", "method": "GET",
        "url": "https://photos-1250000000.cos.ap-guangzhou.myqcloud.com/?max-keys=1",
        "bucket": "photos-1250000000", "region": "ap-guangzhou", "key": null,
        "outcome": "failure", "exception": "server", "statusCode": 403,
        "headers": { "server": "tencent-cos", "date": "Mon, 23 Nov 2026 06:38:09 GMT", "content-type": "application/xml",
            "x-cos-request-id": request_id },
        "error": { "Code": "AccessDenied", "Message": "Access Denied.", "RequestId": request_id,
            "Resource": "photos-1250000000.cos.ap-guangzhou.myqcloud.com/", "TraceId": "OGVmYzZiMmQzYjA2OWNh" },
        "codeFrom": "body", "answeredBy": "store",
        "requestId": { "value": request_id, "from": "header", "time": "2026-11-23T06:38:02Z", "node": "1eb50309", "masked": false },
        "request": { "headers": { "host": "photos-1250000000.cos.ap-guangzhou.myqcloud.com", "authorization": "[redacted]" },
            "canonicalRequest": "get\n/\nmax-keys=1\nhost=photos-1250000000.cos.ap-guangzhou.myqcloud.com\n",
            "stringToSign": "sha1\n1795415829;1795416789\n263566205c5383a1e1db20d81104e832151a61c1\n" },
        "body": "<?xml version='1.0' encoding='utf-8' ?>\n<Error>\n\t<Code>AccessDenied</Code>\n\t<Message>Access Denied.</Message>\n</Error>\n",
        "bodyTruncated": false,
        "timing": { "dnsMs": 12.0, "connectMs": 21.3, "tlsMs": 40.1, "firstByteMs": 103.4, "totalMs": 177.0, "reused": false },
        "remote": "203.0.113.7:443",
        "attempts": [{ "time": format!("2026-11-23T06:38:{id:02}.123Z"), "method": "GET",
            "url": "https://photos-1250000000.cos.ap-guangzhou.myqcloud.com/", "statusCode": 403,
            "requestId": request_id, "totalMs": 177.0, "exception": null }],
        "twin": null, "remarks": []
    });
    merge(&mut record, change);
    // A header is taken away by naming it null.
    for place in ["/headers", "/request/headers"] {
        if let Some(headers) = record.pointer_mut(place).and_then(Value::as_object_mut) {
            headers.retain(|_, value| !value.is_null());
        }
    }
    let mut record: Record = serde_json::from_value(record).expect("a record");
    record.diagnosis = diagnose(&record);
    Arc::new(record)
}

fn merge(into: &mut Value, change: Value) {
    match (into, change) {
        (Value::Object(into), Value::Object(change)) => {
            for (name, value) in change {
                merge(into.entry(name).or_insert(Value::Null), value);
            }
        }
        (into, change) => *into = change,
    }
}

/// Forty failures of four kinds through three access nodes.
#[allow(dead_code, reason = "each test file uses a part of it")]
pub fn crowd() -> Vec<Arc<Record>> {
    let trace = |place: &str| {
        let first = "8efc6b2d3b069ca89454d10b9ef00187";
        let hex = format!("{first}49ddf94d356b53a614ecc3d8f6b91b59{}{}", place.repeat(4), "b130e77b".repeat(4));
        base64::Engine::encode(&base64::engine::general_purpose::STANDARD, hex)
    };
    let kind = |id: u32| {
        let key = json!({ "operation": "get-object", "key": format!("2024/{id}.jpg"), "statusCode": 404,
            "error": { "Code": "NoSuchKey", "Message": format!("The key \"2024/{id}.jpg\" does not exist."), "TraceId": trace("bbb31f05") } });
        match id % 8 {
            0..4 => key,
            4 | 5 => json!({ "error": { "TraceId": trace("42aeecd0") } }),
            6 => {
                json!({ "statusCode": 503, "error": { "Code": "SlowDown", "Message": "Please reduce your request rate.", "TraceId": trace("bf52c057") } })
            }
            _ => {
                json!({ "exception": "client", "statusCode": null, "headers": null, "codeFrom": "client", "answeredBy": "nobody",
                "requestId": null, "body": null, "remote": null,
                "error": { "Code": "ECONNRESET", "Message": "the connection was reset", "RequestId": null, "TraceId": null } })
            }
        }
    };
    (1..=40)
        .map(|id| {
            let mut change = kind(id);
            if change["requestId"].is_null() && change["statusCode"].is_null() {
                return record(id, change);
            }
            let node = ["1eb50309", "a0123e0b", "4754e409"][id as usize % 3];
            change["requestId"] = json!({ "node": node });
            record(id, change)
        })
        .collect()
}

/// One of each kind.
#[allow(dead_code, reason = "each test file uses a part of it")]
pub fn records() -> Vec<Arc<Record>> {
    let host = "photos-1250000000.cos.ap-guangzou.myqcloud.com";
    let not_found = json!({ "exception": "client", "statusCode": null, "headers": null, "codeFrom": "client",
        "answeredBy": "nobody", "requestId": null, "body": null, "remote": null,
        "error": { "Code": "ENOTFOUND", "Message": format!("no such host: {host}"), "RequestId": null, "TraceId": null },
        "failureId": "no-such-host", "failureValues": { "name": host } });
    vec![
        record(
            1,
            json!({ "error": { "Code": "SignatureDoesNotMatch", "Message": "The Signature you specified is invalid." } }),
        ),
        record(
            2,
            json!({ "operation": "head-object", "method": "HEAD", "key": "2024/a.txt", "codeFrom": "none", "body": null,
            "error": { "Code": null, "Message": null },
            "twin": { "statusCode": 206, "requestId": "NmIwM2ZlY2FfMWViNTAzMDlfMWE0Ml9jNDdiMTI=", "differs": true },
            "remarks": ["HEAD answered 403, the same request as GET 206: HEAD and GET are two permissions"],
            "remarkFacts": [{ "remarkId": "head-and-get",
                "values": { "head": 403, "get": 206, "exception": null, "twoPermissions": true } }] }),
        ),
        record(
            3,
            json!({ "outcome": "success", "exception": null, "statusCode": 200, "body": null,
            "error": { "Code": null, "Message": null }, "codeFrom": "none",
            "timing": { "dnsMs": null, "connectMs": null, "tlsMs": null, "firstByteMs": 3.2, "totalMs": 3.4, "reused": true } }),
        ),
        record(4, json!({ "error": { "Message": "访问被拒绝：\u{1b}]52;c;eA==\u{7}您没有权限\u{202e}" } })),
        record(5, not_found),
        record(
            6,
            json!({ "statusCode": 503, "error": { "Code": "SlowDown", "Message": "Please reduce your request rate." },
            "attempts": (0..3).map(|n| json!({ "time": "2026-11-23T06:38:09Z", "method": "GET", "url": "https://h/", "statusCode": 503,
                "requestId": format!("NmIwM2ZlY2FfMWViNTAzMDlfMWE0Ml9jNDdiM{n}"), "totalMs": 12.0, "exception": null })).collect::<Vec<_>>() }),
        ),
        record(
            7,
            json!({ "statusCode": 200, "answeredBy": "other", "requestId": null, "codeFrom": "none",
            "headers": { "server": "nginx" }, "error": { "Code": null, "Message": null, "RequestId": null, "TraceId": null },
            "body": "<!DOCTYPE html><html><title>Sign in</title></html>",
            "remarks": ["HTML page \"Sign in\" from nginx, not from the store: no request id"],
            "remarkFacts": [{ "remarkId": "not-the-store",
                "values": { "server": "nginx", "body": { "page": "Sign in" } } }] }),
        ),
        record(
            8,
            json!({ "operation": "head-object", "method": "HEAD", "key": "missing.txt", "statusCode": 404, "body": null, "codeFrom": "get-twin",
            "error": { "Code": "NoSuchKey", "Message": "The specified key does not exist." },
            "twin": { "statusCode": 404, "requestId": "NmIwM2ZlY2FfMWViNTAzMDlfMWE0Ml9jNDdiMTM=", "differs": false } }),
        ),
    ]
}
