//! Opens the terminal app.

#[cfg(feature = "tui")]
use std::sync::Arc;

#[cfg(not(feature = "tui"))]
use anyhow::bail;

#[cfg(feature = "tui")]
use super::earlier::EarlierSources;
#[cfg(not(feature = "tui"))]
use super::status::language;
#[cfg(feature = "tui")]
use super::{demo, recording, settings::settings, status::environment, terminal};
use crate::config::Flags;
#[cfg(feature = "tui")]
use crate::config::Settings;
#[cfg(not(feature = "tui"))]
use crate::i18n::tell;

/// Opens the app on records that are given, or on none.
#[cfg(feature = "tui")]
pub fn interactive(flags: &Flags, preloaded: Option<crate::ui::Preloaded>) -> anyhow::Result<u8> {
    terminal::require_terminal("cosdiag", "cosdiag probe TARGET")?;
    open(flags, settings(flags, false)?, preloaded, Vec::new())
}

/// Opens the app, which sends these probes at once.
#[cfg(feature = "tui")]
pub fn open(
    flags: &Flags,
    settings: Settings,
    preloaded: Option<crate::ui::Preloaded>,
    probes: Vec<crate::domain::probe::Probe>,
) -> anyhow::Result<u8> {
    let profiles = crate::config::profiles::available(&environment, &settings.profile.name)?;
    let history = recording::place(flags, settings.history);
    let start = crate::ui::StartOptions {
        settings,
        offers: profiles,
        sandbox: demo::sandbox("tour"),
        in_sandbox: false,
        place: crate::ui::clipboard::ClipboardEnv::from_environment(),
        preloaded,
        history,
        sources: Some(Arc::new(EarlierSources { flags: flags.clone() })),
        first_run: first_run(flags),
    };
    crate::ui::run_and_send(start, probes)
}

/// Returns the first-run screen: which credentials were looked for, and the configuration file.
#[cfg(feature = "tui")]
fn first_run(flags: &Flags) -> crate::ui::FirstRun {
    let looked_for = crate::config::absent_credentials(flags, &environment).unwrap_or_default();
    let config = crate::config::path(&environment).map(|path| path.display().to_string()).unwrap_or_default();
    crate::ui::FirstRun { looked_for, config }
}

#[cfg(not(feature = "tui"))]
pub fn interactive(_: &Flags, _: Option<std::convert::Infallible>) -> anyhow::Result<u8> {
    bail!(tell!(language(), "this build has no app. Use cosdiag probe TARGET, or build with the feature tui"))
}
