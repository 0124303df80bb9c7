//! A popup of lines to choose from: a key, words, and at the right what one would get.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr;

use super::popup::{Anchor, Popup};
use super::table::{cut_text, select};
use crate::ui::glyphs::Glyphs;
use crate::ui::text_lines::pad;
use crate::ui::theme::Theme;

/// The widest preview; a longer one is cut.
const WIDEST_PREVIEW: usize = 44;

/// One line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ListLine {
    /// The key that takes it.
    pub key: Option<char>,
    /// What it is.
    pub words: String,
    /// What one would get.
    pub preview: String,
    /// It cannot be taken: it names the lines below it.
    pub heading: bool,
}

/// The popup.
pub struct ListPopup<'a> {
    /// Its title.
    pub title: &'a str,
    /// Its lines.
    pub lines: &'a [ListLine],
    /// The keys that work in it in addition to those of the lines.
    pub keys: &'a [(&'a str, &'a str)],
    /// The selected line.
    pub cursor: usize,
    /// Where it stands.
    pub anchor: Anchor,
    /// Styles.
    pub theme: &'a Theme,
    /// Signs.
    pub glyphs: &'static Glyphs,
}

impl ListPopup<'_> {
    fn words_width(&self) -> usize {
        let words = self.lines.iter().filter(|line| !line.heading).map(|line| line.words.width());
        words.max().unwrap_or(0)
    }

    fn popup(&self) -> Popup<'_> {
        let previews = self.lines.iter().map(|line| line.preview.width()).max().unwrap_or(0).min(WIDEST_PREVIEW);
        let lines = 4 + self.words_width() + if previews > 0 { previews + 2 } else { 0 };
        let keys: usize = self.keys.iter().map(|(key, words)| key.width() + words.width() + 4).sum();
        Popup {
            title: self.title,
            keys: self.keys,
            width: u16::try_from(lines.max(self.title.width() + 4).max(keys)).unwrap_or(u16::MAX),
            height: u16::try_from(self.lines.len()).unwrap_or(u16::MAX),
            anchor: self.anchor,
            theme: self.theme,
            glyphs: self.glyphs,
        }
    }

    /// The first line shown when there is room for `seen` lines.
    fn top(&self, seen: u16) -> usize {
        self.cursor.saturating_sub(usize::from(seen.saturating_sub(1)))
    }

    /// Draws it.
    pub fn draw(&self, screen: Rect, buffer: &mut Buffer) {
        let area = self.popup().draw(screen, buffer);
        let top = self.top(area.height);
        let words_width = self.words_width();
        let width = usize::from(area.width);
        for (y, (place, line)) in (area.y..area.bottom()).zip(self.lines.iter().enumerate().skip(top)) {
            if line.heading {
                let rule = self.glyphs.rule;
                let words = cut_text(&line.words, width.saturating_sub(6), self.glyphs);
                let rest = rule.repeat(width.saturating_sub(words.width() + 3));
                let spans = [Span::styled(format!("{rule} "), self.theme.rule), Span::styled(words, self.theme.quiet)];
                let spans = spans.into_iter().chain([Span::styled(format!(" {rest}"), self.theme.rule)]);
                buffer.set_line(area.x, y, &spans.collect::<Line<'_>>(), area.width);
                continue;
            }
            let key = line.key.map(String::from).unwrap_or_default();
            let room = width.saturating_sub(words_width + 6);
            let spans = vec![
                Span::styled(format!(" {key:<1}  "), self.theme.accent),
                Span::styled(pad(&line.words, words_width + 2), self.theme.text),
                Span::styled(cut_text(&line.preview, room, self.glyphs), self.theme.quiet),
            ];
            buffer.set_line(area.x, y, &Line::from(spans), area.width);
            if place == self.cursor {
                select(buffer, Rect { y, height: 1, ..area }, true, self.theme, self.glyphs);
            }
        }
        if top + usize::from(area.height) < self.lines.len() && area.height > 0 {
            buffer.set_stringn(area.right(), area.bottom() - 1, self.glyphs.more, 1, self.theme.accent);
        }
    }

    /// The line at a place of the screen.
    #[must_use]
    pub fn line_at(&self, screen: Rect, at: Position) -> Option<usize> {
        let area = self.popup().inner(screen);
        let place = self.top(area.height) + usize::from(at.y.checked_sub(area.y)?);
        (area.contains(at) && self.lines.get(place).is_some_and(|line| !line.heading)).then_some(place)
    }
}
