//! Which profile: by flag, variable or the file's default; one of the file, or another tool's.

use std::path::Path;

use super::aws::AwsFiles;
use super::credential_chain::{self, CredentialProvider};
use super::credentials::LookupContext;
use super::environment::Environment;
use super::error::ConfigError;
use super::file::{ConfigFile, ProfileEntry};
use super::flags::Flags;
use super::origin::BUILT_IN;
use crate::domain::dialect::Dialect;
use crate::domain::suggest;

/// Another tool whose file is a profile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Tool {
    /// `coscli`.
    Coscli,
    /// `coscmd`.
    Coscmd,
    /// `aws:NAME`.
    Aws(String),
}

impl Tool {
    /// Reads a profile's name.
    fn named(name: &str) -> Option<Self> {
        match name {
            "coscli" => Some(Self::Coscli),
            "coscmd" => Some(Self::Coscmd),
            _ => name.strip_prefix("aws:").filter(|name| !name.is_empty()).map(|name| Self::Aws(name.to_owned())),
        }
    }

    fn dialect(&self) -> Dialect {
        if matches!(self, Self::Aws(_)) { Dialect::S3 } else { Dialect::Cos }
    }
}

/// The profile that is used.
#[derive(Debug)]
pub struct SelectedProfile {
    /// Its name; `env` where there is none.
    pub name: String,
    /// What is written about it.
    pub entry: ProfileEntry,
    /// The flag, variable or key that chose it.
    pub from: String,
    /// The other tool whose profile it is.
    pub tool: Option<Tool>,
    place: String,
}

impl SelectedProfile {
    /// Chooses by flag, variable or file; without any, one made of the environment.
    ///
    /// # Errors
    /// When there is no such profile, with the nearest that there is.
    pub fn of(
        flags: &Flags,
        environment: Environment<'_>,
        file: &ConfigFile,
        path: &Path,
    ) -> Result<Self, ConfigError> {
        let by_variable =
            || environment("COSDIAG_PROFILE").filter(|name| !name.is_empty()).map(|name| (name, "COSDIAG_PROFILE"));
        let by_file = || file.default_profile.clone().map(|name| (name, "default_profile"));
        let chosen = flags.profile.clone().map(|name| (name, "--profile")).or_else(by_variable).or_else(by_file);
        let Some((name, from)) = chosen else {
            let (name, from) = ("env".to_owned(), BUILT_IN.to_owned());
            return Ok(Self { name, from, entry: ProfileEntry::default(), tool: None, place: String::new() });
        };
        let place = format!("{} [profile.{name}]", path.display());
        if let Some(entry) = file.profile.get(&name) {
            return Ok(Self { name, entry: entry.clone(), from: from.to_owned(), tool: None, place });
        }
        if let Some(tool) = Tool::named(&name) {
            let entry = ProfileEntry { dialect: Some(tool.dialect()), ..ProfileEntry::default() };
            let place = format!("profile {name}");
            return Ok(Self { name, entry, from: from.to_owned(), tool: Some(tool), place });
        }
        let known: Vec<_> = file.profile.keys().map(String::as_str).collect();
        let nearest = suggest::nearest(&name, known.iter().copied()).map(str::to_owned);
        let known = known.into_iter().map(str::to_owned).collect();
        Err(ConfigError::UnknownProfile { from: from.to_owned(), name, path: path.to_owned(), known, nearest })
    }

    /// The file and section that its lines are in.
    #[must_use]
    pub fn place(&self) -> String {
        self.place.clone()
    }

    /// Where to look for its credentials, the winner first.
    #[must_use]
    pub fn providers(&self, dialect: Dialect) -> &'static [CredentialProvider] {
        // Where nothing is chosen there is no profile to have lines.
        let own = if self.place.is_empty() { 2 } else { 0 };
        match (&self.tool, dialect) {
            (Some(Tool::Coscli), _) => &[CredentialProvider::Coscli],
            (Some(Tool::Coscmd), _) => &[CredentialProvider::Coscmd],
            (Some(Tool::Aws(_)), _) => &[CredentialProvider::Aws],
            (None, Dialect::Cos) => &credential_chain::COS[own..],
            (None, Dialect::S3) => &credential_chain::S3[own..],
        }
    }

    /// With what to look.
    #[must_use]
    pub fn lookup<'a>(&'a self, environment: Environment<'a>, path: &'a Path, run_programs: bool) -> LookupContext<'a> {
        let aws_profile = match &self.tool {
            Some(Tool::Aws(name)) => Some(name.as_str()),
            _ => None,
        };
        LookupContext { environment, profile: &self.name, entry: &self.entry, path, aws_profile, run_programs }
    }
}

/// The names that another tool's files can be chosen by, as far as there are such files.
#[must_use]
pub fn other_tools(environment: Environment<'_>) -> Vec<String> {
    let entry = ProfileEntry::default();
    let lookup = LookupContext {
        environment,
        profile: "env",
        entry: &entry,
        path: Path::new(""),
        aws_profile: None,
        run_programs: false,
    };
    let home = lookup.home();
    let there = |name: &str| home.as_ref().is_some_and(|home| home.join(name).exists());
    let own = [("coscli", super::coscli::FILE), ("coscmd", super::coscmd::FILE)];
    let mut names: Vec<_> = own.iter().filter(|(_, file)| there(file)).map(|(name, _)| (*name).to_owned()).collect();
    // An unreadable file has no profiles to offer; naming one of its profiles reports why.
    if let Ok(files) = AwsFiles::read(&lookup) {
        names.extend(files.profiles().into_iter().map(|name| format!("aws:{name}")));
    }
    names
}
