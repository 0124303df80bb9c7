//! What a failure means: the code book, the causes, and what an id says about itself.
//!
//! Pure: it looks at a record and at what is written in `assets/`, and at nothing else.

pub mod causes;
pub mod checks;
pub mod code_book;
pub mod cors;
pub mod foreign_id;
pub mod forensics;
pub mod permission;
pub mod rules;
pub mod service;

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

/// Whose move it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Owner {
    /// Whoever sends the request.
    Client,
    /// Whoever owns account and bucket.
    Account,
    /// The store.
    Store,
    /// Whatever lies between.
    Network,
}

impl Owner {
    /// The word in a record.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Client => "client",
            Self::Account => "account",
            Self::Store => "store",
            Self::Network => "network",
        }
    }

    /// In words.
    #[must_use]
    pub fn in_words(self, language: Language) -> &'static str {
        match (self, language) {
            (Self::Client, Language::En) => "yours, in the request",
            (Self::Account, Language::En) => "the account's: its settings or permissions",
            (Self::Store, Language::En) => "the store's",
            (Self::Network, Language::En) => "the network's, between you and the store",
            (Self::Client, Language::Zh) => "调用方：修改请求",
            (Self::Account, Language::Zh) => "账号方：修改设置或权限",
            (Self::Store, Language::Zh) => "服务方",
            (Self::Network, Language::Zh) => "网络：本机与服务之间",
        }
    }
}
