//! The code book: `assets/codes.toml`.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use crate::assets::asset;
use crate::domain::cause::{Cause, Owner};
use crate::domain::dialect::Dialect;
use crate::domain::suggest;
use crate::i18n::Bilingual;

/// Whose code it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Family {
    /// The vendor's list of COS codes (document 436/7730).
    Cos,
    /// Sent by COS and not on the list.
    Wild,
    /// Data processing.
    Ci,
    /// Vector buckets.
    Vector,
    /// Numeric codes of image processing.
    Image,
    /// Numeric codes of the older JSON API.
    Legacy,
    /// S3-compatible stores.
    S3,
    /// Names of client exceptions, as Node.js has them.
    Client,
}

/// What is known about a code, in one language.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CodeText {
    /// What the store says by it.
    pub meaning: String,
    /// What to look at.
    pub check: Vec<String>,
    /// What to change.
    pub fix: Vec<String>,
}

/// One entry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// The code as it is on the wire.
    pub code: String,
    /// Other spellings that are on the wire too.
    #[serde(default)]
    pub also: Vec<String>,
    /// Whose code it is.
    pub family: Family,
    /// The statuses it comes with; empty where that is not known or there is none.
    pub status: Vec<u16>,
    /// How the Message begins that this entry is for, in lower case; `*` stands for a name that the store puts in.
    #[serde(default)]
    pub message: Option<String>,
    /// Likely causes, best first.
    pub causes: Vec<Cause>,
    /// The code means its one cause wherever a store sends it with its own status.
    #[serde(default)]
    pub certain: bool,
    /// Sending the same again can help by itself.
    pub retry: bool,
    /// Whose move it is.
    pub owner: Owner,
    /// The vendor's page.
    pub page: String,
    /// The words.
    #[serde(flatten)]
    pub words: Bilingual<CodeText>,
}

impl Entry {
    /// Only how a Message begins is the store's own: what comes after may be the name of a key or of a user.
    fn fits_message(&self, message: &str) -> bool {
        let Some(words) = self.message.as_deref() else { return true };
        let (start, later) = words.split_once('*').unwrap_or((words, ""));
        message.strip_prefix(start).is_some_and(|rest| rest.contains(later))
    }
}

#[derive(Deserialize)]
struct CodeBookFile {
    code: Vec<Entry>,
}

static ENTRIES: LazyLock<Vec<Entry>> = LazyLock::new(|| {
    let file: CodeBookFile = asset!("codes.toml");
    file.code
});

/// The entries of each spelling, in lower case: every failure asks for those of its code.
static BY_CODE: LazyLock<HashMap<String, Vec<&Entry>>> = LazyLock::new(|| {
    let mut by_code: HashMap<String, Vec<&Entry>> = HashMap::new();
    for entry in ENTRIES.iter() {
        for code in std::iter::once(&entry.code).chain(&entry.also) {
            by_code.entry(code.to_ascii_lowercase()).or_default().push(entry);
        }
    }
    by_code
});

fn with_code(code: &str) -> &'static [&'static Entry] {
    BY_CODE.get(&code.to_ascii_lowercase()).map_or(&[], Vec::as_slice)
}

/// All entries.
#[must_use]
pub fn entries() -> &'static [Entry] {
    &ENTRIES
}

/// Every entry of a code, those for one Message after the general one, without regard to case.
#[must_use]
pub fn of_code(code: &str) -> Vec<&'static Entry> {
    let mut found = with_code(code).to_vec();
    found.sort_by_key(|entry| (family_rank(entry.family, Dialect::Cos), entry.message.is_some()));
    found
}

/// The entry that fits an answer best: by its Message, then by whose dialect was spoken, then by
/// its status. A code has several owners, and one owner several meanings for it.
#[must_use]
pub fn find(dialect: Dialect, status: Option<u16>, code: &str, message: &str) -> Option<&'static Entry> {
    let message = message.to_lowercase();
    let fitting = with_code(code).iter().copied().filter(|entry| entry.fits_message(&message));
    fitting.max_by_key(|entry| {
        let specific = entry.message.as_ref().map_or(0, String::len);
        let known_status = status.is_some_and(|status| entry.status.contains(&status));
        (specific, Reverse(family_rank(entry.family, dialect)), known_status)
    })
}

