//! Marks on rows, and rows folded into groups.

use std::sync::Arc;
use std::time::Instant;

use super::{Effects, table};
use crate::domain::language::tell;
use crate::ui::model::Model;

/// Marks the selected row, or all of the selected group, and goes on to the next; what is marked
/// already is unmarked.
pub fn mark(model: &mut Model) {
    let Some(row) = model.selected() else { return };
    let rows = match (&model.folded, model.selected_group()) {
        (Some(folded), Some(group)) => folded.groups.members(&model.rows, &model.order, group),
        _ => vec![row],
    };
    if model.marks.contains(&row) {
        for row in rows {
            model.marks.remove(&row);
        }
    } else {
        model.marks.extend(rows);
    }
    table::step(model, 1);
}

/// Marks every row shown.
pub fn mark_all(model: &mut Model, now: Instant) {
    model.marks.extend(&model.order);
    let marks = model.marks.len();
    model.say(tell!(model.language, "%{n} marked; u clears the marks", n = marks), now);
}

/// Clears the marks.
pub fn unmark(model: &mut Model, now: Instant) {
    let words = if model.marks.is_empty() {
        tell!(model.language, "Nothing is marked; Space marks a row")
    } else {
        tell!(model.language, "No marks any more")
    };
    model.marks.clear();
    model.say(words, now);
}

/// Folds the shown rows into groups, or unfolds them.
pub fn fold(model: &mut Model) -> Effects {
    model.fold = !model.fold;
    model.view.within = None;
    vec![table::ask_for_order(model)]
}

/// Opens the selected group: its rows and no others.
pub fn open(model: &mut Model) -> Effects {
    let group = model.selected_group().and_then(|group| model.folded.as_ref()?.groups.get(group));
    let Some(kind) = group.map(|group| Arc::clone(&group.kind)) else { return Effects::new() };
    model.view.within = Some(kind);
    model.moved = true;
    vec![table::ask_for_order(model)]
}

/// Back from a group's rows to the groups.
pub fn close(model: &mut Model) -> Effects {
    model.view.within = None;
    vec![table::ask_for_order(model)]
}
