//! The history and files from inside the app: a table of their own, from which Esc leads back.

use std::mem;
use std::time::Instant;

use super::sending::busy;
use super::{Effects, preloaded, table};
use crate::i18n::tell;
use crate::store::TableQuery;
use crate::store::history::Runs;
use crate::ui::effect::{Earlier, Effect};
use crate::ui::model::{Layer, List, ListKind, Mode, Model, Sheet, Table};

/// Asks what the history holds, to be chosen from.
pub fn open(model: &mut Model) -> Effects {
    if let Some(words) = busy(model) {
        model.say_mistake(words);
        return Effects::new();
    }
    vec![Effect::FindRuns { opens: true }]
}

/// What the history holds: offered, or just known.
pub fn on_runs(model: &mut Model, found: Result<Option<Runs>, String>, opens: bool) -> Effects {
    let language = model.chrome.language;
    let is_empty = matches!(&found, Ok(None | Some(Runs { failures: 0, .. })));
    match found {
        Ok(runs) => model.session.runs = runs.filter(|_| !is_empty),
        Err(reason) => {
            if opens {
                model.say_mistake(reason);
            }
            return Effects::new();
        }
    }
    match (opens, is_empty) {
        (false, _) => {}
        (true, true) => model.say_mistake(tell!(language, "Nothing has been recorded yet")),
        (true, false) => {
            model.chrome.layers.push(Layer::List(List { kind: ListKind::Earlier, cursor: 0 }));
        }
    }
    Effects::new()
}

/// Opens all of it, or one of its latest runs.
pub fn take(model: &mut Model, place: Option<usize>) -> Effects {
    let run = place.and_then(|place| Some(model.session.runs.as_ref()?.latest.get(place)?.run));
    read(model, Earlier { asked: String::new(), run })
}

/// Opens what is asked for, as after `cosdiag history`: `7d 403`.
pub fn read(model: &mut Model, asked: Earlier) -> Effects {
    if let Some(words) = busy(model) {
        model.say_mistake(words);
        return Effects::new();
    }
    vec![Effect::OpenHistory(asked)]
}

/// Rows that were not sent from here are about to come: into a table of their own.
pub fn on_opened(model: &mut Model, mode: Mode, now: Instant) -> Effects {
    if matches!(model.chrome.layers.last(), Some(Layer::Path(_))) {
        model.chrome.layers.pop();
    }
    put_aside(model);
    preloaded::open(model, mode, now);
    model.say(tell!(model.chrome.language, "Esc goes back"), now);
    Effects::new()
}

/// Comes back to the table behind; one that is still being read is given up. `None` where none is behind.
pub fn come_back(model: &mut Model) -> Option<Effects> {
    if model.behind.is_empty() {
        return None;
    }
    if let Some(words) = busy(model).filter(|_| !model.session.run.reading) {
        model.say_mistake(words);
        return Some(Effects::new());
    }
    take_back(model);
    let order = table::ask_for_order(model);
    table::rewrap(model);
    Some(vec![Effect::CloseEarlier, order])
}

/// Puts the table aside and begins an empty one with the same columns.
fn put_aside(model: &mut Model) {
    let (latest, columns) = (model.table.generation.0 + 1, model.table.columns.clone());
    let view = TableQuery { sort: model.table.view.sort, ..TableQuery::default() };
    let empty = Table { generation: (latest, latest), columns, view, ..Table::default() };
    let session = &mut model.session;
    let sheet = Sheet {
        table: mem::replace(&mut model.table, empty),
        detail: mem::take(&mut model.detail),
        focus: mem::take(&mut model.chrome.focus),
        mode: mem::take(&mut session.mode),
        past: mem::take(&mut session.past),
        run: mem::take(&mut session.run),
        counts: mem::take(&mut session.counts),
        severities: mem::take(&mut session.severities),
        planned_checks: mem::take(&mut session.planned_checks),
    };
    model.behind.push(sheet);
}

/// Comes back to the table put aside last.
fn take_back(model: &mut Model) {
    let Some(sheet) = model.behind.pop() else { return };
    // An order that is still being made is of the other table's rows.
    let latest = model.table.generation.0 + 1;
    model.table = Table { generation: (latest, latest), ..sheet.table };
    model.detail = sheet.detail;
    model.chrome.focus = sheet.focus;
    let session = &mut model.session;
    (session.mode, session.past, session.run) = (sheet.mode, sheet.past, sheet.run);
    (session.counts, session.severities) = (sheet.counts, sheet.severities);
    session.planned_checks = sheet.planned_checks;
}
