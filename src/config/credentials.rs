//! What a credential provider is asked, and what it holds.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::environment::Environment;
use super::error::ConfigError;
use super::file::ProfileEntry;
use super::remark::ConfigRemark;
use crate::domain::credentials::Credentials;
use crate::domain::profile::KnownBucket;

/// What is being looked for, and with what.
pub struct LookupContext<'a> {
    /// The environment.
    pub environment: Environment<'a>,
    /// The profile's name.
    pub profile: &'a str,
    /// The profile as written.
    pub entry: &'a ProfileEntry,
    /// The configuration file.
    pub path: &'a Path,
    /// The AWS tools' profile, where one was named; else `AWS_PROFILE` and then `default` are.
    pub aws_profile: Option<&'a str>,
    /// Run a `credential_process`. A list of profiles does not.
    pub run_programs: bool,
}

impl LookupContext<'_> {
    /// A variable that is not empty.
    #[must_use]
    pub fn variable(&self, name: &str) -> Option<String> {
        (self.environment)(name).filter(|value| !value.is_empty())
    }

    /// The home directory.
    #[must_use]
    pub fn home(&self) -> Option<PathBuf> {
        self.variable("HOME").or_else(|| self.variable("USERPROFILE")).map(PathBuf::from)
    }

    /// Returns the file and section of the profile.
    pub fn own_place(&self) -> String {
        format!("{} [profile.{}]", self.path.display(), self.profile)
    }

    /// The AWS profile in question.
    #[must_use]
    pub fn aws_profile(&self) -> String {
        let named = self.aws_profile.map(str::to_owned).or_else(|| self.variable("AWS_PROFILE"));
        named.unwrap_or_else(|| "default".to_owned())
    }
}

/// What a source holds.
#[derive(Clone, Debug, Default)]
pub struct CredentialLookup {
    /// The credentials.
    pub credentials: Option<Credentials>,
    /// The file that asks for unsigned requests.
    pub anonymous: Option<String>,
    /// The program that would give the credentials, which was not run: the place that names it.
    pub waiting: Option<String>,
    /// The region.
    pub region: Option<String>,
    /// The endpoint.
    pub endpoint: Option<String>,
    /// `http` or `https`.
    pub scheme: Option<String>,
    /// A bucket that the credentials are for.
    pub bucket: Option<String>,
    /// Buckets by name and alias.
    pub buckets: BTreeMap<String, KnownBucket>,
    /// The file (and section) that region and endpoint are from.
    pub place: Option<String>,
    /// What a person should know about it.
    pub remarks: Vec<ConfigRemark>,
}

impl CredentialLookup {
    /// Whether requests can be sent with it.
    pub fn is_enough(&self) -> bool {
        self.credentials.is_some() || self.anonymous.is_some() || self.waiting.is_some()
    }
}

/// Returns credentials when id and key are there.
///
/// # Errors
/// When there is one without the other.
pub fn complete(
    (id, key, token): (Option<String>, Option<String>, Option<String>),
    (id_name, key_name): (&str, &str),
    source: &str,
    place: &str,
) -> Result<Option<Credentials>, ConfigError> {
    let half = |present: &str, missing: &str| {
        let (place, present, missing) = (place.to_owned(), present.to_owned(), missing.to_owned());
        Err(ConfigError::IncompleteCredentials { place, present, missing })
    };
    match (id, key) {
        (None, None) => Ok(None),
        (Some(_), None) => half(id_name, key_name),
        (None, Some(_)) => half(key_name, id_name),
        (Some(id), Some(key)) => {
            let credentials = Credentials::new(id, key, source);
            Ok(Some(match token {
                Some(token) => credentials.with_token(token),
                None => credentials,
            }))
        }
    }
}
