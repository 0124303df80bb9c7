//! Secrets told by the name before them, whoever's they are and however a URL, an SDK, a shell or a person
//! spells it.

mod spelling;

use std::borrow::Cow;
use std::sync::{LazyLock, OnceLock};

use aho_corasick::{AhoCorasick, packed};
use memchr::memmem;
use regex::{Captures, Regex};

use crate::domain::credentials::mask_id;
use crate::domain::redacted::REDACTED;
use spelling::{
    APART, BYTES, CHINESE, CLOSE, COLON, END_TAG, EQUALS, HEADERS, KEY_ID, NAMES, OPEN_TAG, PAIR, QUOTE, START, VALUE,
    WORDS, WRAP,
};

/// Where a text may hold a secret, and how it looks there. The first group is kept, and `after`; an `id`
/// is shortened.
struct Pattern {
    /// Words of which one stands in every text that the pattern matches.
    needs: &'static [&'static str],
    source: String,
    found: OnceLock<Option<Regex>>,
}

impl Pattern {
    /// Compiled when a text first holds one of its words: most runs need a few of them.
    fn regex(&self) -> Option<&Regex> {
        self.found.get_or_init(|| Regex::new(&self.source).ok()).as_ref()
    }
}

const OF_NAMES: &[&str] = &["sign", "token", "credential", "ossaccesskeyid", "secret", "customer-key"];
const OF_WORDS: &[&str] = &["token", "secret", "passw", "sk=", "sk:", "sk\"", "sk'", "sk "];
const OF_IDS: &[&str] = &["akid", "akia", "asia", "ltai"];
/// Parts a login from its host.
const LOGIN: &str = "@";
const OF_OPTIONS: &[&str] =
    &["sign", "token", "credential", "ossaccesskeyid", "secret", "customer-key", "passw", "--sk"];
const OF_SCHEMES: &[&str] =
    &["aws ", "aws\t", "aws%20", "aws+", "oss ", "oss\t", "oss%20", "oss+", "obs ", "obs\t", "obs%20", "obs+"];
const OF_HEADERS: &[&str] = &["authorization", "cookie"];

