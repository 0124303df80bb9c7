//! Everything the screen shows, in one value that only `update` changes: the table, the detail, what
//! the session knows, and what lies around them.

pub mod chrome;
pub mod detail;
pub mod prompt;
pub mod session;
pub mod table;

use std::sync::Arc;
use std::time::Instant;

use jiff::tz::TimeZone;

pub use chrome::{Chrome, Layer, STATUS_TIME, Status};
pub use detail::{Detail, DetailPane, Tab};
pub use prompt::{Earlier, Field, Prompt};
pub use session::{Mode, Recorded, Run, Session};
pub use table::{Folded, Table};

use super::glyphs::{Glyphs, UNICODE};
pub use super::layout::Focus;
use super::layout::{self, Areas, Panes, Split, Wanted};
use super::theme::Theme;
use crate::config::Look;
use crate::domain::language::Language;
use crate::domain::probe::Probe;
use crate::domain::profile::{Connection, Profile};

/// The whole state of the screen.
#[derive(Debug)]
pub struct Model {
    /// Rows, their order and the cursor.
    pub table: Table,
    /// The selected row's record and the text made of it.
    pub detail: DetailPane,
    /// Profiles, probes, and how the run goes.
    pub session: Session,
    /// Size, styles, popups and messages.
    pub chrome: Chrome,
}

impl Model {
    /// The model at the start.
    #[must_use]
    pub fn new(profiles: Vec<Profile>, look: Look, theme: Theme, time_zone: TimeZone, size: (u16, u16)) -> Self {
        Self {
            table: Table::default(),
            detail: DetailPane::default(),
            session: Session { profiles, ..Session::default() },
            chrome: Chrome {
                look,
                theme,
                glyphs: &UNICODE as &'static Glyphs,
                language: Language::En,
                time_zone,
                size,
                focus: Focus::default(),
                panes: Panes::default(),
                split: Split::default(),
                layers: Vec::new(),
                status: None,
                leaving: false,
            },
        }
    }

    /// The current profile.
    #[must_use]
    pub fn profile(&self) -> Option<&Profile> {
        self.session.profiles.get(self.session.current)
    }

    /// Where things stand. `None` when the screen is too small.
    #[must_use]
    pub fn areas(&self) -> Option<Areas> {
        let chrome = &self.chrome;
        let panes = if self.table.order.is_empty() { Panes::Table } else { chrome.panes };
        // While rows arrive the split stands still.
        let rows = if self.session.run.running { usize::MAX } else { self.table.length() };
        let rows = if self.table.order.is_empty() { usize::MAX } else { rows };
        layout::areas(Wanted { size: chrome.size, panes, focus: chrome.focus, split: chrome.split, rows })
    }

    /// The number of the selected row; of a group's, the newest.
    #[must_use]
    pub fn selected(&self) -> Option<u32> {
        self.table.selected()
    }

    /// How many rows [`Self::picked`] gives.
    #[must_use]
    pub fn picked_count(&self) -> usize {
        self.table.picked_count()
    }

    /// What a copy or a file is made of: the marked rows, else the selected group's, else the selected
    /// one.
    #[must_use]
    pub fn picked(&self) -> Vec<u32> {
        self.table.picked()
    }

    /// The probe behind a row and the connection it went over; `None` for a row that was not sent from here.
    #[must_use]
    pub fn probe(&self, row: u32) -> Option<&(Probe, Arc<Connection>)> {
        let place = self.table.rows.probe(row).checked_sub(1).filter(|_| row >= self.table.preloaded_rows)?;
        self.session.probes.get(place as usize)
    }

    /// Whether a row was read from somewhere rather than sent from here.
    #[must_use]
    pub fn is_given(&self, row: u32) -> bool {
        row < self.table.preloaded_rows || self.table.rows.probe(row) == 0
    }

    /// Says something in the last line for a while.
    pub fn say(&mut self, text: impl Into<String>, now: Instant) {
        self.chrome.status = Some(Status { text: text.into(), until: now + STATUS_TIME });
    }
}
