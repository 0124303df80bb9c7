//! Secrets told by the name before them, whoever's they are and however a URL, an SDK, a shell or a person
//! spells it.

use std::borrow::Cow;
use std::sync::LazyLock;

use aho_corasick::AhoCorasick;
use regex::{Captures, Regex};

use crate::domain::curl::REDACTED;
use crate::domain::profile::mask_id;

/// What is secret whatever its value looks like. A name may have others before it, parted by a mark: a
/// code such as `InvalidSecurityToken` is none.
const NAMES: &str = concat!(
    r"q-signature|x-amz-signature|x-amz-credential|ossaccesskeyid|signatureprovided",
    r"|[\w.-]*secret[_-]?(?:access[_-]?)?key|(?:[\w.-]*[_.-]|tmp|x(?:cos|ci|amz))?(?:session|security)[_-]?token",
    r"|x-(?:cos|amz)-(?:copy-source-)?server-side-encryption-customer-key(?:-md5)?",
);
/// Between a name and its value: `=`, `: `, `">"`, `':'`, `\":\"`, each perhaps percent-encoded.
const BETWEEN: &str = r#"(?:\\?["'])?(?:[ \t]*=[ \t]*|%3D|%253D|[ \t]*:[ \t]*|>)(?:\\?["'])?"#;
/// The same where the value is quoted or assigned, and is not the word after a colon.
const ASSIGNED: &str = r#"(?:\\?["'][ \t]*:[ \t]*\\?["']|\\?["']?[ \t]*=[ \t]*\\?["']?|%3D|%253D)"#;
/// A character of a value. JSON may write a slash or any other one with a backslash before it.
const VALUE: &str = r#"(?:[^&\s<>"',;:%\\]|\\/|\\u[0-9A-Fa-f]{4}|%[013-9A-Fa-f][0-9A-Fa-f]|%2[0-57-9A-Fa-f])"#;
/// Where a name may begin that other names end with, such as `continuation-token`.
const APART: &str = r"(?:^|[^\w.-]|%[0-9A-F]{2})";
/// A header of which the whole value is secret.
const HEADER: &str = "(?:proxy-)?authorization|(?:set-)?cookie";

/// What is found, what of it is kept, and what follows the mark in its place.
struct Pattern {
    found: Regex,
    after: &'static str,
}

