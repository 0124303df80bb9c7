//! One line of the table: the part of a record that is listed, filtered and sorted.

use super::record::{Outcome, Record};

/// What the table knows of a record. Texts are borrowed from wherever the row lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Row<'a> {
    /// How the probe ended.
    pub outcome: Outcome,
    /// The HTTP status; 0 when none arrived.
    pub status: u16,
    /// Code as shown.
    pub code: &'a str,
    /// Message as shown.
    pub message: &'a str,
    /// The id as copied; empty when there is none.
    pub request_id: &'a str,
    /// What stands where the id is missing.
    pub no_id: &'static str,
    /// The operation.
    pub operation: &'a str,
    /// Bucket and key, or the URL without its scheme.
    pub target: &'a str,
    /// The first verdict's cause; empty when there is none.
    pub cause: &'a str,
    /// Where in the store's code the error was made, inferred (`domain::error_site`); empty when unknown.
    pub site: &'a str,
    /// Unix milliseconds of the start.
    pub time_ms: i64,
    /// Microseconds from start to end of the last attempt.
    pub latency_us: u32,
    /// Exchanges, the GET twin not counted.
    pub tries: u16,
    /// The Code is the GET twin's.
    pub from_twin: bool,
}

/// The retries of a record: its attempts without the GET twin.
#[must_use]
pub fn tries(record: &Record) -> u16 {
    let twins = usize::from(record.twin.is_some());
    u16::try_from(record.attempts.len().saturating_sub(twins)).unwrap_or(u16::MAX)
}
