//! Where credentials come from, and which of them win.
//!
//! `--anonymous`, or `anonymous = true` in the profile, sends unsigned requests. Else it is the first
//! of these that has an id and a key:
//!
//! | | dialect `cos` | dialect `s3` |
//! |---|---|---|
//! | 1 | the profile's `secret_id`, `secret_key`, `token` | the same |
//! | 2 | the profile's `credential_process` | the same |
//! | 3 | `COS_SECRET_ID`, `COS_SECRET_KEY`, `COS_TOKEN` | `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, `AWS_SESSION_TOKEN` |
//! | 4 | `TENCENTCLOUD_SECRET_ID`, `…_SECRET_KEY`, `…_SESSION_TOKEN` | the AWS files: credentials file, `credential_process`, config file |
//! | 5 | `~/.cos.yaml` of coscli | |
//! | 6 | `~/.cos.conf` of coscmd | |
//!
//! `-p coscli`, `-p coscmd` and `-p aws:NAME` name another tool's file; then nothing else is looked
//! at. A problem in a file that was not named is reported, and the next file is read.

use std::path::Path;

use super::aws::AwsFiles;
use super::credentials::{CredentialLookup, LookupContext, complete};
use super::environment::Environment;
use super::error::ConfigError;
use super::remark::ConfigRemark;
use super::{coscli, coscmd, credential_process, text_file};

/// The keys and tokens that the environment holds, whether or not they win: to be known, so that they can be
/// hidden in what is read.
#[must_use]
pub fn secrets(environment: Environment<'_>) -> Vec<String> {
    let named = COS.iter().chain(S3).filter_map(|source| match source {
        CredentialProvider::Variables(_, key, token) => Some([*key, *token]),
        _ => None,
    });
    named.flatten().filter_map(environment).filter(|secret| !secret.trim().is_empty()).collect()
}

/// One place to look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CredentialProvider {
    /// The profile's own lines.
    Lines,
    /// The profile's `credential_process`.
    Program,
    /// Variables for id, key and token.
    Variables(&'static str, &'static str, &'static str),
    /// `~/.cos.yaml`.
    Coscli,
    /// `~/.cos.conf`.
    Coscmd,
    /// The files of the AWS tools.
    Aws,
}

/// Where to look for COS, the winner first.
pub const COS: &[CredentialProvider] = &[
    CredentialProvider::Lines,
    CredentialProvider::Program,
    CredentialProvider::Variables("COS_SECRET_ID", "COS_SECRET_KEY", "COS_TOKEN"),
    CredentialProvider::Variables("TENCENTCLOUD_SECRET_ID", "TENCENTCLOUD_SECRET_KEY", "TENCENTCLOUD_SESSION_TOKEN"),
    CredentialProvider::Coscli,
    CredentialProvider::Coscmd,
];

/// Where to look for S3, the winner first.
pub const S3: &[CredentialProvider] = &[
    CredentialProvider::Lines,
    CredentialProvider::Program,
    CredentialProvider::Variables("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"),
    CredentialProvider::Aws,
];

