//! The mouse: what is under it is selected, opened, scrolled or moved.

use std::time::{Duration, Instant};

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers, MouseButton, MouseEvent, MouseEventKind};
use ratatui::layout::Position;

use super::next::Next;
use super::{Effects, alike, layers, list_keys, palette_keys, panes, range, table};
use crate::text::columns::columns;
use crate::ui::hint_line;
use crate::ui::keymap::Action;
use crate::ui::layout::{Areas, TABLE_HEAD};
use crate::ui::model::{Focus, Layer, Model};
use crate::ui::row_columns::column_at;
use crate::ui::summary_line::severity_at;
use crate::ui::tabs;

/// Lines of one notch of the wheel.
const NOTCH: isize = 3;

/// Two presses in this time are a double click.
const DOUBLE: Duration = Duration::from_millis(400);

/// Takes what the mouse did.
pub fn on_mouse(model: &mut Model, mouse: MouseEvent, now: Instant) -> Next {
    let Some(areas) = model.areas() else { return Effects::new().into() };
    let at = Position::new(mouse.column, mouse.row);
    match mouse.kind {
        MouseEventKind::ScrollDown => wheel(model, &areas, at, NOTCH, now),
        MouseEventKind::ScrollUp => wheel(model, &areas, at, -NOTCH, now),
        MouseEventKind::Down(MouseButton::Left) => {
            let before = model.chrome.pressed.replace((now, at));
            let twice = before.is_some_and(|(then, place)| place == at && now.duration_since(then) < DOUBLE);
            if !model.chrome.layers.is_empty() {
                return press_on_layer(model, at, now);
            }
            if twice {
                model.chrome.pressed = None;
            }
            press(model, &areas, at, (twice, now))
        }
        MouseEventKind::Drag(MouseButton::Left) if model.chrome.holds_edge => {
            let by = if areas.beside {
                i32::from(at.x) - i32::from(areas.table.right())
            } else {
                i32::from(at.y) - i32::from(areas.detail.y)
            };
            panes::move_edge_by(model, i16::try_from(by).unwrap_or(0));
            Effects::new().into()
        }
        MouseEventKind::Up(MouseButton::Left) => {
            model.chrome.holds_edge = false;
            Effects::new().into()
        }
        MouseEventKind::Down(MouseButton::Right) if model.chrome.layers.is_empty() && is_row(model, &areas, at) => {
            select(model, &areas, at);
            Next::Act(Action::CopyMenu)
        }
        _ => Effects::new().into(),
    }
}

/// The wheel scrolls what is under it. The cursor stays on its row.
fn wheel(model: &mut Model, areas: &Areas, at: Position, by: isize, now: Instant) -> Next {
    let key = if by > 0 { KeyCode::Down } else { KeyCode::Up };
    match model.chrome.layers.last() {
        Some(Layer::List(_) | Layer::Help(_) | Layer::Palette(_) | Layer::Page(_) | Layer::Compare(_)) => {
            return layers::on_key(model, KeyEvent::new(key, KeyModifiers::NONE), now);
        }
        None if areas.table.contains(at) => table::scroll(model, by),
        None if areas.detail.contains(at) => {
            model.detail.top = model.detail.top.saturating_add_signed(by);
            table::clamp_detail(model);
        }
        _ => {}
    }
    Effects::new().into()
}

fn press_on_layer(model: &mut Model, at: Position, now: Instant) -> Next {
    match model.chrome.layers.last() {
        Some(Layer::List(_)) => list_keys::on_click(model, at, now).into(),
        Some(Layer::Palette(_)) => palette_keys::on_click(model, at, now),
        _ => Effects::new().into(),
    }
}

/// A press selects a row, sorts by a head, filters by a count, opens a tab, does what a hint says, or takes
/// hold of the edge; a second one opens the row.
fn press(model: &mut Model, areas: &Areas, at: Position, (twice, now): (bool, Instant)) -> Next {
    model.chrome.holds_edge = if areas.beside {
        at.x == areas.table.right() && areas.table.y <= at.y && at.y < areas.table.bottom()
    } else {
        areas.table.height > 0 && areas.detail.height > 0 && at.y == areas.detail.y
    };
    if is_row(model, areas, at) {
        select(model, areas, at);
        return if twice { Next::Act(Action::Open) } else { Effects::new().into() };
    }
    if areas.table.contains(at) {
        panes::focus(model, Focus::Table);
        return press_on_head(model, areas, at, now).into();
    }
    if areas.detail.contains(at) {
        panes::focus(model, Focus::Detail);
        press_on_detail(model, areas, at);
        return if twice && at.y > areas.detail.y { Next::Act(Action::Unfold) } else { Effects::new().into() };
    }
    let has_hints = areas.hints.contains(at) && model.chrome.status.is_none();
    match hint_line::action_at(model, usize::from(areas.hints.width), usize::from(at.x)).filter(|_| has_hints) {
        Some(action) => Next::Act(action),
        None => Effects::new().into(),
    }
}

/// The place of the row under the mouse.
fn row_at(model: &Model, areas: &Areas, at: Position) -> Option<usize> {
    let line = at.y.checked_sub(areas.table.y + TABLE_HEAD).filter(|_| areas.table.contains(at))?;
    Some(model.table.top + usize::from(line)).filter(|place| *place < model.table.length())
}

fn is_row(model: &Model, areas: &Areas, at: Position) -> bool {
    row_at(model, areas, at).is_some()
}

fn select(model: &mut Model, areas: &Areas, at: Position) {
    let Some(place) = row_at(model, areas, at) else { return };
    panes::focus(model, Focus::Table);
    model.table.follow = false;
    model.table.cursor_moved = true;
    table::put(model, place);
    range::extend(model);
}

/// A count of the summary line filters, a head sorts.
fn press_on_head(model: &mut Model, areas: &Areas, at: Position, now: Instant) -> Effects {
    let column = at.x - areas.table.x;
    match at.y - areas.table.y {
        0 => match severity_at(model, usize::from(areas.table_columns()), usize::from(column)) {
            Some(severity) => alike::only_of(model, severity, now),
            None => Effects::new(),
        },
        1 if model.table.groups.is_none() => {
            let placed = columns(areas.table_columns(), model.table.rows.content(), &model.table.columns);
            column_at(&placed, column).map(|column| list_keys::sort_by(model, column)).unwrap_or_default()
        }
        _ => Effects::new(),
    }
}

/// A tab is opened; a line that can be selected is selected.
fn press_on_detail(model: &mut Model, areas: &Areas, at: Position) {
    let Some(shown) = &model.detail.shown else { return };
    if at.y == areas.detail.y {
        let column = usize::from(at.x - areas.detail.x);
        if let Some(tab) = tabs::at(model, &shown.record, usize::from(areas.detail.width), column) {
            panes::show_tab(model, tab);
        }
        return;
    }
    let above = areas.detail.y + 2 + u16::try_from(shown.pinned.len()).unwrap_or(u16::MAX);
    let Some(line) = at.y.checked_sub(above).map(|line| model.detail.top + usize::from(line)) else { return };
    if let Some(stop) = shown.stops.iter().position(|stop| stop.lines.contains(&line)) {
        model.detail.stop = stop;
    }
}
