//! What a person asks to be probed: a target or every bucket of the account, as an argument or a line of a file.

use std::io::{BufRead, ErrorKind, Read};

use super::target::{Target, TargetError};

/// The most targets, and the most requests, of one run.
pub const MAX_REQUESTS: usize = 1_000_000;
/// Invalid lines that are reported one by one.
const MAX_REMARKS: usize = 20;
/// The longest line that can be a target, in bytes.
pub const MAX_LINE: u64 = 16 * 1024;

/// What to probe.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TargetSelector {
    /// One target.
    One(Target),
    /// Every bucket of the account.
    AllBuckets,
}

/// A target and where it was written: as an argument, or in a line of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TargetArg {
    /// What to probe.
    pub what: TargetSelector,
    /// The line's number, from 1.
    pub line: Option<usize>,
    /// It was written as `s3://…`.
    pub s3: bool,
}

impl TargetArg {
    /// Reads one target, `cos://*` or `s3://*`.
    ///
    /// # Errors
    /// As [`Target::parse`].
    pub fn parse(text: &str, line: Option<usize>) -> Result<Self, TargetError> {
        let what = match text {
            "cos://*" | "s3://*" => TargetSelector::AllBuckets,
            _ => TargetSelector::One(Target::parse(text)?),
        };
        Ok(Self { what, line, s3: text.starts_with("s3://") })
    }
}

/// Why a line of a target file is not a target.
#[derive(Clone, Debug, PartialEq, Eq, strum::EnumCount)]
pub enum TargetLineError {
    /// It is not a target.
    Target(TargetError),
    /// It is not UTF-8.
    NotUtf8,
    /// It is longer than [`MAX_LINE`].
    TooLong,
}

/// Lines of a target file that are skipped.
#[derive(Clone, Debug, PartialEq, Eq, strum::EnumCount)]
pub enum SkippedLines {
    /// One line.
    One {
        /// The file.
        name: String,
        /// The line's number, from 1.
        line: usize,
        /// What is wrong with it.
        error: TargetLineError,
    },
    /// More lines than are reported one by one.
    More {
        /// The file.
        name: String,
        /// How many more.
        count: usize,
    },
}

/// Why a target file cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, strum::EnumCount)]
pub enum TargetFileError {
    /// A line cannot be read.
    Read {
        /// The file.
        name: String,
        /// The line's number, from 1.
        line: usize,
        /// The system's reason.
        kind: ErrorKind,
    },
    /// It has more than [`MAX_REQUESTS`] targets.
    TooMany {
        /// The file.
        name: String,
        /// The line's number, from 1.
        line: usize,
    },
    /// None of its lines is a target.
    AllInvalid {
        /// The file.
        name: String,
        /// How many lines are invalid.
        count: usize,
    },
    /// It has no lines but comments.
    Empty(String),
}

/// Reads one target a line, `#` for comments, and hands each on with its text. An invalid line is reported and
/// skipped.
///
/// # Errors
/// When a line cannot be read, or there are too many targets or none.
pub fn from_lines(
    mut lines: impl BufRead,
    name: &str,
    take: &mut dyn FnMut(TargetArg, &str),
    report: &mut dyn FnMut(SkippedLines),
) -> Result<(), TargetFileError> {
    let (mut line, mut taken, mut invalid) = (0, 0, 0);
    let mut bytes = Vec::new();
    let file = || name.to_owned();
    let unreadable =
        |line| move |error: std::io::Error| TargetFileError::Read { name: name.to_owned(), line, kind: error.kind() };
    loop {
        bytes.clear();
        let read = (&mut lines).take(MAX_LINE).read_until(b'\n', &mut bytes);
        if read.map_err(unreadable(line + 1))? == 0 {
            break;
        }
        line += 1;
        let is_long = bytes.len() as u64 == MAX_LINE && !bytes.ends_with(b"\n");
        if is_long {
            lines.skip_until(b'\n').map_err(unreadable(line))?;
        }
        let mut text = "";
        let read = match std::str::from_utf8(&bytes) {
            _ if is_long => Err(TargetLineError::TooLong),
            Err(_) => Err(TargetLineError::NotUtf8),
            Ok(whole) => {
                text = whole.trim_start_matches('\u{feff}').trim();
                if text.is_empty() || text.starts_with('#') {
                    continue;
                }
                TargetArg::parse(text, Some(line)).map_err(TargetLineError::Target)
            }
        };
        match read {
            Ok(_) if taken == MAX_REQUESTS => return Err(TargetFileError::TooMany { name: file(), line }),
            Ok(target) => {
                taken += 1;
                take(target, text);
            }
            Err(error) => {
                invalid += 1;
                if invalid <= MAX_REMARKS {
                    report(SkippedLines::One { name: file(), line, error });
                }
            }
        }
    }
    if invalid > MAX_REMARKS {
        report(SkippedLines::More { name: file(), count: invalid - MAX_REMARKS });
    }
    match taken {
        0 if invalid > 0 => Err(TargetFileError::AllInvalid { name: file(), count: invalid }),
        0 => Err(TargetFileError::Empty(file())),
        _ => Ok(()),
    }
}
