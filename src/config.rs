//! What was asked for, made into what it means: one [`Settings`] out of flags, environment and
//! file, every problem said in one line. Nothing is sent with a half-read configuration.

pub mod credentials;
pub mod file;

use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use etcetera::BaseStrategy;

use crate::diagnosis::Language;
use crate::domain::endpoint::Endpoint;
use crate::domain::naming;
use crate::domain::probe::Extras;
use crate::domain::profile::{Connection, Dialect, Names, Profile, Proxies, Timeouts};
use crate::store::history::Limits;
use file::{ConfigFile, HistoryEntry, ProfileEntry};

/// One line that says what is wrong, where, and what would be right.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct ConfigError(pub String);

/// Looks a variable up; the tests give their own.
pub type Environment<'a> = &'a dyn Fn(&str) -> Option<String>;

/// Connection settings as typed on the command line.
#[derive(Clone, Debug, Default)]
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
}

/// How the screen should look and act.
#[derive(Clone, Debug)]
pub struct Look {
    /// `auto`, `dark`, `light` or `mono`.
    pub theme: String,
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
    /// Names of all profiles in the file.
    pub profiles: Vec<String>,
    /// What the written rules say about region and credentials, and that TLS is not checked.
    pub remarks: Vec<String>,
    /// Headers given by hand, names in lower case.
    pub headers: Vec<(String, String)>,
    /// The origin of preflights.
    pub origin: Option<String>,
    /// The look.
    pub look: Look,
    /// The language of verdicts and explanations.
    pub language: Language,
    /// How much of the history is kept.
    pub history: Limits,
}

impl Settings {
    /// What every probe gets beside its operation.
    #[must_use]
    pub fn extras(&self) -> Extras {
        let unique = format!("{:x}-{:x}", jiff::Timestamp::now().as_millisecond(), std::process::id());
        Extras { headers: self.headers.clone(), origin: self.origin.clone(), unique }
    }
}

/// The language of the first locale variable that is set.
#[must_use]
pub fn language(environment: Environment<'_>) -> Language {
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
    let path = path(environment)?;
    let named = environment("COSDIAG_CONFIG").is_some_and(|path| !path.is_empty());
    let file = ConfigFile::read(&path, named)?;
    let (name, entry) = choose(flags, environment, &file, &path)?;
    let dialect = dialect(flags, &entry)?;
    let mut remarks = Vec::new();

    let region =
        flags.region.clone().filter(|region| !region.is_empty()).or(entry.region.clone()).or_else(|| match dialect {
            Dialect::Cos => None,
            Dialect::S3 => environment("AWS_REGION").or_else(|| environment("AWS_DEFAULT_REGION")),
        });
    remarks.extend(region.as_deref().and_then(|region| naming::region_remark(region, dialect)));

    let anonymous = flags.anonymous || entry.anonymous.unwrap_or(false);
    let credentials = if anonymous { None } else { credentials::find(dialect, &name, &entry, &path, environment)? };
    remarks.extend(credentials.as_ref().and_then(|credentials| naming::credentials_remark(credentials, dialect)));
    let themes = ["auto", "dark", "light", "mono"];
    let mut theme = file.theme.unwrap_or_else(|| "auto".to_owned());
    if !themes.contains(&theme.as_str()) {
        remarks.push(format!("{}: theme = \"{theme}\" is none of {}; auto is used", path.display(), themes.join(", ")));
        "auto".clone_into(&mut theme);
    }
    if flags.insecure {
        remarks.push("--insecure: certificates are not checked, anybody could answer".to_owned());
    }
    let profile = Profile {
        endpoint: endpoint(flags, &entry, dialect)?,
        connection: connection(flags, &entry, environment)?,
        name,
        dialect,
        region,
        credentials: credentials.map(Arc::new),
        anonymous,
    };
    Ok(Settings {
        profile,
        profiles: file.profile.keys().cloned().collect(),
        language: language(environment),
        history: limits(file.history.unwrap_or_default()),
        remarks,
        headers: flags.headers.iter().map(|header| header_pair(header)).collect::<Result<_, _>>()?,
        origin: flags.origin.as_deref().map(origin).transpose()?,
        look: Look {
            theme,
            mouse: file.mouse.unwrap_or(true),
            diagnose_url: file.diagnose_url.unwrap_or_else(|| file::DIAGNOSE_URL.to_owned()),
        },
    })
}

