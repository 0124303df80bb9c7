//! Why a filter could not be read.

use std::fmt;
use std::ops::Range;

use super::FIELDS;

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
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wrong {
    /// No field has this name.
    Field(String),
    /// This is no status.
    Status(String),
    /// This is no latency.
    Latency(String),
    /// This is no certainty.
    Sure(String),
}

impl fmt::Display for QueryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let near = self.better.as_ref();
        let near = near.map(|(_, near)| format!("; did you mean \"{near}\"?")).unwrap_or_default();
        match &self.wrong {
            Wrong::Field(name) => write!(f, "no field \"{name}\"{near} (fields: {})", FIELDS.join(", ")),
            Wrong::Status(text) => write!(f, "\"{text}\" is no status: write 403, 4xx, >=500 or none"),
            Wrong::Latency(text) => write!(f, "\"{text}\" is no latency: write >2s or <150ms"),
            Wrong::Sure(text) => {
                write!(f, "\"{text}\" is no certainty{near}: write certain, likely, possible or none")
            }
        }
    }
}
