//! Percent-encoding as both signature schemes want it (RFC 3986: only `A-Z a-z 0-9 - _ . ~` stay),
//! and its inverse.

use std::borrow::Cow;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

const COMPONENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');
const PATH: &AsciiSet = &COMPONENT.remove(b'/');

/// Encodes a query name or value: everything but the unreserved characters, upper-case hex.
#[must_use]
pub fn component(text: &str) -> String {
    Cow::from(utf8_percent_encode(text, COMPONENT)).into_owned()
}

/// Encodes a path, keeping `/`: the form that `SigV4` signs.
#[must_use]
pub fn canonical_path(text: &str) -> String {
    Cow::from(utf8_percent_encode(text, PATH)).into_owned()
}

/// Encodes a path for a URL. A `/` next to a `.` or `..` segment becomes `%2F`, since URL parsers
/// would resolve the segment and so ask for another object; see [`sent_path`].
#[must_use]
pub fn path(text: &str) -> String {
    // Most keys need none of it.
    if is_plain(text) && !has_dots(text) {
        return text.to_owned();
    }
    let encoded: Vec<String> = text.split('/').map(component).collect();
    guarded(&encoded.iter().map(String::as_str).collect::<Vec<_>>())
}

/// Whether a path has only unreserved characters, which mean the same encoded or not.
#[must_use]
pub fn is_plain(path: &str) -> bool {
    path.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'-' | b'_' | b'.' | b'~'))
}

/// A path that is encoded already, guarded as [`path`] guards it; nothing else in it is changed.
#[must_use]
pub fn guarded_path(raw: &str) -> String {
    guarded(&raw.split('/').collect::<Vec<_>>())
}

fn guarded(segments: &[&str]) -> String {
    let mut joined = String::new();
    for (i, segment) in segments.iter().enumerate() {
        // The slash that every path begins with cannot be guarded.
        let begins = i == 1 && segments[0].is_empty();
        let last = i + 1 == segments.len();
        if i > 0 {
            let is_guarded = !begins && (is_dots(segments[i - 1]) || (last && is_dots(segment)));
            joined.push_str(if is_guarded { "%2F" } else { "/" });
        }
        joined.push_str(segment);
    }
    joined
}

/// Whether URL parsers take a segment for `.` or `..`.
fn is_dots(segment: &str) -> bool {
    segment.starts_with(['.', '%'])
        && segment.len() <= "%2e%2e".len()
        && matches!(segment.to_ascii_lowercase().replace("%2e", ".").as_str(), "." | "..")
}

/// Whether URL parsers would resolve something in a path.
#[must_use]
pub fn has_dots(raw: &str) -> bool {
    raw.split('/').any(is_dots)
}

/// A path of a URL as it is sent: one that [`path`] made goes out as it was signed, its dot segments
/// and all, as the vendors' SDKs send it. Any other goes out as it is.
#[must_use]
pub fn sent_path(of_url: &str) -> Cow<'_, str> {
    if !of_url.contains('%') {
        return of_url.into();
    }
    let meant = decode(of_url);
    if path(&meant) == of_url { canonical_path(&meant).into() } else { of_url.into() }
}

/// Percent-decodes; bytes that are not UTF-8 become U+FFFD. A `+` stays a plus (RFC 3986).
#[must_use]
pub fn decode(text: &str) -> String {
    decoded(text).into_owned()
}

/// The same, borrowed where there is nothing to decode.
#[must_use]
pub fn decoded(text: &str) -> Cow<'_, str> {
    percent_decode_str(text).decode_utf8_lossy()
}

/// Splits a raw query into decoded name and value pairs, in order; a name alone gets an empty value.
#[must_use]
pub fn query_pairs(raw: &str) -> Vec<(String, String)> {
    raw.split('&')
        .filter(|part| !part.is_empty())
        .map(|part| match part.split_once('=') {
            Some((name, value)) => (decode(name), decode(value)),
            None => (decode(part), String::new()),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn unreserved_stay_and_the_rest_is_upper_hex() {
        assert_eq!(component("aZ09-_.~ !'()*/+中"), "aZ09-_.~%20%21%27%28%29%2A%2F%2B%E4%B8%AD");
        assert_eq!(path("/a b/+"), "/a%20b/%2B");
        assert_eq!(path("/a/../b/./c/.."), "/a/..%2Fb/.%2Fc%2F..");
        assert_eq!(guarded_path("/a/%2E./b+c/%2e"), "/a/%2E.%2Fb+c%2F%2e");
        assert_eq!(sent_path("/a/..%2Fb/.%2Fc%2F.."), "/a/../b/./c/..");
        assert_eq!(sent_path("/a+b/..%2Fc"), "/a+b/..%2Fc");
        assert_eq!(
            query_pairs("acl&prefix=a+b%20c&x="),
            [
                ("acl".to_owned(), String::new()),
                ("prefix".to_owned(), "a+b c".to_owned()),
                ("x".to_owned(), String::new())
            ]
        );
    }

    proptest! {
        #[test]
        fn decoding_undoes_encoding(text in ".*") {
            prop_assert_eq!(decode(&component(&text)), text.clone());
            prop_assert_eq!(decode(&path(&text)), text);
        }
    }
}
