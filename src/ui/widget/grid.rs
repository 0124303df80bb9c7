//! A small table whose columns are as wide as what stands in them: checks, CORS rules, attempts.

use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr;

use super::table::{ColumnSet, Head, cut_text};
use crate::ui::glyphs::Glyphs;

/// Columns between two cells.
const GAP: usize = 2;

/// A column of a grid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GridColumn {
    /// Its head.
    pub title: String,
    /// What it keeps when there is not room for all.
    pub least: usize,
}

/// Cells, and where their columns stand.
pub struct Grid {
    heads: Vec<Head>,
    rows: Vec<Vec<Line<'static>>>,
}

impl Grid {
    /// Columns from `left` on, `room` wide together. What is empty in all rows is left out, and the
    /// columns that have most to give are cut first.
    #[must_use]
    pub fn new(
        columns: &[GridColumn],
        rows: Vec<Vec<Line<'static>>>,
        (left, room): (usize, usize),
        glyphs: &Glyphs,
    ) -> Self {
        let content = |place: usize| rows.iter().filter_map(|row| row.get(place)).map(Line::width).max().unwrap_or(0);
        let mut widths: Vec<usize> = (0..columns.len()).map(content).collect();
        for (width, column) in widths.iter_mut().zip(columns).filter(|(width, _)| **width > 0) {
            *width = (*width).max(column.title.width());
        }
        let taken =
            |widths: &[usize]| widths.iter().filter(|width| **width > 0).map(|width| width + GAP).sum::<usize>();
        while taken(&widths) > room + GAP {
            let spare = |place: &usize| widths[*place].saturating_sub(columns[*place].least);
            let Some(widest) = (0..columns.len()).max_by_key(spare).filter(|place| spare(place) > 0) else { break };
            widths[widest] -= 1;
        }
        let shown: Vec<usize> = (0..columns.len()).filter(|place| widths[*place] > 0).collect();
        let mut x = left;
        let mut heads = Vec::with_capacity(shown.len());
        for place in &shown {
            heads.push(Head {
                title: cut_text(&columns[*place].title, widths[*place], glyphs),
                x: u16::try_from(x).unwrap_or(u16::MAX),
                width: u16::try_from(widths[*place]).unwrap_or(u16::MAX),
                at_right: false,
                arrow: "",
            });
            x += widths[*place] + GAP;
        }
        let cells = |row: Vec<Line<'static>>| {
            let mut row: Vec<_> = row.into_iter().map(Some).collect();
            let cell = |place: &usize| row.get_mut(*place).and_then(Option::take).unwrap_or_default();
            let cells: Vec<_> = shown.iter().map(cell).collect();
            cells.into_iter().zip(&shown).map(|(cell, place)| fit(cell, widths[*place], glyphs)).collect()
        };
        Self { heads, rows: rows.into_iter().map(cells).collect() }
    }
}

impl ColumnSet for Grid {
    fn heads(&self) -> Vec<Head> {
        self.heads.clone()
    }

    fn length(&self) -> usize {
        self.rows.len()
    }

    fn cells(&self, line: usize) -> Vec<Line<'static>> {
        self.rows[line].clone()
    }
}

/// A line of at most `width` columns, its end left out.
fn fit(line: Line<'static>, width: usize, glyphs: &Glyphs) -> Line<'static> {
    if line.width() <= width {
        return line;
    }
    let mut room = width;
    let mut spans = Vec::new();
    for span in line.spans {
        let text = cut_text(&span.content, room, glyphs);
        let is_cut = text.len() < span.content.len();
        room = room.saturating_sub(text.width());
        spans.push(Span::styled(text, span.style));
        if is_cut || room == 0 {
            break;
        }
    }
    Line::from(spans)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::glyphs::UNICODE;
    use crate::ui::theme::Theme;
    use crate::ui::widget::table::lines;

    #[test]
    fn columns_are_as_wide_as_their_cells_and_empty_ones_are_left_out() {
        let column = |title: &str, least| GridColumn { title: title.to_owned(), least };
        let columns = [column("One", 3), column("Empty", 3), column("Long", 6)];
        let rows = vec![vec!["a".into(), Line::default(), "0123456789".into()], vec!["bcde".into()]];
        let shown = |room| -> Vec<String> {
            let grid = Grid::new(&columns, rows.clone(), (1, room), &UNICODE);
            lines(&grid, &Theme::default()).iter().map(ToString::to_string).collect()
        };
        assert_eq!(shown(40), [" One   Long", " a     0123456789", " bcde"]);
        assert_eq!(shown(13), [" One   Long", " a     012345…", " bcde"]);
        assert_eq!(shown(2), shown(11), "what is least stays");
    }
}
