//! What a failure means: the code book, the causes, and what an id says about itself.
//!
//! Pure: it looks at a record and at what is written in `assets/`, and at nothing else.

mod asked;
mod cached;
pub mod causes;
pub mod checks;
pub mod code_book;
pub mod cors;
pub mod foreign_id;
pub mod forensics;
pub mod permission;
pub mod rules;
pub mod service;
mod versions;

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::i18n::{Language, tell};

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
    pub fn in_words(self, language: Language) -> Cow<'static, str> {
        match self {
            Self::Client => tell!(language, "you: the request"),
            Self::Account => tell!(language, "the account: its settings or permissions"),
            Self::Store => tell!(language, "the store"),
            Self::Network => tell!(language, "the network between you and the store"),
        }
    }
}
