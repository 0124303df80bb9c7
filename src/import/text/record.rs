//! The record of a failure that was found in a text: which vendor's it is, who answered, and when.

use jiff::Timestamp;
use url::Url;

use super::assemble::Failure;
use super::fold::Print;
use super::time::Printed;
use super::told::Told;
use crate::domain::dialect::Dialect;
use crate::domain::error_document::DocumentKind;
use crate::domain::exchange::{self, header};
use crate::domain::record::{AnsweredBy, CodeFrom, ErrorFields, Exception, Record, RequestId, SentRequest};
use crate::domain::record_remark::RecordRemark;
use crate::domain::source::IdSource;
use crate::domain::target::{self, Parts};
use crate::domain::{endpoint, request_id, site, vocabulary};

/// Makes the record of a failure.
#[must_use]
pub fn record(print: Print, source: String, now: Timestamp) -> Record {
    let Print { failure: Failure { mut told, .. }, words, printed, .. } = print;
    name_exception(&mut told);
    let id = told.request_id.take().map(|id| {
        let from = if header_id(&told).is_some_and(|own| own == id) { IdSource::Header } else { IdSource::Body };
        RequestId::read(id, from)
    });
    let decoded = id.as_ref().and_then(|id| id.time);
    let is_client = told.network.is_some()
        || told
            .code
            .as_deref()
            .is_some_and(|code| vocabulary::is_client_name(code) || is_refusal(code, &told, id.as_ref()));
    let answered_by = answered_by(&told, is_client, id.as_ref());
    let code_from = match &told.code {
        _ if is_client => CodeFrom::Client,
        Some(code) if vocabulary::is_wrapper(code) => CodeFrom::Client,
        Some(_) => CodeFrom::Body,
        None => CodeFrom::None,
    };
    if let Some(region) = named_region(&told) {
        told.others.entry("Region".to_owned()).or_insert(region);
    }
    let parts = parts(&told);
    let dialect = dialect(&told, id.as_ref(), words);
    let (time, remark) = when(decoded, &told, printed, now);
    let error = ErrorFields {
        code: told.code,
        message: told.message,
        request_id: id.as_ref().map(|id| id.value.clone()),
        resource: told.resource,
        trace_id: told.trace_id,
        others: told.others,
    };
    Record {
        time,
        dialect,
        method: told.method.unwrap_or_default(),
        url: told.url.unwrap_or_default(),
        bucket: parts.bucket,
        region: parts.region,
        key: parts.key,
        operation: told.operation.as_deref().map_or_else(|| "request".to_owned(), in_words),
        exception: Some(if is_client { Exception::Client } else { Exception::Server }),
        status_code: told.status,
        headers: Some(told.headers).filter(|headers| !headers.is_empty()),
        code_from,
        answered_by,
        request_id: id,
        error,
        request: SentRequest { headers: told.sent, ..SentRequest::default() },
        body_bytes: told.body.as_ref().map_or(0, |body| body.len() as u64),
        body: told.body,
        remarks: remark.into_iter().collect(),
        ..Record::imported(source, now)
    }
}

/// `HeadObject` as our operations are spelled.
fn in_words(operation: &str) -> String {
    let mut words = String::new();
    for c in operation.chars() {
        if c.is_ascii_uppercase() && !words.is_empty() {
            words.push('-');
        }
        words.push(c.to_ascii_lowercase());
    }
    words
}

fn header_id(told: &Told) -> Option<&str> {
    told.headers.iter().find(|(name, _)| name.ends_with("-request-id")).map(|(_, value)| value.as_str())
}

/// A client exception gets the name that a Node.js user would see.
fn name_exception(told: &mut Told) {
    let has_status = told.status.is_some();
    if let Some((name, _, _)) = told.network {
        told.code = Some(name.to_owned());
        // A status next to it is a program's own, or a proxy's.
        if !matches!(name, "ECONNRESET" | "ERR_BODY_TRUNCATED") {
            told.status = None;
        }
    }
    match told.code.as_deref() {
        Some("ESOCKETTIMEDOUT") => told.code = Some("ETIMEDOUT".to_owned()),
        // An answer had begun: it broke off.
        Some("ECONNRESET") if has_status => told.code = Some("ERR_BODY_TRUNCATED".to_owned()),
        _ => {}
    }
}

/// The Node.js SDK refuses some requests before it sends them, with a message and no code.
fn is_refusal(code: &str, told: &Told, id: Option<&RequestId>) -> bool {
    code == "Error" && told.status.is_none() && id.is_none()
}

/// Servers that stand in front of stores.
const GATEWAYS: &[&str] =
    &["nginx", "openresty", "tengine", "apache", "cloudflare", "envoy", "haproxy", "varnish", "caddy", "traefik"];

