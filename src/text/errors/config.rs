//! What is wrong with the configuration.

use crate::config::error::{ConfigError, HeaderError, ProcessFailure};
use crate::i18n::{Language, Localize, tell};

use super::io_reason;

impl Localize for ConfigError {
    fn localize(&self, language: Language) -> String {
        match self {
            Self::NoHome(variable) => {
                tell!(language, "no home directory. Set %{variable} to a file", variable = variable).into_owned()
            }
            Self::UnknownProfile { .. }
            | Self::UnknownAwsProfile(_)
            | Self::IncompleteCredentials { .. }
            | Self::NoCredentials { .. }
            | Self::UnsupportedMethod { .. }
            | Self::CvmRole(_) => of_credentials(self, language),
            Self::Process { place, program, failure } => {
                let failure = failure.localize(language);
                match program.as_str() {
                    "" => format!("{place}: credential_process: {failure}"),
                    program => format!("{place}: credential_process \"{program}\": {failure}"),
                }
            }
            Self::Endpoint { from, error } => format!("{from}: {}", error.localize(language)),
            Self::Scheme { .. }
            | Self::Proxy(_)
            | Self::ProxyAndConnectTo
            | Self::CaFile { .. }
            | Self::Timeout { .. }
            | Self::Origin(_) => of_connection(self, language),
            Self::Header(error) => format!("--header: {}", error.localize(language)),
            other => of_file(other, language),
        }
    }
}

/// What is wrong with a file: its path and line, then the words.
fn of_file(error: &ConfigError, language: Language) -> String {
    let (path, line, words) = match error {
        ConfigError::NotFound(path) => (path, None, tell!(language, "not found")),
        ConfigError::NotAFile(path) => (path, None, tell!(language, "not a regular file")),
        ConfigError::Io { path, kind } => (path, None, io_reason(*kind, language)),
        ConfigError::TooLong(path) => {
            (path, None, tell!(language, "longer than 1 MiB, so it is not a configuration file"))
        }
        ConfigError::NotUtf8 { path, line } => (path, Some(*line), tell!(language, "not UTF-8 text")),
        ConfigError::Toml { path, at, reason, key } => {
            let at = at.map(|(line, column)| format!(":{line}:{column}")).unwrap_or_default();
            let key = key.as_ref().map(|key| format!(" ({key})")).unwrap_or_default();
            let words = tell!(language, "invalid configuration: %{reason}", reason = reason);
            return format!("{}{at}: {words}{key}", path.display());
        }
        ConfigError::Ini { path, line } => {
            (path, Some(*line), tell!(language, "not a section, a key = value line or a comment"))
        }
        ConfigError::YamlTab { path, line } => {
            (path, Some(*line), tell!(language, "the line is indented with a tab. Use spaces"))
        }
        ConfigError::Yaml { path, line } => {
            (path, Some(*line), tell!(language, "not YAML of coscli (cos: base: secretid: …)"))
        }
        ConfigError::NotSavable(path) => (path, None, tell!(language, "settings cannot be saved here")),
        ConfigError::NotATable { path, name } => {
            (path, None, tell!(language, "%{name} is a value. Write it as a table [%{name}]", name = name))
        }
        _ => return String::new(),
    };
    let line = line.map(|line| format!(":{line}")).unwrap_or_default();
    format!("{}{line}: {words}", path.display())
}

