//! Checks: read-only requests that each change one factor of a failed one, and what came of them.

use serde::{Deserialize, Serialize};
use strum::{Display, EnumIter, EnumString, IntoStaticStr};

use super::client_failure::ClientFailure;
use super::exchange::{self, Headers};

/// The factor that a check changes.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    Hash,
    Serialize,
    Deserialize,
    Display,
    EnumIter,
    EnumString,
    IntoStaticStr,
)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum CheckKind {
    /// HEAD becomes GET. The engine asks this of every failed HEAD.
    #[default]
    GetTwin,
    /// Without a signature.
    Anonymous,
    /// The same key asks for the account's buckets: does it work at all, and where is the bucket.
    ServiceList,
    /// Unsigned HEADs of the bucket in every other region.
    RegionSweep,
    /// Signed by the store's clock.
    ClockCorrected,
    /// By the vendor's other domain.
    BackupDomain,
    /// The bucket in the host, not in the path.
    VirtualHost,
    /// http for https, or the reverse.
    OtherScheme,
    /// Without the proxy.
    Direct,
    /// Once to each address of the host.
    EachAddress,
    /// With, or without, a Referer.
    Referer,
    /// The CORS rules, or the preflight with less asked for.
    Preflight,
    /// Without the session token.
    WithoutToken,
    /// The versions of the key: does a delete marker hide it.
    Versions,
    /// Signed as for S3.
    OtherDialect,
}

impl CheckKind {
    /// The name in a record, such as `anonymous`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

/// The change itself, with its values.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, EnumIter)]
#[serde(tag = "changedId", content = "changedValues", rename_all = "kebab-case", rename_all_fields = "camelCase")]
pub enum Change {
    /// The words of a record that an earlier version wrote.
    Told(String),
    /// GET instead of HEAD.
    #[default]
    GetInsteadOfHead,
    /// No signature.
    NoSignature,
    /// GET Service with the same key.
    ListBuckets,
    /// An unsigned HEAD in every other region.
    EveryRegion {
        /// How many.
        regions: usize,
    },
    /// Signed by the store's clock.
    StoreClock {
        /// Seconds by which it is ahead of this machine's.
        seconds: i64,
    },
    /// The vendor's other domain.
    BackupDomain,
    /// The bucket in the host.
    BucketInHost,
    /// http instead of https, unsigned.
    HttpForHttps,
    /// https instead of http.
    HttpsForHttp,
    /// No proxy.
    NoProxy,
    /// Each address of the host.
    EachAddress,
    /// No Referer.
    NoReferer,
    /// This Referer.
    Referer(String),
    /// GET ?cors: the bucket's rules.
    CorsRules,
    /// The preflight without its request headers.
    NoRequestHeaders,
    /// The preflight for another method.
    RequestMethod {
        /// The method that was asked for.
        from: String,
        /// The method instead of it.
        to: String,
    },
    /// No session token.
    NoToken,
    /// GET ?versions of the key.
    ListVersions,
    /// Signed as for S3 instead of COS.
    SignedForS3,
}

/// A response in short: `403 AccessDenied`, `200`, `ENOTFOUND`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ShortResponse {
    /// The status; `None` when no status line arrived.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// The Code of a failure.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// Another server answered, not the store.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub other_server: bool,
}

impl ShortResponse {
    /// A status alone.
    #[must_use]
    pub fn of_status(status: Option<u16>) -> Self {
        Self { status, ..Self::default() }
    }
}

/// What the HEADs in every region came to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sweep {
    /// How many regions were asked.
    pub regions: usize,
    /// Where the bucket answered.
    pub found: Vec<FoundIn>,
    /// How many did not tell.
    pub silent: usize,
}

/// A region in which a bucket answered.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FoundIn {
    /// The region.
    pub region: String,
    /// What it answered.
    pub response: ShortResponse,
}

/// What an address of a host answered.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FromAddress {
    /// The address and port; `None` where there was no connection.
    pub address: Option<String>,
    /// What it answered.
    pub response: ShortResponse,
}

/// Which CORS rule let a request through, and what a page may read of the response by it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exposure {
    /// The rule's number, from 1.
    pub rule: usize,
    /// The headers that it exposes.
    pub headers: Vec<String>,
    /// A later rule, which exposes the RequestId where this one does not.
    pub later: Option<usize>,
}

