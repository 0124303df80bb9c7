//! Where things stand on a screen of a given size. Pure: update and view ask the same function.

use ratatui::layout::Rect;

/// Below this nothing sensible can be shown.
pub const SMALLEST: (u16, u16) = (40, 10);
/// From here the detail stands beside the table.
const BESIDE: u16 = 150;
/// From here it stands below; under it there is one thing at a time.
const BELOW: (u16, u16) = (80, 20);
/// From here a table above the detail may have more than half of the lines.
const TALL: u16 = 36;
/// The narrowest detail beside the table: a whole RequestId and "y copy".
const NARROWEST_DETAIL: u16 = 54;

/// Which panes are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Panes {
    /// Table and detail, as the size allows.
    #[default]
    Both,
    /// The table alone.
    Table,
    /// The detail alone.
    Detail,
}

/// The pane that gets keys.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Focus {
    /// The table.
    #[default]
    Table,
    /// The detail.
    Detail,
}

/// How a person wants the screen divided.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Split {
    /// The detail beside the table (true) or below it; `None` follows the width.
    pub beside: Option<bool>,
    /// How far the edge was moved from its place: lines if below, columns if beside.
    pub moved: i16,
}

/// The places. An area without height is not shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Areas {
    /// The first line: where requests go, and how the run goes.
    pub context: Rect,
    /// The table: its summary line, heads and rows.
    pub table: Rect,
    /// The detail: its tabs, its id line and text.
    pub detail: Rect,
    /// The last line.
    pub hints: Rect,
    /// Table and detail stand side by side.
    pub beside: bool,
}

/// Lines of the table's area above its rows: the summary and the heads.
pub const TABLE_HEAD: u16 = 2;

impl Areas {
    /// Rows of the table that can be seen.
    #[must_use]
    pub fn table_rows(&self) -> usize {
        usize::from(self.table.height.saturating_sub(TABLE_HEAD))
    }

    /// Columns of the table's cells: beside the detail the last one stays empty.
    #[must_use]
    pub fn table_columns(&self) -> u16 {
        self.table.width.saturating_sub(u16::from(self.beside))
    }

    /// The same with `lines` lines taken from the bottom; nothing else moves.
    #[must_use]
    pub fn with_last_lines(self, lines: u16) -> Self {
        let bottom = self.hints.bottom();
        let top = bottom.saturating_sub(lines);
        let above = |area: Rect| Rect { height: area.height.min(top.saturating_sub(area.y)), ..area };
        let (table, detail) = (above(self.table), above(self.detail));
        Self { table, detail, hints: Rect { y: top, height: bottom - top, ..self.hints }, ..self }
    }

    /// Lines of the detail below its tabs.
    #[must_use]
    pub fn detail_rows(&self) -> usize {
        usize::from(self.detail.height.saturating_sub(1))
    }

    /// Columns of the detail's text.
    #[must_use]
    pub fn detail_columns(&self) -> usize {
        usize::from(self.detail.width.saturating_sub(2))
    }
}

/// What the layout depends on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Columns and lines of the terminal.
    pub size: (u16, u16),
    /// Which panes.
    pub panes: Panes,
    /// Which of them is shown where there is room for one.
    pub focus: Focus,
    /// How they are divided.
    pub split: Split,
    /// Rows of the table; what a short table leaves goes to the detail.
    pub rows: usize,
}

/// Lays the screen out. `None` when it is too small for anything.
#[must_use]
pub fn areas(wanted: Wanted) -> Option<Areas> {
    let (width, height) = wanted.size;
    if width < SMALLEST.0 || height < SMALLEST.1 {
        return None;
    }
    let middle = Rect::new(0, 1, width, height - 2);
    let nothing = Rect::default();
    let room_for_two = width >= BELOW.0 && height >= BELOW.1;
    let beside = wanted.split.beside.unwrap_or(width >= BESIDE) && width > 40 + NARROWEST_DETAIL;
    let alone = match wanted.panes {
        Panes::Both if room_for_two || (beside && width >= BESIDE) => None,
        Panes::Both => Some(wanted.focus),
        Panes::Table => Some(Focus::Table),
        Panes::Detail => Some(Focus::Detail),
    };
    let (table, detail) = match alone {
        Some(Focus::Detail) => (nothing, middle),
        Some(Focus::Table) => (middle, nothing),
        None if beside => side_by_side(middle, wanted.split.moved),
        None => stacked(middle, height, &wanted),
    };
    Some(Areas {
        context: Rect::new(0, 0, width, 1),
        table,
        detail,
        hints: Rect::new(0, height - 1, width, 1),
        beside: alone.is_none() && beside,
    })
}

