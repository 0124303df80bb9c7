//! What tools say when a request got no answer, by the phrase in it, and the name that a Node.js user
//! would see. The phrases are those of Go, Python (requests), Java, PHP and curl.

/// Phrases in lower case; the first that is found counts, so the more exact ones stand first.
const PHRASES: &[(&str, &str)] = &[
    ("certificate has expired or is not yet valid", "CERT_HAS_EXPIRED"),
    ("certificate has expired", "CERT_HAS_EXPIRED"),
    ("certificate is not valid for", "ERR_TLS_CERT_ALTNAME_INVALID"),
    ("x509: certificate is valid for", "ERR_TLS_CERT_ALTNAME_INVALID"),
    ("doesn't match any of the subject alternative names", "ERR_TLS_CERT_ALTNAME_INVALID"),
    ("no alternative certificate subject name matches", "ERR_TLS_CERT_ALTNAME_INVALID"),
    ("hostname mismatch", "ERR_TLS_CERT_ALTNAME_INVALID"),
    ("self-signed certificate in certificate chain", "SELF_SIGNED_CERT_IN_CHAIN"),
    ("self signed certificate in certificate chain", "SELF_SIGNED_CERT_IN_CHAIN"),
    ("certificate signed by unknown authority", "UNABLE_TO_VERIFY_LEAF_SIGNATURE"),
    ("unable to get local issuer certificate", "UNABLE_TO_VERIFY_LEAF_SIGNATURE"),
    ("unable to find valid certification path", "UNABLE_TO_VERIFY_LEAF_SIGNATURE"),
    ("certificate verify failed", "UNABLE_TO_VERIFY_LEAF_SIGNATURE"),
    ("temporary failure in name resolution", "EAI_AGAIN"),
    ("server misbehaving", "EAI_AGAIN"),
    ("no such host", "ENOTFOUND"),
    ("name or service not known", "ENOTFOUND"),
    ("nodename nor servname provided", "ENOTFOUND"),
    ("could not resolve host", "ENOTFOUND"),
    ("unknownhostexception", "ENOTFOUND"),
    ("getaddrinfo failed", "ENOTFOUND"),
    ("getaddrinfo enotfound", "ENOTFOUND"),
    ("failed to resolve", "ENOTFOUND"),
    ("proxyconnect tcp", "EPROXY"),
    ("unable to connect to proxy", "EPROXY"),
    ("could not resolve proxy", "EPROXY"),
    ("connection refused", "ECONNREFUSED"),
    ("actively refused it", "ECONNREFUSED"),
    ("connect econnrefused", "ECONNREFUSED"),
    // Before the broken connection that Python's requests makes of each.
    ("badstatusline", "HPE_INVALID_CONSTANT"),
    ("incompleteread", "ERR_BODY_TRUNCATED"),
    ("connection reset", "ECONNRESET"),
    ("connection aborted", "ECONNRESET"),
    ("remote end closed connection without response", "ECONNRESET"),
    ("socket hang up", "ECONNRESET"),
    ("empty reply from server", "ECONNRESET"),
    ("forcibly closed by the remote host", "ECONNRESET"),
    ("no route to host", "EHOSTUNREACH"),
    ("network is unreachable", "EHOSTUNREACH"),
    ("unexpected eof", "ERR_BODY_TRUNCATED"),
    ("malformed http response", "HPE_INVALID_CONSTANT"),
    ("tls handshake timeout", "ETIMEDOUT"),
    ("i/o timeout", "ETIMEDOUT"),
    ("read timed out", "ETIMEDOUT"),
    ("connect timed out", "ETIMEDOUT"),
    ("connection timed out", "ETIMEDOUT"),
    ("operation timed out", "ETIMEDOUT"),
    ("context deadline exceeded", "ETIMEDOUT"),
    ("client.timeout exceeded", "ETIMEDOUT"),
    ("wrong version number", "EPROTO"),
    ("first record does not look like a tls handshake", "EPROTO"),
];

/// The name of the client exception that a text tells of, and the line that does. Of several the most
/// exact counts: a trace tells of each layer's.
#[must_use]
pub fn exception(text: &str) -> Option<(&'static str, String)> {
    // Indented lines of a trace are the program's source, with phrases of its own.
    let is_source = |line: &&str| !line.starts_with([' ', '\t']);
    let outer: Vec<&str> = text.lines().filter(is_source).collect();
    let inner = text.lines().filter(|line| !is_source(line)).collect();
    [outer, inner].into_iter().find_map(most_exact)
}

fn most_exact(lines: Vec<&str>) -> Option<(&'static str, String)> {
    let place = |line: &str| {
        let lower = line.to_ascii_lowercase();
        PHRASES.iter().position(|(phrase, _)| lower.contains(phrase))
    };
    let (place, line) = lines.into_iter().filter_map(|line| Some((place(line)?, line))).min_by_key(|found| found.0)?;
    Some((PHRASES[place].1, line.trim().chars().take(1000).collect()))
}

/// Every phrase, for who looks for them in longer texts.
pub fn phrases() -> impl Iterator<Item = &'static str> {
    PHRASES.iter().map(|(phrase, _)| *phrase)
}
