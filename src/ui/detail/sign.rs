//! The Sign tab: what the store received and what was signed here, line by line.

use std::borrow::Cow;

use ratatui::style::Style;
use ratatui::text::{Line, Span};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use crate::domain::record::Record;
use crate::domain::verdict::Comparison;
use crate::i18n::{Language, tell};
use crate::text::sanitize::sanitize;
use crate::text::width::truncate_end;
use crate::text::{facts, verdict};
use crate::ui::text_lines::{NAME, TextLines, pad, wrap};

/// From this width on both texts stand side by side.
const SIDE_BY_SIDE: usize = 76;

/// Columns of sign, number and meaning before a line.
const LEAD: usize = 16;

/// Columns of `store` and `here` where one text stands above the other.
const WHOSE: usize = 6;

/// Both signed texts: what is equal once and quiet, what differs side by side or one below the other, its bytes
/// marked and a sign under the first of them.
pub fn lines(record: &Record, text: &mut TextLines<'_>) {
    let Some(diagnosis) = &record.diagnosis else { return };
    let Some(comparison) = &diagnosis.signature else { return };
    let (language, theme) = (text.format.language, text.format.theme);
    let (store, here): (Vec<_>, Vec<_>) =
        (comparison.store.split('\n').collect(), comparison.here.split('\n').collect());
    text.gap();
    heading(comparison, &store, &here, text);
    let beside = text.columns >= SIDE_BY_SIDE && !text.unwrapped;
    if beside && comparison.store != comparison.here {
        let half = half(text.columns);
        let titles = [tell!(language, "what the store received"), tell!(language, "what was signed here")];
        text.lines.push(Line::styled(
            format!(
                "{}{}  {}",
                " ".repeat(LEAD),
                pad(&truncate_end(&titles[0], half), half),
                truncate_end(&titles[1], half)
            ),
            theme.label,
        ));
    }
    let all = store.len().max(here.len());
    for i in 0..all {
        let (left, right) = (store.get(i).copied(), here.get(i).copied());
        let meaning = meaning(comparison, &store, i, language);
        match (left == right, beside) {
            (true, _) => equal(i, &meaning, left.unwrap_or_default(), text),
            (false, true) => side_by_side(i, &meaning, left, right, text),
            (false, false) => one_above_the_other(i, &meaning, left, right, text),
        }
    }
    text.gap();
    text.field(&tell!(language, "Usually"), facts::usual(&comparison.element, language), NAME);
    let fixes = diagnosis.verdicts.first().map(|first| verdict::fix(first, record, language));
    for (i, fix) in fixes.iter().flatten().enumerate() {
        let name = if i == 0 { tell!(language, "Fix") } else { Cow::default() };
        text.field(&name, fix, NAME);
    }
}

/// `Signed text, line by line   3 of 4 equal, the first difference is byte 3 of line 2: path`.
fn heading(comparison: &Comparison, store: &[&str], here: &[&str], text: &mut TextLines<'_>) {
    let (language, theme) = (text.format.language, text.format.theme);
    let all = store.len().max(here.len());
    let equal = (0..all).filter(|i| store.get(*i) == here.get(*i)).count();
    let title = tell!(language, "Signed text, line by line");
    let mut parts = vec![(format!("{title}   "), theme.head())];
    match (comparison.line, comparison.byte) {
        (Some(line), Some(byte)) => {
            let words = tell!(
                language,
                "%{equal} of %{all} equal, the first difference is byte %{byte} of line %{line}: ",
                equal = equal,
                all = all,
                byte = byte,
                line = line
            );
            parts.push((words.into_owned(), theme.quiet));
            parts.push((facts::element(&comparison.element, language), theme.warn));
        }
        _ => parts.push((tell!(language, "all %{n} lines are equal", n = all).into_owned(), theme.quiet)),
    }
    let width: usize = parts.iter().map(|(words, _)| words.width()).sum();
    if width <= text.columns {
        let spans: Vec<_> =
            parts.into_iter().map(|(words, style)| Span::styled(visible_owned(&words), style)).collect();
        text.lines.push(Line::from(spans));
        return;
    }
    text.lines.push(Line::styled(title.into_owned(), theme.head()));
    let words: String = parts.into_iter().skip(1).map(|(words, _)| words).collect();
    text.words(&words, theme.quiet);
}

