//! Verdicts in words.

use std::borrow::Cow;

use crate::domain::cause::Owner;
use crate::i18n::{Language, tell};

/// Returns who has to act.
#[must_use]
pub fn owner(owner: Owner, language: Language) -> Cow<'static, str> {
    match owner {
        Owner::Client => tell!(language, "you: the request"),
        Owner::Account => tell!(language, "the account: its settings or permissions"),
        Owner::Store => tell!(language, "the store"),
        Owner::Network => tell!(language, "the network between you and the store"),
    }
}
