//! The path of a file to import, and what is in the folder.

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr;

use crate::i18n::tell;
use crate::text::sanitize::sanitize;
use crate::ui::model::Model;
use crate::ui::model::path::PathLine;
use crate::ui::widget::popup::{Anchor, Popup};
use crate::ui::widget::table::{cut_text, select};

/// Columns of the popup's text at most.
const WIDEST: u16 = 72;
/// Entries seen at once.
const SEEN: usize = 10;

/// Draws it.
pub fn draw(model: &Model, path: &PathLine, screen: Rect, frame: &mut Frame<'_>) {
    let (language, theme, glyphs) = (model.chrome.language, &model.chrome.theme, model.chrome.glyphs);
    let fitting = path.fitting();
    let (read, complete) = (tell!(language, "read it"), tell!(language, "complete"));
    let (choose, close) = (tell!(language, "choose"), tell!(language, "close"));
    let arrows = glyphs.plain("↑↓");
    let popup = Popup {
        title: &tell!(language, "Import a file: access log, HAR, SDK output, curl -v"),
        keys: &[("Enter", &read), ("Tab", &complete), (&arrows, &choose), ("Esc", &close)],
        width: WIDEST,
        height: u16::try_from(fitting.len().clamp(1, SEEN) + 2).unwrap_or(3),
        anchor: Anchor::Line(2),
        theme,
        glyphs,
    };
    let area = popup.draw(screen, frame.buffer_mut());
    let width = usize::from(area.width);
    let room = width.saturating_sub(2).max(1);
    let scroll = path.input.visual_scroll(room);
    let typed: String = sanitize(path.input.value()).chars().skip(scroll).collect();
    let column = path.input.visual_cursor().saturating_sub(scroll);
    let x = area.x.saturating_add(u16::try_from(column).unwrap_or(u16::MAX));
    frame.set_cursor_position(Position::new(x.min(area.right().saturating_sub(1)), area.y));
    let buffer = frame.buffer_mut();
    buffer.set_line(area.x, area.y, &Line::styled(cut_text(&typed, room, glyphs), theme.text), area.width);
    if area.height < 3 {
        return;
    }
    buffer.set_stringn(area.x, area.y + 1, glyphs.rule.repeat(width), width, theme.rule);
    let seen = usize::from(area.height - 2);
    let top = path.cursor.unwrap_or(0).saturating_sub(seen.saturating_sub(1));
    for (y, (place, entry)) in (area.y + 2..area.bottom()).zip(fitting.iter().enumerate().skip(top)) {
        let about = if entry.is_folder { String::new() } else { size(entry.bytes) };
        let name = format!("{}{}", sanitize(&entry.name), if entry.is_folder { "/" } else { "" });
        let name = cut_text(&name, width.saturating_sub(about.width() + 4), glyphs);
        let gap = " ".repeat(width.saturating_sub(name.width() + about.width() + 3));
        let style = if entry.is_folder { theme.label } else { theme.text };
        let spans = vec![Span::styled(format!("  {name}{gap}"), style), Span::styled(format!("{about} "), theme.quiet)];
        buffer.set_line(area.x, y, &Line::from(spans), area.width);
        if path.cursor == Some(place) {
            select(buffer, Rect { y, height: 1, ..area }, true, theme, glyphs);
        }
    }
    if fitting.is_empty() {
        let words = tell!(language, "No file name begins like that");
        buffer.set_stringn(area.x + 2, area.y + 2, words, width.saturating_sub(2), theme.quiet);
    }
}

/// A size in three digits or so.
fn size(bytes: u64) -> String {
    const KIB: u64 = 1024;
    match bytes {
        0..KIB => format!("{bytes} B"),
        KIB..0x10_0000 => format!("{} KiB", bytes / KIB),
        0x10_0000..0x4000_0000 => format!("{} MiB", bytes / (KIB * KIB)),
        _ => format!("{} GiB", bytes / (KIB * KIB * KIB)),
    }
}
