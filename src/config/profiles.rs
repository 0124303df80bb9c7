//! The profiles that can be chosen: those of the file, and other tools'.

use super::environment::{Environment, read_file};
use super::error::ConfigError;
use super::flags::Flags;
use super::profile_selection::other_tools;
use super::remark::ConfigRemark;
use super::settings::load;
use crate::domain::profile::Profile;

/// A profile that can be chosen.
#[derive(Clone, Debug)]
pub enum AvailableProfile {
    /// One that is ready.
    Ready(Box<Profile>),
    /// One whose credentials are not known.
    Unresolved {
        /// Its name.
        name: String,
        /// Why.
        reason: UnresolvedReason,
    },
}

/// Why a profile's credentials are not known.
#[derive(Clone, Debug, strum::EnumCount)]
pub enum UnresolvedReason {
    /// It runs a program for them when it is chosen.
    RunsProcess,
    /// It cannot be used.
    Unusable(ConfigError),
}

/// Every profile but the one named. Runs no program. Flags are for the profile that they were given
/// with, so none are laid over these.
///
/// # Errors
/// When the configuration file cannot be read.
pub fn available(environment: Environment<'_>, but: &str) -> Result<Vec<AvailableProfile>, ConfigError> {
    let (_, file, _) = read_file(environment)?;
    let own = file.profile.keys().cloned();
    let others = other_tools(environment).into_iter().filter(|name| !file.profile.contains_key(name));
    let names: Vec<_> = own.chain(others).filter(|name| name != but).collect();
    Ok(names.into_iter().map(|name| profile(name, environment)).collect())
}

fn profile(name: String, environment: Environment<'_>) -> AvailableProfile {
    let flags = Flags { profile: Some(name.clone()), skip_process: true, ..Flags::default() };
    match load(&flags, environment) {
        Ok(settings) => match settings.waiting {
            None => AvailableProfile::Ready(Box::new(settings.profile)),
            Some(_) => AvailableProfile::Unresolved { name, reason: UnresolvedReason::RunsProcess },
        },
        Err(error) => AvailableProfile::Unresolved { name, reason: UnresolvedReason::Unusable(error) },
    }
}

/// Loads a profile; runs its program if it has one.
///
/// # Errors
/// As [`load`].
pub fn open(name: &str, environment: Environment<'_>) -> Result<(Profile, Vec<ConfigRemark>), ConfigError> {
    let flags = Flags { profile: Some(name.to_owned()), ..Flags::default() };
    load(&flags, environment).map(|settings| (settings.profile, settings.remarks))
}
