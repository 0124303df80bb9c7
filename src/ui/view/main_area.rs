//! Table and detail, or what stands in their place while there is nothing.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::rule;
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
    let shown = model.order.len();
    let title = match (&model.folded, &model.view.within, model.view.all) {
        (Some(folded), _, _) => format!("Groups {} ({shown} rows)", folded.lines.len()),
        (None, Some(kind), _) => format!("Group {} {shown}", visible(&kind.code)),
        (None, None, true) => format!("All {shown}"),
        (None, None, false) => format!("Failures {shown}"),
    };
    let filter = if model.filter.is_empty() { String::new() } else { format!("/{}", visible(&model.filter)) };
    let arrow = if model.view.sort.descending { "↓" } else { "↑" };
    let sort = match &model.folded {
        Some(_) => "count ↓".to_owned(),
        None => format!("{} {arrow}", grid::title(model.view.sort.column).to_lowercase()),
    };
    let marked = if model.marks.is_empty() { String::new() } else { format!("✓ {} marked", model.marks.len()) };
    let mut right = vec![marked, filter, sort];
    if model.follow {
        right.push("follow".to_owned());
    }
    let hidden = if model.folded.is_some() { groups::hidden(area.width) } else { grid::hidden(area.width) };
    if hidden > 0 && !model.order.is_empty() {
        right.push(format!("+{hidden} columns"));
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
    }
    .draw(rest, buffer);
}

/// An empty table says what to press.
fn empty(model: &Model, area: Rect, buffer: &mut Buffer) {
    let mut lines: Vec<(String, Style)> = if model.run.running || model.opening_sandbox {
        let words = if model.opening_sandbox {
            "The sandbox is starting.".to_owned()
        } else if model.run.reading {
            "Reading: nothing that failed so far. x stops.".to_owned()
        } else {
            format!("Waiting for answers: {} of {} so far, none failed. x cancels.", model.run.done, model.run.planned)
        };
        vec![(words, Style::new())]
    } else if model.rows.is_empty() && model.run.reading {
        vec![
            ("No failure in what was read.".to_owned(), model.theme.heading),
            ("?  shows every key".to_owned(), Style::new()),
        ]
    } else if model.rows.is_empty() && model.no_profile {
        first_run(model)
    } else if model.rows.is_empty() {
        vec![
            ("Nothing sent yet.".to_owned(), model.theme.heading),
            ("p  sends requests: a bucket, a key or a URL".to_owned(), Style::new()),
            ("?  shows every key".to_owned(), Style::new()),
        ]
    } else if !model.filter.is_empty() {
        vec![(format!("No row passes the filter. Esc clears it; there are {} rows.", model.rows.len()), Style::new())]
    } else {
        vec![
            (
                format!("Nothing failed: {} ok.", model.counts.succeeded + model.counts.not_configured),
                model.theme.success,
            ),
            ("a  shows the successes · p  sends more".to_owned(), Style::new()),
        ]
    };
    if model.rows.is_empty() {
        lines.extend(model.remarks.iter().map(|remark| (remark.clone(), model.theme.warning)));
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

fn first_run(model: &Model) -> Vec<(String, Style)> {
    let plain = Style::new();
    vec![
        ("Why did my COS request fail, and what do I hand to support?".to_owned(), model.theme.heading),
        (String::new(), plain),
        ("Enter  starts the sandbox: a COS look-alike inside this program, no account needed".to_owned(), plain),
        ("p      sends requests; credentials come from COS_SECRET_ID and COS_SECRET_KEY".to_owned(), plain),
        ("       or from a profile (cosdiag config path says where)".to_owned(), plain),
        ("?      shows every key".to_owned(), plain),
    ]
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
        1 => " ─ 1 more line".to_owned(),
        _ => format!(" ─ {scrolled} more lines"),
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
    for (tab, label) in Tab::ALL.into_iter().zip(Tab::labels(columns, model.tab)) {
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