fn of_credentials(error: &ConfigError, language: Language) -> String {
    let words = match error {
        ConfigError::UnknownProfile { from, name, path, known, nearest } => {
            let (path, known) = (path.display(), known.join(", "));
            match (nearest, known.is_empty()) {
                (Some(near), _) => tell!(
                    language,
                    "%{from}: no profile \"%{name}\" in %{path}. Did you mean \"%{near}\"?",
                    from = from,
                    name = name,
                    path = path,
                    near = near
                ),
                (None, true) => tell!(
                    language,
                    "%{from}: no profile \"%{name}\" in %{path}. The file has no profiles",
                    from = from,
                    name = name,
                    path = path
                ),
                (None, false) => tell!(
                    language,
                    "%{from}: no profile \"%{name}\" in %{path}. Profiles: %{known}",
                    from = from,
                    name = name,
                    path = path,
                    known = known
                ),
            }
        }
        ConfigError::UnknownAwsProfile(name) => {
            tell!(language, "AWS_PROFILE: the AWS files have no profile \"%{name}\"", name = name)
        }
        ConfigError::IncompleteCredentials { place, present, missing } => tell!(
            language,
            "%{place}: %{present} is set, but %{missing} is not. Set both",
            place = place,
            present = present,
            missing = missing
        ),
        ConfigError::NoCredentials { from, profile, place, reason } => {
            let reason = reason.as_ref().map(|reason| reason.localize(language));
            let reason = reason.unwrap_or_else(|| tell!(language, "no credentials").into_owned());
            return format!("{from} {profile}: {place}: {reason}");
        }
        ConfigError::UnsupportedMethod { place, setting, profile } => tell!(
            language,
            "%{place}: %{setting} is not supported. Use credential_process = aws configure export-credentials --profile %{profile}",
            place = place,
            setting = setting,
            profile = crate::domain::shell::word(profile)
        ),
        ConfigError::CvmRole(path) => tell!(
            language,
            "%{path}: mode CvmRole is not supported (credentials of the machine's metadata service). Use a credential_process",
            path = path.display()
        ),
        _ => return String::new(),
    };
    words.into_owned()
}

fn of_connection(error: &ConfigError, language: Language) -> String {
    let words = match error {
        ConfigError::Scheme { from, scheme } => {
            tell!(language, "%{from}: invalid scheme \"%{scheme}\". Use http or https", from = from, scheme = scheme)
        }
        ConfigError::Proxy(from) => {
            tell!(language, "%{from}: invalid proxy URL. Use a URL such as http://proxy.example.com:3128", from = from)
        }
        ConfigError::ProxyAndConnectTo => {
            tell!(language, "--proxy and --connect-to both say where to connect. Leave one out")
        }
        ConfigError::CaFile { from, path, kind } => {
            let no_pem = || tell!(language, "no PEM certificates in this file");
            let reason = kind.map_or_else(no_pem, |kind| io_reason(kind, language));
            return format!("{from}: {}: {reason}", path.display());
        }
        ConfigError::Timeout { from, seconds } => tell!(
            language,
            "%{from}: %{seconds} is out of range. Use a number of seconds from 0.001 to 86400",
            from = from,
            seconds = seconds
        ),
        ConfigError::Origin(text) => tell!(
            language,
            "--origin: invalid origin \"%{text}\". Use an origin such as https://www.example.com",
            text = text
        ),
        _ => return String::new(),
    };
    words.into_owned()
}

impl Localize for ProcessFailure {
    fn localize(&self, language: Language) -> String {
        let words = match self {
            Self::Command => tell!(language, "the command is empty or a quote is not closed"),
            Self::NotStarted(kind) => tell!(
                language,
                "the program does not start (%{reason}). It is run without a shell",
                reason = io_reason(*kind, language)
            ),
            Self::TimedOut(seconds) => tell!(language, "it took longer than %{n} s and was stopped", n = seconds),
            Self::NotWaited(kind) => {
                tell!(language, "its end cannot be waited for: %{reason}", reason = io_reason(*kind, language))
            }
            Self::Exited(Some(code)) => tell!(
                language,
                "it exited with status %{code}. Its output is hidden because it may contain secrets; run the command yourself to see it",
                code = code
            ),
            Self::Exited(None) => tell!(language, "it was ended by a signal"),
            Self::OutputOpen => tell!(language, "it ended without closing its output"),
            Self::NotJson { line } => tell!(
                language,
                "it did not print JSON with AccessKeyId and SecretAccessKey (line %{line})",
                line = line
            ),
            Self::Version => tell!(language, "it printed a Version other than 1"),
            Self::Missing(name) => tell!(language, "it printed no %{name}", name = name),
        };
        words.into_owned()
    }
}

impl Localize for HeaderError {
    fn localize(&self, language: Language) -> String {
        let words = match self {
            Self::NoColon => tell!(language, "the colon is missing. Write 'Name: value'"),
            Self::Reserved(name) => {
                tell!(language, "%{name} is set by the connection itself. Leave it out", name = name)
            }
            Self::Name => tell!(language, "the name is invalid. Write 'Name: value'"),
            Self::Value(name) => {
                tell!(language, "the value of %{name} is invalid. Write 'Name: value'", name = name)
            }
        };
        words.into_owned()
    }
}
