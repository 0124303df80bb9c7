//! Everything the screen shows, in one value that only `update` changes.

use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::tz::TimeZone;
use ratatui::text::Line;
use tui_input::Input;

use super::layout::{self, Areas, Panes};
use super::theme::Theme;
use crate::config::Look;
use crate::domain::counts::Counts;
use crate::domain::probe::{Extras, Probe};
use crate::domain::profile::{Connection, Profile};
use crate::domain::query::QueryError;
use crate::domain::record::Record;
use crate::store::{Rows, View};

/// The pane that gets keys.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Focus {
    /// The table.
    #[default]
    Table,
    /// The detail.
    Detail,
}

/// The tabs of the detail.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tab {
    /// Why it failed.
    #[default]
    Verdict,
    /// The answer and its headers.
    Headers,
    /// The body.
    Body,
    /// The request as sent.
    Request,
    /// Where the time went.
    Timing,
}

impl Tab {
    /// All of them, in order.
    pub const ALL: [Self; 5] = [Self::Verdict, Self::Headers, Self::Body, Self::Request, Self::Timing];

    /// What the tabs of a detail so wide are called: number and title, or the number alone for all but
    /// the current one where they do not fit.
    #[must_use]
    pub fn labels(columns: usize, current: Self) -> [String; 5] {
        let full = |tab: Self, place: usize| format!("{place} {}", tab.title());
        let whole: usize = Self::ALL.iter().map(|tab| tab.title().len() + 5).sum();
        let mut place = 0;
        Self::ALL.map(|tab| {
            place += 1;
            if whole < columns || tab == current { full(tab, place) } else { place.to_string() }
        })
    }

    /// Its name.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Verdict => "Verdict",
            Self::Headers => "Headers",
            Self::Body => "Body",
            Self::Request => "Request",
            Self::Timing => "Timing",
        }
    }
}

/// What lies over the main screen and gets keys first.
#[derive(Debug)]
pub enum Layer {
    /// The help text, scrolled so far.
    Help(usize),
    /// The filter being typed.
    Filter(Input),
    /// The probe prompt.
    Prompt(Prompt),
    /// What to copy.
    CopyMenu,
    /// What to sort by.
    SortMenu,
    /// So many requests are about to be sent again.
    ConfirmRerun(Vec<u32>),
    /// Text for the person to select, since it could not be copied.
    Select {
        /// Why it is shown.
        reason: String,
        /// The text.
        text: String,
    },
}

/// The probe prompt's fields.
#[derive(Debug, Default)]
pub struct Prompt {
    /// Bucket, key or URL.
    pub target: Input,
    /// Suite or operation; empty means `quick`.
    pub what: Input,
    /// The profile's name.
    pub profile: Input,
    /// Which of them is typed into: 0, 1 or 2.
    pub field: usize,
}

/// The selected row's record and the text made of it.
#[derive(Clone, Debug)]
pub struct Detail {
    /// The row.
    pub row: u32,
    /// Its record.
    pub record: Arc<Record>,
    /// The current tab's text, wrapped to the pane.
    pub lines: Vec<Line<'static>>,
}

/// What is being sent.
#[derive(Clone, Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "independent facts, each its own")]
pub struct Run {
    /// When it began; `None` before the first.
    pub started: Option<Instant>,
    /// Probes of this run.
    pub planned: usize,
    /// Answers of this run so far.
    pub done: usize,
    /// When the last answer came.
    pub latest: Option<Instant>,
    /// It is going on.
    pub running: bool,
    /// It was cancelled.
    pub cancelled: bool,
    /// How its probes ended.
    pub counts: Counts,
    /// Nothing is sent: files are read.
    pub reading: bool,
    /// The person asked for it, so its first row shown is to be selected.
    pub select_first: bool,
}

impl Run {
    /// From the start to the latest answer.
    #[must_use]
    pub fn took(&self) -> Duration {
        self.started.zip(self.latest).map_or(Duration::ZERO, |(started, latest)| latest - started)
    }
}

/// The footer's message.
#[derive(Clone, Debug)]
pub struct Status {
    /// What it says.
    pub text: String,
    /// When it goes.
    pub until: Instant,
}

/// How long a message stands in the footer.
pub const STATUS_TIME: Duration = Duration::from_secs(4);

