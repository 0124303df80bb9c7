//! What the commands need to record failures.

use super::connection::ConnectionArgs;
use super::status::{environment, status};
use crate::config::{self, Settings};
use crate::store::history::{HistoryConfig, Limits, Recorder};

/// Where failures are to be recorded; `None` where nobody wants that or there is no place, which is
/// then said.
pub fn place(connection: &ConnectionArgs, limits: Limits) -> Option<HistoryConfig> {
    if connection.no_history {
        return None;
    }
    match config::history_file(&environment) {
        Ok(file) => file.map(|file| HistoryConfig { file, limits }),
        Err(error) => {
            status(&format!("nothing is recorded: {error}"));
            None
        }
    }
}

/// What records failures, where that is wanted.
pub fn recorder(connection: &ConnectionArgs, settings: &Settings) -> Option<Recorder> {
    let place = place(connection, settings.history)?;
    Recorder::start(place, |why| status(&why)).map_err(|error| status(&format!("nothing is recorded: {error}"))).ok()
}
