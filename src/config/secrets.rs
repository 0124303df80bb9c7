//! The secrets that environment and configuration hold, so that they can be hidden in what is read.

use std::path::PathBuf;

use super::credential_chain;
use super::credentials::LookupContext;
use super::environment::{Environment, read_file};
use super::error::ConfigError;
use super::file::{ConfigFile, ProfileEntry};
use super::flags::Flags;
use super::profile_selection::SelectedProfile;
use super::settings::dialect;
use crate::domain::credentials::Credentials;

/// What is known, and what could not be read.
#[derive(Debug, Default)]
pub struct Secrets {
    /// Keys and tokens.
    pub values: Vec<String>,
    /// Why some may be missing.
    pub remarks: Vec<ConfigError>,
}

/// Returns the keys and tokens of the environment, of every profile of the file, of coscli, coscmd and
/// the AWS files, whether or not they win. No program is run.
#[must_use]
pub fn stored(environment: Environment<'_>) -> Secrets {
    let (mut secrets, ..) = read(environment);
    secrets.tidy();
    secrets
}

/// Returns the same, and those that the profile in question is loaded with, for which its
/// `credential_process` is run as for a request. Nothing that is wrong with them stops the reading of a log.
#[must_use]
pub fn secrets(flags: &Flags, environment: Environment<'_>) -> Secrets {
    let (mut secrets, path, file) = read(environment);
    let chosen = SelectedProfile::of(flags, environment, &file, &path).and_then(|chosen| {
        let (dialect, _) = dialect(flags, &chosen);
        credential_chain::find(chosen.providers(dialect), &chosen.lookup(environment, &path, true))
    });
    match chosen {
        Ok(found) => secrets.values.extend(found.credentials.iter().flat_map(of_credentials)),
        Err(error) => secrets.remarks.push(error),
    }
    secrets.tidy();
    secrets
}

impl Secrets {
    fn tidy(&mut self) {
        self.values.retain(|secret| !secret.trim().is_empty());
        self.values.sort_unstable();
        self.values.dedup();
    }
}

/// What is stored, and the file that was read for it.
fn read(environment: Environment<'_>) -> (Secrets, PathBuf, ConfigFile) {
    let mut secrets = Secrets { values: credential_chain::secrets(environment), remarks: Vec::new() };
    let (path, file) = match read_file(environment) {
        Ok((path, file, _)) => (path, file),
        Err(error) => {
            secrets.remarks.push(error);
            (PathBuf::new(), ConfigFile::default())
        }
    };
    for entry in file.profile.values() {
        secrets.values.extend(entry.secret_key.iter().chain(&entry.token).cloned());
    }
    let bare = ProfileEntry::default();
    let bare = LookupContext {
        environment,
        profile: "env",
        entry: &bare,
        path: &path,
        aws_profile: None,
        run_programs: false,
    };
    for source in credential_chain::COS.iter().chain(credential_chain::S3) {
        let found = source.look(&bare).ok().flatten().and_then(|found| found.credentials);
        secrets.values.extend(found.iter().flat_map(of_credentials));
    }
    (secrets, path, file)
}

/// Key and token, and the id where it was swapped with the key.
#[must_use]
pub fn of_credentials(credentials: &Credentials) -> Vec<String> {
    let id = credentials.id_and_key_swapped().then(|| credentials.id.clone());
    let token = credentials.expose_token().map(str::to_owned);
    [Some(credentials.expose_key().to_owned()), id, token].into_iter().flatten().collect()
}
