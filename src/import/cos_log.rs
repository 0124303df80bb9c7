//! COS access log: blank-separated fields, 31 of them and more to come, missing ones a dash. Logging
//! overview, 436/16920. Values with blanks are quoted, percent-encoded, or in older logs neither.

use std::borrow::Cow;

use super::access::{AccessLogEntry, kebab, path_of};
use super::fields::{Fields, is_absent, milliseconds, status, value};
use crate::domain::dialect::Dialect;
use crate::domain::percent;

const BUCKET: usize = 1;
const REGION: usize = 2;
const TIME: usize = 3;
const HOST: usize = 4;
const EVENT: usize = 5;
const KEY_ID: usize = 7;
const PATH: usize = 11;
const METHOD: usize = 12;
const USER_AGENT: usize = 13;
const STATUS: usize = 14;
const CODE: usize = 15;
const MESSAGE: usize = 16;
const TOTAL: usize = 18;
const SOURCE: usize = 19;
const TURNAROUND: usize = 22;
const REQUEST_ID: usize = 24;
const REFERER: usize = 28;
const URI: usize = 29;

/// Bytes that are counted together.
const BLOCK: usize = 32;

/// The status of a line in which nothing failed; `None` where it has to be looked at more closely.
#[inline]
pub fn success(line: &[u8]) -> Option<u16> {
    let (begin, blanks) = before_status(line);
    // Fields are short: to go from byte to byte is faster here than to search for each blank.
    let (mut start, mut fields) = (begin, blanks);
    let mut before = begin.checked_sub(1).map_or(b' ', |last| line[last]);
    for (at, byte) in line.iter().enumerate().skip(begin) {
        match byte {
            b' ' if fields == STATUS => {
                let status = status(&line[start..at]).filter(|status| *status < 400)?;
                let rest = &line[at + 1..];
                let has_no_code = matches!(rest, [] | [b' ', ..] | [b'-', b' ', ..] | b"-");
                return (has_no_code && !(line.len() > LONG && may_hold_time(rest))).then_some(status);
            }
            b' ' => (start, fields) = (at + 1, fields + 1),
            b'"' | b'[' if before == b' ' => return by_fields(line),
            _ => {}
        }
        before = *byte;
    }
    None
}

/// Counts the bytes and the spaces of the whole blocks before the status that contain no quote and no bracket.
#[inline]
fn before_status(line: &[u8]) -> (usize, usize) {
    let (mut bytes, mut fields) = (0, 0);
    for block in line.as_chunks::<BLOCK>().0 {
        let blanks = usize::from(count(block, |byte| byte == b' '));
        if count(block, |byte| byte == b'"' || byte == b'[') > 0 || fields + blanks >= STATUS {
            break;
        }
        bytes += BLOCK;
        fields += blanks;
    }
    (bytes, fields)
}

/// Counts bytes without a branch, so that the compiler uses vector instructions.
#[inline]
fn count(block: &[u8; BLOCK], is_one: impl Fn(u8) -> bool) -> u8 {
    block.iter().map(|byte| u8::from(is_one(*byte))).sum()
}

/// The same of a line whose first fields hold blanks.
fn by_fields(line: &[u8]) -> Option<u16> {
    let mut fields = Fields::of(line);
    let status = status(fields.nth(STATUS)?).filter(|status| *status < 400)?;
    (is_absent(fields.next()?) && !(line.len() > LONG && holds_two(fields))).then_some(status)
}

/// A line longer than this may be two that have lost the line feed between them.
const LONG: usize = 400;

/// Whether a time may stand in the rest of a line, where only another line has one.
fn may_hold_time(rest: &[u8]) -> bool {
    memchr::memchr_iter(b'T', rest)
        .any(|at| at.checked_sub(10).is_some_and(|start| rest[start + 4] == b'-' && rest[start + 7] == b'-'))
}

/// Whether another line's time stands among the fields from the request id on.
fn holds_two<'a>(rest: impl Iterator<Item = &'a [u8]>) -> bool {
    rest.skip(REQUEST_ID - MESSAGE).any(is_time)
}

fn is_time(field: &[u8]) -> bool {
    field.len() >= 19 && field[10] == b'T' && field[4] == b'-' && field[..4].iter().all(u8::is_ascii_digit)
}

/// Whether a line is one of such a log.
pub fn is_line(line: &[u8]) -> bool {
    let Some(fields) = fields_of(line) else { return false };
    is_time(fields[TIME])
}

