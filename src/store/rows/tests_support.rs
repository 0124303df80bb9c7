//! Records for the tests of the store.

use crate::domain::record::Record;

/// A record with these values in its row; one whose text is `b` is a success.
pub(crate) fn record(status: u16, text: &str, time_ms: i64) -> Record {
    let json = serde_json::json!({
        "schema": "cosdiag.failure/1", "id": 1, "time": jiff::Timestamp::from_millisecond(time_ms).unwrap(),
        "source": "probe", "profile": "p", "dialect": "cos", "operation": "get-bucket", "method": "GET",
        "url": "https://h/", "bucket": "b", "region": null, "key": text,
        "outcome": if text == "b" { "success" } else { "failure" }, "exception": "server", "statusCode": status,
        "headers": null,
        "error": { "Code": text, "Message": text, "RequestId": null, "Resource": null, "TraceId": null },
        "codeFrom": "body", "answeredBy": "store",
        "requestId": { "value": format!("id{text}"), "from": "header", "time": null, "node": null, "masked": false },
        "request": { "headers": {} }, "body": null, "bodyTruncated": false,
        "timing": { "dnsMs": null, "connectMs": null, "tlsMs": null, "firstByteMs": null, "totalMs": 1.5, "reused": true },
        "remote": null, "attempts": []
    });
    serde_json::from_value(json).unwrap()
}
