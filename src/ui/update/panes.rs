//! How the screen is divided, and how the detail shows long lines.

use std::time::Instant;

use super::table;
use crate::i18n::tell;
use crate::ui::keymap::Action;
use crate::ui::layout::{self, Focus, Panes, Split};
use crate::ui::model::{Model, Tab};

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
pub fn move_edge(model: &mut Model, by: i16, now: Instant) {
    let step = if model.areas().is_some_and(|areas| areas.beside) { 4 } else { 2 };
    if !move_edge_by(model, by * step) {
        model.say(tell!(model.chrome.language, "The edge cannot move further"), now);
    }
}

/// Moves the edge by `by` lines or columns; returns `false` where it cannot move further.
pub fn move_edge_by(model: &mut Model, by: i16) -> bool {
    let table = |model: &Model| {
        let areas = model.areas()?;
        Some((areas.beside, if areas.beside { areas.table.width } else { areas.table.height }))
    };
    let size = model.chrome.size;
    let Some((beside, before)) = table(model) else { return false };
    model.chrome.split.moved = layout::moved(size, beside, before.saturating_add_signed(by));
    // What it could not be moved now is not to be moved back later.
    let after = table(model).map_or(before, |(_, after)| after);
    model.chrome.split.moved = layout::moved(size, beside, after);
    table::rewrap(model);
    after != before
}

/// Moves an unwrapped text to the left (-1) or to the right (1).
pub fn sideways(model: &mut Model, direction: isize, now: Instant) {
    if !model.detail.unwrapped {
        model.say(
            tell!(model.chrome.language, "Lines are wrapped · %{key} turns it off", key = model.key(Action::Wrap)),
            now,
        );
        return;
    }
    let widest = model.detail.shown.as_ref().and_then(|shown| shown.lines.iter().map(ratatui::text::Line::width).max());
    let room = model.areas().map_or(1, |areas| areas.detail_columns());
    let most = widest.unwrap_or(0).saturating_sub(room);
    model.detail.left = model.detail.left.saturating_add_signed(direction * SIDEWAYS).min(most);
}

/// Gives a pane the keys.
pub fn focus(model: &mut Model, focus: Focus) {
    model.chrome.focus = focus;
    if model.chrome.panes != Panes::Both {
        model.chrome.panes = if focus == Focus::Detail { Panes::Detail } else { Panes::Table };
    }
    table::rewrap(model);
}

/// Shows the next tab, or the previous one.
pub fn turn_tab(model: &mut Model, by: isize) {
    let record = model.detail.shown.as_ref().map(|shown| &shown.record);
    let tabs: Vec<_> =
        Tab::ALL.into_iter().filter(|tab| record.is_none_or(|record| tab.is_shown_for(record))).collect();
    let place = tabs.iter().position(|tab| *tab == model.detail.open_tab()).unwrap_or(0);
    show_tab(model, tabs[(place + tabs.len()).saturating_add_signed(by) % tabs.len()]);
}

/// Shows a tab of the detail; the first where the row has no such tab.
pub fn show_tab(model: &mut Model, tab: Tab) {
    let record = model.detail.shown.as_ref().map(|shown| &shown.record);
    model.detail.tab = if record.is_none_or(|record| tab.is_shown_for(record)) { tab } else { Tab::Why };
    model.detail.top = 0;
    model.detail.left = 0;
    (model.detail.stop, model.detail.unfolded) = (0, false);
    table::rewrap(model);
}
