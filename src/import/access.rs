//! What the lines of both stores' access logs have in common: a request as the server saw it.

use std::borrow::Cow;

use jiff::Timestamp;
use url::Url;

use crate::domain::dialect::Dialect;
use crate::domain::exchange::{Headers, Timing};
use crate::domain::operation::{self, Scope};
use crate::domain::percent;
use crate::domain::record::{AnsweredBy, CodeFrom, ErrorFields, Exception, Outcome, Record, RequestId, SentRequest};
use crate::domain::source::{IdSource, Source};

/// One request of an access log. Texts are as the log has them.
#[derive(Debug)]
pub struct AccessLogEntry<'a> {
    pub dialect: Dialect,
    pub time: Timestamp,
    pub bucket: Option<Cow<'a, str>>,
    pub region: Option<Cow<'a, str>>,
    pub host: Option<Cow<'a, str>>,
    /// The log's own name of the operation, in kebab case.
    pub event: String,
    pub method: String,
    /// Path and query, percent-encoded.
    pub path: Cow<'a, str>,
    pub user_agent: Option<Cow<'a, str>>,
    pub referer: Option<Cow<'a, str>>,
    /// The request carried a signature.
    pub signed: bool,
    pub status: Option<u16>,
    pub code: Option<Cow<'a, str>>,
    pub message: Option<Cow<'a, str>>,
    pub request_id: Option<Cow<'a, str>>,
    pub host_id: Option<Cow<'a, str>>,
    pub total_ms: Option<f64>,
    pub server_ms: Option<f64>,
    /// Undoes what the log does to user agents and messages.
    pub unescape: fn(Cow<'_, str>) -> Cow<'_, str>,
}

/// Whether a status and an error code are a failure's.
#[inline]
pub fn is_failure(status: Option<u16>, has_code: bool) -> bool {
    has_code || status.is_some_and(|status| status >= 400)
}

/// `GET /path?query HTTP/1.1` without its first and last word; anything else as it is.
pub fn path_of(uri: &str) -> &str {
    let uri = match uri.rsplit_once(' ') {
        Some((uri, version)) if version.starts_with("HTTP/") => uri,
        _ => uri.rsplit_once(" HTTP/").map_or(uri, |(uri, _)| uri),
    };
    match uri.split_once(' ') {
        Some((method, path)) if !method.is_empty() && method.bytes().all(|byte| byte.is_ascii_alphabetic()) => path,
        _ => uri,
    }
}

/// The URL of a request. The log does not say which scheme; https is what nearly everybody uses.
pub fn url(seen: &AccessLogEntry<'_>) -> String {
    if seen.path.contains("://") {
        return seen.path.to_string();
    }
    let slash = if seen.path.starts_with('/') { "" } else { "/" };
    ["https://", seen.host.as_deref().unwrap_or_default(), slash, &seen.path].concat()
}

