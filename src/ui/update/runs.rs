//! Sending: runs, re-runs, the sandbox, and what is copied out of their rows.

use std::sync::Arc;
use std::time::Instant;

pub use super::sending::start_asked;
use super::sending::{start, start_over};
use super::{Effects, preloaded, table};
use crate::domain::history_error::NotRecorded;
use crate::domain::occurrence::Occurrence;
use crate::domain::probe::Probe;
use crate::domain::profile::{Connection, Profile};
use crate::domain::record::Record;
use crate::domain::severity::Severity;
use crate::i18n::{Localize, tell};
use crate::text::cells;
use crate::text::sanitize::sanitize;
use crate::ui::clipboard;
use crate::ui::effect::{Effect, Pasted};
use crate::ui::keymap::Action;
use crate::ui::model::{Layer, Model};
use crate::ui::row_columns::no_id;

/// Takes records: rows, counts, and their place in the order.
pub fn on_records(model: &mut Model, occurrences: &[Occurrence], now: Instant) -> Effects {
    let row = model.selected();
    let first = u32::try_from(model.table.rows.len()).unwrap_or(u32::MAX);
    for occurrence in occurrences {
        let record = &occurrence.record;
        if model.session.run.reading {
            preloaded::take(model, occurrence);
        } else {
            model.table.rows.push(record, &cells::message(record, model.chrome.language));
        }
        model.session.counts.add(record.outcome);
        model.session.severities.add(Severity::of(record));
        model.session.run.counts.add(record.outcome);
    }
    model.session.run.done += occurrences.len();
    model.session.run.latest = Some(now);
    model.session.run.waited = 0;
    show_new(model, first, row);
    Effects::new()
}

/// Puts the rows from `first` on in their places; the cursor stays on its row.
pub fn show_new(model: &mut Model, first: u32, row: Option<u32>) {
    // While an order is being made the new rows wait for it: it will take them in.
    if model.table.generation.0 == model.table.generation.1 {
        table::take_in(model, first);
        table::keep_cursor_on(model, row);
        select_first_of(model, first);
    }
}

/// After a request by hand the eye belongs on its first row, wherever the order puts that.
fn select_first_of(model: &mut Model, first: u32) {
    if !model.session.run.select_first {
        return;
    }
    let newest = model.table.order.iter().copied().find(|row| *row >= first);
    if let Some(place) = newest.and_then(|row| table::place_of(model, row)) {
        model.session.run.select_first = false;
        model.table.cursor_moved = true;
        table::move_to(model, place);
    }
}

/// The history takes no more failures: says so below the open popup, because keys meant for that must not close it
/// unread.
pub fn on_not_recorded(model: &mut Model, why: &NotRecorded) -> Effects {
    model.session.recorded.stopped = true;
    let reason = tell!(model.chrome.language, "History is off from here on:").into_owned();
    let text = sanitize(&why.localize(model.chrome.language)).into_owned();
    model.chrome.layers.insert(0, Layer::Select { reason, text });
    Effects::new()
}

/// The run is over. One that left no row behind says so: silence after a key is a defect.
pub fn on_finished(model: &mut Model, now: Instant) -> Effects {
    model.session.run.running = false;
    model.session.run.latest = Some(now);
    if let Some(watching) = model.session.watching.as_mut().filter(|_| model.session.run.is_round) {
        watching.rounds += 1;
    }
    if !model.session.run.cancelled && model.session.run.select_first {
        model.say(ended(model), now);
    }
    Effects::new()
}

/// What a run came to.
fn ended(model: &Model) -> String {
    let (language, run) = (model.chrome.language, &model.session.run);
    let words = crate::text::tally::summary(&run.counts, run.planned, run.took(), language);
    if model.table.view.all {
        words
    } else {
        format!("{words} · {}", tell!(language, "%{key} shows successes", key = model.key(Action::ShowAll)))
    }
}

