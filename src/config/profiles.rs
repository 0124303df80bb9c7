//! The profiles that can be chosen: those of the file, and other tools'.

use super::profile_selection::other_tools;
use super::{ConfigError, Environment, Flags, load, read_file};
use crate::domain::profile::Profile;

/// A profile that can be chosen.
#[derive(Clone, Debug)]
pub enum AvailableProfile {
    /// One that is ready, and what is to be said about it.
    Ready(Box<Profile>, Vec<String>),
    /// One that runs a program for its credentials, which waits until it is chosen, or one that
    /// cannot be used; in words.
    Unresolved {
        /// Its name.
        name: String,
        /// What it waits for, or why it cannot be used.
        about: String,
    },
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
            None => AvailableProfile::Ready(Box::new(settings.profile), settings.remarks),
            Some(_) => {
                AvailableProfile::Unresolved { name, about: "runs its credential_process when it is chosen".to_owned() }
            }
        },
        Err(error) => AvailableProfile::Unresolved { name, about: format!("cannot be used: {error}") },
    }
}

/// Loads a profile that was chosen, running its program if it has one.
///
/// # Errors
/// As [`load`].
pub fn open(name: &str, environment: Environment<'_>) -> Result<(Profile, Vec<String>), ConfigError> {
    let flags = Flags { profile: Some(name.to_owned()), ..Flags::default() };
    load(&flags, environment).map(|settings| (settings.profile, settings.remarks))
}
