//! What to probe: targets as arguments, out of a file or a pipe, and all buckets of an account.

use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;

use anyhow::{Context, bail};

use super::{MOST, SAID};
use crate::cli::say;
use crate::domain::target::Target;
use crate::domain::text::{end_cut, visible};

/// The longest line that can be a target.
const LONGEST: u64 = 16 * 1024;

/// What was asked to be probed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// One target.
    One(Target),
    /// Every bucket of the account.
    AllBuckets,
}

/// A target and where it was written: as an argument, or in a line of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Given {
    /// What.
    pub what: Wanted,
    /// The line's number, from 1.
    pub line: Option<usize>,
    /// It was written as `s3://…`.
    pub s3: bool,
}

impl Given {
    fn parse(text: &str, line: Option<usize>) -> Result<Self, String> {
        let what = match text {
            "cos://*" | "s3://*" => Wanted::AllBuckets,
            _ => Wanted::One(Target::parse(text).map_err(|error| error.to_string())?),
        };
        Ok(Self { what, line, s3: text.starts_with("s3://") })
    }
}

/// Reads the arguments, then the file.
///
/// # Errors
/// When an argument is no target, the file cannot be read, or none of its lines is a target.
pub fn read(arguments: &[String], file: Option<&Path>) -> anyhow::Result<Vec<Given>> {
    let given = arguments.iter().map(|text| Given::parse(text, None)).collect::<Result<Vec<_>, _>>();
    let mut given = given.map_err(anyhow::Error::msg)?;
    if let Some(path) = file {
        let name = path.display().to_string();
        if name == "-" {
            from_lines(std::io::stdin().lock(), "standard input", &mut given)?;
        } else {
            if path.is_dir() {
                bail!("--targets-from: {name}: this is a directory; name a file with one target a line");
            }
            let file = File::open(path).with_context(|| format!("--targets-from: {name}"))?;
            from_lines(BufReader::new(file), &name, &mut given)?;
        }
    }
    Ok(given)
}

/// A line that is no target is said with its number, and the others go on.
fn from_lines(mut lines: impl BufRead, name: &str, given: &mut Vec<Given>) -> anyhow::Result<()> {
    let before = given.len();
    let (mut line, mut bad) = (0, 0);
    let mut bytes = Vec::new();
    loop {
        bytes.clear();
        let read = (&mut lines).take(LONGEST).read_until(b'\n', &mut bytes);
        if read.with_context(|| format!("--targets-from: {name}:{}", line + 1))? == 0 {
            break;
        }
        line += 1;
        let long = bytes.len() as u64 == LONGEST && !bytes.ends_with(b"\n");
        if long {
            lines.skip_until(b'\n').with_context(|| format!("--targets-from: {name}:{line}"))?;
        }
        let read = match std::str::from_utf8(&bytes) {
            _ if long => Err(format!("longer than {LONGEST} bytes: no target")),
            Err(_) => Err("not UTF-8 text".to_owned()),
            Ok(text) => {
                let text = text.trim_start_matches('\u{feff}').trim();
                if text.is_empty() || text.starts_with('#') {
                    continue;
                }
                Given::parse(text, Some(line))
            }
        };
        match read {
            Ok(_) if given.len() == MOST => {
                bail!("--targets-from: {name}:{line}: more than {MOST} targets; split the file")
            }
            Ok(target) => given.push(target),
            Err(reason) => {
                bad += 1;
                if bad <= SAID {
                    say(&format!("{name}:{line}: {}; the line is left out", end_cut(&visible(&reason), 200)));
                }
            }
        }
    }
    if bad > SAID {
        say(&format!("{name}: {} more lines are no targets and are left out", bad - SAID));
    }
    match given.len() - before {
        0 if bad > 0 => bail!("--targets-from: {name}: no target in it: none of its {bad} lines could be read"),
        0 => bail!("--targets-from: {name}: no target in it"),
        _ => Ok(()),
    }
}
