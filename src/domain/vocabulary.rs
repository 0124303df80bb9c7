//! The words by which a pasted text is understood: `assets/vocabulary.toml`.

use std::collections::HashSet;
use std::ops::Range;
use std::sync::LazyLock;

use aho_corasick::AhoCorasick;
use serde::Deserialize;

use super::dialect::Dialect;

#[derive(Deserialize)]
struct VocabularyFile {
    wrappers: Vec<String>,
    stores: OfStores,
    message: Vec<OfACode>,
    cause: Vec<OfACause>,
    network: Vec<OfANetwork>,
}

#[derive(Deserialize)]
struct OfStores {
    cos: Vec<String>,
    s3: Vec<String>,
}

#[derive(Deserialize)]
struct OfACode {
    code: String,
    texts: Vec<String>,
}

#[derive(Deserialize)]
struct OfACause {
    cause: String,
    texts: Vec<String>,
}

#[derive(Deserialize)]
struct OfANetwork {
    name: String,
    #[serde(default)]
    phase: Option<Phase>,
    texts: Vec<String>,
}

/// When a request timed out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Phase {
    /// Before a connection was there.
    Connect,
    /// In the TLS handshake.
    Handshake,
    /// After the request was sent.
    Read,
    /// The words do not tell what failed: name, address or port.
    Unknown,
}

/// What a text of the vocabulary means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meaning {
    /// A store's constant Message, and the Code that it comes with.
    Message(&'static str),
    /// Words that tell a cause by themselves.
    Cause(&'static str),
    /// No whole answer: the name of the client exception.
    Network(&'static str, Option<Phase>),
}

/// A text of the vocabulary, where it was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hit {
    /// Its bytes in the text that was looked through.
    pub place: Range<usize>,
    /// What it means.
    pub meaning: Meaning,
    /// The closest texts have the lowest.
    pub rank: usize,
}

struct Vocabulary {
    wrappers: HashSet<String>,
    meanings: Vec<(String, Meaning)>,
    finder: Option<AhoCorasick>,
    cos: Option<AhoCorasick>,
    s3: Option<AhoCorasick>,
}

static VOCABULARY: LazyLock<Vocabulary> = LazyLock::new(|| {
    let file: VocabularyFile = toml::from_str(include_str!("../../assets/vocabulary.toml"))
        .expect("assets/vocabulary.toml is checked by a test");
    let mut meanings: Vec<(String, Meaning)> = Vec::new();
    for OfACode { code, texts } in file.message {
        let code: &'static str = code.leak();
        meanings.extend(texts.into_iter().map(|text| (text, Meaning::Message(code))));
    }
    for OfACause { cause, texts } in file.cause {
        let cause: &'static str = cause.leak();
        meanings.extend(texts.into_iter().map(|text| (text, Meaning::Cause(cause))));
    }
    for OfANetwork { name, phase, texts } in file.network {
        let name: &'static str = name.leak();
        meanings.extend(texts.into_iter().map(|text| (text, Meaning::Network(name, phase))));
    }
    let builder = || AhoCorasick::builder().ascii_case_insensitive(true).clone();
    let finder = builder().build(meanings.iter().map(|(text, _)| text)).ok();
    let (cos, s3) = (builder().build(&file.stores.cos).ok(), builder().build(&file.stores.s3).ok());
    Vocabulary { wrappers: file.wrappers.into_iter().collect(), meanings, finder, cos, s3 }
});

/// Every text of the vocabulary in a text, in the order of their ends.
pub fn hits(text: &str) -> impl Iterator<Item = Hit> {
    let found = VOCABULARY.finder.iter().flat_map(move |finder| finder.find_overlapping_iter(text));
    found.map(|found| {
        let rank = found.pattern().as_usize();
        Hit { place: found.range(), meaning: VOCABULARY.meanings[rank].1, rank }
    })
}

/// The Code that a Message comes with which stands without one; the longest text that it holds counts.
#[must_use]
pub fn code_of(message: &str) -> Option<&'static str> {
    longest(message, |meaning| match meaning {
        Meaning::Message(code) => Some(code),
        _ => None,
    })
}

/// The cause that words tell by themselves.
#[must_use]
pub fn cause_of(message: &str) -> Option<&'static str> {
    longest(message, |meaning| match meaning {
        Meaning::Cause(cause) => Some(cause),
        _ => None,
    })
}

/// The client exception that words tell of, and when it happened.
#[must_use]
pub fn network(text: &str) -> Option<(&'static str, Option<Phase>)> {
    let networks = hits(text).filter(|hit| matches!(hit.meaning, Meaning::Network(..)));
    match networks.min_by_key(|hit| hit.rank)?.meaning {
        Meaning::Network(name, phase) => Some((name, phase)),
        _ => None,
    }
}

