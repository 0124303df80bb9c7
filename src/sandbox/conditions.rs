//! Conditional requests (RFC 9110 §13), of an object and of the source of a copy.

use http::StatusCode;
use jiff::fmt::rfc2822;

use super::failure::Failure;
use super::objects::Object;
use super::request::IncomingRequest;

/// How a condition is not met.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unmet {
    /// The client has the object already: 304.
    NotModified,
    /// 412.
    Failed,
}

/// The first condition that the object does not meet; `prefix` stands before the headers' names.
pub(super) fn unmet(request: &IncomingRequest, prefix: &str, object: &Object) -> Option<Unmet> {
    let header = |name: &str| request.cos_header(&format!("{prefix}{name}"));
    let names_it = |list: &str| {
        let tags = list.split(',').map(|tag| tag.trim().trim_start_matches("W/").trim_matches('"'));
        tags.into_iter().any(|tag| tag == "*" || tag == object.etag.trim_matches('"'))
    };
    // A date that cannot be parsed is ignored, and a tag has precedence over a date.
    let is_newer_than =
        |date: &str| Some(object.modified.as_second() > rfc2822::parse(date).ok()?.timestamp().as_second());
    let fails = match header("if-match") {
        Some(list) => !names_it(list),
        None => header("if-unmodified-since").and_then(is_newer_than).unwrap_or(false),
    };
    if fails {
        return Some(Unmet::Failed);
    }
    let is_known = match header("if-none-match") {
        Some(list) => names_it(list),
        None => header("if-modified-since").and_then(is_newer_than).is_some_and(|is_newer| !is_newer),
    };
    is_known.then_some(Unmet::NotModified)
}

pub(super) fn precondition_failed() -> Failure {
    Failure::new(StatusCode::PRECONDITION_FAILED, "PreconditionFailed", "Precondition not match.")
}
