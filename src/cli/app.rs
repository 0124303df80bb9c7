//! Opens the terminal app.

#[cfg(not(feature = "tui"))]
use anyhow::bail;

use super::connection::ConnectionArgs;
#[cfg(feature = "tui")]
use super::{demo, recording, status::environment, terminal};
#[cfg(feature = "tui")]
use crate::config::Settings;

/// The terminal app, on records that are given or on none.
#[cfg(feature = "tui")]
pub fn interactive(connection: &ConnectionArgs, preloaded: Option<crate::ui::Preloaded>) -> anyhow::Result<u8> {
    terminal::require_terminal("cosdiag", "cosdiag probe TARGET")?;
    open(connection, connection.settings(false)?, preloaded, Vec::new())
}

/// The app, which sends these probes at once.
#[cfg(feature = "tui")]
pub fn open(
    connection: &ConnectionArgs,
    settings: Settings,
    preloaded: Option<crate::ui::Preloaded>,
    probes: Vec<crate::domain::probe::Probe>,
) -> anyhow::Result<u8> {
    let offers = crate::config::profiles::available(&environment, &settings.profile.name)?;
    let history = recording::place(connection, settings.history);
    let start = crate::ui::Start {
        settings,
        offers,
        sandbox: demo::sandbox("tour".to_owned()),
        in_sandbox: false,
        place: crate::ui::clipboard::Place::from_environment(),
        preloaded,
        history,
    };
    crate::ui::run_and_send(start, probes)
}

#[cfg(not(feature = "tui"))]
pub fn interactive(_: &ConnectionArgs, _: Option<std::convert::Infallible>) -> anyhow::Result<u8> {
    bail!("this build has no screen; use cosdiag probe TARGET, or build with the feature tui")
}
