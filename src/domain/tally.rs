//! How many probes ended how, and how fast.

use std::time::Duration;

use super::record::Outcome;

/// How many probes ended how.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Failures.
    pub failed: usize,
    /// Successes.
    pub succeeded: usize,
    /// Sub-resources that are not set.
    pub not_configured: usize,
    /// Sub-resources that the store does not have.
    pub not_supported: usize,
}

impl Tally {
    /// Counts a record.
    pub fn add(&mut self, outcome: Outcome) {
        match outcome {
            Outcome::Failure => self.failed += 1,
            Outcome::Success => self.succeeded += 1,
            Outcome::NotConfigured => self.not_configured += 1,
            Outcome::NotSupported => self.not_supported += 1,
        }
    }

    /// Everything counted.
    #[must_use]
    pub fn total(&self) -> usize {
        self.failed + self.succeeded + self.not_configured + self.not_supported
    }
}

/// How fast a run is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rate {
    /// Responses per second.
    pub per_second: f64,
    /// The time left at this rate.
    pub left: Duration,
}

/// Returns the rate of a run, once it has run long enough to tell.
#[must_use]
#[expect(clippy::cast_precision_loss, reason = "for the eye")]
pub fn rate(done: usize, planned: usize, took: Duration) -> Option<Rate> {
    let seconds = took.as_secs_f64();
    if done == 0 || seconds < 0.2 {
        return None;
    }
    let per_second = done as f64 / seconds;
    let left = Duration::from_secs_f64((planned.saturating_sub(done) as f64 / per_second).min(1e9));
    Some(Rate { per_second, left })
}
