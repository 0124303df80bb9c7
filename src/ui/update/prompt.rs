//! The probe prompt: three fields on one line, completion, and a preview of what will be sent.

use std::time::Instant;

use crossterm::event::{KeyCode, KeyEvent};
use tui_input::Input;

use super::{Effects, layers, runs};
use crate::domain::probe::{Auth, Probe};
use crate::ui::model::{Layer, Model, Prompt};
use crate::ui::probe_form::{candidates, planned};

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
    let target = selected.or_else(|| model.session.targets.first().cloned()).unwrap_or_default();
    let profile = model.profile().map(|profile| profile.name.clone()).unwrap_or_default();
    model.chrome.layers.push(Layer::Prompt(Prompt {
        target: Input::new(target),
        what: Input::new("quick".to_owned()),
        profile: Input::new(profile),
        ..Prompt::default()
    }));
}

/// Opens the prompt with a suite or an operation filled in.
pub fn open_for(model: &mut Model, what: &str) {
    open(model);
    if let Some(Layer::Prompt(prompt)) = model.chrome.layers.last_mut() {
        prompt.what = Input::new(what.to_owned());
    }
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

/// A key in the prompt.
pub fn on_key(model: &mut Model, key: KeyEvent, now: Instant) -> Effects {
    match key.code {
        KeyCode::Esc => {
            model.chrome.layers.pop();
            return Effects::new();
        }
        KeyCode::Enter => return send(model, now),
        KeyCode::Up => choose(model, -1),
        KeyCode::Down => choose(model, 1),
        KeyCode::Tab => change_field(model, 1),
        KeyCode::BackTab => change_field(model, 2),
        _ => {
            if let Some(Layer::Prompt(prompt)) = model.chrome.layers.last_mut() {
                layers::typed(prompt.current(), key);
            }
        }
    }
    Effects::new()
}

fn change_field(model: &mut Model, by: usize) {
    if let Some(Layer::Prompt(prompt)) = model.chrome.layers.last_mut() {
        prompt.field = (prompt.field + by) % 3;
    }
}

fn choose(model: &mut Model, by: isize) {
    let Some(Layer::Prompt(prompt)) = model.chrome.layers.last() else { return };
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
    if let Some(Layer::Prompt(prompt)) = model.chrome.layers.last_mut() {
        *prompt.current() = Input::new(value);
    }
}

fn send(model: &mut Model, now: Instant) -> Effects {
    let Some(Layer::Prompt(prompt)) = model.chrome.layers.last() else { return Effects::new() };
    match planned(model, prompt) {
        Err(reason) => {
            model.say(reason, now);
            Effects::new()
        }
        Ok((profile, probes)) => {
            let target = prompt.target.value().trim().to_owned();
            model.chrome.layers.pop();
            if !probes.iter().any(|probe| matches!(probe.auth, Auth::Carried)) {
                model.session.targets.retain(|known| *known != target);
                model.session.targets.insert(0, target);
            }
            model.session.current = profile;
            model.session.is_unsigned_start = false;
            runs::start_asked(model, probes, now)
        }
    }
}
