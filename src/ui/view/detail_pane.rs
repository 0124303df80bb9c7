//! The detail: its tabs, the id line with the whole RequestId, what is pinned, and the text.

use std::borrow::Cow;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Modifier;
use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr;

use crate::domain::severity::Severity;
use crate::i18n::tell;
use crate::text::sanitize::sanitize;
use crate::text::width::truncate_end;
use crate::ui::found::marked;
use crate::ui::keymap::Action;
use crate::ui::model::{Detail, Focus, Model};
use crate::ui::row_columns::{latency, no_id, time_of_day};
use crate::ui::tabs;
use crate::ui::widget::popup::clear;
use crate::ui::widget::table::select;

/// Draws it.
pub fn draw(model: &Model, area: Rect, buffer: &mut Buffer) {
    let shown = model.detail.shown.as_ref().filter(|detail| Some(detail.row) == model.selected());
    tab_line(model, shown, Rect { height: 1, ..area }, buffer);
    let Some(shown) = shown else { return };
    if area.height < 2 {
        return;
    }
    id_line(model, shown, Rect { y: area.y + 1, height: 1, ..area }, buffer);
    let below = area.y + 2;
    let text = Rect { x: area.x + 1, y: below, width: area.width.saturating_sub(1), height: area.bottom() - below };
    let pinned = shown.pinned.len().min(usize::from(text.height));
    for ((y, line), number) in (text.y..text.bottom()).zip(&shown.pinned).zip(0..) {
        buffer.set_line(text.x, y, &searched(model, number, line), text.width);
    }
    let top = text.y + u16::try_from(pinned).unwrap_or(text.height);
    let lines = shown.lines.iter().skip(model.detail.top);
    let seen = usize::from(text.bottom() - top);
    let numbers = shown.pinned.len() + model.detail.top..;
    for ((y, line), number) in (top..text.bottom()).zip(lines).zip(numbers) {
        set_line(buffer, (text.x, y), &searched(model, number, line), text.width, model.detail.left);
    }
    if model.chrome.focus == Focus::Detail
        && let Some(stop) = shown.stops.get(model.detail.stop)
    {
        let (theme, glyphs) = (&model.chrome.theme, model.chrome.glyphs);
        for line in stop.lines.clone().filter(|line| (model.detail.top..model.detail.top + seen).contains(line)) {
            let y = top + u16::try_from(line - model.detail.top).unwrap_or(0);
            select(buffer, Rect { y, height: 1, ..area }, true, theme, glyphs);
        }
    }
    if shown.lines.len() > model.detail.top + seen && text.height > 0 && text.width > 2 {
        let at = area.right() - 1;
        buffer.set_stringn(at, text.bottom() - 1, model.chrome.glyphs.more, 1, model.chrome.theme.accent);
    }
}

/// A line with what is searched for in it standing out; the present place is underlined too.
fn searched<'a>(model: &Model, number: usize, line: &'a Line<'static>) -> Cow<'a, Line<'static>> {
    let Some(search) = &model.detail.search else { return Cow::Borrowed(line) };
    let found = &model.chrome.theme.found;
    let first = search.found.partition_point(|found| found.pieces.last().is_some_and(|piece| piece.0 < number));
    let here = (first..).zip(search.found[first..].iter().take_while(|found| found.line() <= number));
    let marks: Vec<_> = here
        .flat_map(|(place, hit)| hit.pieces.iter().map(move |piece| (place, *piece)))
        .filter(|(_, piece)| piece.0 == number)
        .map(|(place, (_, from, to))| {
            let is_present = Some(place) == search.at;
            (from, to, if is_present { found.add_modifier(Modifier::UNDERLINED) } else { *found })
        })
        .collect();
    if marks.is_empty() { Cow::Borrowed(line) } else { Cow::Owned(marked(line, &marks)) }
}

/// `3 of 12`, while something is searched.
fn search_words(model: &Model) -> String {
    let language = model.chrome.language;
    let Some(search) = &model.detail.search else { return String::new() };
    let all = search.found.len();
    match search.at {
        _ if all == 0 => tell!(language, "not found").into_owned(),
        Some(at) => tell!(language, "%{n} of %{all}", n = at + 1, all = all).into_owned(),
        None => tell!(language, "%{n} found", n = all).into_owned(),
    }
}

/// A line from the column `left` on.
fn set_line(buffer: &mut Buffer, at: (u16, u16), line: &Line<'_>, width: u16, left: usize) {
    if left == 0 {
        buffer.set_line(at.0, at.1, line, width);
        return;
    }
    let mut skip = left;
    let mut spans = Vec::new();
    for span in &line.spans {
        let text: String = span
            .content
            .chars()
            .skip_while(|c| {
                let wide = unicode_width::UnicodeWidthChar::width(*c).unwrap_or(0);
                let skipped = skip >= wide.max(1);
                skip -= if skipped { wide.max(1).min(skip) } else { 0 };
                skipped
            })
            .collect();
        spans.push(Span::styled(text, span.style));
    }
    buffer.set_line(at.0, at.1, &Line::from(spans).style(line.style), width);
}

