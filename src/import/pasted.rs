//! A pasted error: half an XML body, an SDK's printed error, `curl -v`, a raw response, or a record
//! of our own. What can be read of it becomes a record; what cannot stays absent.

pub mod network;
mod printed;
mod python;
mod quoted;

use jiff::Timestamp;
use serde_json::Value;
use url::Url;

use crate::domain::dialect::Dialect;
use crate::domain::error_document::{self, ErrorDocument, Kind};
use crate::domain::exchange::{self, BODY_KEPT, Headers, header};
use crate::domain::record::{AnsweredBy, CodeFrom, ErrorFields, Exception, Record, RequestId, SCHEMA, SentRequest};
use crate::domain::source::IdSource;
use crate::domain::target;

/// What was found in a pasted text.
#[derive(Debug, Default)]
struct Found {
    status: Option<u16>,
    headers: Headers,
    error: ErrorFields,
    code_from: Option<CodeFrom>,
    body: Option<String>,
    kind: Kind,
    method: Option<String>,
    url: Option<String>,
    sent: Headers,
    /// An SDK says that it failed and nothing else.
    is_bare: bool,
}

/// Reads a pasted text into records. Empty when there is no error to be seen in it.
#[must_use]
pub fn read(text: &str, source: &str, now: Timestamp) -> Vec<Record> {
    let own = own_records(text);
    if !own.is_empty() {
        return own;
    }
    let found = found_in(text);
    let is_something = found.status.is_some()
        || found.error.code.is_some()
        || found.error.request_id.is_some()
        || found.is_bare
        || found.kind == Kind::Html;
    if is_something { vec![record(found, text, source, now)] } else { Vec::new() }
}

/// A record of a text in which no error is to be seen: what is left of it, for whoever looks on, and how many
/// bytes it came as.
#[must_use]
pub fn unread(text: &str, bytes: u64, source: &str, now: Timestamp) -> Record {
    let cut = (0..=BODY_KEPT.min(text.len())).rev().find(|place| text.is_char_boundary(*place));
    let kept = &text[..cut.unwrap_or(0)];
    let found = Found { body: Some(kept.to_owned()), ..Found::default() };
    let body_truncated = kept.len() < text.len();
    Record { body_bytes: bytes, body_truncated, ..record(found, "", source, now) }
}

/// Records that cosdiag wrote itself: one, an array, or one a line.
fn own_records(text: &str) -> Vec<Record> {
    let trimmed = text.trim_start();
    if let Ok(records) = serde_json::from_str::<Vec<Record>>(trimmed) {
        return records;
    }
    let values = serde_json::Deserializer::from_str(trimmed).into_iter::<Record>();
    values.map_while(Result::ok).filter(|record| record.schema == SCHEMA).collect()
}

fn found_in(text: &str) -> Found {
    if let Some(service) = python::service(text) {
        let mut found = found_in(&service.told);
        found.method = Some(service.method);
        found.status = service.status;
        return found;
    }
    if let Some(said) = python::client(text) {
        return found_in(&said);
    }
    let mut found = http_response(text).or_else(|| sdk_json(text)).unwrap_or_default();
    // Of several exchanges the last one counts, and its body with it.
    let lines = || text.split_inclusive('\n').scan(0, |at, line| Some((std::mem::replace(at, *at + line.len()), line)));
    let status_lines = lines().filter(|(_, line)| line.strip_prefix("< ").unwrap_or(line).starts_with("HTTP/"));
    let from = status_lines.last().map_or(0, |(at, _)| at);
    let body = xml_part(&text[from..]).or_else(|| found.body.clone()).or_else(|| page(text));
    if let Some(body) = body {
        let document = error_document::parse(body.as_bytes());
        found.kind = document.kind;
        take_document(&mut found, document);
        found.body = Some(body);
    }
    if found.error.code.is_none() {
        printed::take(&mut found, text);
    }
    found.error.request_id = found.error.request_id.take().or_else(|| {
        let names = ["x-cos-request-id", "x-amz-request-id", "x-ci-request-id"];
        names.iter().find_map(|name| header(&found.headers, name)).map(str::to_owned)
    });
    found
}

