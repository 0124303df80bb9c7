//! Two rows side by side.

use std::sync::Arc;

use crate::domain::record::Record;

/// The comparison on the screen.
#[derive(Debug)]
pub struct Compare {
    /// The rows, A and B.
    pub rows: [u32; 2],
    /// Their records.
    pub records: [Arc<Record>; 2],
    /// Facts that are equal are shown too.
    pub all: bool,
    /// The first visible line.
    pub top: usize,
}
