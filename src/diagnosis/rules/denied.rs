//! 403 in its many meanings: told apart by Message, by what was sent, and by what else worked.

use super::context::RuleContext;
use super::finding::Finding;
use super::{clock, code_book};
use crate::domain::cause::Cause;
use crate::domain::dialect::Dialect;
use crate::domain::fact::{EvidenceSource, Fact};
use crate::domain::verdict::Confidence;

/// What stores say of a request without a signature: COS, s3s-fs, Garage.
pub const UNSIGNED: &[&str] = &[
    "check auth failure because signature empty",
    "signature is required",
    "forbidden: garage does not support anonymous access",
];

/// `AccessDenied` is decided by its Message and by whether the request was signed, not by its code.
pub fn access_denied(case: &RuleContext<'_>) -> Vec<Finding> {
    let said = |cause, confidence| Finding::new(cause, confidence).because(EvidenceSource::Body, case.said());
    let message = case.message.as_str();
    // Messages echo names of users, buckets and keys: only how they begin is the store's own.
    if message.starts_with("request has expired") {
        return clock::expired(case);
    }
    if message.starts_with("you are denied by bucket referer") {
        return vec![said(Cause::RefererDenied, Confidence::Certain)];
    }
    if UNSIGNED.iter().any(|words| message.starts_with(words)) {
        return vec![unsigned(case)];
    }
    if message.starts_with("forbidden: invalid signature") {
        return vec![
            said(Cause::SecretKeyWrong, Confidence::Likely),
            said(Cause::RequestAltered, Confidence::Possible),
        ];
    }
    if message.starts_with("forbidden: no such key") {
        return vec![said(Cause::SecretIdUnknown, Confidence::Likely)];
    }
    if message.starts_with("the bucket you are attempting to access must be addressed") {
        let elsewhere = said(Cause::BucketWrongRegion, Confidence::Likely);
        let endpoint = case.record.error.others.get("Endpoint");
        return vec![match endpoint {
            Some(endpoint) => elsewhere.because(EvidenceSource::element("Endpoint"), Fact::Value(endpoint.clone())),
            None => elsewhere,
        }];
    }
    if message.starts_with("the difference between the request time") {
        return clock::too_skewed(case);
    }
    let by_message = code_book::by_message(case);
    if !by_message.is_empty() {
        return by_message;
    }
    if case.is_signed().is_none() {
        return vec![
            said(Cause::PermissionDenied, Confidence::Possible),
            said(Cause::AnonymousDenied, Confidence::Possible),
        ];
    }
    if case.is_signed() == Some(false) {
        // A hotlink rule or a policy against an address may say the same words.
        let fact = Fact::NotSigned;
        return vec![
            said(Cause::AnonymousDenied, Confidence::Likely).because(EvidenceSource::RequestHeaders, fact),
            said(Cause::PermissionDenied, Confidence::Possible),
        ];
    }
    let fact = Fact::SignatureAccepted;
    let signed = said(Cause::PermissionDenied, Confidence::Likely).because(EvidenceSource::RequestHeaders, fact);
    if case.has_token() {
        let fact = Fact::TokenSent;
        return vec![signed.because(EvidenceSource::RequestHeaders, fact)];
    }
    if !case.record.source.is_probe() {
        return vec![signed];
    }
    let fact = Fact::NoTokenSent;
    vec![signed, said(Cause::TokenMissing, Confidence::Possible).because(EvidenceSource::RequestHeaders, fact)]
}

/// A request that came without a signature, by the store's own words. If one was sent, it was taken off on the
/// way; whether one was sent is not known of what was pasted.
fn unsigned(case: &RuleContext<'_>) -> Finding {
    let said = |cause, confidence| Finding::new(cause, confidence).because(EvidenceSource::Body, case.said());
    match case.is_signed() {
        Some(true) => {
            let fact = Fact::SignatureRemoved;
            said(Cause::RequestAltered, Confidence::Likely).because(EvidenceSource::RequestHeaders, fact)
        }
        _ => said(Cause::AnonymousDenied, Confidence::Likely),
    }
}