fn take_document(found: &mut Found, document: ErrorDocument) {
    if document.code.is_some() {
        found.code_from = Some(CodeFrom::Body);
    }
    let is_page = matches!(document.kind, Kind::Html | Kind::Text | Kind::Binary);
    let error = &mut found.error;
    error.code = document.code.or(error.code.take());
    error.message = document.message.filter(|_| !is_page).or(error.message.take());
    error.request_id = document.request_id.or(error.request_id.take());
    error.resource = document.resource.or(error.resource.take());
    error.trace_id = document.trace_id.or(error.trace_id.take());
    error.others.extend(document.others);
}

/// The error document inside a text, whole or cut off.
fn xml_part(text: &str) -> Option<String> {
    let start = text.find("<Error>").or_else(|| text.find("<Error "))?;
    let end = text[start..].find("</Error>").map_or(text.len(), |end| start + end + "</Error>".len());
    Some(text[start..end].to_owned())
}

/// An HTML page: what a portal or a firewall sends in the store's place. A logger may have put words
/// before it.
fn page(text: &str) -> Option<String> {
    let lower = text.to_ascii_lowercase();
    let start = lower.find("<html").into_iter().chain(lower.find("<!doctype html")).min()?;
    let end = lower[start..].find("</html>").map_or(text.len(), |end| start + end + "</html>".len());
    Some(text[start..end].to_owned())
}

/// A status line and headers, bare or with the `< ` of `curl -v`.
fn http_response(text: &str) -> Option<Found> {
    let lines: Vec<&str> = text.lines().map(|line| line.strip_prefix("< ").unwrap_or(line).trim_end()).collect();
    // The last answer counts: a proxy's CONNECT and redirects come before it.
    let at = lines.iter().rposition(|line| line.starts_with("HTTP/"))?;
    let status = lines[at].split_whitespace().nth(1)?.parse().ok()?;
    let mut found = Found { status: Some(status), ..Found::default() };
    let mut rest = lines.len();
    for (i, line) in lines.iter().enumerate().skip(at + 1) {
        if line.is_empty() || *line == "<" {
            rest = i + 1;
            break;
        }
        if let Some((name, value)) = line.split_once(':').filter(|(name, _)| !name.contains(' ')) {
            found.headers.push((name.trim().to_ascii_lowercase(), value.trim().to_owned()));
        }
    }
    let noise = |line: &&&str| !line.starts_with(['*', '>', '{', '}']) || line.starts_with("{\"");
    let body = lines[rest.min(lines.len())..].iter().filter(noise).copied().collect::<Vec<_>>().join("\n");
    found.body = Some(body).filter(|body| !body.trim().is_empty());
    take_request(&mut found, text);
    Some(found)
}

/// The request as `curl -v` shows it: the last one, as the last answer counts.
fn take_request(found: &mut Found, text: &str) {
    let sent: Vec<&str> = text.lines().filter_map(|line| line.strip_prefix("> ")).map(str::trim_end).collect();
    let Some(at) = sent.iter().rposition(|line| line.contains(" HTTP/") && !line.starts_with("CONNECT ")) else {
        return;
    };
    let mut words = sent[at].split(' ');
    found.method = words.next().map(str::to_owned);
    let path = words.next().unwrap_or("/");
    let headers = sent[at + 1..].iter().filter_map(|line| line.split_once(':'));
    found.sent = headers.map(|(name, value)| (name.trim().to_ascii_lowercase(), value.trim().to_owned())).collect();
    let scheme = if text.contains("SSL connection using") || text.contains("TLS handshake") || text.contains("port 443")
    {
        "https"
    } else {
        "http"
    };
    found.url = header(&found.sent, "host").map(|host| format!("{scheme}://{host}{path}"));
}

/// An SDK's error object as JSON: `statusCode`, `headers`, `error` or `code` and `message`; alone, in a
/// line of a log, or as a field of such a line that is JSON itself.
fn sdk_json(text: &str) -> Option<Found> {
    if let Ok(value) = serde_json::from_str::<Value>(text.trim()) {
        let is_dump =
            value.get("statusCode").is_some_and(Value::is_u64) || value.get("error").is_some_and(Value::is_object);
        let dump = if is_dump { Some(&value) } else { dumped(&value) };
        return Some(dump.map_or_else(|| Found { body: Some(text.to_owned()), ..Found::default() }, sdk_error));
    }
    let start = text.find("{\"")?;
    let value = serde_json::Deserializer::from_str(&text[start..]).into_iter::<Value>().next()?.ok()?;
    dumped(&value).map(sdk_error)
}

