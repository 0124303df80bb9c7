//! The command line: what was typed, and which command does it.
//!
//! Exit status: 0 no failure, 1 at least one failure was listed, 2 it could not run (said in one
//! line), 130 interrupted.

mod beside;
mod config;
mod demo;
mod diagnose;
mod explain;
mod generate;
mod help;
mod history;
mod import;
mod interrupt;
mod look;
mod one_of;
mod open;
mod probe;
mod runtime;
mod sandbox;
mod sign;
mod time_arg;

use std::ffi::OsString;
use std::io::Write;
use std::path::PathBuf;

use anyhow::{Context, bail};
use clap::{Args, FromArgMatches, Parser, Subcommand};

use crate::config::{Flags, Settings};
use crate::engine::redact::Redactor;

/// Exit status when failures were listed.
pub const FAILURES: u8 = 1;
/// Exit status after an interrupt.
pub const INTERRUPTED: u8 = 130;

/// Why did my COS request fail, and what do I send to support?
#[derive(Debug, Parser)]
#[command(name = "cosdiag", version, max_term_width = 100, disable_help_subcommand = true)]
pub struct Cli {
    #[arg(
        value_name = "TARGET",
        help = "Open the app and probe this: BUCKET[/KEY], cos://BUCKET[/KEY], s3://BUCKET[/KEY] or a URL"
    )]
    targets: Vec<String>,
    #[command(flatten)]
    connection: ConnectionArgs,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Try the app with prepared failures (no account)
    Demo(demo::DemoArgs),
    /// Send requests without a screen and list what failed
    Probe(probe::ProbeArgs),
    /// Import failures from logs, HAR files and SDK output (offline)
    Import(import::ImportArgs),
    /// Diagnose a pasted error (offline)
    Diagnose(diagnose::DiagnoseArgs),
    /// Explain a Code, a cause or a RequestId (offline)
    Explain(explain::ExplainArgs),
    /// Show a signature with its canonical request and string to sign (offline)
    Sign(sign::SignArgs),
    /// Browse or export recorded failures
    History(history::HistoryArgs),
    /// Run the COS look-alike on its own, to test an SDK's error handling
    Sandbox(sandbox::SandboxArgs),
    /// Show and check the settings and where each comes from
    Config {
        #[command(subcommand)]
        what: config::ConfigCommand,
    },
    /// Print a completion script for a shell
    Completions {
        /// bash, elvish, fish, powershell or zsh
        shell: clap_complete::Shell,
    },
    /// Print the manual page
    Man,
}

/// Options that every request takes.
#[derive(Debug, Default, Args)]
#[command(next_help_heading = "Connection")]
pub struct ConnectionArgs {
    /// Profile of the configuration file
    #[arg(short, long, global = true, value_name = "NAME")]
    profile: Option<String>,
    /// Protocol of the store
    #[arg(long, global = true, value_name = "DIALECT", value_parser = one_of::dialects())]
    dialect: Option<String>,
    /// Region, such as ap-guangzhou
    #[arg(long, global = true, value_name = "REGION")]
    region: Option<String>,
    /// Where requests go; may hold {bucket} and {region}, without {bucket} it means path style
    #[arg(long, global = true, value_name = "URL")]
    endpoint: Option<String>,
    /// Scheme of the store's own endpoint
    #[arg(long, global = true, value_name = "SCHEME", value_parser = one_of::schemes())]
    scheme: Option<String>,
    /// Connect to this address instead of the resolved one; Host, SNI and the signature are unchanged
    #[arg(long, global = true, value_name = "ADDR:PORT")]
    connect_to: Option<String>,
    #[arg(long, global = true, value_name = "URL", help = "Proxy, such as http://proxy.example.com:3128")]
    proxy: Option<String>,
    /// PEM certificates to trust in addition to the system's
    #[arg(long, global = true, value_name = "FILE")]
    ca_file: Option<PathBuf>,
    /// Do not check certificates
    #[arg(long, global = true)]
    insecure: bool,
    /// Timeout per attempt, in seconds (connecting: at most 10)
    #[arg(long, global = true, value_name = "SECONDS")]
    timeout: Option<String>,
    /// Send unsigned requests
    #[arg(long, global = true)]
    anonymous: bool,
    /// Add a header; repeatable
    #[arg(long = "header", global = true, value_name = "NAME: VALUE")]
    headers: Vec<String>,
    /// Origin of a preflight (options-object)
    #[arg(long, global = true, value_name = "URL")]
    origin: Option<String>,
    /// Do not record failures in the history
    #[arg(long, global = true)]
    no_history: bool,
}

