//! Two rows side by side as lines: on the screen, and as text to copy.

use std::borrow::Cow;
use std::fmt::Write;

use jiff::Timestamp;
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr;

use super::model::{Compare, Model};
use super::row_columns::status;
use super::text_lines::{pad, wrap};
use super::widget::table::cut_text;
use crate::domain::compare::{Fact, Name, Part, So, facts, so};
use crate::domain::record::Record;
use crate::domain::severity::Severity;
use crate::i18n::{Language, Localize, tell};
use crate::text::sanitize::{sanitize, sanitize_lines};
use crate::text::shorten;

/// Columns of a fact's name at most.
const LONGEST_NAME: usize = 24;
/// Below this width A and B stand one below the other.
const SIDE_BY_SIDE: usize = 56;
/// Names of equal facts that are listed.
const NAMED: usize = 12;
/// Letters of one text that differ from the other's are marked when it has as many that do not.
const LEAST_EQUAL: usize = 8;
/// Columns of a RequestId that is not shown whole.
const SHORT_ID: usize = 17;

/// Columns of the text.
#[must_use]
pub fn width(model: &Model) -> usize {
    usize::from(model.chrome.size.0.saturating_sub(2)).max(20)
}

/// Lines of the text that are seen at once: line 1, two heads and the hints take the others.
#[must_use]
pub fn seen(model: &Model) -> usize {
    usize::from(model.chrome.size.1.saturating_sub(4)).max(1)
}

/// Every fact of the two.
#[must_use]
pub fn of(model: &Model, compare: &Compare) -> Vec<Fact> {
    let zone = &model.chrome.time_zone;
    let local = |time: Timestamp| time.to_zoned(zone.clone()).strftime("%Y-%m-%d %H:%M:%S%.3f").to_string();
    let message = |record: &Record| match &record.client_failure {
        Some(failure) => Some(failure.localize(model.chrome.language)),
        None => record.error.message.clone(),
    };
    facts(sides(compare), &message, &local)
}

fn sides(compare: &Compare) -> [&Record; 2] {
    [&compare.records[0], &compare.records[1]]
}

/// How wide names, A and B are; B has no width where it stands below A.
#[must_use]
pub fn columns(model: &Model, facts: &[Fact], all: bool) -> (usize, usize, usize) {
    let language = model.chrome.language;
    let shown = facts.iter().filter(|fact| all || fact.differs());
    let longest = shown.map(|fact| name(&fact.name, language).width()).max().unwrap_or(0);
    let name = longest.clamp(10, LONGEST_NAME) + 2;
    let room = width(model).saturating_sub(name);
    if width(model) < SIDE_BY_SIDE { (name, room, 0) } else { (name, (room - 2) / 2, (room - 2).div_ceil(2)) }
}

/// A fact's name in words.
fn name(name: &Name, language: Language) -> Cow<'static, str> {
    match name {
        Name::Ours(name) => tell!(language, *name),
        Name::Theirs(name) => Cow::Owned(sanitize(name).into_owned()),
        Name::Line("Signed, line", line) => tell!(language, "Signed, line %{n}", n = line),
        Name::Line(_, line) => tell!(language, "To sign, line %{n}", n = line),
    }
}

/// `head-object, as sub-user`: what a side is.
#[must_use]
pub fn side(record: &Record, language: Language) -> String {
    let (operation, profile) = (sanitize(&record.operation), sanitize(&record.profile));
    tell!(language, "%{operation}, as %{profile}", operation = operation, profile = profile).into_owned()
}

/// The lines below the heads.
#[must_use]
pub fn lines(model: &Model, compare: &Compare) -> Vec<Line<'static>> {
    let facts = of(model, compare);
    let (theme, language) = (&model.chrome.theme, model.chrome.language);
    let widths = columns(model, &facts, compare.all);
    let mut lines = Vec::new();
    if let Some(so) = so(sides(compare), &facts) {
        lines.extend(wrapped(model, &tell!(language, "So"), &so_words(&so, language), theme.strong));
        lines.push(Line::default());
    }
    for part in Part::ALL {
        let shown = facts.iter().filter(|fact| fact.part == part && (compare.all || fact.differs()));
        let mut shown = shown.peekable();
        if shown.peek().is_some() {
            lines.push(Line::styled(tell!(language, part.title()), theme.strong));
        }
        for fact in shown {
            lines.extend(fact_lines(model, compare, fact, widths));
        }
    }
    if !facts.iter().any(Fact::differs) {
        lines.push(Line::styled(tell!(language, "Nothing differs."), theme.text));
    }
    let equal = equal_words(&facts, language).filter(|_| !compare.all);
    if let Some(words) = equal {
        lines.push(Line::default());
        lines.extend(wrapped(model, "", &words, theme.quiet));
    }
    lines
}

