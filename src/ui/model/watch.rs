//! Requests that are sent again and again, to see what changes.

use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::domain::probe::Probe;
use crate::domain::profile::Connection;
use crate::domain::watch::{Changed, Watch};

/// Seconds between two rounds unless others are chosen.
pub const USUAL_SECONDS: u32 = 5;

/// Which requests are to be watched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Watched {
    /// That of the selected row.
    Row,
    /// Those of the marked rows.
    Marked,
    /// All that were sent last.
    Last,
}

/// What is being watched.
#[derive(Debug)]
pub struct Watching {
    /// The requests of a round.
    pub probes: Vec<Probe>,
    /// The connection they go over.
    pub connection: Arc<Connection>,
    /// From the beginning of a round to that of the next one.
    pub every: Duration,
    /// When the next round is due.
    pub due: Instant,
    /// Rounds that were answered.
    pub rounds: u32,
    /// What was answered so far.
    pub seen: Watch,
    /// What changed last.
    pub latest: Option<Changed>,
}
