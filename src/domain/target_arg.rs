//! What somebody asks to be probed: a target, or every bucket of the account; a word, or a line of a file.

use std::io::{BufRead, Read};

use super::target::Target;
use crate::text::sanitize::sanitize;
use crate::text::width::truncate_end;

/// Targets of one plan at most.
pub const MAX_REQUESTS: usize = 1_000_000;
/// So many lines that are no targets are said one by one.
const MAX_REMARKS: usize = 20;
/// The longest line that can be a target.
const MAX_LINE: u64 = 16 * 1024;

/// What was asked to be probed.
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
    /// What.
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
    pub fn parse(text: &str, line: Option<usize>) -> Result<Self, String> {
        let what = match text {
            "cos://*" | "s3://*" => TargetSelector::AllBuckets,
            _ => TargetSelector::One(Target::parse(text).map_err(|error| error.to_string())?),
        };
        Ok(Self { what, line, s3: text.starts_with("s3://") })
    }
}

/// Reads one target a line, `#` for comments. A line that is no target is said with its number, and the
/// others go on.
///
/// # Errors
/// In one line: what cannot be read, or has no target in it.
pub fn from_lines(
    mut lines: impl BufRead,
    name: &str,
    given: &mut Vec<TargetArg>,
    say: &mut dyn FnMut(&str),
) -> Result<(), String> {
    let before = given.len();
    let (mut line, mut bad) = (0, 0);
    let mut bytes = Vec::new();
    loop {
        bytes.clear();
        let read = (&mut lines).take(MAX_LINE).read_until(b'\n', &mut bytes);
        if read.map_err(|error| format!("{name}:{}: {error}", line + 1))? == 0 {
            break;
        }
        line += 1;
        let long = bytes.len() as u64 == MAX_LINE && !bytes.ends_with(b"\n");
        if long {
            lines.skip_until(b'\n').map_err(|error| format!("{name}:{line}: {error}"))?;
        }
        let read = match std::str::from_utf8(&bytes) {
            _ if long => Err(format!("longer than {MAX_LINE} bytes: no target")),
            Err(_) => Err("not UTF-8 text".to_owned()),
            Ok(text) => {
                let text = text.trim_start_matches('\u{feff}').trim();
                if text.is_empty() || text.starts_with('#') {
                    continue;
                }
                TargetArg::parse(text, Some(line))
            }
        };
        match read {
            Ok(_) if given.len() == MAX_REQUESTS => {
                return Err(format!("{name}:{line}: more than {MAX_REQUESTS} targets; split the file"));
            }
            Ok(target) => given.push(target),
            Err(reason) => {
                bad += 1;
                if bad <= MAX_REMARKS {
                    say(&format!("{name}:{line}: {}; the line is left out", truncate_end(&sanitize(&reason), 200)));
                }
            }
        }
    }
    if bad > MAX_REMARKS {
        say(&format!("{name}: {} more lines are no targets and are left out", bad - MAX_REMARKS));
    }
    match given.len() - before {
        0 if bad > 0 => Err(format!("{name}: no target in it: none of its {bad} lines could be read")),
        0 => Err(format!("{name}: no target in it")),
        _ => Ok(()),
    }
}
