//! The help: finding a key and doing what it does.

use std::time::Instant;

use crossterm::event::{KeyCode, KeyEvent};
use tui_input::Input;

use super::next::Next;
use super::nothing_done::no_meaning;
use super::typing::typed;
use super::{Effects, panes};
use crate::i18n::tell;
use crate::ui::help_text::entries;
use crate::ui::keymap::{Context, Entry};
use crate::ui::model::{Focus, Help, Layer, Model, Tab};

/// Opens the keys of the pane in focus.
pub fn open(model: &mut Model) {
    let in_detail = model.chrome.focus == Focus::Detail;
    let on_checks = model.detail.open_tab() == Tab::Checks;
    model.chrome.layers.push(Layer::Help(Help { in_detail, on_checks, ..Help::default() }));
}

/// A key in the help.
pub fn on_key(model: &mut Model, key: KeyEvent, now: Instant) -> Next {
    let Some(Layer::Help(help)) = model.chrome.layers.last() else { return Effects::new().into() };
    let shown: Vec<Entry> = entries(model, help).into_iter().cloned().collect();
    let (help, last) = (help.clone(), shown.len().saturating_sub(1));
    let Some(Layer::Help(state)) = model.chrome.layers.last_mut() else { return Effects::new().into() };
    match key.code {
        KeyCode::Enter => return act(model, shown.get(help.cursor)),
        KeyCode::Esc if help.finding || !help.find.value().is_empty() => {
            state.find = Input::default();
            state.finding = false;
            state.cursor = 0;
        }
        KeyCode::Down => state.cursor = (help.cursor + 1).min(last),
        KeyCode::Up => state.cursor = help.cursor.saturating_sub(1),
        KeyCode::Tab => *state = Help { in_detail: !help.in_detail, cursor: 0, ..help },
        _ if help.finding => {
            if typed(&mut state.find, key) {
                state.cursor = 0;
            }
        }
        KeyCode::Char('/') => state.finding = true,
        KeyCode::Char('j') => state.cursor = (help.cursor + 1).min(last),
        KeyCode::Char('k') => state.cursor = help.cursor.saturating_sub(1),
        KeyCode::PageDown | KeyCode::Char(' ') => state.cursor = (help.cursor + 10).min(last),
        KeyCode::PageUp => state.cursor = help.cursor.saturating_sub(10),
        KeyCode::Char('g') | KeyCode::Home => state.cursor = 0,
        KeyCode::Char('G') | KeyCode::End => state.cursor = last,
        KeyCode::Esc | KeyCode::Char('?' | 'q') => {
            model.chrome.layers.pop();
        }
        other => {
            let instead = tell!(model.chrome.language, "Enter does what the line says, Esc closes");
            no_meaning(model, other, &instead, now);
        }
    }
    Effects::new().into()
}

/// Closes the help and does what the line says, in the pane that it is for.
fn act(model: &mut Model, entry: Option<&Entry>) -> Next {
    let Some(entry) = entry else { return Effects::new().into() };
    model.chrome.layers.pop();
    match entry.context {
        Context::Detail if model.selected().is_some() => panes::focus(model, Focus::Detail),
        Context::Table => panes::focus(model, Focus::Table),
        _ => {}
    }
    Next::Act(entry.name)
}
