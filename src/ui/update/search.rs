//! Searching the detail's text.

use std::time::Instant;

use crossterm::event::{KeyCode, KeyEvent};
use tui_input::Input;
use unicode_width::UnicodeWidthChar;

use super::table;
use super::typing::typed;
use crate::i18n::tell;
use crate::ui::keymap::Action;
use crate::ui::model::{Layer, Model, Search, SearchLine};

/// Opens the line that is typed in.
pub fn open(model: &mut Model) {
    let detail = &model.detail;
    let line =
        SearchLine { input: Input::default(), before: detail.search.clone(), top: detail.top, left: detail.left };
    model.chrome.layers.push(Layer::Search(Box::new(line)));
}

/// A key in that line.
pub fn on_key(model: &mut Model, key: KeyEvent) {
    match key.code {
        KeyCode::Enter => {
            let line = model.chrome.layers.pop();
            // An empty line asks for the same again.
            if let Some(Layer::Search(line)) = line.filter(|_| model.detail.search.is_none()) {
                model.detail.search = line.before;
                table::search_again(model);
            }
        }
        KeyCode::Esc => {
            if let Some(Layer::Search(line)) = model.chrome.layers.pop() {
                (model.detail.search, model.detail.top, model.detail.left) = (line.before, line.top, line.left);
                table::rewrap(model);
            }
        }
        KeyCode::Up => step(model, -1),
        KeyCode::Down => step(model, 1),
        _ => {
            let Some(Layer::Search(line)) = model.chrome.layers.last_mut() else { return };
            if typed(&mut line.input, key) {
                on_typed(model);
            }
        }
    }
}

/// Something else stands in the line: the first place from where it was opened on is shown.
pub fn on_typed(model: &mut Model) {
    let Some(Layer::Search(line)) = model.chrome.layers.last() else { return };
    let text = line.input.value().to_owned();
    (model.detail.top, model.detail.left) = (line.top, line.left);
    model.detail.search = (!text.is_empty()).then(|| Search { text, ..Search::default() });
    table::search_again(model);
    step(model, 1);
}

/// The next place, or the one before.
pub fn turn(model: &mut Model, next: bool, now: Instant) {
    let language = model.chrome.language;
    match &model.detail.search {
        None => model
            .say(tell!(language, "No search yet · %{key} searches this text", key = model.key(Action::Search)), now),
        Some(search) if search.found.is_empty() => {
            let words = tell!(language, "\"%{text}\" is not in this text", text = search.text);
            model.say(words, now);
        }
        Some(_) => step(model, if next { 1 } else { -1 }),
    }
}

fn step(model: &mut Model, by: isize) {
    let pinned = model.detail.shown.as_ref().map_or(0, |shown| shown.pinned.len());
    let top = model.detail.top;
    let Some(search) = &mut model.detail.search else { return };
    let all = search.found.len();
    if all == 0 {
        return;
    }
    let here = |found: &crate::ui::found::Found| found.line() >= pinned + top || found.line() < pinned && top == 0;
    let first = search.found.iter().position(here);
    search.at = Some(match search.at {
        Some(at) => (at + all).saturating_add_signed(by) % all,
        None if by > 0 => first.unwrap_or(0),
        None => (first.unwrap_or(all) + all - 1) % all,
    });
    show(model, pinned);
}

/// Brings the present place into sight.
fn show(model: &mut Model, pinned: usize) {
    let Some(areas) = model.areas() else { return };
    let (Some(search), Some(shown)) = (&model.detail.search, &model.detail.shown) else { return };
    let Some((line, from, to)) = search.at.and_then(|at| search.found[at].pieces.first().copied()) else { return };
    let Some(line) = line.checked_sub(pinned) else { return };
    let seen = areas.detail_rows().saturating_sub(pinned + 1).max(1);
    if !(model.detail.top..model.detail.top + seen).contains(&line) {
        model.detail.top = line.saturating_sub(seen / 3);
    }
    if !model.detail.unwrapped {
        model.detail.left = 0;
        return table::clamp_detail(model);
    }
    let letters = shown.lines.get(line).into_iter().flat_map(|line| line.spans.iter());
    let widths: Vec<_> = letters.flat_map(|span| span.content.chars()).map(|c| c.width().unwrap_or(0)).collect();
    let column = |place: usize| widths.iter().take(place).sum::<usize>();
    let room = areas.detail_columns();
    if column(from) < model.detail.left || column(to) > model.detail.left + room {
        model.detail.left = column(to).checked_sub(room).map_or(0, |_| column(from).saturating_sub(room / 3));
    }
    table::clamp_detail(model);
}
