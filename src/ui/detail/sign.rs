//! The Sign tab: what the store signed and what was signed here.

use ratatui::text::Line;
use unicode_width::UnicodeWidthStr;

use crate::domain::language::tell;
use crate::domain::record::Record;
use crate::domain::text::visible;
use crate::ui::text_lines::TextLines;

/// Columns of the words before a signed line.
const LINE: usize = 7;

/// Both signed texts, line by line: what is equal once, what differs one under the other, a mark
/// below the first byte that differs.
pub fn lines(record: &Record, text: &mut TextLines<'_>) {
    let Some(comparison) = record.diagnosis.as_ref().and_then(|diagnosis| diagnosis.signature.as_ref()) else { return };
    let language = text.format.language;
    text.heading(&tell!(language, "Signed text (%{text}): store and here", text = comparison.text));
    let (both, the_store) = (tell!(language, "both"), tell!(language, "store"));
    let (ours, no_line) = (tell!(language, "here"), tell!(language, "(no line)"));
    let (store, here): (Vec<_>, Vec<_>) =
        (comparison.store.split('\n').collect(), comparison.here.split('\n').collect());
    for i in 0..store.len().max(here.len()) {
        let (left, right) = (store.get(i).copied(), here.get(i).copied());
        if left == right {
            text.field(&both, left.unwrap_or_default(), LINE);
            continue;
        }
        let is_first = comparison.line == Some(i + 1);
        // A window around the difference: the mark must stand under its letter, so neither line wraps.
        let byte = if is_first { comparison.byte.unwrap_or(1) - 1 } else { 0 };
        let (from, at) =
            window(left.unwrap_or_default(), right.unwrap_or_default(), byte, text.columns.saturating_sub(LINE + 3));
        for (name, line) in [(&the_store, left), (&ours, right)] {
            let room = text.columns.saturating_sub(LINE + 2);
            let shown = line.map_or_else(|| no_line.to_string(), |line| part(line, from, room));
            text.field(name, &shown, LINE);
        }
        if is_first {
            text.lines.push(Line::styled(
                format!("{}^ {}", " ".repeat(LINE + 2 + at), comparison.element),
                text.format.theme.warn,
            ));
        }
    }
    text.field(&tell!(language, "usual"), &comparison.usual, LINE);
}

/// From which byte two lines are shown so that the differing one is seen, and its column there.
fn window(left: &str, right: &str, byte: usize, room: usize) -> (usize, usize) {
    let same = if left.len() >= right.len() { left } else { right };
    let mut from = byte.saturating_sub(room * 2 / 3);
    while !same.is_char_boundary(from) {
        from -= 1;
    }
    let head = same.get(from..byte).unwrap_or_default();
    (from, visible(head).width() + usize::from(from > 0))
}

fn part(line: &str, from: usize, room: usize) -> String {
    let rest = line.get(from..).unwrap_or_default();
    let lead = if from > 0 { "…" } else { "" };
    crate::domain::text::end_cut(&format!("{lead}{}", visible(rest)), room.max(8))
}