static PATTERNS: LazyLock<Vec<Pattern>> = LazyLock::new(|| {
    let start = r"(?:\b|%[0-9A-F]{2})";
    [
        (format!("(?i)({start}(?:{NAMES}){BETWEEN}){VALUE}+"), ""),
        // A word that much else goes by, so only what is given as a value, or long enough to be one.
        (format!(r"(?i)({APART}(?:\w+_)?token{ASSIGNED}){VALUE}{{8,}}"), ""),
        (format!(r"(?i)({APART}(?:\w+_)?token[ \t]*:[ \t]*){VALUE}{{20,}}"), ""),
        (format!(r#"(?i)(--(?:{NAMES}|token)(?:[ \t]+|=)["']?)[^\s"']+"#), ""),
        (r"(?i)((?:[?&]|%3F|%26)(?:sign|signature)(?:=|%3D))[^&\s<>]+".to_owned(), ""),
        (r"(?i)(\bSignature=)[0-9a-z%+/]{16,}".to_owned(), ""),
        // Quoted to the same quote, as JSON, Python and JSON inside JSON write it; else to the line's end.
        (format!(r#"(?i)(\b(?:{HEADER})"\s*:\s*")(?:[^"\\]|\\.)*"#), ""),
        (format!(r"(?i)(\b(?:{HEADER})'\s*:\s*')(?:[^'\\]|\\.)*"), ""),
        (format!(r#"(?i)(\b(?:{HEADER})\\"\s*:\s*\\")(?:[^"\\]|\\[^"])*"#), ""),
        (format!(r"(?im)(^(?:[<>][ \t])?(?:{HEADER})[ \t]*[:=][ \t]*)[^\r\n]+"), ""),
        (r"(?i)((?:proxy-)?authorization[ \t]*[:=][ \t]*)[^\r\n<]+".to_owned(), ""),
        (r#"(?i)(\b(?:set-)?cookie[ \t]*[:=][ \t]*)[^\r\n<"']+"#.to_owned(), ""),
        (r"(?is)(<(?:StringToSignBytes|CanonicalRequestBytes)>)[^<]*".to_owned(), ""),
        (r"(?i)(\b[a-z][a-z0-9+.-]*://)[^/\s@<>]+@".to_owned(), "@"),
    ]
    .into_iter()
    .filter_map(|(pattern, after)| Some(Pattern { found: Regex::new(&pattern).ok()?, after }))
    .collect()
});

/// Every pattern above needs one of these to match; most texts hold none and are left at that.
static TRIGGERS: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
    let words = [
        "sign",
        "token",
        "credential",
        "ossaccesskeyid",
        "secret",
        "customer-key",
        "authorization",
        "cookie",
        "canonicalrequest",
        "q-ak",
        "@",
    ];
    AhoCorasick::builder().ascii_case_insensitive(true).build(words).ok()
});

static ACCESS_ID: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(?i)((?:\b|%[0-9A-F]{2})q-ak(?:=|%3D))([0-9A-Za-z]{12,})").ok());

/// A text without what its names tell to be secret.
pub fn without_named(mut text: Cow<'_, str>) -> Cow<'_, str> {
    if TRIGGERS.as_ref().is_some_and(|triggers| !triggers.is_match(text.as_ref())) {
        return text;
    }
    for Pattern { found, after } in PATTERNS.iter() {
        if found.is_match(&text) {
            text = Cow::Owned(found.replace_all(&text, format!("$1{REDACTED}{after}").as_str()).into_owned());
        }
    }
    match &*ACCESS_ID {
        Some(pattern) if pattern.is_match(&text) => {
            let masked =
                pattern.replace_all(&text, |found: &Captures<'_>| format!("{}{}", &found[1], mask_id(&found[2])));
            Cow::Owned(masked.into_owned())
        }
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pattern_is_one() {
        assert_eq!(PATTERNS.len(), 14);
        assert!(ACCESS_ID.is_some() && TRIGGERS.is_some());
    }

    #[test]
    fn however_it_is_written_it_is_found() {
        for text in [
            "export AWS_SECRET_ACCESS_KEY=CANARY12345 COS_SECRET_KEY=CANARY12345",
            "TENCENTCLOUD_SESSION_TOKEN=CANARY12345",
            "COS_TOKEN=CANARY12345 and token=CANARY12345",
            "{'SecretKey': 'CANARY12345', 'Token': 'CANARY12345'}",
            r#"{"tmpSecretKey":"CANARY12345","sessionToken":"CANARY12345"}"#,
            r#"{\"SecretAccessKey\":\"CANARY12345\"}"#,
            "SecretAccessKey: CANARY12345",
            "aws_secret_access_key = CANARY12345",
            "coscli --secret-key CANARY12345 --token=CANARY12345",
            "security_token=CANARY12345",
            "> Cookie: a=CANARY12345; b=CANARY12345",
            "< Set-Cookie: s=CANARY12345",
            r#"{"cookie": "a=CANARY12345", "authorization": "Basic CANARY12345"}"#,
            "<SecretKey>CANARY12345</SecretKey>",
            r#"{"tmpSecretKey":"AbC\/CANARY12345","sessionToken":"a\u002BCANARY12345"}"#,
            "Cookie: sid=\"CANARY12345\"; b=CANARY12345",
            r#"{"authorization":"Digest username=\"u\", response=\"CANARY12345\""}"#,
            r#"{"log":"{\"authorization\":\"Basic CANARY12345\"}"}"#,
            "token: CANARY12345CANARY12345CANARY12345",
            "https://user:CANARY12345@proxy:3128/",
        ] {
            let clean = without_named(Cow::Borrowed(text));
            assert!(!clean.contains("CANARY") && clean.contains(REDACTED), "{clean}");
        }
    }

    #[test]
    fn what_only_talks_of_secrets_stays() {
        for text in [
            "The provided token has expired.",
            "no session token was sent; a temporary id needs one",
            "token: none",
            "Unexpected token: identifier",
            "InvalidSecurityToken: The security token is not valid",
            "/?list-type=2&continuation-token=1ueGcxLPRx1Tr",
            "COS_TOKEN=\nCOS_REGION=ap-guangzhou",
            "secret_key:\nregion: ap-guangzhou",
            r#"{"authorization": "x", "x-cos-request-id": "Nj"}"#,
            "<NextContinuationToken>page2</NextContinuationToken>",
        ] {
            let clean = without_named(Cow::Borrowed(text));
            assert_eq!(clean.replace(REDACTED, "x"), text);
        }
    }
}