fn longest(text: &str, wanted: impl Fn(Meaning) -> Option<&'static str>) -> Option<&'static str> {
    let found = hits(text).filter_map(|hit| Some((hit.place.len(), wanted(hit.meaning)?)));
    found.max_by_key(|(length, _)| *length).map(|(_, word)| word)
}

/// Whose store a text speaks of, by the names in it.
#[must_use]
pub fn dialect(text: &str) -> Option<Dialect> {
    let holds = |finder: &Option<AhoCorasick>| {
        let found = finder.iter().flat_map(|finder| finder.find_overlapping_iter(text));
        found.map(|found| found.range()).any(|place| stands_alone(text, &place))
    };
    let s3 = || holds(&VOCABULARY.s3).then_some(Dialect::S3);
    if holds(&VOCABULARY.cos) || names_an_appid(text) { Some(Dialect::Cos) } else { s3() }
}

/// A short name is not the end of a longer word, as in `macOS `.
fn stands_alone(text: &str, place: &Range<usize>) -> bool {
    place.len() > 4 || !text[..place.start].ends_with(|c: char| c.is_ascii_alphanumeric())
}

/// A bucket of COS ends in ten digits, `-1250000000` and up. Ten digits from 14 on are as likely a time.
fn names_an_appid(text: &str) -> bool {
    let is_one = |at: usize| {
        let digits = &text[at + 1..];
        let count = digits.bytes().take_while(u8::is_ascii_digit).count();
        count == 10 && (digits.starts_with("125") || digits.starts_with("126") || digits.starts_with("13"))
    };
    memchr::memmem::find_iter(text.as_bytes(), b"-1").any(is_one)
}

/// Whether a name that stands where a Code may is a client's own, and no store's.
#[must_use]
pub fn is_wrapper(name: &str) -> bool {
    let name = name.trim_matches(['_', '.']).to_ascii_lowercase();
    VOCABULARY.wrappers.contains(&name) || name.starts_with("err_") || name.starts_with("phpinternal")
}

/// Names of client exceptions are upper case throughout; no store's code is.
#[must_use]
pub fn is_client_name(code: &str) -> bool {
    code.len() > 3
        && code.starts_with(['E', 'C', 'S', 'U', 'H'])
        && !code.starts_with("ERROR_")
        && code.bytes().all(|b| b.is_ascii_uppercase() || b == b'_')
}

/// Every text with what it means, for who looks for all of them, or at them.
pub fn texts() -> impl Iterator<Item = (&'static str, Meaning)> {
    VOCABULARY.meanings.iter().map(|(text, meaning)| (text.as_str(), *meaning))
}

/// The names of the code book that can be told from words: `LikeThis`, numbers of the older API, and the names of
/// client exceptions.
static CODES: LazyLock<Vec<&'static str>> = LazyLock::new(|| {
    let lines = include_str!("../../assets/codes.toml").lines();
    let names = lines.filter(|line| line.starts_with("code = \"") || line.starts_with("also = ["));
    let names = names.flat_map(|line| line.split('"').skip(1).step_by(2));
    let mut names: Vec<_> = names.filter(|name| is_apart(name)).collect();
    names.sort_unstable();
    names.dedup();
    names
});

fn is_apart(name: &str) -> bool {
    let capitals = name.bytes().filter(u8::is_ascii_uppercase).count();
    let is_word = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-'));
    is_word && name.len() > 2 && (capitals > 1 || name.starts_with('-'))
}

/// Whether the code book has this name, spelled so.
#[must_use]
pub fn is_code(name: &str) -> bool {
    CODES.binary_search(&name).is_ok()
}

/// Every name that [`is_code`] knows and a text may be looked through for.
pub fn codes() -> impl Iterator<Item = &'static str> {
    CODES.iter().copied().filter(|name| name.len() > 5)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::cause::Cause;

    #[test]
    fn every_entry_is_reached_and_none_stands_in_anothers_way() {
        for (text, meaning) in texts() {
            assert_eq!(text, text.to_lowercase(), "in lower case");
            let reached = match meaning {
                Meaning::Message(code) => code_of(text) == Some(code) && is_code(code),
                Meaning::Cause(cause) => cause_of(text) == Some(cause) && cause.parse::<Cause>().is_ok(),
                Meaning::Network(name, phase) => network(text) == Some((name, phase)),
            };
            assert!(reached, "{text}: {meaning:?}");
            assert_eq!(texts().filter(|(other, same)| *other == text && *same == meaning).count(), 1, "{text}");
        }
        let file: VocabularyFile = toml::from_str(include_str!("../../assets/vocabulary.toml")).expect("a table");
        let OfStores { cos, s3 } = file.stores;
        for (words, wanted) in [(cos, Dialect::Cos), (s3, Dialect::S3)] {
            for word in words {
                assert_eq!((dialect(&word), word.to_lowercase()), (Some(wanted), word));
            }
        }
        for (text, wanted) in [
            ("bucket examplebucket-1250000000", Some(Dialect::Cos)),
            ("b-1300000000/k", Some(Dialect::Cos)),
            ("a time of 1609459200 on macOS 14, lost jobs ", None),
            ("id 976345b3-1250-4270, 2016-12-25", None),
        ] {
            assert_eq!(dialect(text), wanted, "{text}");
        }
        for wrapper in &VOCABULARY.wrappers {
            assert!(is_wrapper(wrapper), "{wrapper}");
            assert!(CODES.iter().all(|code| !code.eq_ignore_ascii_case(wrapper)), "{wrapper} is in the code book");
        }
    }
}
