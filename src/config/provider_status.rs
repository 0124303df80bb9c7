//! Where credentials are looked for, and what is there.

use super::credential_chain::CredentialProvider;
use super::credentials::CredentialLookup;
use super::environment::{Environment, read_file};
use super::error::ConfigError;
use super::flags::Flags;
use super::profile_selection::SelectedProfile;
use super::settings::dialect;
use crate::domain::credentials::mask_id;

/// A place where credentials were looked for.
#[derive(Clone, Debug, PartialEq)]
pub struct ProviderStatus {
    /// The place.
    pub place: String,
    /// What is there.
    pub state: ProviderState,
    /// It is the one that won.
    pub used: bool,
}

/// What a credential provider holds.
#[derive(Clone, Debug, PartialEq)]
pub enum ProviderState {
    /// It cannot be used.
    Unusable(ConfigError),
    /// Credentials: the masked id.
    Credentials(String),
    /// A program, which was not run.
    Process,
    /// Unsigned requests are asked for.
    Anonymous,
    /// Nothing.
    NotSet,
}

/// Returns the places where credentials are looked for, the first in rank first. Runs no program.
///
/// # Errors
/// As [`super::load`].
pub fn provider_status(flags: &Flags, environment: Environment<'_>) -> Result<Vec<ProviderStatus>, ConfigError> {
    let (path, file, _) = read_file(environment)?;
    let chosen = SelectedProfile::of(flags, environment, &file, &path)?;
    let (dialect, _) = dialect(flags, &chosen);
    let lookup = chosen.lookup(environment, &path, false);
    let mut free = !flags.anonymous && !chosen.entry.anonymous.unwrap_or(false);
    let look = |provider: &CredentialProvider| {
        let state = match provider.look(&lookup) {
            Err(error) => ProviderState::Unusable(error),
            Ok(Some(CredentialLookup { credentials: Some(credentials), .. })) => {
                ProviderState::Credentials(mask_id(&credentials.id))
            }
            Ok(Some(CredentialLookup { waiting: Some(_), .. })) => ProviderState::Process,
            Ok(Some(CredentialLookup { anonymous: Some(_), .. })) => ProviderState::Anonymous,
            Ok(_) => ProviderState::NotSet,
        };
        let is_usable = !matches!(state, ProviderState::Unusable(_) | ProviderState::NotSet);
        let used = is_usable && std::mem::take(&mut free);
        ProviderStatus { place: provider.place(&lookup), state, used }
    };
    Ok(chosen.providers(dialect).iter().map(look).collect())
}

/// Returns the places where credentials are looked for and are not: variables, and other tools' files.
///
/// # Errors
/// As [`super::load`].
pub fn absent_credentials(flags: &Flags, environment: Environment<'_>) -> Result<Vec<String>, ConfigError> {
    let (path, file, _) = read_file(environment)?;
    let chosen = SelectedProfile::of(flags, environment, &file, &path)?;
    let (dialect, _) = dialect(flags, &chosen);
    let lookup = chosen.lookup(environment, &path, false);
    let is_absent = |provider: &&CredentialProvider| match provider.look(&lookup) {
        Ok(None) => true,
        Ok(Some(found)) => found.credentials.is_none() && found.waiting.is_none() && found.anonymous.is_none(),
        // What is wrong with it is a remark.
        Err(_) => false,
    };
    let absent = chosen.providers(dialect).iter().filter(is_absent);
    Ok(absent.filter_map(|provider| provider.short_name()).map(str::to_owned).collect())
}
