//! The COS request signature (document 436/7778), `q-sign-algorithm=sha1`.

use hmac::{Hmac, KeyInit, Mac};
use sha1::{Digest, Sha1};

use super::{Placement, Request, Signed, hex, token_of};
use crate::domain::credentials::Credentials;
use crate::domain::percent;

/// A signature's validity, in Unix seconds, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyTime {
    /// First second.
    pub start: i64,
    /// Last second.
    pub end: i64,
}

impl KeyTime {
    /// A window around `now`: it opens a minute early, since a clock slightly ahead of the store's
    /// must not be refused as "not yet valid", and closes fifteen minutes later.
    #[must_use]
    pub fn around(now: i64) -> Self {
        Self { start: now - 60, end: now + 900 }
    }

    fn text(self) -> String {
        format!("{};{}", self.start, self.end)
    }
}

/// The headers that the vendor's SDKs sign when present. Everything that starts with `x-cos-` or
/// `x-ci-` joins them.
const SDK_HEADERS: &[&str] = &[
    "cache-control",
    "content-disposition",
    "content-encoding",
    "content-length",
    "content-md5",
    "content-type",
    "expect",
    "expires",
    "host",
    "if-match",
    "if-modified-since",
    "if-none-match",
    "if-unmodified-since",
    "origin",
    "pic-operations",
    "range",
    "transfer-encoding",
];

/// Whether the vendor's SDKs sign a header of this name by default.
#[must_use]
pub fn signed_by_default(name: &str) -> bool {
    let begins = |start: &str| name.get(..start.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(start));
    SDK_HEADERS.iter().any(|known| known.eq_ignore_ascii_case(name)) || begins("x-cos-") || begins("x-ci-")
}

/// Signs exactly the headers in `request`. A session token joins as a header that is sent but not
/// signed (as the Node SDK does) unless the request already names it.
#[must_use]
pub fn sign(request: &Request<'_>, credentials: &Credentials, key_time: KeyTime, placement: Placement) -> Signed {
    let working = working(request, key_time);
    let window = key_time.text();
    let signature = signature(credentials.expose_key(), &window, &working.string_to_sign);
    let fields = [
        ("q-sign-algorithm", "sha1"),
        ("q-ak", credentials.id.as_str()),
        ("q-sign-time", window.as_str()),
        ("q-key-time", window.as_str()),
        ("q-header-list", working.header_list.as_str()),
        ("q-url-param-list", working.parameter_list.as_str()),
        ("q-signature", signature.as_str()),
    ];
    let token = token_of(credentials).map(|token| ("x-cos-security-token".to_owned(), token.to_owned()));
    let mut signed = Signed {
        authorization: joined(fields),
        headers: Vec::new(),
        query: Vec::new(),
        signed_headers: working.header_list.clone(),
        canonical_request: working.http_string,
        string_to_sign: working.string_to_sign,
        signature: signature.clone(),
    };
    match placement {
        Placement::Header => {
            let named = |(name, _): &(String, String)| name.eq_ignore_ascii_case("x-cos-security-token");
            signed.headers.extend(token.filter(|_| !request.headers.iter().any(named)));
            signed.headers.push(("authorization".to_owned(), signed.authorization.clone()));
        }
        Placement::Url => {
            signed.query = fields.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
            signed.query.extend(token);
        }
    }
    signed
}

/// The texts a COS signature is computed from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Working {
    /// `q-header-list`.
    pub header_list: String,
    /// `q-url-param-list`.
    pub parameter_list: String,
    /// `HttpString`, which the store echoes as `FormatString`.
    pub http_string: String,
    /// `StringToSign`.
    pub string_to_sign: String,
}

/// Computes the texts without a key: what a verifier or a comparison needs.
#[must_use]
pub fn working(request: &Request<'_>, key_time: KeyTime) -> Working {
    let parameters = canonical_pairs(request.query);
    let headers = canonical_pairs(request.headers);
    let method = request.method.to_ascii_lowercase();
    let (pairs, signed) = (joined(as_text(&parameters)), joined(as_text(&headers)));
    let http_string = [method.as_str(), "\n", request.path, "\n", &pairs, "\n", &signed, "\n"].concat();
    let digest = hex(&Sha1::digest(http_string.as_bytes()));
    let names = |pairs: Vec<(String, String)>| pairs.into_iter().map(|(name, _)| name).collect::<Vec<_>>().join(";");
    Working {
        header_list: names(headers),
        parameter_list: names(parameters),
        string_to_sign: ["sha1\n", &key_time.text(), "\n", &digest, "\n"].concat(),
        http_string,
    }
}

/// The signature over a string to sign, hex; `key_time` is the text `start;end` as sent.
#[must_use]
pub fn signature(secret_key: &str, key_time: &str, string_to_sign: &str) -> String {
    let sign_key = hex(&hmac_sha1(secret_key.as_bytes(), key_time.as_bytes()));
    hex(&hmac_sha1(sign_key.as_bytes(), string_to_sign.as_bytes()))
}

fn as_text(pairs: &[(String, String)]) -> impl Iterator<Item = (&str, &str)> {
    pairs.iter().map(|(name, value)| (name.as_str(), value.as_str()))
}

/// `name=value`, joined by `&`.
fn joined<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    let mut text = String::new();
    for (name, value) in pairs {
        let separator = if text.is_empty() { "" } else { "&" };
        text.extend([separator, name, "=", value]);
    }
    text
}

/// Names encoded and then lower-cased (their hex digits too), values encoded, sorted after that.
fn canonical_pairs(pairs: &[(String, String)]) -> Vec<(String, String)> {
    let mut encoded: Vec<_> = pairs
        .iter()
        .map(|(name, value)| (percent::component(name).to_ascii_lowercase(), percent::component(value)))
        .collect();
    encoded.sort();
    encoded
}

fn hmac_sha1(key: &[u8], text: &[u8]) -> Vec<u8> {
    // HMAC takes a key of any length, so this cannot fail (RFC 2104).
    Hmac::<Sha1>::new_from_slice(key)
        .map(|mac| mac.chain_update(text).finalize().into_bytes().to_vec())
        .unwrap_or_default()
}
