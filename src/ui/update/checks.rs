//! Checks: from the key to the verdict that they leave.

use std::sync::Arc;
use std::time::Instant;

use super::{Effects, panes, preloaded, table};
use crate::diagnosis::checks::PREFLIGHT;
use crate::domain::check::CheckKind;
use crate::domain::record::{Outcome, Record};
use crate::i18n::tell;
use crate::ui::effect::Effect;
use crate::ui::keymap::Action;
use crate::ui::model::{Focus, Model, Tab};

/// Starts the checks of the selected row.
pub fn start(model: &mut Model, now: Instant) -> Effects {
    let Some(row) = model.selected() else {
        model.say(tell!(model.chrome.language, "Select a failure first"), now);
        return Effects::new();
    };
    if model.session.checking.is_some() {
        model.say(
            tell!(
                model.chrome.language,
                "Checks are already running · %{key} cancels",
                key = model.key(Action::Cancel)
            ),
            now,
        );
        return Effects::new();
    }
    let about = model.table.rows.get(row);
    if about.outcome() != Outcome::Failure && about.operation != PREFLIGHT {
        model.say(tell!(model.chrome.language, "This row did not fail: nothing to check"), now);
        return Effects::new();
    }
    let sent = model.probe(row).cloned();
    let recorded = sent.is_some();
    let (probe, connection) = match sent.map_or_else(|| preloaded::to_check(model, row), Ok) {
        Ok(sent) => sent,
        Err(why) => {
            model.say(why, now);
            return Effects::new();
        }
    };
    model.session.checking = Some(row);
    model.session.planned_checks.remove(&row);
    panes::show_tab(model, Tab::Checks);
    model.say(
        tell!(
            model.chrome.language,
            "Checking with read-only requests · %{key} cancels",
            key = model.key(Action::Cancel)
        ),
        now,
    );
    vec![Effect::Check { row, probe: Box::new(probe), connection, recorded }]
}

/// Takes a record with one more answer.
pub fn on_checked(model: &mut Model, row: u32, record: Arc<Record>) -> Effects {
    model.table.rows.set_verdict(row, &record);
    let planned = model.session.planned_checks.entry(row).or_default();
    for check in record.diagnosis.iter().flat_map(|diagnosis| &diagnosis.checks) {
        if !planned.iter().any(|known| known.is_same(check)) {
            planned.push(check.clone());
        }
    }
    if model.detail.shown.as_ref().is_some_and(|detail| detail.row == row) {
        table::on_detail(model, row, record);
    }
    Effects::new()
}

/// Reports the result of the checks and sorts again, because the order may be by cause.
pub fn on_finished(model: &mut Model, row: u32, now: Instant) -> Effects {
    model.session.checking = None;
    if let Some(detail) = model.detail.shown.as_ref().filter(|detail| detail.row == row) {
        let diagnosis = detail.record.diagnosis.clone().unwrap_or_default();
        let language = model.chrome.language;
        let came_to = diagnosis.verdicts.first().map(|first| {
            let sure = tell!(language, first.confidence.as_str());
            tell!(language, "%{cause}, %{sure}", cause = first.cause, sure = sure)
        });
        let count = diagnosis.checks.iter().filter(|check| check.kind != CheckKind::GetTwin).count();
        let words = match count {
            0 => tell!(language, "Nothing more to check"),
            1 => tell!(language, "1 check"),
            count => tell!(language, "%{n} checks", n = count),
        };
        let came_to = came_to.unwrap_or_default();
        model.say(tell!(language, "%{checks}: %{came_to}", checks = words, came_to = came_to), now);
    }
    vec![Effect::LoadDetail(row), table::ask_for_order(model)]
}

/// Copies what is selected in the detail: a check's RequestId, a header's value. `None` where nothing can be
/// selected: then the row's id is meant.
pub fn copy_selected(model: &mut Model, now: Instant) -> Option<Effects> {
    let shown = model.detail.shown.as_ref().filter(|_| model.chrome.focus == Focus::Detail)?;
    let stop = shown.stops.get(model.detail.stop)?;
    if let Some((label, text)) = stop.copied.clone() {
        return Some(vec![Effect::Copy { label, text }]);
    }
    model.say(tell!(model.chrome.language, "This check has no RequestId"), now);
    Some(Effects::new())
}

/// Shows whole what is folded to one line, or folds it again.
pub fn unfold(model: &mut Model) {
    if matches!(model.detail.open_tab(), Tab::Why | Tab::Checks) {
        model.detail.unfolded = !model.detail.unfolded;
        table::rewrap(model);
    }
}

/// Stops the checks; what they have answered stays.
pub fn cancel(model: &mut Model, now: Instant) -> Effects {
    model.say(tell!(model.chrome.language, "Checks cancelled; results so far are kept"), now);
    vec![Effect::CancelChecks]
}
