//! A line across a pane.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Modifier;
use unicode_width::UnicodeWidthStr;

use crate::text::width::truncate_end;
use crate::ui::model::Model;

/// A horizontal rule with a title on the left and words on the right.
pub fn rule(y: u16, area: Rect, left: &str, right: &str, model: &Model, buffer: &mut Buffer) {
    let width = usize::from(area.width);
    buffer.set_stringn(area.x, y, model.chrome.glyphs.rule.repeat(width), width, model.chrome.theme.rule);
    let left = truncate_end(left, width.saturating_sub(4));
    // Not as dim as the rule that it stands on.
    let strong = model.chrome.theme.strong.remove_modifier(Modifier::DIM);
    if !left.is_empty() {
        buffer.set_stringn(area.x + 1, y, format!(" {left} "), width.saturating_sub(1), strong);
    }
    let room = width.saturating_sub(left.width() + 8);
    let right = truncate_end(right, room);
    if !right.is_empty() && room > 4 {
        let at = area.right().saturating_sub(u16::try_from(right.width()).unwrap_or(0) + 3);
        buffer.set_stringn(at, y, format!(" {right} "), right.width() + 2, model.chrome.theme.quiet);
    }
}
