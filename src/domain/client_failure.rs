//! How a request failed before it had a whole response: data, which `text::client_failure` puts into words.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use strum::{EnumIter, IntoStaticStr};

/// A failure of the client with its values. `failureId` is stable. The words of an operating system or a library
/// are values: they are the same in every language.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, EnumIter, IntoStaticStr)]
#[serde(tag = "failureId", content = "failureValues", rename_all = "kebab-case", rename_all_fields = "camelCase")]
#[strum(serialize_all = "kebab-case")]
#[expect(missing_docs, reason = "text::client_failure has a sentence for each, which says what it is")]
pub enum ClientFailure {
    /// The words of another program, or a cause that has no variant.
    Told(String),

    NoSuchHost {
        name: String,
    },
    ResolverSilent {
        name: String,
        within_ms: Option<u64>,
    },

    /// The proxy itself refused the connection, or has no address.
    ProxyNotReached {
        proxy: String,
        cause: String,
    },
    /// CONNECT was answered with 407.
    ProxyLogin {
        proxy: String,
    },
    ProxySilent {
        proxy: String,
        within_ms: u64,
    },
    /// Whose doing it is cannot be told.
    NoTunnel {
        proxy: String,
        cause: String,
    },
    TunnelRefused {
        proxy: String,
        refusal: TunnelRefusal,
    },

    ConnectionRefused {
        to: Dialled,
    },
    NoConnection {
        to: Dialled,
        within_ms: Option<u64>,
    },
    NoRoute {
        to: Dialled,
    },
    #[default]
    ConnectionReset,
    ConnectionClosed,

    NoHandshake {
        within_ms: u64,
    },
    HandshakeFailed {
        cause: String,
    },
    CertificateExpired {
        end: Option<Timestamp>,
    },
    CertificateNotYetValid {
        begin: Option<Timestamp>,
    },
    CertificateWithoutNames {
        name: String,
    },
    CertificateOfOtherHost {
        name: String,
    },
    CertificateOfAuthority,
    CertificateRefused {
        cause: String,
    },
    /// The chain ends in a root that is not trusted.
    UntrustedRoot {
        issuer: String,
    },
    UntrustedIssuer {
        issuer: String,
    },
    Untrusted {
        cause: String,
    },

    /// The request was sent.
    NoResponse {
        within_ms: u64,
    },
    HeadTooLarge,
    NotHttp {
        cause: String,
    },
    BodyCut {
        received: u64,
        announced: Option<u64>,
        cause: String,
    },
    /// The limit is cosdiag's own: the server might have gone on.
    BodyTooSlow {
        received: u64,
        announced: Option<u64>,
    },

    MethodUnsendable,
    HeaderUnsendable {
        name: String,
    },
    UrlUnsendable {
        cause: String,
    },
    /// A proxy is given the URL as its parser writes it.
    ProxyChangesPath,

    /// A browser does not tell a page more.
    Hidden {
        error: Option<String>,
    },
    /// Charles marked the response.
    BrokeOffInCharles {
        status: String,
    },
}

impl From<String> for ClientFailure {
    fn from(words: String) -> Self {
        Self::Told(words)
    }
}

/// Where a connection was made to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dialled {
    /// Host and port of the URL.
    pub host: String,
    /// The address that was dialled instead.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
}

/// What a proxy says when it refuses a tunnel.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TunnelRefusal {
    /// The status of its response to CONNECT.
    pub status: u16,
    /// Squid's own name of the error.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub squid_error: Option<String>,
    /// The title of its page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
}