fn visible_owned(text: &str) -> String {
    sanitize(text).into_owned()
}

/// What a line of a signed text is.
fn meaning(comparison: &Comparison, store: &[&str], line: usize, language: Language) -> Cow<'static, str> {
    let sigv4_ends = || store.iter().position(|line| line.is_empty()).filter(|end| *end > 2);
    match (comparison.text.as_str(), line) {
        ("StringToSign", 0) => tell!(language, "algorithm"),
        ("StringToSign", 1) => tell!(language, "time"),
        ("StringToSign", 2) if store.len() > 3 => tell!(language, "scope"),
        ("StringToSign", 2 | 3) => tell!(language, "hash"),
        ("StringToSign", _) => Cow::default(),
        (_, 0) => tell!(language, "method"),
        (_, 1) => tell!(language, "path"),
        (_, 2) => tell!(language, "parameters"),
        ("FormatString", 3) => tell!(language, "headers"),
        ("FormatString", _) => Cow::default(),
        (_, line) => match sigv4_ends() {
            Some(end) if line == end + 1 => tell!(language, "signed headers"),
            Some(end) if line == end + 2 => tell!(language, "payload"),
            Some(end) if line < end => tell!(language, "header"),
            _ => Cow::default(),
        },
    }
}

/// `≠ 2 path`, as wide as every lead.
fn lead(differs: bool, line: usize, meaning: &str, text: &TextLines<'_>) -> Vec<Span<'static>> {
    let (theme, glyphs) = (text.format.theme, text.format.glyphs);
    let (sign, style) = if differs { (glyphs.differs, theme.warn) } else { ("=", theme.quiet) };
    let rest = format!("{} {meaning}", line + 1);
    let rest = pad(&truncate_end(&rest, LEAD - 3), LEAD - 2);
    vec![Span::styled(pad(sign, 2), style), Span::styled(rest, theme.quiet)]
}

fn equal(line: usize, meaning: &str, same: &str, text: &mut TextLines<'_>) {
    let theme = text.format.theme;
    let mut lead = lead(false, line, meaning, text);
    let shown = match same {
        "" => tell!(text.format.language, "(empty)").into_owned(),
        same => visible_owned(same),
    };
    let room = text.columns.saturating_sub(LEAD).max(8);
    let parts = if text.unwrapped { vec![shown] } else { wrap(&shown, room, "") };
    for part in parts {
        if lead.is_empty() {
            lead.push(Span::raw(" ".repeat(LEAD)));
        }
        lead.push(Span::styled(part, theme.quiet));
        text.lines.push(Line::from(std::mem::take(&mut lead)));
    }
}

fn half(columns: usize) -> usize {
    (columns - LEAD - 2) / 2
}

fn side_by_side(line: usize, meaning: &str, left: Option<&str>, right: Option<&str>, text: &mut TextLines<'_>) {
    let half = half(text.columns);
    let differing = Differing::of(left, right);
    let from = differing.window(half);
    let mut spans = lead(true, line, meaning, text);
    let shown = differing.spans(left, from, half, text);
    let used: usize = shown.iter().map(Span::width).sum();
    spans.extend(shown);
    spans.push(Span::raw(" ".repeat(half.saturating_sub(used) + 2)));
    spans.extend(differing.spans(right, from, half, text));
    text.lines.push(Line::from(spans));
    mark(LEAD, from, &differing, text);
}

fn one_above_the_other(line: usize, meaning: &str, left: Option<&str>, right: Option<&str>, text: &mut TextLines<'_>) {
    let (language, theme) = (text.format.language, text.format.theme);
    let lead_width = LEAD + WHOSE;
    let room = text.columns.saturating_sub(lead_width).max(8);
    let differing = Differing::of(left, right);
    let (from, room) = if text.unwrapped { (0, usize::MAX) } else { (differing.window(room), room) };
    let whose = [tell!(language, "store"), tell!(language, "here")];
    for (i, side) in [left, right].into_iter().enumerate() {
        let mut spans = if i == 0 { lead(true, line, meaning, text) } else { vec![Span::raw(" ".repeat(LEAD))] };
        spans.push(Span::styled(pad(&whose[i], WHOSE), theme.label));
        spans.extend(differing.spans(side, from, room, text));
        text.lines.push(Line::from(spans));
    }
    mark(lead_width, from, &differing, text);
}

/// `▲ byte 3`, under the first byte that differs.
fn mark(lead: usize, from: usize, differing: &Differing, text: &mut TextLines<'_>) {
    let words = tell!(text.format.language, "byte %{n}", n = differing.byte);
    let at = lead + usize::from(from > 0) + differing.column(from);
    text.lines
        .push(Line::styled(format!("{}{} {words}", " ".repeat(at), text.format.glyphs.here), text.format.theme.warn));
}

/// Where two lines part and where they are equal again, in characters.
struct Differing {
    /// What both begin with.
    head: Vec<char>,
    /// How many characters both end with.
    tail: usize,
    /// The first differing byte, from 1.
    byte: usize,
}

impl Differing {
    fn of(left: Option<&str>, right: Option<&str>) -> Self {
        let (left, right) = (left.unwrap_or_default(), right.unwrap_or_default());
        let head: Vec<char> = left.chars().zip(right.chars()).take_while(|(a, b)| a == b).map(|(a, _)| a).collect();
        let byte = left.bytes().zip(right.bytes()).take_while(|(a, b)| a == b).count() + 1;
        let shorter = left.chars().count().min(right.chars().count()) - head.len();
        let tail = left.chars().rev().zip(right.chars().rev()).take(shorter).take_while(|(a, b)| a == b).count();
        Self { head, tail, byte }
    }

    /// From which character both lines are shown so that the first differing one is seen.
    fn window(&self, room: usize) -> usize {
        let before: usize = room * 2 / 3;
        if self.column(0) <= before {
            return 0;
        }
        let mut from = self.head.len();
        let mut width = 0;
        while from > 0 && width < before / 2 {
            from -= 1;
            width += width_of(self.head[from]);
        }
        from
    }

    /// Columns of what is equal before the difference, from a character on.
    fn column(&self, from: usize) -> usize {
        self.head.iter().skip(from).map(|c| width_of(*c)).sum()
    }

    /// A side's line from a character on, what differs marked.
    fn spans(&self, line: Option<&str>, from: usize, room: usize, text: &TextLines<'_>) -> Vec<Span<'static>> {
        let (theme, glyphs) = (text.format.theme, text.format.glyphs);
        let Some(line) = line else {
            return vec![Span::styled(tell!(text.format.language, "(no line)").into_owned(), theme.quiet)];
        };
        let chars: Vec<char> = line.chars().collect();
        let end = chars.len() - self.tail;
        let part = |from: usize, to: usize| chars.get(from..to).map(String::from_iter).unwrap_or_default();
        let lead = if from > 0 { glyphs.cut } else { "" };
        let parts: [(String, Style); 3] = [
            (format!("{lead}{}", sanitize(&part(from, self.head.len()))), theme.text),
            (visible_owned(&part(self.head.len(), end)), theme.found),
            (visible_owned(&part(end, chars.len())), theme.text),
        ];
        let mut room = room;
        let mut spans = Vec::new();
        for (words, style) in parts.into_iter().filter(|(words, _)| !words.is_empty()) {
            let cut = truncate_end(&words, room);
            room = room.saturating_sub(words.width());
            spans.push(Span::styled(cut, style));
            if room == 0 {
                break;
            }
        }
        spans
    }
}

/// The columns that a character takes once it can be seen.
fn width_of(c: char) -> usize {
    match c.width() {
        Some(width) if width > 0 => width,
        _ => sanitize(c.encode_utf8(&mut [0; 4])).width(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_differs_lies_between_what_both_begin_and_end_with() {
        for (left, right, head, tail, byte) in [
            ("/a%2Bb.txt", "/a+b.txt", 2, 5, 3),
            ("abc", "abcd", 3, 0, 4),
            ("aa", "aaa", 2, 0, 3),
            ("é", "è", 0, 0, 2),
            ("", "x", 0, 0, 1),
        ] {
            let differing = Differing::of(Some(left), Some(right));
            let found = (differing.head.len(), differing.tail, differing.byte);
            assert_eq!(found, (head, tail, byte), "{left} {right}");
        }
    }
}