/// The whole state of the screen.
#[derive(Debug)]
#[expect(clippy::struct_excessive_bools, reason = "independent facts, each its own")]
pub struct Model {
    /// Profiles that can be chosen.
    pub profiles: Vec<Profile>,
    /// The current one's place among them.
    pub current: usize,
    /// There is nothing to sign with, and nobody asked for unsigned requests.
    pub no_profile: bool,
    /// The requests go to the sandbox.
    pub in_sandbox: bool,
    /// The sandbox is being made.
    pub opening_sandbox: bool,
    /// What every probe gets beside its operation.
    pub extras: Extras,
    /// What the command line wants said.
    pub remarks: Vec<String>,
    /// Look and address of the diagnosis tool.
    pub look: Look,
    /// Styles.
    pub theme: Theme,
    /// For times of day.
    pub time_zone: TimeZone,
    /// Columns and rows of the terminal.
    pub size: (u16, u16),
    /// Every probe of the session and the connection it went over; a record's id is its place here,
    /// from 1.
    pub probes: Vec<(Probe, Arc<Connection>)>,
    /// All rows.
    pub rows: Rows,
    /// How they are shown.
    pub view: View,
    /// The filter as typed.
    pub filter: String,
    /// Why the filter being typed cannot be read.
    pub filter_error: Option<QueryError>,
    /// The shown rows.
    pub order: Vec<u32>,
    /// The latest ordering asked for, and the latest that came.
    pub generation: (u64, u64),
    /// The selected place in `order`.
    pub cursor: usize,
    /// The first visible place in `order`.
    pub top: usize,
    /// Stay on the newest row.
    pub follow: bool,
    /// The cursor was put where it is; until then it stays on the first row, whichever that is.
    pub moved: bool,
    /// The selected row's detail, once it is read.
    pub detail: Option<Detail>,
    /// The row whose detail was asked for last, so that one that cannot be read is not asked for for ever.
    pub detail_asked: Option<u32>,
    /// The first visible line of the detail.
    pub detail_top: usize,
    /// The tab.
    pub tab: Tab,
    /// The body as it came.
    pub raw: bool,
    /// The pane in focus.
    pub focus: Focus,
    /// Which panes are shown.
    pub panes: Panes,
    /// What lies over it, the last one on top.
    pub layers: Vec<Layer>,
    /// What is being sent.
    pub run: Run,
    /// Totals of the session.
    pub counts: Counts,
    /// The footer's message.
    pub status: Option<Status>,
    /// Targets to offer in the prompt, latest first.
    pub targets: Vec<String>,
    /// Nothing is shown any more.
    pub leaving: bool,
}

impl Model {
    /// The model at the start.
    #[must_use]
    pub fn new(profiles: Vec<Profile>, look: Look, theme: Theme, time_zone: TimeZone, size: (u16, u16)) -> Self {
        Self {
            profiles,
            current: 0,
            no_profile: false,
            in_sandbox: false,
            opening_sandbox: false,
            extras: Extras::default(),
            remarks: Vec::new(),
            look,
            theme,
            time_zone,
            size,
            probes: Vec::new(),
            rows: Rows::default(),
            view: View::default(),
            filter: String::new(),
            filter_error: None,
            order: Vec::new(),
            generation: (0, 0),
            cursor: 0,
            top: 0,
            follow: false,
            moved: false,
            detail: None,
            detail_asked: None,
            detail_top: 0,
            tab: Tab::default(),
            raw: false,
            focus: Focus::default(),
            panes: Panes::default(),
            layers: Vec::new(),
            run: Run::default(),
            counts: Counts::default(),
            status: None,
            targets: Vec::new(),
            leaving: false,
        }
    }

    /// The current profile.
    #[must_use]
    pub fn profile(&self) -> Option<&Profile> {
        self.profiles.get(self.current)
    }

    /// Where things stand. `None` when the screen is too small.
    #[must_use]
    pub fn areas(&self) -> Option<Areas> {
        let panes = if self.order.is_empty() { Panes::Table } else { self.panes };
        layout::areas(self.size.0, self.size.1, panes, self.focus == Focus::Detail)
    }

    /// The number of the selected row.
    #[must_use]
    pub fn selected(&self) -> Option<u32> {
        self.order.get(self.cursor).copied()
    }

    /// Says something in the footer for a while.
    pub fn say(&mut self, text: impl Into<String>, now: Instant) {
        self.status = Some(Status { text: text.into(), until: now + STATUS_TIME });
    }
}