/// The error object of an SDK in a line of JSON: the line itself, or a field of it.
fn dumped(line: &Value) -> Option<&Value> {
    let is_error = |value: &Value| {
        let tells = value.get("code").is_some_and(Value::is_string);
        tells
            && value.get("message").is_some_and(Value::is_string)
            && (value.get("name").or(value.get("error"))).is_some()
    };
    std::iter::once(line).chain(line.as_object()?.values()).find(|value| is_error(value))
}

fn sdk_error(value: &Value) -> Found {
    let number = |value: &Value| value.as_u64().and_then(|status| u16::try_from(status).ok());
    let status = value.get("statusCode").and_then(number);
    let error = value.get("error").filter(|error| error.is_object());
    let field = |names: [&str; 2]| {
        let holders = [error, Some(value)].into_iter().flatten();
        holders
            .flat_map(|holder| names.map(|name| holder.get(name)))
            .flatten()
            .find_map(|text| text.as_str().map(str::to_owned))
    };
    let headers = value.get("headers").and_then(Value::as_object);
    let headers = headers
        .into_iter()
        .flatten()
        .filter_map(|(name, value)| Some((name.to_ascii_lowercase(), value.as_str()?.to_owned())));
    Found {
        status,
        headers: headers.collect(),
        error: ErrorFields {
            // Without a document the Node.js SDK puts the status in the code's place.
            code: field(["Code", "code"]).filter(|code| code.parse::<u16>().is_err()),
            message: field(["Message", "message"]),
            request_id: field(["RequestId", "requestId"]),
            trace_id: field(["TraceId", "traceId"]),
            ..ErrorFields::default()
        },
        method: value.get("method").and_then(Value::as_str).map(str::to_owned),
        url: value.get("url").and_then(Value::as_str).map(str::to_owned),
        ..Found::default()
    }
}

/// Names of client exceptions are upper case throughout; no store's code is.
fn is_client_name(code: &str) -> bool {
    code.len() > 3
        && code.starts_with(['E', 'C', 'S', 'U', 'H'])
        && code.bytes().all(|b| b.is_ascii_uppercase() || b == b'_')
}

/// The name of a client exception where a library has one of its own for it.
fn client_name(code: String, has_status: bool) -> String {
    match code.as_str() {
        "ESOCKETTIMEDOUT" => "ETIMEDOUT".to_owned(),
        // An answer had begun: it broke off.
        "ECONNRESET" if has_status => "ERR_BODY_TRUNCATED".to_owned(),
        _ => code,
    }
}

