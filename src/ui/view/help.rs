//! The help: every key, from the one table.

use std::borrow::Cow;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::rule;
use crate::domain::language::tell;
use crate::ui::model::Model;
use crate::ui::widget::popup::clear;

/// Draws it over the whole screen.
pub fn draw(model: &Model, top: usize, screen: Rect, buffer: &mut Buffer) {
    clear(screen, buffer);
    let entries = model.chrome.keymap.entries();
    let visible = usize::from(screen.height.saturating_sub(2));
    let top = top.min(entries.len().saturating_sub(visible));
    let left = entries.len().saturating_sub(top + visible);
    let language = model.chrome.language;
    let more = if left > 0 { tell!(language, "%{n} more below: j", n = left) } else { Cow::default() };
    rule(0, screen, &tell!(language, "Keys"), &more, model, buffer);
    for (y, entry) in (1..screen.height - 1).zip(entries.iter().skip(top)) {
        buffer.set_stringn(2, y, entry.keys.join(" "), 12, model.chrome.theme.accent);
        let about = tell!(language, entry.about.as_str());
        buffer.set_stringn(15, y, about, usize::from(screen.width.saturating_sub(16)), Style::new());
    }
    let hint = tell!(language, "j k scroll · any other key closes · Ctrl-C leaves from anywhere");
    buffer.set_stringn(0, screen.height - 1, format!(" {hint}"), usize::from(screen.width), model.chrome.theme.quiet);
}
