//! Arithmetic with clocks: the store's, this machine's, and the window of the signature.

use jiff::Timestamp;

use super::{Case, Finding};
use crate::domain::cause::Cause;
use crate::domain::exchange;
use crate::domain::fact::EvidenceSource;
use crate::domain::record::Record;
use crate::domain::target;
use crate::domain::verdict::Confidence;
use crate::i18n::{Language, tell};

/// From here clocks count as different on an expiry: what the SDKs correct (cos-nodejs-sdk-v5).
pub const DIFFERENT: i64 = 30;
/// From here COS and S3 refuse with `RequestTimeTooSkewed`.
const REFUSED: i64 = 15 * 60;

/// The store's clock beside this machine's.
struct Skew {
    /// The store's time.
    store: Timestamp,
    /// This machine's, as the request was sent.
    here: Timestamp,
    /// Seconds by which the store is ahead, over and above what the request took.
    seconds: i64,
    from: EvidenceSource,
    /// More than one source agrees, or the one that there is was written by the store as a time.
    sure: bool,
}

impl Skew {
    fn in_words(&self, language: Language) -> String {
        let seconds = self.seconds.abs();
        let apart = if seconds < 120 { format!("{seconds} s") } else { format!("{seconds} s ({} min)", seconds / 60) };
        tell!(
            language,
            "store %{store}, this machine %{here}: %{apart} apart",
            store = self.store,
            here = self.here,
            apart = apart
        )
        .into_owned()
    }
}

/// Where an answer tells the store's time. A gateway may rewrite `Date`, and the id is no clock.
fn store_time(record: &Record) -> Option<(Timestamp, EvidenceSource, bool)> {
    let date = record.headers.as_ref().and_then(exchange::date);
    let element = record.error.others.get("ServerTime").and_then(|time| time.parse::<Timestamp>().ok());
    match (date, element) {
        (Some(date), Some(element)) => {
            let agree = (date.as_second() - element.as_second()).abs() < DIFFERENT;
            Some((date, EvidenceSource::ResponseHeader("date"), agree))
        }
        (Some(date), None) => {
            // An id of this very answer that tells another time contradicts it.
            let id = record.request_id.as_ref().and_then(|id| id.time);
            let agree = id.is_none_or(|id| (date.as_second() - id.as_second()).abs() < DIFFERENT);
            Some((date, EvidenceSource::ResponseHeader("date"), agree))
        }
        (None, Some(element)) => Some((element, EvidenceSource::Element("ServerTime".to_owned()), true)),
        (None, None) => Some((record.request_id.as_ref()?.time?, EvidenceSource::RequestId, false)),
    }
}

/// Compares the clocks. Only for requests of this machine: an imported record's clock is somebody
/// else's. The store may have looked at its clock whenever the request was under way.
fn skew(record: &Record) -> Option<Skew> {
    let (store, from, sure) = store_time(record)?;
    if record.source != "probe" {
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
#[must_use]
pub fn seconds_ahead(record: &Record) -> Option<i64> {
    skew(record).map(|skew| skew.seconds)
}

/// Whether the clocks are so far apart that they explain a refusal for its time.
pub(super) fn explains(case: &Case<'_>) -> bool {
    skew(case.record).is_some_and(|skew| {
        let is_over = window_end(case).is_some_and(|end| skew.store.as_second() > end);
        skew.seconds.abs() >= REFUSED || is_over
    })
}

/// The last second of the signature's window: of the one made here, the second line of COS's string
/// to sign; of a presigned URL, what it says itself.
fn window_end(case: &Case<'_>) -> Option<i64> {
    let made_here = case.record.request.string_to_sign.as_deref().and_then(|text| text.lines().nth(1)?.split_once(';'));
    if let Some((_, end)) = made_here {
        return end.parse().ok();
    }
    let url = url::Url::parse(&case.record.url).ok()?;
    Some(target::presigned(&url)?.end?.as_second())
}

/// "Request has expired": the window was over by the store's clock. By this machine's clock too? Then
/// it is the window; if not, it is the clock.
pub(super) fn expired(case: &Case<'_>) -> Vec<Finding> {
    let finding = |cause, confidence| Finding::new(cause, confidence).because(EvidenceSource::Body, case.said());
    let (Some(skew), end) = (skew(case.record), window_end(case)) else {
        return vec![
            finding(Cause::SignatureExpired, Confidence::Likely),
            finding(Cause::ClockSkew, Confidence::Possible),
        ];
    };
    let apart = skew.in_words(case.language);
    let clock = |confidence| finding(Cause::ClockSkew, confidence).because(skew.from.clone(), apart.clone());
    let over = |confidence| {
        let finding = finding(Cause::SignatureExpired, confidence).because(skew.from.clone(), apart.clone());
        match end {
            Some(end) => finding
                .because(EvidenceSource::Signature, tell!(case.language, "it was valid until %{time}", time = at(end))),
            None => finding,
        }
    };
    let differ = skew.seconds.abs() >= DIFFERENT;
    if !case.is_signed_here() {
        // Whoever signed it set the window, by a clock of their own: against the store's nothing else counts.
        let is_over = skew.sure && end.is_some_and(|end| skew.store.as_second() > end);
        return vec![over(if is_over { Confidence::Certain } else { Confidence::Likely })];
    }
    let sure = if skew.sure { Confidence::Certain } else { Confidence::Likely };
    let here = case.record.time.as_second();
    match end {
        Some(end) if here <= end && differ && skew.store.as_second() > end => vec![clock(sure)],
        Some(end) if here > end && !differ => vec![over(sure)],
        Some(end) if here > end => vec![over(Confidence::Likely), clock(Confidence::Possible)],
        _ if differ => vec![clock(Confidence::Likely), over(Confidence::Possible)],
        _ => vec![over(Confidence::Likely)],
    }
}

/// `RequestTimeTooSkewed`: the clocks differ by more than a quarter of an hour, or what was signed
/// says another time than the clock.
pub(super) fn too_skewed(case: &Case<'_>) -> Vec<Finding> {
    if case.record.source == "probe" && case.is_signed() == Some(false) {
        // It carried no time at all: whoever signed it on the way has another clock.
        return vec![Finding::new(Cause::ClockSkew, Confidence::Possible).because(EvidenceSource::Body, case.said())];
    }
    if case.record.source == "probe" && case.is_signed() == Some(true) && !case.is_signed_here() {
        // The signer's clock, or a window that is over; this machine's clock had no part in it.
        let expired =
            Finding::new(Cause::SignatureExpired, Confidence::Likely).because(EvidenceSource::Body, case.said());
        return vec![expired];
    }
    let said = Finding::new(Cause::ClockSkew, Confidence::Likely).because(EvidenceSource::Body, case.said());
    vec![match skew(case.record) {
        Some(skew) if skew.seconds.abs() >= REFUSED => {
            let confidence = if skew.sure { Confidence::Certain } else { Confidence::Likely };
            Finding::new(Cause::ClockSkew, confidence)
                .because(EvidenceSource::Body, case.said())
                .because(skew.from.clone(), skew.in_words(case.language))
        }
        Some(skew) => {
            let apart = skew.in_words(case.language);
            said.because(
                skew.from,
                tell!(case.language, "%{apart}; the time that was signed is another one", apart = apart),
            )
        }
        None => said,
    }]
}

fn at(seconds: i64) -> String {
    Timestamp::from_second(seconds).map_or_else(|_| seconds.to_string(), |time| time.to_string())
}
