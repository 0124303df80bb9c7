//! The two languages, and a sentence of ours in one of them.
//!
//! English stands in the code and is the key, as in gettext's programs; `assets/languages/` has the
//! others, `%{name}` where a value goes. Text from a server is never looked up.

use serde::{Deserialize, Serialize};

/// A language of the texts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Language {
    /// English.
    #[default]
    En,
    /// Chinese.
    Zh,
}

impl Language {
    /// The language of a locale such as `zh_CN.UTF-8`; anything but Chinese is English.
    #[must_use]
    pub fn of_locale(locale: &str) -> Self {
        if locale.to_ascii_lowercase().starts_with("zh") { Self::Zh } else { Self::En }
    }

    /// Its tag (RFC 5646), which is the name of its file in `assets/languages/`.
    #[must_use]
    pub fn tag(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Zh => "zh",
        }
    }
}

/// The same in both languages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bilingual<T> {
    /// English.
    pub en: T,
    /// Chinese.
    pub zh: T,
}

impl<T> Bilingual<T> {
    /// The text in a language.
    pub fn get(&self, language: Language) -> &T {
        match language {
            Language::En => &self.en,
            Language::Zh => &self.zh,
        }
    }
}

/// A fact that can be told in a language: an error or a remark.
pub trait Localize {
    /// Returns the sentence.
    fn localize(&self, language: Language) -> String;
}

/// `tell!(language, "the bucket is in %{region}", region = region)`: a sentence in a language.
/// `tests/sources/languages.rs` holds every one of them to `assets/languages/`.
macro_rules! tell {
    ($language:expr, $($sentence:tt)+) => {
        rust_i18n::t!($($sentence)+, locale = $crate::i18n::Language::tag($language))
    };
}
pub(crate) use tell;
