//! Standard output as a whole, status lines on standard error, and the exit status.

use std::io::Write;

use anyhow::Context;

use crate::engine::redact::Redactor;
use crate::i18n::Language;
use crate::text::errors::localized;
use crate::text::sanitize::sanitize;

/// Exit status when failures were listed.
pub const FAILURES: u8 = 1;
/// Exit status after an interrupt.
pub const INTERRUPTED: u8 = 130;

/// Reads a variable; one that is not text counts as absent.
pub fn environment(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

/// Returns the language of the person who runs the command.
#[must_use]
pub fn language() -> Language {
    crate::config::language(&environment)
}

/// Writes to standard output. A reader that went away is not an error.
pub fn print(text: &str) -> anyhow::Result<u8> {
    match std::io::stdout().lock().write_all(text.as_bytes()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(error).context("standard output"),
        _ => Ok(0),
    }
}

/// Diagnostics go to standard error; a closed one loses them and nothing else.
pub fn status(text: &str) {
    let text = Redactor::default().text(text).into_owned();
    let _ = writeln!(std::io::stderr(), "cosdiag: {}", sanitize(&text));
}

/// Returns an error and its causes in one line that is safe to print.
#[must_use]
pub fn one_line(error: &anyhow::Error) -> String {
    let language = language();
    let parts: Vec<_> = error.chain().map(|error| localized(error, language)).collect();
    let text = parts.join(": ");
    sanitize(&Redactor::default().text(&text)).into_owned()
}
