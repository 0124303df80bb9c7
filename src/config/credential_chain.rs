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
//! at. What is wrong with a file that nobody named is said, and the next one is looked at.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::aws::AwsFiles;
use super::file::ProfileEntry;
use super::{ConfigError, Environment, coscli, coscmd, credential_process, text_file};
use crate::domain::credentials::Credentials;
use crate::domain::profile::KnownBucket;

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

    fn own_place(&self) -> String {
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
    pub remarks: Vec<String>,
}

impl CredentialLookup {
    /// There is something to send requests with.
    fn is_enough(&self) -> bool {
        self.credentials.is_some() || self.anonymous.is_some() || self.waiting.is_some()
    }
}

impl CredentialProvider {
    /// The place in words, for a list of what was looked at.
    #[must_use]
    pub fn in_words(self, lookup: &LookupContext<'_>) -> String {
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
                let remarks = credentials.is_some().then(|| text_file::open_to_all(lookup.path)).flatten();
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
                    (None, Some(name)) => {
                        Err(ConfigError(format!("AWS_PROFILE: the AWS files have no profile \"{name}\"")))
                    }
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
        found.remarks.extend(text_file::open_to_all(&path).filter(|_| found.credentials.is_some()));
        found
    }))
}

/// The first of the sources that has credentials, and what is to be said about those before it.
///
/// # Errors
/// When one of cosdiag's own sources, or the only one asked for, cannot be used.
pub fn find(sources: &[CredentialProvider], lookup: &LookupContext<'_>) -> Result<CredentialLookup, ConfigError> {
    let mut passed = CredentialLookup::default();
    for source in sources {
        match source.look(lookup) {
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
            Err(error) if source.is_foreign() && sources.len() > 1 => passed.remarks.push(error.0),
            Err(error) => return Err(error),
        }
    }
    Ok(passed)
}

/// Both halves, or neither.
///
/// # Errors
/// With the place, when there is one without the other.
pub fn complete(
    (id, key, token): (Option<String>, Option<String>, Option<String>),
    (id_name, key_name): (&str, &str),
    source: &str,
    place: &str,
) -> Result<Option<Credentials>, ConfigError> {
    let half = |there, missing| {
        Err(ConfigError(format!("{place}: {there} is set, but {missing} is not; credentials need both")))
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
