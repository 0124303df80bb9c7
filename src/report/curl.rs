//! A request as a `curl` line that a colleague can run. It holds no secret: where a signature was,
//! it names the variable to fill in.

use std::fmt::Write;

use crate::domain::exchange::is_token;
use crate::domain::record::Record;
use crate::domain::redacted::REDACTED;
use crate::domain::shell::Command;
use crate::domain::target;
use crate::text::sanitize::is_unsafe_char;

/// What stands in the place of a command that cannot be given: a comment to any shell.
pub const NO_COMMAND: &str = "# no command: the method, URL or host is unknown or invalid";

/// Headers whose redacted values the shell fills in. No other header names a variable: one called
/// `aws-secret-access-key` would send what the reader's own environment holds.
const FILLED_IN: &[(&str, &str)] = &[
    ("authorization", r#"-H "authorization: $AUTHORIZATION""#),
    ("proxy-authorization", r#"-H "proxy-authorization: $PROXY_AUTHORIZATION""#),
    ("cookie", r#"-H "cookie: $COOKIE""#),
    ("x-cos-security-token", r#"-H "x-cos-security-token: $X_COS_SECURITY_TOKEN""#),
    ("x-amz-security-token", r#"-H "x-amz-security-token: $X_AMZ_SECURITY_TOKEN""#),
];

/// The line, or a comment where the record holds no request that could be sent.
#[must_use]
pub fn line(record: &Record) -> String {
    let Some(url) = url(&record.url).filter(|_| is_token(&record.method)) else { return NO_COMMAND.to_owned() };
    let mut command = Command::new("curl -sS -i");
    // What curl would take for a pattern, or for a way up, is part of the key.
    if url.contains(['[', ']', '{', '}']) {
        command = command.then("--globoff");
    }
    if url.contains("/.") {
        command = command.then("--path-as-is");
    }
    command = match record.method.as_str() {
        "GET" => command,
        "HEAD" => command.then("-I"),
        method => command.option("-X", method),
    };
    let host = target::host_of(&record.url);
    for (name, value) in record.request.headers.iter().filter(|(name, _)| is_token(name)) {
        let name = name.to_ascii_lowercase();
        let is_curls_own = matches!(name.as_str(), "user-agent" | "accept" | "content-length")
            || (name == "host" && value.eq_ignore_ascii_case(host));
        let filled_in = FILLED_IN.iter().find(|(known, _)| *known == name && value.contains(REDACTED));
        command = match filled_in {
            _ if is_curls_own => command,
            Some((_, fixed)) => command.then(fixed),
            None => command.option("-H", &format!("{name}: {value}")),
        };
    }
    command.word(&url).line()
}

/// An http or https URL as one word: what cannot stand in a URL, and what cannot be seen, is
/// percent-encoded. `None` of anything else, which curl might take for an option or a file.
#[must_use]
pub fn url(text: &str) -> Option<String> {
    let (scheme, rest) = text.split_once("://")?;
    if !matches!(scheme, "http" | "https") || rest.is_empty() || rest.starts_with(['/', '?', '#']) {
        return None;
    }
    let mut url = String::with_capacity(text.len());
    for c in text.chars() {
        if c != ' ' && !is_unsafe_char(c) {
            url.push(c);
            continue;
        }
        for byte in c.encode_utf8(&mut [0; 4]).bytes() {
            let _ = write!(url, "%{byte:02X}");
        }
    }
    Some(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_sent_as_it_was() {
        let mut record = Record::imported("import:x:1".to_owned(), jiff::Timestamp::UNIX_EPOCH);
        let header = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        record.request.headers = vec![
            header("host", "other.example"),
            header("authorization", REDACTED),
            header("aws-secret-access-key", REDACTED),
            header("a b", "c"),
            header("range", "bytes=0-0"),
        ];
        for (method, url, wanted) in [
            (
                "PUT",
                "https://h/a/../[1-9] \u{202e}",
                "curl -sS -i --globoff --path-as-is -X PUT -H 'host: other.example' -H \"authorization: $AUTHORIZATION\" -H 'aws-secret-access-key: [redacted]' -H 'range: bytes=0-0' 'https://h/a/../[1-9]%20%E2%80%AE'",
            ),
            ("", "https://h/", NO_COMMAND),
            ("GET /", "https://h/", NO_COMMAND),
            ("GET", "-o.profile", NO_COMMAND),
            ("GET", "file:///etc/passwd", NO_COMMAND),
        ] {
            (record.method, record.url) = (method.to_owned(), url.to_owned());
            assert_eq!(line(&record), wanted);
        }
    }
}
