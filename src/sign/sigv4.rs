//! AWS Signature Version 4 for the service `s3`.

use hmac::{Hmac, KeyInit, Mac};
use jiff::Timestamp;
use sha2::{Digest, Sha256};

use super::{Request, Signed, hex, join, sorted_headers, token_of};
use crate::domain::credentials::Credentials;
use crate::domain::percent;

/// SHA-256 of nothing: the payload hash of every request without a body.
pub const EMPTY_PAYLOAD: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
/// The payload hash that leaves the body out of the signature.
pub const UNSIGNED_PAYLOAD: &str = "UNSIGNED-PAYLOAD";

/// What a `SigV4` signature is bound to in addition to the request.
#[derive(Clone, Debug)]
pub struct Scope<'a> {
    /// The region of the credential scope.
    pub region: &'a str,
    /// The time of signing.
    pub time: Timestamp,
    /// Lower-case hex SHA-256 of the body, or [`UNSIGNED_PAYLOAD`].
    pub payload: &'a str,
}

impl Scope<'_> {
    fn amz_date(&self) -> String {
        self.time.strftime("%Y%m%dT%H%M%SZ").to_string()
    }

    fn scope(&self) -> String {
        format!("{}/{}/s3/aws4_request", self.time.strftime("%Y%m%d"), self.region)
    }
}

/// Signs exactly the headers in `request`, plus the `x-amz-*` ones that the scheme itself adds.
#[must_use]
pub fn sign(request: &Request<'_>, credentials: &Credentials, scope: &Scope<'_>) -> Signed {
    let mut added = vec![
        ("x-amz-content-sha256".to_owned(), scope.payload.to_owned()),
        ("x-amz-date".to_owned(), scope.amz_date()),
    ];
    added.extend(token_of(credentials).map(|token| ("x-amz-security-token".to_owned(), token.to_owned())));
    added.retain(|(name, _)| !request.headers.iter().any(|(given, _)| given.eq_ignore_ascii_case(name)));

    let headers: Vec<_> = request.headers.iter().cloned().chain(added.iter().cloned()).collect();
    let working = working(&Request { headers: &headers, ..*request }, &scope.amz_date(), &scope.scope(), scope.payload);
    let signature = signature(credentials.expose_key(), &scope.scope(), &working.string_to_sign);
    let authorization = format!(
        "AWS4-HMAC-SHA256 Credential={}/{}, SignedHeaders={}, Signature={signature}",
        credentials.id,
        scope.scope(),
        working.signed_headers,
    );
    added.push(("authorization".to_owned(), authorization.clone()));
    Signed {
        authorization,
        headers: added,
        query: Vec::new(),
        signed_headers: working.signed_headers,
        canonical_request: working.canonical_request,
        string_to_sign: working.string_to_sign,
        signature,
    }
}

/// Makes a presigned URL's parameters, valid for `seconds` from the scope's time.
#[must_use]
pub fn presign(request: &Request<'_>, credentials: &Credentials, scope: &Scope<'_>, seconds: u64) -> Signed {
    let signed_headers = join(sorted_headers(request.headers).into_iter().map(|(name, _)| name), ";");
    let mut added = vec![
        ("X-Amz-Algorithm".to_owned(), "AWS4-HMAC-SHA256".to_owned()),
        ("X-Amz-Credential".to_owned(), format!("{}/{}", credentials.id, scope.scope())),
        ("X-Amz-Date".to_owned(), scope.amz_date()),
        ("X-Amz-Expires".to_owned(), seconds.to_string()),
        ("X-Amz-SignedHeaders".to_owned(), signed_headers),
    ];
    added.extend(token_of(credentials).map(|token| ("X-Amz-Security-Token".to_owned(), token.to_owned())));
    let query: Vec<_> = request.query.iter().cloned().chain(added.iter().cloned()).collect();
    let working = working(&Request { query: &query, ..*request }, &scope.amz_date(), &scope.scope(), scope.payload);
    let signature = signature(credentials.expose_key(), &scope.scope(), &working.string_to_sign);
    added.push(("X-Amz-Signature".to_owned(), signature.clone()));
    Signed {
        authorization: join(added.iter().map(|(name, value)| format!("{name}={}", percent::component(value))), "&"),
        headers: Vec::new(),
        query: added,
        signed_headers: working.signed_headers,
        canonical_request: working.canonical_request,
        string_to_sign: working.string_to_sign,
        signature,
    }
}

/// The texts a `SigV4` signature is computed from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Working {
    /// `SignedHeaders`.
    pub signed_headers: String,
    /// The canonical request.
    pub canonical_request: String,
    /// The string to sign.
    pub string_to_sign: String,
}

/// Computes the texts without a key. `scope` is `date/region/s3/aws4_request`.
#[must_use]
pub fn working(request: &Request<'_>, amz_date: &str, scope: &str, payload: &str) -> Working {
    let mut headers: Vec<(String, String)> = Vec::new();
    for (name, value) in sorted_headers(request.headers) {
        match headers.last_mut() {
            Some((last, values)) if *last == name => *values = format!("{values},{}", collapse(&value)),
            _ => headers.push((name, collapse(&value))),
        }
    }
    let mut query: Vec<_> =
        request.query.iter().map(|(name, value)| (percent::component(name), percent::component(value))).collect();
    query.sort();
    let signed_headers = join(headers.iter().map(|(name, _)| name.clone()), ";");
    let canonical_request = format!(
        "{}\n{}\n{}\n{}\n{signed_headers}\n{payload}",
        request.method,
        percent::canonical_path(request.path),
        join(query.iter().map(|(name, value)| format!("{name}={value}")), "&"),
        join(headers.iter().map(|(name, value)| format!("{name}:{value}\n")), ""),
    );
    let digest = hex(&Sha256::digest(canonical_request.as_bytes()));
    let string_to_sign = format!("AWS4-HMAC-SHA256\n{amz_date}\n{scope}\n{digest}");
    Working { signed_headers, canonical_request, string_to_sign }
}

/// The signature over a string to sign, hex.
#[must_use]
pub fn signature(secret_key: &str, scope: &str, string_to_sign: &str) -> String {
    let mut key = format!("AWS4{secret_key}").into_bytes();
    for part in scope.split('/') {
        key = hmac_sha256(&key, part.as_bytes());
    }
    hex(&hmac_sha256(&key, string_to_sign.as_bytes()))
}

/// Outer blanks removed, inner runs of them made one.
fn collapse(value: &str) -> String {
    value.split_ascii_whitespace().collect::<Vec<_>>().join(" ")
}

fn hmac_sha256(key: &[u8], text: &[u8]) -> Vec<u8> {
    // HMAC takes a key of any length, so this cannot fail (RFC 2104).
    Hmac::<Sha256>::new_from_slice(key)
        .map(|mac| mac.chain_update(text).finalize().into_bytes().to_vec())
        .unwrap_or_default()
}

/// The payload hash of a body.
#[must_use]
pub fn payload_hash(body: &[u8]) -> String {
    if body.is_empty() { EMPTY_PAYLOAD.to_owned() } else { hex(&Sha256::digest(body)) }
}
