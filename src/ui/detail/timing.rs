//! The Timing tab: a waterfall, and every attempt.

use ratatui::style::Style;
use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr;

use crate::domain::language::tell;
use crate::domain::record::Record;
use crate::domain::text::visible;
use crate::ui::text_lines::TextLines;

const LABEL: usize = 12;
const VALUE: usize = 12;

/// Makes its lines.
pub fn lines(record: &Record, text: &mut TextLines<'_>) {
    let language = text.format.language;
    let timing = &record.timing;
    let room = text.columns.saturating_sub(LABEL + VALUE + 1).max(4);
    let mut start = 0.0;
    let phases = [
        ("DNS".into(), timing.dns_ms),
        (tell!(language, "Connect"), timing.connect_ms),
        ("TLS".into(), timing.tls_ms),
        (tell!(language, "First byte"), timing.first_byte_ms),
        (tell!(language, "Body"), timing.body_ms()),
    ];
    for (label, length) in phases {
        let Some(length) = length else { continue };
        let bar = bar(start, length, timing.total_ms, room);
        start += length;
        text.lines.push(Line::from(vec![
            Span::styled(padded(&label), text.format.theme.label),
            Span::raw(bar),
            Span::raw(format!("{length:>9.1} ms")),
        ]));
    }
    text.lines.push(Line::from(vec![
        Span::styled(padded(&tell!(language, "Total")), text.format.theme.label),
        Span::raw(" ".repeat(room)),
        Span::styled(format!("{:>9.1} ms", timing.total_ms), text.format.theme.strong),
    ]));
    text.gap();
    let words = match (timing.reused, record.status_code, timing.connect_ms) {
        (true, None, _) => tell!(language, "Connection: an idle one was used again"),
        (true, _, _) => tell!(language, "Connection: reused, so there was no DNS, TCP or TLS to wait for"),
        (false, None, None) => tell!(language, "Connection: none was made"),
        (false, _, _) => tell!(language, "Connection: new"),
    };
    text.words(&words, Style::new());
    if let Some(remote) = &record.remote {
        text.words(&tell!(language, "Peer: %{address}", address = remote), Style::new());
    }
    text.gap();
    attempts(record, text);
}

fn padded(label: &str) -> String {
    format!("{label}{}", " ".repeat(LABEL.saturating_sub(label.width())))
}

fn bar(start: f64, length: f64, total: f64, room: usize) -> String {
    let total = total.max(0.001);
    let before = cells(start / total, room).min(room - 1);
    let filled = cells(length / total, room).clamp(0, room - before);
    let filled = if filled == 0 { "▏".to_owned() } else { "▇".repeat(filled) };
    let after = room.saturating_sub(before + filled.chars().count());
    format!("{}{filled}{}", " ".repeat(before), " ".repeat(after))
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

fn attempts(record: &Record, text: &mut TextLines<'_>) {
    let language = text.format.language;
    text.heading(&if record.attempts.len() == 1 {
        tell!(language, "1 attempt")
    } else {
        tell!(language, "Attempts, each with its own RequestId")
    });
    for attempt in &record.attempts {
        let end = match (&attempt.exception, attempt.status_code) {
            (Some(exception), Some(status)) => format!("{status} {exception}"),
            (Some(exception), None) => exception.clone(),
            (None, Some(status)) => status.to_string(),
            (None, None) => tell!(language, "nothing").into_owned(),
        };
        let head = format!(
            "{} {}  {}  {:.1} ms",
            attempt.method,
            end,
            attempt.time.strftime("%H:%M:%S%.3fZ"),
            attempt.total_ms
        );
        text.words(&head, Style::new());
        if let Some(id) = &attempt.request_id {
            text.words(&visible(id), text.format.theme.quiet);
        }
    }
}
