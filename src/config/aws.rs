//! The files of the AWS tools, for the dialect `s3`: credentials and config, profiles in both.
//!
//! `AWS_SHARED_CREDENTIALS_FILE` and `AWS_CONFIG_FILE` say where they are, else `~/.aws`;
//! `AWS_PROFILE` says which profile, else `default`. As with the AWS tools the keys of the
//! credentials file win over a `credential_process`, and that over keys in the config file.

use std::path::{Path, PathBuf};

use super::credentials::{CredentialLookup, LookupContext, complete};
use super::error::ConfigError;
use super::ini_file::IniFile;
use super::remark::ConfigRemark;
use super::{credential_process, text_file};

/// The two files, as far as they are there.
pub struct AwsFiles {
    credentials: Option<(PathBuf, IniFile)>,
    config: Option<(PathBuf, IniFile)>,
}

/// A profile of them.
struct Section<'a> {
    path: &'a Path,
    file: &'a IniFile,
    name: String,
}

impl Section<'_> {
    fn get(&self, key: &str) -> Option<String> {
        self.file.get(&self.name, key)
    }

    fn place(&self) -> String {
        format!("{} [{}]", self.path.display(), self.name)
    }
}

impl AwsFiles {
    /// Reads what there is of them.
    ///
    /// # Errors
    /// With file and line.
    pub fn read(lookup: &LookupContext<'_>) -> Result<Self, ConfigError> {
        let path = |variable: &str, name: &str| {
            let named = lookup.variable(variable).map(PathBuf::from);
            named.or_else(|| Some(lookup.home()?.join(".aws").join(name)))
        };
        let file = |path: Option<PathBuf>| -> Result<Option<(PathBuf, IniFile)>, ConfigError> {
            let Some(path) = path else { return Ok(None) };
            let Some(text) = text_file::read(&path)? else { return Ok(None) };
            let file = IniFile::parse(&text, &path)?;
            Ok(Some((path, file)))
        };
        Ok(Self {
            credentials: file(path("AWS_SHARED_CREDENTIALS_FILE", "credentials"))?,
            config: file(path("AWS_CONFIG_FILE", "config"))?,
        })
    }

    /// The profiles' names, each once.
    #[must_use]
    pub fn profiles(&self) -> Vec<String> {
        let of = |file: &Option<(PathBuf, IniFile)>, prefix: &'static str| -> Vec<String> {
            let sections = file.iter().flat_map(|(_, file)| file.sections());
            let named = sections.filter_map(|name| match name {
                "default" => Some(name.to_owned()),
                name => name.strip_prefix(prefix).map(|name| name.trim().to_owned()),
            });
            named.collect()
        };
        let mut names = of(&self.credentials, "");
        names.extend(of(&self.config, "profile "));
        names.sort();
        names.dedup();
        names
    }

    /// What a profile says: its credentials, else the rest alone. `None` where there is no such profile.
    ///
    /// # Errors
    /// When it is half a pair, names a way to credentials that is not gone here, or its program fails.
    pub fn look(&self, profile: &str, lookup: &LookupContext<'_>) -> Result<Option<CredentialLookup>, ConfigError> {
        let secrets = in_file(self.credentials.as_ref(), profile.to_owned());
        let config_name = if profile == "default" { profile.to_owned() } else { format!("profile {profile}") };
        let config = in_file(self.config.as_ref(), config_name);
        if secrets.is_none() && config.is_none() {
            return Ok(None);
        }
        let first = |key: &str| [&secrets, &config].into_iter().flatten().find_map(|section| section.get(key));
        let services = config.as_ref().and_then(|config| {
            let services = format!("services {}", config.get("services")?);
            config.file.get_below(&services, "s3", "endpoint_url")
        });
        let mut found = CredentialLookup { region: first("region"), ..CredentialLookup::default() };
        found.endpoint = services.or_else(|| first("endpoint_url"));
        found.place = config.as_ref().or(secrets.as_ref()).map(Section::place);
        let keys = |section: &Option<Section<'_>>| match section {
            None => Ok(None),
            Some(section) => {
                let token = section.get("aws_session_token");
                let lines = (section.get("aws_access_key_id"), section.get("aws_secret_access_key"), token);
                let names = ("aws_access_key_id", "aws_secret_access_key");
                complete(lines, names, &section.place(), &section.place())
            }
        };
        found.credentials = keys(&secrets)?;
        if found.credentials.is_none() {
            let mut program = [&secrets, &config].into_iter().flatten();
            let program = program.find_map(|section| Some((section.get("credential_process")?, section.place())));
            if let Some((command, place)) = program {
                if !lookup.run_programs {
                    found.waiting = Some(place);
                    return Ok(Some(found));
                }
                let (credentials, odd) = credential_process::run(&command, &place)?;
                found.credentials = Some(credentials);
                found.remarks.extend(odd);
            }
        }
        if found.credentials.is_none() {
            found.credentials = keys(&config)?;
        }
        if found.credentials.is_none()
            && let Some(setting) = ["role_arn", "sso_session", "sso_start_url", "web_identity_token_file"]
                .into_iter()
                .find(|key| first(key).is_some())
        {
            let (place, profile) = (found.place.clone().unwrap_or_default(), profile.to_owned());
            let error = ConfigError::UnsupportedMethod { place, setting, profile };
            found.remarks.push(ConfigRemark::Skipped(error));
        }
        let holder =
            [&secrets, &config].into_iter().flatten().find(|section| section.get("aws_secret_access_key").is_some());
        found.remarks.extend(holder.and_then(|section| text_file::readable_by_others(section.path)));
        Ok(Some(found))
    }
}

fn in_file(file: Option<&(PathBuf, IniFile)>, name: String) -> Option<Section<'_>> {
    let (path, file) = file?;
    file.has(&name).then(|| Section { path, file, name })
}
