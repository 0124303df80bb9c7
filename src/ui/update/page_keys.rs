//! Pages to read: the code book's of the selected row's Code.

use std::time::Instant;

use crossterm::event::KeyCode;
use tui_input::Input;

use super::Effects;
use super::nothing_done::no_meaning;
use crate::i18n::tell;
use crate::report::explain;
use crate::text::sanitize::sanitize;
use crate::ui::model::{Layer, Model, Page, Palette};
use crate::ui::page_text::{lines, seen};

/// Opens the page of the selected row's Code, the meaning that its Message picks first.
pub fn explain_selected(model: &mut Model) {
    let language = model.chrome.language;
    let Some(row) = model.selected() else {
        if model.table.rows.is_empty() {
            let input = Input::new("explain ".to_owned());
            model.chrome.layers.push(Layer::Palette(Palette { input, ..Palette::default() }));
            return;
        }
        model.say_mistake(tell!(language, "Select a row first"));
        return;
    };
    let Some(record) = model.detail.shown.as_ref().filter(|detail| detail.row == row).map(|detail| &detail.record)
    else {
        model.say_mistake(tell!(language, "The row is still being read"));
        return;
    };
    let code = sanitize(record.shown_code()).into_owned();
    match explain::of_record(record, language) {
        Some(text) => open(model, code, text),
        None if record.error.code.is_none() => {
            model.say_mistake(tell!(language, "This row has no Code to explain"));
        }
        None => model.say_mistake(tell!(language, "The code book does not have %{code}", code = code)),
    }
}

/// Opens the page of a code or a cause, or says that there is none.
pub fn explain_word(model: &mut Model, word: &str) {
    let language = model.chrome.language;
    let page = Some(explain::page(word, "", language)).filter(|page| !page.is_empty());
    match page.or_else(|| Some(explain::cause(word.parse().ok()?, language))) {
        Some(text) => open(model, sanitize(word).into_owned(), text),
        None => model.say_mistake(tell!(language, "The code book does not have %{code}", code = sanitize(word))),
    }
}

fn open(model: &mut Model, title: String, text: String) {
    model.chrome.layers.push(Layer::Page(Page { title, text, top: 0 }));
}

/// A key on a page.
pub fn on_key(model: &mut Model, key: KeyCode, now: Instant) -> Effects {
    let Some(Layer::Page(page)) = model.chrome.layers.last() else { return Effects::new() };
    let seen = seen(model);
    let last = lines(model, page).len().saturating_sub(seen);
    let top = match key {
        KeyCode::Char('j') | KeyCode::Down => page.top + 1,
        KeyCode::Char('k') | KeyCode::Up => page.top.saturating_sub(1),
        KeyCode::PageDown | KeyCode::Char(' ') => page.top + seen,
        KeyCode::PageUp => page.top.saturating_sub(seen),
        KeyCode::Char('g') | KeyCode::Home => 0,
        KeyCode::Char('G') | KeyCode::End => last,
        KeyCode::Esc | KeyCode::Enter | KeyCode::Char('q' | 'i') => {
            model.chrome.layers.pop();
            return Effects::new();
        }
        other => {
            no_meaning(model, other, &tell!(model.chrome.language, "Esc closes"), now);
            return Effects::new();
        }
    };
    if let Some(Layer::Page(page)) = model.chrome.layers.last_mut() {
        page.top = top.min(last);
    }
    Effects::new()
}
