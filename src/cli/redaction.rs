//! The redactor for text that is read from files.

use super::status::{environment, status};
use crate::config::Flags;
use crate::config::secrets::{Secrets, secrets};
use crate::engine::redact::Redactor;
use crate::i18n::{Localize, tell};

/// Returns a redactor for what is read: it knows the secrets of environment and configuration by value, all
/// others by name.
pub fn redactor(flags: &Flags) -> Redactor {
    let Secrets { values, remarks } = secrets(flags, &environment);
    let language = crate::config::language(&environment);
    for remark in remarks {
        let remark = remark.localize(language);
        status(&tell!(language, "%{remark}. Secrets from there are not known and not hidden", remark = remark));
    }
    Redactor::new(values.iter().map(String::as_str))
}
