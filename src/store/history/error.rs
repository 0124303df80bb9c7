//! Errors of `SQLite` as errors of the history.

use std::path::Path;

use rusqlite::{Error, ErrorCode};

use crate::domain::history_error::{HistoryError, HistoryFlaw};

/// The error of a history in which `SQLite` failed.
pub fn of_sqlite(path: &Path, error: &Error) -> HistoryError {
    let flaw = match error.sqlite_error_code() {
        Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt) => HistoryFlaw::Damaged,
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => HistoryFlaw::Locked,
        Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied | ErrorCode::CannotOpen) => HistoryFlaw::NotWritable,
        Some(ErrorCode::DiskFull) => HistoryFlaw::DiskFull,
        Some(ErrorCode::SystemIoFailure) => HistoryFlaw::DiskError,
        _ => HistoryFlaw::Sqlite(error.to_string()),
    };
    HistoryError::new(path, flaw)
}
