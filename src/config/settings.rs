//! What was asked for, made into what it means: one [`Settings`] out of flags, environment and file.

use std::path::Path;
use std::sync::Arc;

use super::connection;
use super::credential_chain::{self, CredentialProvider};
use super::credentials::CredentialLookup;
use super::environment::{Environment, locale_language, read_file};
use super::error::{ConfigError, HeaderError};
use super::file::{self, HistoryEntry, LanguageSetting, SplitSetting};
use super::flags::Flags;
use super::origin::{BUILT_IN, Origin};
use super::profile_selection::SelectedProfile;
use super::remark::ConfigRemark;
use super::screen::{self, Screen};
use crate::domain::dialect::Dialect;
use crate::domain::probe::RequestOptions;
use crate::domain::profile::Profile;
use crate::domain::{regions, validate};
use crate::i18n::Language;
use crate::store::history::Limits;

/// How the screen should look and act.
#[derive(Clone, Debug)]
pub struct Appearance {
    /// `auto`, `dark`, `light`, `mono`, `night` or `paper`.
    pub theme: String,
    /// `auto`, `unicode` or `ascii`.
    pub glyphs: String,
    /// Take the mouse.
    pub mouse: bool,
    /// The diagnosis tool's address.
    pub diagnose_url: String,
}

/// Everything a command needs to know.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The profile that won.
    pub profile: Profile,
    /// Every setting that matters to a request, with its origin.
    pub origins: Vec<Origin>,
    /// The place that names a program for the credentials, which was not run.
    pub waiting: Option<String>,
    /// What a person should know about them.
    pub remarks: Vec<ConfigRemark>,
    /// Headers of `--header`, names in lower case.
    pub headers: Vec<(String, String)>,
    /// The origin of preflights.
    pub origin: Option<String>,
    /// The look.
    pub look: Appearance,
    /// What the file says of the screen's keys, columns and theme.
    pub screen: Screen,
    /// The language of verdicts and explanations.
    pub language: Language,
    /// How much of the history is kept.
    pub history: Limits,
}

impl Settings {
    /// Returns what every probe gets in addition to its operation.
    #[must_use]
    pub fn request_options(&self) -> RequestOptions {
        let unique = format!("{:x}-{:x}", jiff::Timestamp::now().as_millisecond(), std::process::id());
        RequestOptions { headers: self.headers.clone(), origin: self.origin.clone(), unique }
    }
}

/// Returns the language that the file names, else the locale's.
#[must_use]
pub fn language(environment: Environment<'_>) -> Language {
    let file = read_file(environment).ok();
    let said = file.and_then(|(_, file, _)| file.language?.language());
    said.unwrap_or_else(|| locale_language(environment))
}

/// The file's limits over the usual ones; 0 means no limit.
fn limits(entry: HistoryEntry) -> Limits {
    let usual = Limits::default();
    let limit = |given: Option<u32>, usual| given.or(usual).filter(|limit| *limit > 0);
    Limits { days: limit(entry.keep_days, usual.days), megabytes: limit(entry.max_mb, usual.megabytes) }
}

