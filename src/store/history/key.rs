//! Where the history is, and which failure in it is meant.

use std::path::PathBuf;

use super::prune::Limits;

/// Where failures are recorded, and how many are kept.
#[derive(Clone, Debug)]
pub struct HistoryConfig {
    /// The file.
    pub file: PathBuf,
    /// How much is kept.
    pub limits: Limits,
}

/// Identifies a failure in the history. It stays the same when the failure is written again and is never reused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct HistoryKey {
    pub(super) session: i64,
    pub(super) record: u32,
}
