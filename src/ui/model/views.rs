//! Earlier views of the table, to go back to.

use crate::store::{By, TableQuery};
use crate::text::columns::Wishes;

/// How many changes can be undone.
const KEPT: usize = 100;

/// How the table is shown: all that `u` brings back.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Shown {
    /// The filter as typed.
    pub filter: String,
    /// Filter, order, successes, the opened group.
    pub view: TableQuery,
    /// Rows are folded into groups.
    pub group_by: Option<By>,
    /// The cursor stays on the newest row.
    pub follow: bool,
    /// The columns.
    pub columns: Wishes,
}

/// The views before this one, and those that were undone.
#[derive(Debug, Default)]
pub struct Views {
    past: Vec<Shown>,
    future: Vec<Shown>,
    settled: Option<Shown>,
}

impl Views {
    /// Takes note of how the table is shown. A change is kept, but that it ceased to follow: moving the
    /// cursor does that.
    pub fn settle(&mut self, shown: Shown) {
        let follow = shown.follow;
        let changed = |before: &Shown| Shown { follow, ..before.clone() } != shown;
        let has_changed = self.settled.as_ref().is_some_and(changed);
        if let Some(before) = self.settled.replace(shown)
            && has_changed
        {
            self.keep(before);
        }
    }

    /// Keeps a view to go back to.
    pub fn keep(&mut self, shown: Shown) {
        self.future.clear();
        self.past.push(shown);
        if self.past.len() > KEPT {
            self.past.remove(0);
        }
    }

    /// The view before this one.
    pub fn back(&mut self, shown: Shown) -> Option<Shown> {
        // It may have come about by itself meanwhile: then there is nothing to see in it.
        let before = std::iter::from_fn(|| self.past.pop()).find(|before| *before != shown)?;
        self.future.push(shown);
        self.settled = Some(before.clone());
        Some(before)
    }

    /// The view that was undone last.
    pub fn forth(&mut self, shown: Shown) -> Option<Shown> {
        let after = std::iter::from_fn(|| self.future.pop()).find(|after| *after != shown)?;
        self.past.push(shown);
        self.settled = Some(after.clone());
        Some(after)
    }
}
