//! What the commands need to record failures.

use super::status::{environment, status};
use crate::config::{self, Flags, Settings};
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
            status(&format!("failures are not recorded: {error}"));
            None
        }
    }
}

/// Starts recording failures, unless that is turned off.
pub fn recorder(flags: &Flags, settings: &Settings) -> Option<Recorder> {
    let place = place(flags, settings.history)?;
    Recorder::start(place, |why| status(&why))
        .map_err(|error| status(&format!("failures are not recorded: {error}")))
        .ok()
}
