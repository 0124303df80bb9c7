//! The path of a file to import: typing, completing, opening.

use std::path::PathBuf;
use std::time::Instant;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use tui_input::Input;

use super::Effects;
use super::sending::busy;
use super::typing::typed;
use crate::i18n::tell;
use crate::ui::effect::Effect;
use crate::ui::model::path::{Entry, PathLine};
use crate::ui::model::{Layer, Model};

/// Opens the line.
pub fn open(model: &mut Model) -> Effects {
    if let Some(words) = busy(model) {
        model.say_mistake(words);
        return Effects::new();
    }
    model.chrome.layers.push(Layer::Path(Box::default()));
    look(model)
}

/// A key in the line.
pub fn on_key(model: &mut Model, key: KeyEvent, now: Instant) -> Effects {
    let Some(Layer::Path(line)) = model.chrome.layers.last_mut() else { return Effects::new() };
    let fitting: Vec<Entry> = line.fitting().into_iter().cloned().collect();
    let last = fitting.len().saturating_sub(1);
    let control = key.modifiers.contains(KeyModifiers::CONTROL);
    let down = line.cursor.map_or(0, |cursor| (cursor + 1).min(last));
    match key.code {
        KeyCode::Esc => {
            model.chrome.layers.pop();
            return Effects::new();
        }
        KeyCode::Enter => return enter(model, &fitting),
        KeyCode::Tab => complete(line, &fitting),
        KeyCode::Down if !fitting.is_empty() => line.cursor = Some(down),
        KeyCode::Char('n' | 'j') if control && !fitting.is_empty() => line.cursor = Some(down),
        KeyCode::Up | KeyCode::BackTab => line.cursor = line.cursor.and_then(|cursor| cursor.checked_sub(1)),
        KeyCode::Char('p' | 'k') if control => line.cursor = line.cursor.and_then(|cursor| cursor.checked_sub(1)),
        KeyCode::Down => {
            model.say_no_meaning(tell!(model.chrome.language, "No file name begins like that"), now);
            return Effects::new();
        }
        _ => {
            if typed(&mut line.input, key) {
                line.cursor = None;
            }
        }
    }
    look(model)
}

/// Goes on with the chosen entry, or with as much as all that fit have in common.
fn complete(line: &mut PathLine, fitting: &[Entry]) {
    let text = match (line.cursor.and_then(|cursor| fitting.get(cursor)), fitting) {
        (Some(entry), _) => line.with(entry),
        (None, [one]) => line.with(one),
        (None, [first, others @ ..]) => {
            let same = |name: &str| first.name.chars().zip(name.chars()).take_while(|(a, b)| a == b).count();
            let length = others.iter().map(|entry| same(&entry.name)).min().unwrap_or(0);
            let common: String = first.name.chars().take(length).collect();
            format!("{}{common}", line.parts().0)
        }
        (None, []) => return,
    };
    line.input = Input::new(text);
    line.cursor = None;
}

/// Goes into the folder, or has the file read.
fn enter(model: &mut Model, fitting: &[Entry]) -> Effects {
    let language = model.chrome.language;
    let Some(Layer::Path(line)) = model.chrome.layers.last_mut() else { return Effects::new() };
    let name = line.parts().1;
    let exact = fitting.iter().find(|entry| entry.name == name);
    if let Some(entry) = line.cursor.and_then(|cursor| fitting.get(cursor)).or(exact) {
        line.input = Input::new(line.with(entry));
        line.cursor = None;
        if entry.is_folder {
            return look(model);
        }
    }
    let path = line.input.value().trim().to_owned();
    if path.is_empty() || path.ends_with('/') {
        model.say_mistake(tell!(language, "Type or choose a file: an access log, HAR, SDK output, curl -v …"));
        return Effects::new();
    }
    open_files(model, &[path])
}

/// Has files read into a table of their own.
pub fn open_files(model: &mut Model, files: &[String]) -> Effects {
    if let Some(words) = busy(model) {
        model.say_mistake(words);
        return Effects::new();
    }
    // A terminal that a file is dropped on quotes its path.
    let bare = |path: &String| path.trim_matches(|c| c == '\'' || c == '"').to_owned();
    vec![Effect::OpenFiles(files.iter().map(bare).map(PathBuf::from).collect())]
}

/// Looks into the folder that is typed, unless that was looked into last.
pub fn look(model: &mut Model) -> Effects {
    let Some(Layer::Path(line)) = model.chrome.layers.last_mut() else { return Effects::new() };
    let folder = line.parts().0.to_owned();
    if line.folder.as_ref() == Some(&folder) {
        return Effects::new();
    }
    line.folder = Some(folder.clone());
    line.entries.clear();
    vec![Effect::ListFolder(folder)]
}

/// Takes what is in a folder, unless another one is typed by now.
pub fn on_listed(model: &mut Model, folder: &str, entries: Vec<Entry>) -> Effects {
    if let Some(Layer::Path(line)) = model.chrome.layers.last_mut()
        && line.folder.as_deref() == Some(folder)
    {
        line.entries = entries;
    }
    Effects::new()
}
