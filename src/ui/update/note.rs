//! Writing a note on a failure: several lines, typed or pasted.

use std::time::Instant;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use tui_input::{Input, InputRequest};

use super::typing::typed;
use super::{Effects, runs};
use crate::i18n::tell;
use crate::text::sanitize::sanitize_lines;
use crate::ui::effect::Effect;
use crate::ui::model::{Layer, Model};

/// Characters of a note at most.
const LONGEST: usize = 16_384;

/// Opens the note of the selected row for writing.
pub fn open(model: &mut Model, now: Instant) {
    let Some(row) = model.selected() else {
        model.say(tell!(model.chrome.language, "Select a row first"), now);
        return;
    };
    // Without its record the note that is there already would be written over.
    let Some(record) = model.detail.shown.as_ref().filter(|detail| detail.row == row).map(|detail| &detail.record)
    else {
        model.say(tell!(model.chrome.language, "The row is still being read"), now);
        return;
    };
    let input = Input::new(record.note.clone().unwrap_or_default());
    model.chrome.layers.push(Layer::Note { row, input });
}

/// A key in the note.
pub fn on_key(model: &mut Model, key: KeyEvent, now: Instant) -> Effects {
    let Some(Layer::Note { row, input }) = model.chrome.layers.last_mut() else { return Effects::new() };
    let held = key.modifiers.intersects(KeyModifiers::SHIFT | KeyModifiers::ALT | KeyModifiers::CONTROL);
    match key.code {
        KeyCode::Esc => {
            model.chrome.layers.pop();
        }
        KeyCode::Enter if held => insert(input, "\n"),
        // What Ctrl-Enter and Ctrl-J are on most terminals.
        KeyCode::Char('j') if key.modifiers.contains(KeyModifiers::CONTROL) => insert(input, "\n"),
        KeyCode::Enter => {
            let (row, note) = (*row, input.value().trim().to_owned());
            model.chrome.layers.pop();
            let sent = runs::sent(model, row).cloned().map(Box::new);
            return vec![Effect::SaveNote { row, note, sent }];
        }
        KeyCode::Up => change_line(input, -1),
        KeyCode::Down => change_line(input, 1),
        _ if input.value().chars().count() >= LONGEST && matches!(key.code, KeyCode::Char(_)) => {
            model.say(tell!(model.chrome.language, "A note has at most %{n} characters", n = LONGEST), now);
        }
        _ => {
            typed(input, key);
        }
    }
    Effects::new()
}

/// Pasted text, its lines kept.
pub fn pasted(model: &mut Model, text: &str, now: Instant) {
    let Some(Layer::Note { input, .. }) = model.chrome.layers.last_mut() else { return };
    let text = sanitize_lines(&text.replace("\r\n", "\n").replace('\r', "\n")).replace('\t', "    ");
    let room = LONGEST.saturating_sub(input.value().chars().count());
    let kept: String = text.chars().take(room).collect();
    insert(input, &kept);
    if kept.len() < text.len() {
        let words = tell!(model.chrome.language, "A note has at most %{n} characters; the end was cut", n = LONGEST);
        model.say(words, now);
    }
}

fn insert(input: &mut Input, text: &str) {
    let at = input.cursor();
    let mut value: Vec<char> = input.value().chars().collect();
    let at = at.min(value.len());
    value.splice(at..at, text.chars());
    *input = Input::new(value.into_iter().collect()).with_cursor(at + text.chars().count());
}

/// Goes to the same column of the line before or after.
fn change_line(input: &mut Input, by: isize) {
    let lines: Vec<usize> = input.value().split('\n').map(|line| line.chars().count()).collect();
    let (mut line, mut column) = (0, input.cursor());
    while column > lines[line] && line + 1 < lines.len() {
        column -= lines[line] + 1;
        line += 1;
    }
    let to = line.saturating_add_signed(by).min(lines.len() - 1);
    let cursor = lines[..to].iter().map(|length| length + 1).sum::<usize>() + column.min(lines[to]);
    input.handle(InputRequest::SetCursor(cursor));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cursor_goes_from_line_to_line() {
        let mut input = Input::new("first\nab\n\nlast".to_owned());
        let mut places = vec![input.cursor()];
        for by in [-1, -1, -1, -1, 1, 1, 1, 1] {
            change_line(&mut input, by);
            places.push(input.cursor());
        }
        assert_eq!(places, [14, 9, 6, 0, 0, 6, 9, 10, 10]);
        insert(&mut input, "x\ny");
        assert_eq!((input.value(), input.cursor()), ("first\nab\n\nx\nylast", 13));
    }
}
