//! Why the history cannot be used.

use std::path::{Path, PathBuf};

use rusqlite::ErrorCode;

/// One line: the file, the problem, and the remedy.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("history {path}: {what}. COSDIAG_HISTORY names another file", path = .0.display(), what = .1)]
pub struct HistoryError(PathBuf, String);

impl HistoryError {
    pub(super) fn new(path: &Path, what: &str) -> Self {
        Self(path.to_owned(), what.to_owned())
    }

    pub(super) fn of(path: &Path, error: &rusqlite::Error) -> Self {
        let what = match error.sqlite_error_code() {
            Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt) => {
                "not a valid history database (damaged?). Move it aside and cosdiag will create a new one"
            }
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
                "locked by another program. Close that program"
            }
            Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied | ErrorCode::CannotOpen) => {
                "cannot be written. Check the permissions of the file and of its directory"
            }
            Some(ErrorCode::DiskFull) => "the disk is full. Free some space",
            Some(ErrorCode::SystemIoFailure) => "disk I/O error. Check free space, quota and the disk itself",
            _ => return Self(path.to_owned(), error.to_string()),
        };
        Self::new(path, what)
    }
}
