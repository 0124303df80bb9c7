//! The Timing tab: a waterfall, and every attempt.

use std::borrow::Cow;

use ratatui::style::Style;
use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr;

use crate::domain::record::{Attempt, Record};
use crate::i18n::{Language, tell};
use crate::text::sanitize::sanitize;
use crate::ui::glyphs::Glyphs;
use crate::ui::text_lines::{TextLines, pad};
use crate::ui::theme::Theme;
use crate::ui::widget::grid::{Grid, GridColumn};
use crate::ui::widget::table;

const LABEL: usize = 12;
const VALUE: usize = 12;
/// The longest bar.
const BAR: usize = 40;
/// A rest below this is rounding, not time.
const NO_TIME: f64 = 0.05;

/// Makes its lines.
pub fn lines(record: &Record, text: &mut TextLines<'_>) {
    let (language, theme) = (text.format.language, text.format.theme);
    let timing = &record.timing;
    let room = text.columns.saturating_sub(LABEL + VALUE + 1).clamp(4, BAR);
    let mut start = 0.0;
    let phases = [
        ("DNS".into(), timing.dns_ms),
        (tell!(language, "Connect"), timing.connect_ms),
        ("TLS".into(), timing.tls_ms),
        (tell!(language, "First byte"), timing.first_byte_ms),
        (tell!(language, "Body"), timing.body_ms()),
    ];
    let phases = phases.into_iter().filter_map(|(label, length)| Some((label, length?, theme.text)));
    for (label, length, style) in phases.chain(rest(record, language, theme)) {
        let bar = bar(start, length, timing.total_ms, room, text.format.glyphs);
        start += length;
        text.lines.push(Line::from(vec![
            Span::styled(pad(&label, LABEL), theme.label),
            Span::styled(bar, style),
            Span::styled(format!("{length:>9.1} ms"), style),
        ]));
    }
    text.lines.push(Line::from(vec![
        Span::styled(pad(&tell!(language, "Total"), LABEL), theme.label),
        Span::raw(" ".repeat(room)),
        Span::styled(format!("{:>9.1} ms", timing.total_ms), theme.strong),
    ]));
    text.gap();
    let words = match (timing.reused, record.status_code, timing.connect_ms) {
        (true, None, _) => tell!(language, "Connection: reused an idle one"),
        (true, _, _) => tell!(language, "Connection: reused (no DNS, TCP or TLS)"),
        (false, None, None) => tell!(language, "No connection"),
        (false, _, _) => tell!(language, "Connection: new"),
    };
    text.words(&words, Style::new());
    if let Some(remote) = &record.remote {
        text.words(&tell!(language, "Peer: %{address}", address = remote), Style::new());
    }
    text.gap();
    attempts(record, text);
}

/// What of the total no phase accounts for: waited for a byte that never came, or else.
fn rest(record: &Record, language: Language, theme: &Theme) -> Option<(Cow<'static, str>, f64, Style)> {
    let timing = &record.timing;
    let phases = [timing.dns_ms, timing.connect_ms, timing.tls_ms, timing.first_byte_ms, timing.body_ms()];
    let rest = timing.total_ms - phases.into_iter().flatten().sum::<f64>();
    if rest < NO_TIME {
        return None;
    }
    let is_silence = timing.first_byte_ms.is_none() && record.status_code.is_none();
    Some(if is_silence {
        (tell!(language, "Waited"), rest, theme.warn)
    } else {
        (tell!(language, "Other"), rest, theme.text)
    })
}

fn bar(start: f64, length: f64, total: f64, room: usize, glyphs: &Glyphs) -> String {
    let total = total.max(0.001);
    let before = cells(start / total, room).min(room - 1);
    let filled = cells(length / total, room).clamp(1, room - before);
    let after = room - before - filled;
    format!("{}{}{}", " ".repeat(before), glyphs.bar.repeat(filled), " ".repeat(after))
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "a part of a line"
)]
fn cells(part: f64, room: usize) -> usize {
    (part.clamp(0.0, 1.0) * room as f64).round() as usize
}

/// A row an attempt: how it ended, when, how long, its RequestId.
fn attempts(record: &Record, text: &mut TextLines<'_>) {
    let (language, theme, glyphs) = (text.format.language, text.format.theme, text.format.glyphs);
    let count = match record.attempts.len() {
        1 => tell!(language, "1 attempt"),
        n => tell!(language, "%{n} attempts", n = n),
    };
    let column = |title: &str, least| GridColumn { title: title.to_owned(), least };
    let titles = [
        column(&count, 9),
        column(&tell!(language, "Answer"), 6),
        column(&tell!(language, "Time"), 8),
        column(&tell!(language, "Took"), 6),
        column("RequestId", 9),
    ];
    let cell = |words: &str, style| Line::styled(sanitize(words).into_owned(), style);
    let row = |(number, attempt): (usize, &Attempt)| {
        let end = match (&attempt.exception, attempt.status_code) {
            (Some(exception), Some(status)) => format!("{status} {exception}"),
            (Some(exception), None) => exception.clone(),
            (None, Some(status)) => status.to_string(),
            (None, None) => tell!(language, "nothing").into_owned(),
        };
        let time = attempt.time.to_zoned(text.format.time_zone.clone()).strftime("%H:%M:%S%.3f").to_string();
        vec![
            cell(&format!("{number} {}", attempt.method), theme.text),
            cell(&end, theme.text),
            cell(&time, theme.quiet),
            cell(&format!("{:.1} ms", attempt.total_ms), theme.text),
            cell(attempt.request_id.as_deref().unwrap_or(glyphs.none), theme.text),
        ]
    };
    let rows: Vec<_> = (1..).zip(&record.attempts).map(row).collect();
    // Where the whole ids have no room next to the rest they stand below, each in its word.
    let widest =
        |place: usize| rows.iter().map(|row| row[place].width()).max().unwrap_or(0).max(titles[place].title.width());
    let is_narrow = (0..titles.len()).map(|place| widest(place) + 2).sum::<usize>() > text.columns + 2;
    let ids: Vec<_> = record.attempts.iter().map(|attempt| attempt.request_id.clone()).collect();
    let shown = if is_narrow { 4 } else { 5 };
    let rows = rows.into_iter().map(|row| row.into_iter().take(shown).collect()).collect();
    let grid = Grid::new(&titles[..shown], rows, (0, text.columns), glyphs);
    let mut lines = table::lines(&grid, theme).into_iter();
    text.lines.extend(lines.next());
    for (line, id) in lines.zip(ids) {
        text.lines.push(line);
        if let Some(id) = id.filter(|_| is_narrow) {
            text.lines.push(Line::styled(format!("  {}", sanitize(&id)), theme.quiet));
        }
    }
}
