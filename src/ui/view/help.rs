//! The help: every key, from the one table.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::{clear, rule};
use crate::ui::keymap;
use crate::ui::model::Model;

/// Draws it over the whole screen.
pub fn draw(model: &Model, top: usize, screen: Rect, buffer: &mut Buffer) {
    clear(screen, buffer);
    let entries = keymap::entries();
    let visible = usize::from(screen.height.saturating_sub(2));
    let top = top.min(entries.len().saturating_sub(visible));
    let left = entries.len().saturating_sub(top + visible);
    let more = if left > 0 { format!("{left} more below: j") } else { String::new() };
    rule(0, screen, "Keys", &more, model.theme.heading, buffer);
    for (y, entry) in (1..screen.height - 1).zip(entries.iter().skip(top)) {
        buffer.set_stringn(2, y, entry.keys.join(" "), 12, model.theme.key);
        buffer.set_stringn(15, y, &entry.about, usize::from(screen.width.saturating_sub(16)), Style::new());
    }
    let hint = " j k scroll · any other key closes · Ctrl-C leaves from anywhere";
    buffer.set_stringn(0, screen.height - 1, hint, usize::from(screen.width), model.theme.quiet);
}
