//! What lies over the main screen: each layer's keys.

use std::time::Instant;

use crossterm::event::{Event, KeyCode, KeyEvent};
use tui_input::Input;
use tui_input::backend::crossterm::EventHandler;

use super::{Effects, filter, menu_keys, note, profiles, prompt, runs, search};
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
        Some(Layer::Filter(_)) => filter::on_key(model, key),
        Some(Layer::Search(_)) => {
            search::on_key(model, key);
            Effects::new()
        }
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

/// Pasted text goes into the field that is open, and nowhere else.
pub fn pasted(model: &mut Model, text: &str, now: Instant) -> Effects {
    if let Some(Layer::Note { .. }) = model.chrome.layers.last() {
        note::pasted(model, text, now);
        return Effects::new();
    }
    let input = match model.chrome.layers.last_mut() {
        Some(Layer::Filter(line)) => &mut line.input,
        Some(Layer::Search(line)) => &mut line.input,
        Some(Layer::Prompt(prompt)) => prompt.current(),
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
        _ => Effects::new(),
    }
}
