//! A popup: a framed box over the screen with a title, lines, and the keys that work in it.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr;

use super::table::cut_text;
use crate::ui::glyphs::Glyphs;
use crate::ui::theme::Theme;

/// Where a popup stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Anchor {
    /// In the middle of the screen.
    Centre,
    /// On the last lines above the hints.
    Bottom,
    /// Below the line of this number, or above it where there is no room.
    Line(u16),
}

/// A popup's frame.
pub struct Popup<'a> {
    /// Its title.
    pub title: &'a str,
    /// The keys that work in it, in the bottom edge: key and words.
    pub keys: &'a [(&'a str, &'a str)],
    /// Columns of its text; it gets no wider than the screen.
    pub width: u16,
    /// Lines of its text; it gets no higher than the screen.
    pub height: u16,
    /// Where it stands.
    pub anchor: Anchor,
    /// Styles.
    pub theme: &'a Theme,
    /// Signs.
    pub glyphs: &'static Glyphs,
}

impl Popup<'_> {
    /// The area of its text on a screen. `update` asks for it too, to know what a click meant.
    #[must_use]
    pub fn inner(&self, screen: Rect) -> Rect {
        let width = (self.width + 4).min(screen.width);
        let height = (self.height + 2).min(screen.height.saturating_sub(1));
        let x = screen.x + (screen.width - width) / 2;
        let lowest = screen.bottom().saturating_sub(height + 1);
        let y = match self.anchor {
            Anchor::Centre => screen.y + screen.height.saturating_sub(height) / 2,
            Anchor::Line(line) if line + 1 + height < screen.bottom() => line + 1,
            Anchor::Line(line) if line > height => line - height,
            Anchor::Line(_) | Anchor::Bottom => lowest,
        };
        Rect::new(x + 2, y.min(lowest) + 1, width.saturating_sub(4), height.saturating_sub(2))
    }

    /// Draws the frame and gives the area of the text.
    pub fn draw(&self, screen: Rect, buffer: &mut Buffer) -> Rect {
        let inner = self.inner(screen);
        let frame = Rect::new(inner.x - 2, inner.y - 1, inner.width + 4, inner.height + 2);
        clear(frame, buffer);
        // Half of a wide letter would hide the edge.
        for y in frame.y..frame.bottom() {
            let before = frame.x.checked_sub(1).and_then(|x| buffer.cell_mut((x, y)));
            if let Some(cell) = before.filter(|cell| cell.symbol().width() > 1) {
                cell.reset();
            }
        }
        let [top_left, top_right, bottom_left, bottom_right, side] = self.glyphs.popup;
        let style = self.theme.accent.remove_modifier(ratatui::style::Modifier::BOLD);
        let across = self.glyphs.rule.repeat(usize::from(frame.width.saturating_sub(2)));
        buffer.set_stringn(frame.x, frame.y, format!("{top_left}{across}{top_right}"), usize::from(frame.width), style);
        for y in inner.y..inner.bottom() {
            buffer.set_stringn(frame.x, y, side, 1, style);
            buffer.set_stringn(frame.right() - 1, y, side, 1, style);
        }
        let bottom = format!("{bottom_left}{across}{bottom_right}");
        buffer.set_stringn(frame.x, inner.bottom(), bottom, usize::from(frame.width), style);
        let room = usize::from(frame.width.saturating_sub(6));
        let title = format!(" {} ", cut_text(self.title, room, self.glyphs));
        buffer.set_stringn(frame.x + 2, frame.y, title, room + 2, self.theme.strong);
        buffer.set_line(frame.x + 2, inner.bottom(), &self.key_line(room), frame.width.saturating_sub(4));
        inner
    }

    fn key_line(&self, room: usize) -> Line<'static> {
        let mut spans = Vec::new();
        let mut used = 1;
        for (key, words) in self.keys {
            let width = key.width() + words.width() + 4;
            if used + width > room + 3 {
                break;
            }
            used += width;
            spans.push(Span::raw(if spans.is_empty() { " " } else { "  " }));
            spans.push(Span::styled((*key).to_owned(), self.theme.accent));
            spans.push(Span::styled(format!(" {words} "), Style::new()));
        }
        Line::from(spans)
    }
}

/// Empties an area. A wide letter that reaches into it from the left goes too: it would hide the edge.
pub fn clear(area: Rect, buffer: &mut Buffer) {
    for y in area.top()..area.bottom() {
        if let Some(cell) = area.x.checked_sub(1).and_then(|x| buffer.cell_mut((x, y)))
            && cell.symbol().width() > 1
        {
            cell.set_symbol(" ");
        }
    }
    for position in area.positions() {
        if let Some(cell) = buffer.cell_mut(position) {
            cell.reset();
        }
    }
}
