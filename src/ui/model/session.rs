//! What the session knows in addition to its rows: profiles, probes, and how the run goes.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use jiff::civil::Date;

use crate::domain::check::Check;
use crate::domain::probe::{Probe, RequestOptions};
use crate::domain::profile::{Connection, Profile};
use crate::domain::severity::Severity;
use crate::domain::tally::Tally;
use crate::import::Unit;
use crate::store::history::Runs;
use crate::ui::model::watch::Watching;

/// Where the rows are from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Mode {
    /// They are sent from here.
    #[default]
    Live,
    /// They were recorded earlier.
    History(Found),
    /// They are read from files.
    Import(Files),
}

/// What was asked of the history.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// Failures in it, whether they were asked for or not.
    pub all: usize,
    /// Not before then, as given.
    pub since: Option<String>,
}

/// The files that rows are read from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Files {
    /// Their names, as given.
    pub names: Vec<String>,
    /// What became of them, once all are read.
    pub read: Option<Read>,
}

/// What became of files.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Read {
    /// How many lines, entries or records they hold, and which of the three.
    pub units: (u64, Unit),
    /// Those of them that were not understood.
    pub not_understood: u64,
    /// Requests that did not fail and have no row.
    pub passed: u64,
    /// Files that could not be read, or not to their end.
    pub broken: usize,
    /// A line or two for each file.
    pub lines: Vec<String>,
}

impl Read {
    /// Whether everything was read and understood.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.not_understood == 0 && self.broken == 0
    }
}

/// What the rows that were not sent from here tell as they come.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Past {
    /// The profiles they were sent as.
    pub profiles: BTreeSet<String>,
    /// Rows of each day, by its date where the person is.
    pub days: BTreeMap<Date, u32>,
}

/// The session's state.
#[derive(Debug, Default)]
pub struct Session {
    /// Where the rows are from.
    pub mode: Mode,
    /// When the screen was opened: ages count from here.
    pub opened_at: Timestamp,
    /// What the rows that were not sent from here tell.
    pub past: Past,
    /// Profiles that can be chosen.
    pub profiles: Vec<Profile>,
    /// Profiles that are loaded when they are chosen, or cannot be: the name, and why.
    pub unresolved_profiles: Vec<(String, String)>,
    /// The current one's place among them.
    pub current: usize,
    /// There are no credentials, and unsigned requests were not asked for.
    pub is_unsigned_start: bool,
    /// The requests go to the sandbox.
    pub in_sandbox: bool,
    /// The sandbox is being made.
    pub opening_sandbox: bool,
    /// What every probe gets in addition to its operation.
    pub extras: RequestOptions,
    /// What the command line wants said.
    pub remarks: Vec<String>,
    /// Every probe of the session and the connection it went over; a record's id is its place here,
    /// from 1.
    pub probes: Vec<(Probe, Arc<Connection>)>,
    /// What is being sent.
    pub run: Run,
    /// The places in `probes` of what was sent last.
    pub last_run: Range<usize>,
    /// What is sent again and again.
    pub watching: Option<Watching>,
    /// Seconds between two rounds, once they were chosen.
    pub watch_seconds: Option<u32>,
    /// What the history holds, once that was looked at.
    pub runs: Option<Runs>,
    /// What is shown without credentials.
    pub first_run: FirstRun,
    /// The row whose failure is being checked.
    pub checking: Option<u32>,
    /// Of each row that was checked, the checks that were planned at some time, whether they were sent
    /// or not.
    pub planned_checks: BTreeMap<u32, Vec<Check>>,
    /// Totals of the session.
    pub counts: Tally,
    /// Rows of each severity.
    pub severities: Severities,
    /// What the history has of this session.
    pub recorded: Recorded,
    /// Targets to offer in the prompt, latest first.
    pub targets: Vec<String>,
}

/// Rows of each severity.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Severities([usize; Severity::ALL.len()]);

impl Severities {
    /// Counts one.
    pub fn add(&mut self, severity: Severity) {
        self.add_many(severity, 1);
    }

    /// Counts as many.
    pub fn add_many(&mut self, severity: Severity, many: usize) {
        self.0[severity as usize] += many;
    }

    /// How many there are of one.
    #[must_use]
    pub fn of(&self, severity: Severity) -> usize {
        self.0[severity as usize]
    }
}

/// Seconds without a response after which the wait is shown.
const LONG_WAIT: u64 = 10;

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
    /// Seconds without an answer, once they are worth telling.
    pub waited: u64,
    /// It is going on.
    pub running: bool,
    /// It was cancelled.
    pub cancelled: bool,
    /// How its probes ended.
    pub counts: Tally,
    /// Nothing is sent: rows are read from the history or from files.
    pub reading: bool,
    /// It is a round of a watch.
    pub is_round: bool,
    /// The person asked for it, so its first row shown is to be selected.
    pub select_first: bool,
}

impl Run {
    /// When it is next to be told how long nothing was answered.
    #[must_use]
    pub fn tells_at(&self) -> Option<Instant> {
        let since = self.latest.or(self.started).filter(|_| self.running && !self.reading)?;
        Some(since + Duration::from_secs((self.waited + 1).max(LONG_WAIT)))
    }

    /// Takes note of how long nothing was answered.
    pub fn wait(&mut self, now: Instant) {
        if let Some(since) = self.latest.or(self.started).filter(|_| self.running && !self.reading) {
            let seconds = now.saturating_duration_since(since).as_secs();
            self.waited = if seconds < LONG_WAIT { 0 } else { seconds };
        }
    }

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

/// What the screen shows while there are no credentials.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FirstRun {
    /// Where credentials were looked for and not found.
    pub looked_for: Vec<String>,
    /// The configuration file.
    pub config: String,
}
