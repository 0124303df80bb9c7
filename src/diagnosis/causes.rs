//! The causes: `assets/causes.toml`. Their ids are fixed.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};
use strum::IntoEnumIterator;

use crate::domain::cause::{Cause, Owner};
use crate::domain::check::CheckKind;
use crate::domain::suggest;
use crate::i18n::Bilingual;

/// A cause, in one language.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CauseText {
    /// The cause in one sentence.
    pub summary: String,
    /// What to do, in order.
    pub fix: Vec<String>,
}

/// What is known of a cause.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CauseEntry {
    /// Whose move it is.
    pub owner: Owner,
    /// Sending the same again can help by itself.
    pub retry: bool,
    /// Checks that can tell it from its neighbours, in order.
    #[serde(default)]
    pub checks: Vec<CheckKind>,
    /// They are worth their requests where the cause is certain, too: they show what works instead.
    #[serde(default)]
    pub even_if_certain: bool,
    /// The words.
    #[serde(flatten)]
    pub words: Bilingual<CauseText>,
}

static CAUSES: LazyLock<BTreeMap<Cause, CauseEntry>> = LazyLock::new(|| {
    toml::from_str(include_str!("../../assets/causes.toml")).expect("assets/causes.toml is checked by a test")
});

/// Returns what is known of a cause.
///
/// # Panics
/// When `assets/causes.toml` lacks the cause, which a test rules out.
#[must_use]
pub fn entry(cause: Cause) -> &'static CauseEntry {
    CAUSES.get(&cause).expect("assets/causes.toml is checked by a test")
}

/// The id most like this one, if any is near.
#[must_use]
pub fn nearest(id: &str) -> Option<&'static str> {
    suggest::nearest(id, Cause::iter().map(Cause::as_str))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_cause_is_whole_in_both_languages() {
        for cause in Cause::iter() {
            let Some(entry) = CAUSES.get(&cause) else { panic!("assets/causes.toml lacks {}", cause.as_str()) };
            for words in [&entry.words.en, &entry.words.zh] {
                assert!(words.summary.len() > 5 && !words.fix.is_empty(), "{cause:?}");
            }
            assert!(entry.words.zh.summary.chars().any(|c| c > '\u{2E80}'), "{cause:?}");
        }
    }
}
