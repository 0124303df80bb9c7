//! Table and detail, or what stands in their place while there is nothing.

use std::borrow::Cow;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::rule;
use crate::domain::language::tell;
use crate::domain::text::visible;
use crate::ui::grid::{self, Grid};
use crate::ui::groups::{self, GroupGrid};
use crate::ui::layout::Areas;
use crate::ui::model::{Focus, Model, Tab};

/// Draws them.
pub fn draw(model: &Model, areas: &Areas, buffer: &mut Buffer) {
    if areas.table.height > 0 {
        table(model, areas.table, buffer);
    }
    if areas.beside {
        for y in areas.table.y..areas.table.bottom() {
            buffer.set_stringn(
                areas.table.right(),
                y,
                "│",
                1,
                Style::new().add_modifier(ratatui::style::Modifier::DIM),
            );
        }
    }
    if areas.detail.height > 0 {
        detail(model, areas.detail, buffer);
    }
}

fn table(model: &Model, area: Rect, buffer: &mut Buffer) {
    let language = model.language;
    let shown = model.order.len();
    let title = match (&model.folded, &model.view.within, model.view.all) {
        (Some(folded), _, _) => {
            tell!(language, "Groups %{n} (%{rows} rows)", n = folded.lines.len(), rows = shown)
        }
        (None, Some(kind), _) => {
            tell!(language, "Group %{code} %{n}", code = grid::code(&kind.code, language), n = shown)
        }
        (None, None, true) => tell!(language, "All %{n}", n = shown),
        (None, None, false) => tell!(language, "Failures %{n}", n = shown),
    };
    let filter = if model.filter.is_empty() { String::new() } else { format!("/{}", visible(&model.filter)) };
    let arrow = if model.view.sort.descending { "↓" } else { "↑" };
    let sort = match &model.folded {
        Some(_) => format!("{} ↓", tell!(language, "count")),
        None => format!("{} {arrow}", grid::title(model.view.sort.column, language).to_lowercase()),
    };
    let marks = model.marks.len();
    let marked = if marks == 0 { Cow::default() } else { tell!(language, "✓ %{n} marked", n = marks) };
    let mut right = vec![marked, filter.into(), sort.into()];
    if model.follow {
        right.push(tell!(language, "follow"));
    }
    let hidden = if model.folded.is_some() { groups::hidden(area.width) } else { grid::hidden(area.width) };
    if hidden > 0 && !model.order.is_empty() {
        right.push(tell!(language, "+%{n} columns", n = hidden));
    }
    right.retain(|part| !part.is_empty());
    let focused = model.focus == Focus::Table;
    let style = if focused { model.theme.heading } else { Style::new() };
    rule(area.y, area, &title, &right.join(" ─ "), style, buffer);
    let rest = Rect { y: area.y + 1, height: area.height - 1, ..area };
    if model.order.is_empty() {
        empty(model, rest, buffer);
        return;
    }
    if let Some(folded) = &model.folded {
        return GroupGrid {
            rows: &model.rows,
            folded,
            top: model.top,
            cursor: model.cursor,
            marks: &model.marks,
            focused,
            theme: &model.theme,
            time_zone: &model.time_zone,
            language,
        }
        .draw(rest, buffer);
    }
    Grid {
        rows: &model.rows,
        order: &model.order,
        top: model.top,
        cursor: model.cursor,
        marks: &model.marks,
        focused,
        sort: model.view.sort,
        theme: &model.theme,
        time_zone: &model.time_zone,
        language,
    }
    .draw(rest, buffer);
}

/// An empty table says what to press.
fn empty(model: &Model, area: Rect, buffer: &mut Buffer) {
    let mut lines = nothing(model);
    if model.rows.is_empty() {
        lines.extend(model.remarks.iter().map(|remark| (remark.clone().into(), model.theme.warning)));
    }
    let width = usize::from(area.width.saturating_sub(6));
    let wrapped = lines.into_iter().flat_map(|(text, style)| {
        let parts: Vec<_> = textwrap::wrap(&text, width).into_iter().map(|part| (part.into_owned(), style)).collect();
        if parts.is_empty() { vec![(String::new(), style)] } else { parts }
    });
    let top = area.y + (area.height / 6).min(3);
    for (y, (text, style)) in (top..area.bottom()).zip(wrapped) {
        buffer.set_stringn(area.x + 3, y, text, width, style);
    }
}

