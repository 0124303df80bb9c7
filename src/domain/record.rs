//! The record of one probe: what the table lists, what is written as JSON, what is kept.
//!
//! The shape follows the SDKs' `err` object and is described by `assets/failure.schema.json`. A
//! record holds nothing secret: it is made from redacted exchanges only (`engine::redact`).

use std::borrow::Cow;
use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::client_failure::ClientFailure;
use super::dialect::Dialect;
use super::exchange::{self, Headers, Timing, is_token};
use super::record_remark::{self, RecordRemark};
use super::request_id;
use super::source::{IdSource, Source};
use super::verdict::Diagnosis;

/// The value of [`Record::schema`].
pub const SCHEMA: &str = "cosdiag.failure/1";

/// What stands in the place of an imported method that is not a token (RFC 9110, 5.6.2).
pub const INVALID_METHOD: &str = "(invalid)";

/// How a probe ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, strum::IntoStaticStr)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum Outcome {
    /// It did not do what was asked.
    Failure,
    /// It did.
    Success,
    /// A 404 on a sub-resource that is simply not set.
    NotConfigured,
    /// A sub-resource that the store does not have: it says so, or answers as if it had not been named.
    NotSupported,
}

/// The two families of the vendor's page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, strum::IntoStaticStr)]
#[serde(rename_all = "lowercase")]
#[strum(serialize_all = "lowercase")]
pub enum Exception {
    /// The store, or another server in its place, answered.
    Server,
    /// No whole answer came.
    Client,
}

/// Where the Code was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, strum::IntoStaticStr)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum CodeFrom {
    /// In the response's body.
    Body,
    /// In `x-cos-error-code`.
    Header,
    /// In the answer to the same request as GET.
    GetTwin,
    /// Made here: the request got no whole answer.
    Client,
    /// In the store's access log.
    Log,
    /// Nowhere.
    None,
}

/// Who seems to have answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum AnsweredBy {
    /// The store: its id, its headers or its document is there.
    Store,
    /// Another server: a proxy, a portal, a firewall, a CDN.
    Other,
    /// Cannot be told.
    Unknown,
    /// No server.
    Nobody,
}

/// The error as the SDKs give it in `err.error`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ErrorFields {
    /// The error code, such as `AccessDenied`, or the client exception's name.
    #[serde(rename = "Code")]
    pub code: Option<String>,
    /// The message.
    #[serde(rename = "Message")]
    pub message: Option<String>,
    /// The id in the body, else in the headers.
    #[serde(rename = "RequestId")]
    pub request_id: Option<String>,
    /// What was asked for.
    #[serde(rename = "Resource")]
    pub resource: Option<String>,
    /// The vendor's trace id.
    #[serde(rename = "TraceId")]
    pub trace_id: Option<String>,
    /// Other elements: `ServerTime`, `FormatString`, `HostId`, …
    #[serde(flatten)]
    pub others: BTreeMap<String, String>,
}

/// The request id that is copied, and what it says about itself (inferred, never documented).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequestId {
    /// The id, whole.
    pub value: String,
    /// Where it was found.
    pub from: IdSource,
    /// When the store received the request, if the id tells.
    pub time: Option<Timestamp>,
    /// The access node's tag, if the id tells.
    pub node: Option<String>,
    /// The id's tail is hidden by asterisks.
    pub masked: bool,
}

/// The request as sent, redacted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SentRequest {
    /// Headers as sent.
    #[serde(with = "exchange::as_object")]
    pub headers: Headers,
    /// What was signed: the canonical request, which COS calls `HttpString`.
    #[serde(default)]
    pub canonical_request: Option<String>,
    /// What the key was applied to.
    #[serde(default)]
    pub string_to_sign: Option<String>,
}

/// One HTTP exchange of a probe.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Attempt {
    /// When it began.
    pub time: Timestamp,
    /// The method.
    pub method: String,
    /// The URL, redacted.
    pub url: String,
    /// The status, if one arrived.
    pub status_code: Option<u16>,
    /// Its own request id.
    pub request_id: Option<String>,
    /// From start to end.
    pub total_ms: f64,
    /// The client exception's name.
    pub exception: Option<String>,
}

