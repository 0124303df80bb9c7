//! The lists: what to copy, what to sort by, which profile to send as.

use ratatui::buffer::Buffer;

use crate::ui::lists::with_popup;
use crate::ui::model::{List, Model};

/// Draws one.
pub fn draw(model: &Model, list: List, buffer: &mut Buffer) {
    with_popup(model, list, |popup, screen, _| popup.draw(screen, buffer));
}
