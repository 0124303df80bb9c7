//! Requests without a whole answer, in the words of browsers and of the proxies that write archives.

use crate::domain::client_failure::ClientFailure;
use crate::domain::exchange::{ClientException, Headers};
use crate::domain::vocabulary;

/// Chrome's names of network errors, after `net::`, and the names that a Node.js user would see.
const CHROME: &[(&str, &str)] = &[
    ("ERR_NAME_NOT_RESOLVED", "ENOTFOUND"),
    ("ERR_CONNECTION_REFUSED", "ECONNREFUSED"),
    ("ERR_CONNECTION_RESET", "ECONNRESET"),
    ("ERR_CONNECTION_CLOSED", "ECONNRESET"),
    ("ERR_EMPTY_RESPONSE", "ECONNRESET"),
    ("ERR_CONNECTION_TIMED_OUT", "ETIMEDOUT"),
    ("ERR_TIMED_OUT", "ETIMEDOUT"),
    ("ERR_ADDRESS_UNREACHABLE", "EHOSTUNREACH"),
    ("ERR_INTERNET_DISCONNECTED", "EHOSTUNREACH"),
    ("ERR_CERT_AUTHORITY_INVALID", "UNABLE_TO_VERIFY_LEAF_SIGNATURE"),
    ("ERR_CERT_DATE_INVALID", "CERT_HAS_EXPIRED"),
    ("ERR_CERT_COMMON_NAME_INVALID", "ERR_TLS_CERT_ALTNAME_INVALID"),
    ("ERR_SSL_PROTOCOL_ERROR", "EPROTO"),
    ("ERR_PROXY_CONNECTION_FAILED", "EPROXY"),
    ("ERR_TUNNEL_CONNECTION_FAILED", "EPROXY"),
    ("ERR_CONTENT_LENGTH_MISMATCH", "ERR_BODY_TRUNCATED"),
    ("ERR_INCOMPLETE_CHUNKED_ENCODING", "ERR_BODY_TRUNCATED"),
    ("ERR_INVALID_HTTP_RESPONSE", "HPE_INVALID_CONSTANT"),
];

/// Words for a request that the page or the person ended: it says nothing about the store.
const ENDED: &[&str] = &["err_aborted", "ns_binding_aborted", "client disconnected", "connection killed"];

/// Whether the page or the person ended the request.
pub fn is_ended(error: &str) -> bool {
    let error = error.to_ascii_lowercase();
    ENDED.iter().any(|word| error.contains(word))
}

/// The failure of a request without a response. `ERR_FAILED` is what a page gets when CORS forbids it to see the
/// answer; a browser that has another reason names it, also where a page asked.
pub fn exception(error: Option<&str>, request_headers: &Headers) -> ClientException {
    let is_a_pages = request_headers.iter().any(|(name, _)| name == "origin");
    let name = error.and_then(|error| error.rsplit("::").next());
    let named = name.and_then(|name| CHROME.iter().find(|(chrome, _)| *chrome == name)).map(|(_, code)| *code);
    let blocked = || name.filter(|name| name.starts_with("ERR_BLOCKED_BY")).map(|_| "ERR_BLOCKED_BY_CLIENT");
    let by_words = || error.and_then(vocabulary::network).map(|(code, _)| code);
    let is_hidden = name.is_none_or(|name| name == "ERR_FAILED");
    let code =
        named.or_else(blocked).or_else(by_words).unwrap_or(if is_hidden { "ERR_FAILED" } else { "ERR_NO_ANSWER" });
    let failure = match error {
        Some(error) if !is_hidden || !is_a_pages => ClientFailure::Told(error.to_owned()),
        error => ClientFailure::Hidden { error: error.map(str::to_owned) },
    };
    ClientException { code, failure }
}

/// Charles marks an answer that broke off.
pub fn broke_off(status: Option<&str>) -> Option<ClientException> {
    let status = status.filter(|status| matches!(*status, "EXCEPTION" | "FAILED"))?;
    let failure = ClientFailure::BrokeOffInCharles { status: status.to_owned() };
    Some(ClientException { code: "ERR_BODY_TRUNCATED", failure })
}
