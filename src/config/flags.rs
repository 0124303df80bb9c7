//! The options that every request takes, as clap reads them.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use clap::Args;

use crate::domain::dialect::Dialect;
use crate::domain::endpoint::Scheme;

/// Connection settings of the command line.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Connection")]
#[expect(clippy::struct_excessive_bools, reason = "independent flags, each its own")]
pub struct Flags {
    /// Profile of the configuration file
    #[arg(short, long, global = true, value_name = "NAME")]
    pub profile: Option<String>,
    /// Protocol of the store
    #[arg(long, global = true, value_enum, value_name = "DIALECT")]
    pub dialect: Option<Dialect>,
    /// Region, such as ap-guangzhou
    #[arg(long, global = true, value_name = "REGION")]
    pub region: Option<String>,
    /// Send requests to this URL; it may hold {bucket} and {region}, without {bucket} it means path style
    #[arg(long, global = true, value_name = "URL")]
    pub endpoint: Option<String>,
    /// Scheme of the store's own endpoint
    #[arg(long, global = true, value_enum, value_name = "SCHEME")]
    pub scheme: Option<Scheme>,
    /// Connect to this address instead of the resolved one; Host, SNI and the signature are unchanged
    #[arg(long, global = true, value_name = "ADDR:PORT", value_parser = address)]
    pub connect_to: Option<SocketAddr>,
    /// Send requests through a proxy
    #[arg(long, global = true, value_name = "URL")]
    pub proxy: Option<String>,
    /// Trust these PEM certificates in addition to the system's
    #[arg(long, global = true, value_name = "FILE")]
    pub ca_file: Option<PathBuf>,
    /// Do not check certificates
    #[arg(long, global = true)]
    pub insecure: bool,
    /// Timeout per attempt, in seconds (connecting: at most 10)
    #[arg(long, global = true, value_name = "SECONDS", value_parser = seconds)]
    pub timeout: Option<Duration>,
    /// Send unsigned requests
    #[arg(long, global = true)]
    pub anonymous: bool,
    /// Add a header; repeatable
    #[arg(long = "header", global = true, value_name = "NAME: VALUE")]
    pub headers: Vec<String>,
    /// Set the origin of a preflight (options-object)
    #[arg(long, global = true, value_name = "URL")]
    pub origin: Option<String>,
    /// Do not record failures in the history
    #[arg(long, global = true)]
    pub no_history: bool,
    /// Every target is an `s3://` one, which picks the dialect where nothing else does.
    #[arg(skip)]
    pub s3_targets: bool,
    /// Run no `credential_process`: for a list of profiles, of which one will be used.
    #[arg(skip)]
    pub skip_process: bool,
}

/// A value of a flag that cannot be used, with what to use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FlagError {
    /// It is not a number of seconds.
    #[error("Use a number of seconds, such as 30 or 0.5")]
    Seconds,
    /// It is not an address and port.
    #[error("Use an address and port, such as 127.0.0.1:9000 or [::1]:9000")]
    Address,
}

/// The shortest and the longest duration that can be asked for, in seconds.
pub const SECONDS: std::ops::RangeInclusive<f64> = 0.001..=86_400.0;

/// Reads a number of seconds, `s` behind it or not.
///
/// # Errors
/// When it is not a number, or out of range.
pub fn seconds(text: &str) -> Result<Duration, FlagError> {
    let seconds = text.strip_suffix('s').unwrap_or(text).parse().ok();
    seconds.filter(|seconds| SECONDS.contains(seconds)).map(Duration::from_secs_f64).ok_or(FlagError::Seconds)
}

/// Reads an address and port; `localhost` is the IPv4 one.
///
/// # Errors
/// When it is something else.
pub fn address(text: &str) -> Result<SocketAddr, FlagError> {
    let local = text.strip_prefix("localhost:").map(|port| format!("{}:{port}", Ipv4Addr::LOCALHOST));
    local.as_deref().unwrap_or(text).parse().map_err(|_| FlagError::Address)
}
