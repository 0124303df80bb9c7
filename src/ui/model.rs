//! Everything the screen shows, in one value that only `update` changes: the table, the detail, what
//! the session knows, and what lies around them.

pub mod chrome;
pub mod compare;
pub mod detail;
pub mod filter;
pub mod path;
pub mod popups;
pub mod prompt;
pub mod session;
pub mod sheet;
pub mod table;
pub mod views;
pub mod watch;

use std::sync::Arc;
use std::time::Instant;

use jiff::tz::TimeZone;

pub use chrome::{Chrome, Layer, NO_MEANING_TIME, STATUS_TIME, Status, StatusKind};
pub use compare::Compare;
pub use detail::{Detail, DetailPane, GroupOfDetail, Search, SearchLine, Stop, Tab};
pub use filter::{FilterLine, Offer};
pub use path::PathLine;
pub use popups::{Help, List, ListKind, Page, Palette};
pub use prompt::{Earlier, Field, Prompt, Scope};
pub use session::{Files, Found, Mode, Past, Read, Recorded, Run, Session};
pub use sheet::Sheet;
pub use table::{Folded, Range, Table};
pub use views::Shown;

use super::glyphs::{Glyphs, UNICODE};
use super::keymap::{Action, Keymap};
pub use super::layout::Focus;
use super::layout::{self, Areas, Panes, Split, Wanted};
use super::row_columns::Format;
use super::theme::{Colours, Theme};
use crate::config::Appearance;
use crate::config::screen::Screen;
use crate::domain::probe::Probe;
use crate::domain::profile::{Connection, Profile};
use crate::i18n::Language;

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
    /// The tables that lie behind this one, the latest last.
    pub behind: Vec<Sheet>,
}

impl Model {
    /// The first key of an action; empty where the configuration gives it none.
    #[must_use]
    pub fn key(&self, action: Action) -> &str {
        self.chrome.keymap.key(action)
    }

    /// The model at the start.
    #[must_use]
    pub fn new(profiles: Vec<Profile>, look: Appearance, theme: Theme, time_zone: TimeZone, size: (u16, u16)) -> Self {
        Self {
            table: Table::default(),
            detail: DetailPane::default(),
            session: Session { profiles, ..Session::default() },
            chrome: Chrome {
                look,
                theme,
                colours: Colours::default(),
                own_theme: None,
                shows_unicode: true,
                keymap: Keymap::default(),
                screen: Screen::default(),
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
                pressed: None,
                holds_edge: false,
            },
            behind: Vec::new(),
        }
    }

    /// The current profile.
    #[must_use]
    pub fn profile(&self) -> Option<&Profile> {
        self.session.profiles.get(self.session.current)
    }

    /// How values are shown.
    #[must_use]
    pub fn format(&self) -> Format<'_> {
        self.chrome.format(self.session.opened_at)
    }

    /// When the next round of a watch is due; nothing while one is sent, or anything else.
    #[must_use]
    pub fn next_round(&self) -> Option<Instant> {
        self.session.watching.as_ref().filter(|_| !self.session.run.running).map(|watching| watching.due)
    }

    /// Where things stand. `None` when the screen is too small.
    #[must_use]
    pub fn areas(&self) -> Option<Areas> {
        let chrome = &self.chrome;
        let panes = if self.table.order.is_empty() { Panes::Table } else { chrome.panes };
        // While rows arrive the split stands still.
        let rows = if self.session.run.running { usize::MAX } else { self.table.length() };
        let rows = if self.table.order.is_empty() { usize::MAX } else { rows };
        let wanted = Wanted { size: chrome.size, panes, focus: chrome.focus, split: chrome.split, rows };
        let areas = layout::areas(wanted)?;
        let filtering = matches!(chrome.layers.last(), Some(Layer::Filter(_)));
        Some(if filtering { areas.with_last_lines(3) } else { areas })
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
        let place = self.table.rows.probe(row).checked_sub(1)?;
        self.session.probes.get(place as usize)
    }

    /// Says something in the last line for a while.
    pub fn say(&mut self, text: impl Into<String>, now: Instant) {
        self.set_status(text.into(), StatusKind::Note, Some(now + STATUS_TIME));
    }

    /// Says for a while what was done.
    pub fn say_done(&mut self, text: impl Into<String>, now: Instant) {
        self.set_status(text.into(), StatusKind::Done, Some(now + STATUS_TIME));
    }

    /// Says why something cannot be done, until the next key.
    pub fn say_mistake(&mut self, text: impl Into<String>) {
        self.set_status(text.into(), StatusKind::Mistake, None);
    }

    /// Says shortly that a key does nothing.
    pub fn say_no_meaning(&mut self, text: impl Into<String>, now: Instant) {
        self.set_status(text.into(), StatusKind::Note, Some(now + NO_MEANING_TIME));
    }

    fn set_status(&mut self, text: String, kind: StatusKind, until: Option<Instant>) {
        self.chrome.status = Some(Status { text, kind, until });
    }
}
