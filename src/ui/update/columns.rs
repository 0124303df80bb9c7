//! The column chooser's keys.

use std::time::Instant;

use crossterm::event::KeyCode;

use super::Effects;
use crate::domain::column::Column;
use crate::i18n::tell;
use crate::text::columns::Wishes;
use crate::ui::column_list::{choices, edits, has_width, placed};
use crate::ui::effect::Effect;
use crate::ui::model::{Layer, Model};

/// The narrowest and the widest that a column is made by hand.
const WIDTHS: (u16, u16) = (4, 60);

/// A key in the chooser.
pub fn on_key(model: &mut Model, key: KeyCode, now: Instant) -> Effects {
    let Some(Layer::Columns(cursor)) = model.chrome.layers.last() else { return Effects::new() };
    let last = Column::ALL.len() - 1;
    let at = (*cursor).min(last);
    let to = match key {
        KeyCode::Char('j') | KeyCode::Down => (at + 1).min(last),
        KeyCode::Char('k') | KeyCode::Up => at.saturating_sub(1),
        KeyCode::Char('g') | KeyCode::Home => 0,
        KeyCode::Char('G') | KeyCode::End => last,
        KeyCode::Char('J') => shift(model, at, (at + 1).min(last)),
        KeyCode::Char('K') => shift(model, at, at.saturating_sub(1)),
        KeyCode::Char(' ') | KeyCode::Enter => {
            toggle(model, at, now);
            at
        }
        KeyCode::Char('<' | '>' | '=') => {
            resize(model, at, key, now);
            at
        }
        KeyCode::Char('S') => {
            model.chrome.layers.pop();
            return vec![Effect::SaveSettings(model.chrome.screen.file.clone(), edits(&model.table.columns))];
        }
        KeyCode::Esc | KeyCode::Char('q' | 'C') => {
            model.chrome.layers.pop();
            return Effects::new();
        }
        _ => at,
    };
    if let Some(Layer::Columns(cursor)) = model.chrome.layers.last_mut() {
        *cursor = to;
    }
    Effects::new()
}

/// Puts a column in the place of its neighbour.
fn shift(model: &mut Model, from: usize, to: usize) -> usize {
    let wishes = &mut model.table.columns;
    let mut all = wishes.all();
    all.swap(from, to);
    let usual = Wishes { order: Vec::new(), ..wishes.clone() }.all();
    wishes.order = if all == usual { Vec::new() } else { all };
    to
}

/// Takes a column away, or asks for it: one that comes in by itself need not be asked for.
fn toggle(model: &mut Model, at: usize, now: Instant) {
    let choice = choices(model).swap_remove(at);
    let column = choice.column;
    if column.is_fixed() {
        model.say(tell!(model.chrome.language, "This column is always shown"), now);
        return;
    }
    let wishes = &mut model.table.columns;
    wishes.added.retain(|known| *known != column);
    wishes.hidden.retain(|known| *known != column);
    let stands = placed(model).iter().any(|placed| placed.column == column);
    match (choice.on, stands) {
        (true, true) => model.table.columns.hidden.push(column),
        (false, false) => model.table.columns.added.push(column),
        _ => {}
    }
}

/// Makes a column narrower or wider, or as wide as it is by itself.
fn resize(model: &mut Model, at: usize, key: KeyCode, now: Instant) {
    let column = model.table.columns.all()[at];
    if !has_width(column) {
        model.say(tell!(model.chrome.language, "This column takes the room that the others leave"), now);
        return;
    }
    let stands = placed(model).into_iter().find(|placed| placed.column == column).map(|placed| placed.width);
    let widths = &mut model.table.columns.widths;
    let set = widths.iter().find(|(known, _)| *known == column).map(|(_, width)| *width);
    widths.retain(|(known, _)| *known != column);
    let width = set.or(stands).unwrap_or(12);
    match key {
        KeyCode::Char('<') => widths.push((column, width.saturating_sub(1).clamp(WIDTHS.0, WIDTHS.1))),
        KeyCode::Char('>') => widths.push((column, (width + 1).clamp(WIDTHS.0, WIDTHS.1))),
        _ => {}
    }
}
