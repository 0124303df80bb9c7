//! The command line as clap reads it: the root and its commands.

use clap::{Parser, Subcommand};

use super::{config, demo, diagnose, explain, history, import, probe, sandbox, sign};
use crate::config::Flags;

/// Why did my COS request fail, and what do I send to support?
#[derive(Debug, Parser)]
#[command(name = "cosdiag", version, max_term_width = 100, disable_help_subcommand = true)]
pub struct Cli {
    #[arg(
        value_name = "TARGET",
        help = "Open the app and probe a target: BUCKET[/KEY], cos://BUCKET[/KEY], s3://BUCKET[/KEY] or a URL"
    )]
    pub targets: Vec<String>,
    #[command(flatten)]
    pub connection: Flags,
    #[command(subcommand)]
    pub command: Option<Command>,
}

#[derive(Debug, Subcommand)]
pub enum Command {
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
    /// Show and check the settings, and where each comes from
    Config {
        #[command(subcommand)]
        what: config::ConfigCommand,
    },
    /// Print a completion script for a shell
    Completions {
        /// Shell
        shell: clap_complete::Shell,
    },
    /// Print the manual page
    Man,
}