static PATTERNS: LazyLock<Vec<Pattern>> = LazyLock::new(|| {
    let double = r#"(?:[^"\\\r\n]|\\+/|\\u00(?:2[BbDdFf]|3[0-9Dd]|[4-7][0-9A-Fa-f]))"#;
    let single = double.replacen('"', "'", 1);
    // A value in brackets, `[]string{"…"}` or `Some("…")`; and one that is an argument of its own.
    let assigned = format!("{CLOSE}(?:{EQUALS}|{COLON}|{PAIR})");
    let argument = format!(r"(?:{QUOTE}(?:>>)?[ \t]*,\s*|\(\s*)");
    let header = format!(r"(?:{EQUALS}|{COLON}|{PAIR})");
    let tag = |names: &str| format!(r#"(?:{OPEN_TAG}(?:{names})(?:\s[^<>]*)?|{START}(?:{names})\\?["']){END_TAG}"#);
    let pair = r"[0-9A-F]{2,}(?-u:\b)";
    let (opened, bracket) = (format!("{WRAP}{QUOTE}"), r"(?:Some\()?");
    let patterns = [
        // Constructors: the id, the secret, perhaps a token.
        (OF_IDS, format!(r"({START}{KEY_ID}{QUOTE}\s*,\s*{QUOTE})[A-Za-z0-9/+=]{{12,}}")),
        (OF_IDS, format!(r"({START}{KEY_ID}{QUOTE}\s*,\s*{QUOTE}[^\s,]+{QUOTE}\s*,\s*{QUOTE})[A-Za-z0-9/+=_-]{{20,}}")),
        (OF_IDS, format!(r"({START}{KEY_ID}:)[A-Za-z0-9/+=]{{20,}}")),
        (CONSTRUCTORS, format!(r"(?i)((?:{CONSTRUCTOR})\(\s*{QUOTE}[^\s,]+{QUOTE}\s*,\s*{QUOTE}){VALUE}+")),
        (CONSTRUCTORS, format!(r"(?i)((?:{CONSTRUCTOR})\(\s*{QUOTE}[^\s,]+{QUOTE}\s*,\s*{QUOTE}[^\s,]+{QUOTE}\s*,\s*{QUOTE}){VALUE}+")),
        (OF_NAMES, format!(r"(?i)({START}(?:{NAMES}){argument}{WRAP}{QUOTE}){VALUE}{{16,}}")),
        (OF_NAMES, format!(r"(?i)({}){VALUE}+", tag(NAMES))),
        // By the name. Quoted values first: they may hold any character.
        (OF_NAMES, format!(r#"(?i)({START}(?:{NAMES}){assigned}{WRAP}\\*"){double}+"#)),
        (OF_NAMES, format!(r"(?i)({START}(?:{NAMES}){assigned}{WRAP}\\*'){single}+")),
        (OF_NAMES, format!(r"(?i)({START}(?:{NAMES}){assigned}(?:{opened}|{bracket})){VALUE}+")),
        (OF_WORDS, format!(r"(?i)({APART}(?:{WORDS})(?:{CLOSE}{EQUALS}(?:{opened}|{bracket})|{QUOTE}{COLON}{opened})){VALUE}{{8,}}")),
        (OF_WORDS, format!(r"(?i)({APART}(?:{WORDS}){CLOSE}{COLON}(?:{opened}|{bracket})){VALUE}{{16,}}")),
        (&["密钥", "私钥", "密码", "令牌"], format!(r"((?:{CHINESE}){assigned}(?:{opened}|{bracket})){VALUE}{{6,}}")),
        (&["密钥", "私钥", "密码", "令牌"], format!(r"((?:{CHINESE})[是为]?[ \t]*){VALUE}{{16,}}")),
        // Command lines.
        (OF_OPTIONS, format!(r#"(?i)(--(?:{NAMES}|{WORDS})(?:[ \t]+|=)["']?)[^\s"'<]+"#)),
        (&["secret"], r#"(?i)(secret[ _.-]?(?:access[ _.-]?)?key[ \t]*(?:[ \t]|\||is[ \t]|是|为)[ \t]*["']?)[A-Za-z0-9/+=]{20,}"#.to_owned()),
        (&["config"], r#"(?i)((?-u:\b)(?:coscmd|coscli|ossutil(?:64)?|obsutil)(?:\.exe)?\s[^\r\n|;<]*?\s-(?:sk?|kt?|t)[ \t=]+["']?)[^\s"'<-][^\s"'<]*"#.to_owned()),
        (&["config"], r#"(?i)((?-u:\b)(?:coscmd|coscli|ossutil(?:64)?|obsutil)(?:\.exe)?\s[^\r\n|;<]*\s-(?:sk?|kt?|t)[ \t=]+["']?)[^\s"'<-][^\s"'<]*"#.to_owned()),
        (&["alias", "config"], r#"(?i)((?-u:\b)mc(?:li)?(?:\.exe)?\s+(?:--?\S+\s+)*(?:alias\s+(?:set|s)|config\s+host\s+add)\s+(?:--?\S+\s+)*\S+\s+\S+\s+\S+\s+["']?)[^\s"'<-][^\s"'<]*"#.to_owned()),
        (&[" -u", "--user"], r#"(?i)((?-u:\b)curl(?-u:\b)[^\r\n]*?\s(?:-u|--user)[ \t=]*["']?[^\s:"']+:)[^\s"'<]+"#.to_owned()),
        // Signatures.
        (&["sign"], r"(?i)((?:[?&]|%3F|%26)(?:sign|signature)(?:=|%3D))[^&\s<>]+".to_owned()),
        (&["signature"], format!(r"(?i)({START}Signature{CLOSE}{EQUALS}{opened}?)[0-9a-z%+/=_-]{{16,}}")),
        (&["signature"], format!(r"(?i)({START}Signature{CLOSE}(?:{COLON}|{PAIR}|>){opened}?)[0-9a-z+/=_-]{{27,}}")),
        (OF_SCHEMES, r"((?-u:\b)(?:AWS|OSS|OBS)(?:[ \t]+|%20|\+)[A-Za-z0-9]{8,}(?::|%3A))[A-Za-z0-9+/=%]{20,}".to_owned()),
        (&["stringtosign", "canonicalrequest"], format!(r"(?i)((?:{BYTES}){assigned}(?:{opened}|{bracket})){pair}(?:(?:\s|\\[nrt])*{pair})*")),
        (&["stringtosign", "canonicalrequest"], format!(r"(?i)({}){pair}(?:(?:\s|\\[nrt])*{pair})*", tag(BYTES))),
        // Headers: quoted to the same quote, as JSON, Python and JSON inside JSON write them; else to the line's end.
        (OF_HEADERS, format!(r#"(?i)({START}(?:{HEADERS})"\]?{header}{WRAP}")(?:[^"\\]|\\.)*"#)),
        (OF_HEADERS, format!(r"(?i)({START}(?:{HEADERS})'\]?{header}{WRAP}')(?:[^'\\]|\\.)*")),
        (OF_HEADERS, format!(r#"(?i)({START}(?:{HEADERS})\\+"\]?{header}{WRAP}\\+")(?:[^"\\]|\\[^"])*"#)),
        (OF_HEADERS, format!(r#"(?i)({START}(?:{HEADERS}){QUOTE}(?:>>)?[ \t]*,[ \t]*{WRAP}")[^"\\\r\n]{{16,}}"#)),
        (OF_HEADERS, format!(r"(?i)({START}(?:{HEADERS}){QUOTE}(?:>>)?[ \t]*,[ \t]*{WRAP}')[^'\\\r\n]{{16,}}")),
        (OF_HEADERS, format!(r#"(?i)({START}(?:{HEADERS}){header}{WRAP}")(?:[^"\\\r\n]|\\.)*"#)),
        (OF_HEADERS, format!(r"(?i)({START}(?:{HEADERS}){header}{WRAP}')(?:[^'\\\r\n]|\\.)*")),
        (OF_HEADERS, format!(r"(?i)({START}(?:{HEADERS})(?:%20)?%3A(?:%20|\+)*)(?:[^\s<>&%]|%0[^DA]|%[1-9A-F][0-9A-F])+")),
        (OF_HEADERS, format!(r"(?im)(^(?:[<>][ \t])?(?:{HEADERS})[ \t]*[:=][ \t]*)[^\r\n]+")),
        (OF_HEADERS, r"(?i)((?:proxy-)?authorization[ \t]*(?:=>|[:=：])[ \t]*)(?:[^\r\n<\\]|\\[^rn])+".to_owned()),
        (OF_HEADERS, format!(r#"(?i)({START}(?:set-)?cookie[ \t]*(?:=>|[:=：])[ \t]*)(?:[^\r\n<"'\\]|\\[^rn"'])+"#)),
        (&["bearer", "basic"], r"(?i)((?-u:\b)(?:Bearer|Basic)(?:[ \t]+|%20))[A-Za-z0-9._~+/=-]{16,}".to_owned()),
        (&[LOGIN], r"(?i)([a-z][a-z0-9+.-]*://)[^/\s@<>]+(?P<after>@)".to_owned()),
        (&["q-ak"], r"(?i)((?:(?-u:\b)|%[0-9A-F]{2})q-ak(?:=|%3D))(?P<id>[0-9A-Za-z]{12,})".to_owned()),
        (OF_IDS, format!("({START})(?P<id>{KEY_ID})")),
    ];
    patterns.into_iter().map(|(needs, pattern)| Pattern { needs, source: pattern, found: OnceLock::new() }).collect()
});

/// What makes credentials of an id, a secret and perhaps a token.
const CONSTRUCTOR: &str = r"(?:Basic|Static|Session|COS|AWS|Default|NewStatic)[A-Za-z0-9_]*Cred[A-Za-z0-9_]*|NewStatic(?:V[24])?|CosConfig|minio\.New|NewCred[A-Za-z0-9_]*";
const CONSTRUCTORS: &[&str] = &["cred", "newstatic", "cosconfig", "minio.new"];

/// The words that patterns need, each once.
fn words() -> Vec<&'static str> {
    let mut words: Vec<&str> = PATTERNS.iter().flat_map(|pattern| pattern.needs).copied().collect();
    words.sort_unstable();
    words.dedup();
    words
}

/// These words, and the patterns that need each.
static TRIGGERS: LazyLock<Option<(AhoCorasick, Vec<u64>)>> = LazyLock::new(|| {
    let words = words();
    let needed = |word: &&str| {
        PATTERNS.iter().rev().fold(0, |bits, pattern| bits << 1 | u64::from(pattern.needs.contains(word)))
    };
    let bits = words.iter().map(needed).collect();
    Some((AhoCorasick::builder().ascii_case_insensitive(true).build(&words).ok()?, bits))
});

/// Finds a word of any pattern in a text of lower case, several times as fast as [`TRIGGERS`], which says which. It is
/// fast by the first three bytes of each word, so that the one of a single byte is left out; and so are those that
/// hold another one.
static ANY: LazyLock<Option<packed::Searcher>> = LazyLock::new(|| {
    let all = words();
    let holds_another = |word: &str| all.iter().any(|other| word != *other && word.contains(other));
    let words = all.iter().filter(|word| **word != LOGIN && !holds_another(word));
    // Slower for so many patterns than for a few, and still quicker than an automaton.
    packed::Config::new().heuristic_pattern_limits(false).builder().extend(words).build()
});

/// Whether a text, in lower case, may hold something that is secret by its name.
pub fn may_name(lower: &[u8]) -> bool {
    match &*ANY {
        Some(any) => memmem::find(lower, LOGIN.as_bytes()).is_some() || any.find(lower).is_some(),
        None => TRIGGERS.as_ref().is_none_or(|(words, _)| words.is_match(lower)),
    }
}

/// A text without what its names tell to be secret.
pub fn without_named(mut text: Cow<'_, str>) -> Cow<'_, str> {
    let wanted = wanted(&text);
    if wanted == 0 {
        return text;
    }
    let wanted = PATTERNS.iter().enumerate().filter(|(at, _)| wanted >> at & 1 == 1);
    for found in wanted.filter_map(|(_, pattern)| pattern.regex()) {
        if let Cow::Owned(clean) = found.replace_all(&text, in_its_place) {
            text = Cow::Owned(clean);
        }
    }
    text
}

fn in_its_place(found: &Captures<'_>) -> String {
    let group = |name| found.name(name).map(|group| group.as_str());
    let mark = group("id").map_or_else(|| REDACTED.to_owned(), mask_id);
    format!("{}{mark}{}", &found[1], group("after").unwrap_or_default())
}

/// The patterns that may match, a bit each: most texts hold no word of any and are left at that.
fn wanted(text: &str) -> u64 {
    let Some((words, bits)) = &*TRIGGERS else { return u64::MAX };
    let mut wanted = 0;
    // Most texts hold none: to copy one and look for any word is faster than this search.
    if !may_name(&text.as_bytes().to_ascii_lowercase()) {
        return wanted;
    }
    for found in words.find_overlapping_iter(text) {
        wanted |= bits[found.pattern().as_usize()];
    }
    wanted
}

/// Whether an element's text, or a member's, is secret by its name.
pub fn is_secret_element(name: &str) -> bool {
    static NAME: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(&format!("^(?i:{NAMES}|{BYTES}|{HEADERS}|token)$")).ok());
    NAME.as_ref().is_none_or(|pattern| pattern.is_match(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pattern_is_one() {
        for pattern in PATTERNS.iter() {
            assert!(pattern.regex().is_some(), "{}", pattern.source);
        }
        assert!(TRIGGERS.is_some() && PATTERNS.len() <= 64, "a bit each");
        for word in PATTERNS.iter().flat_map(|pattern| pattern.needs) {
            assert!(may_name(format!("before {word}, after").as_bytes()) && word.to_ascii_lowercase() == **word);
        }
        assert!(!may_name(b"http://photos-1250000000.cos.ap-guangzhou.myqcloud.com/key access denied."));
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
