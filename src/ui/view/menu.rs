//! The menus: what to copy, what to sort by. Each line has its key.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr;

use crate::domain::language::tell;
use crate::store::By;
use crate::ui::group_columns;
use crate::ui::menus::{COPY, GROUP, SORT};
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
    let lines: Vec<_> = COPY.iter().map(|(key, words)| (*key, tell!(language, *words).into_owned(), "")).collect();
    list(model, &title, &lines, screen, buffer);
}

/// What can be sorted by.
pub fn sort(model: &Model, screen: Rect, buffer: &mut Buffer) {
    let language = model.chrome.language;
    let sort = model.table.view.sort;
    let arrow = if sort.descending { model.chrome.glyphs.down } else { model.chrome.glyphs.up };
    let lines: Vec<_> = SORT
        .iter()
        .map(|(key, column)| {
            let mark = if sort.column == *column { arrow } else { "" };
            (*key, crate::ui::row_columns::title(*column, language).into_owned(), mark)
        })
        .collect();
    list(model, &tell!(language, "Sort by"), &lines, screen, buffer);
}

/// What rows can be grouped by.
pub fn group(model: &Model, screen: Rect, buffer: &mut Buffer) {
    let language = model.chrome.language;
    let chosen = model.table.group_by;
    let line = |(key, by): &(char, By)| {
        let words = match (by, chosen) {
            (By::Failure, Some(_)) => tell!(language, "off: every row"),
            (by, _) => group_columns::about(*by, language),
        };
        (*key, words.into_owned(), if chosen == Some(*by) { model.chrome.glyphs.marked } else { "" })
    };
    let lines: Vec<_> = GROUP.iter().map(line).collect();
    list(model, &tell!(language, "Group by"), &lines, screen, buffer);
}

fn list(model: &Model, title: &str, lines: &[(char, String, &str)], screen: Rect, buffer: &mut Buffer) {
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
    for (y, (key, words, mark)) in (area.y..area.bottom()).zip(lines) {
        let line = Line::from(vec![
            Span::styled(format!("{key}  "), theme.accent),
            Span::styled(pad(words, widest), theme.text),
            Span::styled(format!(" {mark}"), theme.accent),
        ]);
        buffer.set_line(area.x, y, &line, area.width);
    }
}
