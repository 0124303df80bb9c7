//! The palette.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr;

use crate::i18n::tell;
use crate::text::sanitize::sanitize;
use crate::text::width::truncate_end;
use crate::ui::model::{Model, Palette};
use crate::ui::palette::matching;
use crate::ui::palette_place::{palette_popup, palette_top};
use crate::ui::widget::table::{cut_text, select};

/// Draws it.
pub fn draw(model: &Model, palette: &Palette, screen: Rect, frame: &mut Frame<'_>) {
    let (language, theme, glyphs) = (model.chrome.language, &model.chrome.theme, model.chrome.glyphs);
    let (fitting, all) = matching(model, palette);
    let area = palette_popup(model, fitting.len(), |popup| popup.draw(screen, frame.buffer_mut()));
    let width = usize::from(area.width);
    let place = tell!(language, "%{n} of %{all} commands", n = fitting.len(), all = all);
    let room = width.saturating_sub(place.width() + 4);
    let typed = truncate_end(&sanitize(palette.input.value()), room);
    let line = Line::from(vec![Span::styled(" : ", theme.accent), Span::styled(typed, theme.text)]);
    let x = area.x + u16::try_from(3 + palette.input.visual_cursor()).unwrap_or(0);
    frame.set_cursor_position(Position::new(x.min(area.right().saturating_sub(1)), area.y));
    let buffer = frame.buffer_mut();
    buffer.set_line(area.x, area.y, &line, area.width);
    let at = area.right().saturating_sub(u16::try_from(place.width()).unwrap_or(0));
    buffer.set_stringn(at, area.y, place, width, theme.quiet);
    if area.height < 3 {
        return;
    }
    buffer.set_stringn(area.x, area.y + 1, glyphs.rule.repeat(width), width, theme.rule);
    let seen = area.height - 2;
    let top = palette_top(palette.cursor, seen);
    for (y, (place, command)) in (area.y + 2..area.bottom()).zip(fitting.iter().enumerate().skip(top)) {
        let key = cut_text(&command.key, width / 3, glyphs);
        let room = width.saturating_sub(key.width() + 4);
        let words = cut_text(&glyphs.plain(&sanitize(&command.words)), room, glyphs);
        let gap = " ".repeat(width.saturating_sub(words.width() + key.width() + 3));
        let spans =
            vec![Span::styled(format!("  {words}{gap}"), theme.text), Span::styled(format!("{key} "), theme.accent)];
        buffer.set_line(area.x, y, &Line::from(spans), area.width);
        if place == palette.cursor {
            select(buffer, Rect { y, height: 1, ..area }, true, theme, glyphs);
        }
    }
    if fitting.is_empty() {
        let words = tell!(language, "No command matches");
        buffer.set_stringn(area.x + 2, area.y + 2, words, width.saturating_sub(2), theme.quiet);
    }
}
