//! The probe prompt: what is typed, taken, found again and sent.

use std::sync::Arc;
use std::time::Instant;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use tui_input::Input;

use super::{Effects, runs, typing};
use crate::domain::probe::Probe;
use crate::domain::target::{self, Target};
use crate::i18n::tell;
use crate::ui::effect::{Effect, FindTargets};
use crate::ui::keymap::Action;
use crate::ui::model::{Earlier, Field, Layer, Model, Prompt, Scope};
use crate::ui::probe_form::candidates::{candidates, offered, profile};
use crate::ui::probe_form::{self, CameTo, Found, Note, earlier, pieces, preview};

/// Characters that a field takes: a list of some hundred targets.
const LONGEST: usize = 16 * 1024;

/// Opens the prompt on the selected row's target, else the latest one.
pub fn open(model: &mut Model) {
    let selected = model.selected().and_then(|row| model.probe(row)).and_then(|(probe, _)| earlier::values(probe));
    let target = selected.map(|[target, ..]| target);
    let target = target.or_else(|| model.session.targets.first().map(|target| pieces::quoted(target)));
    let name = model.profile().map(|profile| profile.name.clone()).unwrap_or_default();
    show(model, [target.unwrap_or_default(), "quick".to_owned(), String::new(), name]);
}

/// Opens the prompt with a suite or an operation filled in.
pub fn open_for(model: &mut Model, what: &str) {
    open(model);
    if let Some(Layer::Prompt(prompt)) = model.chrome.layers.last_mut() {
        prompt.set(Field::What, what.to_owned());
    }
}

/// Opens the prompt on what the selected row asked: to be changed, then sent again.
pub fn open_on_row(model: &mut Model, now: Instant) {
    let language = model.chrome.language;
    let Some(row) = model.selected() else {
        return model.say(tell!(language, "Select a row first"), now);
    };
    let values = match (model.probe(row), &model.detail.shown) {
        (Some((probe, _)), _) => earlier::values(probe),
        (None, Some(detail)) if detail.row == row => earlier::values_of(&detail.record),
        _ => return model.say(tell!(language, "The row is still being read"), now),
    };
    let Some(values) = values else {
        let words = tell!(
            language,
            "This row has no complete URL. Press %{key} and paste the URL",
            key = model.key(Action::Probe)
        );
        return model.say(words, now);
    };
    show(model, values);
}

fn show(model: &mut Model, [target, what, region, name]: [String; 4]) {
    let has_profile = model.session.profiles.iter().any(|profile| profile.name == name);
    let current = || model.profile().map(|profile| profile.name.clone()).unwrap_or_default();
    let name = if has_profile { name } else { current() };
    let given = !region.is_empty();
    let mut prompt = Prompt::new([target, what, region, name]);
    prompt.region_typed = given;
    follow_profile(model, &mut prompt);
    model.chrome.layers.push(Layer::Prompt(Box::new(prompt)));
}

/// Sets the profile's region unless a region was typed.
fn follow_profile(model: &Model, prompt: &mut Prompt) {
    if let Some(profile) = profile(model, prompt).filter(|_| !prompt.region_typed) {
        let region = probe_form::usual_region(profile);
        prompt.set(Field::Region, region);
    }
}

/// A key in the prompt.
pub fn on_key(model: &mut Model, key: KeyEvent, now: Instant) -> Effects {
    let Some(mut prompt) = taken(model) else { return Effects::new() };
    let effects = if prompt.earlier.is_some() {
        on_earlier_key(model, &mut prompt, key);
        Effects::new()
    } else {
        match on_field_key(model, &mut prompt, key, now) {
            Some(effects) => effects,
            None => return Effects::new(),
        }
    };
    if !matches!(effects.as_slice(), [Effect::StartRun(..) | Effect::StartChecked(..), ..]) {
        model.chrome.layers.push(Layer::Prompt(prompt));
    }
    effects
}

/// The prompt out of the layers, to be changed and put back.
fn taken(model: &mut Model) -> Option<Box<Prompt>> {
    match model.chrome.layers.pop_if(|layer| matches!(layer, Layer::Prompt(_))) {
        Some(Layer::Prompt(prompt)) => Some(prompt),
        _ => None,
    }
}

