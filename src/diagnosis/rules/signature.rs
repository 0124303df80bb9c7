//! Signature forensics: the store sends back what it signed; equal to ours means the key, different
//! means the request.

use super::{Case, Finding};
use crate::domain::verdict::Confidence;

/// The names of the canonical request's lines.
const COS_LINES: &[&str] = &["method", "path", "parameters", "headers"];

pub fn mismatch(case: &Case<'_>) -> Vec<Finding> {
    let said = |cause, confidence| Finding::new(cause, confidence).because("body", case.said());
    let others = &case.record.error.others;
    let theirs = ["FormatString", "CanonicalRequest"].iter().find_map(|name| Some((*name, others.get(*name)?)));
    let ours = case.record.request.canonical_request.as_deref();
    let (Some((element, theirs)), Some(ours)) = (theirs, ours) else {
        return vec![said("secret-key-wrong", Confidence::Possible), said("request-altered", Confidence::Possible)];
    };
    let from = format!("body element {element}");
    let theirs = theirs.replace("\r\n", "\n");
    if let Some(difference) = first_difference(&theirs, ours) {
        return vec![said("request-altered", Confidence::Certain).because(&from, difference)];
    }
    let to_sign = others.get("StringToSign").map(|text| text.replace("\r\n", "\n"));
    let our_string = case.record.request.string_to_sign.as_deref().unwrap_or_default();
    if let Some(difference) = to_sign.as_deref().and_then(|theirs| first_difference(theirs, our_string)) {
        // The same canonical text and another hash or time: what was masked in it is what differs.
        return vec![said("request-altered", Confidence::Likely).because("body element StringToSign", difference)];
    }
    let equal = format!("equals what was signed here, byte for byte ({} bytes)", ours.trim_end().len());
    // Without the store's string to sign its time may be another one, and equal masks may hide
    // different secrets; with it the digest settles both.
    let confidence = if to_sign.is_some() { Confidence::Certain } else { Confidence::Likely };
    vec![
        said("secret-key-wrong", confidence)
            .because(&from, equal)
            .because("body", "the SecretId is known to the store, else it had said so"),
    ]
}

/// The first line that differs, named, with both sides. Blanks at the very end do not count.
fn first_difference(theirs: &str, ours: &str) -> Option<String> {
    let (theirs, ours) = (theirs.trim_end_matches('\n'), ours.trim_end_matches('\n'));
    let mut left = theirs.split('\n');
    let mut right = ours.split('\n');
    for number in 1.. {
        let (theirs, ours) = (left.next(), right.next());
        if theirs.is_none() && ours.is_none() {
            return None;
        }
        if theirs != ours {
            let name = COS_LINES.get(number - 1).copied().unwrap_or("text");
            let byte = theirs
                .unwrap_or_default()
                .bytes()
                .zip(ours.unwrap_or_default().bytes())
                .take_while(|(a, b)| a == b)
                .count()
                + 1;
            return Some(format!(
                "line {number} ({name}) differs at byte {byte}: store \"{}\", here \"{}\"",
                theirs.unwrap_or_default(),
                ours.unwrap_or_default()
            ));
        }
    }
    None
}
