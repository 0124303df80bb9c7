//! The history and files, for the app to open while it runs.

use std::path::PathBuf;

use jiff::Zoned;

use super::status::environment;
use super::{history, import, time_arg};
use crate::config::secrets::secrets;
use crate::config::{self, Flags};
use crate::domain::query::Query;
use crate::engine::redact::Redactor;
use crate::store::history::{History, Runs, Search};
use crate::ui::effect::Earlier;
use crate::ui::{Preloaded, Sources};

/// Runs of the history that are offered, one for each digit.
const RUNS: usize = 9;

/// What the app opens by `H` and `I`.
pub struct EarlierSources {
    /// What was typed on the command line: secrets of its profile are not shown.
    pub flags: Flags,
}

impl Sources for EarlierSources {
    fn runs(&self) -> Result<Option<Runs>, String> {
        let runs = opened()?.map(|(history, _)| history.runs(RUNS)).transpose();
        runs.map_err(|error| error.to_string())
    }

    fn history(&self, asked: &Earlier) -> Result<Preloaded, String> {
        let Some((history, file)) = opened()? else { return Err("nothing has been recorded yet".to_owned()) };
        let (since, query) = when_and_what(&asked.asked);
        let search = Search {
            query: Query::parse(query).map_err(|error| format!("\"{query}\": {error}"))?,
            since: since
                .map(|since| time_arg::parse_time(since, &Zoned::now()))
                .transpose()
                .map_err(|error| error.to_string())?,
            run: asked.run,
            ..Search::default()
        };
        let keys = history.find(&search).map_err(|error| error.to_string())?;
        if keys.is_empty() {
            return Err(format!("no recorded failures match {}", asked.asked));
        }
        let since = since.map(str::to_owned);
        history::preloaded(history, file, keys, since)
            .map(|(preloaded, _)| preloaded)
            .map_err(|error| error.to_string())
    }

    fn files(&self, files: &[PathBuf]) -> Result<Preloaded, String> {
        // What is odd about the configuration was said at the start.
        let secrets = secrets(&self.flags, &environment);
        let redactor = Redactor::new(secrets.values.iter().map(String::as_str));
        import::preloaded(files, false, None, redactor).map_err(|error| error.to_string())
    }
}

/// The history and its file; `None` where there is none or it is turned off.
fn opened() -> Result<Option<(History, PathBuf)>, String> {
    let Some(file) = config::history_file(&environment).map_err(|error| error.to_string())? else { return Ok(None) };
    let history = History::open(&file).map_err(|error| error.to_string())?;
    Ok(history.map(|history| (history, file)))
}

/// `7d 403` asks for failures with status 403 of the last 7 days; a first word that is not a time belongs to the query.
fn when_and_what(asked: &str) -> (Option<&str>, &str) {
    let asked = asked.trim();
    let (first, rest) = asked.split_once(' ').unwrap_or((asked, ""));
    // A status is a number and no time.
    let is_time = first.chars().any(|c| !c.is_ascii_digit()) && time_arg::parse_time(first, &Zoned::now()).is_ok();
    if is_time { (Some(first), rest.trim()) } else { (None, asked) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_may_stand_before_what_is_looked_for() {
        for (asked, wanted) in [
            ("7d 403", (Some("7d"), "403")),
            ("403", (None, "403")),
            ("2026-11-20", (Some("2026-11-20"), "")),
            ("code:Denied 2h", (None, "code:Denied 2h")),
            ("", (None, "")),
        ] {
            assert_eq!(when_and_what(asked), wanted);
        }
    }
}