impl CredentialProvider {
    /// What a person calls it who has never used this program; nothing for what only its own file can hold.
    #[must_use]
    pub fn short_name(self) -> Option<&'static str> {
        match self {
            Self::Lines | Self::Program => None,
            Self::Variables(id, _, _) => Some(id),
            Self::Coscli => Some("~/.cos.yaml (coscli)"),
            Self::Coscmd => Some("~/.cos.conf (coscmd)"),
            Self::Aws => Some("~/.aws"),
        }
    }

    /// Returns its place, for a list of what was looked at.
    #[must_use]
    pub fn place(self, lookup: &LookupContext<'_>) -> String {
        let at_home = |name: &str| {
            lookup.home().map_or_else(|| format!("~/{name}"), |home| home.join(name).display().to_string())
        };
        match self {
            Self::Lines => format!("secret_id in {}", lookup.own_place()),
            Self::Program => format!("credential_process in {}", lookup.own_place()),
            Self::Variables(id, _, _) => id.to_owned(),
            Self::Coscli => at_home(coscli::FILE),
            Self::Coscmd => at_home(coscmd::FILE),
            Self::Aws => format!("AWS files, profile {}", lookup.aws_profile()),
        }
    }

    /// Looks.
    ///
    /// # Errors
    /// With the place, when what is there cannot be used.
    pub fn look(self, lookup: &LookupContext<'_>) -> Result<Option<CredentialLookup>, ConfigError> {
        let entry = lookup.entry;
        let bare = |credentials| CredentialLookup { credentials, ..CredentialLookup::default() };
        match self {
            Self::Lines => {
                // An empty line sets nothing: the next place is looked at.
                let line = |value: &Option<String>| value.clone().filter(|value| !value.trim().is_empty());
                let lines = (line(&entry.secret_id), line(&entry.secret_key), line(&entry.token));
                let source = format!("profile {}", lookup.profile);
                let credentials = complete(lines, ("secret_id", "secret_key"), &source, &lookup.own_place())?;
                let remarks = credentials.is_some().then(|| text_file::readable_by_others(lookup.path)).flatten();
                Ok(Some(CredentialLookup { remarks: remarks.into_iter().collect(), ..bare(credentials) }))
            }
            Self::Program => match &entry.credential_process {
                None => Ok(None),
                Some(_) if !lookup.run_programs => {
                    Ok(Some(CredentialLookup { waiting: Some(lookup.own_place()), ..CredentialLookup::default() }))
                }
                Some(command) => {
                    let (credentials, odd) = credential_process::run(command, &lookup.own_place())?;
                    Ok(Some(CredentialLookup { remarks: odd.into_iter().collect(), ..bare(Some(credentials)) }))
                }
            },
            Self::Variables(id, key, token) => {
                let values = (lookup.variable(id), lookup.variable(key), lookup.variable(token));
                Ok(Some(bare(complete(values, (id, key), id, "the environment")?)))
            }
            Self::Coscli => of_home(lookup, coscli::FILE, coscli::read),
            Self::Coscmd => of_home(lookup, coscmd::FILE, coscmd::read),
            Self::Aws => {
                let profile = lookup.aws_profile();
                let found = AwsFiles::read(lookup)?.look(&profile, lookup)?;
                match (found, lookup.variable("AWS_PROFILE").filter(|_| lookup.aws_profile.is_none())) {
                    (None, Some(name)) => Err(ConfigError::UnknownAwsProfile(name)),
                    (found, _) => Ok(found),
                }
            }
        }
    }

    /// It is another tool's file.
    #[must_use]
    pub fn is_foreign(self) -> bool {
        matches!(self, Self::Coscli | Self::Coscmd | Self::Aws)
    }
}

fn of_home(
    lookup: &LookupContext<'_>,
    name: &str,
    read: fn(&str, &Path) -> Result<Option<CredentialLookup>, ConfigError>,
) -> Result<Option<CredentialLookup>, ConfigError> {
    let Some(path) = lookup.home().map(|home| home.join(name)) else { return Ok(None) };
    let Some(text) = text_file::read(&path)? else { return Ok(None) };
    let found = read(&text, &path)?;
    Ok(found.map(|mut found| {
        found.place = Some(path.display().to_string());
        found.remarks.extend(text_file::readable_by_others(&path).filter(|_| found.credentials.is_some()));
        found
    }))
}

/// The first of the sources that has credentials, and what is to be said about those before it.
///
/// # Errors
/// When one of cosdiag's own sources, or the only one asked for, cannot be used.
pub fn find(providers: &[CredentialProvider], lookup: &LookupContext<'_>) -> Result<CredentialLookup, ConfigError> {
    let mut passed = CredentialLookup::default();
    for provider in providers {
        match provider.look(lookup) {
            Ok(Some(mut found)) if found.is_enough() => {
                found.remarks.splice(0..0, passed.remarks);
                return Ok(found);
            }
            // No credentials, but perhaps a region.
            Ok(Some(found)) => {
                passed.region = passed.region.or(found.region);
                passed.endpoint = passed.endpoint.or(found.endpoint);
                passed.place = passed.place.or(found.place);
                passed.remarks.extend(found.remarks);
            }
            Ok(None) => {}
            Err(error) if provider.is_foreign() && providers.len() > 1 => {
                passed.remarks.push(ConfigRemark::Skipped(error));
            }
            Err(error) => return Err(error),
        }
    }
    Ok(passed)
}
