//! The causes: `assets/causes.toml`. Their ids are fixed.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use super::Owner;
use super::checks::Kind;
use crate::domain::suggest;
use crate::i18n::Bilingual;

/// A cause, in one language.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Words {
    /// The cause in one sentence.
    pub summary: String,
    /// What to do, in order.
    pub fix: Vec<String>,
}

/// A cause that a failure can come to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cause {
    /// Whose move it is.
    pub owner: Owner,
    /// Sending the same again can help by itself.
    pub retry: bool,
    /// Checks that can tell it from its neighbours, in order.
    #[serde(default)]
    pub checks: Vec<Kind>,
    /// They are worth their requests where the cause is certain, too: they show what works instead.
    #[serde(default)]
    pub even_if_certain: bool,
    /// The words.
    #[serde(flatten)]
    pub words: Bilingual<Words>,
}

static CAUSES: LazyLock<BTreeMap<String, Cause>> = LazyLock::new(|| {
    toml::from_str(include_str!("../../assets/causes.toml")).expect("assets/causes.toml is checked by a test")
});

/// The cause of an id.
#[must_use]
pub fn get(id: &str) -> Option<&'static Cause> {
    CAUSES.get(id)
}

/// All ids.
pub fn ids() -> impl Iterator<Item = &'static str> {
    CAUSES.keys().map(String::as_str)
}

/// The id most like this one, if any is near.
#[must_use]
pub fn nearest(id: &str) -> Option<&'static str> {
    suggest::nearest(id, ids())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_cause_is_whole_in_both_languages() {
        assert_eq!(ids().count(), 55);
        for (id, cause) in CAUSES.iter() {
            for words in [&cause.words.en, &cause.words.zh] {
                assert!(words.summary.len() > 5 && !words.fix.is_empty(), "{id}");
            }
            assert!(cause.words.zh.summary.chars().any(|c| c > '\u{2E80}'), "{id}");
        }
    }
}