/// All fields, each at its place. Where a user agent or a message holds bare blanks, what stands
/// around them tells where they end: the status after the one, the log's source after the other.
fn fields_of(line: &[u8]) -> Option<Vec<&[u8]>> {
    let mut fields: Vec<&[u8]> = Vec::with_capacity(40);
    fields.extend(Fields::of(line));
    if fields.len() > REQUEST_ID + 6 && holds_two(fields[MESSAGE..].iter().copied()) {
        return None;
    }
    let is_source = |field: &[u8]| matches!(field, b"USER" | b"CDN");
    let in_place = |fields: &[&[u8]]| {
        let whole = fields.len() > REQUEST_ID;
        whole
            && status(fields[STATUS]).is_some()
            && (is_absent(fields[TOTAL]) || fields[TOTAL].iter().all(u8::is_ascii_digit))
    };
    if in_place(&fields) && fields.iter().position(|field| is_source(field)).is_none_or(|at| at == SOURCE) {
        return Some(fields);
    }
    let at = (STATUS..fields.len()).find(|at| status(fields[*at]).is_some())?;
    let source = (at + 3..fields.len()).find(|at| is_source(fields[*at]))?;
    let message_end = source.checked_sub(2).filter(|end| *end > at + 1)?;
    let mut placed = fields[..USER_AGENT].to_vec();
    placed.push(between(line, fields[USER_AGENT], fields[at - 1])?);
    placed.extend([fields[at], fields[at + 1]]);
    placed.push(between(line, fields.get(at + 2)?, fields[message_end - 1]).unwrap_or(b"-"));
    placed.extend(&fields[message_end..]);
    in_place(&placed).then_some(placed)
}

/// The bytes from one field's start to another's end.
fn between<'a>(line: &'a [u8], first: &[u8], last: &[u8]) -> Option<&'a [u8]> {
    let offset = |field: &[u8]| field.as_ptr().addr().checked_sub(line.as_ptr().addr());
    line.get(offset(first)?..offset(last)? + last.len())
}

/// The request of a line; `None` when it is not understood.
pub fn seen(line: &[u8]) -> Option<AccessLogEntry<'_>> {
    let fields = fields_of(line)?;
    let field = |at: usize| fields.get(at).copied().unwrap_or(b"-");
    let text = |at: usize| value(field(at));
    let method = text(METHOD)?.to_ascii_uppercase();
    let time = text(TIME)?.parse().ok()?;
    let path = match text(URI) {
        Some(Cow::Borrowed(uri)) => Cow::Borrowed(path_of(uri)),
        Some(Cow::Owned(uri)) => Cow::Owned(path_of(&uri).to_owned()),
        None => text(PATH).unwrap_or(Cow::Borrowed("/")),
    };
    Some(AccessLogEntry {
        dialect: Dialect::Cos,
        time,
        bucket: text(BUCKET),
        region: text(REGION),
        host: text(HOST),
        event: text(EVENT).map_or_else(|| "request".to_owned(), |event| kebab(&event)),
        method,
        path,
        user_agent: text(USER_AGENT),
        referer: text(REFERER),
        signed: !is_absent(field(KEY_ID)),
        status: status(field(STATUS)),
        code: text(CODE),
        message: text(MESSAGE),
        request_id: text(REQUEST_ID),
        host_id: None,
        total_ms: milliseconds(field(TOTAL)),
        server_ms: milliseconds(field(TURNAROUND)),
        unescape: unescaped,
    })
}

/// Undoes percent-encoding where it stands for blanks.
fn unescaped(text: Cow<'_, str>) -> Cow<'_, str> {
    if text.contains("%20") && !text.contains(' ') { Cow::Owned(percent::decode(&text)) } else { text }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn blocks_find_the_same_as_fields(
            before in prop::collection::vec("-|[a-z0-9%\\[\"]{1,24}|\"[a-z ]{0,9}\"|\\[[a-z ]{0,9}\\]", 10..16),
            status in "[1-5][0-9]{2}|-", code in "-|AccessDenied|",
        ) {
            let line = format!("{} {status} {code} - 197", before.join(" "));
            prop_assume!(line.len() <= LONG);
            prop_assert_eq!(success(line.as_bytes()), by_fields(line.as_bytes()), "{}", line);
        }
    }
}
