//! The two menus of the footer: what to copy, what to sort by.

use std::time::Instant;

use crossterm::event::KeyCode;

use super::{Effects, runs, table};
use crate::store::Column;
use crate::ui::effect::{CopyRows, Effect};
use crate::ui::model::Model;

/// What the copy menu offers: key and words.
pub const COPY: &[(char, &str)] =
    &[('y', "RequestId"), ('a', "all RequestIds shown"), ('j', "row as JSON"), ('c', "curl")];

/// What the sort menu offers: key, words and column.
pub const SORT: &[(char, &str, Column)] = &[
    ('t', "time", Column::Time),
    ('s', "status", Column::Status),
    ('c', "code", Column::Code),
    ('m', "message", Column::Message),
    ('i', "RequestId", Column::RequestId),
    ('o', "operation", Column::Operation),
    ('b', "target", Column::Target),
    ('l', "latency", Column::Latency),
    ('v', "verdict", Column::Cause),
];

/// Copies what was chosen.
pub fn copy(model: &mut Model, key: KeyCode, now: Instant) -> Effects {
    let Some(row) = model.selected() else { return Effects::new() };
    match key {
        KeyCode::Char('y' | 'Y') => runs::copy_id(model, now),
        KeyCode::Char('a') => copy_all_ids(model, now),
        KeyCode::Char('j') => {
            vec![Effect::CopyRows { what: CopyRows::Json, rows: vec![row] }]
        }
        KeyCode::Char('c') => {
            vec![Effect::CopyRows { what: CopyRows::Curl, rows: vec![row] }]
        }
        _ => Effects::new(),
    }
}

fn copy_all_ids(model: &mut Model, now: Instant) -> Effects {
    let ids = model.order.iter().map(|row| model.rows.get(*row).request_id).filter(|id| !id.is_empty());
    let ids: Vec<_> = ids.collect();
    if ids.is_empty() {
        model.say("None of the rows shown has a RequestId", now);
        return Effects::new();
    }
    let label = if ids.len() == 1 { "1 RequestId".to_owned() } else { format!("{} RequestIds", ids.len()) };
    vec![Effect::Copy { label, text: ids.join("\n") }]
}

/// Sorts by what was chosen.
pub fn sort(model: &mut Model, key: KeyCode) -> Effects {
    let KeyCode::Char(key) = key else { return Effects::new() };
    match SORT.iter().find(|(known, _, _)| *known == key.to_ascii_lowercase()) {
        Some((_, _, column)) => sort_by(model, *column),
        None => Effects::new(),
    }
}

/// Sorts by a column; the same column again turns the order round.
pub fn sort_by(model: &mut Model, column: Column) -> Effects {
    let sort = &mut model.view.sort;
    sort.descending = sort.column == column && !sort.descending;
    sort.column = column;
    vec![table::ask_for_order(model)]
}
