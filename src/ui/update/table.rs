//! The table: the cursor's steps, and the detail that follows it.

use std::sync::Arc;

pub use super::cursor::{ask_for_order, move_to, place_of, put, scroll, take_in};
use super::detail_text::detail_lines;
pub use super::detail_text::{clamp_detail, rewrap, search_again};
use super::range;
use crate::domain::record::Record;
use crate::text::sanitize::sanitize;
use crate::ui::effect::Effect;
use crate::ui::found::Joints;
use crate::ui::model::{Detail, Focus, Model, Tab};

/// Puts the cursor back on a row after the order changed.
pub fn keep_cursor_on(model: &mut Model, row: Option<u32>) {
    let place = row.and_then(|row| place_of(model, row));
    match (model.table.follow && model.table.groups.is_none(), model.table.cursor_moved) {
        (true, _) => move_to(model, usize::MAX),
        (false, false) => put(model, 0),
        (false, true) => put(model, place.unwrap_or(model.table.cursor)),
    }
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

/// Moves by `by` rows, or scrolls the detail by `by` lines.
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

/// Shows why a row has no detail, and nothing of the row before.
pub fn on_no_detail(model: &mut Model, row: u32, reason: &str) {
    if model.selected() == Some(row) {
        model.detail.shown = None;
    }
    model.say_mistake(sanitize(reason).into_owned());
}

/// Takes a record with another note.
pub fn on_noted(model: &mut Model, row: u32, record: Arc<Record>) {
    model.table.rows.set_note(row, &record);
    if let Some(shown) = model.detail.shown.as_mut().filter(|detail| detail.row == row) {
        shown.record = record;
        rewrap(model);
    }
}
