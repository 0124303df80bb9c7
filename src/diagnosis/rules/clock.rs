//! Arithmetic with clocks: the store's, this machine's, and the window of the signature.

use jiff::Timestamp;
use jiff::fmt::rfc2822;

use super::{Case, Finding};
use crate::domain::exchange;
use crate::domain::record::Record;
use crate::domain::target;
use crate::domain::verdict::Confidence;

/// From here clocks count as different on an expiry: what the SDKs correct (cos-nodejs-sdk-v5).
pub const DIFFERENT: i64 = 30;
/// From here COS and S3 refuse with `RequestTimeTooSkewed`.
const REFUSED: i64 = 15 * 60;

/// The store's clock when it answered, and where it was read.
fn store_time(record: &Record) -> Option<(Timestamp, &'static str)> {
    let header = record.headers.as_ref().and_then(|headers| exchange::header(headers, "date"));
    if let Some(date) = header.and_then(|date| rfc2822::parse(date).ok()) {
        return Some((date.timestamp(), "response header date"));
    }
    if let Some(time) = record.error.others.get("ServerTime").and_then(|time| time.parse().ok()) {
        return Some((time, "body element ServerTime"));
    }
    let id = record.request_id.as_ref()?;
    Some((id.time?, "RequestId (inferred)"))
}

/// Seconds by which the store's clock is ahead of this machine's, and the words for it. Only for
/// requests of this machine: an imported record's clock is somebody else's.
fn skew(record: &Record) -> Option<(i64, &'static str, String)> {
    let (store, from) = store_time(record)?;
    if record.source != "probe" {
        return None;
    }
    let here = record.time;
    let seconds = store.as_second() - here.as_second();
    Some((seconds, from, format!("store {store}, this machine {here}: {} s apart", seconds.abs())))
}

/// Seconds by which the store's clock is ahead of this machine's, where both are known.
#[must_use]
pub fn seconds_ahead(record: &Record) -> Option<i64> {
    skew(record).map(|(seconds, ..)| seconds)
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
    let finding = |cause, confidence| Finding::new(cause, confidence).because("body", case.said());
    let (Some((seconds, from, words)), end) = (skew(case.record), window_end(case)) else {
        return vec![finding("signature-expired", Confidence::Likely), finding("clock-skew", Confidence::Possible)];
    };
    let clock = |confidence| finding("clock-skew", confidence).because(from, words.clone());
    let over = |confidence| {
        let finding = finding("signature-expired", confidence).because(from, words.clone());
        match end {
            Some(end) => finding.because("signature", format!("it was valid until {}", at(end))),
            None => finding,
        }
    };
    let differ = seconds.abs() >= DIFFERENT;
    match end.map(|end| case.record.time.as_second() <= end) {
        Some(true) if differ => vec![clock(Confidence::Certain)],
        Some(false) if !differ => vec![over(Confidence::Certain)],
        Some(true) | None if !differ => vec![over(Confidence::Likely)],
        Some(false) => vec![over(Confidence::Likely), clock(Confidence::Possible)],
        _ => vec![clock(Confidence::Likely), over(Confidence::Possible)],
    }
}

/// `RequestTimeTooSkewed`: the clocks differ by more than a quarter of an hour, or what was signed
/// says another time than the clock.
pub(super) fn too_skewed(case: &Case<'_>) -> Vec<Finding> {
    let said = Finding::new("clock-skew", Confidence::Likely).because("body", case.said());
    vec![match skew(case.record) {
        Some((seconds, from, words)) if seconds.abs() >= REFUSED => {
            Finding::new("clock-skew", Confidence::Certain).because("body", case.said()).because(from, words)
        }
        Some((_, from, words)) => said.because(from, format!("{words}; the time that was signed is another one")),
        None => said,
    }]
}

fn at(seconds: i64) -> String {
    Timestamp::from_second(seconds).map_or_else(|_| seconds.to_string(), |time| time.to_string())
}