/// `None` closes the prompt.
fn on_field_key(model: &mut Model, prompt: &mut Prompt, key: KeyEvent, now: Instant) -> Option<Effects> {
    let control = key.modifiers.contains(KeyModifiers::CONTROL);
    let checks = control && key.code == KeyCode::Char('d');
    if key.code != KeyCode::Enter && !checks {
        // What was confirmed, or is being read, was for what stood there before.
        (prompt.confirmed, prompt.waiting) = (false, false);
    }
    match key.code {
        KeyCode::Esc if prompt.list.is_some() => prompt.list = None,
        KeyCode::Esc => return None,
        KeyCode::Enter if prompt.list.is_some() => take_candidate(model, prompt),
        _ if checks || key.code == KeyCode::Enter => {
            prompt.checks = checks;
            return Some(send(model, prompt, now));
        }
        KeyCode::Up => prompt.list = prompt.list.and_then(|place| place.checked_sub(1)),
        KeyCode::Down => {
            let last = candidates(model, prompt).len().checked_sub(1);
            let next = prompt.list.map_or(0, |place| place + 1);
            let before = std::mem::replace(&mut prompt.list, last.map(|last| next.min(last)));
            if prompt.list == before {
                model.say(tell!(model.chrome.language, "No more suggestions here"), now);
            }
        }
        KeyCode::Tab if prompt.list.is_some() || offered(model, prompt).is_some() => take_candidate(model, prompt),
        KeyCode::Tab => prompt.enter(prompt.field.turned(1)),
        KeyCode::BackTab => prompt.enter(prompt.field.turned(Field::ALL.len() - 1)),
        KeyCode::Char('r') if control => {
            let entries = earlier::entries(model);
            prompt.earlier = Some(Earlier { input: Input::default(), cursor: 0, entries, scope: Scope::default() });
            return Some(vec![Effect::FindSent]);
        }
        KeyCode::Right if at_end(prompt) && correction(model, prompt).is_some() => {
            if let Some((word, right)) = correction(model, prompt).and_then(|note| note.take) {
                replace(prompt, &word, &right);
            }
        }
        _ => typed(model, prompt, key),
    }
    Some(Effects::new())
}

fn at_end(prompt: &Prompt) -> bool {
    let input = prompt.input(prompt.field);
    prompt.whole || input.cursor() >= input.value().chars().count()
}

/// What `→` puts right in this field.
fn correction(model: &Model, prompt: &Prompt) -> Option<Note> {
    let notes = probe_form::read(model, prompt).notes;
    notes.into_iter().find(|note| note.field == prompt.field && note.take.is_some())
}

fn replace(prompt: &mut Prompt, word: &str, right: &str) {
    let value = prompt.input(prompt.field).value();
    let place = pieces::pieces(value).into_iter().find(|piece| piece.text == word).map(|piece| piece.place);
    let whole = matches!(prompt.field, Field::Region | Field::As);
    let place = place.filter(|_| !whole).unwrap_or(0..value.chars().count());
    put(prompt, place, &pieces::quoted(right));
}

/// Puts a text in the place of these characters; the cursor stands behind it.
fn put(prompt: &mut Prompt, place: std::ops::Range<usize>, text: &str) {
    let value = prompt.input(prompt.field).value();
    let before: String = value.chars().take(place.start).collect();
    let after: String = value.chars().skip(place.end).collect();
    let cursor = place.start + text.chars().count();
    *prompt.current() = Input::new(format!("{before}{text}{after}")).with_cursor(cursor);
    (prompt.whole, prompt.list) = (false, None);
}

fn take_candidate(model: &Model, prompt: &mut Prompt) {
    let chosen = match prompt.list {
        Some(place) => candidates(model, prompt).into_iter().nth(place),
        None => offered(model, prompt),
    };
    let Some(chosen) = chosen else { return };
    let input = prompt.input(prompt.field);
    let length = input.value().chars().count();
    let is_word = matches!(prompt.field, Field::Targets | Field::What) && !prompt.whole;
    let here = input.cursor()..input.cursor();
    let place = match pieces::at(input.value(), input.cursor()) {
        _ if !is_word => 0..length,
        Some(piece) => piece.place,
        None => here,
    };
    prompt.region_typed |= prompt.field == Field::Region;
    let text = if prompt.field == Field::Targets { pieces::quoted(&chosen.text) } else { chosen.text };
    put(prompt, place, &text);
    follow_profile(model, prompt);
}

