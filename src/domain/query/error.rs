//! Why a filter could not be read.

use std::ops::Range;

/// Why a filter could not be read, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueryError {
    /// The character at which the word begins that is wrong.
    pub at: usize,
    /// Its characters.
    pub length: usize,
    /// What is wrong with it.
    pub wrong: Wrong,
    /// What was probably meant, and in the place of which characters it belongs.
    pub better: Option<(Range<usize>, String)>,
}

/// What is wrong with a word.
#[derive(Clone, Debug, PartialEq, Eq, strum::EnumCount)]
pub enum Wrong {
    /// No field has this name.
    Field(String),
    /// Not a status.
    Status(String),
    /// Not a latency.
    Latency(String),
    /// Not a certainty.
    Sure(String),
}
