//! The log that `COSDIAG_LOG=FILE` asks for: what the program did, for a report of a bug. Nothing secret reaches
//! it: events are made of redacted records and of what `config` shows.

use std::fs::{File, OpenOptions};
use std::io;
use std::path::Path;
use std::sync::Mutex;

use anyhow::Context;
use tracing::Level;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::fmt;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

/// Begins the log, if one is asked for. Lines are appended.
///
/// # Errors
/// When the file cannot be opened.
pub fn begin() -> anyhow::Result<()> {
    let Some(path) = std::env::var_os("COSDIAG_LOG").filter(|path| !path.is_empty()) else { return Ok(()) };
    let file = open(path.as_ref()).with_context(|| format!("COSDIAG_LOG: {}", path.display()))?;
    let lines = fmt::layer().with_ansi(false).with_writer(Mutex::new(file));
    // Other crates' events may hold headers.
    let ours = Targets::new().with_target(env!("CARGO_CRATE_NAME"), Level::DEBUG);
    let _ = tracing_subscriber::registry().with(lines).with(ours).try_init();
    tracing::info!(version = env!("CARGO_PKG_VERSION"), "begun");
    Ok(())
}

/// Only its owner may read it.
fn open(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.append(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}
