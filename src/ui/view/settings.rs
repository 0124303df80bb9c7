//! The settings: each with its values, the one it has told from the others.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr;

use crate::i18n::tell;
use crate::ui::model::Model;
use crate::ui::settings_list::Item;
use crate::ui::text_lines::pad;
use crate::ui::widget::popup::{Anchor, Popup};
use crate::ui::widget::table::{cut_text, select};

/// Draws it.
pub fn draw(model: &Model, cursor: usize, screen: Rect, buffer: &mut Buffer) {
    let (theme, glyphs, language) = (&model.chrome.theme, model.chrome.glyphs, model.chrome.language);
    let (title, change) = (tell!(language, "Settings"), tell!(language, "change"));
    let (save, close) = (tell!(language, "save"), tell!(language, "close"));
    let popup = Popup {
        title: &title,
        keys: &[("h l", &change), ("S", &save), ("Esc", &close)],
        width: 62,
        height: u16::try_from(Item::ALL.len()).unwrap_or(u16::MAX),
        anchor: Anchor::Centre,
        theme,
        glyphs,
    };
    let area = popup.draw(screen, buffer);
    let names = Item::ALL.map(|item| tell!(language, item.title()).width()).into_iter().max().unwrap_or(0) + 3;
    let values =
        Item::ALL.iter().flat_map(|item| item.values(model)).map(|value| Item::words(&value, language).width());
    let values = values.max().unwrap_or(0);
    for (y, (place, item)) in (area.y..area.bottom()).zip(Item::ALL.into_iter().enumerate()) {
        let value = cut_text(&Item::words(&item.value(model), language), values, glyphs);
        let about = tell!(language, item.about(model));
        let room = usize::from(area.width).saturating_sub(names + values + 7);
        let line = Line::from(vec![
            Span::styled(pad(&tell!(language, item.title()), names), theme.text),
            Span::styled("< ", theme.quiet),
            Span::styled(pad(&value, values), theme.strong),
            Span::styled(" >   ", theme.quiet),
            Span::styled(cut_text(&about, room, glyphs), theme.quiet),
        ]);
        buffer.set_line(area.x, y, &line, area.width);
        if place == cursor {
            let line = Rect { x: area.x.saturating_sub(1), y, width: area.width + 2, height: 1 };
            select(buffer, line.intersection(screen), true, theme, glyphs);
        }
    }
}
