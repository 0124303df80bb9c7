//! The table: cursor, order, and the detail that follows the cursor.

use std::sync::Arc;

use crossterm::event::{MouseButton, MouseEvent, MouseEventKind};
use ratatui::layout::Position;
use unicode_width::UnicodeWidthStr;

use super::Effects;
use crate::domain::record::Record;
use crate::store::worker::{Ordered, Request};
use crate::ui::detail;
use crate::ui::effect::Effect;
use crate::ui::layout::Areas;
use crate::ui::model::{Detail, Focus, Folded, Layer, Model, Tab};
use crate::ui::{grid, groups};

/// Asks for the rows to be ordered anew.
pub fn ask_for_order(model: &mut Model) -> Effect {
    model.generation.0 += 1;
    let fold = model.fold && model.view.within.is_none();
    Effect::Order(Request { generation: model.generation.0, rows: model.rows.clone(), view: model.view.clone(), fold })
}

/// Takes an order, unless a later one was asked for. The cursor stays on its row.
pub fn on_ordered(model: &mut Model, ordered: Ordered) -> Effects {
    if ordered.generation != model.generation.0 {
        return Effects::new();
    }
    let row = model.selected();
    model.generation.1 = ordered.generation;
    model.order = ordered.order;
    model.folded = ordered.groups.map(Folded::new);
    // Rows that came while the order was being made.
    take_in(model, ordered.rows);
    stay_on(model, row);
    Effects::new()
}

/// Puts the rows from `first` on in their places.
pub fn take_in(model: &mut Model, first: u32) {
    let Model { view, order, rows, folded, .. } = model;
    let more = view.extend(order, rows, first);
    if let Some(folded) = folded {
        folded.add(rows, &more);
    }
}

/// The place of a row in what is shown, or that of its group.
pub fn place_of(model: &Model, row: u32) -> Option<usize> {
    match &model.folded {
        Some(folded) => {
            let group = folded.groups.holding(&model.rows, row)?;
            folded.lines.iter().position(|line| *line == group)
        }
        None => model.order.iter().position(|number| *number == row),
    }
}

/// Puts the cursor back on a row after the order changed.
pub fn stay_on(model: &mut Model, row: Option<u32>) {
    let place = row.and_then(|row| place_of(model, row));
    let place = match (model.follow && model.folded.is_none(), model.moved) {
        (true, _) => usize::MAX,
        (false, false) => 0,
        (false, true) => place.unwrap_or(model.cursor),
    };
    move_to(model, place);
    rewrap(model);
}

/// Half of the focused pane's visible lines.
pub fn half_page(model: &Model) -> isize {
    let rows = model.areas().map_or(2, |areas| match model.focus {
        Focus::Table => areas.table_rows(),
        Focus::Detail => areas.detail_rows(),
    });
    isize::try_from(rows / 2).unwrap_or(1).max(1)
}

/// Moves by so many rows, or scrolls the detail by so many lines.
pub fn step(model: &mut Model, by: isize) {
    match model.focus {
        Focus::Table => {
            model.follow = false;
            model.moved = true;
            move_to(model, model.cursor.saturating_add_signed(by));
        }
        Focus::Detail => {
            model.detail_top = model.detail_top.saturating_add_signed(by);
            clamp_detail(model);
        }
    }
}

/// Selects a place of the order, the last one if it is beyond.
pub fn move_to(model: &mut Model, place: usize) {
    let visible = model.areas().map_or(1, |areas| areas.table_rows()).max(1);
    model.cursor = place.min(model.length().saturating_sub(1));
    model.top = model.top.clamp((model.cursor + 1).saturating_sub(visible), model.cursor);
    model.top = model.top.min(model.length().saturating_sub(visible));
}

