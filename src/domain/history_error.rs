//! Why the history cannot be used.

use std::path::{Path, PathBuf};

use strum::EnumCount;

use super::read_failure::ReadFailure;

/// Why a history cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HistoryError {
    /// Its file.
    pub file: PathBuf,
    /// What is wrong with it.
    pub flaw: HistoryFlaw,
}

impl HistoryError {
    /// An error of a file.
    #[must_use]
    pub fn new(file: &Path, flaw: HistoryFlaw) -> Self {
        Self { file: file.to_owned(), flaw }
    }
}

/// What is wrong with a history.
#[derive(Clone, Debug, PartialEq, Eq, EnumCount)]
pub enum HistoryFlaw {
    /// A directory or a device.
    NotAFile,
    /// The file or its directory cannot be created.
    NotCreated(ReadFailure),
    /// Others can read it, and its mode cannot be changed.
    Readable {
        /// Its mode.
        mode: u32,
        /// Why the mode stays.
        failure: ReadFailure,
    },
    /// The database of another program.
    Foreign,
    /// Written by a later version.
    Newer {
        /// Its format.
        format: i64,
        /// The latest format that this version knows.
        known: i64,
    },
    /// Not a database, or a damaged one.
    Damaged,
    /// Another program uses it.
    Locked,
    /// It cannot be written.
    NotWritable,
    /// The disk is full.
    DiskFull,
    /// The disk fails.
    DiskError,
    /// What `SQLite` says.
    Sqlite(String),
    /// What the JSON reader says about a record.
    Record(String),
    /// A file of it was deleted, moved or replaced during the run.
    Gone {
        /// The file's name.
        name: String,
        /// The failures that were recorded before.
        recorded: u64,
    },
}

/// Why failures are missing in the history.
#[derive(Clone, Debug, PartialEq, Eq, EnumCount)]
pub enum NotRecorded {
    /// The rest of the session is not recorded.
    Stopped(HistoryError),
    /// What was recorded is lost.
    Lost(HistoryError),
}
