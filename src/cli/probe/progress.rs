//! How far a run is, on one line of a terminal's standard error that is written over and over.

use std::io::{self, IsTerminal, Write};
use std::time::{Duration, Instant};

use crate::domain::tally::{Tally, rate};
use crate::i18n::{Language, tell};
use crate::text::tally::time_left;

/// The line is not written more often.
const PAUSE: Duration = Duration::from_millis(200);

/// The line.
pub struct Progress {
    on: bool,
    shown: bool,
    started: Instant,
    latest: Option<Instant>,
    language: Language,
}

impl Progress {
    /// A line; nothing at all where standard error is not a terminal.
    pub fn new(language: Language) -> Self {
        let dumb = std::env::var_os("TERM").is_some_and(|terminal| terminal == "dumb");
        let on = io::stderr().is_terminal() && !dumb;
        Self { on, shown: false, started: Instant::now(), latest: None, language }
    }

    /// Waits until the line is to be written again; for ever where there is none.
    pub async fn due(&self) {
        if self.on {
            tokio::time::sleep(PAUSE).await;
        } else {
            std::future::pending::<()>().await;
        }
    }

    /// Writes the line, unless it was written just now.
    pub fn show(&mut self, counts: &Tally, planned: usize) {
        let now = Instant::now();
        if !self.on || self.latest.is_some_and(|latest| now - latest < PAUSE) {
            return;
        }
        self.latest = Some(now);
        let words = words(counts, planned, self.started.elapsed(), self.language);
        // A terminal that is gone loses the line and nothing else.
        let _ = write!(io::stderr(), "\r{words}\u{1b}[K");
        self.shown = true;
    }

    /// Takes the line away, so that something else can be written.
    pub fn clear(&mut self) {
        if std::mem::take(&mut self.shown) {
            let _ = write!(io::stderr(), "\r\u{1b}[K");
            self.latest = None;
        }
    }
}

/// Counts, rate, and time left.
fn words(counts: &Tally, planned: usize, took: Duration, language: Language) -> String {
    let done = counts.total();
    let failed = counts.failed;
    let words =
        tell!(language, "%{done} of %{planned} · %{failed} failed", done = done, planned = planned, failed = failed);
    let Some(rate) = rate(done, planned, took) else { return words.into_owned() };
    let (second, left) = (format!("{:.0}", rate.per_second), time_left(rate.left));
    let time = tell!(language, "%{rate}/s · %{left} left", rate = second, left = left);
    format!("{words} · {time}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_rate_and_time_left() {
        let counts = Tally { failed: 3, succeeded: 995, not_configured: 2, not_supported: 0 };
        let second = Duration::from_secs(1);
        assert_eq!(words(&counts, 20_000, second / 2, Language::En), "1000 of 20000 · 3 failed · 2000/s · 10 s left");
        assert_eq!(
            words(&counts, 200_000, second, Language::En),
            "1000 of 200000 · 3 failed · 1000/s · 3 min 19 s left"
        );
        assert_eq!(
            words(&counts, 20_000_000, second, Language::En),
            "1000 of 20000000 · 3 failed · 1000/s · 5 h 33 min left"
        );
        assert_eq!(words(&Tally::default(), 5, second, Language::En), "0 of 5 · 0 failed");
        let chinese = words(&counts, 20_000, second / 2, Language::Zh);
        assert_eq!(chinese, "1000/20000 · 失败 3 · 2000/s · 剩余 10 s");
    }
}
