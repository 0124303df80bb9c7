//! Switching profiles.

use std::time::Instant;

use super::Effects;
use crate::domain::profile::Profile;
use crate::i18n::tell;
use crate::ui::effect::Effect;
use crate::ui::model::Model;

/// Switches to the profile of this place, or has it loaded first.
pub fn choose(model: &mut Model, place: usize, now: Instant) -> Effects {
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

/// Takes a profile that was being loaded, or reports why it cannot be used.
pub fn on_loaded(model: &mut Model, loaded: Result<(Box<Profile>, Vec<String>), String>, now: Instant) {
    match loaded {
        Err(reason) => model.say_mistake(reason),
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
    let key = crate::text::remarks::credentials(profile, model.chrome.language);
    let words = tell!(model.chrome.language, "Now sending as %{name} (%{key})", name = profile.name, key = key);
    model.session.is_unsigned_start = false;
    model.say(remarks.first().map_or(words, |remark| remark.clone().into()), now);
}