fn answered_by(told: &Told, is_client: bool, id: Option<&RequestId>) -> AnsweredBy {
    let has = |prefix: &str| told.headers.iter().any(|(name, _)| name.starts_with(prefix));
    // A Code alone many stores may have written.
    let is_store = id.is_some() || ["x-cos-", "x-oss-", "x-obs-"].into_iter().any(has);
    let server = header(&told.headers, "server").unwrap_or_default().to_ascii_lowercase();
    let is_proxys =
        has("x-squid") || ["squid", "minio console", "zscaler", "bluecoat"].iter().any(|name| server.contains(name));
    // What a gateway says when it got no answer itself.
    let is_gateways = matches!(told.status, Some(413 | 502..=504))
        && header(&told.headers, "content-type").is_some_and(|kind| kind.starts_with("text/html"))
        && GATEWAYS.iter().any(|name| server.contains(name));
    match (is_client, is_store, told.kind) {
        (true, false, _) => AnsweredBy::Nobody,
        (_, true, DocumentKind::Html) if id.is_none_or(|id| id.from != IdSource::Header) => AnsweredBy::Other,
        (_, true, _) => AnsweredBy::Store,
        (_, _, DocumentKind::Html) => AnsweredBy::Other,
        _ if is_proxys || is_gateways => AnsweredBy::Other,
        _ => AnsweredBy::Unknown,
    }
}

/// Bucket, region and key, of the URL, else of a host that stands alone, else as they are named.
fn parts(told: &Told) -> Parts {
    let of = |url: &str| Url::parse(url).ok().map(|url| target::parts_of(&url));
    let by_url = told.url.as_deref().and_then(of);
    let by_host = || {
        of(&format!("https://{}/", told.host.as_deref()?.trim_end_matches('.')))
            .map(|parts| Parts { key: None, ..parts })
    };
    let mut parts = by_url.or_else(by_host).unwrap_or_default();
    parts.bucket = parts.bucket.or_else(|| told.bucket.clone());
    // The scope that was signed for is the region that was asked.
    parts.region = parts.region.or_else(|| signed_region(told));
    parts
}

/// The region that the store says is the right one: a header, `expecting '…'`, the endpoint that it sends to.
fn named_region(told: &Told) -> Option<String> {
    let message = told.message.as_deref().unwrap_or_default();
    let expecting = ["expecting '", "bucket is in '"].iter().find_map(|words| message.split(words).nth(1));
    let expecting = expecting.and_then(|rest| rest.split('\'').next()).map(str::to_owned);
    let location = header(&told.headers, "location").map(target::host_of);
    let endpoint = told.others.get("Endpoint").map(String::as_str).or(location);
    let of_endpoint = || endpoint.and_then(site::of_host).and_then(|site| site.region);
    told.region.clone().or(expecting).or_else(of_endpoint)
}

/// The region of a SigV4 credential: `AKID/20240112/us-east-1/s3/aws4_request`.
fn signed_region(told: &Told) -> Option<String> {
    let url = told.url.as_deref().unwrap_or_default();
    let authorization = header(&told.sent, "authorization").unwrap_or_default();
    let scope = [url, authorization].into_iter().find(|text| text.contains("aws4_request"))?;
    let scope = scope.replace("%2F", "/");
    let region = scope.split("/s3/aws4_request").next()?.rsplit('/').next()?;
    let is_region = region.len() < 40
        && region.contains('-')
        && region.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    is_region.then(|| region.to_owned())
}

/// Whose store it is: by the id, the host, the headers, what was signed, else by what else stands in the text.
fn dialect(told: &Told, id: Option<&RequestId>, words: Option<Dialect>) -> Dialect {
    if id.is_some_and(|id| id.time.is_some()) {
        return Dialect::Cos;
    }
    let host = told.url.as_deref().map(target::host_of).filter(|host| !host.is_empty());
    let host = host.or(told.host.as_deref()).unwrap_or_default().split(':').next().unwrap_or_default();
    if endpoint::without_domain(host).is_some() {
        return Dialect::Cos;
    }
    if site::of_host(host).is_some() {
        return Dialect::S3;
    }
    let has = |prefix: &str| told.headers.iter().chain(&told.sent).any(|(name, _)| name.starts_with(prefix));
    if has("x-cos-") {
        return Dialect::Cos;
    }
    let is_signed = told.sent.iter().any(|(name, value)| name == "authorization" && value.starts_with("AWS"));
    // A UUID is also what the vendor's other APIs send.
    let is_vendors = |id: &&RequestId| !id.value.contains('-') || id.value.starts_with("tx");
    let by_id = || id.filter(is_vendors).and_then(|id| request_id::vendor::recognise(&id.value)).is_some();
    if ["x-amz-", "x-oss-", "x-obs-"].into_iter().any(has) || is_signed || told.others.contains_key("HostId") {
        return Dialect::S3;
    }
    words.unwrap_or(if by_id() { Dialect::S3 } else { Dialect::Cos })
}

/// The id's time, the answer's, the text's. A remark says when it is not the text's.
fn when(
    decoded: Option<Timestamp>,
    told: &Told,
    printed: Option<Printed>,
    now: Timestamp,
) -> (Timestamp, Option<RecordRemark>) {
    if let Some(known) = decoded.or_else(|| exchange::date(&told.headers)) {
        return (known, None);
    }
    match printed {
        Some(Printed { time, is_assumed: false }) => (time, None),
        Some(Printed { time, is_assumed: true }) => (time, Some(RecordRemark::ZoneAssumed)),
        None => (now, Some(RecordRemark::NoTime)),
    }
}
