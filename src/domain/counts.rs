//! How many probes ended how.

use std::fmt::Write;
use std::time::Duration;

use super::record::Outcome;

/// How many probes ended how.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Failures.
    pub failed: usize,
    /// Successes.
    pub succeeded: usize,
    /// Sub-resources that are not set.
    pub not_configured: usize,
}

impl Counts {
    /// Counts a record.
    pub fn add(&mut self, outcome: Outcome) {
        match outcome {
            Outcome::Failure => self.failed += 1,
            Outcome::Success => self.succeeded += 1,
            Outcome::NotConfigured => self.not_configured += 1,
        }
    }

    /// Everything counted.
    #[must_use]
    pub fn total(&self) -> usize {
        self.failed + self.succeeded + self.not_configured
    }

    /// The counts as a person reads them.
    #[must_use]
    pub fn in_words(&self, planned: usize, took: Duration) -> String {
        let mut words = format!("{} failed, {} ok", self.failed, self.succeeded);
        if self.not_configured > 0 {
            let _ = write!(words, ", {} not configured", self.not_configured);
        }
        if self.total() < planned {
            let _ = write!(words, ", {} not sent", planned - self.total());
        }
        format!("{words} in {:.1} s", took.as_secs_f64())
    }
}

/// Answers a second, and the time left in words, once there is something to reckon with.
#[must_use]
#[expect(clippy::cast_precision_loss, reason = "for the eye")]
pub fn pace(done: usize, planned: usize, took: Duration) -> Option<(f64, String)> {
    let seconds = took.as_secs_f64();
    if done == 0 || seconds < 0.2 {
        return None;
    }
    let rate = done as f64 / seconds;
    let left = Duration::from_secs_f64((planned.saturating_sub(done) as f64 / rate).min(1e9)).as_secs();
    let left = match left {
        0..60 => format!("{} s", left + 1),
        60..3600 => format!("{} min {} s", left / 60, left % 60),
        _ => format!("{} h {} min", left / 3600, left % 3600 / 60),
    };
    Some((rate, left))
}
