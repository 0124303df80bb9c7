//! The beginning of a run.

use std::sync::Arc;
use std::time::Instant;

use super::Effects;
use crate::domain::probe::Probe;
use crate::domain::profile::Connection;
use crate::i18n::tell;
use crate::ui::effect::Effect;
use crate::ui::keymap::Action;
use crate::ui::model::{Model, Run};

/// Sends what the person asked for: the first row that comes of it will be selected.
pub fn start_asked(model: &mut Model, probes: Vec<Probe>, now: Instant) -> Effects {
    let Some(connection) = model.profile().map(|profile| Arc::new(profile.connection.clone())) else {
        return Effects::new();
    };
    start_over(model, probes, &connection, now)
}

/// Sends probes: the first row that comes of them will be selected.
pub fn start_over(model: &mut Model, probes: Vec<Probe>, connection: &Arc<Connection>, now: Instant) -> Effects {
    let effects = start(model, probes, connection, now);
    model.session.run.select_first |= !effects.is_empty();
    effects
}

/// Puts probes into the session's plan and sends them.
pub fn start(model: &mut Model, mut probes: Vec<Probe>, connection: &Arc<Connection>, now: Instant) -> Effects {
    if model.session.run.running {
        let words = if model.session.run.reading {
            tell!(model.chrome.language, "Rows are still being read")
        } else {
            tell!(model.chrome.language, "Requests are being sent · %{key} cancels", key = model.key(Action::Cancel))
        };
        model.say(words, now);
        return Effects::new();
    }
    let first = u32::try_from(model.session.probes.len()).unwrap_or(u32::MAX).saturating_add(1);
    for (id, probe) in (first..).zip(&mut probes) {
        probe.id = id;
    }
    model.session.probes.extend(probes.iter().map(|probe| (probe.clone(), Arc::clone(connection))));
    model.session.last_run = model.session.probes.len() - probes.len()..model.session.probes.len();
    model.session.run = Run { started: Some(now), planned: probes.len(), running: true, ..Run::default() };
    vec![Effect::StartRun(probes, Arc::clone(connection))]
}

/// Returns why no other rows can be opened or watched now.
pub fn busy(model: &Model) -> Option<String> {
    let language = model.chrome.language;
    let run = &model.session.run;
    let words = if model.session.checking.is_some() {
        tell!(language, "Checks are running · %{key} cancels", key = model.key(Action::Cancel))
    } else if model.session.watching.is_some() {
        tell!(language, "Watching · %{key} stops", key = model.key(Action::Cancel))
    } else if run.running && run.reading {
        tell!(language, "Rows are still being read")
    } else if run.running || model.session.opening_sandbox {
        tell!(language, "Requests are being sent · %{key} cancels", key = model.key(Action::Cancel))
    } else {
        return None;
    };
    Some(words.into_owned())
}
