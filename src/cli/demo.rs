//! `cosdiag demo`: the screen on the sandbox. Also what the screen needs to start a sandbox later.

#[cfg(not(feature = "tui"))]
use anyhow::bail;
use clap::Args;

use super::connection::ConnectionArgs;
#[cfg(feature = "tui")]
use super::terminal::require_terminal;
use crate::sandbox::scenario;

/// Which prepared failures to show.
#[derive(Debug, Args)]
pub struct DemoArgs {
    /// tour, access, network or healthy
    #[arg(long, default_value = "tour", value_name = "NAME")]
    scenario: String,
}

/// Runs the command.
#[cfg(feature = "tui")]
pub fn run(args: &DemoArgs, connection: &ConnectionArgs) -> anyhow::Result<u8> {
    scenario::scenario(&args.scenario).map_err(|error| anyhow::anyhow!("--scenario: {error}"))?;
    let settings = connection.settings(false)?;
    require_terminal("cosdiag demo", "cosdiag probe TARGET")?;
    crate::ui::run(crate::ui::Start {
        settings,
        offers: Vec::new(),
        sandbox: sandbox(args.scenario.clone()),
        in_sandbox: true,
        place: crate::ui::clipboard::Place::from_environment(),
        preloaded: None,
        // What fails here is a rehearsal.
        history: None,
    })
}

/// Runs the command.
#[cfg(not(feature = "tui"))]
pub fn run(args: &DemoArgs, _: &ConnectionArgs) -> anyhow::Result<u8> {
    scenario::scenario(&args.scenario).map_err(|error| anyhow::anyhow!("--scenario: {error}"))?;
    bail!("this build has no screen; use cosdiag sandbox with cosdiag probe, or build with the feature tui")
}

/// Makes the sandbox with a scenario, when the screen asks for it.
#[cfg(feature = "tui")]
pub fn sandbox(name: String) -> crate::ui::OpenWorld {
    use crate::sandbox::Sandbox;
    use crate::ui::World;
    Box::new(move || {
        let name = name.clone();
        Box::pin(async move {
            let sandbox = Sandbox::start(std::net::SocketAddr::from(([127, 0, 0, 1], 0))).await?;
            let profiles = scenario::profiles(&sandbox);
            let probes = scenario::scenario(&name).and_then(|scenario| scenario::probes(scenario, &profiles));
            let probes = probes.map_err(anyhow::Error::msg)?;
            Ok(World { profiles, probes, targets: scenario::targets(), alive: Box::new(sandbox) })
        })
    })
}