fn wrapped(model: &Model, label: &str, words: &str, style: Style) -> Vec<Line<'static>> {
    let indent = if label.is_empty() { 0 } else { 10 };
    let words = model.chrome.glyphs.plain(words);
    let parts = wrap(&words, width(model) - indent, "").into_iter().enumerate();
    let lead = |place: usize| if place == 0 { pad(label, indent) } else { " ".repeat(indent) };
    let label = model.chrome.theme.label;
    parts.map(|(place, part)| Line::from(vec![Span::styled(lead(place), label), Span::styled(part, style)])).collect()
}

fn fact_lines(
    model: &Model,
    compare: &Compare,
    fact: &Fact,
    (name_width, a, b): (usize, usize, usize),
) -> Vec<Line<'static>> {
    let (theme, glyphs, language) = (&model.chrome.theme, model.chrome.glyphs, model.chrome.language);
    let name = cut_text(&name(&fact.name, language), name_width - 2, glyphs);
    let name_style = if fact.differs() { theme.label } else { theme.quiet };
    let [one, other] = [0, 1].map(|side| {
        let width = if side == 0 || b == 0 { a } else { b };
        value_lines(model, &compare.records[side], fact, side, width)
    });
    let mut lines = Vec::new();
    if b == 0 {
        let sides = [("A ", one), ("B ", other)];
        lines.push(Line::styled(name, name_style));
        for (letter, value) in sides {
            for (place, spans) in value.into_iter().enumerate() {
                let lead = if place == 0 { letter } else { "  " };
                lines.push(Line::from([vec![Span::styled(format!("  {lead}"), theme.quiet)], spans].concat()));
            }
        }
        return lines;
    }
    let height = one.len().max(other.len());
    let (mut one, mut other) = (one.into_iter(), other.into_iter());
    for place in 0..height {
        let left = one.next().unwrap_or_default();
        let used: usize = left.iter().map(Span::width).sum();
        let lead = if place == 0 { pad(&name, name_width) } else { " ".repeat(name_width) };
        let mut spans = vec![Span::styled(lead, name_style)];
        spans.extend(left);
        spans.push(Span::raw(" ".repeat((a + 2).saturating_sub(used))));
        spans.extend(other.next().unwrap_or_default());
        lines.push(Line::from(spans));
    }
    lines
}

/// A value in lines of at most `columns` columns; in a long one the differing part is marked.
fn value_lines(model: &Model, record: &Record, fact: &Fact, side: usize, width: usize) -> Vec<Vec<Span<'static>>> {
    let (theme, glyphs) = (&model.chrome.theme, model.chrome.glyphs);
    let style = if fact.differs() { theme.text } else { theme.quiet };
    let Some(value) = &fact.values[side] else {
        let words = match &fact.name {
            Name::Theirs(name) if name.starts_with(|c: char| c.is_ascii_lowercase()) => {
                tell!(model.chrome.language, "(no header)").into_owned()
            }
            _ => glyphs.none.to_owned(),
        };
        return vec![vec![Span::styled(words, theme.quiet)]];
    };
    if fact.name == Name::Ours("Status") && fact.differs() {
        return vec![status(Severity::of(record), record.status_code.unwrap_or(0), 1, model.format()).spans];
    }
    let value = sanitize(value).into_owned();
    if fact.name == Name::Theirs("RequestId".to_owned()) && value.width() > width {
        // Its end tells ids apart; `y` copies it whole.
        let (head, tail) = shorten::request_id(&value, width.min(SHORT_ID), 8);
        return vec![vec![Span::styled(glyphs.plain_cut(&head), theme.quiet), Span::styled(tail, style)]];
    }
    let marked = fact.values[1 - side].as_ref().and_then(|other| unlike(&value, &sanitize(other)));
    let mut at = 0;
    let mut lines = Vec::new();
    for part in wrap_anywhere(&value, width.max(4)) {
        let end = at + part.len();
        let cut = |place: usize| place.clamp(at, end) - at;
        lines.push(match &marked {
            Some(range) => {
                let (from, to) = (cut(range.start), cut(range.end));
                let pieces = [(&part[..from], style), (&part[from..to], theme.found), (&part[to..], style)];
                let pieces = pieces.into_iter().filter(|(text, _)| !text.is_empty());
                pieces.map(|(text, style)| Span::styled(text.to_owned(), style)).collect()
            }
            None => vec![Span::styled(part.to_owned(), style)],
        });
        at = end;
    }
    lines
}

