//! The second line: how many failed and how, what is filtered, and where the cursor is; for drawing and for
//! clicks.

use std::borrow::Cow;

use ratatui::style::Modifier;
use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr;

use super::keymap::Action;
use super::model::{Layer, Model};
use super::{group_columns, row_columns};
use crate::domain::severity::Severity;
use crate::i18n::tell;
use crate::text::sanitize::sanitize;
use crate::text::width::truncate_end;

/// Cells of the bar, at its longest and at its shortest.
const BAR: (usize, usize) = (24, 8);

/// A part of its left side.
struct Part {
    span: Span<'static>,
    /// The severity that it counts.
    counts: Option<Severity>,
}

/// Its left and its right side at this width. What does not fit gives way in this order: the bar, the
/// successes, the place, the sort.
#[must_use]
pub fn sides(model: &Model, width: usize) -> (Line<'static>, Line<'static>) {
    let (left, right) = parts(model, width);
    (left.into_iter().map(|part| part.span).collect(), right)
}

/// The severity whose count stands at a column.
#[must_use]
pub fn severity_at(model: &Model, width: usize, column: usize) -> Option<Severity> {
    let mut end = 0;
    parts(model, width).0.into_iter().find_map(|part| {
        end += part.span.width();
        (column < end).then_some(part.counts)
    })?
}

fn parts(model: &Model, width: usize) -> (Vec<Part>, Line<'static>) {
    let title = title(model);
    let mut counts = counts(model, true);
    let mut right = right(model);
    let fixed = |counts: &[Part], right: &[Span<'_>]| {
        let counted: usize = counts.iter().map(|part| part.span.width()).sum();
        let right: usize = right.iter().map(|span| span.width() + 3).sum();
        title.iter().map(Span::width).sum::<usize>() + counted + right + 3
    };
    if fixed(&counts, &right) > width {
        counts = self::counts(model, false);
    }
    while fixed(&counts, &right) > width && right.len() > 1 {
        // The filter is the last to go: nothing else says why rows are missing.
        right.remove(right.len() - 2);
    }
    let room = width.saturating_sub(fixed(&counts, &right) + 2);
    let mut spans = title;
    if room >= BAR.1 {
        spans.push(Span::raw("  "));
        spans.extend(bar(model, room.min(BAR.0)));
    }
    let left = spans.into_iter().map(|span| Part { span, counts: None }).chain(counts).collect();
    (left, right.into_iter().flat_map(|span| [Span::raw("   "), span]).collect())
}

/// `Failures 37`, or what of them is shown and how.
fn title(model: &Model) -> Vec<Span<'static>> {
    let (theme, language, table) = (&model.chrome.theme, model.chrome.language, &model.table);
    let shown = table.order.len();
    let words = if table.view.all { tell!(language, "Requests") } else { tell!(language, "Failures") };
    let mut spans = vec![Span::styled(format!(" {words} {shown}"), theme.strong)];
    let crumb = model.chrome.glyphs.crumb;
    if let Some(folded) = &table.groups {
        let groups = folded.lines.len();
        let groups = match groups {
            1 => tell!(language, "1 group"),
            n => tell!(language, "%{n} groups", n = n),
        };
        let by = group_columns::parted_by(&table.rows, folded, language);
        let (by, dot) = (tell!(language, "by %{what}", what = by), model.chrome.glyphs.dot);
        spans.push(Span::styled(format!(" {crumb} {by} {dot} {groups}"), theme.text));
    } else if let Some(key) = &table.view.within {
        let words = group_columns::key_words(key, model.format());
        spans.push(Span::styled(format!(" {crumb} {}", truncate_end(&words, 32)), theme.text));
    }
    spans
}

/// The failures' severities as parts of a bar.
fn bar(model: &Model, cells: usize) -> Vec<Span<'static>> {
    let (theme, glyphs, severities) = (&model.chrome.theme, model.chrome.glyphs, &model.session.severities);
    let failing = [Severity::Client, Severity::Server, Severity::Network, Severity::Other];
    let all: usize = failing.iter().map(|severity| severities.of(*severity)).sum();
    let mut from = 0;
    let mut seen = 0;
    let mut spans = Vec::new();
    for severity in failing {
        seen += severities.of(severity);
        let to = (seen * cells).checked_div(all).unwrap_or(0);
        spans.push(Span::styled(glyphs.bar.repeat(to.saturating_sub(from)), theme.severity(severity)));
        from = to;
    }
    spans
}

/// `▲22  ■2  ✗9  ◆4  ✓6`.
fn counts(model: &Model, with_ok: bool) -> Vec<Part> {
    let (theme, glyphs) = (&model.chrome.theme, model.chrome.glyphs);
    let mut parts = Vec::new();
    for severity in Severity::ALL {
        let count = model.session.severities.of(severity);
        let is_ok = matches!(severity, Severity::Ok | Severity::NotSet | Severity::NotSupported);
        if count == 0 || (is_ok && !with_ok) {
            continue;
        }
        let sign = Span::styled(glyphs.severity(severity), theme.severity(severity));
        parts.push(Part { span: Span::raw("  "), counts: None });
        parts.extend(
            [sign, Span::styled(count.to_string(), theme.text)].map(|span| Part { span, counts: Some(severity) }),
        );
    }
    parts
}

/// Filter, marks, the cursor's place, the sort.
fn right(model: &Model) -> Vec<Span<'static>> {
    let (theme, language, table) = (&model.chrome.theme, model.chrome.language, &model.table);
    let glyphs = model.chrome.glyphs;
    let mut parts: Vec<Span<'static>> = Vec::new();
    let typing = matches!(model.chrome.layers.last(), Some(Layer::Filter(_)));
    if !table.filter.is_empty() && !typing {
        let filter = truncate_end(&sanitize(&table.filter), 32);
        parts.push(Span::styled(format!("/ {filter}"), theme.accent));
    }
    if !table.marks.is_empty() {
        let words = if table.range.is_some() {
            tell!(language, "%{n} marked · %{key} ends", key = model.key(Action::MarkRange), n = table.marks.len())
        } else {
            tell!(language, "%{n} marked", n = table.marks.len())
        };
        let words = glyphs.plain(&words);
        parts.push(Span::styled(format!("{} {words}", glyphs.marked), theme.accent));
    }
    let place = if table.follow {
        tell!(language, "newest")
    } else {
        Cow::Owned(format!("{}/{}", table.cursor + 1, table.length()))
    };
    parts.push(Span::styled(place.into_owned(), theme.quiet));
    let sort = table.view.sort;
    let (by, descending) = match &table.groups {
        Some(_) => (tell!(language, "count"), true),
        None => (row_columns::title(sort.column, language), sort.descending),
    };
    let arrow = if descending { glyphs.down } else { glyphs.up };
    parts.push(Span::styled(format!("{} {arrow}", by.to_lowercase()), theme.quiet.remove_modifier(Modifier::BOLD)));
    debug_assert!(parts.iter().all(|part| part.content.width() > 0));
    parts
}