/// The profile by flag, variable or default; with none of them, one made of the environment.
fn choose(
    flags: &Flags,
    environment: Environment<'_>,
    file: &ConfigFile,
    path: &Path,
) -> Result<(String, ProfileEntry), ConfigError> {
    let by_variable =
        || environment("COSDIAG_PROFILE").filter(|name| !name.is_empty()).map(|name| (name, "COSDIAG_PROFILE"));
    let by_file = || file.default_profile.clone().map(|name| (name, "default_profile"));
    let chosen = flags.profile.clone().map(|name| (name, "--profile")).or_else(by_variable).or_else(by_file);
    let Some((name, from)) = chosen else { return Ok(("env".to_owned(), ProfileEntry::default())) };
    let Some(entry) = file.profile.get(&name) else {
        let known: Vec<_> = file.profile.keys().map(String::as_str).collect();
        let hint = match (known.is_empty(), naming::nearest(&name, known.iter().copied())) {
            (true, _) => "it has no profiles yet".to_owned(),
            (false, Some(near)) => format!("did you mean \"{near}\"?"),
            (false, None) => format!("it has {}", known.join(", ")),
        };
        return Err(ConfigError(format!("{from}: no profile \"{name}\" in {}: {hint}", path.display())));
    };
    Ok((name, entry.clone()))
}

fn dialect(flags: &Flags, entry: &ProfileEntry) -> Result<Dialect, ConfigError> {
    match &flags.dialect {
        Some(text) => text.parse().map_err(|error| ConfigError(format!("--dialect: {error}"))),
        None if flags.s3_targets && entry.dialect.is_none() => Ok(Dialect::S3),
        None => Ok(entry.dialect.unwrap_or_default()),
    }
}

fn endpoint(flags: &Flags, entry: &ProfileEntry, dialect: Dialect) -> Result<Endpoint, ConfigError> {
    let given = [(&flags.endpoint, "--endpoint"), (&entry.endpoint, "endpoint")];
    if let Some((text, from)) = given.iter().find_map(|(text, from)| Some((text.as_ref()?, from))) {
        return Endpoint::parse(text).map_err(|error| ConfigError(format!("{from}: {error}")));
    }
    let given = [(&flags.scheme, "--scheme"), (&entry.scheme, "scheme")];
    match given.iter().find_map(|(text, from)| Some((text.as_deref()?, *from))).unwrap_or(("https", "")) {
        (scheme @ ("http" | "https"), _) => Ok(Endpoint::of(dialect, scheme)),
        (other, from) => Err(ConfigError(format!("{from}: \"{other}\" is neither http nor https"))),
    }
}

fn connection(flags: &Flags, entry: &ProfileEntry, environment: Environment<'_>) -> Result<Connection, ConfigError> {
    let names = flags.connect_to.as_deref().map(fixed_address).transpose()?.map_or(Names::System, Names::Fixed);
    let ca_file = flags
        .ca_file
        .clone()
        .map(|path| (path, "--ca-file"))
        .or_else(|| entry.ca_file.clone().map(|path| (path, "ca_file")));
    let ca_pem = ca_file
        .map(|(path, from)| {
            let bad = |reason: String| ConfigError(format!("{from}: {}: {reason}", path.display()));
            let pem = std::fs::read(&path).map_err(|error| bad(error.to_string()))?;
            crate::engine::client::check_certificates(&pem)
                .map_err(|error| bad(format!("{error}; it should hold PEM certificates")))?;
            Ok(pem)
        })
        .transpose()?;
    Ok(Connection {
        names,
        proxies: proxies(flags, entry, environment)?,
        no_proxy: environment("NO_PROXY").or_else(|| environment("no_proxy")),
        ca_pem,
        insecure: flags.insecure,
        timeouts: timeouts(flags, entry)?,
    })
}