fn typed(model: &Model, prompt: &mut Prompt, key: KeyEvent) {
    let held = key.modifiers.intersects(KeyModifiers::CONTROL | KeyModifiers::ALT);
    let replaces = match key.code {
        KeyCode::Char(_) => !held,
        KeyCode::Backspace | KeyCode::Delete => true,
        _ => false,
    };
    if std::mem::take(&mut prompt.whole) && replaces {
        prompt.current().reset();
    }
    if typing::typed(prompt.current(), key) {
        changed(model, prompt);
    }
}

fn changed(model: &Model, prompt: &mut Prompt) {
    prompt.list = None;
    prompt.region_typed |= prompt.field == Field::Region;
    follow_profile(model, prompt);
}

/// Pasted text: a list of targets becomes one line.
pub fn pasted(model: &mut Model, text: &str, now: Instant) {
    let Some(mut prompt) = taken(model) else { return };
    let text: String = text.trim().chars().map(|c| if c.is_whitespace() { ' ' } else { c }).collect();
    let text: String = text.chars().filter(|c| !c.is_control()).collect();
    if let Some(earlier) = &mut prompt.earlier {
        earlier.input = Input::new(format!("{}{text}", earlier.input.value()));
    } else {
        if std::mem::take(&mut prompt.whole) {
            prompt.current().reset();
        }
        let cursor = prompt.current().cursor();
        let room = LONGEST.saturating_sub(prompt.current().value().chars().count());
        let kept: String = text.chars().take(room).collect();
        put(&mut prompt, cursor..cursor, &kept);
        changed(model, &mut prompt);
        (prompt.confirmed, prompt.waiting) = (false, false);
        if kept.len() < text.len() {
            let words =
                tell!(model.chrome.language, "Too long for a field. Put the targets into a file and type @FILE");
            model.say(words, now);
        }
    }
    model.chrome.layers.push(Layer::Prompt(prompt));
}

/// Requests of the history, behind those of this session.
pub fn on_sent(model: &mut Model, found: Result<Vec<[String; 4]>, String>) -> Effects {
    match (found, model.chrome.layers.last_mut()) {
        (Err(reason), _) => model.say_mistake(reason),
        (Ok(found), Some(Layer::Prompt(prompt))) => {
            if let Some(search) = &mut prompt.earlier {
                earlier::add(&mut search.entries, found);
            }
        }
        // It was closed meanwhile.
        (Ok(_), _) => {}
    }
    Effects::new()
}

fn on_earlier_key(model: &Model, prompt: &mut Prompt, key: KeyEvent) {
    let Some(mut search) = prompt.earlier.take() else { return };
    let found = earlier::found(prompt, &search);
    match key.code {
        KeyCode::Esc => return,
        KeyCode::Char('r') if key.modifiers.contains(KeyModifiers::CONTROL) => {
            (search.scope, search.cursor) = (search.scope.next(), 0);
        }
        KeyCode::Up => search.cursor = search.cursor.saturating_sub(1),
        KeyCode::Down => search.cursor = (search.cursor + 1).min(found.len().saturating_sub(1)),
        KeyCode::Enter | KeyCode::Tab => {
            let Some(chosen) = found.get(search.cursor).map(|entry| (*entry).clone()) else { return };
            let has_profile = model.session.profiles.iter().any(|profile| profile.name == chosen[3]);
            prompt.region_typed = !chosen[2].is_empty();
            for (field, text) in Field::ALL.into_iter().zip(chosen) {
                if field != Field::As || has_profile {
                    prompt.set(field, text);
                }
            }
            prompt.enter(Field::Targets);
            follow_profile(model, prompt);
            return;
        }
        _ => {
            if typing::typed(&mut search.input, key) {
                search.cursor = 0;
            }
        }
    }
    prompt.earlier = Some(search);
}