impl ConnectionArgs {
    fn flags(&self, s3_targets: bool) -> Flags {
        Flags {
            profile: self.profile.clone(),
            dialect: self.dialect.clone(),
            region: self.region.clone(),
            endpoint: self.endpoint.clone(),
            scheme: self.scheme.clone(),
            connect_to: self.connect_to.clone(),
            proxy: self.proxy.clone(),
            ca_file: self.ca_file.clone(),
            insecure: self.insecure,
            timeout: self.timeout.clone(),
            anonymous: self.anonymous,
            headers: self.headers.clone(),
            origin: self.origin.clone(),
            s3_targets,
            run_nothing: false,
        }
    }

    fn settings(&self, s3_targets: bool) -> anyhow::Result<Settings> {
        Ok(crate::config::load(&self.flags(s3_targets), &environment)?)
    }
}

/// Reads a variable; one that is no text counts as absent.
fn environment(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

/// What was typed, as far as it can be read.
fn parsed<A: Into<OsString> + Clone>(arguments: impl IntoIterator<Item = A>) -> Result<Cli, clap::Error> {
    Cli::from_arg_matches(&help::command().try_get_matches_from(arguments)?)
}

/// Whether these arguments are ones that the program takes; for the test of README.md.
///
/// # Errors
/// What is wrong with them, in one line.
pub fn check(arguments: impl IntoIterator<Item = String>) -> Result<(), String> {
    parsed(arguments).map(|_| ()).map_err(|error| usage_in_one_line(&error.to_string()))
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
            None => bail!("{}", usage_in_one_line(&error.to_string())),
        },
    };
    match &cli.command {
        None if !cli.targets.is_empty() => open::run(&cli.targets, &arguments, &cli.connection),
        None => interactive(&cli.connection, None),
        Some(Command::Demo(args)) => demo::run(args, &cli.connection),
        Some(Command::Probe(args)) => probe::run(args, &cli.connection),
        Some(Command::Import(args)) => import::run(args, &cli.connection),
        Some(Command::Diagnose(args)) => diagnose::run(args, &cli.connection),
        Some(Command::Explain(args)) => explain::run(args),
        Some(Command::Sign(args)) => sign::run(args, &cli.connection),
        Some(Command::History(args)) => {
            history::refuse_glued(&arguments)?;
            history::run(args, &cli.connection)
        }
        Some(Command::Sandbox(args)) => sandbox::run(args),
        Some(Command::Config { what }) => config::run(what, &cli.connection),
        Some(Command::Completions { shell }) => print(&generate::completions(*shell)),
        Some(Command::Man) => print(&generate::man_page()?),
    }
}

/// The terminal app, on records that are given or on none.
#[cfg(feature = "tui")]
fn interactive(connection: &ConnectionArgs, preloaded: Option<crate::ui::Preloaded>) -> anyhow::Result<u8> {
    demo::screen_needs_a_terminal("cosdiag", "cosdiag probe TARGET")?;
    app(connection, connection.settings(false)?, preloaded, Vec::new())
}

/// The app, which sends these probes at once.
#[cfg(feature = "tui")]
fn app(
    connection: &ConnectionArgs,
    settings: Settings,
    preloaded: Option<crate::ui::Preloaded>,
    probes: Vec<crate::domain::probe::Probe>,
) -> anyhow::Result<u8> {
    let offers = crate::config::offers::offers(&environment, &settings.profile.name)?;
    let history = history::place(connection, settings.history);
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
fn interactive(_: &ConnectionArgs, _: Option<std::convert::Infallible>) -> anyhow::Result<u8> {
    bail!("this build has no screen; use cosdiag probe TARGET, or build with the feature tui")
}

/// Writes to standard output. A reader that went away is not an error.
fn print(text: &str) -> anyhow::Result<u8> {
    match std::io::stdout().lock().write_all(text.as_bytes()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(error).context("standard output"),
        _ => Ok(0),
    }
}

/// Diagnostics go to standard error; a closed one loses them and nothing else.
fn say(text: &str) {
    let text = Redactor::default().text(text).into_owned();
    let _ = writeln!(std::io::stderr(), "cosdiag: {}", crate::text::sanitize::sanitize(&text));
}

/// An error and its causes, in one line, safe to print.
#[must_use]
pub fn one_line(error: &anyhow::Error) -> String {
    let text = format!("{error:#}");
    crate::text::sanitize::sanitize(&Redactor::default().text(&text)).into_owned()
}

/// clap's message without its usage block: what, and what would be right.
fn usage_in_one_line(message: &str) -> String {
    let body = message.split("\nUsage:").next().unwrap_or(message);
    let body = body.split("\nFor more information").next().unwrap_or(body);
    let lines: Vec<_> = body.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    format!("{} (cosdiag --help lists the options)", lines.join(" ").trim_start_matches("error: "))
}
