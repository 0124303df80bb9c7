//! What only the Python SDK prints: the `repr` of its exceptions, and its words for an answer that it
//! could not read.

use std::sync::LazyLock;

use regex::Regex;

use super::quoted;

/// What the SDK says of every error whose document it cannot read.
pub const UNREADABLE: &str = "Response Error Msg Is INVALID";

/// `CosServiceError('GET', "<?xml …", 403)`: method, body or dict of headers, status.
static SERVICE: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(?s)CosServiceError\('([A-Z]+)', (.*), (\d{3})\)").ok());

/// `CosClientError("HTTPConnectionPool…")`: what the SDK says of it.
static CLIENT: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r#"CosClientError\((?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)")\)"#).ok());

/// The `repr` of a service error.
pub struct Service {
    /// The request's method.
    pub method: String,
    /// The document, or the headers as a dict where there was none.
    pub told: String,
    /// The answer's status.
    pub status: Option<u16>,
}

/// The `repr` of a service error in a text.
#[must_use]
pub fn service(text: &str) -> Option<Service> {
    let found = SERVICE.as_ref()?.captures(text)?;
    let told = &found[2];
    let inner = ['\'', '"'].iter().find_map(|quote| told.strip_prefix(*quote)?.strip_suffix(*quote));
    Some(Service {
        method: found[1].to_owned(),
        told: inner.map_or_else(|| told.to_owned(), quoted::unescape),
        status: found[3].parse().ok(),
    })
}

/// What the `repr` of a client error in a text says.
#[must_use]
pub fn client(text: &str) -> Option<String> {
    let found = CLIENT.as_ref()?.captures(text)?;
    (1..=2).find_map(|quotes| found.get(quotes)).map(|inner| quoted::unescape(inner.as_str()))
}
