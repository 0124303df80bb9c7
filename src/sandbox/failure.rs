//! Failures with the texts of COS: `Code` and `Message` are as they come over the wire.

use std::borrow::Cow;

use http::StatusCode;
use jiff::Timestamp;

/// One failed request, before it gets its ids.
#[derive(Clone, Debug)]
pub(super) struct Failure {
    /// The status; 200 for a copy that failed late.
    pub(super) status: StatusCode,
    /// `Code`.
    pub(super) code: &'static str,
    /// `Message`.
    pub(super) message: Cow<'static, str>,
    /// Elements between `Message` and `Resource`.
    pub(super) details: Vec<(&'static str, String)>,
    /// Headers of its own.
    pub(super) headers: Vec<(&'static str, String)>,
    /// Whether the access layer answers: the document has only `Code` and `Message`.
    pub(super) at_edge: bool,
}

impl Failure {
    /// A failure without details.
    pub(super) fn new(status: StatusCode, code: &'static str, message: impl Into<Cow<'static, str>>) -> Self {
        Self { status, code, message: message.into(), details: Vec::new(), headers: Vec::new(), at_edge: false }
    }

    /// A failure with one more element after `Message`.
    pub(super) fn with_detail(mut self, element: &'static str, text: impl Into<String>) -> Self {
        self.details.push((element, text.into()));
        self
    }

    /// A failure with one more response header.
    pub(super) fn with_header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// A failure that the access layer reports.
    pub(super) fn at_edge(mut self) -> Self {
        self.at_edge = true;
        self
    }

    /// 400 with a code of its own.
    pub(super) fn bad_request(code: &'static str, message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, code, message)
    }

    /// 404 with a code of its own.
    pub(super) fn not_found(code: &'static str, message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::NOT_FOUND, code, message)
    }

    /// 403 `AccessDenied` in one of its many meanings; those of the signature tell the store's time.
    pub(super) fn denied(message: &'static str, now: Timestamp) -> Self {
        Self::new(StatusCode::FORBIDDEN, "AccessDenied", message)
            .with_detail("ServerTime", now.strftime("%Y-%m-%dT%H:%M:%SZ").to_string())
    }

    /// 403 for a request that is not allowed.
    pub(super) fn access_denied(now: Timestamp) -> Self {
        Self::denied("Access Denied.", now)
    }

    /// 405.
    pub(super) fn method_not_allowed() -> Self {
        Self::new(
            StatusCode::METHOD_NOT_ALLOWED,
            "MethodNotAllowed",
            "The specified method is not allowed against this resource.",
        )
    }

    /// 501 for what COS has and the sandbox has not.
    pub(super) fn not_implemented(what: &str) -> Self {
        Self::new(StatusCode::NOT_IMPLEMENTED, "NotImplemented", format!("The sandbox does not implement {what}."))
    }

    /// 400 for a document that is not what the API wants.
    pub(super) fn malformed_xml() -> Self {
        Self::bad_request(
            "MalformedXML",
            "The XML you provided was not well-formed or did not validate against our published schema",
        )
    }

    /// 404 for a key that does not exist.
    pub(super) fn no_such_key() -> Self {
        Self::not_found("NoSuchKey", "The specified key does not exist.")
    }

    /// 500.
    pub(super) fn internal_error() -> Self {
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "InternalError",
            "We encountered an internal error. Please try again.",
        )
    }
}
