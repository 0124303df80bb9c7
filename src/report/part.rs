//! Single parts of a record as text, for a clipboard.

use std::fmt::Write;

use crate::domain::check::Check;
use crate::domain::record::Record;
use crate::domain::verdict::Comparison;
use crate::i18n::Language;
use crate::text::sanitize::sanitize;
use crate::text::{cells, checks};

/// What a chat needs, in one line: status, Code, Message, request, id and time.
#[must_use]
pub fn one_line(record: &Record, language: Language) -> String {
    let status = record.status_code.map(|status| format!("{status} ")).unwrap_or_default();
    let parts = [
        format!("{status}{}", record.shown_code()),
        cells::message(record, language).into_owned(),
        format!("{} {}", record.method, record.target()),
        super::record_writer::id_or_words(record).to_owned(),
        record.time.strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
    ];
    let parts: Vec<_> = parts.iter().filter(|part| !part.is_empty()).map(|part| sanitize(part)).collect();
    parts.join(" · ")
}

/// The headers of the answer, as they are on the wire.
#[must_use]
pub fn headers(record: &Record) -> Option<String> {
    let headers = record.headers.as_ref().filter(|headers| !headers.is_empty())?;
    let mut text = String::new();
    for (name, value) in headers {
        let _ = writeln!(text, "{name}: {value}");
    }
    Some(text)
}

/// The checks, a line each: what was changed, what was answered, its own id. `None` where nothing was checked.
#[must_use]
pub fn checks(record: &Record, language: Language) -> Option<String> {
    let checks = record.diagnosis.as_ref().map(|diagnosis| &diagnosis.checks).filter(|checks| !checks.is_empty())?;
    let mut text = String::new();
    for Check { kind, changed, outcome, request_id, .. } in checks {
        let id = request_id.as_ref().map(|id| format!(" ({id})")).unwrap_or_default();
        let (changed, outcome) = (checks::change(changed, language), checks::outcome(outcome, language));
        let _ = writeln!(text, "{kind} ({changed}): {outcome}{id}");
    }
    Some(text)
}

/// What the store signed and what was signed here, the one under the other.
#[must_use]
pub fn signed_texts(record: &Record) -> Option<String> {
    let Comparison { text, store, here, .. } = record.diagnosis.as_ref()?.signature.as_ref()?;
    let mut out = String::new();
    let _ = write!(out, "{text} (store)\n{store}\n\n{text} (here)\n{here}\n");
    Some(out)
}