fn family_rank(family: Family, dialect: Dialect) -> u8 {
    match (family, dialect) {
        (Family::Cos, Dialect::Cos) | (Family::S3, Dialect::S3) => 0,
        (Family::Wild, _) => 1,
        (Family::Cos, Dialect::S3) => 2,
        (Family::Client, _) => 3,
        (Family::Ci, _) => 4,
        (Family::Vector, _) => 5,
        (Family::S3, Dialect::Cos) => 6,
        (Family::Image | Family::Legacy, _) => 7,
    }
}

/// The code most like this one, if any is near.
#[must_use]
pub fn nearest(code: &str) -> Option<&'static str> {
    suggest::nearest(code, ENTRIES.iter().map(|entry| entry.code.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn every_entry_is_whole_in_both_languages() {
        let mut seen = HashSet::new();
        for entry in entries() {
            let name = &entry.code;
            for words in [&entry.words.en, &entry.words.zh] {
                assert!(!words.meaning.trim().is_empty(), "{name}: no meaning");
                assert!(!words.fix.is_empty() && words.fix.iter().all(|fix| fix.trim().len() > 3), "{name}: no fix");
                assert!(!words.check.is_empty(), "{name}: nothing to check");
            }
            assert!(entry.words.zh.meaning.chars().any(|c| c > '\u{2E80}'), "{name}: no Chinese");
            assert!(!entry.causes.is_empty(), "{name}");
            assert_eq!(entry.message, entry.message.as_ref().map(|part| part.to_lowercase()), "{name}");
            assert!(seen.insert((name.to_lowercase(), entry.family, entry.message.clone())), "{name} stands twice");
        }
    }

    #[test]
    fn the_families_are_complete() {
        let mut codes: HashMap<Family, HashSet<&str>> = HashMap::new();
        for entry in entries() {
            codes.entry(entry.family).or_default().insert(&entry.code);
        }
        assert_eq!(codes[&Family::Cos].len(), 129, "the vendor's list has 129 distinct codes");
        for (family, least) in
            [(Family::Client, 16), (Family::Ci, 20), (Family::Vector, 12), (Family::Legacy, 15), (Family::S3, 20)]
        {
            assert!(codes[&family].len() >= least, "{family:?}: {}", codes[&family].len());
        }
    }

    #[test]
    fn an_answer_finds_its_entry_by_message_and_without_regard_to_case() {
        let causes = |dialect, status, code, message| {
            find(dialect, Some(status), code, message).map(|entry| entry.causes[0].as_str())
        };
        for (dialect, status, code, message, wanted) in [
            (Dialect::Cos, 403, "AccessDenied", "You are denied by bucket referer rule", "referer-denied"),
            (
                Dialect::Cos,
                403,
                "AccessDenied",
                "Condition key $key doesn't match denied by bucket referer rule",
                "invalid-request",
            ),
            (Dialect::Cos, 400, "badrquest", "", "invalid-request"),
            (Dialect::Cos, 409, "QuotaOperationConfilct", "", "conflict"),
            (Dialect::Cos, 404, "ReplicationConfigurationnotFoundError", "", "not-configured"),
            (Dialect::Cos, 503, "SlowDown", "Please reduce your request rate.", "throttled"),
            (Dialect::S3, 403, "SignatureDoesNotMatch", "", "secret-key-wrong"),
            (Dialect::S3, 404, "NoSuchKey", "", "object-not-found"),
        ] {
            assert_eq!(causes(dialect, status, code, message), Some(wanted), "{code} {message}");
        }
        assert_eq!(find(Dialect::Cos, Some(403), "NoSuchThing", ""), None);
        assert_eq!(nearest("AccesDenied"), Some("AccessDenied"));
    }
}
