//! Why a configuration cannot be used, as data. `text::errors` has the words.

use std::io::ErrorKind;
use std::path::PathBuf;

use crate::domain::endpoint::EndpointError;

/// Why a configuration cannot be used.
#[derive(Clone, Debug, PartialEq, strum::EnumCount)]
pub enum ConfigError {
    /// There is no home directory, and this variable does not say where else to look.
    NoHome(&'static str),
    /// The configuration file does not exist.
    NotFound(PathBuf),
    /// The path names a directory, a pipe or a device.
    NotAFile(PathBuf),
    /// A file cannot be read or written.
    Io {
        /// The file.
        path: PathBuf,
        /// The system's reason.
        kind: ErrorKind,
    },
    /// The file is longer than a configuration file can be.
    TooLong(PathBuf),
    /// A line is not UTF-8.
    NotUtf8 {
        /// The file.
        path: PathBuf,
        /// The line's number, from 1.
        line: usize,
    },
    /// The file is not valid TOML, or has an unknown key or value.
    Toml {
        /// The file.
        path: PathBuf,
        /// Line and column, from 1.
        at: Option<(usize, usize)>,
        /// The reader's reason, which repeats no value.
        reason: String,
        /// The key, where it is one of ours.
        key: Option<String>,
    },
    /// A line is not one of an INI file. It is not repeated: it may be a secret.
    Ini {
        /// The file.
        path: PathBuf,
        /// The line's number, from 1.
        line: usize,
    },
    /// A YAML line is indented with a tab.
    YamlTab {
        /// The file.
        path: PathBuf,
        /// The line's number, from 1.
        line: usize,
    },
    /// The file is not YAML of coscli.
    Yaml {
        /// The file.
        path: PathBuf,
        /// The line's number, from 1.
        line: usize,
    },
    /// coscli's mode `CvmRole` takes credentials from the metadata service.
    CvmRole(PathBuf),
    /// The profile does not exist.
    UnknownProfile {
        /// The flag, variable or key that names it.
        from: String,
        /// Its name.
        name: String,
        /// The configuration file.
        path: PathBuf,
        /// The profiles of the file.
        known: Vec<String>,
        /// The one whose name is nearest.
        nearest: Option<String>,
    },
    /// `AWS_PROFILE` names a profile that the AWS files do not have.
    UnknownAwsProfile(String),
    /// An id without a key, or a key without an id.
    IncompleteCredentials {
        /// The file and section, or the environment.
        place: String,
        /// The name that is set.
        present: String,
        /// The name that is not.
        missing: String,
    },
    /// The profile has no credentials.
    NoCredentials {
        /// The flag, variable or key that chose the profile.
        from: String,
        /// The profile.
        profile: String,
        /// Where credentials were looked for.
        place: String,
        /// Why there are none, where that is known.
        reason: Option<Box<ConfigError>>,
    },
    /// The AWS files name a way to credentials that is not supported.
    UnsupportedMethod {
        /// The file and section.
        place: String,
        /// The setting that names the way.
        setting: &'static str,
        /// The profile.
        profile: String,
    },
    /// A `credential_process` gave no credentials.
    Process {
        /// The file and section that name it.
        place: String,
        /// The program; empty when the command cannot be read.
        program: String,
        /// What went wrong.
        failure: ProcessFailure,
    },
    /// The endpoint is invalid.
    Endpoint {
        /// The flag, variable, key or file that sets it.
        from: String,
        /// What is wrong with it.
        error: EndpointError,
    },
    /// The scheme is neither `http` nor `https`.
    Scheme {
        /// The file that sets it.
        from: String,
        /// The scheme.
        scheme: String,
    },
    /// The proxy is not a URL. It is not repeated: it may hold a password.
    Proxy(String),
    /// Both `--proxy` and `--connect-to` are given.
    ProxyAndConnectTo,
    /// The certificates cannot be read.
    CaFile {
        /// The flag or key that names the file.
        from: String,
        /// The file.
        path: PathBuf,
        /// The system's reason; `None` when the file holds no PEM certificates.
        kind: Option<ErrorKind>,
    },
    /// The timeout is out of range.
    Timeout {
        /// The key that sets it.
        from: String,
        /// The number of seconds.
        seconds: f64,
    },
    /// A `--header` cannot be sent.
    Header(HeaderError),
    /// `--origin` is not an origin.
    Origin(String),
    /// Settings cannot be saved to this path.
    NotSavable(PathBuf),
    /// A name in the file is a value and not a table.
    NotATable {
        /// The file.
        path: PathBuf,
        /// The name.
        name: &'static str,
    },
}

/// Why a `credential_process` gave no credentials. What it printed is not repeated: it may be a secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq, strum::EnumCount)]
pub enum ProcessFailure {
    /// The command is empty, or a quote is not closed.
    Command,
    /// The program did not start.
    NotStarted(ErrorKind),
    /// It took longer than this number of seconds.
    TimedOut(u64),
    /// The system does not tell when it ends.
    NotWaited(ErrorKind),
    /// It ended with this status; `None` after a signal.
    Exited(Option<i32>),
    /// It ended, and something still holds its output open.
    OutputOpen,
    /// It printed something else than JSON with credentials.
    NotJson {
        /// The line's number, from 1.
        line: usize,
    },
    /// Its `Version` is not 1.
    Version,
    /// A field is missing or empty.
    Missing(&'static str),
}

/// Why a `--header` cannot be sent. Its value is not repeated: it may be a secret.
#[derive(Clone, Debug, PartialEq, Eq, strum::EnumCount)]
pub enum HeaderError {
    /// There is no colon.
    NoColon,
    /// The connection sets this header itself.
    Reserved(String),
    /// The name is invalid.
    Name,
    /// The value of this header is invalid.
    Value(String),
}
