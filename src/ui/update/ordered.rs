//! Rows that were put in order.

use super::{Effects, filter, table};
use crate::store::worker::Ordered;
use crate::ui::model::{Folded, Model};

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
        // Groups are numbered again.
        shown.group = None;
    }
    // Rows that came while the order was being made.
    table::take_in(model, ordered.rows);
    table::keep_cursor_on(model, row);
    Effects::new()
}
