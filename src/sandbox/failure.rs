//! Failures as the store words them. `Code` and `Message` are the wire's own texts.

use std::borrow::Cow;

use http::StatusCode;
use jiff::Timestamp;

/// One failed request, before it gets its ids.
#[derive(Clone, Debug)]
pub struct Failure {
    /// The status; 200 for a copy that failed late.
    pub status: StatusCode,
    /// `Code`.
    pub code: &'static str,
    /// `Message`.
    pub message: Cow<'static, str>,
    /// Elements between `Message` and `Resource`.
    pub details: Vec<(&'static str, String)>,
    /// Headers of its own.
    pub headers: Vec<(&'static str, String)>,
    /// Whether the access layer answers: only `Code` and `Message` then.
    pub at_edge: bool,
}

impl Failure {
    /// A failure without details.
    pub fn new(status: StatusCode, code: &'static str, message: impl Into<Cow<'static, str>>) -> Self {
        Self { status, code, message: message.into(), details: Vec::new(), headers: Vec::new(), at_edge: false }
    }

    /// A failure with one more element after `Message`.
    pub fn with_detail(mut self, element: &'static str, text: impl Into<String>) -> Self {
        self.details.push((element, text.into()));
        self
    }

    /// A failure with one more response header.
    pub fn with_header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// A failure that the access layer reports.
    pub fn at_edge(mut self) -> Self {
        self.at_edge = true;
        self
    }

    /// 400 with a code of its own.
    pub fn bad_request(code: &'static str, message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, code, message)
    }

    /// 404 with a code of its own.
    pub fn not_found(code: &'static str, message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::NOT_FOUND, code, message)
    }

    /// 403 `AccessDenied` in one of its many meanings; those of the signature tell the store's time.
    pub fn denied(message: &'static str, now: Timestamp) -> Self {
        Self::new(StatusCode::FORBIDDEN, "AccessDenied", message)
            .with_detail("ServerTime", now.strftime("%Y-%m-%dT%H:%M:%SZ").to_string())
    }

    /// 403 for a request that nobody allowed.
    pub fn access_denied(now: Timestamp) -> Self {
        Self::denied("Access Denied.", now)
    }

    /// 405.
    pub fn method_not_allowed() -> Self {
        Self::new(
            StatusCode::METHOD_NOT_ALLOWED,
            "MethodNotAllowed",
            "The specified method is not allowed against this resource.",
        )
    }

    /// 404 for a key that is not there.
    pub fn no_such_key() -> Self {
        Self::not_found("NoSuchKey", "The specified key does not exist.")
    }

    /// 500.
    pub fn internal_error() -> Self {
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "InternalError",
            "We encountered an internal error. Please try again.",
        )
    }
}