/// Reads the file and the environment and applies the flags.
///
/// # Errors
/// On the first invalid setting.
pub fn load(flags: &Flags, environment: Environment<'_>) -> Result<Settings, ConfigError> {
    let (path, file, text) = read_file(environment)?;
    let said = file.language.and_then(LanguageSetting::language);
    let language = said.unwrap_or_else(|| locale_language(environment));
    let chosen = SelectedProfile::of(flags, environment, &file, &path)?;
    let (dialect, says) = dialect(flags, &chosen);
    let mut found = credentials(flags, environment, &chosen, &path, dialect)?;
    let mut remarks = std::mem::take(&mut found.remarks);
    let mut origins =
        vec![Origin::new("profile", &chosen.name, &chosen.from), Origin::new("dialect", dialect.as_str(), says)];
    let region = region(flags, environment, &chosen, &found, dialect);
    origins.push(
        region
            .clone()
            .map_or_else(|| Origin::new("region", "not set", ""), |(region, from)| Origin::new("region", region, from)),
    );
    let region = region.map(|(region, _)| region);
    let region_remark = region.as_deref().and_then(|region| regions::region_remark(region, dialect));
    remarks.extend(region_remark.map(ConfigRemark::Region));
    if flags.region.is_some() {
        found.buckets.values_mut().for_each(|bucket| bucket.region = None);
    }
    let anonymous = flags.anonymous || chosen.entry.anonymous.unwrap_or(false) || found.anonymous.is_some();
    origins.extend(credential_origins(&found, flags, &chosen, anonymous));
    if let Some(credentials) = &found.credentials {
        remarks.extend(validate::credentials_remarks(credentials, dialect).into_iter().map(ConfigRemark::Credentials));
    }
    let endpoint = connection::endpoint(flags, &chosen, environment, &found, dialect, &mut origins)?;
    let connection = connection::connection(flags, &chosen, environment, &mut origins)?;
    for Origin { setting, value, from } in &origins {
        tracing::debug!(setting, ?value, ?from, "set");
    }
    let glyphs = file.glyphs.unwrap_or_else(|| "auto".to_owned());
    let mut theme = file.theme.unwrap_or_else(|| "auto".to_owned());
    let mut screen = screen::read(&path, &text, &mut remarks);
    screen.says_language = said.is_some();
    screen.locale_language = locale_language(environment);
    screen.beside = file.split.and_then(SplitSetting::beside);
    if !screen::THEMES.contains(&theme.as_str()) {
        screen.theme = match screen::theme(&path, &theme) {
            Ok(file) => Some(file),
            Err(problem) => {
                remarks.push(ConfigRemark::Theme { path: path.clone(), name: theme.clone(), problem });
                None
            }
        };
        if screen.theme.is_none() {
            "auto".clone_into(&mut theme);
        }
    }
    if flags.insecure {
        remarks.push(ConfigRemark::Insecure);
    }
    let profile = Profile {
        endpoint,
        connection,
        name: chosen.name,
        dialect,
        region,
        credentials: found.credentials.map(Arc::new),
        anonymous,
        bucket: chosen.entry.bucket.or(found.bucket),
        buckets: Arc::new(found.buckets),
    };
    Ok(Settings {
        profile,
        origins,
        waiting: found.waiting,
        language,
        history: limits(file.history.unwrap_or_default()),
        remarks,
        headers: flags
            .headers
            .iter()
            .map(|header| header_pair(header).map_err(ConfigError::Header))
            .collect::<Result<_, _>>()?,
        origin: flags.origin.as_deref().map(origin).transpose()?,
        look: Appearance {
            theme,
            glyphs,
            mouse: file.mouse.unwrap_or(true),
            diagnose_url: file.diagnose_url.unwrap_or_else(|| file::DIAGNOSE_URL.to_owned()),
        },
        screen,
    })
}

fn credentials(
    flags: &Flags,
    environment: Environment<'_>,
    chosen: &SelectedProfile,
    path: &Path,
    dialect: Dialect,
) -> Result<CredentialLookup, ConfigError> {
    let unsigned = flags.anonymous || chosen.entry.anonymous.unwrap_or(false);
    if unsigned && chosen.tool.is_none() {
        return Ok(CredentialLookup::default());
    }
    let lookup = chosen.lookup(environment, path, !flags.skip_process && !unsigned);
    let mut found = credential_chain::find(chosen.providers(dialect), &lookup)?;
    let nothing = found.credentials.is_none() && found.anonymous.is_none() && found.waiting.is_none();
    if nothing && chosen.tool.is_some() {
        let reason = found.remarks.pop().and_then(|remark| match remark {
            ConfigRemark::Skipped(error) => Some(Box::new(error)),
            _ => None,
        });
        let place = chosen.providers(dialect).first().map(|provider| provider.place(&lookup)).unwrap_or_default();
        let (from, profile) = (chosen.from.clone(), chosen.name.clone());
        return Err(ConfigError::NoCredentials { from, profile, place, reason });
    }
    // The AWS files set region and endpoint even when the credentials are from elsewhere.
    if dialect == Dialect::S3 && found.place.is_none() {
        let lookup = chosen.lookup(environment, path, false);
        if let Ok(Some(place)) = CredentialProvider::Aws.look(&lookup) {
            (found.region, found.endpoint, found.place) = (place.region, place.endpoint, place.place);
        }
    }
    if unsigned {
        (found.credentials, found.waiting) = (None, None);
    }
    Ok(found)
}

