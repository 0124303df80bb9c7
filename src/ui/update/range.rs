//! Marking a range of rows: from where it began to the cursor.

use std::time::Instant;

use super::cursor::place_of;
use crate::i18n::tell;
use crate::ui::keymap::Action;
use crate::ui::model::{Model, Range};

/// Begins a range at the cursor, or ends the one that was begun.
pub fn switch(model: &mut Model, now: Instant) {
    if end(model) {
        return;
    }
    let Some(row) = model.selected() else { return };
    model.table.range = Some(Range { row, before: model.table.marks.clone() });
    extend(model);
    let words = tell!(
        model.chrome.language,
        "%{down} %{up} mark a range · %{end} ends it · Esc cancels it",
        down = model.key(Action::Down),
        up = model.key(Action::Up),
        end = model.key(Action::MarkRange)
    );
    model.say(words, now);
}

/// Ends a range: what it marked stays marked. `false` when there was none.
pub fn end(model: &mut Model) -> bool {
    model.table.range.take().is_some()
}

/// Takes a range back: the marks are as before. `false` when there was none.
pub fn take_back(model: &mut Model) -> bool {
    let Some(range) = model.table.range.take() else { return false };
    model.table.marks = range.before;
    true
}

/// Marks what lies between the range's beginning and the cursor, which moved.
pub fn extend(model: &mut Model) {
    let Some(range) = &model.table.range else { return };
    let Some(from) = place_of(model, range.row) else {
        model.table.range = None;
        return;
    };
    let table = &model.table;
    let between = from.min(table.cursor)..=from.max(table.cursor);
    let mut marks = range.before.clone();
    match &table.groups {
        Some(folded) => {
            for group in folded.lines.get(between).unwrap_or_default() {
                marks.extend(folded.groups.members(&table.rows, &table.order, *group));
            }
        }
        None => marks.extend(table.order.get(between).unwrap_or_default()),
    }
    model.table.marks = marks;
}
