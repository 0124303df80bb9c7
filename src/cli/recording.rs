//! What the commands need to record failures.

use super::status::{environment, language, status};
use crate::config::{self, Flags, Settings};
use crate::i18n::{Localize, tell};
use crate::store::history::{HistoryConfig, Limits, Recorder};

/// Returns where failures are recorded; `None` with `--no-history` or where there is no place, which is
/// reported.
pub fn place(flags: &Flags, limits: Limits) -> Option<HistoryConfig> {
    if flags.no_history {
        return None;
    }
    match config::history_file(&environment) {
        Ok(file) => file.map(|file| HistoryConfig { file, limits }),
        Err(error) => {
            not_recorded(&error.localize(language()));
            None
        }
    }
}

/// Starts recording failures, unless that is turned off.
pub fn recorder(flags: &Flags, settings: &Settings) -> Option<Recorder> {
    let place = place(flags, settings.history)?;
    Recorder::start(place, |why| status(&why.localize(language())))
        .map_err(|error| not_recorded(&error.to_string()))
        .ok()
}

fn not_recorded(error: &str) {
    status(&tell!(language(), "failures are not recorded: %{error}", error = error));
}