/// `─ 1 Why ─ 2 Headers ─ … ──── lines 1–12 of 26 ─`.
fn tab_line(model: &Model, shown: Option<&Detail>, area: Rect, buffer: &mut Buffer) {
    let (theme, glyphs) = (&model.chrome.theme, model.chrome.glyphs);
    let width = usize::from(area.width);
    buffer.set_stringn(area.x, area.y, glyphs.rule.repeat(width), width, theme.rule);
    let Some(shown) = shown else { return };
    let focused = model.chrome.focus == Focus::Detail;
    let mut x = area.x + 2;
    for place in tabs::places(model, &shown.record, width) {
        let active = place.tab == model.detail.open_tab();
        let style = match (active, focused) {
            (true, true) if theme.selects_by_reversing() => theme.accent.add_modifier(Modifier::REVERSED),
            (true, true) => theme.accent.patch(theme.select),
            (true, false) => theme.accent.add_modifier(Modifier::UNDERLINED),
            (false, _) => theme.text,
        };
        let words = format!(" {} ", place.label);
        clear(
            Rect { x: x - 1, width: u16::try_from(words.width()).unwrap_or(0), height: 1, ..area }.intersection(area),
            buffer,
        );
        buffer.set_stringn(x, area.y, &place.label, width, style);
        x += u16::try_from(place.label.width() + 3).unwrap_or(0);
        if x >= area.right() {
            break;
        }
    }
    let mut end = area.right();
    let group = shown.group.as_ref().filter(|_| model.table.groups.is_some());
    let newest = group.map(|group| tell!(model.chrome.language, "of the newest of %{n}", n = group.count).into_owned());
    for (words, style) in [
        (lines_shown(model, shown, area), theme.quiet),
        (search_words(model), theme.accent.remove_modifier(Modifier::DIM)),
        (newest.unwrap_or_default(), theme.quiet),
    ] {
        let needed = u16::try_from(words.width() + 3).unwrap_or(u16::MAX);
        if !words.is_empty() && needed <= end.saturating_sub(x) {
            end -= needed;
            buffer.set_stringn(end, area.y, format!(" {words} "), width, style);
        }
    }
}

/// Which of the lines are seen, when that is not all of them.
fn lines_shown(model: &Model, shown: &Detail, area: Rect) -> String {
    let rows = model.areas().map_or(0, |areas| areas.detail_rows()).saturating_sub(1 + shown.pinned.len());
    let all = shown.lines.len();
    if all <= rows || area.height == 0 {
        return String::new();
    }
    let (from, to) = (model.detail.top + 1, (model.detail.top + rows).min(all));
    model.chrome.glyphs.plain(&tell!(
        model.chrome.language,
        "lines %{from}–%{to} of %{all}",
        from = from,
        to = to,
        all = all
    ))
}

/// The whole RequestId, alone in its word, then the request, how long it took and when.
fn id_line(model: &Model, shown: &Detail, area: Rect, buffer: &mut Buffer) {
    let record = &shown.record;
    let group = shown.group.as_ref().filter(|_| model.table.groups.is_some());
    let (theme, glyphs, language) = (&model.chrome.theme, model.chrome.glyphs, model.chrome.language);
    let width = usize::from(area.width);
    let mut spans = vec![Span::raw(" ")];
    let key = |action, words| {
        let key = model.key(action).to_owned();
        vec![Span::styled(key, theme.accent), Span::styled(format!(" {words} "), theme.quiet)]
    };
    let mut keys = if let Some(id) = record.copied_id() {
        spans.push(Span::styled(sanitize(id).into_owned(), theme.strong));
        if group.is_some() {
            key(Action::CopyId, tell!(language, "copy this id"))
        } else {
            key(Action::CopyId, tell!(language, "copy"))
        }
    } else {
        let words = no_id(Severity::of(record), record.dialect, language).unwrap_or_default();
        spans.push(Span::styled(format!("{} {words}", glyphs.none), theme.quiet));
        key(Action::CopyMenu, glyphs.plain(&tell!(language, "copy …")).into())
    };
    if let Some(group) = group {
        let words = tell!(language, "all %{n}", n = group.count);
        keys.push(Span::raw(" "));
        keys.extend(key(Action::CopyMenu, words));
    }
    let keys_width: usize = keys.iter().map(Span::width).sum();
    let used: usize = spans.iter().map(Span::width).sum();
    let dot = format!(" {} ", glyphs.dot);
    let took = latency(record.timing.total_us());
    let time = time_of_day(record.time.as_millisecond(), &model.chrome.time_zone);
    // A pasted error may name neither method nor target.
    let request = format!("{} {}", sanitize(&record.method), sanitize(&record.target()));
    let mut parts: Vec<_> = Some(request.trim().to_owned()).filter(|request| !request.is_empty()).into_iter().collect();
    if record.source.is_probe() {
        parts.push(took);
    }
    parts.push(time);
    let room = width.saturating_sub(used + keys_width + 3);
    let mut words = parts.remove(0);
    for part in parts {
        if words.width() + dot.width() + part.width() <= room {
            words = format!("{words}{dot}{part}");
        }
    }
    if room >= 8 {
        spans.push(Span::styled(format!("  {}", truncate_end(&words, room)), theme.quiet));
    }
    buffer.set_line(area.x, area.y, &Line::from(spans), area.width);
    // Nothing stands over a part of the id: it is there to be taken whole.
    if used + keys_width < width {
        let at = area.right() - u16::try_from(keys_width).unwrap_or(0);
        buffer.set_line(at, area.y, &Line::from(keys), area.width);
    }
}