/// The record of the selected row, if it is not there yet.
pub fn want_detail(model: &mut Model) -> Option<Effect> {
    let row = model.selected()?;
    let shown = model.detail.as_ref().map(|detail| detail.row);
    if shown == Some(row) || model.detail_asked == Some(row) || model.leaving {
        return None;
    }
    model.detail_asked = Some(row);
    Some(Effect::LoadDetail(row))
}

/// Takes the record of a row, unless the cursor has moved on.
pub fn on_detail(model: &mut Model, row: u32, record: Arc<Record>) {
    if model.selected() == Some(row) {
        model.detail = Some(Detail { row, record, lines: Vec::new() });
        model.detail_top = 0;
        rewrap(model);
    }
}

/// Takes a record with another note.
pub fn on_noted(model: &mut Model, row: u32, record: Arc<Record>) {
    if let Some(shown) = model.detail.as_mut().filter(|detail| detail.row == row) {
        shown.record = record;
        rewrap(model);
    }
}

/// Makes the detail's text anew: after a change of record, tab, width or focus.
pub fn rewrap(model: &mut Model) {
    move_to(model, model.cursor);
    let columns = model.areas().map_or(0, |areas| areas.detail_columns());
    let (tab, raw) = (model.tab, model.raw);
    let group = model.selected_group();
    if let Some(shown) = &mut model.detail {
        shown.lines = detail::lines(&shown.record, tab, raw, columns, &model.theme, &model.time_zone, model.language);
        if let (Some(folded), Some(group)) = (&model.folded, group) {
            let head = groups::head(&folded.groups, group, columns, &model.theme, &model.time_zone, model.language);
            shown.lines.splice(0..0, head);
        }
    }
    clamp_detail(model);
}

fn clamp_detail(model: &mut Model) {
    let visible = model.areas().map_or(1, |areas| areas.detail_rows());
    let lines = model.detail.as_ref().map_or(0, |detail| detail.lines.len());
    model.detail_top = model.detail_top.min(lines.saturating_sub(visible));
}

/// Click selects, wheel moves, a click on a column's head sorts, one on a tab opens it.
pub fn on_mouse(model: &mut Model, mouse: MouseEvent) -> Effects {
    let Some(areas) = model.areas() else { return Effects::new() };
    let at = Position::new(mouse.column, mouse.row);
    let wheel = match mouse.kind {
        MouseEventKind::ScrollDown => 3,
        MouseEventKind::ScrollUp => -3,
        MouseEventKind::Down(MouseButton::Left) => 0,
        _ => return Effects::new(),
    };
    if let Some(Layer::Help(top)) = model.layers.last_mut() {
        *top = top.saturating_add_signed(wheel);
    }
    if !model.layers.is_empty() {
        return Effects::new();
    }
    if areas.table.contains(at) {
        model.focus = Focus::Table;
        let line = usize::from(mouse.row - areas.table.y);
        if wheel != 0 {
            step(model, wheel);
        } else if line >= 2 && model.top + line - 2 < model.length() {
            model.follow = false;
            model.moved = true;
            move_to(model, model.top + line - 2);
        } else if line == 1
            && model.folded.is_none()
            && let Some(column) = grid::column_at(areas.table.width, mouse.column - areas.table.x)
        {
            return super::menus::sort_by(model, column);
        }
    } else if areas.detail.contains(at) {
        model.focus = Focus::Detail;
        if wheel != 0 {
            step(model, wheel);
        } else if mouse.row == areas.detail.y
            && let Some(tab) = tab_at(&areas, model, usize::from(mouse.column - areas.detail.x))
        {
            super::show_tab(model, tab);
        }
    }
    Effects::new()
}

/// The tab whose title stands at a column of the detail's rule: `─ 1 Headers ─ 2 Body …`.
fn tab_at(areas: &Areas, model: &Model, column: usize) -> Option<Tab> {
    let labels = Tab::labels(usize::from(areas.detail.width), model.tab, model.language);
    let mut end = 0;
    let place = labels.iter().position(|label| {
        end += label.width() + 3;
        column < end
    });
    Some(Tab::ALL[place?])
}
