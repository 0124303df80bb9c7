//! The profile switcher: a list, Enter switches.

use std::time::Instant;

use crossterm::event::KeyCode;

use super::Effects;
use crate::domain::language::tell;
use crate::domain::profile::Profile;
use crate::ui::effect::Effect;
use crate::ui::model::{Layer, Model};

/// Opens the list on the current profile.
pub fn open(model: &mut Model) {
    model.chrome.layers.push(Layer::Profiles(model.session.current));
}

/// A key in the list.
pub fn on_key(model: &mut Model, key: KeyCode, now: Instant) -> Effects {
    let last = (model.session.profiles.len() + model.session.unresolved_profiles.len()).saturating_sub(1);
    let Some(Layer::Profiles(cursor)) = model.chrome.layers.last_mut() else { return Effects::new() };
    match key {
        KeyCode::Char('j') | KeyCode::Down => *cursor = (*cursor + 1).min(last),
        KeyCode::Char('k') | KeyCode::Up => *cursor = cursor.saturating_sub(1),
        KeyCode::Char('g') | KeyCode::Home => *cursor = 0,
        KeyCode::Char('G') | KeyCode::End => *cursor = last,
        KeyCode::Enter => {
            let chosen = *cursor;
            model.chrome.layers.pop();
            return choose(model, chosen, now);
        }
        _ => {
            model.chrome.layers.pop();
        }
    }
    Effects::new()
}

fn choose(model: &mut Model, place: usize, now: Instant) -> Effects {
    if place < model.session.profiles.len() {
        switch(model, place, &[], now);
        return Effects::new();
    }
    let Some((name, _)) = model.session.unresolved_profiles.get(place - model.session.profiles.len()) else {
        return Effects::new();
    };
    let name = name.clone();
    model.say(tell!(model.chrome.language, "Loading the profile %{name}", name = name), now);
    vec![Effect::LoadProfile(name)]
}

/// A profile that was waiting is there, or is said not to be usable.
pub fn on_loaded(model: &mut Model, loaded: Result<(Box<Profile>, Vec<String>), String>, now: Instant) {
    match loaded {
        Err(reason) => model.say(reason, now),
        Ok((profile, remarks)) => {
            model.session.unresolved_profiles.retain(|(name, _)| *name != profile.name);
            model.session.profiles.retain(|known| known.name != profile.name);
            model.session.profiles.push(*profile);
            switch(model, model.session.profiles.len() - 1, &remarks, now);
        }
    }
}

/// What is being sent goes on as it was; what is sent from now on goes out as this profile.
fn switch(model: &mut Model, place: usize, remarks: &[String], now: Instant) {
    model.session.current = place;
    let Some(profile) = model.profile() else { return };
    let key = profile.credentials_in_words(model.chrome.language);
    let words = tell!(model.chrome.language, "Requests go out as %{name}: %{key}", name = profile.name, key = key);
    model.session.is_unsigned_start = false;
    model.say(remarks.first().map_or(words, |remark| remark.clone().into()), now);
}
