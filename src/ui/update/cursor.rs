//! The cursor's place in what is shown, and what is shown.

use crate::store::worker::Request;
use crate::ui::effect::Effect;
use crate::ui::model::{Model, Table};

/// Asks for the rows to be sorted again.
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

/// Selects a place of the order, the last one if it is beyond, and brings it into sight.
pub fn move_to(model: &mut Model, place: usize) {
    model.table.scrolled = false;
    put(model, place);
}

/// The same, but where the wheel has moved the lines away from the cursor they stay.
pub fn put(model: &mut Model, place: usize) {
    let visible = model.areas().map_or(1, |areas| areas.table_rows()).max(1);
    let table = &mut model.table;
    table.cursor = place.min(table.length().saturating_sub(1));
    if !table.scrolled {
        table.top = table.top.clamp((table.cursor + 1).saturating_sub(visible), table.cursor);
    }
    table.top = table.top.min(table.length().saturating_sub(visible));
}

/// Moves the lines under a cursor that stays on its row.
pub fn scroll(model: &mut Model, by: isize) {
    model.table.scrolled = true;
    model.table.top = model.table.top.saturating_add_signed(by);
    put(model, model.table.cursor);
}
