//! Where things stand on a screen of a given size. Pure: update and view ask the same function.

use ratatui::layout::Rect;

/// Below this nothing sensible can be shown.
pub const SMALLEST: (u16, u16) = (40, 10);
/// From here the detail stands beside the table.
const BESIDE: u16 = 120;
/// From here it stands below; under it there is one thing at a time.
const BELOW: u16 = 80;

/// Which panes are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Panes {
    /// Table and detail, as the width allows.
    #[default]
    Both,
    /// The table alone.
    Table,
    /// The detail alone.
    Detail,
}

/// The places. An area without height is not shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Areas {
    /// The first line.
    pub header: Rect,
    /// The table's rule, heads and rows.
    pub table: Rect,
    /// The detail's rule and text.
    pub detail: Rect,
    /// The last line.
    pub footer: Rect,
    /// Table and detail stand side by side.
    pub beside: bool,
}

impl Areas {
    /// Rows of the table that can be seen.
    #[must_use]
    pub fn table_rows(&self) -> usize {
        usize::from(self.table.height.saturating_sub(2))
    }

    /// Lines of the detail that can be seen.
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

/// Lays the screen out. `None` when it is too small for anything.
#[must_use]
pub fn areas(width: u16, height: u16, panes: Panes, detail_in_focus: bool) -> Option<Areas> {
    if width < SMALLEST.0 || height < SMALLEST.1 {
        return None;
    }
    let middle = Rect::new(0, 1, width, height - 2);
    let nothing = Rect::default();
    let alone = match panes {
        Panes::Both if width >= BELOW => None,
        Panes::Both => Some(detail_in_focus),
        Panes::Table => Some(false),
        Panes::Detail => Some(true),
    };
    let (table, detail) = match alone {
        Some(true) => (nothing, middle),
        Some(false) => (middle, nothing),
        None if width >= BESIDE => {
            // Sixteen parts of 25: at 140 columns the Message still has room.
            let part = width / 25 * 16 + width % 25 * 16 / 25;
            // The detail has room for a whole RequestId behind its label where the table can spare it.
            let left = part.min(width - 54).max(72);
            (Rect { width: left, ..middle }, Rect { x: left + 1, width: width - left - 1, ..middle })
        }
        None => {
            let above = (middle.height * 9 / 20).max(4);
            (Rect { height: above, ..middle }, Rect { y: middle.y + above, height: middle.height - above, ..middle })
        }
    };
    Some(Areas {
        header: Rect::new(0, 0, width, 1),
        table,
        detail,
        footer: Rect::new(0, height - 1, width, 1),
        beside: alone.is_none() && width >= BESIDE,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn areas_never_leave_the_screen_or_overlap(width in 0u16..400, height in 0u16..200, focus: bool, pane in 0..3) {
            let panes = [Panes::Both, Panes::Table, Panes::Detail][usize::try_from(pane).unwrap()];
            let Some(areas) = areas(width, height, panes, focus) else { return Ok(()) };
            let screen = Rect::new(0, 0, width, height);
            for area in [areas.header, areas.table, areas.detail, areas.footer] {
                prop_assert_eq!(area.intersection(screen), area);
            }
            prop_assert!(areas.table.intersection(areas.detail).is_empty());
            prop_assert!(!areas.table.is_empty() || !areas.detail.is_empty());
        }
    }
}
