//! Arithmetic with clocks: the store's, this machine's, and the window of the signature.

use jiff::Timestamp;

use crate::domain::exchange;
use crate::domain::fact::{EvidenceSource, Fact};
use crate::domain::record::Record;
use crate::domain::target;

/// From here clocks count as different on an expiry: what the SDKs correct (cos-nodejs-sdk-v5).
pub const DIFFERENT: i64 = 30;
/// From here COS and S3 refuse with `RequestTimeTooSkewed`.
pub const REFUSED: i64 = 15 * 60;

/// The store's clock next to this machine's.
pub struct Skew {
    /// The store's time.
    pub store: Timestamp,
    /// This machine's, as the request was sent.
    pub here: Timestamp,
    /// Seconds by which the store is ahead, over and above what the request took.
    pub seconds: i64,
    pub from: EvidenceSource,
    /// More than one source agrees, or the one that there is was written by the store as a time.
    pub sure: bool,
}

impl Skew {
    /// Both times, and how far apart they are.
    pub fn fact(&self) -> Fact {
        Fact::ClocksDiffer { store: self.store, here: self.here, seconds: self.seconds }
    }
}

/// Where an answer tells the store's time. A gateway may rewrite `Date`, and the id is not a clock.
fn store_time(record: &Record) -> Option<(Timestamp, EvidenceSource, bool)> {
    let date = record.headers.as_ref().and_then(exchange::date);
    let element = record.error.others.get("ServerTime").and_then(|time| time.parse::<Timestamp>().ok());
    match (date, element) {
        (Some(date), Some(element)) => {
            let agree = (date.as_second() - element.as_second()).abs() < DIFFERENT;
            Some((date, EvidenceSource::header("date"), agree))
        }
        (Some(date), None) => {
            // An id of this very answer that tells another time contradicts it.
            let id = record.request_id.as_ref().and_then(|id| id.time);
            let agree = id.is_none_or(|id| (date.as_second() - id.as_second()).abs() < DIFFERENT);
            Some((date, EvidenceSource::header("date"), agree))
        }
        (None, Some(element)) => Some((element, EvidenceSource::element("ServerTime"), true)),
        (None, None) => Some((record.request_id.as_ref()?.time?, EvidenceSource::RequestId, false)),
    }
}

/// Compares the clocks. Only for requests of this machine: an imported record's clock is another
/// machine's. The store may have looked at its clock whenever the request was under way.
pub fn skew(record: &Record) -> Option<Skew> {
    let (store, from, sure) = store_time(record)?;
    if !record.source.is_probe() {
        return None;
    }
    let own = record.attempts.len().checked_sub(1 + usize::from(record.twin.is_some()));
    let sent = own.and_then(|last| record.attempts.get(last)).map_or(record.time, |attempt| attempt.time);
    let took = std::time::Duration::from_secs_f64((record.timing.total_ms / 1e3).clamp(0.0, 86_400.0));
    let answered = sent.as_second().saturating_add(i64::try_from(took.as_secs()).unwrap_or(0));
    let seconds = match store.as_second() {
        store if store < sent.as_second() => store - sent.as_second(),
        store if store > answered => store - answered,
        _ => 0,
    };
    Some(Skew { store, here: sent, seconds, from, sure })
}

/// Seconds by which the store's clock is ahead of this machine's, where both are known.
pub fn seconds_ahead(record: &Record) -> Option<i64> {
    skew(record).map(|skew| skew.seconds)
}

/// Whether the clocks are so far apart that they explain a refusal for its time.
pub fn explains(record: &Record) -> bool {
    skew(record).is_some_and(|skew| {
        let is_over = window_end(record).is_some_and(|end| skew.store.as_second() > end);
        skew.seconds.abs() >= REFUSED || is_over
    })
}

/// The last second of the signature's window: of the one made here, the second line of COS's string
/// to sign; of a presigned URL, what it says itself.
pub fn window_end(record: &Record) -> Option<i64> {
    let made_here = record.request.string_to_sign.as_deref().and_then(|text| text.lines().nth(1)?.split_once(';'));
    if let Some((_, end)) = made_here {
        return end.parse().ok();
    }
    let url = url::Url::parse(&record.url).ok()?;
    Some(target::presigned(&url)?.end?.as_second())
}