/// Why there is nothing, and what to press.
fn nothing(model: &Model) -> Vec<(Cow<'static, str>, Style)> {
    let (language, theme, plain) = (model.language, &model.theme, Style::new());
    if model.run.running || model.opening_sandbox {
        return vec![(waiting(model), plain)];
    }
    let every_key = (format!("?  {}", tell!(language, "shows every key")).into(), plain);
    if model.rows.is_empty() && model.run.reading {
        return vec![(tell!(language, "No failure in what was read."), theme.heading), every_key];
    }
    if model.rows.is_empty() && model.no_profile {
        return first_run(model);
    }
    if model.rows.is_empty() {
        return vec![
            (tell!(language, "Nothing sent yet."), theme.heading),
            (tell!(language, "p  sends requests: a bucket, a key or a URL"), plain),
            every_key,
        ];
    }
    if !model.filter.is_empty() {
        let rows = model.rows.len();
        let words = tell!(language, "No row passes the filter. Esc clears it; there are %{n} rows.", n = rows);
        return vec![(words, plain)];
    }
    let ok = model.counts.succeeded + model.counts.not_configured;
    vec![
        (tell!(language, "Nothing failed: %{n} ok.", n = ok), theme.success),
        (tell!(language, "a  shows the successes · p  sends more"), plain),
    ]
}

fn waiting(model: &Model) -> Cow<'static, str> {
    let (language, run) = (model.language, &model.run);
    if model.opening_sandbox {
        return tell!(language, "The sandbox is starting.");
    }
    if run.reading {
        return tell!(language, "Reading: nothing that failed so far. x stops.");
    }
    tell!(
        language,
        "Waiting for answers: %{done} of %{planned} so far, none failed. x cancels.",
        done = run.done,
        planned = run.planned
    )
}

fn first_run(model: &Model) -> Vec<(Cow<'static, str>, Style)> {
    let (language, plain) = (model.language, Style::new());
    let keys = [
        ("Enter  ", tell!(language, "starts the sandbox: a COS look-alike inside this program, no account needed")),
        ("p      ", tell!(language, "sends requests; credentials come from COS_SECRET_ID and COS_SECRET_KEY")),
        ("       ", tell!(language, "or from a profile (cosdiag config path says where)")),
        ("?      ", tell!(language, "shows every key")),
    ];
    let question = tell!(language, "Why did my COS request fail, and what do I hand to support?");
    let mut lines = vec![(question, model.theme.heading), (Cow::default(), plain)];
    lines.extend(keys.map(|(key, words)| (format!("{key}{words}").into(), plain)));
    lines
}

fn detail(model: &Model, area: Rect, buffer: &mut Buffer) {
    let Some(shown) = model.detail.as_ref().filter(|detail| Some(detail.row) == model.selected()) else {
        rule(area.y, area, "", "", Style::new(), buffer);
        return;
    };
    let record = &shown.record;
    let scrolled = shown.lines.len().saturating_sub(model.detail_top + usize::from(area.height) - 1);
    let more = match scrolled {
        0 => String::new(),
        1 => format!(" ─ {}", tell!(model.language, "1 more line")),
        _ => format!(" ─ {}", tell!(model.language, "%{n} more lines", n = scrolled)),
    };
    let title =
        format!("{} {} ─ {}{more}", record.method, visible(&record.target()), grid::latency(record.timing.total_us()));
    let tabs = tabs(model, usize::from(area.width));
    let tabs_width: usize = tabs.width();
    rule(area.y, Rect { x: area.x, ..area }, &" ".repeat(tabs_width.saturating_sub(2)), &title, Style::new(), buffer);
    buffer.set_line(area.x, area.y, &tabs, area.width);
    let visible_lines = shown.lines.iter().skip(model.detail_top);
    for (y, line) in (area.y + 1..area.bottom()).zip(visible_lines) {
        buffer.set_line(area.x + 1, y, line, area.width.saturating_sub(1));
    }
}

/// `─ 1 Headers ─ 2 Body ─ 3 Request ─ 4 Timing ─`, the current one marked.
fn tabs(model: &Model, columns: usize) -> Line<'static> {
    let quiet = Style::new().add_modifier(ratatui::style::Modifier::DIM);
    let mut spans = Vec::new();
    for (tab, label) in Tab::ALL.into_iter().zip(Tab::labels(columns, model.tab, model.language)) {
        spans.push(Span::styled("─", quiet));
        let style = match (tab == model.tab, model.focus) {
            (true, Focus::Detail) => model.theme.selected,
            (true, Focus::Table) => model.theme.heading.add_modifier(ratatui::style::Modifier::UNDERLINED),
            (false, _) => Style::new(),
        };
        spans.push(Span::raw(" "));
        spans.push(Span::styled(label, style));
        spans.push(Span::raw(" "));
    }
    spans.push(Span::styled("─", quiet));
    Line::from(spans)
}
