//! What a text says that is not the store's own response: a Message without its Code, a browser's sentence, a
//! status alone, the store's own signing text. Never certain: the text may leave something out.

use super::context::{RuleContext, is_read};
use super::finding::Finding;
use crate::domain::cause::Cause;
use crate::domain::check::ShortResponse;
use crate::domain::dialect::Dialect;
use crate::domain::exchange::header;
use crate::domain::fact::{EvidenceSource, Fact};
use crate::domain::record::Record;
use crate::domain::verdict::Confidence::{Likely, Possible};
use crate::domain::verdict::Statement;
use crate::domain::vocabulary;

/// What words of the text tell by themselves.
pub fn findings(case: &RuleContext<'_>) -> Vec<Finding> {
    if !is_read(case.record) {
        return Vec::new();
    }
    let said = |cause, confidence| Finding::new(cause, confidence).because(EvidenceSource::Body, case.said());
    if is_refused_preflight(case) {
        return vec![said(Cause::CorsDenied, Likely), said(Cause::PermissionDenied, Possible)];
    }
    if case.code == "notimplemented" && case.message.contains("header") {
        return vec![said(Cause::InvalidRequest, Likely), said(Cause::MethodNotAllowed, Possible)];
    }
    let told = vocabulary::cause_of(&case.message).and_then(|cause| cause.parse().ok());
    let headers = case.record.headers.iter().flatten();
    let is_console = headers.clone().any(|(name, value)| name == "server" && value.contains("MinIO Console"));
    match told {
        Some(Cause::ClockSkew) => vec![said(Cause::ClockSkew, Likely), said(Cause::InvalidRequest, Possible)],
        Some(Cause::CredentialMalformed) if !is_about_form(case) => {
            vec![said(Cause::CredentialMalformed, Likely).saying(Statement::NoCredentials)]
        }
        Some(Cause::Undetermined) => vec![said(Cause::Undetermined, Possible).saying(Statement::HostNotListed)],
        Some(told) => vec![said(told, Likely)],
        None if is_console => vec![said(Cause::NotTheStore, Likely)],
        None => Vec::new(),
    }
}

/// The words are of credentials that are there, and not of none.
fn is_about_form(case: &RuleContext<'_>) -> bool {
    ["has length", "header value"].iter().any(|words| case.message.contains(words))
}

/// A browser asked whether it may, and was told no.
pub fn is_refused_preflight(case: &RuleContext<'_>) -> bool {
    let asks = |name| header(&case.record.request.headers, name).is_some();
    let is_refused = case.record.status_code.is_some_and(|status| (400..500).contains(&status));
    is_read(case.record)
        && case.record.method == "OPTIONS"
        && is_refused
        && case.code != "accessforbidden"
        && (asks("access-control-request-method") || asks("origin"))
}

/// What a status says by itself of an answer that came without a Code: to HEAD no store sends a body.
pub fn by_status(case: &RuleContext<'_>) -> Vec<Finding> {
    let record = case.record;
    let is_head = record.method == "HEAD" || record.operation.starts_with("head-");
    let is_of_bucket = record.operation.contains("bucket") || record.operation.starts_with("list-");
    if !is_read(record) || record.dialect != Dialect::S3 && !is_head {
        return Vec::new();
    }
    let status = record.status_code.unwrap_or_default();
    let response = Fact::Response(ShortResponse::of_status(record.status_code));
    let finding =
        |cause, confidence| Finding::new(cause, confidence).because(EvidenceSource::Response, response.clone());
    match status {
        301 | 307 => vec![finding(Cause::BucketWrongRegion, Possible), finding(Cause::Redirected, Possible)],
        401 => vec![finding(Cause::AnonymousDenied, Possible), finding(Cause::SecretIdUnknown, Possible)],
        403 if case.is_signed() == Some(false) => {
            vec![finding(Cause::AnonymousDenied, Likely), finding(Cause::PermissionDenied, Possible)]
        }
        403 => {
            let either = [Cause::PermissionDenied, Cause::AnonymousDenied].map(|cause| finding(cause, Possible));
            // Who may not list a bucket is not told that the object is missing.
            let hidden = (!is_of_bucket).then(|| finding(Cause::ObjectNotFound, Possible));
            either.into_iter().chain(hidden).collect()
        }
        404 if is_of_bucket => vec![finding(Cause::BucketNotFound, Likely)],
        404 => vec![finding(Cause::ObjectNotFound, Possible), finding(Cause::BucketNotFound, Possible)],
        405 => vec![finding(Cause::MethodNotAllowed, Likely)],
        412 => vec![finding(Cause::PreconditionFailed, Likely)],
        400 if is_head => vec![
            finding(Cause::BucketWrongRegion, Possible),
            finding(Cause::TokenExpired, Possible),
            finding(Cause::InvalidRequest, Possible),
        ],
        _ => Vec::new(),
    }
}

/// The store's own text shows what is easily signed otherwise than it is sent: letters that are encoded in one way
/// or another, and headers that a library changes after the signing.
pub fn shows_altered(record: &Record) -> Option<(&'static str, String)> {
    let element =
        ["FormatString", "CanonicalRequest"].into_iter().find(|name| record.error.others.contains_key(*name))?;
    if !is_read(record) {
        return None;
    }
    let text = &record.error.others[element];
    let path = text.lines().nth(1)?.trim();
    let is_odd = !path.is_ascii()
        || path.contains([' ', '+'])
        || path.contains("//")
        || element == "FormatString" && path.contains('%');
    let mut names = text.lines().filter(|line| line.contains('=') || line.contains(':'));
    let changed = ["content-length", "user-agent", "accept-encoding", "connection", "expect"];
    let is_changed = |line: &str| {
        changed.iter().find(|name| line.split('&').any(|field| field.trim_start().starts_with(*name))).copied()
    };
    if is_odd {
        return Some((element, path.to_owned()));
    }
    names.find_map(is_changed).map(|name| (element, name.to_owned()))
}
