//! Why a request failed, and who has to act.

use serde::{Deserialize, Serialize};
use strum::{Display, EnumIter, EnumString, IntoStaticStr};

/// The causes that a failure can come to; `assets/causes.toml` has their words and checks. The ids are fixed.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
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
#[expect(missing_docs, reason = "assets/causes.toml says in a sentence what each is")]
pub enum Cause {
    InvalidBucketName,
    BucketAppidMissing,
    InvalidRegion,
    CredentialMalformed,
    DnsNotFound,
    DnsFailure,
    ConnectRefused,
    ConnectTimeout,
    ConnectionReset,
    TlsUntrusted,
    TlsExpired,
    TlsNameMismatch,
    TlsProtocol,
    ResponseTimeout,
    BodyTruncated,
    MalformedResponse,
    ProxyFailed,
    Redirected,
    NotTheStore,
    ClockSkew,
    SignatureExpired,
    SecretIdUnknown,
    SecretKeyWrong,
    RequestAltered,
    TokenExpired,
    TokenMissing,
    AnonymousDenied,
    PermissionDenied,
    RefererDenied,
    CorsDenied,
    BucketNotFound,
    BucketWrongRegion,
    ObjectNotFound,
    ObjectDeleted,
    VersionNotFound,
    UploadNotFound,
    DialectWrong,
    ObjectArchived,
    NotConfigured,
    PathStyleForbidden,
    DefaultDomainRestricted,
    DomainNotBound,
    AccountSuspended,
    QuotaExceeded,
    Throttled,
    UploadTooSlow,
    ServerFault,
    IntegrityMismatch,
    InvalidRequest,
    MethodNotAllowed,
    Conflict,
    PreconditionFailed,
    RangeInvalid,
    ObjectLocked,
    EncryptionKey,
    UnknownCode,
    Undetermined,
}

impl Cause {
    /// The id, such as `clock-skew`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

/// Who has to act.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, EnumIter, IntoStaticStr)]
#[serde(rename_all = "lowercase")]
#[strum(serialize_all = "lowercase")]
pub enum Owner {
    /// The sender of the request.
    Client,
    /// The owner of account and bucket.
    Account,
    /// The store.
    Store,
    /// Whatever lies between.
    Network,
}

impl Owner {
    /// The word in a record.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}
