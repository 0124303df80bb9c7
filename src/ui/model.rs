//! Everything the screen shows, in one value that only `update` changes.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::tz::TimeZone;
use ratatui::text::Line;
use tui_input::Input;
use unicode_width::UnicodeWidthStr;

use super::layout::{self, Areas, Panes};
use super::theme::Theme;
use crate::config::Look;
use crate::domain::counts::Counts;
use crate::domain::language::{Language, tell};
use crate::domain::probe::{Extras, Probe};
use crate::domain::profile::{Connection, Profile};
use crate::domain::query::QueryError;
use crate::domain::record::Record;
use crate::store::{Groups, Rows, View};

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
    pub fn labels(columns: usize, current: Self, language: Language) -> [String; 5] {
        let full = |tab: Self, place: usize| format!("{place} {}", tab.title(language));
        let whole: usize = Self::ALL.iter().map(|tab| tab.title(language).width() + 5).sum();
        let mut place = 0;
        Self::ALL.map(|tab| {
            place += 1;
            if whole < columns || tab == current { full(tab, place) } else { place.to_string() }
        })
    }

    /// Its name.
    #[must_use]
    pub fn title(self, language: Language) -> Cow<'static, str> {
        match self {
            Self::Verdict => tell!(language, "Verdict"),
            Self::Headers => tell!(language, "Headers"),
            Self::Body => tell!(language, "Body"),
            Self::Request => tell!(language, "Request"),
            Self::Timing => tell!(language, "Timing"),
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
    /// A note being written on a row.
    Note {
        /// The row.
        row: u32,
        /// The text, line feeds in it.
        input: Input,
    },
    /// What to sort by.
    SortMenu,
    /// Which profile to send as; the place of the cursor.
    Profiles(usize),
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

/// Groups up to this number are put in order with every batch of rows.
const RESORTED: usize = 10_000;

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
        // So many groups are not put in order again for every batch: new ones go to the end, where
        // groups of one belong.
        if self.groups.len() > RESORTED {
            let known = u32::try_from(self.lines.len()).unwrap_or(u32::MAX);
            self.lines.extend(known..u32::try_from(self.groups.len()).unwrap_or(u32::MAX));
        } else if !numbers.is_empty() {
            self.lines = self.groups.by_count();
        }
    }
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
    /// Nothing is sent: rows that were given are read.
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

/// What the history has of this session.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Recorded {
    /// Failures in it.
    pub failures: u64,
    /// It takes no more.
    pub stopped: bool,
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
    /// Profiles that are loaded when they are chosen, or cannot be: the name, and why.
    pub waiting: Vec<(String, String)>,
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
    /// The language of everything that is ours.
    pub language: Language,
    /// For times of day.
    pub time_zone: TimeZone,
    /// Columns and rows of the terminal.
    pub size: (u16, u16),
    /// Every probe of the session and the connection it went over; a record's id is its place here,
    /// from 1.
    pub probes: Vec<(Probe, Arc<Connection>)>,
    /// All rows.
    pub rows: Rows,
    /// So many of them, the first ones, were given: no probe of this session is behind them.
    pub given: u32,
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
    /// Rows that failed the same way are to be shown as one.
    pub fold: bool,
    /// The groups of `order`, while they are what is shown.
    pub folded: Option<Folded>,
    /// Marked rows, shown or not.
    pub marks: BTreeSet<u32>,
    /// The selected place in `order`, or among the groups.
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
    /// The row whose failure is being checked.
    pub checking: Option<u32>,
    /// Totals of the session.
    pub counts: Counts,
    /// What the history has of this session.
    pub recorded: Recorded,
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
            waiting: Vec::new(),
            current: 0,
            no_profile: false,
            in_sandbox: false,
            opening_sandbox: false,
            extras: Extras::default(),
            remarks: Vec::new(),
            look,
            theme,
            language: Language::En,
            time_zone,
            size,
            probes: Vec::new(),
            rows: Rows::default(),
            given: 0,
            view: View::default(),
            filter: String::new(),
            filter_error: None,
            order: Vec::new(),
            fold: false,
            folded: None,
            marks: BTreeSet::new(),
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
            checking: None,
            counts: Counts::default(),
            recorded: Recorded::default(),
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

    /// The number of the selected row; of a group's, the first.
    #[must_use]
    pub fn selected(&self) -> Option<u32> {
        match (&self.folded, self.selected_group()) {
            (Some(folded), Some(group)) => folded.groups.get(group).map(|group| group.row),
            (Some(_), None) => None,
            (None, _) => self.order.get(self.cursor).copied(),
        }
    }

    /// The number of the selected group, while groups are shown.
    #[must_use]
    pub fn selected_group(&self) -> Option<u32> {
        self.folded.as_ref()?.lines.get(self.cursor).copied()
    }

    /// How many lines the table has: rows, or groups.
    #[must_use]
    pub fn length(&self) -> usize {
        self.folded.as_ref().map_or(self.order.len(), |folded| folded.lines.len())
    }

    /// How many rows [`Self::picked`] gives.
    #[must_use]
    pub fn picked_count(&self) -> usize {
        let group = self.selected_group().and_then(|group| self.folded.as_ref()?.groups.get(group));
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
        match (&self.folded, self.selected_group()) {
            (Some(folded), Some(group)) => folded.groups.members(&self.rows, &self.order, group),
            _ => self.selected().into_iter().collect(),
        }
    }

    /// The probe behind a row and the connection it went over; `None` for a row that was given.
    #[must_use]
    pub fn probe(&self, row: u32) -> Option<&(Probe, Arc<Connection>)> {
        let place = self.rows.probe(row).checked_sub(1).filter(|_| row >= self.given)?;
        self.probes.get(place as usize)
    }

    /// Says something in the footer for a while.
    pub fn say(&mut self, text: impl Into<String>, now: Instant) {
        self.status = Some(Status { text: text.into(), until: now + STATUS_TIME });
    }
}