fn region(
    flags: &Flags,
    environment: Environment<'_>,
    chosen: &SelectedProfile,
    found: &CredentialLookup,
    dialect: Dialect,
) -> Option<(String, String)> {
    let flag = flags.region.clone().map(|region| (region, "--region".to_owned()));
    let of_profile = chosen.entry.region.clone().map(|region| (region, chosen.place()));
    let mut variables = ["AWS_REGION", "AWS_DEFAULT_REGION"].iter().filter(|_| dialect == Dialect::S3);
    let variable = variables.find_map(|name| Some((environment(name)?, (*name).to_owned())));
    let file = found.region.clone().map(|region| (region, found.place.clone().unwrap_or_default()));
    [flag, of_profile, variable, file].into_iter().flatten().find(|(region, _)| !region.is_empty())
}

/// Returns who signs, in two or three lines. None holds a secret.
fn credential_origins(
    found: &CredentialLookup,
    flags: &Flags,
    chosen: &SelectedProfile,
    anonymous: bool,
) -> Vec<Origin> {
    let Some(credentials) = &found.credentials else {
        let (value, from) = match (&found.waiting, &found.anonymous) {
            (Some(place), _) => ("by credential_process".to_owned(), place.clone()),
            (None, Some(place)) => ("anonymous".to_owned(), place.clone()),
            (None, None) if flags.anonymous => ("anonymous".to_owned(), "--anonymous".to_owned()),
            (None, None) if anonymous => ("anonymous".to_owned(), chosen.place()),
            (None, None) => ("not set".to_owned(), String::new()),
        };
        return vec![Origin::new("credentials", value, from)];
    };
    let hidden = |secret: &str| format!("hidden, {} characters", secret.chars().count());
    let mut origins = vec![
        Origin::new("credentials", credentials.masked_id(), &credentials.source),
        Origin::new("secret key", hidden(credentials.expose_key()), "same place"),
    ];
    origins.extend(credentials.expose_token().map(|token| Origin::new("token", hidden(token), "same place")));
    origins
}

/// Returns the dialect, and what sets it.
pub(super) fn dialect(flags: &Flags, chosen: &SelectedProfile) -> (Dialect, String) {
    match (flags.dialect, chosen.entry.dialect) {
        (Some(dialect), _) => (dialect, "--dialect".to_owned()),
        (None, Some(dialect)) => (dialect, chosen.place()),
        (None, None) if flags.s3_targets => (Dialect::S3, "s3:// targets".to_owned()),
        (None, None) => (Dialect::default(), BUILT_IN.to_owned()),
    }
}

/// Reads `Name: value`.
///
/// # Errors
/// When there is no colon, or the name or value cannot be sent.
pub fn header_pair(text: &str) -> Result<(String, String), HeaderError> {
    let (name, value) = text.split_once(':').unwrap_or((text, ""));
    let name = name.trim().to_ascii_lowercase();
    if matches!(name.as_str(), "content-length" | "transfer-encoding" | "connection") {
        return Err(HeaderError::Reserved(name));
    }
    if !text.contains(':') {
        return Err(HeaderError::NoColon);
    }
    if http::HeaderName::from_bytes(name.as_bytes()).is_err() {
        return Err(HeaderError::Name);
    }
    if http::HeaderValue::from_str(value).is_err() {
        return Err(HeaderError::Value(name));
    }
    Ok((name, value.trim().to_owned()))
}

fn origin(text: &str) -> Result<String, ConfigError> {
    match url::Url::parse(text) {
        Ok(url) if url.has_host() && url.path() == "/" => Ok(text.trim_end_matches('/').to_owned()),
        _ => Err(ConfigError::Origin(text.to_owned())),
    }
}
