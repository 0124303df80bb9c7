//! Two rows side by side: opening, scrolling, copying.

use std::sync::Arc;
use std::time::Instant;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::nothing_done::no_meaning;
use super::{Effects, help_keys, palette_keys};
use crate::domain::record::Record;
use crate::i18n::tell;
use crate::ui::clipboard;
use crate::ui::compare_text::{lines, plain, seen};
use crate::ui::effect::Effect;
use crate::ui::keymap::Action;
use crate::ui::model::{Compare, Layer, Model};

/// Reads the two marked rows, or the marked and the selected one.
pub fn open(model: &mut Model) -> Effects {
    let language = model.chrome.language;
    let marks: Vec<_> = model.table.marks.iter().copied().collect();
    let rows = match (marks.as_slice(), model.selected()) {
        ([one, other], _) => [*one, *other],
        ([one], Some(selected)) if *one != selected => [*one, selected],
        ([_], _) => {
            model.say_mistake(tell!(language, "This row is the marked one. Select the row to compare it with"));
            return Effects::new();
        }
        ([], _) => {
            let (mark, compare) = (model.key(Action::Mark), model.key(Action::Compare));
            let words = tell!(
                language,
                "Mark a row with %{mark}, select another, then press %{compare}",
                mark = mark,
                compare = compare
            );
            model.say_mistake(words);
            return Effects::new();
        }
        (many, _) => {
            let words = tell!(language, "%{n} rows are marked; only two can be compared", n = many.len());
            model.say_mistake(words);
            return Effects::new();
        }
    };
    vec![Effect::ReadPair(rows)]
}

/// Shows two rows side by side.
pub fn show(model: &mut Model, rows: [u32; 2], records: [Arc<Record>; 2]) -> Effects {
    model.chrome.status = None;
    model.chrome.layers.push(Layer::Compare(Box::new(Compare { rows, records, all: false, top: 0 })));
    Effects::new()
}

/// A key in the comparison.
pub fn on_key(model: &mut Model, key: KeyEvent, now: Instant) -> Effects {
    let Some(Layer::Compare(compare)) = model.chrome.layers.last() else { return Effects::new() };
    let seen = seen(model);
    let last = lines(model, compare).len().saturating_sub(seen);
    let before = compare.top;
    let control = key.modifiers.contains(KeyModifiers::CONTROL);
    let top = match key.code {
        KeyCode::Char('d') if control => before + seen / 2,
        KeyCode::Char('u') if control => before.saturating_sub(seen / 2),
        KeyCode::Char('p') if control => return open_commands(model),
        KeyCode::Char('j') | KeyCode::Down => before + 1,
        KeyCode::Char('k') | KeyCode::Up => before.saturating_sub(1),
        KeyCode::PageDown | KeyCode::Char(' ') => before + seen,
        KeyCode::PageUp => before.saturating_sub(seen),
        KeyCode::Char('g') | KeyCode::Home => 0,
        KeyCode::Char('G') | KeyCode::End => last,
        KeyCode::Esc | KeyCode::Char('q' | '=') => {
            model.chrome.layers.pop();
            return Effects::new();
        }
        KeyCode::Char(':') => return open_commands(model),
        KeyCode::Char('?') => {
            help_keys::open(model);
            return Effects::new();
        }
        KeyCode::Char('y') => return copy_id(model),
        KeyCode::Char('Y') => {
            let label = tell!(model.chrome.language, "Comparison").into_owned();
            return vec![Effect::Copy { label, text: plain(model, compare) }];
        }
        KeyCode::Char('a') | KeyCode::Tab | KeyCode::BackTab => {
            turn(model, key.code);
            return Effects::new();
        }
        other => {
            no_meaning(model, other, &tell!(model.chrome.language, "Esc closes"), now);
            return Effects::new();
        }
    };
    let top = top.min(last);
    if top == before {
        let language = model.chrome.language;
        let is_end = last == 0 || top == last;
        let words = if is_end {
            tell!(language, "This is the end of the text")
        } else {
            tell!(language, "This is the beginning of the text")
        };
        model.say_no_meaning(words, now);
    }
    if let Some(Layer::Compare(compare)) = model.chrome.layers.last_mut() {
        compare.top = top;
    }
    Effects::new()
}

fn open_commands(model: &mut Model) -> Effects {
    palette_keys::open(model);
    Effects::new()
}

/// Shows equal facts too, or differing ones only; or changes the sides.
fn turn(model: &mut Model, key: KeyCode) {
    let Some(Layer::Compare(compare)) = model.chrome.layers.last_mut() else { return };
    compare.top = 0;
    if key == KeyCode::Char('a') {
        compare.all = !compare.all;
    } else {
        compare.rows.reverse();
        compare.records.reverse();
    }
}

/// Copies A's RequestId.
fn copy_id(model: &mut Model) -> Effects {
    let language = model.chrome.language;
    let Some(Layer::Compare(compare)) = model.chrome.layers.last() else { return Effects::new() };
    let Some(id) = compare.records[0].copied_id() else {
        model.say_mistake(tell!(language, "A has no RequestId; Tab swaps A and B"));
        return Effects::new();
    };
    let (id, lost) = clipboard::one_line(id);
    let label = clipboard::label("RequestId".to_owned(), lost, language);
    vec![Effect::Copy { label, text: id.into_owned() }]
}
