//! The table: cursor, order, and the detail that follows the cursor.

use std::sync::Arc;
use std::time::Instant;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers, MouseButton, MouseEvent, MouseEventKind};
use ratatui::layout::Position;

use super::{Effects, filter, groups, range, search};
use crate::domain::record::Record;
use crate::store::worker::{Ordered, Request};
use crate::text::columns::columns;
use crate::ui::detail;
use crate::ui::effect::Effect;
use crate::ui::found::Joints;
use crate::ui::layout::TABLE_HEAD;
use crate::ui::model::{Detail, DetailPane, Focus, Folded, Layer, Model, Tab, Table};
use crate::ui::row_columns::{Format, column_at};
use crate::ui::tabs;

/// Asks for the rows to be ordered anew.
pub fn ask_for_order(model: &mut Model) -> Effect {
    model.table.generation.0 += 1;
    let group_by = model.table.group_by.filter(|_| model.table.view.within.is_none());
    Effect::Order(Request {
        generation: model.table.generation.0,
        rows: model.table.rows.clone(),
        view: model.table.view.clone(),
        group_by,
    })
}

/// Takes an order, unless a later one was asked for. The cursor stays on its row.
pub fn on_ordered(model: &mut Model, ordered: Ordered) -> Effects {
    if ordered.generation != model.table.generation.0 {
        return Effects::new();
    }
    if let Some(effects) = filter::hold(model, &ordered) {
        return effects;
    }
    let row = model.selected();
    model.table.generation.1 = ordered.generation;
    model.table.order = ordered.order;
    model.table.groups = ordered.groups.map(Folded::new);
    if let Some(shown) = &mut model.detail.shown {
        // Groups are numbered anew.
        shown.group = None;
    }
    // Rows that came while the order was being made.
    take_in(model, ordered.rows);
    stay_on(model, row);
    Effects::new()
}

/// Puts the rows from `first` on in their places.
pub fn take_in(model: &mut Model, first: u32) {
    let Table { view, order, rows, groups, .. } = &mut model.table;
    let more = view.extend(order, rows, first);
    if let Some(folded) = groups {
        folded.add(rows, &more);
    }
}

/// The place of a row in what is shown, or that of its group.
pub fn place_of(model: &Model, row: u32) -> Option<usize> {
    match &model.table.groups {
        Some(folded) => {
            let group = folded.groups.holding(&model.table.rows, row)?;
            folded.lines.iter().position(|line| *line == group)
        }
        None => model.table.order.iter().position(|number| *number == row),
    }
}

/// Puts the cursor back on a row after the order changed.
pub fn stay_on(model: &mut Model, row: Option<u32>) {
    let place = row.and_then(|row| place_of(model, row));
    let place = match (model.table.follow && model.table.groups.is_none(), model.table.cursor_moved) {
        (true, _) => usize::MAX,
        (false, false) => 0,
        (false, true) => place.unwrap_or(model.table.cursor),
    };
    move_to(model, place);
    rewrap(model);
}

/// Half of the focused pane's visible lines.
pub fn half_page(model: &Model) -> isize {
    let rows = model.areas().map_or(2, |areas| match model.chrome.focus {
        Focus::Table => areas.table_rows(),
        Focus::Detail => areas.detail_rows(),
    });
    isize::try_from(rows / 2).unwrap_or(1).max(1)
}

/// Moves by so many rows, or scrolls the detail by so many lines.
pub fn step(model: &mut Model, by: isize) {
    match model.chrome.focus {
        Focus::Table => {
            model.table.follow = false;
            model.table.cursor_moved = true;
            move_to(model, model.table.cursor.saturating_add_signed(by));
            range::extend(model);
        }
        Focus::Detail => {
            if !choose(model, by) {
                model.detail.top = model.detail.top.saturating_add_signed(by);
                clamp_detail(model);
            }
        }
    }
}

/// Selects another stop of the detail's text and scrolls to it. `false` where there is no other: then the
/// text scrolls.
fn choose(model: &mut Model, by: isize) -> bool {
    let visible = detail_lines(model);
    let pane = &mut model.detail;
    let Some(shown) = &pane.shown else { return false };
    let Some(last) = shown.stops.len().checked_sub(1) else { return false };
    let chosen = pane.stop.saturating_add_signed(by).min(last);
    if chosen == pane.stop {
        return false;
    }
    let lines = shown.stops[chosen].lines.clone();
    pane.stop = chosen;
    pane.top = if chosen == 0 { 0 } else { pane.top.max(lines.end.saturating_sub(visible)).min(lines.start) };
    if pane.tab == Tab::Checks && std::mem::take(&mut pane.unfolded) {
        rewrap(model);
    }
    clamp_detail(model);
    true
}

/// Selects a place of the order, the last one if it is beyond.
pub fn move_to(model: &mut Model, place: usize) {
    let visible = model.areas().map_or(1, |areas| areas.table_rows()).max(1);
    model.table.cursor = place.min(model.table.length().saturating_sub(1));
    model.table.top = model.table.top.clamp((model.table.cursor + 1).saturating_sub(visible), model.table.cursor);
    model.table.top = model.table.top.min(model.table.length().saturating_sub(visible));
}

/// The record of the selected row, if it is not there yet.
pub fn want_detail(model: &mut Model) -> Option<Effect> {
    let row = model.selected()?;
    let shown = model.detail.shown.as_ref().map(|detail| detail.row);
    if shown == Some(row) || model.detail.asked == Some(row) || model.chrome.leaving {
        return None;
    }
    model.detail.asked = Some(row);
    Some(Effect::LoadDetail(row))
}