/// The route that a request was told to take, for sending it again.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Via {
    /// The address of `--connect-to`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub connect_to: Option<String>,
    /// The proxy's URL, without who logs in to it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub proxy: Option<String>,
    /// Where the proxy was set: an option, a variable, or the profile.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub proxy_from: Option<String>,
    /// The file of certificates that were trusted in addition to the system's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ca_file: Option<String>,
    /// Any certificate was accepted.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub insecure: bool,
    /// It carried its own signature, which cannot be made here.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub carried: bool,
}

impl Via {
    /// Nothing was said about the way.
    #[must_use]
    pub fn is_usual(&self) -> bool {
        *self == Self::default()
    }
}

/// The answer to a failed HEAD's GET twin.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Twin {
    /// Its status, if one arrived.
    pub status_code: Option<u16>,
    /// Its own request id; the HEAD's is the one copied.
    pub request_id: Option<String>,
    /// Its own trace id.
    #[serde(default)]
    pub trace_id: Option<String>,
    /// The GET was answered differently: HEAD and GET are two permissions.
    pub differs: bool,
    /// What was signed for it; a signature that does not match is compared by this.
    #[serde(default)]
    pub canonical_request: Option<String>,
    /// What the key was applied to.
    #[serde(default)]
    pub string_to_sign: Option<String>,
}

/// The record of one probe. Field meanings and the stability promise are in the schema.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Record {
    /// [`SCHEMA`].
    pub schema: String,
    /// The probe's place in its plan, from 1.
    pub id: u32,
    /// When the first attempt began.
    pub time: Timestamp,
    /// Where it came from.
    pub source: Source,
    /// The profile's name.
    pub profile: String,
    /// The dialect.
    pub dialect: Dialect,
    /// The operation, such as `head-bucket`.
    pub operation: String,
    /// The HTTP method.
    pub method: String,
    /// The URL, redacted.
    pub url: String,
    /// The bucket, as far as known.
    pub bucket: Option<String>,
    /// The region, as far as known.
    pub region: Option<String>,
    /// The key, decoded, as far as known.
    pub key: Option<String>,
    /// How it ended.
    pub outcome: Outcome,
    /// The family of a failure; `None` when there is none.
    pub exception: Option<Exception>,
    /// The HTTP status; `None` when no status line arrived.
    pub status_code: Option<u16>,
    /// Response headers, names in lower case; `None` when no status line arrived.
    #[serde(with = "exchange::as_optional_object")]
    pub headers: Option<Headers>,
    /// The error.
    pub error: ErrorFields,
    /// What happened on the side of the client; the error's message is its English sentence. `None` too in a record
    /// of an earlier version or of another program.
    #[serde(flatten)]
    pub client_failure: Option<ClientFailure>,
    /// Where the Code was found.
    pub code_from: CodeFrom,
    /// Who seems to have answered.
    pub answered_by: AnsweredBy,
    /// The id to hand to support; `None` when the request never reached the store.
    pub request_id: Option<RequestId>,
    /// The request as sent, redacted.
    pub request: SentRequest,
    /// The body, redacted; hostile bytes are U+FFFD.
    pub body: Option<String>,
    /// The body was longer than what is kept.
    pub body_truncated: bool,
    /// Bytes of the body that arrived.
    #[serde(default)]
    pub body_bytes: u64,
    /// Where the time of the last attempt went.
    pub timing: Timing,
    /// The peer's address and port.
    pub remote: Option<String>,
    /// The way that it was told to take.
    #[serde(default, skip_serializing_if = "Via::is_usual")]
    pub via: Via,
    /// Every exchange, in order, the GET twin last.
    pub attempts: Vec<Attempt>,
    /// The answer to a failed HEAD's GET twin.
    #[serde(default)]
    pub twin: Option<Twin>,
    /// Why it failed; `None` where nothing did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub diagnosis: Option<Diagnosis>,
    /// What a person should know that no field says.
    #[serde(flatten, with = "record_remark")]
    pub remarks: Vec<RecordRemark>,
    /// What a person wrote down about it, such as the diagnosis tool's answer; lines are kept.
    #[serde(default)]
    pub note: Option<String>,
}

