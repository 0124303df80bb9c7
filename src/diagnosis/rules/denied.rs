//! 403 in its many meanings: told apart by Message, by what was sent, and by what else worked.

use super::{Case, Finding, clock};
use crate::domain::verdict::Confidence;

/// `AccessDenied` is decided by its Message and by whether the request was signed, not by its code.
pub fn access_denied(case: &Case<'_>) -> Vec<Finding> {
    let said = |cause, confidence| Finding::new(cause, confidence).because("body", case.said());
    let message = case.message.as_str();
    if message.contains("request has expired") {
        return clock::expired(case);
    }
    if message.contains("referer") {
        return vec![said("referer-denied", Confidence::Certain)];
    }
    if message.contains("signature empty") && case.is_signed() == Some(true) {
        let words = "an Authorization header was sent; something on the way took it off";
        return vec![said("request-altered", Confidence::Likely).because("request headers", words)];
    }
    if message.contains("invalid signature") {
        return vec![said("secret-key-wrong", Confidence::Likely), said("request-altered", Confidence::Possible)];
    }
    if message.contains("no such key") && message.contains("forbidden") {
        return vec![said("secret-id-unknown", Confidence::Certain)];
    }
    if message.contains("difference between the request time") {
        return clock::too_skewed(case);
    }
    if message.contains("signature empty") {
        return vec![said("anonymous-denied", Confidence::Likely)];
    }
    if case.is_signed().is_none() {
        return vec![said("permission-denied", Confidence::Possible), said("anonymous-denied", Confidence::Possible)];
    }
    if case.is_signed() == Some(false) {
        // A hotlink rule or a policy against an address may say the same words.
        let words = "no Authorization header and no signature in the URL were sent";
        return vec![
            said("anonymous-denied", Confidence::Likely).because("request headers", words),
            said("permission-denied", Confidence::Possible),
        ];
    }
    let signed = said("permission-denied", Confidence::Likely)
        .because("request headers", "the request was signed, and its signature was not objected to");
    if case.has_token() {
        let words = "a session token was sent: the policy that the temporary credentials were made with counts too";
        return vec![signed.because("request headers", words)];
    }
    vec![signed, said("token-missing", Confidence::Possible).because("request headers", "no session token was sent")]
}

/// A CORS refusal can be told only from a request that asked like a browser.
pub fn access_forbidden(case: &Case<'_>) -> Vec<Finding> {
    let is_cors = case.record.method == "OPTIONS" || case.message.contains("cors");
    let confidence = if is_cors { Confidence::Certain } else { Confidence::Likely };
    let finding = Finding::new("cors-denied", confidence).because("body", case.said());
    let origin = case.sent_header("origin").map(|origin| format!("origin {origin}"));
    let method = case.sent_header("access-control-request-method").map(|method| format!("method {method}"));
    let asked: Vec<_> = origin.into_iter().chain(method).collect();
    vec![if asked.is_empty() { finding } else { finding.because("request headers", asked.join(", ")) }]
}

/// Unknown, disabled, or a temporary id that is over or came without its token: one code for all.
pub fn unknown_id(case: &Case<'_>) -> Vec<Finding> {
    let said = |cause, confidence| Finding::new(cause, confidence).because("body", case.said());
    if let Some(finding) = malformed(case) {
        return vec![finding];
    }
    if case.has_token() {
        let words = "a session token was sent, so the id is a temporary one";
        return vec![
            said("token-expired", Confidence::Likely).because("request headers", words),
            said("secret-id-unknown", Confidence::Possible),
        ];
    }
    if case.is_signed().is_none() {
        let causes = ["secret-id-unknown", "token-expired", "token-missing"];
        return causes.map(|cause| said(cause, Confidence::Possible)).into();
    }
    let missing = "no session token was sent; a temporary id needs one";
    if let Some(shape) = case.known.shape.as_ref().filter(|shape| shape.looks_temporary()) {
        let words = format!("it has {} characters; permanent ones have 36 (inferred)", shape.id_length);
        return vec![
            said("token-missing", Confidence::Likely).because("SecretId", words).because("request headers", missing),
            said("secret-id-unknown", Confidence::Possible),
        ];
    }
    vec![
        said("secret-id-unknown", Confidence::Likely),
        said("token-missing", Confidence::Possible).because("request headers", missing),
    ]
}

/// No store knows an id with a blank in it, whatever else may be wrong.
fn malformed(case: &Case<'_>) -> Option<Finding> {
    let shape = case.known.shape.as_ref()?;
    let said = |confidence| Finding::new("credential-malformed", confidence).because("body", case.said());
    if shape.blank_in_id {
        return Some(said(Confidence::Certain).because("SecretId", "there is a blank or a line feed in it"));
    }
    let swapped = shape.key_like_an_id && !shape.is_cos_id;
    swapped.then(|| said(Confidence::Certain).because("SecretKey", "it begins with AKID and the SecretId does not"))
}

/// HEAD and GET are two permissions: the one refused and the other allowed leaves nothing else.
pub fn head_but_not_get(case: &Case<'_>) -> Option<Finding> {
    let twin = case.record.twin.as_ref().filter(|twin| twin.differs)?;
    let allowed = twin.status_code.filter(|status| (200..300).contains(status))?;
    (case.record.status_code == Some(403)).then(|| {
        Finding::new("permission-denied", Confidence::Certain).because("HEAD", "403").because(
            "the same request as GET",
            format!("{allowed}: key, signature and clock are right, only this action is not allowed"),
        )
    })
}