/// How far the edge is from its usual place when the table has `table` columns (beside the detail) or lines.
#[must_use]
pub fn moved(size: (u16, u16), beside: bool, table: u16) -> i16 {
    let part = if beside { part_beside(size.0) } else { part_below(size.1) };
    i16::try_from(i32::from(table) - i32::from(part)).unwrap_or(0)
}

fn part_beside(width: u16) -> u16 {
    u16::try_from(u32::from(width) * 63 / 100).unwrap_or(width)
}

fn part_below(height: u16) -> u16 {
    let percent = if height >= TALL { 55 } else { 45 };
    let middle = height.saturating_sub(2);
    u16::try_from((u32::from(middle) * percent).div_ceil(100)).unwrap_or(middle)
}

/// The table left with 63 % of the columns, then the edge, then the detail.
fn side_by_side(middle: Rect, moved: i16) -> (Rect, Rect) {
    let width = middle.width;
    let part = part_beside(width).saturating_add_signed(moved);
    let left = part.max(40).min(width.saturating_sub(NARROWEST_DETAIL + 1));
    (Rect { width: left, ..middle }, Rect { x: left + 1, width: width - left - 1, ..middle })
}

/// The table above with 45 % of the lines, 55 % on a tall screen, or what its rows take.
fn stacked(middle: Rect, height: u16, wanted: &Wanted) -> (Rect, Rect) {
    let part = part_below(height).saturating_add_signed(wanted.split.moved);
    let rows = u16::try_from(wanted.rows).unwrap_or(u16::MAX).saturating_add(TABLE_HEAD);
    let above = part.min(rows).clamp(5, middle.height - 5);
    (Rect { height: above, ..middle }, Rect { y: middle.y + above, height: middle.height - above, ..middle })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn of(width: u16, height: u16, rows: usize) -> Areas {
        areas(Wanted { size: (width, height), rows, ..Wanted::default() }).expect("a screen")
    }

    #[test]
    fn the_sizes_of_the_design() {
        assert_eq!(
            (of(80, 24, 37).table.height, of(100, 30, 37).table.height, of(120, 40, 37).table.height),
            (10, 13, 21)
        );
        assert!(!of(149, 40, 37).beside && of(150, 40, 37).beside);
        assert_eq!((of(160, 45, 37).table_columns(), of(200, 50, 37).table_columns()), (99, 125));
        assert_eq!(of(120, 40, 2).table.height, 5, "a short table leaves its lines to the detail");
        assert!(of(60, 20, 37).detail.is_empty() && of(80, 19, 37).detail.is_empty());
    }

    proptest! {
        #[test]
        fn areas_never_leave_the_screen_or_overlap(
            size in (0u16..400, 0u16..200),
            detail: bool,
            pane in prop::sample::select(vec![Panes::Both, Panes::Table, Panes::Detail]),
            beside: Option<bool>,
            moved in -200i16..200,
            rows in 0usize..100,
        ) {
            let focus = if detail { Focus::Detail } else { Focus::Table };
            let wanted = Wanted { size, panes: pane, focus, split: Split { beside, moved }, rows };
            let Some(areas) = areas(wanted) else { return Ok(()) };
            let screen = Rect::new(0, 0, size.0, size.1);
            for area in [areas.context, areas.table, areas.detail, areas.hints] {
                prop_assert_eq!(area.intersection(screen), area);
            }
            prop_assert!(areas.table.intersection(areas.detail).is_empty());
            prop_assert!(!areas.table.is_empty() || !areas.detail.is_empty());
        }
    }
}
