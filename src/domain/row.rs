//! One line of the table: the part of a record that is listed, filtered and sorted.

use super::column::Column;
use super::dialect::Dialect;
use super::record::{Outcome, Record};
use super::row_target::RowTarget;
use super::severity::Severity;
use super::verdict::Confidence;

/// What the table knows of a record. Texts are borrowed from wherever the row lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Row<'a> {
    /// The kind of its outcome.
    pub severity: Severity,
    /// The HTTP status; 0 when none arrived.
    pub status: u16,
    /// Code as shown.
    pub code: &'a str,
    /// Message as shown.
    pub message: &'a str,
    /// The id as copied; empty when there is none.
    pub request_id: &'a str,
    /// The dialect.
    pub dialect: Dialect,
    /// The HTTP method.
    pub method: &'a str,
    /// The profile's name.
    pub profile: &'a str,
    /// The region; empty when unknown.
    pub region: &'a str,
    /// The host of the URL.
    pub host: &'a str,
    /// The note written on it; empty when there is none.
    pub note: &'a str,
    /// The access node that the id tells (inferred); empty when it tells none.
    pub node: &'a str,
    /// The operation.
    pub operation: &'a str,
    /// What it was for.
    pub target: RowTarget<'a>,
    /// The first verdict's cause; empty when there is none.
    pub cause: &'a str,
    /// How certain the first verdict is; `None` when there is none.
    pub certainty: Option<Confidence>,
    /// Where in the store's code the error was made, inferred (`domain::trace_id`); empty when unknown.
    pub site: &'a str,
    /// Unix milliseconds of the start.
    pub time_ms: i64,
    /// Microseconds from start to end of the last attempt.
    pub latency_us: u32,
    /// Exchanges, the GET twin not counted.
    pub tries: u8,
    /// The Code is the GET twin's.
    pub from_twin: bool,
}

impl<'a> Row<'a> {
    /// The bucket, or the host of a request that names none.
    #[must_use]
    pub fn bucket(&self) -> &'a str {
        self.target.bucket
    }

    /// The text of a column that shows one as it is; `None` for a column that is drawn in a way of its own.
    #[must_use]
    pub fn own_text(&self, column: Column) -> Option<&'a str> {
        match column {
            Column::Cause => Some(self.cause),
            Column::Region => Some(self.region),
            Column::Profile => Some(self.profile),
            Column::Operation => Some(self.operation),
            Column::Node => Some(self.node),
            Column::Host => Some(self.host),
            Column::Status
            | Column::Code
            | Column::Message
            | Column::Request
            | Column::RequestId
            | Column::Sure
            | Column::Time
            | Column::Took => None,
        }
    }

    /// How the probe ended.
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        self.severity.outcome()
    }
}

/// How often a record's request was sent: its attempts without the GET twin.
#[must_use]
pub fn tries(record: &Record) -> u8 {
    let twins = usize::from(record.twin.is_some());
    u8::try_from(record.attempts.len().saturating_sub(twins)).unwrap_or(u8::MAX)
}
