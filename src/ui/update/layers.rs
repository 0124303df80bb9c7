//! What lies over the main screen: each layer's keys.

use std::time::Instant;

use crossterm::event::{Event, KeyCode, KeyEvent};
use tui_input::Input;
use tui_input::backend::crossterm::EventHandler;

use super::{Effects, menu_keys, note, profiles, prompt, runs, table};
use crate::domain::query::Query;
use crate::ui::model::{Layer, Model};

/// Characters that a field takes; the longest sensible target, a presigned URL, has fewer.
const LONGEST_FIELD: usize = 4096;

/// Gives a key to the top layer.
pub fn on_key(model: &mut Model, key: KeyEvent, now: Instant) -> Effects {
    match model.chrome.layers.last_mut() {
        None => Effects::new(),
        Some(Layer::Help(top)) => {
            let last =
                crate::ui::keymap::entries().len().saturating_sub(usize::from(model.chrome.size.1.saturating_sub(2)));
            match key.code {
                KeyCode::Char('j') | KeyCode::Down => *top = (*top + 1).min(last),
                KeyCode::Char('k') | KeyCode::Up => *top = top.saturating_sub(1),
                KeyCode::PageDown | KeyCode::Char(' ') => *top = (*top + 10).min(last),
                KeyCode::PageUp => *top = top.saturating_sub(10),
                _ => {
                    model.chrome.layers.pop();
                }
            }
            Effects::new()
        }
        Some(Layer::Select { .. }) => {
            model.chrome.layers.pop();
            Effects::new()
        }
        Some(Layer::Filter(_)) => on_filter_key(model, key),
        Some(Layer::Prompt(_)) => prompt::on_key(model, key, now),
        Some(Layer::Note { .. }) => note::on_key(model, key, now),
        Some(Layer::CopyMenu) => {
            model.chrome.layers.pop();
            menu_keys::copy(model, key.code, now)
        }
        Some(Layer::SortMenu) => {
            model.chrome.layers.pop();
            menu_keys::sort(model, key.code)
        }
        Some(Layer::Profiles(_)) => profiles::on_key(model, key.code, now),
        Some(Layer::ConfirmRerun(_)) => {
            let Some(Layer::ConfirmRerun(rows)) = model.chrome.layers.pop() else { return Effects::new() };
            match key.code {
                KeyCode::Char('y') | KeyCode::Enter => runs::rerun(model, &rows, now),
                _ => Effects::new(),
            }
        }
    }
}

/// Types a key into a field. The keys that a shell's line has work too.
pub fn typed(input: &mut Input, key: KeyEvent) -> bool {
    input.handle_event(&Event::Key(key)).is_some_and(|changed| changed.value)
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
        Some(Layer::Filter(input)) => input,
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
        Some(Layer::Filter(input)) => {
            model.table.filter = input.value().to_owned();
            apply_filter(model)
        }
        _ => Effects::new(),
    }
}

/// Opens the filter's line with what is in force.
pub fn open_filter(model: &mut Model) {
    model.chrome.layers.push(Layer::Filter(Input::new(model.table.filter.clone())));
}

fn on_filter_key(model: &mut Model, key: KeyEvent) -> Effects {
    match key.code {
        // A filter that cannot be read stays open: closed, it would look as if it were in force.
        KeyCode::Enter if model.table.filter_error.is_some() => {}
        KeyCode::Enter => {
            model.chrome.layers.pop();
        }
        KeyCode::Esc => {
            model.chrome.layers.pop();
            model.table.filter.clear();
            return apply_filter(model);
        }
        KeyCode::Up => table::step(model, -1),
        KeyCode::Down => table::step(model, 1),
        _ => {
            let Some(Layer::Filter(input)) = model.chrome.layers.last_mut() else { return Effects::new() };
            if typed(input, key) {
                model.table.filter = input.value().to_owned();
                return apply_filter(model);
            }
        }
    }
    Effects::new()
}

/// Puts the filter in force; while it cannot be read the old one stays.
pub fn apply_filter(model: &mut Model) -> Effects {
    match Query::parse(&model.table.filter) {
        Ok(query) => {
            model.table.filter_error = None;
            model.table.view.query = query;
            vec![table::ask_for_order(model)]
        }
        Err(error) => {
            model.table.filter_error = Some(error);
            Effects::new()
        }
    }
}
