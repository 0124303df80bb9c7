//! A signature that does not match: equal texts mean the key, different ones the request.

use super::context::RuleContext;
use super::finding::Finding;
use super::words;
use crate::diagnosis::signature_diff;
use crate::domain::cause::Cause;
use crate::domain::dialect::Dialect;
use crate::domain::fact::{EvidenceSource, Fact};
use crate::domain::redacted::REDACTED;
use crate::domain::verdict::{Confidence, Statement};

pub fn mismatch(case: &RuleContext<'_>) -> Vec<Finding> {
    let said = |cause, confidence| Finding::new(cause, confidence).because(EvidenceSource::Body, case.said());
    if let Some((theirs, ours)) = signature_diff::other_time(case.record) {
        let fact = Fact::SignedAtOtherTime { store: theirs, here: ours };
        // What the store says of that request tells nothing of this one.
        let kept =
            said(Cause::RequestAltered, Confidence::Likely).because(EvidenceSource::element("StringToSign"), fact);
        return vec![kept.saying(Statement::KeptByCache)];
    }
    let Some(comparison) = signature_diff::compare(case.record) else {
        let key = said(Cause::SecretKeyWrong, Confidence::Possible);
        let altered = said(Cause::RequestAltered, Confidence::Possible);
        return match words::shows_altered(case.record) {
            Some((element, shown)) => {
                vec![altered.because(EvidenceSource::element(element), Fact::Value(shown)), key]
            }
            None => vec![key, altered],
        };
    };
    let from = EvidenceSource::element(&comparison.text);
    let line_of = |text: &str, line: usize| text.split('\n').nth(line - 1).unwrap_or_default().to_owned();
    if let (Some(line), Some(byte)) = (comparison.line, comparison.byte) {
        let (store, here) = (line_of(&comparison.store, line), line_of(&comparison.here, line));
        // What was rebuilt from a pasted request may itself be what is wrong.
        let was_signed_here = signature_diff::signed_here(case.record).0.is_some();
        // Both sides are redacted, each in its own spelling: where something is hidden the rest of the line
        // may differ by that alone.
        let is_hidden = store.contains(REDACTED) || here.contains(REDACTED);
        let confidence = if was_signed_here && !is_hidden { Confidence::Certain } else { Confidence::Likely };
        let element = comparison.element;
        let usual = Fact::UsuallyChangedBy(element.clone());
        let differs = Fact::SignedTextDiffers { element, line, byte, store, here };
        let altered = said(Cause::RequestAltered, confidence).because(from, differs);
        return vec![altered.because(EvidenceSource::Usually, usual)];
    }
    let equal = Fact::SignedTextEqual { bytes: comparison.here.len() };
    let has_digest = case.record.error.others.get("StringToSign").is_some_and(|text| !text.is_empty())
        && signature_diff::signed_here(case.record).1.is_some();
    // Without the store's string to sign its time may be another one, and equal masks may hide
    // different secrets; with it the digest settles both.
    let is_cos = case.record.dialect == Dialect::Cos;
    let confidence = if has_digest && is_cos { Confidence::Certain } else { Confidence::Likely };
    let key = said(Cause::SecretKeyWrong, confidence).because(from, equal);
    if !is_cos {
        // OpenStack Swift says the same of an id that it does not know.
        return vec![with_shape(case, key), said(Cause::SecretIdUnknown, Confidence::Possible)];
    }
    vec![with_shape(case, key.because(EvidenceSource::Body, Fact::SecretIdKnown))]
}

fn with_shape(case: &RuleContext<'_>, key: Finding) -> Finding {
    match case.known.shape.as_ref() {
        Some(shape) if shape.blank_in_key => key.because(EvidenceSource::SecretKey, Fact::HasWhitespace),
        Some(shape) if shape.key_like_an_id => key.because(EvidenceSource::SecretKey, Fact::KeyLooksLikeId),
        _ => key,
    }
}
