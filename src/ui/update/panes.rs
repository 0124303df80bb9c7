//! How the screen is divided, and how the detail shows long lines.

use std::time::Instant;

use super::table;
use crate::i18n::tell;
use crate::ui::layout::{Focus, Panes, Split};
use crate::ui::model::Model;

/// Columns that an unwrapped text moves by.
const SIDEWAYS: isize = 8;

/// The pane in focus alone, or both.
pub fn zoom(model: &mut Model) {
    model.chrome.panes = match (model.chrome.panes, model.chrome.focus) {
        (Panes::Both, Focus::Table) => Panes::Table,
        (Panes::Both, Focus::Detail) => Panes::Detail,
        _ => Panes::Both,
    };
    table::rewrap(model);
}

/// The detail beside the table, or below it.
pub fn turn_split(model: &mut Model) {
    let beside = model.areas().is_some_and(|areas| areas.beside);
    model.chrome.split = Split { beside: Some(!beside), moved: 0 };
    table::rewrap(model);
}

/// Wraps long lines of the detail, or keeps them whole.
pub fn wrap(model: &mut Model) {
    model.detail.unwrapped = !model.detail.unwrapped;
    model.detail.left = 0;
    table::rewrap(model);
}

/// Moves the edge between table and detail: by two lines, or four columns.
pub fn move_edge(model: &mut Model, by: i16) {
    let step = if model.areas().is_some_and(|areas| areas.beside) { 4 } else { 2 };
    model.chrome.split.moved = (model.chrome.split.moved + by * step).clamp(-200, 200);
    table::rewrap(model);
}

/// Moves an unwrapped text to the left (-1) or to the right (1).
pub fn sideways(model: &mut Model, direction: isize, now: Instant) {
    if !model.detail.unwrapped {
        model.say(tell!(model.chrome.language, "Lines are wrapped here · w turns that off"), now);
        return;
    }
    let widest = model.detail.shown.as_ref().and_then(|shown| shown.lines.iter().map(ratatui::text::Line::width).max());
    let room = model.areas().map_or(1, |areas| areas.detail_columns());
    let most = widest.unwrap_or(0).saturating_sub(room);
    model.detail.left = model.detail.left.saturating_add_signed(direction * SIDEWAYS).min(most);
}
