//! Why an evidence file cannot be opened.

use std::io;

use strum::EnumCount;

use super::read_failure::ReadFailure;

/// The schema of the evidence files that this version writes and reads.
pub const SCHEMA: &str = "cosdiag.evidence/1";
/// What every version's schema begins with.
pub const FAMILY: &str = "cosdiag.evidence/";

/// Why an evidence file cannot be opened.
#[derive(Clone, Debug, PartialEq, Eq, EnumCount)]
pub enum EvidenceError {
    /// Not such a file at all.
    Foreign,
    /// Written by a later version.
    Newer {
        /// The writer's version.
        version: String,
        /// The writer's schema.
        schema: String,
    },
    /// It ends before its last line.
    Cut {
        /// Whole records before the end.
        records: u64,
    },
    /// A line that is not a record.
    Damaged {
        /// From 1.
        line: u64,
        /// What the JSON reader says about it.
        reason: String,
    },
    /// A line that is longer than any record.
    TooLong {
        /// From 1.
        line: u64,
    },
    /// Every line is one, and yet they are not those that were written.
    Changed(ChangedPart),
    /// It cannot be read.
    Io(ReadFailure),
}

/// What differs from an evidence file's last line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumCount)]
pub enum ChangedPart {
    /// The number of records.
    Count,
    /// The hash of the lines.
    Hash,
    /// Something stands behind it.
    Behind,
}

impl From<io::Error> for EvidenceError {
    fn from(error: io::Error) -> Self {
        Self::Io(error.into())
    }
}
