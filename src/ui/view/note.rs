//! The note being written: its lines over the last lines of the screen.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;
use tui_input::Input;
use unicode_width::UnicodeWidthChar;

use super::rule::rule;
use crate::i18n::tell;
use crate::text::sanitize::sanitize;
use crate::ui::model::Model;
use crate::ui::row_columns;
use crate::ui::widget::popup::clear;

/// Lines of the note that are seen at once.
const LINES: usize = 8;

/// Draws it.
pub fn draw(model: &Model, row: u32, input: &Input, screen: Rect, frame: &mut Frame<'_>) {
    let columns = usize::from(screen.width.saturating_sub(3)).max(1);
    let (lines, (line, column)) = laid_out(input.value(), input.cursor(), columns);
    let seen = lines.len().clamp(1, LINES.min(usize::from(screen.height.saturating_sub(4)).max(1)));
    let top = (line + 1).saturating_sub(seen);
    let height = u16::try_from(seen + 2).unwrap_or(u16::MAX).min(screen.height);
    let area = Rect { y: screen.height - height, height, ..screen };
    clear(area, frame.buffer_mut());
    let about = model.table.rows.get(row);
    let language = model.chrome.language;
    let target = about.target.to_string();
    let (code, target) = (row_columns::code(about.code, language), sanitize(&target));
    let title = tell!(language, "Note on %{code} %{target}", code = code, target = target);
    rule(area.y, area, &title, "", model, frame.buffer_mut());
    for (y, text) in (area.y + 1..area.bottom() - 1).zip(lines.iter().skip(top)) {
        frame.buffer_mut().set_stringn(1, y, sanitize(text), columns + 1, Style::new());
    }
    let x = u16::try_from(1 + column).unwrap_or(u16::MAX).min(screen.width.saturating_sub(1));
    let y = area.y + 1 + u16::try_from(line - top).unwrap_or(0);
    frame.set_cursor_position(Position::new(x, y.min(screen.height.saturating_sub(1))));
    let hint = match &model.chrome.status {
        Some(status) => (status.text.as_str().into(), model.chrome.theme.warn),
        None => (tell!(language, "Enter save · Alt-Enter new line · Esc cancel"), model.chrome.theme.quiet),
    };
    let words = format!(" {}", model.chrome.glyphs.plain(&hint.0));
    frame.buffer_mut().set_stringn(0, area.bottom() - 1, words, usize::from(screen.width), hint.1);
}

/// The text in lines of at most `columns` columns, and the line and column of a character.
fn laid_out(text: &str, cursor: usize, columns: usize) -> (Vec<String>, (usize, usize)) {
    let (mut lines, mut width, mut at) = (vec![String::new()], 0, (0, 0));
    for (place, c) in text.chars().chain(std::iter::once(' ')).enumerate() {
        let wide = c.width().unwrap_or(1);
        if width + wide > columns && c != '\n' {
            lines.push(String::new());
            width = 0;
        }
        if place == cursor {
            at = (lines.len() - 1, width);
        }
        if c == '\n' {
            lines.push(String::new());
            width = 0;
        } else if let Some(line) = lines.last_mut() {
            line.push(c);
            width += wide;
        }
    }
    (lines, at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_kept_and_long_ones_wrapped() {
        let (lines, at) = laid_out("ab\n访问被拒", 4, 4);
        assert_eq!((lines, at), (vec!["ab".to_owned(), "访问".to_owned(), "被拒".to_owned(), " ".to_owned()], (1, 2)));
        assert_eq!(laid_out("", 0, 10).1, (0, 0));
        assert_eq!(laid_out("ab", 2, 10).1, (0, 2));
    }
}
