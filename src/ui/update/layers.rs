//! What lies over the main screen: each layer's keys.

use std::time::Instant;

use crossterm::event::{KeyCode, KeyEvent};
use tui_input::Input;

use super::next::Next;
use super::nothing_done::no_meaning;
use super::{
    Effects, columns, compare, filter, help_keys, list_keys, note, page_keys, palette_keys, path, prompt, runs, search,
    settings,
};
use crate::i18n::tell;
use crate::ui::model::{Layer, Model};

/// Characters that a field takes; the longest sensible target, a presigned URL, has fewer.
const LONGEST_FIELD: usize = 4096;

/// Gives a key to the top layer; where something is typed, a key that did nothing says so.
pub fn on_key(model: &mut Model, key: KeyEvent, now: Instant) -> Next {
    let typing = |model: &Model| match model.chrome.layers.last() {
        Some(
            layer @ (Layer::Filter(_)
            | Layer::Prompt(_)
            | Layer::Note { .. }
            | Layer::Palette(_)
            | Layer::Help(_)
            | Layer::Path(_)),
        ) => Some((format!("{layer:?}"), model.table.cursor, model.chrome.status.is_some())),
        _ => None,
    };
    let before = typing(model);
    let next = route(model, key, now);
    // Within a line the cursor's keys come to an end as everywhere.
    let moves = matches!(
        key.code,
        KeyCode::Left
            | KeyCode::Right
            | KeyCode::Up
            | KeyCode::Down
            | KeyCode::Home
            | KeyCode::End
            | KeyCode::Backspace
    );
    if next.is_nothing() && !moves && before.is_some() && typing(model) == before {
        no_meaning(model, key, &tell!(model.chrome.language, "Esc closes"), now);
    }
    next
}

fn route(model: &mut Model, key: KeyEvent, now: Instant) -> Next {
    let effects = match model.chrome.layers.last_mut() {
        None => Effects::new(),
        Some(Layer::Help(_)) => return help_keys::on_key(model, key, now),
        Some(Layer::Palette(_)) => return palette_keys::on_key(model, key, now),
        Some(Layer::Page(_)) => page_keys::on_key(model, key.code, now),
        Some(Layer::List(_)) => list_keys::on_key(model, key.code, now),
        Some(Layer::Select { .. }) => {
            model.chrome.layers.pop();
            // A report is never to take the key that was meant for what is below it.
            match key.code {
                KeyCode::Esc | KeyCode::Enter => Effects::new(),
                _ => return Next::PassOn(key),
            }
        }
        Some(Layer::Path(_)) => path::on_key(model, key, now),
        Some(Layer::Compare(_)) => compare::on_key(model, key, now),
        Some(Layer::ConfirmQuit(_)) => {
            let Some(Layer::ConfirmQuit(printed)) = model.chrome.layers.pop() else { return Effects::new().into() };
            match key.code {
                KeyCode::Char('y' | 'q' | 'Q') | KeyCode::Enter => return Next::Leave(printed),
                _ => Effects::new(),
            }
        }
        Some(Layer::Filter(_)) => filter::on_key(model, key),
        Some(Layer::Search(_)) => {
            search::on_key(model, key);
            Effects::new()
        }
        Some(Layer::Prompt(_)) => prompt::on_key(model, key, now),
        Some(Layer::Note { .. }) => note::on_key(model, key, now),
        Some(Layer::Columns(_)) => columns::on_key(model, key.code, now),
        Some(Layer::Settings(_)) => settings::on_key(model, key.code),
        Some(Layer::ConfirmRerun(_)) => {
            let Some(Layer::ConfirmRerun(rows)) = model.chrome.layers.pop() else { return Effects::new().into() };
            match key.code {
                KeyCode::Char('y') | KeyCode::Enter => runs::rerun(model, &rows, now),
                _ => Effects::new(),
            }
        }
    };
    effects.into()
}

/// Pasted text goes into the field that is open; with nothing open it is looked through for errors.
pub fn pasted(model: &mut Model, text: String, now: Instant) -> Effects {
    let input = match model.chrome.layers.last_mut() {
        None => return runs::read_pasted(model, text, now),
        Some(Layer::Note { .. }) => {
            note::pasted(model, &text, now);
            return Effects::new();
        }
        Some(Layer::Prompt(_)) => {
            prompt::pasted(model, &text, now);
            return Effects::new();
        }
        Some(Layer::Filter(line)) => &mut line.input,
        Some(Layer::Search(line)) => &mut line.input,
        Some(Layer::Palette(palette)) => &mut palette.input,
        Some(Layer::Path(line)) => &mut line.input,
        Some(Layer::Help(help)) if help.finding => &mut help.find,
        _ => return Effects::new(),
    };
    let chars: Vec<char> = input.value().chars().collect();
    let (before, after) = chars.split_at(input.cursor().min(chars.len()));
    let room = LONGEST_FIELD.saturating_sub(chars.len());
    let pasted: Vec<char> = text.trim().chars().filter(|c| !c.is_control()).take(room).collect();
    let cursor = before.len() + pasted.len();
    let value = before.iter().chain(&pasted).chain(after).collect();
    *input = Input::new(value).with_cursor(cursor);
    match model.chrome.layers.last() {
        Some(Layer::Filter(_)) => filter::on_pasted(model),
        Some(Layer::Search(_)) => {
            search::on_typed(model);
            Effects::new()
        }
        Some(Layer::Path(_)) => path::look(model),
        _ => Effects::new(),
    }
}
