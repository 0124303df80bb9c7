//! The command line: reads the arguments and runs the command.
//!
//! Exit status: 0 no failure, 1 at least one failure was listed, 2 it could not run (one line on standard
//! error says why), 130 interrupted.

mod app;
mod args;
mod attachments;
mod completions;
mod config;
mod demo;
mod diagnose;
#[cfg(feature = "tui")]
mod earlier;
mod explain;
mod files;
mod help;
mod history;
mod import;
mod interrupt;
mod log;
mod open;
mod output;
mod probe;
mod recorded;
mod recording;
mod redaction;
mod runtime;
mod sandbox;
mod settings;
mod sign;
mod status;
mod terminal;
mod time_arg;
mod usage;
mod values;

use std::ffi::OsString;

use anyhow::{Context, bail};
use clap::FromArgMatches;

use args::{Cli, Command};
pub use status::one_line;
use status::print;

/// Reads the arguments.
fn parsed<A: Into<OsString> + Clone>(arguments: impl IntoIterator<Item = A>) -> Result<Cli, clap::Error> {
    Cli::from_arg_matches(&help::command().try_get_matches_from(arguments)?)
}

/// Checks that the program takes these arguments, for the test of README.md.
///
/// # Errors
/// What is wrong with them, in one line.
pub fn check(arguments: impl IntoIterator<Item = String>) -> Result<(), String> {
    parsed(arguments).map(|_| ()).map_err(|error| usage::one_line(&error))
}

/// Runs the program and gives its exit status.
///
/// # Errors
/// When it could not run at all.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> anyhow::Result<u8> {
    let arguments: Vec<_> = arguments.into_iter().collect();
    let cli = match parsed(&arguments) {
        Ok(cli) => cli,
        Err(error) if !error.use_stderr() => {
            error.print().context("standard output")?;
            return Ok(0);
        }
        Err(error) => match open::misspelt_command(&arguments) {
            Some(words) => bail!("{words}"),
            None => bail!("{}", usage::one_line(&error)),
        },
    };
    log::begin()?;
    let status = perform(&cli, &arguments);
    match &status {
        Ok(status) => tracing::info!(status, "ended"),
        Err(error) => tracing::error!(error = ?one_line(error), "ended"),
    }
    status
}

fn perform(cli: &Cli, arguments: &[OsString]) -> anyhow::Result<u8> {
    match &cli.command {
        None if !cli.targets.is_empty() => open::run(&cli.targets, arguments, &cli.connection),
        None => app::interactive(&cli.connection, None),
        Some(Command::Demo(args)) => demo::run(args, &cli.connection),
        Some(Command::Probe(args)) => probe::run(args, &cli.connection),
        Some(Command::Import(args)) => import::run(args, &cli.connection),
        Some(Command::Diagnose(args)) => diagnose::run(args, &cli.connection),
        Some(Command::Explain(args)) => explain::run(args),
        Some(Command::Sign(args)) => sign::run(args, &cli.connection),
        Some(Command::History(args)) => history::run(args, &cli.connection),
        Some(Command::Sandbox(args)) => sandbox::run(args),
        Some(Command::Config { what }) => config::run(what, &cli.connection),
        Some(Command::Completions { shell }) => print(&completions::script(*shell)),
        Some(Command::Man) => print(&completions::man_page()?),
    }
}