/// What came of a check.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, EnumIter)]
#[serde(tag = "outcomeId", content = "outcomeValues", rename_all = "kebab-case", rename_all_fields = "camelCase")]
pub enum CheckOutcome {
    /// The words of a record that an earlier version wrote.
    Told(String),
    /// It was sent, and its response is not there yet.
    Pending,
    /// There was nothing to send.
    NothingSent,
    /// Nothing was sent: cosdiag signs nothing for another day.
    OtherDay,
    /// One response.
    Response(ShortResponse),
    /// The account's list of buckets.
    Buckets {
        /// The response.
        response: ShortResponse,
        /// How many buckets are on it.
        count: usize,
        /// There are more than were kept.
        more: bool,
        /// Whether the bucket is on it, where one was asked for.
        listed: Option<bool>,
        /// Its region on the list.
        region: Option<String>,
    },
    /// The bucket's CORS rules.
    CorsRules {
        /// The response.
        response: ShortResponse,
        /// How many rules there are.
        count: usize,
    },
    /// The CORS rule that let a request through.
    Exposure {
        /// The response.
        response: ShortResponse,
        /// What a page may read.
        exposure: Exposure,
    },
    /// What each address answered.
    Addresses(Vec<FromAddress>),
    /// What the regions answered.
    Sweep(Sweep),
}

impl CheckOutcome {
    /// Returns the response where there was one.
    #[must_use]
    pub fn response(&self) -> Option<&ShortResponse> {
        match self {
            Self::Response(response)
            | Self::Buckets { response, .. }
            | Self::CorsRules { response, .. }
            | Self::Exposure { response, .. } => Some(response),
            Self::Addresses(all) => all.first().map(|first| &first.response),
            Self::Sweep(sweep) => sweep.found.first().map(|first| &first.response),
            Self::Told(_) | Self::Pending | Self::NothingSent | Self::OtherDay => None,
        }
    }
}

/// An extra request that changed one factor, and what came of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", from = "StoredCheck")]
pub struct Check {
    /// Its kind.
    #[serde(rename = "check")]
    pub kind: CheckKind,
    /// The factor that was changed.
    #[serde(flatten)]
    pub changed: Change,
    /// What came of it.
    #[serde(flatten)]
    pub outcome: CheckOutcome,
    /// Whether the request got what the failed one did not.
    pub succeeded: bool,
    /// Its own request id; of a sweep, that of the response which told most.
    pub request_id: Option<String>,
    /// The exchange behind `request_id`; `None` before the response came and in records of earlier versions.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exchange: Option<Box<CheckExchange>>,
}

/// The request and the response of a check, redacted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CheckExchange {
    /// The HTTP method.
    pub method: String,
    /// The URL.
    pub url: String,
    /// Response headers, names in lower case; `None` when no status line arrived.
    #[serde(default, with = "exchange::as_optional_object")]
    pub headers: Option<Headers>,
    /// The beginning of the body.
    #[serde(default)]
    pub body: Option<String>,
    /// The body was longer.
    #[serde(default)]
    pub body_truncated: bool,
    /// What a client exception says, in English.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// The same as data.
    #[serde(flatten)]
    pub client_failure: Option<ClientFailure>,
}

/// A check as any version wrote it: in words, in data, or in both.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct StoredCheck {
    check: CheckKind,
    #[serde(default)]
    changed: String,
    #[serde(default)]
    outcome: String,
    #[serde(flatten)]
    change: Option<Change>,
    #[serde(flatten)]
    data: Option<CheckOutcome>,
    #[serde(default)]
    succeeded: bool,
    request_id: Option<String>,
    exchange: Option<Box<CheckExchange>>,
}

impl From<StoredCheck> for Check {
    fn from(stored: StoredCheck) -> Self {
        let StoredCheck { check, changed, outcome, change, data, succeeded, request_id, exchange } = stored;
        Self {
            kind: check,
            changed: change.unwrap_or(Change::Told(changed)),
            outcome: data.unwrap_or(CheckOutcome::Told(outcome)),
            succeeded,
            request_id,
            exchange,
        }
    }
}

impl Check {
    /// The same thing was changed.
    #[must_use]
    pub fn is_same(&self, other: &Self) -> bool {
        self.kind == other.kind && self.changed == other.changed
    }

    /// It was sent, and its response is not there yet.
    #[must_use]
    pub fn waits(&self) -> bool {
        self.outcome == CheckOutcome::Pending
    }
}
