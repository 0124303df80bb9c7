//! What a response says of the store's clock.

use jiff::Timestamp;

use crate::domain::exchange;
use crate::domain::record::Record;

/// Seconds that the store's clock was ahead of this machine's when it answered, and how far that may
/// be wrong: a second for the header's resolution, and half of the round trip.
pub fn ahead(record: &Record) -> Option<(i64, i64)> {
    // An imported record's clock is another machine's.
    let headers = record.headers.as_ref().filter(|_| record.source.is_probe())?;
    let date = exchange::date(headers)?;
    #[expect(clippy::cast_possible_truncation, reason = "half a round trip in milliseconds, clamped far below")]
    let half = (record.timing.total_ms / 2.0).clamp(0.0, 1e9) as i64;
    let here = Timestamp::from_millisecond(record.time.as_millisecond().checked_add(half)?).ok()?;
    Some((date.as_second() - here.as_second(), 1 + (half + 999) / 1000))
}
