//! The probe prompt: three fields on one line, completion, and a preview of what will be sent.

use std::time::Instant;

use crossterm::event::{KeyCode, KeyEvent};
use tui_input::Input;

use super::{Effects, layers, runs};
use crate::domain::language::{Language, tell};
use crate::domain::operation::{OPERATIONS, SUITES, operation, suite};
use crate::domain::plan::{Asked, lack_credentials, plan};
use crate::domain::probe::{Auth, Probe};
use crate::domain::target::Target;
use crate::ui::model::{Layer, Model, Prompt};

impl Prompt {
    /// The field that is typed into.
    pub fn current(&mut self) -> &mut Input {
        match self.field {
            0 => &mut self.target,
            1 => &mut self.what,
            _ => &mut self.profile,
        }
    }
}

/// Opens the prompt with the selected row's target, else the latest one.
pub fn open(model: &mut Model) {
    let selected = model.selected().and_then(|row| model.probe(row)).and_then(|(probe, _)| typed_as(probe));
    let target = selected.or_else(|| model.targets.first().cloned()).unwrap_or_default();
    let profile = model.profile().map(|profile| profile.name.clone()).unwrap_or_default();
    model.layers.push(Layer::Prompt(Prompt {
        target: Input::new(target),
        what: Input::new("quick".to_owned()),
        profile: Input::new(profile),
        ..Prompt::default()
    }));
}

/// The target that leads to this probe, as a person would type it. A URL with a signature in it is
/// not offered again: it would stand on the screen.
fn typed_as(probe: &Probe) -> Option<String> {
    let from_url = matches!(probe.operation.as_str(), "get-url" | "get-service");
    match (&probe.bucket, &probe.key) {
        _ if matches!(probe.auth, Auth::Carried) => None,
        _ if probe.operation == "get-service" => Some("cos://".to_owned()),
        _ if from_url => Some(probe.sent_url()),
        (Some(bucket), Some(key)) => Some(format!("{bucket}/{key}")),
        (Some(bucket), None) => Some(bucket.clone()),
        _ => Some(probe.sent_url()),
    }
}

/// What fits the field being typed: targets used or offered, suites and operations, profiles.
#[must_use]
pub fn candidates(model: &Model, prompt: &Prompt) -> Vec<String> {
    let all: Vec<String> = match prompt.field {
        0 => model.targets.clone(),
        1 => {
            let suites = SUITES.iter().map(|suite| suite.name);
            let operations = OPERATIONS.iter().filter(|operation| !operation.writes).map(|operation| operation.name);
            suites.chain(operations).map(str::to_owned).collect()
        }
        _ => model.profiles.iter().map(|profile| profile.name.clone()).collect(),
    };
    let typed = match prompt.field {
        0 => prompt.target.value(),
        1 => prompt.what.value(),
        _ => prompt.profile.value(),
    };
    // A value that is complete already is where the choice starts from, not a filter.
    if all.iter().any(|candidate| candidate == typed) {
        return all;
    }
    let fits: Vec<_> = all.iter().filter(|candidate| candidate.contains(typed)).cloned().collect();
    if fits.is_empty() { all } else { fits }
}

/// What Enter would send.
///
/// # Errors
/// What is missing or wrong, in one line.
pub fn planned(model: &Model, prompt: &Prompt) -> Result<(usize, Vec<Probe>), String> {
    let language = model.language;
    let target = prompt.target.value().trim();
    if target.is_empty() {
        return Err(tell!(language, "type a target: BUCKET, BUCKET/KEY or a full URL").into_owned());
    }
    if matches!(target, "cos://*" | "s3://*") {
        let words = tell!(
            language,
            "`cosdiag probe '%{target}'` in a shell takes every bucket; name one here",
            target = target
        );
        return Err(words.into_owned());
    }
    let target = Target::parse(target).map_err(|error| error.to_string())?;
    let name = prompt.profile.value().trim();
    let place = model.profiles.iter().position(|profile| profile.name == name);
    let place = place.ok_or_else(|| no_such_profile(model, name))?;
    let profile = &model.profiles[place];
    let asked = asked(prompt.what.value().trim(), &target, language)?;
    let probes = plan(&target, &asked, profile, &model.extras, 1).map_err(|error| error.to_string())?;
    if probes.is_empty() {
        return Err(tell!(language, "this suite has nothing for this target: it asks about keys").into_owned());
    }
    if lack_credentials(&probes) && !profile.anonymous {
        let variables = profile.wanted_variables();
        let words =
            tell!(language, "no credentials: set %{variables}, or start with --anonymous", variables = variables);
        return Err(words.into_owned());
    }
    Ok((place, probes))
}

