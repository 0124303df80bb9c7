//! One HTTP exchange: the request as sent, the response as received, the timing.

use std::borrow::Cow;
use std::time::Duration;

use jiff::Timestamp;
use jiff::fmt::rfc2822;
use serde::{Deserialize, Serialize};

use super::client_failure::ClientFailure;
use super::dialect::Dialect;

/// Body bytes kept of a response; what comes after is counted and dropped.
pub const BODY_KEPT: usize = 64 * 1024;
/// Bytes of header names and values kept of a response.
pub const HEADERS_KEPT: usize = 64 * 1024;

/// Header names (lower case) and values in the order they were sent or arrived.
pub type Headers = Vec<(String, String)>;

/// Whether a text is a token (RFC 9110, 5.6.2): what a method or a header's name is made of.
#[must_use]
pub fn is_token(text: &str) -> bool {
    let in_token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    !text.is_empty() && text.bytes().all(in_token)
}

/// A body as text; hostile bytes are U+FFFD. Nearly all are UTF-8, which is found out quicker than what is not.
#[must_use]
pub fn text(body: &[u8]) -> Cow<'_, str> {
    std::str::from_utf8(body).map_or_else(|_| String::from_utf8_lossy(body), Cow::Borrowed)
}

/// The first value of a header. `name` must be lower case.
#[must_use]
pub fn header<'a>(headers: &'a Headers, name: &str) -> Option<&'a str> {
    headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
}

/// When an answer was made, by its `Date` (RFC 9110, 6.6.1): the store's clock, unless a proxy on the way
/// replaced it. `None` where it is absent or not a date.
#[must_use]
pub fn date(headers: &Headers) -> Option<Timestamp> {
    rfc2822::parse(header(headers, "date")?).ok().map(|date| date.timestamp())
}

/// A response as received. `body` holds at most [`BODY_KEPT`] bytes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Response {
    /// The HTTP status.
    pub status: u16,
    /// Headers, names in lower case.
    pub headers: Headers,
    /// The first bytes of the body.
    pub body: Vec<u8>,
    /// Whether the body was longer than what is kept.
    pub truncated: bool,
    /// Bytes of the body that arrived.
    pub received: u64,
    /// Headers were left out because they were too many bytes to keep.
    pub headers_cut: bool,
}

impl Response {
    /// The first value of a header. `name` must be lower case.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        header(&self.headers, name)
    }

    /// The store's id of the request, from whichever of the dialect's headers carries it.
    #[must_use]
    pub fn request_id(&self, dialect: Dialect) -> Option<&str> {
        let names: &[&str] = match dialect {
            Dialect::Cos => COS_IDS,
            Dialect::S3 => S3_IDS,
        };
        names.iter().find_map(|name| self.header(name)).filter(|id| !id.is_empty())
    }
}

/// Headers that carry a request id of COS or of its data processing. It answers requests signed as
/// for S3 with `x-amz-request-id`.
const COS_IDS: &[&str] = &["x-cos-request-id", "x-ci-request-id"];
/// Headers that carry a request id of S3 or one of its relatives, COS among them.
const S3_IDS: &[&str] = &[
    "x-amz-request-id",
    "x-cos-request-id",
    "x-amzn-requestid",
    "x-oss-request-id",
    "x-obs-request-id",
    "x-minio-request-id",
];

/// How a request failed before it had a whole response. `code` is the name a Node.js user sees.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClientException {
    /// Such as `ENOTFOUND`.
    pub code: &'static str,
    /// What happened.
    pub failure: ClientFailure,
}

/// Where the time went, in milliseconds. A phase that did not happen (a reused connection has no
/// DNS, TCP or TLS) is absent, not zero.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Timing {
    /// Name resolution.
    pub dns_ms: Option<f64>,
    /// TCP connect; through a proxy, the tunnel's set-up too.
    pub connect_ms: Option<f64>,
    /// TLS handshake.
    pub tls_ms: Option<f64>,
    /// From the moment the request could be sent to the end of the response's head.
    pub first_byte_ms: Option<f64>,
    /// From start to end.
    pub total_ms: f64,
    /// Whether an idle connection was used again.
    pub reused: bool,
    /// What the store itself says it took, where its access log tells.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub server_ms: Option<f64>,
}

