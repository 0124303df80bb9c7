//! The column chooser: each column, whether it stands, how wide, and what to know about it.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr;

use crate::i18n::tell;
use crate::ui::column_list::choices;
use crate::ui::model::Model;
use crate::ui::row_columns::title;
use crate::ui::text_lines::pad;
use crate::ui::widget::popup::{Anchor, Popup};
use crate::ui::widget::table::{cut_text, select};

/// Draws it.
pub fn draw(model: &Model, cursor: usize, screen: Rect, buffer: &mut Buffer) {
    let (theme, glyphs, language) = (&model.chrome.theme, model.chrome.glyphs, model.chrome.language);
    let choices = choices(model);
    let (heading, show, shift) = (tell!(language, "Columns"), tell!(language, "show"), tell!(language, "move"));
    let (width, auto) = (tell!(language, "width"), tell!(language, "auto"));
    let (save, close) = (tell!(language, "save"), tell!(language, "close"));
    let space = tell!(language, "Space");
    let popup = Popup {
        title: &heading,
        keys: &[(&space, &show), ("J K", &shift), ("< >", &width), ("=", &auto), ("S", &save), ("Esc", &close)],
        width: 66,
        height: u16::try_from(choices.len()).unwrap_or(u16::MAX),
        anchor: Anchor::Centre,
        theme,
        glyphs,
    };
    let area = popup.draw(screen, buffer);
    let cursor = cursor.min(choices.len().saturating_sub(1));
    let top = (cursor + 1).saturating_sub(usize::from(area.height));
    let names = choices.iter().map(|choice| title(choice.column, language).width()).max().unwrap_or(0) + 3;
    for (y, (place, choice)) in (area.y..area.bottom()).zip(choices.iter().enumerate().skip(top)) {
        let mark = if choice.on { glyphs.ok } else { " " };
        let style = if choice.on { theme.text } else { theme.quiet };
        let about = cut_text(&choice.about, usize::from(area.width).saturating_sub(names + 15), glyphs);
        let line = Line::from(vec![
            Span::styled("[", theme.quiet),
            Span::styled(mark, theme.ok),
            Span::styled("] ", theme.quiet),
            Span::styled(pad(&title(choice.column, language), names), style),
            Span::styled(pad(&choice.width, 11), style),
            Span::styled(about, theme.quiet),
        ]);
        buffer.set_line(area.x, y, &line, area.width);
        if place == cursor {
            let line = Rect { x: area.x.saturating_sub(1), y, width: area.width + 2, height: 1 };
            select(buffer, line.intersection(screen), true, theme, glyphs);
        }
    }
}
