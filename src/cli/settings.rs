//! The settings that the command line leads to.

use super::status::environment;
use crate::config::{self, Flags, Settings};

/// Loads the settings; `s3_targets` picks the dialect where nothing else does.
///
/// # Errors
/// As [`config::load`].
pub fn settings(flags: &Flags, s3_targets: bool) -> anyhow::Result<Settings> {
    Ok(config::load(&Flags { s3_targets, ..flags.clone() }, &environment)?)
}
