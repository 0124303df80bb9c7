//! The Verdict tab: the cause, how sure, the evidence, what to change, what was checked, and the
//! texts behind it.

use ratatui::style::Style;
use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr;

use super::Text;
use crate::domain::language::tell;
use crate::domain::record::{Outcome, Record};
use crate::domain::text::visible;
use crate::domain::verdict::{Check, Comparison, Permission};

/// The cause in one sentence and how sure it is, then the evidence, then what to change; other
/// causes that fit after it, shorter.
pub fn lines(record: &Record, text: &mut Text<'_>) {
    let language = text.language;
    let diagnosis = record.diagnosis.clone().unwrap_or_default();
    let Some((first, others)) = diagnosis.verdicts.split_first() else {
        let words = match record.outcome {
            Outcome::Success => tell!(language, "Nothing failed."),
            Outcome::NotConfigured => tell!(language, "This is simply not set: no failure."),
            Outcome::NotSupported => tell!(language, "This store does not support this: no failure of the bucket."),
            Outcome::Failure => tell!(language, "Not diagnosed."),
        };
        text.words(&words, text.theme.success);
        note(record, text);
        return checks(&diagnosis.checks, text);
    };
    text.sure(&first.summary, &tell!(language, first.confidence.as_str()));
    text.gap();
    let evidence = tell!(language, "Evidence");
    for (i, seen) in first.evidence.iter().enumerate() {
        text.field(if i == 0 { &evidence } else { "" }, &format!("{} ({})", seen.fact, seen.from), 9);
    }
    let heading = tell!(language, "Fix");
    for (i, fix) in first.fix.iter().enumerate() {
        text.field(if i == 0 { &heading } else { "" }, fix, 9);
    }
    let cause = if first.retry {
        tell!(language, "%{cause}, sending it again may help", cause = first.cause)
    } else {
        first.cause.as_str().into()
    };
    text.field(&tell!(language, "Cause"), &cause, 9);
    match &record.request_id {
        Some(id) => text.field("RequestId", &id.value, 9),
        None => text.field("RequestId", &tell!(language, record.no_id_words()), 9),
    }
    text.field(&tell!(language, "Request"), &format!("{} {}", record.method, record.target()), 9);
    if !others.is_empty() {
        text.gap();
        text.heading(&tell!(language, "It may also be"));
    }
    for other in others {
        text.sure(&other.summary, &tell!(language, other.confidence.as_str()));
        for evidence in other.evidence.iter().filter(|evidence| !first.evidence.contains(evidence)) {
            text.field("", &format!("{} ({})", evidence.fact, evidence.from), 9);
        }
    }
    note(record, text);
    checks(&diagnosis.checks, text);
    if let Some(comparison) = &diagnosis.signature {
        signature(comparison, text);
    }
    if let Some(permission) = &diagnosis.permission {
        allowed_by(permission, text);
    }
}

/// What a person wrote down about it.
fn note(record: &Record, text: &mut Text<'_>) {
    if let Some(note) = &record.note {
        text.gap();
        text.heading(&tell!(text.language, "Note (n changes it)"));
        text.block(note);
    }
}

/// The truth table: what was changed, what came of it, and under it the id of that request.
fn checks(checks: &[Check], text: &mut Text<'_>) {
    if checks.is_empty() {
        return;
    }
    text.gap();
    text.heading(&tell!(text.language, "Checks"));
    for check in checks {
        let (mark, style) = match (check.succeeded, check.outcome.as_str()) {
            (_, "…") => ("…", text.theme.quiet),
            (true, _) => ("✓", text.theme.success),
            (false, _) => ("✗", text.theme.client_error),
        };
        let name = format!("{mark} {:<15} ", check.check);
        let outcome = visible(&check.outcome).into_owned();
        if name.width() + outcome.width() <= text.columns {
            text.lines.push(Line::from(vec![Span::styled(name, style), Span::raw(outcome)]));
        } else {
            text.lines.push(Line::styled(name.trim_end().to_owned(), style));
            text.under(&outcome, Style::new());
        }
        text.under(&check.changed, text.theme.quiet);
        if let Some(id) = &check.request_id {
            text.under(id, text.theme.quiet);
        }
    }
}

/// Columns of the words before a signed line.
const LINE: usize = 6;

/// Both signed texts, line by line: what is equal once, what differs one under the other, a mark
/// below the first byte that differs.
fn signature(comparison: &Comparison, text: &mut Text<'_>) {
    text.gap();
    let language = text.language;
    text.heading(&tell!(language, "%{text}: the store's and ours", text = comparison.text));
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
                text.theme.warning,
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

fn allowed_by(permission: &Permission, text: &mut Text<'_>) {
    text.gap();
    let language = text.language;
    text.heading(&tell!(language, "What would allow it"));
    text.field(&tell!(language, "Action"), &permission.action, 9);
    text.field(&tell!(language, "Resource"), &permission.resource, 9);
    text.field(&tell!(language, "For"), &permission.principal, 9);
    text.field(&tell!(language, "Policy"), "", 9);
    text.block(&permission.policy);
}
