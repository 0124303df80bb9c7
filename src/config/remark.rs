//! What a person should know about a configuration that can be used, as data. `text::remarks` has the words.

use std::path::PathBuf;

use jiff::Timestamp;

use super::error::ConfigError;
use crate::domain::regions::RegionRemark;
use crate::domain::validate::CredentialsRemark;

/// A remark on the configuration.
#[derive(Clone, Debug, PartialEq, strum::EnumCount)]
pub enum ConfigRemark {
    /// On the region.
    Region(RegionRemark),
    /// On the credentials.
    Credentials(CredentialsRemark),
    /// `--insecure` is given.
    Insecure,
    /// A provider cannot be used, and another one was.
    Skipped(ConfigError),
    /// A file with secrets is readable by every user.
    ReadableByOthers {
        /// The file.
        path: PathBuf,
        /// Its mode.
        mode: u32,
    },
    /// A `credential_process` printed credentials that have expired.
    Expired {
        /// The file and section that name it.
        place: String,
        /// The program.
        program: String,
        /// When they expired.
        end: Timestamp,
    },
    /// A line of `[columns]` is invalid.
    Column {
        /// The file.
        path: PathBuf,
        /// The line's number, from 1.
        line: usize,
        /// The key.
        name: String,
        /// What is wrong with it.
        problem: ColumnProblem,
    },
    /// The theme cannot be used.
    Theme {
        /// The configuration file.
        path: PathBuf,
        /// The theme's name.
        name: String,
        /// What is wrong with it.
        problem: ThemeProblem,
    },
}

/// What is wrong with a line of `[columns]`.
#[derive(Clone, Debug, PartialEq, Eq, strum::EnumCount)]
pub enum ColumnProblem {
    /// There is no such key.
    UnknownKey,
    /// The value is not a list of names.
    NotAList,
    /// The value is not a table of widths.
    NotATable,
    /// A width is out of range.
    Width,
    /// There is no such column.
    UnknownColumn(String),
}

/// Why a theme cannot be used.
#[derive(Clone, Debug, PartialEq, strum::EnumCount)]
pub enum ThemeProblem {
    /// It is not built in, and its name cannot be a file's.
    Unknown,
    /// It is not built in, and this file does not exist.
    NotFound(PathBuf),
    /// Its file cannot be read.
    Unreadable(ConfigError),
}