/// Has a pasted text looked through for errors.
pub fn read_pasted(model: &mut Model, text: String, now: Instant) -> Effects {
    if text.trim().is_empty() {
        return Effects::new();
    }
    model.say(tell!(model.chrome.language, "Reading the pasted text …"), now);
    let credentials = model.session.profiles.iter().filter_map(|profile| profile.credentials.clone()).collect();
    vec![Effect::ReadPasted(Box::new(Pasted { text, credentials }))]
}

/// Takes the records of a pasted text: the cursor goes to the first of them.
pub fn on_pasted(model: &mut Model, records: &[Arc<Record>], said: Option<String>, now: Instant) -> Effects {
    let language = model.chrome.language;
    let row = model.selected();
    let first = u32::try_from(model.table.rows.len()).unwrap_or(u32::MAX);
    for record in records {
        model.table.rows.push(record, &cells::message(record, language));
        model.session.counts.add(record.outcome);
        model.session.severities.add(Severity::of(record));
    }
    let words = match (records.len(), said) {
        (_, Some(said)) => said,
        (1, None) => tell!(language, "Pasted: 1 row, nothing was sent").into_owned(),
        (n, None) => tell!(language, "Pasted: %{n} rows, nothing was sent", n = n).into_owned(),
    };
    model.say(words, now);
    if records.is_empty() {
        return Effects::new();
    }
    model.session.run.select_first = true;
    if model.table.generation.0 == model.table.generation.1 {
        table::take_in(model, first);
        table::keep_cursor_on(model, row);
        select_first_of(model, first);
    }
    Effects::new()
}

/// Stops what is being sent.
pub fn cancel(model: &mut Model, now: Instant) -> Effects {
    if !model.session.run.running {
        model.say(tell!(model.chrome.language, "Nothing is being sent"), now);
        return Effects::new();
    }
    model.session.run.cancelled = true;
    if model.session.run.reading {
        model.say(tell!(model.chrome.language, "Stopped; what was read is kept"), now);
        return vec![Effect::CancelRun];
    }
    let left = model.session.run.planned.saturating_sub(model.session.run.done);
    model.say(tell!(model.chrome.language, "Cancelled: %{n} requests dropped", n = left), now);
    vec![Effect::CancelRun]
}

/// Makes the sandbox.
pub fn open_sandbox(model: &mut Model) -> Effects {
    if model.session.opening_sandbox {
        return Effects::new();
    }
    model.session.opening_sandbox = true;
    vec![Effect::OpenSandbox]
}

/// The sandbox is up: its profiles take over, its prepared probes are sent.
pub fn on_sandbox(
    model: &mut Model,
    profiles: Vec<Profile>,
    probes: Vec<Probe>,
    targets: Vec<String>,
    now: Instant,
) -> Effects {
    model.session.opening_sandbox = false;
    model.session.in_sandbox = true;
    model.session.is_unsigned_start = false;
    let own = std::mem::replace(&mut model.session.profiles, profiles);
    model.session.profiles.extend(own);
    model.session.current = 0;
    model.session.targets = targets;
    let connection = model.profile().map(|profile| Arc::new(profile.connection.clone())).unwrap_or_default();
    start(model, probes, &connection, now)
}

/// Sends the selected row's request again.
pub fn rerun_selected(model: &mut Model, now: Instant) -> Effects {
    let Some(row) = model.selected() else {
        model.say(tell!(model.chrome.language, "Select a row first"), now);
        return Effects::new();
    };
    rerun(model, &[row], now)
}

/// Asks before all shown rows are sent again.
pub fn ask_to_rerun_all(model: &mut Model, now: Instant) {
    if model.table.order.is_empty() {
        model.say(tell!(model.chrome.language, "Select a row first"), now);
    } else {
        model.chrome.layers.push(Layer::ConfirmRerun(model.table.order.clone()));
    }
}

