//! The menus: what to copy, what to sort by. Each line has its key.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr;

use crate::domain::language::tell;
use crate::ui::menus::{COPY, SORT};
use crate::ui::model::Model;
use crate::ui::text_lines::pad;
use crate::ui::widget::popup::{Anchor, Popup};

/// What can be copied.
pub fn copy(model: &Model, screen: Rect, buffer: &mut Buffer) {
    let language = model.chrome.language;
    let title = match model.picked_count() {
        1 => tell!(language, "Copy · this row"),
        rows => tell!(language, "Copy · %{n} rows", n = rows),
    };
    let lines: Vec<_> = COPY.iter().map(|(key, words)| (*key, tell!(language, *words).into_owned(), false)).collect();
    list(model, &title, &lines, screen, buffer);
}

/// What can be sorted by.
pub fn sort(model: &Model, screen: Rect, buffer: &mut Buffer) {
    let language = model.chrome.language;
    let sort = model.table.view.sort;
    let lines: Vec<_> = SORT
        .iter()
        .map(|(key, column)| {
            (*key, crate::ui::row_columns::title(*column, language).into_owned(), sort.column == *column)
        })
        .collect();
    list(model, &tell!(language, "Sort by"), &lines, screen, buffer);
}

fn list(model: &Model, title: &str, lines: &[(char, String, bool)], screen: Rect, buffer: &mut Buffer) {
    let (theme, glyphs, language) = (&model.chrome.theme, model.chrome.glyphs, model.chrome.language);
    let widest = lines.iter().map(|(_, words, _)| words.width()).max().unwrap_or(0).max(title.width());
    let close = tell!(language, "close");
    let cursor = u16::try_from(model.table.cursor.saturating_sub(model.table.top)).unwrap_or(0);
    let popup = Popup {
        title: &glyphs.plain(title),
        keys: &[("Esc", &close)],
        width: u16::try_from(widest + 6).unwrap_or(u16::MAX),
        height: u16::try_from(lines.len()).unwrap_or(u16::MAX),
        anchor: Anchor::Line(cursor + 3),
        theme,
        glyphs,
    };
    let area = popup.draw(screen, buffer);
    for (y, (key, words, current)) in (area.y..area.bottom()).zip(lines) {
        let mark = match (*current, model.table.view.sort.descending) {
            (false, _) => " ",
            (true, true) => glyphs.down,
            (true, false) => glyphs.up,
        };
        let line = Line::from(vec![
            Span::styled(format!("{key}  "), theme.accent),
            Span::styled(pad(words, widest), theme.text),
            Span::styled(format!(" {mark}"), theme.accent),
        ]);
        buffer.set_line(area.x, y, &line, area.width);
    }
}
