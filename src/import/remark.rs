//! What there is to say about the files that are read.

use strum::EnumCount;

use super::detect::Unit;
use super::totals::Totals;
use crate::domain::evidence_error::EvidenceError;
use crate::domain::read_failure::ReadFailure;

/// What there is to say about a file that is read.
#[derive(Clone, Debug, PartialEq, Eq, EnumCount)]
pub enum ImportRemark {
    /// How many of its lines became what.
    Totals(Totals),
    /// It cannot be read.
    Unreadable(FileError),
    /// Anything else.
    File {
        /// The file, as given.
        file: String,
        /// What there is to say about it.
        remark: FileRemark,
    },
}

impl ImportRemark {
    /// A remark on this file.
    pub(crate) fn of(file: impl Into<String>, remark: FileRemark) -> Self {
        Self::File { file: file.into(), remark }
    }
}

/// What there is to say about a file next to its totals.
#[derive(Clone, Debug, PartialEq, Eq, EnumCount)]
pub enum FileRemark {
    /// Its name is that of a gzip, its content is not.
    NotGzip,
    /// It is in this encoding, not UTF-8.
    Encoding(&'static str),
    /// It is HAR of another version than 1.2.
    HarVersion(String),
    /// It cannot be read to its end.
    BrokeOff {
        /// What is counted in it.
        unit: Unit,
        /// How many of them were read.
        after: u64,
        /// Why it ends there.
        failure: ReadFailure,
    },
    /// It is an evidence file, and whole.
    Evidence {
        /// Its records.
        records: u64,
        /// Those of them that are failures.
        failures: u64,
    },
    /// It is an evidence file that cannot be opened.
    EvidenceUnreadable(EvidenceError),
}

/// A file that cannot be read, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileError {
    /// The file, as given.
    pub file: String,
    /// Why it cannot be read.
    pub flaw: FileFlaw,
}

/// Why a file cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, EnumCount)]
pub enum FileFlaw {
    /// The system does not let it be read.
    Io(ReadFailure),
    /// It is a directory.
    Directory,
    /// It is gzip that cannot be unpacked.
    Gzip(ReadFailure),
    /// It is a zip archive.
    Zip,
    /// It is compressed as zstd.
    Zstd,
    /// It is compressed as xz.
    Xz,
    /// It is compressed as bzip2.
    Bzip2,
    /// It is an `SQLite` database.
    Sqlite,
    /// It is other binary data.
    Binary,
}

/// A text without a failure in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoFailure {
    /// What there is to say about it.
    pub said: Vec<ImportRemark>,
}