/// A proxy by flag or profile is for everything; the variables are for their scheme of URL each, and
/// `--connect-to`, which says where to connect, overrules them.
fn proxies(flags: &Flags, entry: &ProfileEntry, environment: Environment<'_>) -> Result<Proxies, ConfigError> {
    let checked = |text: String, from: &str| match url::Url::parse(&text) {
        Ok(url) if matches!(url.scheme(), "http" | "https") && url.has_host() => Ok(text),
        _ => Err(ConfigError(format!("{from}: no proxy URL: write it as http://proxy.example.com:3128"))),
    };
    if flags.proxy.is_some() && flags.connect_to.is_some() {
        return Err(ConfigError("--proxy and --connect-to both say where to connect; leave one out".to_owned()));
    }
    let explicit = flags.proxy.clone().map(|proxy| (proxy, "--proxy"));
    let of_profile = entry.proxy.clone().filter(|_| flags.connect_to.is_none()).map(|proxy| (proxy, "proxy"));
    if let Some((proxy, from)) = explicit.or(of_profile) {
        return Ok(Proxies::all(checked(proxy, from)?));
    }
    if flags.connect_to.is_some() {
        return Ok(Proxies::default());
    }
    let by_variable = |names: [&'static str; 2]| {
        let found =
            names.into_iter().find_map(|name| Some((environment(name).filter(|proxy| !proxy.is_empty())?, name)));
        found.map(|(proxy, name)| checked(proxy, name)).transpose()
    };
    Ok(Proxies {
        http: by_variable(["http_proxy", "HTTP_PROXY"])?,
        https: by_variable(["HTTPS_PROXY", "https_proxy"])?,
    })
}

fn timeouts(flags: &Flags, entry: &ProfileEntry) -> Result<Timeouts, ConfigError> {
    let from = if flags.timeout.is_some() { "--timeout" } else { "timeout" };
    let bad = |text: &str| ConfigError(format!("{from}: \"{text}\" is no number of seconds, such as 30 or 0.5"));
    let seconds = match &flags.timeout {
        Some(text) => Some(text.strip_suffix('s').unwrap_or(text).parse::<f64>().map_err(|_| bad(text))?),
        None => entry.timeout,
    };
    match seconds {
        None => Ok(Timeouts::default()),
        Some(seconds) if (0.001..=86_400.0).contains(&seconds) => {
            Ok(Timeouts::within(Duration::from_secs_f64(seconds)))
        }
        Some(seconds) => Err(bad(&seconds.to_string())),
    }
}

fn fixed_address(text: &str) -> Result<SocketAddr, ConfigError> {
    let local = text.strip_prefix("localhost:").map(|port| format!("{}:{port}", Ipv4Addr::LOCALHOST));
    local.as_deref().unwrap_or(text).parse().map_err(|_| {
        ConfigError(format!("--connect-to: \"{text}\" is no address and port, such as 127.0.0.1:9000 or [::1]:9000"))
    })
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
    if !text.contains(':') || !sendable {
        // The value may be a secret, so only the name is repeated.
        return Err(ConfigError(format!("--header: \"{name}\" is no header: write 'Name: value'")));
    }
    Ok((name, value.trim().to_owned()))
}

fn origin(text: &str) -> Result<String, ConfigError> {
    match url::Url::parse(text) {
        Ok(url) if url.has_host() && url.path() == "/" => Ok(text.trim_end_matches('/').to_owned()),
        _ => Err(ConfigError(format!("--origin: \"{text}\" is no origin, such as https://www.example.com"))),
    }
}
