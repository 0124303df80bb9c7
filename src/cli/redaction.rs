//! The redactor for text that is read from files.

use super::status::{environment, status};
use crate::config::Flags;
use crate::config::secrets::{Secrets, secrets};
use crate::engine::redact::Redactor;

/// Returns a redactor for what is read: it knows the secrets of environment and configuration by value, all
/// others by name.
pub fn redactor(flags: &Flags) -> Redactor {
    let Secrets { values, remarks } = secrets(flags, &environment);
    for remark in remarks {
        status(&format!("{remark}: secrets from there are not known here"));
    }
    Redactor::new(values.iter().map(String::as_str))
}