impl Timing {
    /// From start to end, in whole microseconds; the longest attempt is far below what fits.
    #[must_use]
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to the type's range")]
    pub fn total_us(&self) -> u32 {
        (self.total_ms * 1000.0).round().clamp(0.0, f64::from(u32::MAX)) as u32
    }

    /// What is left of the total after the phases: reading the body.
    #[must_use]
    pub fn body_ms(&self) -> Option<f64> {
        let first = self.first_byte_ms?;
        let before = self.dns_ms.unwrap_or(0.0) + self.connect_ms.unwrap_or(0.0) + self.tls_ms.unwrap_or(0.0);
        Some((self.total_ms - before - first).max(0.0))
    }
}

/// A duration as milliseconds with three decimals, the precision of the records.
#[must_use]
pub fn milliseconds(duration: Duration) -> f64 {
    (duration.as_secs_f64() * 1e6).round() / 1e3
}

/// One exchange from beginning to end. With `exception` and a `response` the answer broke off.
#[derive(Clone, Debug)]
pub struct Exchange {
    /// When it began.
    pub time: Timestamp,
    /// The method as sent.
    pub method: String,
    /// The URL as sent.
    pub url: String,
    /// Request headers as sent.
    pub request_headers: Headers,
    /// What came back, if a status line did.
    pub response: Option<Response>,
    /// What went wrong on the way.
    pub exception: Option<ClientException>,
    /// Where the time went.
    pub timing: Timing,
    /// The peer's address and port.
    pub remote: Option<String>,
}

/// Headers as a JSON object; values of a repeated name are joined by a comma (RFC 9110, 5.3).
pub(super) mod as_object {
    use std::fmt;

    use serde::de::{MapAccess, Visitor};
    use serde::ser::SerializeMap;
    use serde::{Deserializer, Serializer};

    use super::Headers;

    pub fn serialize<S: Serializer>(headers: &Headers, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for (i, (name, value)) in headers.iter().enumerate() {
            if headers[..i].iter().any(|(earlier, _)| earlier == name) {
                continue;
            }
            let mut repeats = headers[i + 1..].iter().filter(|(later, _)| later == name).peekable();
            if repeats.peek().is_none() {
                map.serialize_entry(name, value)?;
            } else {
                let joined = repeats.fold(value.clone(), |joined, (_, value)| format!("{joined}, {value}"));
                map.serialize_entry(name, &joined)?;
            }
        }
        map.end()
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Headers, D::Error> {
        struct Pairs;
        impl<'de> Visitor<'de> for Pairs {
            type Value = Headers;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object of header names and values")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Headers, A::Error> {
                let mut headers = Headers::new();
                while let Some(pair) = map.next_entry()? {
                    headers.push(pair);
                }
                Ok(headers)
            }
        }
        deserializer.deserialize_map(Pairs)
    }
}

pub(super) mod as_optional_object {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    use super::Headers;

    #[derive(Serialize, Deserialize)]
    struct Wrapped(#[serde(with = "super::as_object")] Headers);

    // The signature is serde's: `with` hands the field over by reference.
    #[expect(clippy::ref_option, reason = "serde's `with` calls it so")]
    pub fn serialize<S: Serializer>(headers: &Option<Headers>, serializer: S) -> Result<S::Ok, S::Error> {
        match headers {
            Some(headers) => super::as_object::serialize(headers, serializer),
            None => serializer.serialize_none(),
        }
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Headers>, D::Error> {
        Ok(Option::<Wrapped>::deserialize(deserializer)?.map(|wrapped| wrapped.0))
    }
}