/// What a row's request was, and the connection that it went over.
pub fn sent(model: &Model, row: u32) -> Option<&(Probe, Arc<Connection>)> {
    model.probe(row)
}

/// Sends the requests of these rows again, over the connection they went over; their answers are
/// new rows. Rows that went over another one than the first are left out, and a note counts them.
pub fn rerun(model: &mut Model, rows: &[u32], now: Instant) -> Effects {
    if let [row] = rows
        && model.probe(*row).is_none()
    {
        return preloaded::rerun(model, *row, now);
    }
    let all: Vec<_> = rows.iter().filter_map(|row| model.probe(*row).cloned()).collect();
    let Some((_, connection)) = all.first().cloned() else {
        model.say(
            tell!(
                model.chrome.language,
                "Imported rows cannot be sent all at once; %{key} sends one",
                key = model.key(Action::Rerun)
            ),
            now,
        );
        return Effects::new();
    };
    let asked = rows.len();
    let same = all.into_iter().filter(|(_, other)| Arc::ptr_eq(other, &connection));
    let probes: Vec<_> = same.map(|(probe, _)| probe).collect();
    let left_out = asked - probes.len();
    let effects = start_over(model, probes, &connection, now);
    if left_out > 0 && !effects.is_empty() {
        let words = tell!(
            model.chrome.language,
            "%{n} rows used another connection than the first and are left out",
            n = left_out
        );
        model.say(words, now);
    }
    effects
}

/// Copies the selected row's RequestId, or says why there is none; with marks, the marked rows'.
pub fn copy_id(model: &mut Model) -> Effects {
    if !model.table.marks.is_empty() {
        let marked = model.picked();
        let none = tell!(model.chrome.language, "No marked row has a RequestId");
        return copy_ids(model, &marked, &none);
    }
    copy_selected_id(model)
}

/// Copies the selected row's RequestId, or says why there is none.
pub fn copy_selected_id(model: &mut Model) -> Effects {
    let Some(row) = model.selected() else {
        model.say_mistake(tell!(model.chrome.language, "Select a row first"));
        return Effects::new();
    };
    let row = model.table.rows.get(row);
    if row.request_id.is_empty() {
        let reason = no_id(row.severity, row.dialect, model.chrome.language).unwrap_or_default();
        model.say_mistake(tell!(
            model.chrome.language,
            "No RequestId: %{reason}. %{key} copies other things",
            key = model.key(Action::CopyMenu),
            reason = reason
        ));
        return Effects::new();
    }
    let (id, lost) = clipboard::one_line(row.request_id);
    vec![Effect::Copy {
        label: clipboard::label("RequestId".to_owned(), lost, model.chrome.language),
        text: id.into_owned(),
    }]
}

/// Copies the ids of these rows, one a line, or says that there is none.
pub fn copy_ids(model: &mut Model, rows: &[u32], none: &str) -> Effects {
    let ids = rows.iter().map(|row| model.table.rows.get(*row).request_id).filter(|id| !id.is_empty());
    let (ids, lost): (Vec<_>, Vec<_>) = ids.map(clipboard::one_line).unzip();
    if ids.is_empty() {
        model.say_mistake(none);
        return Effects::new();
    }
    let label = match ids.len() {
        1 => tell!(model.chrome.language, "1 RequestId"),
        n => tell!(model.chrome.language, "%{n} RequestIds", n = n),
    };
    let label = clipboard::label(label.into_owned(), lost.iter().sum(), model.chrome.language);
    vec![Effect::Copy { label, text: ids.join("\n") }]
}

/// Copies the id and opens the diagnosis tool, which takes one id at a time and no parameters.
pub fn open_tool(model: &mut Model) -> Effects {
    let mut effects = copy_selected_id(model);
    if effects.is_empty() {
        return effects;
    }
    effects.push(Effect::Open(model.chrome.look.diagnose_url.clone()));
    effects
}
