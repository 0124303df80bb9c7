//! `cosdiag demo`: the app on the sandbox, and what the app needs to start the sandbox later.

#[cfg(feature = "tui")]
use std::sync::Arc;

#[cfg(not(feature = "tui"))]
use anyhow::bail;
use clap::Args;

#[cfg(feature = "tui")]
use super::earlier::EarlierSources;
#[cfg(not(feature = "tui"))]
use super::status::language;
use super::values;
#[cfg(feature = "tui")]
use super::{settings::settings, terminal::require_terminal};
use crate::config::Flags;
#[cfg(not(feature = "tui"))]
use crate::i18n::tell;
use crate::sandbox::scenario::{self, Scenario};

/// Which prepared failures to show.
#[derive(Debug, Args)]
pub struct DemoArgs {
    /// Prepared failures to show
    #[arg(long, default_value = "tour", value_name = "NAME", value_parser = values::scenario())]
    scenario: &'static Scenario,
}

/// Runs the command.
#[cfg(feature = "tui")]
pub fn run(args: &DemoArgs, flags: &Flags) -> anyhow::Result<u8> {
    let settings = settings(flags, false)?;
    require_terminal("cosdiag demo", "cosdiag probe TARGET")?;
    crate::ui::run(crate::ui::StartOptions {
        settings,
        offers: Vec::new(),
        sandbox: sandbox(&args.scenario.name),
        in_sandbox: true,
        place: crate::ui::clipboard::ClipboardEnv::from_environment(),
        preloaded: None,
        // Failures of the sandbox are not recorded.
        history: None,
        sources: Some(Arc::new(EarlierSources { flags: flags.clone() })),
        first_run: crate::ui::FirstRun::default(),
    })
}

/// Runs the command.
#[cfg(not(feature = "tui"))]
pub fn run(args: &DemoArgs, _: &Flags) -> anyhow::Result<u8> {
    bail!(tell!(
        language(),
        "this build has no app. Use cosdiag sandbox with cosdiag probe, or build with the feature tui"
    ))
}

/// Returns what starts the sandbox with a scenario.
#[cfg(feature = "tui")]
pub fn sandbox(name: &str) -> crate::ui::SandboxFactory {
    use crate::sandbox::Sandbox;
    use crate::ui::SandboxSession;
    let name = name.to_owned();
    Box::new(move || {
        let name = name.clone();
        Box::pin(async move {
            let sandbox = Sandbox::start(std::net::SocketAddr::from(([127, 0, 0, 1], 0))).await?;
            let profiles = scenario::profiles(&sandbox);
            let probes = scenario::scenario(&name).map(|scenario| scenario::probes(scenario, &profiles));
            let probes = probes.transpose().map_err(anyhow::Error::msg)?.unwrap_or_default();
            Ok(SandboxSession { profiles, probes, targets: scenario::targets(), alive: Box::new(sandbox) })
        })
    })
}
