//! What happened: everything that can change the model.

use std::sync::Arc;

use crossterm::event::{KeyEvent, MouseEvent};

use super::clipboard::ClipboardBackend;
use super::model::path::Entry;
use super::model::session::{Mode, Read};
use super::probe_form::Found;
use crate::domain::history_error::NotRecorded;
use crate::domain::occurrence::Occurrence;
use crate::domain::probe::Probe;
use crate::domain::profile::Profile;
use crate::domain::record::Record;
use crate::store::history::Runs;
use crate::store::worker::Ordered;

/// One thing that happened.
#[derive(Debug)]
pub enum Message {
    /// A key was pressed.
    Key(KeyEvent),
    /// Text was pasted.
    Pasted(String),
    /// The mouse did something.
    Mouse(MouseEvent),
    /// The terminal has a new size: columns and rows.
    Resized(u16, u16),
    /// Records came from the engine, or occurrences from where they are read.
    Records(Vec<Occurrence>),
    /// The number of this session's failures that are in the history.
    Recorded(u64),
    /// Failures are not recorded any more, and why.
    NotRecorded(NotRecorded),
    /// Answers of a round of a watch: they are rows only where something changed.
    Watched(Vec<Arc<Record>>),
    /// The run is over.
    Finished,
    /// What the history holds; to be offered when the second part says so.
    RunsFound(Result<Option<Runs>, String>, bool),
    /// Requests that the history holds, the latest first: the values of the prompt's four fields.
    SentFound(Result<Vec<[String; 4]>, String>),
    /// Rows that were not sent from here are about to come, into a table of their own.
    Opened(Mode),
    /// A folder was looked into: as typed, and what is in it.
    FolderListed(String, Vec<Entry>),
    /// The record of a row has a new answer of a check, or waits for one.
    Checked(u32, Arc<Record>),
    /// The checks of a row are over.
    ChecksFinished(u32),
    /// All files are read.
    Read(Read),
    /// The run could not be started.
    NotStarted(String),
    /// Rows were ordered.
    Ordered(Ordered),
    /// The targets that the probe prompt names elsewhere were read: the field as typed, and what was found.
    TargetsFound(String, Result<Found, String>),
    /// A pasted text was looked through: its records, which are rows now, and what is to be said.
    PastedRead(Vec<Arc<Record>>, Option<String>),
    /// The record of a row was read.
    Detail(u32, Arc<Record>),
    /// The record of a row cannot be read, and why.
    NoDetail(u32, String),
    /// The records of two rows were read.
    PairRead([u32; 2], [Arc<Record>; 2]),
    /// These probes were asked for on the command line.
    Send(Vec<Probe>),
    /// The sandbox is up: its profiles, what to send, what to offer.
    SandboxReady(Vec<Profile>, Vec<Probe>, Vec<String>),
    /// A profile was loaded, with what is to be said about it, or it cannot be used.
    ProfileLoaded(Result<(Box<Profile>, Vec<String>), String>),
    /// A row's record has another note.
    Noted(u32, Arc<Record>),
    /// A text was composed and is to be copied, as `label`.
    Composed {
        /// What it is.
        label: String,
        /// The text.
        text: String,
    },
    /// Something was copied.
    Copied {
        /// What it is.
        label: String,
        /// The text, for the person to select where no way took it.
        text: String,
        /// Which way it went.
        way: Option<ClipboardBackend>,
    },
    /// The diagnosis tool was opened, or its address must be shown.
    ToolOpened(Result<(), String>),
    /// Something is to be said in the status line.
    Notice(String),
    /// Something went wrong; shown until the next key.
    Failed(String),
    /// Something that stands for a time is over: a message of the last line, a second of waiting.
    TimeIsUp,
}

impl Message {
    /// Records as they come from the engine.
    #[must_use]
    pub fn records(records: Vec<Arc<Record>>) -> Self {
        Self::Records(records.into_iter().map(Into::into).collect())
    }
}
