//! Why the system could not read something.

use std::io::{Error, ErrorKind};

/// Why the system could not read something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadFailure {
    /// Which failure it is.
    pub kind: ErrorKind,
    /// The system's own words, or those of the reader: English.
    pub words: String,
}

impl From<Error> for ReadFailure {
    fn from(error: Error) -> Self {
        Self { kind: error.kind(), words: error.to_string() }
    }
}