fn no_such_profile(model: &Model, name: &str) -> String {
    let language = model.language;
    let waiting = model.waiting.iter().find(|(waiting, _)| waiting == name);
    let words = if let Some((_, about)) = waiting {
        tell!(language, "profile %{name}: %{about}; choose it with P", name = name, about = about)
    } else {
        tell!(language, "no profile \"%{name}\"", name = name)
    };
    words.into_owned()
}

fn asked(what: &str, target: &Target, language: Language) -> Result<Asked, String> {
    let is_suite = SUITES.iter().any(|suite| suite.name == what);
    if what.is_empty() || (what == "quick" && !matches!(target, Target::Bucket { .. })) {
        return Asked::default().or_quick(target);
    }
    if is_suite {
        return Ok(Asked { suites: suite(what)?, ..Asked::default() });
    }
    let operation = operation(what).map_err(|error| error.replace("operation", "suite or operation"))?;
    if operation.writes {
        let words = tell!(language, "%{operation} writes: only the suite \"write\" does that", operation = what);
        return Err(words.into_owned());
    }
    Ok(Asked { operations: vec![operation], ..Asked::default() })
}

/// A key in the prompt.
pub fn on_key(model: &mut Model, key: KeyEvent, now: Instant) -> Effects {
    match key.code {
        KeyCode::Esc => {
            model.layers.pop();
            return Effects::new();
        }
        KeyCode::Enter => return send(model, now),
        KeyCode::Up => choose(model, -1),
        KeyCode::Down => choose(model, 1),
        KeyCode::Tab => change_field(model, 1),
        KeyCode::BackTab => change_field(model, 2),
        _ => {
            if let Some(Layer::Prompt(prompt)) = model.layers.last_mut() {
                layers::typed(prompt.current(), key);
            }
        }
    }
    Effects::new()
}

fn change_field(model: &mut Model, by: usize) {
    if let Some(Layer::Prompt(prompt)) = model.layers.last_mut() {
        prompt.field = (prompt.field + by) % 3;
    }
}

fn choose(model: &mut Model, by: isize) {
    let Some(Layer::Prompt(prompt)) = model.layers.last() else { return };
    let offered = candidates(model, prompt);
    let current = match prompt.field {
        0 => prompt.target.value(),
        1 => prompt.what.value(),
        _ => prompt.profile.value(),
    };
    let here = offered.iter().position(|candidate| candidate == current);
    let Some(last) = offered.len().checked_sub(1) else { return };
    let place = match (here, by) {
        (None, _) => 0,
        (Some(here), 1) => (here + 1).min(last),
        (Some(here), _) => here.saturating_sub(1),
    };
    let value = offered[place].clone();
    if let Some(Layer::Prompt(prompt)) = model.layers.last_mut() {
        *prompt.current() = Input::new(value);
    }
}

fn send(model: &mut Model, now: Instant) -> Effects {
    let Some(Layer::Prompt(prompt)) = model.layers.last() else { return Effects::new() };
    match planned(model, prompt) {
        Err(reason) => {
            model.say(reason, now);
            Effects::new()
        }
        Ok((profile, probes)) => {
            let target = prompt.target.value().trim().to_owned();
            model.layers.pop();
            if !probes.iter().any(|probe| matches!(probe.auth, Auth::Carried)) {
                model.targets.retain(|known| *known != target);
                model.targets.insert(0, target);
            }
            model.current = profile;
            model.no_profile = false;
            runs::start_asked(model, probes, now)
        }
    }
}