impl RequestId {
    /// An id and what it says about itself.
    #[must_use]
    pub fn read(value: String, from: IdSource) -> Self {
        let decoded = request_id::decode(&value);
        Self {
            from,
            masked: request_id::is_masked(&value),
            time: decoded.as_ref().map(|decoded| decoded.time),
            node: decoded.map(|decoded| decoded.node),
            value,
        }
    }
}

impl Record {
    /// A failure of which nothing is known yet but where it was written down.
    #[must_use]
    pub fn imported(source: impl Into<Source>, time: Timestamp) -> Self {
        Self {
            schema: SCHEMA.to_owned(),
            id: 1,
            time,
            source: source.into(),
            profile: "import".to_owned(),
            dialect: Dialect::Cos,
            operation: "request".to_owned(),
            method: String::new(),
            url: String::new(),
            bucket: None,
            region: None,
            key: None,
            outcome: Outcome::Failure,
            exception: Some(Exception::Server),
            status_code: None,
            headers: None,
            error: ErrorFields::default(),
            client_failure: None,
            code_from: CodeFrom::None,
            answered_by: AnsweredBy::Unknown,
            request_id: None,
            request: SentRequest::default(),
            body: None,
            body_truncated: false,
            body_bytes: 0,
            timing: Timing::default(),
            remote: None,
            via: Via::default(),
            attempts: Vec::new(),
            twin: None,
            diagnosis: None,
            remarks: Vec::new(),
            note: None,
        }
    }

    /// Replaces methods that are not tokens by [`INVALID_METHOD`], so that no command is made of them.
    pub fn refuse_methods(&mut self) {
        let attempts = self.attempts.iter_mut().map(|attempt| &mut attempt.method);
        for method in attempts.chain([&mut self.method]).filter(|method| !method.is_empty() && !is_token(method)) {
            INVALID_METHOD.clone_into(method);
        }
    }

    /// What the table shows as Code: the error's, else who answered instead.
    #[must_use]
    pub fn shown_code(&self) -> &str {
        match (&self.error.code, self.outcome, self.answered_by) {
            (Some(code), _, _) => code,
            (None, Outcome::Success, _) => "OK",
            (None, Outcome::NotSupported, _) => "(not supported)",
            (None, _, AnsweredBy::Other) => "(another server)",
            (None, _, _) => "(no Code)",
        }
    }

    /// The Message in English, for machines: the error's, else the first remark. `text::cells` has it for people.
    #[must_use]
    pub fn english_message(&self) -> Cow<'_, str> {
        match (&self.error.message, self.remarks.first()) {
            (Some(message), _) => Cow::Borrowed(message),
            (None, Some(remark)) => Cow::Owned(remark.to_string()),
            (None, None) => Cow::Borrowed(""),
        }
    }

    /// The same record without its diagnosis.
    #[must_use]
    pub fn without_diagnosis(&self) -> Self {
        let mut other = self.clone();
        other.diagnosis = None;
        other
    }

    /// The first verdict's cause; empty when there is none.
    #[must_use]
    pub fn first_cause(&self) -> &str {
        let first = self.diagnosis.as_ref().and_then(|diagnosis| diagnosis.verdicts.first());
        first.map_or("", |verdict| verdict.cause.as_str())
    }

    /// The target, for a table's column.
    #[must_use]
    pub fn target(&self) -> String {
        match (&self.bucket, &self.key) {
            (Some(bucket), Some(key)) => [bucket, "/", key].concat(),
            (Some(bucket), None) => bucket.clone(),
            _ => self.url.split_once("://").map_or(self.url.as_str(), |(_, rest)| rest).to_owned(),
        }
    }

    /// The id as it is copied, if there is one.
    #[must_use]
    pub fn copied_id(&self) -> Option<&str> {
        self.request_id.as_ref().map(|id| id.value.as_str())
    }

    /// Nothing that came back was the store's.
    #[must_use]
    pub fn never_reached(&self) -> bool {
        matches!(self.answered_by, AnsweredBy::Nobody | AnsweredBy::Other)
    }

    /// What stands in the place of an id where there is none.
    #[must_use]
    pub fn no_id_words(&self) -> &'static str {
        no_id_words(!self.never_reached())
    }
}

/// What stands in the place of an id where there is none.
#[must_use]
pub fn no_id_words(reached: bool) -> &'static str {
    if reached { "no id in the answer" } else { "never reached the store" }
}
