//! Marks on rows, and rows folded into groups.

use std::sync::Arc;
use std::time::Instant;

use super::{Effects, table};
use crate::i18n::tell;
use crate::store::By;
use crate::ui::model::Model;

/// Marks the selected row, or all of the selected group, and goes on to the next; what is marked
/// already is unmarked.
pub fn mark(model: &mut Model) {
    let Some(row) = model.selected() else { return };
    let rows = match (&model.table.groups, model.table.selected_group()) {
        (Some(folded), Some(group)) => folded.groups.members(&model.table.rows, &model.table.order, group),
        _ => vec![row],
    };
    if model.table.marks.contains(&row) {
        for row in rows {
            model.table.marks.remove(&row);
        }
    } else {
        model.table.marks.extend(rows);
    }
    table::step(model, 1);
}

/// Marks every row shown.
pub fn mark_all(model: &mut Model, now: Instant) {
    model.table.marks.extend(&model.table.order);
    let marks = model.table.marks.len();
    model.say(tell!(model.chrome.language, "%{n} marked · Esc clears the marks", n = marks), now);
}

/// Puts the shown rows together by something, or shows each again.
pub fn group_by(model: &mut Model, by: Option<By>) -> Effects {
    model.table.group_by = by;
    model.table.view.within = None;
    vec![table::ask_for_order(model)]
}

/// Opens the selected group: its rows and no others.
pub fn open(model: &mut Model) -> Effects {
    let group = model.table.selected_group().and_then(|group| model.table.groups.as_ref()?.groups.get(group));
    let Some(key) = group.map(|group| Arc::clone(&group.key)) else { return Effects::new() };
    model.table.view.within = Some(key);
    model.table.cursor_moved = true;
    vec![table::ask_for_order(model)]
}

/// Back from a group's rows to the groups.
pub fn close(model: &mut Model) -> Effects {
    model.table.view.within = None;
    vec![table::ask_for_order(model)]
}
