//! The keys of the menus: what to copy, what to sort by.

use std::time::Instant;

use crossterm::event::KeyCode;

use super::{Effects, runs, table};
use crate::domain::column::Column;
use crate::domain::language::tell;
use crate::report::ticket::{Who, proxy_hosts};
use crate::ui::effect::{CopyRows, Effect};
use crate::ui::menus::SORT;
use crate::ui::model::Model;

/// More rows than this take long enough to be read that it is said.
const MANY: usize = 1000;

/// Copies or writes what was chosen, of the marked rows or else of the selected row or group.
pub fn copy(model: &mut Model, key: KeyCode, now: Instant) -> Effects {
    let rows = model.picked();
    if rows.is_empty() {
        return Effects::new();
    }
    if rows.len() > MANY && matches!(key, KeyCode::Char('j' | 'c' | 't' | 'w' | 'e')) {
        model.say(tell!(model.chrome.language, "Reading %{n} rows…", n = rows.len()), now);
    }
    match key {
        KeyCode::Char('y' | 'Y') => runs::copy_id(model, now),
        KeyCode::Char('a') => copy_all_ids(model, &rows, now),
        KeyCode::Char('j') => vec![Effect::CopyRows { what: CopyRows::Json, rows }],
        KeyCode::Char('c') => vec![Effect::CopyRows { what: CopyRows::Curl, rows }],
        KeyCode::Char('t') => vec![ticket(model, rows, false)],
        KeyCode::Char('w') => vec![ticket(model, rows, true)],
        KeyCode::Char('e') => vec![Effect::SaveEvidence(rows)],
        _ => Effects::new(),
    }
}

/// All ids of what is marked, of the selected group, or of everything shown.
fn copy_all_ids(model: &mut Model, picked: &[u32], now: Instant) -> Effects {
    if model.table.marks.is_empty() && model.table.groups.is_none() {
        let shown = model.table.order.clone();
        let none = tell!(model.chrome.language, "None of the rows shown has a RequestId");
        return runs::copy_ids(model, &shown, &none, now);
    }
    let none = tell!(model.chrome.language, "None of these rows has a RequestId");
    runs::copy_ids(model, picked, &none, now)
}

fn ticket(model: &Model, rows: Vec<u32>, to_file: bool) -> Effect {
    let sent = rows.first().and_then(|row| runs::sent(model, *row));
    let who = sent.map(|(probe, _)| Who::from(&probe.auth));
    let proxies = sent.map(|(_, connection)| proxy_hosts(&connection.proxies)).unwrap_or_default();
    Effect::Ticket { rows, who, proxies, to_file }
}

/// Sorts by what was chosen.
pub fn sort(model: &mut Model, key: KeyCode) -> Effects {
    let KeyCode::Char(key) = key else { return Effects::new() };
    match SORT.iter().find(|(known, _)| *known == key.to_ascii_lowercase()) {
        Some((_, column)) => sort_by(model, *column),
        None => Effects::new(),
    }
}

/// Sorts by a column; the same column again turns the order round.
pub fn sort_by(model: &mut Model, column: Column) -> Effects {
    let sort = &mut model.table.view.sort;
    sort.descending = sort.column == column && !sort.descending;
    sort.column = column;
    vec![table::ask_for_order(model)]
}
