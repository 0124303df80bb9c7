//! What was asked for, made into what it means: one [`Settings`] out of flags, environment and
//! file, every problem said in one line. Nothing is sent with a half-read configuration.

mod aws;
mod connection;
mod coscli;
mod coscmd;
pub mod credential_chain;
mod credential_process;
pub mod file;
mod ini_file;
mod profile_selection;
pub mod profiles;
pub mod save;
pub mod screen;
pub mod secrets;
mod text_file;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use etcetera::BaseStrategy;

use crate::domain::credentials::mask_id;
use crate::domain::dialect::Dialect;
use crate::domain::probe::RequestOptions;
use crate::domain::profile::Profile;
use crate::domain::regions;
use crate::domain::validate;
use crate::i18n::Language;
use crate::store::history::Limits;
use crate::text::facts;
use credential_chain::{CredentialLookup, CredentialProvider};
use file::{ConfigFile, HistoryEntry};
use profile_selection::SelectedProfile;
use screen::Screen;

/// One line that says what is wrong, where, and what would be right.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct ConfigError(pub String);

/// Looks a variable up; the tests give their own.
pub type Environment<'a> = &'a dyn Fn(&str) -> Option<String>;

/// Connection settings as typed on the command line.
#[derive(Clone, Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "independent flags, each its own")]
pub struct Flags {
    /// `--profile`.
    pub profile: Option<String>,
    /// `--dialect`.
    pub dialect: Option<String>,
    /// `--region`.
    pub region: Option<String>,
    /// `--endpoint`.
    pub endpoint: Option<String>,
    /// `--scheme`.
    pub scheme: Option<String>,
    /// `--connect-to`.
    pub connect_to: Option<String>,
    /// `--proxy`.
    pub proxy: Option<String>,
    /// `--ca-file`.
    pub ca_file: Option<PathBuf>,
    /// `--insecure`.
    pub insecure: bool,
    /// `--timeout`, in seconds.
    pub timeout: Option<String>,
    /// `--anonymous`.
    pub anonymous: bool,
    /// `--header`, each `Name: value`.
    pub headers: Vec<String>,
    /// `--origin`.
    pub origin: Option<String>,
    /// Every target is an `s3://` one, which picks the dialect where nothing else does.
    pub s3_targets: bool,
    /// Run no `credential_process`: for a list of profiles, of which one will be used.
    pub skip_process: bool,
}

/// A setting, and the flag, variable, file or default that won.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// Its name.
    pub setting: &'static str,
    /// Its value, without secrets.
    pub value: String,
    /// Where it is from.
    pub from: String,
}

impl Origin {
    fn new(setting: &'static str, value: impl Into<String>, from: impl Into<String>) -> Self {
        Self { setting, value: value.into(), from: from.into() }
    }
}

/// What nobody set.
const BUILT_IN: &str = "built in";

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
    /// What the written rules say about region and credentials, and that TLS is not checked.
    pub remarks: Vec<String>,
    /// Headers given by hand, names in lower case.
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
    /// What every probe gets beside its operation.
    #[must_use]
    pub fn request_options(&self) -> RequestOptions {
        let unique = format!("{:x}-{:x}", jiff::Timestamp::now().as_millisecond(), std::process::id());
        RequestOptions { headers: self.headers.clone(), origin: self.origin.clone(), unique }
    }
}

/// The language that the file names, else that of the first locale variable that is set.
#[must_use]
pub fn language(environment: Environment<'_>) -> Language {
    let file = read_file(environment).ok();
    let said = file.and_then(|(path, file, _)| spoken(file.language.as_deref()?, &path).ok().flatten());
    said.unwrap_or_else(|| locale_language(environment))
}

/// The language of the first locale variable that is set.
#[must_use]
pub fn locale_language(environment: Environment<'_>) -> Language {
    let set = |name: &&str| environment(name).filter(|locale| !locale.is_empty());
    let locale = ["LC_ALL", "LC_MESSAGES", "LANG"].iter().find_map(set);
    locale.map(|locale| Language::of_locale(&locale)).unwrap_or_default()
}

/// The configuration file's place: `COSDIAG_CONFIG`, else the XDG one.
///
/// # Errors
/// When there is no home directory.
pub fn path(environment: Environment<'_>) -> Result<PathBuf, ConfigError> {
    if let Some(path) = environment("COSDIAG_CONFIG").filter(|path| !path.is_empty()) {
        return Ok(PathBuf::from(path));
    }
    if let Some(base) = environment("XDG_CONFIG_HOME").filter(|base| base.starts_with('/')) {
        return Ok(PathBuf::from(base).join("cosdiag").join("config.toml"));
    }
    let strategy = etcetera::base_strategy::choose_base_strategy()
        .map_err(|_| ConfigError("no home directory: set COSDIAG_CONFIG to the configuration file".to_owned()))?;
    Ok(strategy.config_dir().join("cosdiag").join("config.toml"))
}