/// Takes the record of a row, unless the cursor has moved on.
pub fn on_detail(model: &mut Model, row: u32, record: Arc<Record>) {
    if model.selected() == Some(row) {
        let is_same = model.detail.shown.as_ref().is_some_and(|shown| shown.row == row);
        model.detail.shown = Some(Detail {
            row,
            record,
            group: None,
            pinned: Vec::new(),
            lines: Vec::new(),
            joints: Joints::new(),
            stops: Vec::new(),
        });
        if !is_same {
            (model.detail.top, model.detail.stop, model.detail.unfolded) = (0, 0, false);
        }
        rewrap(model);
    }
}

/// Takes a record with another note.
pub fn on_noted(model: &mut Model, row: u32, record: Arc<Record>) {
    model.table.rows.set_note(row, &record);
    if let Some(shown) = model.detail.shown.as_mut().filter(|detail| detail.row == row) {
        shown.record = record;
        rewrap(model);
    }
}

/// Makes the detail's text anew: after a change of record, tab, width or focus.
pub fn rewrap(model: &mut Model) {
    move_to(model, model.table.cursor);
    groups::look_at_group(model);
    let columns = model.areas().map_or(0, |areas| areas.detail_columns());
    let row = model.detail.shown.as_ref().map(|shown| shown.row);
    let planned = row.and_then(|row| model.session.planned_checks.get(&row)).map(Vec::as_slice).unwrap_or_default();
    let DetailPane { raw_body, unwrapped, unfolded, stop, .. } = model.detail;
    let layout = detail::Layout { columns, raw_body, unwrapped, unfolded, stop, planned };
    let chrome = &model.chrome;
    let format = Format {
        theme: &chrome.theme,
        glyphs: chrome.glyphs,
        language: chrome.language,
        time_zone: &chrome.time_zone,
        opened_at: model.session.opened_at,
    };
    let tab = model.detail.tab;
    if let Some(shown) = &mut model.detail.shown {
        let text = detail::text(&shown.record, shown.group.as_ref(), tab, layout, format);
        (shown.pinned, shown.lines, shown.joints, shown.stops) = (text.pinned, text.lines, text.joints, text.stops);
        model.detail.stop = stop.min(shown.stops.len().saturating_sub(1));
    }
    search::apply(model);
    clamp_detail(model);
}

/// Keeps the last lines of the detail at its lower edge.
pub fn clamp_detail(model: &mut Model) {
    let visible = detail_lines(model);
    let lines = model.detail.shown.as_ref().map_or(0, |detail| detail.lines.len());
    model.detail.top = model.detail.top.min(lines.saturating_sub(visible));
}

/// Lines below the id line and what is pinned.
fn detail_lines(model: &Model) -> usize {
    let pinned = model.detail.shown.as_ref().map_or(0, |detail| detail.pinned.len()) + 1;
    model.areas().map_or(1, |areas| areas.detail_rows().saturating_sub(pinned))
}

/// Lines above the first row, as a number of lines.
const HEAD: usize = TABLE_HEAD as usize;

/// Click selects, wheel moves, a click on a column's head sorts, one on a tab opens it.
pub fn on_mouse(model: &mut Model, mouse: MouseEvent, now: Instant) -> Effects {
    let Some(areas) = model.areas() else { return Effects::new() };
    let at = Position::new(mouse.column, mouse.row);
    let wheel = match mouse.kind {
        MouseEventKind::ScrollDown => 3,
        MouseEventKind::ScrollUp => -3,
        MouseEventKind::Down(MouseButton::Left) => 0,
        _ => return Effects::new(),
    };
    if let Some(layer) = model.chrome.layers.last() {
        let key = if wheel > 0 { KeyCode::Down } else { KeyCode::Up };
        return match layer {
            Layer::List(_) if wheel == 0 => super::list_keys::on_click(model, at, now),
            Layer::Palette(_) if wheel == 0 => super::palette_keys::on_click(model, at, now),
            Layer::List(_) => super::list_keys::on_key(model, key, now),
            Layer::Help(_) | Layer::Palette(_) | Layer::Page(_) | Layer::Compare(_) if wheel != 0 => {
                super::layers::on_key(model, KeyEvent::new(key, KeyModifiers::NONE), now)
            }
            _ => Effects::new(),
        };
    }
    if areas.table.contains(at) {
        model.chrome.focus = Focus::Table;
        let line = usize::from(mouse.row - areas.table.y);
        if wheel != 0 {
            step(model, wheel);
        } else if line >= HEAD && model.table.top + line - HEAD < model.table.length() {
            model.table.follow = false;
            model.table.cursor_moved = true;
            move_to(model, model.table.top + line - HEAD);
            range::extend(model);
        } else if line == 1
            && model.table.groups.is_none()
            && let placed = columns(areas.table_columns(), model.table.rows.content(), &model.table.columns)
            && let Some(column) = column_at(&placed, mouse.column - areas.table.x)
        {
            return super::list_keys::sort_by(model, column);
        }
    } else if areas.detail.contains(at) {
        model.chrome.focus = Focus::Detail;
        if wheel != 0 {
            step(model, wheel);
        } else if mouse.row == areas.detail.y
            && let Some(shown) = &model.detail.shown
            && let column = usize::from(mouse.column - areas.detail.x)
            && let Some(tab) = tabs::at(model, &shown.record, usize::from(areas.detail.width), column)
        {
            super::show_tab(model, tab);
        }
    }
    Effects::new()
}
