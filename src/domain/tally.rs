//! How many probes ended how.

use std::time::Duration;

use super::record::Outcome;
use crate::i18n::{Language, tell};

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

    /// The counts as a person reads them.
    #[must_use]
    pub fn in_words(&self, planned: usize, took: Duration, language: Language) -> String {
        let mut parts = vec![tell!(language, "%{failed} failed, %{ok} ok", failed = self.failed, ok = self.succeeded)];
        if self.not_configured > 0 {
            parts.push(tell!(language, "%{n} not configured", n = self.not_configured));
        }
        if self.not_supported > 0 {
            parts.push(tell!(language, "%{n} not supported", n = self.not_supported));
        }
        if self.total() < planned {
            parts.push(tell!(language, "%{n} not finished", n = planned - self.total()));
        }
        let counts = parts.join(&tell!(language, ", "));
        let took = match took.as_millis() {
            ms @ ..1000 => format!("{ms} ms"),
            _ => format!("{:.1} s", took.as_secs_f64()),
        };
        tell!(language, "%{counts} in %{took}", counts = counts, took = took).into_owned()
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_run_is_told_in_milliseconds() {
        let took = |ms| Tally::default().in_words(0, Duration::from_millis(ms), Language::En);
        assert_eq!(
            [0, 84, 999, 1000].map(took),
            ["0 ms", "84 ms", "999 ms", "1.0 s"].map(|t| format!("0 failed, 0 ok in {t}"))
        );
    }

    #[test]
    fn only_what_there_is_is_said() {
        let counts = Tally { failed: 1, succeeded: 2, not_configured: 2, not_supported: 0 };
        let told = |counts: Tally, language| counts.in_words(9, Duration::from_millis(1240), language);
        assert_eq!(told(counts, Language::En), "1 failed, 2 ok, 2 not configured, 4 not finished in 1.2 s");
        assert_eq!(told(counts, Language::Zh), "失败 1，成功 2，未配置 2，未完成 4，用时 1.2 s");
        assert_eq!(told(Tally { failed: 9, ..Tally::default() }, Language::En), "9 failed, 0 ok in 1.2 s");
    }
}