/// Sends, or reads first what must be read; what writes wants Enter twice.
fn send(model: &mut Model, prompt: &mut Prompt, now: Instant) -> Effects {
    let language = model.chrome.language;
    if prompt.waiting {
        return Effects::new();
    }
    if model.session.run.running {
        model.say(tell!(language, "Requests are being sent · %{key} cancels", key = model.key(Action::Cancel)), now);
        return Effects::new();
    }
    let form = probe_form::read(model, prompt);
    if preview::writes(&form) && !std::mem::replace(&mut prompt.confirmed, true) {
        model.say(tell!(language, "This writes to the store. Press Enter again to send"), now);
        return Effects::new();
    }
    match form.came_to {
        CameTo::Lacks(_) | CameTo::Wrong(_) => {
            model.say(preview::words(&form, language), now);
            Effects::new()
        }
        CameTo::Send(place, probes) => start(model, prompt, place, probes, now),
        CameTo::Look(look) => {
            prompt.waiting = true;
            let text = prompt.value(Field::Targets).to_owned();
            let extras = model.session.extras.clone();
            let find = FindTargets { text, files: look.files, lists: look.lists, profile: look.profile, extras };
            vec![Effect::FindTargets(Box::new(find))]
        }
    }
}

/// Files and the list of buckets are read, or cannot be.
pub fn on_found(model: &mut Model, text: &str, found: Result<Found, String>, now: Instant) -> Effects {
    let is_awaited = |prompt: &Prompt| prompt.waiting && prompt.value(Field::Targets) == text;
    let awaited =
        model.chrome.layers.iter().rposition(|layer| matches!(layer, Layer::Prompt(prompt) if is_awaited(prompt)));
    let Some(place) = awaited else { return Effects::new() };
    let Layer::Prompt(mut prompt) = model.chrome.layers.remove(place) else { return Effects::new() };
    prompt.waiting = false;
    let planned = found.and_then(|found| Ok((probe_form::with_found(model, &prompt, &found)?, found)));
    let ((profile, probes, left_out), found) = match planned {
        Ok(planned) if !model.session.run.running => planned,
        failed => {
            let busy = tell!(
                model.chrome.language,
                "Requests are being sent · %{key} cancels",
                key = model.key(Action::Cancel)
            )
            .into_owned();
            model.say(failed.err().unwrap_or(busy), now);
            model.chrome.layers.insert(place, Layer::Prompt(prompt));
            return Effects::new();
        }
    };
    let listed = found.buckets.iter().map(|bucket| (bucket.name.clone(), bucket.clone()));
    Arc::make_mut(&mut model.session.profiles[profile].buckets).extend(listed);
    let effects = start(model, &prompt, profile, probes, now);
    let language = model.chrome.language;
    let failed = found
        .list_failed
        .map(|code| tell!(language, "The list of buckets failed with %{code}", code = code).into_owned());
    let left_out = (left_out > 0).then(|| tell!(language, "%{n} targets left out", n = left_out).into_owned());
    let said: Vec<_> = found.said.into_iter().chain(failed).chain(left_out).collect();
    if !said.is_empty() {
        model.say(said.join(" · "), now);
    }
    effects
}

fn start(model: &mut Model, prompt: &Prompt, place: usize, probes: Vec<Probe>, now: Instant) -> Effects {
    for word in pieces::pieces(prompt.value(Field::Targets)).into_iter().rev().map(|piece| piece.text) {
        let is_signed = matches!(Target::parse(&word), Ok(Target::Url { url, .. }) if target::is_presigned(&url));
        if !is_signed && !word.starts_with('@') {
            model.session.targets.retain(|known| *known != word);
            model.session.targets.insert(0, word);
        }
    }
    model.session.current = place;
    model.session.is_unsigned_start = false;
    let effects = runs::start_asked(model, probes, now).into_iter();
    let checked = effects.map(|effect| match effect {
        Effect::StartRun(probes, connection) if prompt.checks => Effect::StartChecked(probes, connection),
        other => other,
    });
    checked.collect()
}