/// A preflight is never signed, so a store that refuses one decides by the bucket's CORS rules, whatever its Code.
pub fn is_refused_preflight(case: &RuleContext<'_>) -> bool {
    let is_refused = matches!(case.record.status_code, Some(401 | 403)) || case.code == "unsupportedalgorithm";
    let is_in_time = case.code != "requesttimetooskewed";
    case.record.method == "OPTIONS" && case.is_signed() != Some(true) && is_refused && is_in_time
}

/// The cause of such a refusal.
pub fn preflight(case: &RuleContext<'_>) -> Vec<Finding> {
    if case.code == "accessforbidden" || case.message.starts_with("corsresponse") {
        return access_forbidden(case);
    }
    let findings = access_forbidden(case).into_iter().map(|finding| finding.at_most(Confidence::Likely));
    let denied = Finding::new(Cause::PermissionDenied, Confidence::Possible).because(EvidenceSource::Body, case.said());
    findings.chain([denied]).collect()
}

/// A CORS refusal can be told only from a request that asked like a browser.
pub fn access_forbidden(case: &RuleContext<'_>) -> Vec<Finding> {
    let is_cors = case.record.method == "OPTIONS" || case.message.starts_with("corsresponse");
    let confidence = if is_cors { Confidence::Certain } else { Confidence::Likely };
    let finding = Finding::new(Cause::CorsDenied, confidence).because(EvidenceSource::Body, case.said());
    let origin = case.sent_header("origin").map(str::to_owned);
    let method = case.sent_header("access-control-request-method").map(str::to_owned);
    if origin.is_none() && method.is_none() {
        return vec![finding];
    }
    vec![finding.because(EvidenceSource::RequestHeaders, Fact::CorsAsked { origin, method })]
}

/// Unknown, disabled, or a temporary id that is over or came without its token: one code for all.
pub fn unknown_id(case: &RuleContext<'_>) -> Vec<Finding> {
    let said = |cause, confidence| Finding::new(cause, confidence).because(EvidenceSource::Body, case.said());
    if let Some(finding) = malformed(case) {
        return vec![finding];
    }
    if case.has_token() {
        let fact = Fact::TemporaryIdSent;
        return vec![
            said(Cause::TokenExpired, Confidence::Likely).because(EvidenceSource::RequestHeaders, fact),
            said(Cause::SecretIdUnknown, Confidence::Possible),
        ];
    }
    if case.is_signed().is_none() {
        let causes = [Cause::SecretIdUnknown, Cause::TokenExpired, Cause::TokenMissing];
        return causes.map(|cause| said(cause, Confidence::Possible)).into();
    }
    let missing = Fact::TemporaryIdNeedsToken;
    if let Some(shape) = case.known.shape.as_ref().filter(|shape| shape.looks_temporary()) {
        let fact = Fact::TemporaryIdLength { characters: shape.id_length };
        return vec![
            said(Cause::TokenMissing, Confidence::Likely)
                .because(EvidenceSource::SecretId, fact)
                .because(EvidenceSource::RequestHeaders, missing),
            said(Cause::SecretIdUnknown, Confidence::Possible),
        ];
    }
    vec![
        said(Cause::SecretIdUnknown, Confidence::Likely),
        said(Cause::TokenMissing, Confidence::Possible).because(EvidenceSource::RequestHeaders, missing),
    ]
}

/// No store knows an id with a blank in it, whatever else may be wrong.
fn malformed(case: &RuleContext<'_>) -> Option<Finding> {
    let shape = case.known.shape.as_ref().filter(|_| case.record.dialect == Dialect::Cos)?;
    let said =
        |confidence| Finding::new(Cause::CredentialMalformed, confidence).because(EvidenceSource::Body, case.said());
    if shape.blank_in_id {
        let fact = Fact::HasWhitespace;
        return Some(said(Confidence::Certain).because(EvidenceSource::SecretId, fact));
    }
    let swapped = shape.key_like_an_id && !shape.is_cos_id;
    swapped.then(|| said(Confidence::Certain).because(EvidenceSource::SecretKey, Fact::IdAndKeySwapped))
}
