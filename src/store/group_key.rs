//! What the rows of one group share.

use super::group_by::By;
use super::rows::Rows;
use crate::domain::failure_key::FailureKey;

/// Milliseconds of an hour.
const HOUR_MS: i64 = 3_600_000;

/// What the rows of one group share.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Key {
    /// How they failed.
    Failure(FailureKey<String>),
    /// Code, and the Message without what varies.
    CodeAndMessage(String, String),
    /// A cause, bucket, region, node or profile; empty where rows tell none.
    Text(By, String),
    /// The HTTP status; 0 when none arrived.
    Status(u16),
    /// The hour, counted from the start of Unix time.
    Hour(i64),
}

impl Key {
    /// The key of a row.
    #[must_use]
    pub fn of(rows: &Rows, number: u32, by: By) -> Self {
        match by {
            By::Failure => Self::Failure(rows.kind(number).map(|text| (*text).to_owned())),
            By::CodeAndMessage => {
                let kind = rows.kind(number);
                Self::CodeAndMessage(kind.code.to_owned(), kind.shape.to_owned())
            }
            By::Status => Self::Status(rows.get(number).status),
            By::Hour => Self::Hour(rows.time_ms(number).div_euclid(HOUR_MS)),
            by => Self::Text(by, text(rows, number, by).to_owned()),
        }
    }

    /// Whether a row is of this group.
    #[must_use]
    pub fn holds(&self, rows: &Rows, number: u32) -> bool {
        match self {
            Self::Failure(kind) => rows.kind(number) == kind.map(String::as_str),
            Self::CodeAndMessage(code, shape) => {
                let kind = rows.kind(number);
                (kind.code, kind.shape) == (code.as_str(), shape.as_str())
            }
            Self::Text(by, shared) => text(rows, number, *by) == shared,
            Self::Status(status) => rows.get(number).status == *status,
            Self::Hour(hour) => rows.time_ms(number).div_euclid(HOUR_MS) == *hour,
        }
    }

    /// When the hour began, in Unix milliseconds; `None` for a key that is not an hour.
    #[must_use]
    pub fn hour_ms(&self) -> Option<i64> {
        match self {
            Self::Hour(hour) => Some(hour * HOUR_MS),
            _ => None,
        }
    }
}

fn text(rows: &Rows, number: u32, by: By) -> &str {
    let row = rows.get(number);
    match by {
        By::Bucket => row.bucket(),
        By::Cause => row.cause,
        By::Region => row.region,
        By::Node => row.node,
        By::Profile => row.profile,
        By::Failure | By::CodeAndMessage | By::Status | By::Hour => "",
    }
}
