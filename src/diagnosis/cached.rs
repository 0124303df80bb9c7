//! Answers that a cache on the way has kept: they tell of another time, and of nothing now.

use crate::domain::exchange;
use crate::domain::record::Record;

/// Seconds by which an id may be older than the answer's `Date` without being another request's.
const OLD: i64 = 300;

/// Whether an answer came out of a cache: by its age (RFC 9111, 5.1), by what caches say of themselves, or
/// by an id that is older than the answer.
pub fn is_cached(record: &Record) -> bool {
    let Some(headers) = &record.headers else { return false };
    let age = exchange::header(headers, "age");
    let is_aged = age.and_then(|age| age.trim().parse::<u64>().ok()).is_some_and(|age| age > 0);
    let says_hit =
        headers.iter().any(|(name, value)| name.contains("cache") && value.to_ascii_lowercase().contains("hit"));
    let id = record.request_id.as_ref().and_then(|id| id.time);
    let is_older = exchange::date(headers).zip(id).is_some_and(|(date, id)| date.as_second() - id.as_second() > OLD);
    is_aged || says_hit || (is_older && says_via(record))
}

/// A store whose clock is off has an old id, too; a cache says that it is there.
fn says_via(record: &Record) -> bool {
    let headers = record.headers.iter().flatten();
    headers.into_iter().any(|(name, _)| name == "via" || name.contains("cache"))
}
