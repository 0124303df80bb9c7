//! The two signers. Each returns what it signed, not just the signature: a diagnosis compares the
//! store's canonical text with ours, so the working is the product.
//!
//! Pure: time and credentials are arguments. The signature vectors that the vendors' own SDKs
//! made are in `tests/vectors/`; `tests/library/signing.rs` also compares with another implementation.

pub mod cos;
pub mod sigv4;

use crate::domain::credentials::Credentials;

/// The parts of a request that a signature covers, all decoded.
#[derive(Clone, Debug)]
pub struct Request<'a> {
    /// The HTTP method.
    pub method: &'a str,
    /// The path, percent-decoded, with its leading `/`.
    pub path: &'a str,
    /// Query parameters, percent-decoded; an empty value stands for a name alone.
    pub query: &'a [(String, String)],
    /// The headers to sign, `host` among them.
    pub headers: &'a [(String, String)],
}

/// A signature with its working.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signed {
    /// The value of the `Authorization` header; for a presigned URL, the parameters joined by `&`.
    pub authorization: String,
    /// Headers to send in addition to the request's own, in order: dates, token, `authorization`.
    /// Empty for a presigned URL.
    pub headers: Vec<(String, String)>,
    /// Parameters to add to the URL, in order. Empty unless presigned.
    pub query: Vec<(String, String)>,
    /// The signed header names, joined by `;`.
    pub signed_headers: String,
    /// The canonical request; COS calls it `HttpString`.
    pub canonical_request: String,
    /// What the key was applied to.
    pub string_to_sign: String,
    /// The signature alone, hex.
    pub signature: String,
}

/// Whether a signature goes into headers or into the URL.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Placement {
    /// An `Authorization` header.
    Header,
    /// Query parameters: a presigned URL.
    Url,
}

/// Names lower-cased and sorted, values kept; values of a repeated name stay in their order.
fn sorted_headers(headers: &[(String, String)]) -> Vec<(String, String)> {
    let mut sorted: Vec<_> = headers.iter().map(|(name, value)| (name.to_ascii_lowercase(), value.clone())).collect();
    sorted.sort_by(|(a, _), (b, _)| a.cmp(b));
    sorted
}

fn join(pairs: impl Iterator<Item = String>, separator: &str) -> String {
    pairs.collect::<Vec<_>>().join(separator)
}

/// Bytes as lower-case hex.
pub(crate) fn hex(bytes: &[u8]) -> String {
    let digit = |value: u8| char::from(b"0123456789abcdef"[usize::from(value & 0xF)]);
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        text.push(digit(byte >> 4));
        text.push(digit(*byte));
    }
    text
}

/// Removes what a signature must not cover because proxies own it, and what no SDK signs.
/// The list is botocore's and the COS SDKs' common ground (`user-agent`, `connection`, …).
#[must_use]
pub fn signable(name: &str) -> bool {
    !matches!(
        name.to_ascii_lowercase().as_str(),
        "accept"
            | "authorization"
            | "connection"
            | "cookie"
            | "date"
            | "expect"
            | "keep-alive"
            | "proxy-authenticate"
            | "proxy-authorization"
            | "proxy-connection"
            | "referer"
            | "te"
            | "trailer"
            | "transfer-encoding"
            | "upgrade"
            | "user-agent"
    )
}

/// The token header a temporary credential needs, if it is one.
fn token_of(credentials: &Credentials) -> Option<&str> {
    credentials.expose_token().filter(|token| !token.is_empty())
}
