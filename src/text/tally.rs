//! The counts and the rate of a run, as a person reads them.

use std::time::Duration;

use crate::domain::tally::Tally;
use crate::i18n::{Language, tell};

/// Returns the counts of a run and how long it took.
#[must_use]
pub fn summary(tally: &Tally, planned: usize, took: Duration, language: Language) -> String {
    let mut parts = vec![tell!(language, "%{failed} failed, %{ok} ok", failed = tally.failed, ok = tally.succeeded)];
    if tally.not_configured > 0 {
        parts.push(tell!(language, "%{n} not configured", n = tally.not_configured));
    }
    if tally.not_supported > 0 {
        parts.push(tell!(language, "%{n} not supported", n = tally.not_supported));
    }
    if tally.total() < planned {
        parts.push(tell!(language, "%{n} not finished", n = planned - tally.total()));
    }
    let counts = parts.join(&tell!(language, ", "));
    let took = match took.as_millis() {
        ms @ ..1000 => format!("{ms} ms"),
        _ => format!("{:.1} s", took.as_secs_f64()),
    };
    tell!(language, "%{counts} in %{took}", counts = counts, took = took).into_owned()
}

/// Returns a time that is left, rounded up.
#[must_use]
pub fn time_left(left: Duration) -> String {
    match left.as_secs() {
        left @ 0..60 => format!("{} s", left + 1),
        left @ 60..3600 => format!("{} min {} s", left / 60, left % 60),
        left => format!("{} h {} min", left / 3600, left % 3600 / 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_run_is_given_in_milliseconds() {
        let took = |ms| summary(&Tally::default(), 0, Duration::from_millis(ms), Language::En);
        assert_eq!(
            [0, 84, 999, 1000].map(took),
            ["0 ms", "84 ms", "999 ms", "1.0 s"].map(|t| format!("0 failed, 0 ok in {t}"))
        );
    }

    #[test]
    fn counts_of_zero_are_left_out() {
        let tally = Tally { failed: 1, succeeded: 2, not_configured: 2, not_supported: 0 };
        let told = |tally: Tally, language| summary(&tally, 9, Duration::from_millis(1240), language);
        assert_eq!(told(tally, Language::En), "1 failed, 2 ok, 2 not configured, 4 not finished in 1.2 s");
        assert_eq!(told(tally, Language::Zh), "失败 1，成功 2，未配置 2，未完成 4，用时 1.2 s");
        assert_eq!(told(Tally { failed: 9, ..Tally::default() }, Language::En), "9 failed, 0 ok in 1.2 s");
    }
}
