//! HAR 1.2, for browsers' network panels and whatever else reads archives of requests. What the
//! format has no field for stands under names that begin with an underscore, as it asks for.
//!
//! One entry a record: the last attempt, which is the one whose headers, body and timing are kept.

use std::io::{self, Write};
use std::net::SocketAddr;

use serde_json::{Map, Value, json};

use super::json;
use super::record_writer::RecordWriter;
use crate::domain::exchange::{Headers, Timing, header};
use crate::domain::percent;
use crate::domain::record::{Attempt, Exception, Record};

/// Entries of one log, written as they come.
pub struct Har<W> {
    out: W,
    entries: usize,
}

impl<W: Write> Har<W> {
    /// A log to `out`.
    pub fn new(out: W) -> Self {
        Self { out, entries: 0 }
    }

    fn head(&mut self) -> io::Result<()> {
        let creator = json!({ "name": "cosdiag", "version": env!("CARGO_PKG_VERSION") });
        write!(self.out, "{{\"log\":{{\"version\":\"1.2\",\"creator\":{creator},\"entries\":[")
    }
}

impl<W: Write> RecordWriter for Har<W> {
    fn record(&mut self, record: &Record) -> io::Result<()> {
        if self.entries == 0 {
            self.head()?;
        }
        writeln!(self.out, "{}", if self.entries == 0 { "" } else { "," })?;
        self.entries += 1;
        json::write(&mut self.out, &entry(record), false)
    }

    fn finish(&mut self) -> io::Result<()> {
        if self.entries == 0 {
            self.head()?;
        }
        writeln!(self.out, "\n]}}}}")?;
        self.out.flush()
    }
}

fn entry(record: &Record) -> Value {
    let mut entry = Map::new();
    let mut put = |name: &str, value: Value| entry.insert(name.to_owned(), value);
    put("startedDateTime", json!(last_attempt(record).map_or(record.time, |attempt| attempt.time)));
    let (time, timings) = timings(&record.timing);
    put("time", json!(time));
    put("request", request(record));
    put("response", response(record));
    put("cache", json!({}));
    put("timings", timings);
    if let Some(address) = record.remote.as_ref().and_then(|remote| remote.parse::<SocketAddr>().ok()) {
        put("serverIPAddress", json!(address.ip()));
    }
    if record.exception == Some(Exception::Client) {
        put("_error", json!(format!("{}: {}", record.shown_code(), record.english_message())));
    }
    put(
        "_cosdiag",
        json!({
            "id": record.id, "operation": record.operation, "outcome": record.outcome,
            "code": record.error.code, "message": record.error.message, "requestId": record.copied_id(),
            "traceId": record.error.trace_id, "cause": record.first_cause(), "note": record.note,
            "attempts": record.attempts,
        }),
    );
    Value::Object(entry)
}

/// The attempt that the record describes: the GET twin, which comes after it, is another request.
fn last_attempt(record: &Record) -> Option<&Attempt> {
    record.attempts.iter().rev().nth(usize::from(record.twin.is_some()))
}

fn request(record: &Record) -> Value {
    let query = record.url.split_once('?').map(|(_, query)| query.split('#').next().unwrap_or_default());
    let query: Vec<_> = percent::query_pairs(query.unwrap_or_default())
        .into_iter()
        .map(|(name, value)| json!({ "name": name, "value": value }))
        .collect();
    json!({
        "method": record.method, "url": record.url, "httpVersion": http_version(record), "cookies": [],
        "headers": pairs(&record.request.headers), "queryString": query, "headersSize": -1, "bodySize": -1,
    })
}

/// The answer; without one the status is 0, as browsers write it.
fn response(record: &Record) -> Value {
    let none = Headers::new();
    let headers = record.headers.as_ref().unwrap_or(&none);
    let status = record.status_code.unwrap_or(0);
    let reason = http::StatusCode::from_u16(status).ok().and_then(|status| status.canonical_reason());
    let mut content = json!({
        "size": record.body_bytes,
        "mimeType": header(headers, "content-type").unwrap_or("x-unknown"),
    });
    if let Some(body) = &record.body {
        content["text"] = json!(body);
    }
    if record.body_truncated {
        content["comment"] = json!(format!("{} bytes arrived; text holds their beginning", record.body_bytes));
    }
    json!({
        "status": status, "statusText": reason.unwrap_or_default(),
        "httpVersion": if status == 0 { "unknown" } else { http_version(record) }, "cookies": [],
        "headers": pairs(headers), "content": content, "redirectURL": header(headers, "location").unwrap_or_default(),
        "headersSize": -1, "bodySize": if status == 0 { json!(-1) } else { json!(record.body_bytes) },
    })
}

/// The engine speaks HTTP/1.1 and nothing else; what was imported does not say.
fn http_version(record: &Record) -> &'static str {
    if record.source.is_probe() { "HTTP/1.1" } else { "unknown" }
}

fn pairs(headers: &Headers) -> Vec<Value> {
    headers.iter().map(|(name, value)| json!({ "name": name, "value": value })).collect()
}

/// HAR's phases and their sum: `connect` has the handshake in it, and `send`, `wait` and `receive` are
/// never -1, so what is left of a request that got no answer was spent waiting.
fn timings(timing: &Timing) -> (f64, Value) {
    let known = |phase: Option<f64>| phase.map_or(-1.0, rounded);
    let connect = timing.connect_ms.map(|connect| connect + timing.tls_ms.unwrap_or(0.0));
    let before = timing.dns_ms.unwrap_or(0.0) + connect.unwrap_or(0.0);
    let wait = timing.first_byte_ms.unwrap_or((timing.total_ms - before).max(0.0));
    let receive = timing.body_ms().unwrap_or(0.0);
    let phases = json!({
        "blocked": -1, "dns": known(timing.dns_ms), "connect": known(connect), "ssl": known(timing.tls_ms),
        "send": 0, "wait": rounded(wait), "receive": rounded(receive),
    });
    (rounded(before + wait + receive), phases)
}

/// Milliseconds with the records' three decimals.
fn rounded(ms: f64) -> f64 {
    (ms * 1e3).round() / 1e3
}
