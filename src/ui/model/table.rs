//! The table: rows, how they are shown, and the cursor.

use std::collections::BTreeSet;

use super::views::{Shown, Views};
use crate::domain::query::QueryError;
use crate::store::{By, Groups, Rows, TableQuery};
use crate::text::columns::Wishes;

/// Groups up to this number are put in order with every batch of rows.
const RESORTED: usize = 10_000;

/// The table's state.
#[derive(Debug, Default)]
pub struct Table {
    /// All rows.
    pub rows: Rows,
    /// How they are shown.
    pub view: TableQuery,
    /// The filter as typed.
    pub filter: String,
    /// Why the filter being typed cannot be read.
    pub filter_error: Option<QueryError>,
    /// Earlier views.
    pub views: Views,
    /// The shown rows.
    pub order: Vec<u32>,
    /// The latest ordering asked for, and the latest that came.
    pub generation: (u64, u64),
    /// Rows are to be put together by this.
    pub group_by: Option<By>,
    /// The groups of `order`, while they are what is shown.
    pub groups: Option<Folded>,
    /// Marked rows, shown or not.
    pub marks: BTreeSet<u32>,
    /// The range being marked.
    pub range: Option<Range>,
    /// The selected place in `order`, or among the groups.
    pub cursor: usize,
    /// The first visible place in `order`.
    pub top: usize,
    /// The wheel moved the lines away from the cursor.
    pub scrolled: bool,
    /// Stay on the newest row.
    pub follow: bool,
    /// The cursor was put where it is; until then it stays on the first row, whichever that is.
    pub cursor_moved: bool,
    /// Which columns are shown.
    pub columns: Wishes,
}

impl Table {
    /// How it is shown now.
    #[must_use]
    pub fn shown(&self) -> Shown {
        Shown {
            filter: self.filter.clone(),
            view: self.view.clone(),
            group_by: self.group_by,
            follow: self.follow,
            columns: self.columns.clone(),
        }
    }

    /// The number of the selected row; of a group's, the newest.
    #[must_use]
    pub fn selected(&self) -> Option<u32> {
        match (&self.groups, self.selected_group()) {
            (Some(folded), Some(group)) => folded.groups.get(group).map(|group| group.row),
            (Some(_), None) => None,
            (None, _) => self.order.get(self.cursor).copied(),
        }
    }

    /// The number of the selected group, while groups are shown.
    #[must_use]
    pub fn selected_group(&self) -> Option<u32> {
        self.groups.as_ref()?.lines.get(self.cursor).copied()
    }

    /// How many lines the table has: rows, or groups.
    #[must_use]
    pub fn length(&self) -> usize {
        self.groups.as_ref().map_or(self.order.len(), |folded| folded.lines.len())
    }

    /// How many rows [`Self::picked`] gives.
    #[must_use]
    pub fn picked_count(&self) -> usize {
        let group = self.selected_group().and_then(|group| self.groups.as_ref()?.groups.get(group));
        match (self.marks.len(), group) {
            (0, Some(group)) => group.count as usize,
            (0, None) => usize::from(self.selected().is_some()),
            (marked, _) => marked,
        }
    }

    /// What a copy or a file is made of: the marked rows, else the selected group's, else the selected
    /// one.
    #[must_use]
    pub fn picked(&self) -> Vec<u32> {
        if !self.marks.is_empty() {
            return self.marks.iter().copied().collect();
        }
        match (&self.groups, self.selected_group()) {
            (Some(folded), Some(group)) => folded.groups.members(&self.rows, &self.order, group),
            _ => self.selected().into_iter().collect(),
        }
    }
}

/// A range of rows being marked.
#[derive(Clone, Debug, Default)]
pub struct Range {
    /// The row that it began on.
    pub row: u32,
    /// What was marked before.
    pub before: BTreeSet<u32>,
}

/// The shown rows folded into groups.
#[derive(Debug)]
pub struct Folded {
    /// The groups.
    pub groups: Groups,
    /// Their numbers in the order shown.
    pub lines: Vec<u32>,
}

impl Folded {
    /// The groups with the largest first.
    #[must_use]
    pub fn new(groups: Groups) -> Self {
        Self { lines: groups.by_count(), groups }
    }

    /// Takes in rows that came later.
    pub fn add(&mut self, rows: &Rows, numbers: &[u32]) {
        for number in numbers {
            self.groups.add(rows, *number);
        }
        // This many groups are not put in order again for every batch: new ones go to the end, where
        // groups of one belong.
        if self.groups.len() > RESORTED {
            let known = u32::try_from(self.lines.len()).unwrap_or(u32::MAX);
            self.lines.extend(known..u32::try_from(self.groups.len()).unwrap_or(u32::MAX));
        } else if !numbers.is_empty() {
            self.lines = self.groups.by_count();
        }
    }
}
