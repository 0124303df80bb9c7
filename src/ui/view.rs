//! `view`: draws the model and changes nothing.

mod columns;
mod compare;
mod context;
mod detail_pane;
mod empty;
mod filter;
mod help;
mod hints;
mod list;
mod note;
mod page;
mod palette;
mod past;
mod path;
mod prompt;
mod rule;
mod settings;
mod summary;

use ratatui::Frame;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use rule::rule;

use super::glyphs::{Glyphs, UNICODE};
use super::group_columns::GroupColumns;
use super::layout::{Areas, SMALLEST};
use super::model::{Focus, Layer, Model};
use super::row_columns::RowColumns;
use super::widget::popup::clear;
use super::widget::table::TableView;
use crate::i18n::tell;
use crate::text::width::truncate_end;

/// Draws everything.
pub fn view(model: &Model, frame: &mut Frame<'_>) {
    let screen = frame.area();
    if screen.is_empty() {
        return;
    }
    let fits = |areas: &Areas| areas.hints.bottom() <= screen.height && areas.hints.width <= screen.width;
    let Some(areas) = model.areas().filter(fits) else {
        return too_small(model, screen, frame.buffer_mut());
    };
    let buffer = frame.buffer_mut();
    context::draw(model, areas.context, buffer);
    table(model, &areas, buffer);
    if areas.beside {
        for y in areas.table.y..areas.table.bottom() {
            buffer.set_stringn(areas.table.right(), y, model.chrome.glyphs.edge, 1, model.chrome.theme.rule);
        }
    }
    if areas.detail.height > 0 {
        detail_pane::draw(model, areas.detail, buffer);
    }
    hints::draw(model, areas.hints, frame);
    // It is a screen of its own, and others lie over it.
    if let Some(Layer::Compare(compare)) = model.chrome.layers.iter().rev().find(|layer| layer.is_compare()) {
        compare::draw(model, compare, screen, frame.buffer_mut());
    }
    match model.chrome.layers.last() {
        Some(Layer::Help(help)) => help::draw(model, help, screen, frame),
        Some(Layer::List(list)) => list::draw(model, *list, frame.buffer_mut()),
        Some(Layer::Palette(palette)) => palette::draw(model, palette, screen, frame),
        Some(Layer::Page(page)) => page::draw(model, page, screen, frame.buffer_mut()),
        Some(Layer::Note { row, input }) => note::draw(model, *row, input, screen, frame),
        Some(Layer::Path(line)) => path::draw(model, line, screen, frame),
        Some(Layer::Prompt(fields)) => prompt::draw(model, fields, screen, frame),
        Some(Layer::Columns(cursor)) => columns::draw(model, *cursor, screen, frame.buffer_mut()),
        Some(Layer::Settings(cursor)) => settings::draw(model, *cursor, screen, frame.buffer_mut()),
        Some(Layer::Select { reason, text }) => select(model, reason, text, screen, frame),
        Some(Layer::Filter(line)) => filter::draw(model, line, areas.hints, frame),
        Some(Layer::Search(_) | Layer::ConfirmRerun(_) | Layer::ConfirmQuit(_) | Layer::Compare(_)) | None => {}
    }
    // A text that is shown to be selected stays as it is.
    if !matches!(model.chrome.layers.last(), Some(Layer::Select { .. })) {
        show_cuts(frame.buffer_mut(), model.chrome.glyphs);
    }
}

/// Shortened texts end in an ellipsis: where that cannot be shown, its stand-in.
fn show_cuts(buffer: &mut Buffer, glyphs: &Glyphs) {
    if glyphs.cut != UNICODE.cut {
        for cell in buffer.content.iter_mut().filter(|cell| cell.symbol() == UNICODE.cut) {
            cell.set_symbol(glyphs.cut);
        }
    }
}

fn too_small(model: &Model, screen: Rect, buffer: &mut Buffer) {
    if screen.height == 0 {
        return;
    }
    let ((columns, rows), (has, lines)) = (SMALLEST, (screen.width, screen.height));
    let words = tell!(
        model.chrome.language,
        "Too small. Needs %{columns}×%{rows}, has %{has}×%{lines}",
        columns = columns,
        rows = rows,
        has = has,
        lines = lines
    );
    let line = truncate_end(&model.chrome.glyphs.plain(&words), usize::from(screen.width));
    buffer.set_stringn(0, 0, line, usize::from(screen.width), Style::new());
}

/// The summary line, then rows or groups, or what stands in their place while there are none.
fn table(model: &Model, areas: &Areas, buffer: &mut Buffer) {
    let area = areas.table;
    if area.height == 0 {
        return;
    }
    let table = &model.table;
    if table.order.is_empty() {
        return empty::draw(model, area, buffer);
    }
    summary::draw(model, Rect { width: areas.table_columns(), height: 1, ..area }, buffer);
    let below = Rect { y: area.y + 1, height: area.height - 1, width: areas.table_columns(), ..area };
    let focused = model.chrome.focus == Focus::Table;
    let (theme, glyphs, top) = (&model.chrome.theme, model.chrome.glyphs, table.top);
    let cursor = Some(table.cursor);
    if let Some(folded) = &table.groups {
        let columns = GroupColumns::new(&table.rows, folded, &table.marks, below.width, model.format());
        return TableView { columns: &columns, top, cursor, focused, theme, glyphs }.draw(below, buffer);
    }
    let columns = RowColumns::new(
        (&table.rows, &table.order),
        &table.marks,
        table.view.sort,
        (below.width, &table.columns),
        top..top + usize::from(below.height),
        model.format(),
    );
    TableView { columns: &columns, top, cursor, focused, theme, glyphs }.draw(below, buffer);
}

/// Text for the terminal's own selection: nothing else on its lines, so that nothing else is taken.
fn select(model: &Model, reason: &str, text: &str, screen: Rect, frame: &mut Frame<'_>) {
    let buffer = frame.buffer_mut();
    let lines = textwrap::wrap(text, usize::from(screen.width.max(1)));
    let height = u16::try_from(lines.len()).unwrap_or(u16::MAX).saturating_add(3).min(screen.height);
    let area = Rect { y: screen.height - height, height, ..screen };
    clear(area, buffer);
    rule(area.y, area, reason, "", model, buffer);
    for (y, line) in (area.y + 1..area.bottom().saturating_sub(1)).zip(&lines) {
        buffer.set_stringn(0, y, line, usize::from(screen.width), Style::new());
    }
    let hint = if model.chrome.look.mouse {
        tell!(model.chrome.language, "Esc closes · hold Shift to select")
    } else {
        tell!(model.chrome.language, "Esc closes")
    };
    let hint = model.chrome.glyphs.plain(&hint);
    let width = usize::from(screen.width);
    buffer.set_stringn(0, area.bottom() - 1, format!(" {hint}"), width, model.chrome.theme.quiet);
}