fn record(mut found: Found, text: &str, source: &str, now: Timestamp) -> Record {
    found.error.code = found.error.code.map(|code| client_name(code, found.status.is_some()));
    let id = found.error.request_id.clone().map(|id| RequestId::read(id, IdSource::Body));
    let decoded = id.as_ref().and_then(|id| id.time);
    // The Node.js SDK refuses some requests before it sends them, with a message and no code.
    let refused = |code: &str| code == "Error" && found.status.is_none() && id.is_none();
    let is_client = found.error.code.as_deref().is_some_and(|code| is_client_name(code) || refused(code));
    // A Code alone many stores may have written.
    let is_store = id.is_some() || found.headers.iter().any(|(name, _)| name.starts_with("x-cos-"));
    let answered_by = match (is_client, is_store, found.kind) {
        (true, false, _) => AnsweredBy::Nobody,
        (_, true, _) => AnsweredBy::Store,
        (_, _, Kind::Html) => AnsweredBy::Other,
        _ => AnsweredBy::Unknown,
    };
    let sent_as_aws = |(name, value): &(String, String)| {
        name.starts_with("x-amz-") || (name == "authorization" && value.starts_with("AWS"))
    };
    let is_aws = found.headers.iter().any(|(name, _)| name.starts_with("x-amz-"))
        || found.sent.iter().any(sent_as_aws)
        || found.error.others.contains_key("HostId");
    let code_from = if is_client {
        CodeFrom::Client
    } else {
        found.code_from.unwrap_or(if found.error.code.is_some() { CodeFrom::Body } else { CodeFrom::None })
    };
    let parts = found.url.as_deref().and_then(|url| Url::parse(url).ok()).map(|url| target::parts_of(&url));
    let parts = parts.unwrap_or_default();
    let time = decoded.or_else(|| exchange::date(&found.headers)).or_else(|| printed::time(text));
    Record {
        time: time.unwrap_or(now),
        profile: "pasted".to_owned(),
        dialect: if is_aws && decoded.is_none() { Dialect::S3 } else { Dialect::Cos },
        method: found.method.unwrap_or_default(),
        url: found.url.unwrap_or_default(),
        bucket: parts.bucket,
        region: parts.region,
        key: parts.key,
        exception: Some(if is_client { Exception::Client } else { Exception::Server }),
        status_code: found.status,
        headers: Some(found.headers).filter(|headers| !headers.is_empty()),
        code_from,
        answered_by,
        request_id: id,
        error: found.error,
        request: SentRequest { headers: found.sent, ..SentRequest::default() },
        body_bytes: found.body.as_ref().map_or(0, |body| body.len() as u64),
        body: found.body,
        ..Record::imported(source.to_owned(), now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn fields(text: &str) -> Option<(Option<u16>, String, String, String)> {
        let record = read(text, "import:-:1", Timestamp::UNIX_EPOCH).into_iter().next()?;
        let text = |text: Option<String>| text.unwrap_or_default();
        Some((
            record.status_code,
            text(record.error.code.clone()),
            text(record.error.message.clone()),
            record.copied_id().unwrap_or_default().to_owned(),
        ))
    }

    #[test]
    fn errors_as_people_paste_them() {
        let id = "NjgzNDk2MmZfYTAxMjNlMGJfMTNlZV9hYjY2YzE=";
        let xml = format!(
            "<?xml version='1.0'?>\n<Error><Code>AccessDenied</Code><Message>Access Denied.</Message><RequestId>{id}</RequestId></Error>"
        );
        let cases = [
            xml.clone(),
            format!("some log line\n{xml}\nmore"),
            format!(
                "*   Trying 203.0.113.7:443...\n> GET /k HTTP/1.1\n> Host: h\n>\n< HTTP/1.1 403 Forbidden\n< x-cos-request-id: {id}\n<\n{xml}\n* Connection #0 left intact"
            ),
            format!(
                "GET https://b-1250000000.cos.ap-guangzhou.myqcloud.com/k: 403 AccessDenied(Message: Access Denied., RequestId: {id}, TraceId: OGVm)"
            ),
            format!(
                "{{ statusCode: 403, error: {{ Code: 'AccessDenied', Message: 'Access Denied.', RequestId: '{id}' }} }}"
            ),
            format!(
                r#"{{"statusCode":403,"headers":{{"x-cos-request-id":"{id}"}},"error":{{"Code":"AccessDenied","Message":"Access Denied.","RequestId":"{id}"}}}}"#
            ),
            format!(
                "{{'code': 'AccessDenied', 'message': 'Access Denied.', 'resource': '/', 'requestid': '{id}', 'traceid': 'OGVmOGVmOGVm'}}"
            ),
            format!(
                "Cos Error Code: AccessDenied, Status Code: 403, Cos Request ID: {id}, Cos Error Type: client, Cos Error Message: Access Denied."
            ),
            format!(
                "Access Denied. (Status Code: 403; Error Code: AccessDenied; Request ID: {id}; Message: Access Denied.)"
            ),
        ];
        for text in cases {
            let (status, code, message, found) = fields(&text).unwrap_or_else(|| panic!("{text}"));
            assert!(status.is_none_or(|status| status == 403), "{text}");
            assert_eq!(
                (code.as_str(), message.as_str(), found.as_str()),
                ("AccessDenied", "Access Denied.", id),
                "{text}"
            );
        }
    }

    #[test]
    fn what_is_no_error_is_none() {
        for text in
            ["", "hello", "<ListBucketResult></ListBucketResult>", "{}", "[]", "\u{0}\u{1}", "message: all is well"]
        {
            assert_eq!(fields(text), None, "{text:?}");
        }
        let network = read("Error: connect code: 'ECONNRESET' errno", "import:-:1", Timestamp::UNIX_EPOCH);
        assert_eq!(network[0].exception, Some(Exception::Client));
    }

    proptest! {
        #[test]
        fn no_text_panics(text in any::<String>()) {
            let _ = read(&text, "import:-:1", Timestamp::UNIX_EPOCH);
        }

        #[test]
        fn nothing_near_an_error_panics(text in r#"(<Error>|<Code>|HTTP/1.1|403|code|: |['"{}(),;\n]|RequestId|Message|[a-z]{0,4}){0,20}"#) {
            let _ = read(&text, "import:-:1", Timestamp::UNIX_EPOCH);
        }
    }
}