/// Makes the record of a request that `file` has in this line.
pub fn record(seen: AccessLogEntry<'_>, file: &str, line: u64) -> Record {
    let owned = |text: Option<Cow<'_, str>>| text.map(Cow::into_owned);
    let host = seen.host.as_deref().unwrap_or_default();
    let url = url(&seen);
    let (path, query) = seen.path.split_once('?').unwrap_or((&seen.path, ""));
    let bucket = owned(seen.bucket);
    let key = key(path, host, bucket.as_deref());
    let scope = if key.is_some() { Scope::Object } else { Scope::Bucket };
    let known =
        (!query.is_empty()).then(|| operation::by_request(&seen.method, scope, &percent::query_pairs(query))).flatten();
    let operation = known.map_or(seen.event, |operation| operation.name.to_owned());
    let is_config = known.is_some_and(|operation| operation.is_sub_resource);
    let code = owned(seen.code);
    let is_whole = code.as_deref().is_none_or(|code| ["NoSuchBucket", "NoSuchKey"].contains(&code));
    let outcome = if !is_failure(seen.status, code.is_some()) {
        Outcome::Success
    } else if seen.status == Some(404) && is_config && !is_whole {
        Outcome::NotConfigured
    } else {
        Outcome::Failure
    };
    let mut headers = Headers::new();
    let mut sent = |name: &str, value: Option<Cow<'_, str>>| {
        headers.extend(value.filter(|value| !value.is_empty()).map(|value| (name.to_owned(), value.into_owned())));
    };
    sent("host", seen.host.clone());
    sent("user-agent", seen.user_agent.map(|text| (seen.unescape)(text)));
    sent("referer", seen.referer);
    // The log says that there was a signature, never which.
    let in_url = url.contains("q-signature=") || url.contains("X-Amz-Signature=");
    sent("authorization", (seen.signed && !in_url).then_some(Cow::Borrowed(crate::domain::redacted::REDACTED)));
    let id = owned(seen.request_id);
    let source = Source::Import { name: file.to_owned(), line: Some(line) };
    let mut record = Record::imported(source, seen.time);
    record.dialect = seen.dialect;
    record.operation = operation;
    record.method = seen.method;
    record.url = url;
    record.region = owned(seen.region);
    record.bucket = bucket;
    record.key = key;
    record.outcome = outcome;
    record.exception = (outcome == Outcome::Failure).then_some(Exception::Server);
    record.status_code = seen.status;
    record.code_from = if code.is_some() { CodeFrom::Log } else { CodeFrom::None };
    record.answered_by = AnsweredBy::Store;
    record.error = ErrorFields {
        code,
        message: owned(seen.message.map(seen.unescape)),
        request_id: id.clone(),
        ..ErrorFields::default()
    };
    record.error.others.extend(owned(seen.host_id).map(|id| ("HostId".to_owned(), id)));
    record.request_id = id.map(|id| RequestId::read(id, IdSource::Log));
    record.request = SentRequest { headers, ..SentRequest::default() };
    record.timing =
        Timing { total_ms: seen.total_ms.unwrap_or_default(), server_ms: seen.server_ms, ..Timing::default() };
    record
}

/// The key of a path; where the host does not name the bucket, the path's first segment does.
fn key(path: &str, host: &str, bucket: Option<&str>) -> Option<String> {
    // A proxy's request line names the whole URL.
    let parsed = path.contains("://").then(|| Url::parse(path).ok()).flatten();
    let decoded = percent::decode(parsed.as_ref().map_or(path, Url::path));
    let key = decoded.strip_prefix('/').unwrap_or(&decoded);
    let in_path = bucket.filter(|bucket| !host.starts_with(bucket)).and_then(|bucket| key.strip_prefix(bucket));
    let key = match in_path {
        Some("") => "",
        Some(rest) => rest.strip_prefix('/').unwrap_or(key),
        None => key,
    };
    (!key.is_empty()).then(|| key.to_owned())
}

/// `GetBucketCORS` and `GETObject` as `get-bucket-cors` and `get-object`.
pub fn kebab(name: &str) -> String {
    let mut kebab = String::with_capacity(name.len() + 4);
    let bytes = name.as_bytes();
    for (i, byte) in bytes.iter().enumerate() {
        let before = i.checked_sub(1).map(|before| bytes[before]);
        let starts = byte.is_ascii_uppercase()
            && before.is_some_and(|before| {
                before.is_ascii_lowercase()
                    || (before.is_ascii_uppercase() && bytes.get(i + 1).is_some_and(u8::is_ascii_lowercase))
            });
        if starts {
            kebab.push('-');
        }
        kebab.push(match byte {
            b'_' | b'.' => '-',
            byte if byte.is_ascii() => char::from(byte.to_ascii_lowercase()),
            _ => '?',
        });
    }
    kebab
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_paths() {
        for (name, wanted) in [
            ("GetBucketCORS", "get-bucket-cors"),
            ("GETObject", "get-object"),
            ("UploadPart", "upload-part"),
            ("REST.GET.OBJECT", "rest-get-object"),
        ] {
            assert_eq!(kebab(name), wanted);
        }
        for (uri, wanted) in [
            ("GET /a%20b?acl HTTP/1.1", "/a%20b?acl"),
            ("/a%20b", "/a%20b"),
            ("/a b", "/a b"),
            ("GET /a b HTTP/1.1", "/a b"),
        ] {
            assert_eq!(path_of(uri), wanted);
        }
        let bucket = Some("photos-1250000000");
        let host = "photos-1250000000.cos.ap-guangzhou.myqcloud.com";
        assert_eq!(key("/a%20b/c", host, bucket).as_deref(), Some("a b/c"));
        assert_eq!(key("/", host, bucket), None);
        assert_eq!(key("/photos-1250000000/c", "cos.ap-guangzhou.myqcloud.com", bucket).as_deref(), Some("c"));
    }
}
