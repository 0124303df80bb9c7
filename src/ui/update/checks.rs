//! Checks: from the key to the verdict that they leave.

use std::sync::Arc;
use std::time::Instant;

use super::{Effects, table};
use crate::diagnosis::checks::PREFLIGHT;
use crate::domain::record::{Outcome, Record};
use crate::ui::effect::Effect;
use crate::ui::model::{Model, Tab};

/// Starts the checks of the selected row.
pub fn start(model: &mut Model, now: Instant) -> Effects {
    let Some(row) = model.selected() else {
        model.say("There is no failure to check", now);
        return Effects::new();
    };
    if model.checking.is_some() {
        model.say("Checks are running already: x cancels them", now);
        return Effects::new();
    }
    let about = model.rows.get(row);
    if about.outcome != Outcome::Failure && about.operation != PREFLIGHT {
        model.say("Nothing failed here: there is nothing to check", now);
        return Effects::new();
    }
    let Some((probe, connection)) = model.probe(row).cloned() else {
        model.say("This row was not sent from here: its request cannot be changed and sent", now);
        return Effects::new();
    };
    model.checking = Some(row);
    if model.tab != Tab::Verdict {
        super::show_tab(model, Tab::Verdict);
    }
    model.say("Checking: read-only requests, x cancels", now);
    vec![Effect::Check(row, Box::new(probe), connection)]
}

/// Takes a record with one more answer.
pub fn on_checked(model: &mut Model, row: u32, record: Arc<Record>) {
    model.rows.set_cause(row, record.first_cause());
    if model.detail.as_ref().is_some_and(|detail| detail.row == row) {
        table::on_detail(model, row, record);
    }
}

/// The checks are over: what they came to is said, and the order, which may be by cause, made anew.
pub fn on_finished(model: &mut Model, row: u32, now: Instant) -> Effects {
    model.checking = None;
    if let Some(detail) = model.detail.as_ref().filter(|detail| detail.row == row) {
        let diagnosis = detail.record.diagnosis.clone().unwrap_or_default();
        let verdict = diagnosis.verdicts.first();
        let came_to = verdict.map(|first| format!("{}, {}", first.cause, first.confidence.as_str()));
        let count = diagnosis.checks.iter().filter(|check| check.check != "get-twin").count();
        let words = match count {
            0 => "Nothing left to check".to_owned(),
            1 => "1 check".to_owned(),
            count => format!("{count} checks"),
        };
        model.say(format!("{words}: {}", came_to.unwrap_or_default()), now);
    }
    vec![Effect::LoadDetail(row), table::ask_for_order(model)]
}

/// Stops the checks; what they have answered stays.
pub fn cancel(model: &mut Model, now: Instant) -> Effects {
    model.say("Checks cancelled: what was answered stays", now);
    vec![Effect::CancelChecks]
}
