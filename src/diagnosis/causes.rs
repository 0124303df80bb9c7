//! The causes: `assets/causes.toml`. Their ids are fixed.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};
use strum::IntoEnumIterator;

use crate::assets::asset;
use crate::domain::cause::{Cause, Owner};
use crate::domain::check::CheckKind;
use crate::domain::dialect::Dialect;
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
    /// No other store than COS can have it.
    #[serde(default)]
    pub cos_only: bool,
    /// The words.
    #[serde(flatten)]
    pub words: Bilingual<CauseText>,
    /// The words for other stores than COS, where its own do not fit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub s3: Option<Bilingual<CauseText>>,
}

static CAUSES: LazyLock<BTreeMap<Cause, CauseEntry>> = LazyLock::new(|| asset!("causes.toml"));

/// Returns what is known of a cause.
///
/// # Panics
/// When `assets/causes.toml` lacks the cause, which a test rules out.
#[must_use]
pub fn entry(cause: Cause) -> &'static CauseEntry {
    CAUSES.get(&cause).expect("assets/causes.toml is checked by a test")
}

/// Returns a cause in words, for a store that speaks this dialect.
#[must_use]
pub fn text(cause: Cause, dialect: Dialect) -> &'static Bilingual<CauseText> {
    let entry = entry(cause);
    entry.s3.as_ref().filter(|_| dialect == Dialect::S3).unwrap_or(&entry.words)
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
            let Some(entry) = CAUSES.get(&cause) else { panic!("assets/causes.toml lacks {cause}") };
            for words in [Some(&entry.words), entry.s3.as_ref()].into_iter().flatten() {
                assert_eq!(words.en.fix.len(), words.zh.fix.len(), "{cause}");
                for sentence in std::iter::once(&words.en.summary).chain(&words.en.fix) {
                    let is_plain = sentence.starts_with(char::is_uppercase) && !sentence.contains(" blank");
                    assert!(is_plain && sentence.ends_with(['.', '?']), "{cause}: {sentence}");
                }
                for sentence in std::iter::once(&words.zh.summary).chain(&words.zh.fix) {
                    assert!(
                        sentence.chars().any(|c| c > '\u{2E80}') && sentence.ends_with(['。', '？']),
                        "{cause}: {sentence}"
                    );
                }
            }
        }
    }

    /// What only COS and its console have would mislead the user of another store.
    #[test]
    fn other_stores_are_told_nothing_of_cos() {
        let of_cos = ["CAM", "APPID", "COS", "console", "{action}", "Tencent", "vendor", "SecretId", "myqcloud", "ap-"];
        for cause in Cause::iter().filter(|cause| !entry(*cause).cos_only) {
            let words = &text(cause, Dialect::S3).en;
            for sentence in std::iter::once(&words.summary).chain(&words.fix) {
                let named: Vec<_> = of_cos.iter().filter(|name| sentence.contains(**name)).collect();
                assert!(named.is_empty(), "{cause}: {sentence} {named:?}");
            }
        }
    }
}
