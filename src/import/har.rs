//! HAR 1.2: what a browser saw. Entries are read one by one, so the size of the file does not matter.
//!
//! A browser hides from a page, and from its HAR, why a request got no answer: status 0 is CORS, a
//! blocker or the network. Chrome's `_error` tells these apart where it is there. Its `_fromCache` marks
//! what was answered earlier: such a row stands at the time of the answer, not of the page's asking.

mod no_answer;

use std::io::{self, Read};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use serde::Deserialize;
use url::Url;

use super::job::Job;
use super::json::{JsonToken, Values};
use super::remark::{FileRemark, ImportRemark};
use super::source::Input;
use crate::domain::classify::{self, Signing};
use crate::domain::dialect::Dialect;
use crate::domain::exchange::{self, BODY_KEPT, Exchange, HEADERS_KEPT, Headers, Response, Timing};
use crate::domain::operation::{self, Answer, Scope};
use crate::domain::probe::{Auth, Probe};
use crate::domain::record::{Outcome, Record};
use crate::domain::record_remark::RecordRemark;
use crate::domain::target;
use crate::domain::{endpoint, percent, site};

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Entry {
    #[serde(default)]
    started_date_time: String,
    #[serde(default)]
    time: f64,
    request: Request,
    #[serde(default)]
    response: Answered,
    #[serde(default)]
    timings: Timings,
    #[serde(default, rename = "serverIPAddress")]
    server: String,
    #[serde(default, rename = "_fromCache")]
    from_cache: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Request {
    method: String,
    url: String,
    #[serde(default)]
    headers: Vec<Pair>,
}

#[derive(Debug, Default, Deserialize)]
struct Answered {
    #[serde(default)]
    status: Option<i64>,
    #[serde(default)]
    headers: Vec<Pair>,
    #[serde(default)]
    content: Content,
    /// Chrome's and mitmproxy's.
    #[serde(default, rename = "_error")]
    error: Option<String>,
    /// `COMPLETE`, `FAILED` or `EXCEPTION`.
    #[serde(default, rename = "_charlesStatus")]
    charles: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Pair {
    name: String,
    #[serde(default)]
    value: String,
}

#[derive(Debug, Default, Deserialize)]
struct Content {
    #[serde(default)]
    text: Option<String>,
    #[serde(default)]
    encoding: Option<String>,
}

/// Milliseconds; -1 where a phase did not happen.
#[derive(Debug, Default, Deserialize)]
struct Timings {
    #[serde(default)]
    dns: Option<f64>,
    #[serde(default)]
    connect: Option<f64>,
    #[serde(default)]
    ssl: Option<f64>,
    #[serde(default)]
    send: Option<f64>,
    #[serde(default)]
    wait: Option<f64>,
}

/// Reads a HAR file, or entries out of one.
pub fn read(input: Input, job: &mut Job<'_, '_>) -> io::Result<()> {
    let mut values = Values::new(input);
    let mut bytes = Vec::new();
    loop {
        let is_whole = descend(&mut values, &mut bytes, job)?;
        while !job.out.stopped {
            job.out.progress(job.name, job.totals.read);
            let found = if is_whole { element(&mut values, &mut bytes)? } else { values.next(&mut bytes)? };
            match found {
                None => break,
                Some(JsonToken::Value(line)) => entry(&bytes, line, job),
                Some(JsonToken::Broken(line)) => job.totals.unparsed(line),
            }
        }
        if !is_whole || job.out.stopped || !another(&mut values, &mut bytes, job)? {
            return Ok(());
        }
    }
}

/// Goes to the end of an archive, and says whether another one stands behind it.
fn another<R: Read>(values: &mut Values<R>, bytes: &mut Vec<u8>, job: &mut Job<'_, '_>) -> io::Result<bool> {
    // The rest of the log, then of the object around it.
    rest(values, bytes, job)?;
    rest(values, bytes, job)?;
    match values.solid()? {
        Some(byte) if byte == b'{' => {
            values.put_back(byte);
            Ok(true)
        }
        None => Ok(false),
        Some(_) => {
            job.totals.unparsed(values.line);
            Ok(false)
        }
    }
}

/// Goes down to `log.entries`. False when the text is not a whole HAR: then what was read is an entry
/// and stands in `bytes`, and has been taken.
fn descend<R: Read>(values: &mut Values<R>, bytes: &mut Vec<u8>, job: &mut Job<'_, '_>) -> io::Result<bool> {
    let first = values.solid()?;
    if first != Some(b'{') {
        // An array of entries.
        return Ok(false);
    }
    let line = values.line;
    let mut single = b"{".to_vec();
    while let Some(name) = member(values, bytes)? {
        if name == "log" && single.len() == 1 {
            values.solid()?;
            while let Some(name) = member(values, bytes)? {
                if name == "entries" {
                    match values.solid()? {
                        Some(b'[') | None => return Ok(true),
                        Some(byte) => values.put_back(byte),
                    }
                }
                values.collect(bytes, false)?;
                version(&name, bytes, job);
            }
            return Ok(true);
        }
        let whole = values.collect(bytes, false)?;
        if single.len() > 1 {
            single.push(b',');
        }
        single.extend(serde_json::to_vec(&name).unwrap_or_default());
        single.push(b':');
        single.extend_from_slice(bytes);
        if !whole {
            break;
        }
    }
    single.push(b'}');
    entry(&single, line, job);
    Ok(false)
}

/// The next member's name of the object that is being read; `None` at its end.
fn member<R: Read>(values: &mut Values<R>, bytes: &mut Vec<u8>) -> io::Result<Option<String>> {
    loop {
        match values.solid()? {
            Some(b',') => {}
            Some(b'"') => {
                values.put_back(b'"');
                if !values.collect(bytes, false)? || values.solid()? != Some(b':') {
                    return Ok(None);
                }
                return Ok(serde_json::from_slice(bytes).ok());
            }
            _ => return Ok(None),
        }
    }
}

/// The next element of the array that is being read.
fn element<R: Read>(values: &mut Values<R>, bytes: &mut Vec<u8>) -> io::Result<Option<JsonToken>> {
    loop {
        match values.solid()? {
            Some(b',') => {}
            None | Some(b']' | b'}') => return Ok(None),
            Some(byte) => {
                let line = values.line;
                values.put_back(byte);
                // An entry that is not an object is skipped; the others are read.
                let whole = values.collect(bytes, false)? && byte == b'{';
                return Ok(Some(if whole { JsonToken::Value(line) } else { JsonToken::Broken(line) }));
            }
        }
    }
}

/// What stands behind the entries may still name the version.
fn rest<R: Read>(values: &mut Values<R>, bytes: &mut Vec<u8>, job: &mut Job<'_, '_>) -> io::Result<()> {
    while let Some(name) = member(values, bytes)? {
        values.collect(bytes, false)?;
        version(&name, bytes, job);
    }
    Ok(())
}

fn version(name: &str, bytes: &[u8], job: &mut Job<'_, '_>) {
    let Ok(version) = serde_json::from_slice::<String>(bytes) else { return };
    if name == "version" && version != "1.2" {
        job.out.sink.say(ImportRemark::of(job.name, FileRemark::HarVersion(version)));
    }
}

fn entry(bytes: &[u8], line: u64, job: &mut Job<'_, '_>) {
    let Ok(entry) = serde_json::from_slice::<Entry>(bytes) else { return job.totals.unparsed(line) };
    let Ok(url) = Url::parse(&entry.request.url) else { return job.totals.unparsed(line) };
    match record(entry, url, job.source(line), job.options.now) {
        Some(record) => job.take(record, 1),
        None => job.pass(1),
    }
}

/// The record of an entry; `None` where no store was asked, or where the page ended the request: what fails there is no
/// failure of a store's.
fn record(entry: Entry, url: Url, source: String, now: Timestamp) -> Option<Record> {
    let is_ended = entry.response.error.as_deref().is_some_and(no_answer::is_ended);
    if is_ended || !is_a_stores(&entry, &url) {
        return None;
    }
    let from_cache = entry.from_cache.is_some();
    let (probe, mut sent) = exchange(entry, url, now);
    let kept = sent.response.as_ref().filter(|_| from_cache);
    if let Some(answered) = kept.and_then(|response| exchange::date(&response.headers)) {
        sent.time = answered;
    }
    let is_answered = sent.response.is_some();
    let mut record = classify::record(&probe, vec![sent], None, Signing::default());
    record.source = source.into();
    if record.outcome == Outcome::Failure && !is_answered {
        record.remarks.push(RecordRemark::HiddenByBrowser);
    }
    if from_cache {
        record.remarks.push(RecordRemark::FromBrowserCache);
    }
    Some(record)
}

/// Whether an entry is about a store: by its host, by what was signed, by the answer. A page asks many others.
fn is_a_stores(entry: &Entry, url: &Url) -> bool {
    let is_host = url.host_str().is_some_and(|host| {
        let suffixes = [endpoint::DOMAIN, endpoint::BACKUP_DOMAIN, ".qcloud.la"];
        site::of_host(host).is_some() || suffixes.iter().any(|suffix| host.ends_with(suffix))
    });
    let all = entry.request.headers.iter().chain(&entry.response.headers);
    let is_signed = |pair: &Pair| {
        pair.name.eq_ignore_ascii_case("authorization")
            && ["AWS", "q-sign", "OSS ", "OBS "].iter().any(|start| pair.value.starts_with(start))
    };
    let body = entry.response.content.text.as_deref().unwrap_or_default();
    is_host
        || target::is_presigned(url)
        || url.query().is_some_and(|query| query.contains("X-Amz-") || query.contains("q-sign-"))
        || all.into_iter().any(|pair| is_store_header(&pair.name) || is_signed(pair))
        || body.contains("<Error>") && body.contains("<Code>")
}

fn is_store_header(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    ["x-cos-", "x-ci-", "x-amz-", "x-oss-", "x-obs-"].iter().any(|prefix| name.starts_with(prefix))
        && !name.starts_with("x-amz-cf-")
}

fn headers(pairs: Vec<Pair>) -> Headers {
    let mut left = HEADERS_KEPT;
    let lower = pairs.into_iter().map(|pair| (pair.name.to_ascii_lowercase(), pair.value));
    lower
        .filter(|(name, _)| !name.starts_with(':'))
        .take_while(|(name, value)| {
            left = left.saturating_sub(name.len() + value.len());
            left > 0
        })
        .collect()
}

/// The entry as the engine would have seen it.
fn exchange(entry: Entry, url: Url, now: Timestamp) -> (Probe, Exchange) {
    let request_headers = headers(entry.request.headers);
    let response_headers = headers(entry.response.headers);
    let status = entry
        .response
        .status
        .and_then(|status| u16::try_from(status).ok())
        .filter(|status| (100..1000).contains(status));
    let exception = match status {
        None => Some(no_answer::exception(entry.response.error.as_deref(), &request_headers)),
        Some(_) => no_answer::broke_off(entry.response.charles.as_deref()),
    };
    let response = status.map(|status| response(status, response_headers, entry.response.content));
    let timing = timing(&entry.timings, entry.time);
    let is_s3 = response.as_ref().is_some_and(|response| {
        let has = |prefix: &str| response.headers.iter().any(|(name, _)| name.starts_with(prefix));
        has("x-amz-") && !has("x-cos-")
    });
    let is_s3 = is_s3
        || url.host_str().is_some_and(|host| site::of_host(host).is_some())
        || url.query().is_some_and(|query| query.contains("X-Amz-"));
    let dialect = if is_s3 { Dialect::S3 } else { Dialect::Cos };
    let exchange = Exchange {
        time: entry.started_date_time.parse().unwrap_or(now),
        method: entry.request.method.clone(),
        url: entry.request.url,
        request_headers,
        response,
        exception,
        timing,
        remote: Some(entry.server).filter(|server| !server.is_empty()),
    };
    (probe(entry.request.method, url, dialect), exchange)
}

fn probe(method: String, url: Url, dialect: Dialect) -> Probe {
    let parts = target::parts_of(&url);
    let query = percent::query_pairs(url.query().unwrap_or_default());
    let scope = if parts.key.is_some() { Scope::Object } else { Scope::Bucket };
    let known = operation::by_request(&method, scope, &query);
    let plain = match (method.as_str(), scope, known) {
        ("GET", Scope::Object, None) => "get-object",
        ("HEAD", Scope::Object, None) => "head-object",
        ("PUT", Scope::Object, None) => "put-object",
        ("DELETE", Scope::Object, None) => "delete-object",
        ("OPTIONS", ..) => "options-object",
        ("HEAD", Scope::Bucket, None) => "head-bucket",
        _ => "request",
    };
    let answer = match method.as_str() {
        "GET" if scope == Scope::Object && known.is_none() => Answer::Content,
        "HEAD" | "OPTIONS" => Answer::Headers,
        _ => known.map_or(Answer::Document(&[]), |operation| operation.answer),
    };
    Probe {
        id: 1,
        profile: "import".into(),
        dialect,
        region: parts.region,
        operation: known.map_or(plain, |operation| operation.name).to_owned(),
        method,
        url,
        given: None,
        bucket: parts.bucket,
        key: parts.key,
        headers: Headers::new(),
        body: Vec::new(),
        auth: Auth::Carried,
        identity: None,
        answer,
        is_sub_resource: known.is_some_and(|operation| operation.is_sub_resource),
        clock_offset: 0,
    }
}

fn response(status: u16, headers: Headers, content: Content) -> Response {
    let text = content.text.unwrap_or_default();
    let mut body = match content.encoding.as_deref() {
        Some("base64") => STANDARD.decode(text.trim()).unwrap_or_else(|_| text.into_bytes()),
        _ => text.into_bytes(),
    };
    let received = body.len() as u64;
    let truncated = body.len() > BODY_KEPT;
    body.truncate(BODY_KEPT);
    Response { status, headers, body, truncated, received, headers_cut: false }
}

fn timing(timings: &Timings, total: f64) -> Timing {
    let phase = |ms: Option<f64>| ms.filter(|ms| ms.is_finite() && *ms >= 0.0);
    let tls = phase(timings.ssl);
    let connect = phase(timings.connect);
    Timing {
        dns_ms: phase(timings.dns),
        // HAR counts the handshake into the connect.
        connect_ms: connect.map(|connect| (connect - tls.unwrap_or(0.0)).max(0.0)),
        tls_ms: tls,
        first_byte_ms: phase(timings.wait).map(|wait| wait + phase(timings.send).unwrap_or(0.0)),
        total_ms: phase(Some(total)).unwrap_or(0.0),
        reused: connect.is_none(),
        server_ms: None,
    }
}
