//! What must be done outside: data, performed by one runner.

use std::path::PathBuf;
use std::sync::Arc;

use crate::config::save::Edit;
use crate::domain::credentials::Credentials;
use crate::domain::probe::{Probe, RequestOptions};
use crate::domain::profile::{Connection, Profile};
use crate::domain::record::Record;
use crate::i18n::Language;
use crate::report::ticket::{Keys, Who};
use crate::store::worker::Request;

/// Effects in the order they are to be performed.
pub type Effects = Vec<Effect>;

/// One thing to do.
#[derive(Debug)]
pub enum Effect {
    /// Send these probes.
    StartRun(Vec<Probe>, Arc<Connection>),
    /// Send these probes and run the checks on every failure.
    StartChecked(Vec<Probe>, Arc<Connection>),
    /// Send these probes as a round of a watch: what comes of them is neither kept nor recorded.
    StartRound(Vec<Probe>, Arc<Connection>),
    /// Keep these records as rows, and record their failures.
    Keep(Vec<Arc<Record>>, Arc<Connection>),
    /// Stop sending.
    CancelRun,
    /// Look what the history holds; to be offered when it `opens`.
    FindRuns {
        /// A person asked for it.
        opens: bool,
    },
    /// Look which requests the history holds, for the search in the probe prompt.
    FindSent,
    /// Read these failures of the history into a table of their own.
    OpenHistory(Earlier),
    /// Read these files into a table of their own.
    OpenFiles(Vec<PathBuf>),
    /// Give up the rows that were opened last; those before them are the rows again.
    CloseEarlier,
    /// Look into a folder.
    ListFolder(String),
    /// Read the files and the list of buckets that the probe prompt names.
    FindTargets(Box<FindTargets>),
    /// Look for errors in a pasted text.
    ReadPasted(Box<Pasted>),
    /// Run the checks on the failure in this row.
    Check {
        /// The row.
        row: u32,
        /// Its probe.
        probe: Box<Probe>,
        /// The connection it went over.
        connection: Arc<Connection>,
        /// It is a row of this session, whose record is kept as such in the history.
        recorded: bool,
    },
    /// Stop the checks.
    CancelChecks,
    /// Start the sandbox and send its prepared probes.
    OpenSandbox,
    /// Load a profile, which may run a program for its credentials.
    LoadProfile(String),
    /// Order the rows.
    Order(Request),
    /// Read the record of a row.
    LoadDetail(u32),
    /// Read the records of two rows, to be compared.
    ReadPair([u32; 2]),
    /// Copy text; the label says what it is.
    Copy {
        /// What is copied, for the status line.
        label: String,
        /// The text.
        text: String,
    },
    /// Copy these rows, which have to be read first.
    CopyRows {
        /// What of them.
        what: CopyRows,
        /// Their numbers.
        rows: Vec<u32>,
    },
    /// Compose a support ticket of these rows.
    Ticket {
        /// Their numbers.
        rows: Vec<u32>,
        /// Who sent the first of them, if this session did.
        who: Option<Who>,
        /// Hosts of the proxies that it went by.
        proxies: Vec<String>,
        /// The keys that get what it lacks.
        keys: Keys,
        /// To a file rather than to the clipboard.
        to_file: bool,
    },
    /// Write these rows as CSV.
    SaveCsv(Vec<u32>),
    /// Write these rows' records to an evidence file.
    SaveEvidence(Vec<u32>),
    /// Put a note on a row; an empty one takes it away.
    SaveNote {
        /// The row.
        row: u32,
        /// The note.
        note: String,
        /// How the row's request was sent, whose secrets must not be in the note.
        sent: Option<Box<(Probe, Arc<Connection>)>>,
    },
    /// Save these values in the configuration file.
    SaveSettings(PathBuf, Vec<Edit>),
    /// Use this language from now on.
    Speak(Language),
    /// Open an address in a browser.
    Open(String),
    /// Take the mouse or give it back.
    TakeMouse(bool),
    /// Redraw everything.
    Redraw,
    /// Stop the process until it is continued.
    Suspend,
    /// Leave, and print these lines when the terminal is given back.
    Quit(Vec<String>),
}

/// What of the history is asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Earlier {
    /// As typed: a time, such as `7d`, then words of the filter.
    pub asked: String,
    /// Of one run of this program.
    pub run: Option<i64>,
}

/// Where the probe prompt's targets are.
#[derive(Debug)]
pub struct FindTargets {
    /// The field as typed, to know the answer by.
    pub text: String,
    /// Files with one target a line.
    pub files: Vec<String>,
    /// Ask for the account's list of buckets.
    pub lists: bool,
    /// The profile to ask with.
    pub profile: Profile,
    /// What every probe gets.
    pub extras: RequestOptions,
}

/// A pasted text.
#[derive(Debug)]
pub struct Pasted {
    /// The text.
    pub text: String,
    /// Credentials of the session, which must not be kept.
    pub credentials: Vec<Arc<Credentials>>,
}

/// What of a row is copied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CopyRows {
    /// The record as JSON.
    Json,
    /// The request as a curl line.
    Curl,
    /// What a chat needs, in one line.
    Line,
}
