//! A signature that does not match: equal texts mean the key, different ones the request.

use super::{Case, Finding};
use crate::diagnosis::forensics;
use crate::domain::cause::Cause;
use crate::domain::dialect::Dialect;
use crate::domain::fact::EvidenceSource;
use crate::domain::redacted::REDACTED;
use crate::domain::verdict::Confidence;
use crate::i18n::tell;

pub fn mismatch(case: &Case<'_>) -> Vec<Finding> {
    let said = |cause, confidence| Finding::new(cause, confidence).because(EvidenceSource::Body, case.said());
    if let Some((theirs, ours)) = forensics::other_time(case.record) {
        let fact =
            tell!(case.language, "the store's time is %{store}, this request's %{here}", store = theirs, here = ours);
        let summary = tell!(
            case.language,
            "This is the answer to another request, signed at another time: a cache on the way kept it."
        );
        let again = tell!(case.language, "send it again when the cache has let go of it, or past the cache");
        let keep = tell!(case.language, "have the cache keep no failures, and no answers to signed requests");
        // What the store says of that request tells nothing of this one.
        let kept = said(Cause::RequestAltered, Confidence::Likely)
            .because(EvidenceSource::Element("StringToSign".to_owned()), fact);
        return vec![kept.saying(summary, vec![again.into_owned(), keep.into_owned()])];
    }
    let Some(comparison) = forensics::compare(case.record, case.language) else {
        return vec![
            said(Cause::SecretKeyWrong, Confidence::Possible),
            said(Cause::RequestAltered, Confidence::Possible),
        ];
    };
    let from = EvidenceSource::Element(comparison.text.clone());
    let line_of = |text: &str, line: usize| text.split('\n').nth(line - 1).unwrap_or_default().to_owned();
    if let (Some(line), Some(byte)) = (comparison.line, comparison.byte) {
        let (store, here) = (line_of(&comparison.store, line), line_of(&comparison.here, line));
        // What was rebuilt from a pasted request may itself be what is wrong.
        let was_signed_here = forensics::signed_here(case.record).0.is_some();
        // Both sides are redacted, each in its own spelling: where something is hidden the rest of the line
        // may differ by that alone.
        let is_hidden = store.contains(REDACTED) || here.contains(REDACTED);
        let confidence = if was_signed_here && !is_hidden { Confidence::Certain } else { Confidence::Likely };
        let fact = tell!(
            case.language,
            "%{element}: line %{line} differs at byte %{byte}: store \"%{store}\", here \"%{here}\"",
            element = comparison.element,
            line = line,
            byte = byte,
            store = store,
            here = here
        );
        return vec![
            said(Cause::RequestAltered, confidence)
                .because(from, fact)
                .because(EvidenceSource::Usually, comparison.usual),
        ];
    }
    let bytes = comparison.here.len();
    let equal = tell!(case.language, "equals what was signed here, byte for byte (%{bytes} bytes)", bytes = bytes);
    let has_digest = case.record.error.others.get("StringToSign").is_some_and(|text| !text.is_empty())
        && forensics::signed_here(case.record).1.is_some();
    // Without the store's string to sign its time may be another one, and equal masks may hide
    // different secrets; with it the digest settles both.
    let is_cos = case.record.dialect == Dialect::Cos;
    let confidence = if has_digest && is_cos { Confidence::Certain } else { Confidence::Likely };
    let key = said(Cause::SecretKeyWrong, confidence).because(from, equal);
    if !is_cos {
        // OpenStack Swift says the same of an id that it does not know.
        return vec![with_shape(case, key), said(Cause::SecretIdUnknown, Confidence::Possible)];
    }
    let known = tell!(case.language, "the SecretId is known to the store, else it had said so");
    vec![with_shape(case, key.because(EvidenceSource::Body, known))]
}

fn with_shape(case: &Case<'_>, key: Finding) -> Finding {
    match case.known.shape.as_ref() {
        Some(shape) if shape.blank_in_key => {
            key.because(EvidenceSource::SecretKey, tell!(case.language, "there is a blank or a line feed in it"))
        }
        Some(shape) if shape.key_like_an_id => {
            key.because(EvidenceSource::SecretKey, tell!(case.language, "it begins with AKID, as a SecretId does"))
        }
        _ => key,
    }
}
