//! The options that every request takes.

use std::path::PathBuf;

use clap::Args;

use super::one_of;
use super::status::environment;
use crate::config::{Flags, Settings};

/// Options that every request takes.
#[derive(Debug, Default, Args)]
#[command(next_help_heading = "Connection")]
pub struct ConnectionArgs {
    /// Profile of the configuration file
    #[arg(short, long, global = true, value_name = "NAME")]
    pub profile: Option<String>,
    /// Protocol of the store
    #[arg(long, global = true, value_name = "DIALECT", value_parser = one_of::dialects())]
    pub dialect: Option<String>,
    /// Region, such as ap-guangzhou
    #[arg(long, global = true, value_name = "REGION")]
    pub region: Option<String>,
    /// Where requests go; may hold {bucket} and {region}, without {bucket} it means path style
    #[arg(long, global = true, value_name = "URL")]
    pub endpoint: Option<String>,
    /// Scheme of the store's own endpoint
    #[arg(long, global = true, value_name = "SCHEME", value_parser = one_of::schemes())]
    pub scheme: Option<String>,
    /// Connect to this address instead of the resolved one; Host, SNI and the signature are unchanged
    #[arg(long, global = true, value_name = "ADDR:PORT")]
    pub connect_to: Option<String>,
    #[arg(long, global = true, value_name = "URL", help = "Proxy, such as http://proxy.example.com:3128")]
    pub proxy: Option<String>,
    /// PEM certificates to trust in addition to the system's
    #[arg(long, global = true, value_name = "FILE")]
    pub ca_file: Option<PathBuf>,
    /// Do not check certificates
    #[arg(long, global = true)]
    pub insecure: bool,
    /// Timeout per attempt, in seconds (connecting: at most 10)
    #[arg(long, global = true, value_name = "SECONDS")]
    pub timeout: Option<String>,
    /// Send unsigned requests
    #[arg(long, global = true)]
    pub anonymous: bool,
    /// Add a header; repeatable
    #[arg(long = "header", global = true, value_name = "NAME: VALUE")]
    pub headers: Vec<String>,
    /// Origin of a preflight (options-object)
    #[arg(long, global = true, value_name = "URL")]
    pub origin: Option<String>,
    /// Do not record failures in the history
    #[arg(long, global = true)]
    pub no_history: bool,
}

impl ConnectionArgs {
    /// Returns what the configuration needs of them.
    pub fn flags(&self, s3_targets: bool) -> Flags {
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
            skip_process: false,
        }
    }

    /// Loads the settings that they lead to.
    ///
    /// # Errors
    /// As [`crate::config::load`].
    pub fn settings(&self, s3_targets: bool) -> anyhow::Result<Settings> {
        Ok(crate::config::load(&self.flags(s3_targets), &environment)?)
    }
}
