//! The Checks tab: each request with one thing changed, what came of it, and what follows.

use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr;

use super::layout::Layout;
use super::{body, cors};
use crate::domain::record::Record;
use crate::domain::verdict::Diagnosis;
use crate::i18n::{Localize, tell};
use crate::text::sanitize::sanitize;
use crate::text::{checks, verdict};
use crate::ui::check_columns::{self, Row, State};
use crate::ui::keymap::Action;
use crate::ui::text_lines::{NAME, TextLines};
use crate::ui::widget::table;

/// The truth table, the CORS rules where they were read, what to do, and the keys.
pub fn lines(record: &Record, layout: Layout<'_>, text: &mut TextLines<'_>) {
    let empty = Diagnosis::default();
    let diagnosis = record.diagnosis.as_ref().unwrap_or(&empty);
    let language = text.format.language;
    let rows = check_columns::rows(diagnosis, layout.planned);
    text.gap();
    if rows.is_empty() {
        text.words(
            &tell!(
                language,
                "Not checked yet. %{key} repeats the request with one thing changed, read-only.",
                key = text.format.keymap.key(Action::Diagnose)
            ),
            text.format.theme.quiet,
        );
        return;
    }
    let is_table = check_columns::is_table(text.columns);
    let grid = check_columns::grid(&rows, diagnosis, text.columns, text.format);
    let mut lines = table::lines(&grid, text.format.theme).into_iter();
    let heads = lines.next();
    text.lines.extend(heads.filter(|_| is_table));
    for (i, (row, line)) in rows.iter().zip(lines).enumerate() {
        let start = text.lines.len();
        text.lines.push(line);
        if let Some(id) = row.check.request_id.as_deref().filter(|_| !is_table) {
            text.lines.push(Line::styled(format!("  {}", sanitize(id)), text.format.theme.quiet));
        }
        let copied = row.check.request_id.clone().map(|id| ("RequestId".to_owned(), id));
        text.stop(start, copied);
        if layout.unfolded && i == layout.stop {
            whole(row, diagnosis, layout, text);
        }
    }
    if let Some(cors) = &diagnosis.cors {
        text.gap();
        cors::lines(cors, text);
    }
    text.gap();
    let fixes = diagnosis.verdicts.first().map(|first| verdict::fix(first, record, language));
    for (i, fix) in fixes.iter().flatten().enumerate() {
        let name = if i == 0 { tell!(language, "Fix") } else { "".into() };
        text.field(&name, fix, NAME);
    }
    keys(&rows, text);
}

/// One check with its own request, headers and body.
fn whole(row: &Row<'_>, diagnosis: &Diagnosis, layout: Layout<'_>, text: &mut TextLines<'_>) {
    let language = text.format.language;
    let name = NAME + 2;
    text.field(&format!("  {}", tell!(language, "Changed")), &checks::change(&row.check.changed, language), name);
    text.field(&format!("  {}", tell!(language, "Answer")), &check_columns::answer(row, language), name);
    if let Some(so) = check_columns::so(row, diagnosis, language) {
        text.field(&format!("  {}", tell!(language, "So")), &so, name);
    }
    if let Some(id) = &row.check.request_id {
        text.field("  RequestId", id, name);
    }
    let Some(exchange) = &row.check.exchange else { return };
    text.gap();
    text.words(&format!("{} {}", exchange.method, exchange.url), text.format.theme.strong);
    let message = exchange.client_failure.as_ref().map(|failure| failure.localize(language));
    if let Some(message) = message.as_ref().or(exchange.message.as_ref()) {
        text.words(message, text.format.theme.text);
    }
    if let Some(headers) = &exchange.headers {
        text.gap();
        text.header_fields(headers);
    }
    if let Some(body) = exchange.body.as_deref().filter(|body| !body.is_empty()) {
        text.gap();
        body::document(body, layout.raw_body, text);
        if exchange.body_truncated {
            text.words(&tell!(language, "The body is cut here."), text.format.theme.warn);
        }
    }
    text.gap();
}

/// `2 read-only requests · d runs them again · y copies a check's RequestId`.
fn keys(rows: &[Row<'_>], text: &mut TextLines<'_>) {
    let (language, theme, glyphs) = (text.format.language, text.format.theme, text.format.glyphs);
    let sent = rows.iter().filter(|row| row.state != State::NotSent).count();
    let count = match sent {
        1 => tell!(language, "1 read-only check"),
        n => tell!(language, "%{n} read-only checks", n = n),
    };
    let dot = format!(" {} ", glyphs.dot);
    let mut used = count.width();
    let mut parts = vec![(count.into_owned(), theme.quiet)];
    for (key, words) in [
        (Action::Diagnose, tell!(language, "runs them again")),
        (Action::CopyId, tell!(language, "copies a check's RequestId")),
        (Action::Unfold, tell!(language, "shows all of one")),
    ] {
        let key = text.format.keymap.key(key);
        used += dot.width() + key.width() + 1 + words.width();
        if used > text.columns {
            break;
        }
        parts.extend([(dot.clone(), theme.quiet), (key.to_owned(), theme.accent), (format!(" {words}"), theme.quiet)]);
    }
    let spans: Vec<_> = parts.into_iter().map(|(words, style)| Span::styled(words, style)).collect();
    text.lines.push(Line::from(spans));
}
