//! The second line as drawn.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::ui::model::Model;
use crate::ui::summary_line::sides;

/// Draws it.
pub fn draw(model: &Model, area: Rect, buffer: &mut Buffer) {
    let (left, right) = sides(model, usize::from(area.width));
    buffer.set_line(area.x, area.y, &left, area.width);
    let at = area.width.saturating_sub(u16::try_from(right.width() + 1).unwrap_or(u16::MAX));
    buffer.set_line(area.x + at, area.y, &right, area.width);
}
