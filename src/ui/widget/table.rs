//! The one table: heads, the lines that can be seen, the selection. What stands in its columns is a
//! column set's: rows, groups, checks.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};
use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr;

use crate::ui::glyphs::Glyphs;
use crate::ui::theme::Theme;

/// A column's head, from `x` on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// Its words.
    pub title: String,
    /// Its first terminal column, counted from the table's left edge.
    pub x: u16,
    /// Its width.
    pub width: u16,
    /// Its cells end at the right.
    pub at_right: bool,
    /// The table is sorted by it: the arrow.
    pub arrow: &'static str,
}

/// What stands in a table.
pub trait ColumnSet {
    /// The heads of its columns, from left to right.
    fn heads(&self) -> Vec<Head>;
    /// How many lines there are.
    fn length(&self) -> usize;
    /// The cells of a line, one for each head.
    fn cells(&self, line: usize) -> Vec<Line<'static>>;
    /// Whether a line is marked.
    fn is_marked(&self, _line: usize) -> bool {
        false
    }
}

/// The table as drawn: where it is scrolled to and what is selected.
pub struct TableView<'a, C> {
    /// Its columns.
    pub columns: &'a C,
    /// The first visible line.
    pub top: usize,
    /// The selected line; `None` selects none.
    pub cursor: Option<usize>,
    /// The table has the focus.
    pub focused: bool,
    /// Styles.
    pub theme: &'a Theme,
    /// Signs.
    pub glyphs: &'static Glyphs,
}

impl<C: ColumnSet> TableView<'_, C> {
    /// Draws heads and visible lines.
    pub fn draw(&self, area: Rect, buffer: &mut Buffer) {
        if area.height == 0 {
            return;
        }
        let heads = self.columns.heads();
        for head in &heads {
            let words = format!("{}{}", head.title, head.arrow);
            let style = if head.arrow.is_empty() { self.theme.head() } else { self.theme.accent };
            put(buffer, area, head, area.y, &Line::styled(words, style));
        }
        for (y, line) in (area.y + 1..area.bottom()).zip(self.top..self.columns.length()) {
            let selected = Some(line) == self.cursor;
            for (head, cell) in heads.iter().zip(self.columns.cells(line)) {
                put(buffer, area, head, y, &cell);
            }
            let row = Rect { y, height: 1, ..area };
            if selected {
                select(buffer, row, self.focused, self.theme, self.glyphs);
            }
            if self.columns.is_marked(line) {
                buffer.set_stringn(row.x + u16::from(selected), y, self.glyphs.marked, 1, self.theme.accent);
            }
        }
    }
}

/// Heads and all lines as text, for a table that stands in the middle of other text.
#[must_use]
pub fn lines<C: ColumnSet>(columns: &C, theme: &Theme) -> Vec<Line<'static>> {
    let heads = columns.heads();
    let titles = heads.iter().map(|head| Line::styled(head.title.clone(), theme.head())).collect();
    let lines = (0..columns.length()).map(|line| columns.cells(line));
    std::iter::once(titles).chain(lines).map(|cells| side_by_side(&heads, cells)).collect()
}

fn side_by_side(heads: &[Head], cells: Vec<Line<'static>>) -> Line<'static> {
    let mut spans = Vec::new();
    let mut x = 0;
    for (head, cell) in heads.iter().zip(cells).filter(|(_, cell)| cell.width() > 0) {
        let (start, style) = (usize::from(head.x), cell.style);
        spans.push(Span::raw(" ".repeat(start.saturating_sub(x))));
        x = start.max(x) + cell.width();
        spans.extend(cell.spans.into_iter().map(|span| Span::styled(span.content, style.patch(span.style))));
    }
    Line::from(spans)
}

/// Shows that a line is selected: one style over all of it, without patches. Out of focus only the mark
/// at its left tells it.
pub fn select(buffer: &mut Buffer, line: Rect, focused: bool, theme: &Theme, glyphs: &Glyphs) {
    if focused && theme.selects_by_reversing() {
        for position in line.positions() {
            if let Some(cell) = buffer.cell_mut(position) {
                let symbol = cell.symbol().to_owned();
                cell.reset();
                cell.set_symbol(&symbol).set_style(theme.select);
            }
        }
    } else if focused {
        for position in line.positions() {
            if let Some(cell) = buffer.cell_mut(position) {
                let quiet = Some(cell.fg) == theme.quiet.fg;
                cell.set_style(theme.select);
                if quiet {
                    cell.set_style(theme.text.remove_modifier(Modifier::DIM));
                }
            }
        }
    }
    let style = if focused { theme.select.patch(accent_colour(theme)) } else { theme.accent };
    buffer.set_stringn(line.x, line.y, glyphs.selected, 1, style);
}

/// The accent's colour where the selection is a tint; a reversed line takes none.
fn accent_colour(theme: &Theme) -> Style {
    if theme.selects_by_reversing() { Style::new() } else { theme.accent }
}

fn put(buffer: &mut Buffer, area: Rect, head: &Head, y: u16, text: &Line<'_>) {
    let x = area.x + head.x.min(area.width);
    let room = head.width.min(area.right().saturating_sub(x));
    let indent = if head.at_right { room.saturating_sub(u16::try_from(text.width()).unwrap_or(room)) } else { 0 };
    if room > indent {
        buffer.set_line(x + indent, y, text, room - indent);
    }
}

/// A line of one style, cut to `width` with the sign for it.
#[must_use]
pub fn cut(text: &str, width: usize, style: Style, glyphs: &Glyphs) -> Line<'static> {
    Line::from(Span::styled(cut_text(text, width, glyphs), style))
}

/// Text of at most `width` columns, its end left out.
#[must_use]
pub fn cut_text(text: &str, width: usize, glyphs: &Glyphs) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    if width == 0 {
        return String::new();
    }
    format!("{}{}", crate::text::width::prefix_of_width(text, width - 1), glyphs.cut)
}