/// The history's place: `COSDIAG_HISTORY`, else the XDG one for state. `None` when it is turned off by
/// `/dev/null`.
///
/// # Errors
/// When there is no home directory.
pub fn history_file(environment: Environment<'_>) -> Result<Option<PathBuf>, ConfigError> {
    if let Some(path) = environment("COSDIAG_HISTORY").filter(|path| !path.is_empty()) {
        return Ok(Some(PathBuf::from(path)).filter(|path| path != Path::new("/dev/null")));
    }
    if let Some(base) = environment("XDG_STATE_HOME").filter(|base| base.starts_with('/')) {
        return Ok(Some(PathBuf::from(base).join("cosdiag").join("history.db")));
    }
    let strategy = etcetera::base_strategy::choose_base_strategy()
        .map_err(|_| ConfigError("no home directory: set COSDIAG_HISTORY to the history's file".to_owned()))?;
    let base = strategy.state_dir().unwrap_or_else(|| strategy.data_dir());
    Ok(Some(base.join("cosdiag").join("history.db")))
}

/// The file's limits over the usual ones; 0 is no limit.
fn limits(entry: HistoryEntry) -> Limits {
    let usual = Limits::default();
    let limit = |given: Option<u32>, usual| given.or(usual).filter(|limit| *limit > 0);
    Limits { days: limit(entry.keep_days, usual.days), megabytes: limit(entry.max_mb, usual.megabytes) }
}

/// Reads the file and the environment and lays the flags over them.
///
/// # Errors
/// On the first thing that is not what it should be.
pub fn load(flags: &Flags, environment: Environment<'_>) -> Result<Settings, ConfigError> {
    let (path, file, text) = read_file(environment)?;
    let said = file.language.as_deref().map(|language| spoken(language, &path)).transpose()?.flatten();
    let language = said.unwrap_or_else(|| locale_language(environment));
    let chosen = SelectedProfile::of(flags, environment, &file, &path)?;
    let (dialect, says) = dialect(flags, &chosen)?;
    let mut found = credentials(flags, environment, &chosen, &path, dialect)?;
    let mut remarks = std::mem::take(&mut found.remarks);
    let mut origins =
        vec![Origin::new("profile", &chosen.name, &chosen.from), Origin::new("dialect", dialect.as_str(), says)];
    let region = region(flags, environment, &chosen, &found, dialect);
    origins.push(region.clone().map_or_else(
        || Origin::new("region", "none", "nothing sets it"),
        |(region, from)| Origin::new("region", region, from),
    ));
    let region = region.map(|(region, _)| region);
    remarks.extend(
        region
            .as_deref()
            .and_then(|region| regions::region_remark(region, dialect))
            .map(|remark| facts::region_remark(&remark, language)),
    );
    if flags.region.is_some() {
        found.buckets.values_mut().for_each(|bucket| bucket.region = None);
    }
    let anonymous = flags.anonymous || chosen.entry.anonymous.unwrap_or(false) || found.anonymous.is_some();
    origins.extend(credential_origins(&found, flags, &chosen, anonymous));
    if let Some(credentials) = &found.credentials {
        remarks.extend(validate::credentials_remarks(credentials, dialect, language));
    }
    let endpoint = connection::endpoint(flags, &chosen, environment, &found, dialect, &mut origins)?;
    let connection = connection::connection(flags, &chosen, environment, &mut origins)?;
    let glyphs = file.glyphs.unwrap_or_else(|| "auto".to_owned());
    let mut theme = file.theme.unwrap_or_else(|| "auto".to_owned());
    let mut screen = screen::read(&path, &text, &mut remarks);
    screen.says_language = said.is_some();
    screen.locale_language = locale_language(environment);
    screen.beside = divided(file.split.as_deref(), &path)?;
    if !screen::THEMES.contains(&theme.as_str()) {
        screen.theme = screen::theme(&path, &theme).map_err(|reason| remarks.push(reason)).ok();
        if screen.theme.is_none() {
            "auto".clone_into(&mut theme);
        }
    }
    if flags.insecure {
        remarks.push("--insecure: certificates are not checked, anybody could answer".to_owned());
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
        headers: flags.headers.iter().map(|header| header_pair(header)).collect::<Result<_, _>>()?,
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

/// A place where credentials were looked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProviderStatus {
    /// The place.
    pub place: String,
    /// What is there, in words, without secrets.
    pub state: String,
    /// It is the one that won.
    pub used: bool,
}

/// Where credentials are looked for, the winner first in rank, and what is there. Runs no program.
///
/// # Errors
/// As [`load`].
pub fn provider_status(flags: &Flags, environment: Environment<'_>) -> Result<Vec<ProviderStatus>, ConfigError> {
    let (path, file, _) = read_file(environment)?;
    let chosen = SelectedProfile::of(flags, environment, &file, &path)?;
    let (dialect, _) = dialect(flags, &chosen)?;
    let lookup = chosen.lookup(environment, &path, false);
    let mut free = !flags.anonymous && !chosen.entry.anonymous.unwrap_or(false);
    let look = |source: &CredentialProvider| {
        let (state, usable) = match source.look(&lookup) {
            Err(error) => (format!("cannot be used: {error}"), false),
            Ok(Some(CredentialLookup { credentials: Some(credentials), .. })) => (mask_id(&credentials.id), true),
            Ok(Some(CredentialLookup { waiting: Some(_), .. })) => {
                ("a program, run when it is needed".to_owned(), true)
            }
            Ok(Some(CredentialLookup { anonymous: Some(_), .. })) => ("anonymous".to_owned(), true),
            Ok(_) => ("not set".to_owned(), false),
        };
        let used = usable && std::mem::take(&mut free);
        ProviderStatus { place: source.in_words(&lookup), state, used }
    };
    Ok(chosen.sources(dialect).iter().map(look).collect())
}

fn read_file(environment: Environment<'_>) -> Result<(PathBuf, ConfigFile, String), ConfigError> {
    let path = path(environment)?;
    let named = environment("COSDIAG_CONFIG").is_some_and(|path| !path.is_empty());
    let (file, text) = ConfigFile::read_with_text(&path, named)?;
    Ok((path, file, text))
}

/// The language that the file names; `None` is the locale's.
fn spoken(language: &str, path: &Path) -> Result<Option<Language>, ConfigError> {
    match language {
        "auto" => Ok(None),
        "en" => Ok(Some(Language::En)),
        "zh" => Ok(Some(Language::Zh)),
        _ => Err(ConfigError(format!("{}: language = \"{language}\" is none of auto, en, zh", path.display()))),
    }
}

/// How the file divides the screen; `None` follows the width.
fn divided(split: Option<&str>, path: &Path) -> Result<Option<bool>, ConfigError> {
    match split {
        None | Some("auto") => Ok(None),
        Some("beside") => Ok(Some(true)),
        Some("below") => Ok(Some(false)),
        Some(split) => {
            Err(ConfigError(format!("{}: split = \"{split}\" is none of auto, beside, below", path.display())))
        }
    }
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
    let mut found = credential_chain::find(chosen.sources(dialect), &lookup)?;
    let nothing = found.credentials.is_none() && found.anonymous.is_none() && found.waiting.is_none();
    if nothing && chosen.tool.is_some() {
        let reason = found.remarks.pop().unwrap_or_else(|| "no credentials there".to_owned());
        let place = chosen.sources(dialect).first().map(|source| source.in_words(&lookup)).unwrap_or_default();
        return Err(ConfigError(format!("{}: profile {}: {place}: {reason}", chosen.from, chosen.name)));
    }
    // The AWS tools' files say where, whoever says as whom.
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

/// Who signs, in two or three lines, none of which holds a secret.
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
            (None, None) => ("none".to_owned(), "nothing sets them".to_owned()),
        };
        return vec![Origin::new("credentials", value, from)];
    };
    let hidden = |secret: &str| format!("hidden, {} characters", secret.chars().count());
    let mut origins = vec![
        Origin::new("credentials", credentials.masked_id(), &credentials.source),
        Origin::new("secret key", hidden(credentials.expose_key()), "beside the id"),
    ];
    origins.extend(credentials.expose_token().map(|token| Origin::new("token", hidden(token), "beside the id")));
    origins
}

