//! A page to read.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr;

use crate::i18n::tell;
use crate::ui::model::{Model, Page};
use crate::ui::page_text::{lines, seen, width};
use crate::ui::widget::popup::{Anchor, Popup};

/// Draws it.
pub fn draw(model: &Model, page: &Page, screen: Rect, buffer: &mut Buffer) {
    let (language, theme, glyphs) = (model.chrome.language, &model.chrome.theme, model.chrome.glyphs);
    let lines = lines(model, page);
    let seen = seen(model).min(lines.len());
    let (scroll, close) = (tell!(language, "scroll"), tell!(language, "close"));
    let popup = Popup {
        title: &page.title,
        keys: &[("j k", &scroll), ("Esc", &close)],
        width: width(model),
        height: u16::try_from(seen).unwrap_or(u16::MAX),
        anchor: Anchor::Centre,
        theme,
        glyphs,
    };
    let area = popup.draw(screen, buffer);
    let top = page.top.min(lines.len().saturating_sub(usize::from(area.height)));
    for (y, line) in (area.y..area.bottom()).zip(&lines[top..]) {
        buffer.set_line(area.x, y, &styled(line, model), area.width);
    }
    let to = top + usize::from(area.height);
    if lines.len() > usize::from(area.height) {
        let words = tell!(language, "lines %{from}–%{to} of %{all}", from = top + 1, to = to, all = lines.len());
        let words = format!(" {} ", glyphs.plain(&words));
        let x = area.right().saturating_sub(u16::try_from(words.width() + 1).unwrap_or(0)).max(area.x);
        buffer.set_stringn(x, area.y - 1, words, usize::from(area.width), theme.quiet);
    }
}

/// A first line of an entry is a heading; a word before a gap names what comes after it.
fn styled<'a>(line: &'a str, model: &Model) -> Line<'a> {
    let theme = &model.chrome.theme;
    let Some(rest) = line.strip_prefix("  ") else { return Line::styled(line, theme.strong) };
    let label = rest.split("  ").next().unwrap_or_default();
    if label.is_empty() || label.len() == rest.len() || label.width() > 12 {
        return Line::styled(line, theme.text);
    }
    let (name, value) = line.split_at(2 + label.len());
    Line::from(vec![Span::styled(name, theme.label), Span::styled(value, theme.text)])
}