/// A text in pieces of at most `columns` columns, cut at spaces where there are some; nothing is left out.
fn wrap_anywhere(text: &str, width: usize) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut rest = text;
    while rest.width() > width {
        let most =
            crate::text::width::prefix_of_width(rest, width).len().max(rest.chars().next().map_or(1, char::len_utf8));
        let at = rest[..most].rfind(' ').map(|at| at + 1).filter(|at| *at > most / 2).unwrap_or(most);
        let (part, after) = rest.split_at(at);
        parts.push(part);
        rest = after;
    }
    parts.push(rest);
    parts
}

/// The bytes of a text that the other has not, where most of it is the same.
fn unlike(text: &str, other: &str) -> Option<std::ops::Range<usize>> {
    let same = |one: char, other: char| one == other;
    let start: usize =
        text.chars().zip(other.chars()).take_while(|(a, b)| same(*a, *b)).map(|(c, _)| c.len_utf8()).sum();
    let room = text.len().min(other.len()) - start;
    let mut end = 0;
    for (a, b) in text.chars().rev().zip(other.chars().rev()) {
        if !same(a, b) || end + a.len_utf8() > room {
            break;
        }
        end += a.len_utf8();
    }
    (start + end >= LEAST_EQUAL && text != other).then(|| start..text.len() - end)
}

/// `17 facts are equal: bucket, key, region, …`
fn equal_words(facts: &[Fact], language: Language) -> Option<String> {
    let equal: Vec<_> = facts.iter().filter(|fact| !fact.differs()).collect();
    let worded: Vec<_> = equal.iter().filter(|fact| !matches!(fact.name, Name::Line(..))).collect();
    let names: Vec<_> = worded.iter().take(NAMED).map(|fact| name(&fact.name, language)).collect();
    let is_all = names.len() == equal.len();
    let mut names = names.join(&tell!(language, ", "));
    if !is_all {
        names.push_str(" …");
    }
    match equal.len() {
        0 => None,
        1 => Some(tell!(language, "1 fact is equal: %{names}", names = names).into_owned()),
        n => Some(tell!(language, "%{n} facts are equal: %{names}", n = n, names = names).into_owned()),
    }
}

/// What the facts come to, in words.
fn so_words(so: &So, language: Language) -> String {
    let letter = |place: &usize| ["A", "B"][*place];
    let names =
        |names: &[Name]| names.iter().map(|one| name(one, language)).collect::<Vec<_>>().join(&tell!(language, ", "));
    match so {
        So::HeadAndGet(_) => {
            tell!(language, "HEAD and GET are two permissions: this key may GET this object but not HEAD it.")
        }
        So::SameRequest(failed) => tell!(
            language,
            "Only %{side} failed, and nothing in the requests differs: the cause is not in the request.",
            side = letter(failed)
        ),
        So::OnlyThis(one, failed) => tell!(
            language,
            "Only %{side} failed, and only this differs in the requests: %{name}.",
            side = letter(failed),
            name = name(one, language)
        ),
        So::Several(all) => tell!(
            language,
            "Several things differ in the requests: %{names}. Change one at a time to find the cause.",
            names = names(all)
        ),
        So::SameFailure(all) => {
            tell!(language, "Both failed with the same Code, though this differs: %{names}.", names = names(all))
        }
    }
    .into_owned()
}

/// The comparison as text: what differs, one fact a paragraph of three lines, then what follows.
#[must_use]
pub fn plain(model: &Model, compare: &Compare) -> String {
    let language = model.chrome.language;
    let facts = of(model, compare);
    let mut text = String::new();
    for (letter, record) in ["A", "B"].into_iter().zip(sides(compare)) {
        let _ = writeln!(text, "{letter}  {}", side(record, language));
    }
    for fact in facts.iter().filter(|fact| compare.all || fact.differs()) {
        let _ = writeln!(text, "\n{}", name(&fact.name, language));
        for (letter, value) in ["A", "B"].into_iter().zip(&fact.values) {
            let _ = writeln!(text, "  {letter}  {}", value.as_deref().map_or("—".into(), sanitize));
        }
    }
    for words in equal_words(&facts, language)
        .filter(|_| !compare.all)
        .into_iter()
        .chain(so(sides(compare), &facts).map(|so| so_words(&so, language)))
    {
        let _ = writeln!(text, "\n{words}");
    }
    sanitize_lines(&text)
}
