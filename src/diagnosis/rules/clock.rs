//! Refusals for the time of a request: the clocks, or the window of the signature.

use super::context::RuleContext;
use super::finding::Finding;
use crate::diagnosis::clock::{DIFFERENT, REFUSED, Skew, skew, window_end};
use crate::domain::cause::Cause;
use crate::domain::fact::{EvidenceSource, Fact};
use crate::domain::verdict::{Confidence, Statement};

/// "Request has expired": the window was over by the store's clock. By this machine's clock too? Then
/// it is the window; if not, it is the clock.
pub fn expired(case: &RuleContext<'_>) -> Vec<Finding> {
    let finding = |cause, confidence| Finding::new(cause, confidence).because(EvidenceSource::Body, case.said());
    let (Some(skew), end) = (skew(case.record), window_end(case.record)) else {
        return vec![
            finding(Cause::SignatureExpired, Confidence::Likely),
            finding(Cause::ClockSkew, Confidence::Possible),
        ];
    };
    let clock = |confidence| told(finding(Cause::ClockSkew, confidence), &skew);
    let over = |confidence| {
        let finding = finding(Cause::SignatureExpired, confidence).because(skew.from.clone(), skew.fact());
        match end {
            Some(end) => finding.because(EvidenceSource::Signature, Fact::ValidUntil { end }),
            None => finding,
        }
    };
    let differ = skew.seconds.abs() >= DIFFERENT;
    if !case.is_signed_here() {
        // The signer set the window by its own clock: only the store's clock counts.
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
pub fn too_skewed(case: &RuleContext<'_>) -> Vec<Finding> {
    if case.record.source.is_probe() && case.is_signed() == Some(false) {
        // It carried no time: a proxy signed it, by another clock.
        return vec![Finding::new(Cause::ClockSkew, Confidence::Possible).because(EvidenceSource::Body, case.said())];
    }
    if case.record.source.is_probe() && case.is_signed() == Some(true) && !case.is_signed_here() {
        // The signer's clock, or a window that is over; this machine's clock had no part in it.
        let expired =
            Finding::new(Cause::SignatureExpired, Confidence::Likely).because(EvidenceSource::Body, case.said());
        return vec![expired];
    }
    let said = Finding::new(Cause::ClockSkew, Confidence::Likely).because(EvidenceSource::Body, case.said());
    vec![match skew(case.record) {
        Some(skew) if skew.seconds.abs() >= REFUSED => {
            let confidence = if skew.sure { Confidence::Certain } else { Confidence::Likely };
            told(Finding::new(Cause::ClockSkew, confidence).because(EvidenceSource::Body, case.said()), &skew)
        }
        Some(Skew { store, here, seconds, from, .. }) => {
            said.because(from, Fact::SignedTimeDiffers { store, here, seconds })
        }
        None => said,
    }]
}

/// The cause is the clocks, and this is how far apart they are.
fn told(finding: Finding, skew: &Skew) -> Finding {
    let finding = finding.because(skew.from.clone(), skew.fact());
    match skew.seconds {
        0 => finding,
        seconds => finding.saying(Statement::ClocksDiffer { seconds }),
    }
}
