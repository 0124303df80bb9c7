//! Answers that a cache on the way has kept: they tell of another time, and of nothing now.

use jiff::Timestamp;

use crate::domain::exchange;
use crate::domain::record::Record;

/// Seconds by which an id may be older than the answer's `Date` without being another request's.
const OLD: i64 = 300;

/// Seconds within which two clocks are the same, and an id is of the answer that it came with.
const AGREE: i64 = 10;

/// Whether an answer came out of a cache: by its age (RFC 9111, 5.1), by what caches say of themselves, or
/// by an id that is older than the answer.
pub fn is_cached(record: &Record) -> bool {
    let Some(headers) = &record.headers else { return false };
    let age = exchange::header(headers, "age");
    let is_aged = age.and_then(|age| age.trim().parse::<u64>().ok()).is_some_and(|age| age > 0);
    let says_hit =
        headers.iter().any(|(name, value)| name.contains("cache") && value.to_ascii_lowercase().contains("hit"));
    let id = record.request_id.as_ref().and_then(|id| id.time);
    let (date, id) = (exchange::date(headers).map(Timestamp::as_second), id.map(Timestamp::as_second));
    let age = date.zip(id).map_or(0, |(date, id)| date - id);
    // This machine's clock and the answer's Date agree, and the id alone is of another time: nobody says that
    // there is a cache, and a kept answer gets the Date of the day that it is handed out on.
    let sent = record.attempts.last().map_or(record.time, |attempt| attempt.time).as_second();
    let clocks_agree = date.is_some_and(|date| (date - sent).abs() <= AGREE);
    is_aged || says_hit || (age > OLD && says_via(record)) || (age > AGREE && clocks_agree)
}

/// Whether an answer was made for this very request: its id is younger than that, by a clock that agrees with
/// this machine's. Ids count whole seconds: one of the same second may be another request's.
pub fn is_fresh(record: &Record) -> bool {
    let sent = record.attempts.last().map_or(record.time, |attempt| attempt.time).as_second();
    let id = record.request_id.as_ref().and_then(|id| id.time).map(Timestamp::as_second);
    let date = record.headers.as_ref().and_then(exchange::date).map(Timestamp::as_second);
    id.is_some_and(|id| id > sent) && date.is_some_and(|date| (date - sent).abs() <= AGREE) && !is_cached(record)
}

/// A store whose clock is off has an old id, too; a cache says that it is there.
fn says_via(record: &Record) -> bool {
    let headers = record.headers.iter().flatten();
    headers.into_iter().any(|(name, _)| name == "via" || name.contains("cache"))
}
