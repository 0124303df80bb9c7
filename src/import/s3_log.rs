//! S3 server access log: blank-separated fields, the time in brackets, what holds blanks in quotes.

use std::borrow::Cow;

use jiff::Timestamp;

use super::access::{AccessLogEntry, kebab, path_of};
use super::fields::{Fields, is_absent, milliseconds, status, value};
use crate::domain::dialect::Dialect;
use crate::domain::operation::{OPERATIONS, Operation};

const BUCKET: usize = 1;
const TIME: usize = 2;
const REQUESTER: usize = 4;
const REQUEST_ID: usize = 5;
const OPERATION: usize = 6;
const URI: usize = 8;
const STATUS: usize = 9;
const CODE: usize = 10;
const TOTAL: usize = 13;
const TURNAROUND: usize = 14;
const REFERER: usize = 15;
const USER_AGENT: usize = 16;
const HOST_ID: usize = 18;
const HOST: usize = 22;

/// The status of a line in which nothing failed. Expiry and the like have neither status nor code.
#[inline]
pub fn success(line: &[u8]) -> Option<u16> {
    let mut fields = Fields::of(line);
    let field = fields.nth(STATUS)?;
    let status = if field == b"-" { 0 } else { status(field)? };
    (status < 400 && is_absent(fields.next()?)).then_some(status)
}

/// Whether a line is one of such a log.
pub fn is_line(line: &[u8]) -> bool {
    let mut fields = Fields::of(line);
    let has_time = fields.nth(TIME).is_some_and(|field| time(field).is_some());
    has_time && fields.count() > USER_AGENT - TIME - 1
}

/// `06/Feb/2019:00:00:38 +0000`.
fn time(field: &[u8]) -> Option<Timestamp> {
    let text = std::str::from_utf8(field).ok()?;
    let zoned = jiff::fmt::strtime::parse("%d/%b/%Y:%H:%M:%S %z", text).ok()?;
    zoned.to_timestamp().ok()
}

/// The request of a line; `None` when it is not understood.
pub fn seen(line: &[u8]) -> Option<AccessLogEntry<'_>> {
    let fields: Vec<&[u8]> = Fields::of(line).collect();
    if fields.len() <= USER_AGENT {
        return None;
    }
    let field = |at: usize| fields.get(at).copied().unwrap_or(b"-");
    let text = |at: usize| value(field(at));
    let status = status(field(STATUS));
    if status.is_none() && !is_absent(field(STATUS)) {
        return None;
    }
    let uri = text(URI).unwrap_or(Cow::Borrowed("/"));
    let method = uri.split(' ').next().filter(|word| uri.contains(' ') && !word.is_empty()).unwrap_or("GET").to_owned();
    let bucket = text(BUCKET);
    let host = text(HOST).or_else(|| Some(Cow::Owned(format!("{}.s3.amazonaws.com", bucket.as_deref()?))));
    Some(AccessLogEntry {
        dialect: Dialect::S3,
        time: time(field(TIME))?,
        event: text(OPERATION).map_or_else(|| "request".to_owned(), |name| operation(&name)),
        host,
        bucket,
        region: None,
        path: Cow::Owned(path_of(&uri).to_owned()),
        method,
        user_agent: text(USER_AGENT),
        referer: text(REFERER),
        signed: !is_absent(field(REQUESTER)),
        status,
        code: text(CODE),
        message: None,
        request_id: text(REQUEST_ID),
        host_id: text(HOST_ID),
        total_ms: milliseconds(field(TOTAL)),
        server_ms: milliseconds(field(TURNAROUND)),
        unescape: |text| text,
    })
}

/// `REST.GET.OBJECT` as `get-object`.
fn operation(name: &str) -> String {
    let kebab = kebab(name);
    let short = kebab.strip_prefix("rest-").unwrap_or(&kebab);
    let squeezed = short.replace('-', "");
    let same = |operation: &&Operation| operation.name.replace('-', "") == squeezed;
    OPERATIONS.iter().find(same).map_or_else(|| short.to_owned(), |operation| operation.name.to_owned())
}
