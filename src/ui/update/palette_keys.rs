//! The palette: typing, choosing, running.

use std::time::Instant;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use ratatui::layout::Position;
use tui_input::Input;

use super::next::Next;
use super::typing::typed;
use super::{Effects, earlier, filter, list_keys, page_keys, path, profiles, prompt, watch};
use crate::domain::column::Column;
use crate::domain::query::Query;
use crate::i18n::tell;
use crate::ui::effect::Earlier;
use crate::ui::model::{Layer, Model, Palette};
use crate::ui::palette::{Command, Run, Word, matching};
use crate::ui::palette_place::palette_line_at;

/// Opens it.
pub fn open(model: &mut Model) {
    let ids = list_keys::ids_to_copy(model);
    model.chrome.layers.push(Layer::Palette(Palette { ids, ..Palette::default() }));
}

/// A key in the palette.
pub fn on_key(model: &mut Model, key: KeyEvent, now: Instant) -> Next {
    let Some(Layer::Palette(palette)) = model.chrome.layers.last() else { return Effects::new().into() };
    let (fitting, _) = matching(model, palette);
    let (cursor, last) = (palette.cursor, fitting.len().saturating_sub(1));
    let chosen = fitting.into_iter().nth(cursor.min(last));
    let Some(Layer::Palette(palette)) = model.chrome.layers.last_mut() else { return Effects::new().into() };
    let control = key.modifiers.contains(KeyModifiers::CONTROL);
    match key.code {
        KeyCode::Esc => {
            model.chrome.layers.pop();
        }
        KeyCode::Enter => return run(model, chosen, now),
        KeyCode::Tab => {
            if let Some(chosen) = chosen {
                palette.input = Input::new(chosen.completes);
                palette.cursor = 0;
            }
        }
        KeyCode::Down => palette.cursor = (cursor + 1).min(last),
        KeyCode::Char('n' | 'j') if control => palette.cursor = (cursor + 1).min(last),
        KeyCode::Up | KeyCode::BackTab => palette.cursor = cursor.saturating_sub(1),
        KeyCode::Char('p' | 'k') if control => palette.cursor = cursor.saturating_sub(1),
        KeyCode::PageDown => palette.cursor = (cursor + 10).min(last),
        KeyCode::PageUp => palette.cursor = cursor.saturating_sub(10),
        KeyCode::Backspace if palette.input.value().is_empty() => {
            model.chrome.layers.pop();
        }
        _ => {
            if typed(&mut palette.input, key) {
                palette.cursor = 0;
            }
        }
    }
    Effects::new().into()
}

/// A click runs the command under it.
pub fn on_click(model: &mut Model, at: Position, now: Instant) -> Next {
    let Some(Layer::Palette(palette)) = model.chrome.layers.last() else { return Effects::new().into() };
    let (fitting, _) = matching(model, palette);
    match palette_line_at(model, palette, fitting.len(), at) {
        Some(place) => run(model, fitting.into_iter().nth(place), now),
        None => Effects::new().into(),
    }
}

fn run(model: &mut Model, command: Option<Command>, now: Instant) -> Next {
    let Some(command) = command else {
        model.say_mistake(tell!(model.chrome.language, "No command matches"));
        return Effects::new().into();
    };
    if let (Run::Ask(_), Some(Layer::Palette(palette))) = (&command.run, model.chrome.layers.last_mut()) {
        palette.input = Input::new(command.completes);
        palette.cursor = 0;
        return Effects::new().into();
    }
    model.chrome.layers.pop();
    let effects = match command.run {
        Run::Act(action) => return Next::Act(action),
        Run::Take(line) => list_keys::perform(model, line, now),
        Run::Tell(word, argument) => tell_word(model, word, &argument, now),
        Run::Ask(_) => Effects::new(),
    };
    effects.into()
}

/// Does what a word with its argument says.
fn tell_word(model: &mut Model, word: Word, argument: &str, now: Instant) -> Effects {
    match word {
        Word::Explain => page_keys::explain_word(model, argument),
        Word::Filter => return filter_by(model, argument),
        Word::Profile => return profile(model, argument, now),
        Word::Region => region(model, argument, now),
        Word::Sort => {
            let column = Column::ALL.iter().copied().find(|column| column.title().eq_ignore_ascii_case(argument));
            return column.map(|column| list_keys::sort_by(model, column)).unwrap_or_default();
        }
        Word::Suite => prompt::open_for(model, argument),
        Word::History => return earlier::read(model, Earlier { asked: argument.to_owned(), run: None }),
        Word::Import => return path::open_files(model, &[argument.to_owned()]),
        Word::Watch => return watch::tell_pause(model, argument, now),
    }
    Effects::new()
}

/// Puts a filter in force; one that is not finished goes on in the filter's line.
fn filter_by(model: &mut Model, text: &str) -> Effects {
    if text.ends_with(':') || Query::parse(text).is_err() {
        let before = std::mem::replace(&mut model.table.filter, text.to_owned());
        filter::open(model);
        let effects = filter::apply(model);
        if model.table.filter_error.is_none() {
            return effects;
        }
        model.table.filter = before;
        return effects;
    }
    text.clone_into(&mut model.table.filter);
    filter::apply(model)
}

fn profile(model: &mut Model, name: &str, now: Instant) -> Effects {
    let ready = model.session.profiles.iter().map(|profile| &profile.name);
    let waiting = model.session.unresolved_profiles.iter().map(|(name, _)| name);
    if let Some(place) = ready.chain(waiting).position(|known| known == name) {
        return profiles::choose(model, place, now);
    }
    model.say_mistake(tell!(model.chrome.language, "no profile \"%{name}\"", name = name));
    Effects::new()
}

/// The current profile's requests go to this region from now on.
fn region(model: &mut Model, region: &str, now: Instant) {
    let language = model.chrome.language;
    let is_name = !region.is_empty() && region.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    let place = model.session.current;
    match model.session.profiles.get_mut(place).filter(|_| is_name) {
        Some(profile) => {
            profile.region = Some(region.to_owned());
            let words = tell!(language, "%{profile} now sends to %{region}", profile = profile.name, region = region);
            model.say_done(words, now);
        }
        None if is_name => model.say_mistake(tell!(language, "No profile to send as")),
        None => {
            model.say_mistake(tell!(language, "\"%{region}\" is not a region, such as ap-shanghai", region = region));
        }
    }
}
