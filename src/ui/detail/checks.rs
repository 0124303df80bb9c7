//! The Checks tab: each request with one thing changed, and what came of it.

use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr;

use crate::domain::language::tell;
use crate::domain::record::Record;
use crate::domain::text::visible;
use crate::ui::text_lines::TextLines;

/// The truth table.
pub fn lines(record: &Record, text: &mut TextLines<'_>) {
    let checks = record.diagnosis.as_ref().map(|diagnosis| diagnosis.checks.as_slice()).unwrap_or_default();
    let language = text.format.language;
    text.gap();
    if checks.is_empty() {
        text.words(
            &tell!(language, "Not checked yet. d repeats the request with one thing changed, read-only."),
            text.format.theme.quiet,
        );
        return;
    }
    for check in checks {
        let (mark, style) = match (check.succeeded, check.outcome.as_str()) {
            (_, "…") => (text.format.glyphs.waits, text.format.theme.quiet),
            (true, _) => (text.format.glyphs.ok, text.format.theme.ok),
            (false, _) => ("✗", text.format.theme.client),
        };
        let name = format!("{mark} {:<15} ", check.check);
        let outcome = visible(&check.outcome).into_owned();
        if name.width() + outcome.width() <= text.columns {
            text.lines.push(Line::from(vec![Span::styled(name, style), Span::raw(outcome)]));
        } else {
            text.lines.push(Line::styled(name.trim_end().to_owned(), style));
            text.words(&outcome, text.format.theme.text);
        }
        text.words(&check.changed, text.format.theme.quiet);
        if let Some(id) = &check.request_id {
            text.words(id, text.format.theme.quiet);
        }
    }
}