fn dialect(flags: &Flags, chosen: &SelectedProfile) -> Result<(Dialect, String), ConfigError> {
    match (&flags.dialect, chosen.entry.dialect) {
        (Some(text), _) => match text.parse() {
            Ok(dialect) => Ok((dialect, "--dialect".to_owned())),
            Err(error) => Err(ConfigError(format!("--dialect: {error}"))),
        },
        (None, Some(dialect)) => Ok((dialect, chosen.place())),
        (None, None) if flags.s3_targets => Ok((Dialect::S3, "s3:// targets".to_owned())),
        (None, None) => Ok((Dialect::default(), BUILT_IN.to_owned())),
    }
}

/// Reads `Name: value`.
///
/// # Errors
/// When there is no colon, or the name is no header name.
pub fn header_pair(text: &str) -> Result<(String, String), ConfigError> {
    let (name, value) = text.split_once(':').unwrap_or((text, ""));
    let name = name.trim().to_ascii_lowercase();
    if matches!(name.as_str(), "content-length" | "transfer-encoding" | "connection") {
        return Err(ConfigError(format!("--header: {name} is set by the connection itself and cannot be given")));
    }
    let sendable = http::HeaderName::from_bytes(name.as_bytes()).is_ok() && http::HeaderValue::from_str(value).is_ok();
    if !text.contains(':') {
        // Any part of it may be a secret.
        return Err(ConfigError("--header: no colon in it. Write 'Name: value'".to_owned()));
    }
    if !sendable {
        let name = if http::HeaderName::from_bytes(name.as_bytes()).is_ok() { name } else { "the name".to_owned() };
        return Err(ConfigError(format!("--header: {name} is not valid. Write 'Name: value'")));
    }
    Ok((name, value.trim().to_owned()))
}

fn origin(text: &str) -> Result<String, ConfigError> {
    match url::Url::parse(text) {
        Ok(url) if url.has_host() && url.path() == "/" => Ok(text.trim_end_matches('/').to_owned()),
        _ => Err(ConfigError(format!("--origin: \"{text}\" is no origin, such as https://www.example.com"))),
    }
}
