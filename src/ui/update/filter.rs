//! The filter while it is typed: the rows follow, and stay as they were while it cannot be read.

use std::borrow::Cow;
use std::collections::HashMap;

use crossterm::event::{KeyCode, KeyEvent};
use tui_input::Input;

use super::typing::typed;
use super::{Effects, table};
use crate::domain::query::{Query, value_of};
use crate::domain::record::Outcome;
use crate::store::worker::Ordered;
use crate::ui::filter_words::{here, near_field, offered};
use crate::ui::model::{FilterLine, Layer, Model, Offer};

/// Opens the filter's line with what is in force.
pub fn open(model: &mut Model) {
    let filter = model.table.filter.clone();
    let line = FilterLine { input: Input::new(filter.clone()), before: filter, ..FilterLine::default() };
    model.chrome.layers.push(Layer::Filter(Box::new(line)));
    count_values(model);
    table::rewrap(model);
}

/// A key in the filter's line.
pub fn on_key(model: &mut Model, key: KeyEvent) -> Effects {
    match key.code {
        // A filter that cannot be read stays open: closed, it would look as if it were in force.
        KeyCode::Enter if model.table.filter_error.is_some() => Effects::new(),
        KeyCode::Enter => {
            let held = matches!(model.chrome.layers.pop(), Some(Layer::Filter(line)) if line.held);
            table::rewrap(model);
            // A word that is confirmed as typed shows what it finds, even if that is nothing.
            if held { apply(model) } else { Effects::new() }
        }
        KeyCode::Esc => {
            if let Some(Layer::Filter(line)) = model.chrome.layers.pop() {
                model.table.filter = line.before;
            }
            table::rewrap(model);
            apply(model)
        }
        KeyCode::Up => {
            table::step(model, -1);
            Effects::new()
        }
        KeyCode::Down => {
            table::step(model, 1);
            Effects::new()
        }
        KeyCode::Tab => complete(model, 1),
        KeyCode::BackTab => complete(model, -1),
        _ => {
            let Some(Layer::Filter(line)) = model.chrome.layers.last_mut() else { return Effects::new() };
            line.offer = None;
            if typed(&mut line.input, key) {
                return on_typed(model);
            }
            count_values(model);
            Effects::new()
        }
    }
}

/// Text was pasted into the line.
pub fn on_pasted(model: &mut Model) -> Effects {
    if let Some(Layer::Filter(line)) = model.chrome.layers.last_mut() {
        line.offer = None;
    }
    on_typed(model)
}

/// Something else stands in the line.
fn on_typed(model: &mut Model) -> Effects {
    let Some(Layer::Filter(line)) = model.chrome.layers.last() else { return Effects::new() };
    line.input.value().clone_into(&mut model.table.filter);
    count_values(model);
    apply(model)
}

/// Puts the filter in force; while it cannot be read the old one stays.
pub fn apply(model: &mut Model) -> Effects {
    if let Some(Layer::Filter(line)) = model.chrome.layers.last_mut() {
        line.held = false;
    }
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

/// Leaves a word out where an order would take all rows away because of it: the one at the cursor that
/// looks like the beginning of a field, or one that went on meanwhile and cannot be read yet. Gives what
/// that asks for.
pub fn hold(model: &mut Model, ordered: &Ordered) -> Option<Effects> {
    let Some(Layer::Filter(line)) = model.chrome.layers.last_mut() else { return None };
    if !ordered.order.is_empty() {
        return None;
    }
    let range = if let Some(error) = &model.table.filter_error {
        error.at..error.at + error.length
    } else {
        let word = here(line.input.value(), line.input.cursor());
        near_field(&word)?;
        word.range
    };
    let letters = line.input.value().chars().enumerate();
    let others: String = letters.filter(|(place, _)| !range.contains(place)).map(|(_, c)| c).collect();
    let query = Query::parse(&others).ok().filter(|query| *query != model.table.view.query)?;
    line.held = true;
    model.table.view.query = query;
    Some(vec![table::ask_for_order(model)])
}

/// Takes the suggestion, or what the word at the cursor could become; the same key again takes the next.
fn complete(model: &mut Model, by: isize) -> Effects {
    let mistake = model.table.filter_error.as_ref().and_then(|error| error.better.clone());
    let Some(Layer::Filter(line)) = model.chrome.layers.last_mut() else { return Effects::new() };
    let offer = match (line.offer.take(), mistake) {
        (Some(offer), _) => {
            let place = (offer.place + offer.texts.len()).saturating_add_signed(by) % offer.texts.len().max(1);
            Offer { place, ..offer }
        }
        (None, Some((range, better))) => Offer { range, texts: vec![better], place: 0 },
        (None, None) => {
            let word = here(line.input.value(), line.input.cursor());
            let texts = offered(&word, &line.values);
            Offer { range: word.range, texts, place: 0 }
        }
    };
    let Some(text) = offer.texts.get(offer.place) else { return Effects::new() };
    let letters: Vec<char> = line.input.value().chars().collect();
    let (start, end) = (offer.range.start.min(letters.len()), offer.range.end.min(letters.len()));
    let (before, after) = (&letters[..start], &letters[end.max(start)..]);
    let put_in = before.len() + text.chars().count();
    // Behind a corrected name its value goes on.
    let cursor = if after.first() == Some(&':') { put_in + after.len() } else { put_in };
    let value: String = before.iter().copied().chain(text.chars()).chain(after.iter().copied()).collect();
    line.input = Input::new(value).with_cursor(cursor);
    // One alone is taken; the next Tab completes what follows it.
    line.offer = (offer.texts.len() > 1).then_some(Offer { range: start..put_in, ..offer });
    on_typed(model)
}

/// Counts the values of the field at the cursor, when it is another one than before.
fn count_values(model: &mut Model) {
    let Some(Layer::Filter(line)) = model.chrome.layers.last_mut() else { return };
    let field = here(line.input.value(), line.input.cursor()).field;
    if line.field == field {
        return;
    }
    line.field = field;
    let Some(field) = &line.field else { return line.values.clear() };
    let table = &model.table;
    let mut counts: HashMap<Cow<'_, str>, usize> = HashMap::new();
    for row in (0..u32::try_from(table.rows.len()).unwrap_or(u32::MAX)).map(|number| table.rows.get(number)) {
        if (table.view.all || row.outcome() == Outcome::Failure)
            && let Some(value) = value_of(field, &row)
        {
            *counts.entry(value).or_default() += 1;
        }
    }
    line.values = counts.into_iter().map(|(value, count)| (value.into_owned(), count)).collect();
    line.values.sort_unstable_by(|(a, count), (b, other)| other.cmp(count).then_with(|| a.cmp(b)));
}
