//! What to probe: targets as arguments, out of a file or a pipe.

use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use anyhow::{Context, bail};

use crate::cli::status::{environment, status};
use crate::domain::target_arg::{SkippedLines, TargetArg, from_lines};
use crate::i18n::Localize;

/// Reads the arguments, then the file.
///
/// # Errors
/// When an argument is not a target, the file cannot be read, or none of its lines is a target.
pub fn read(arguments: &[String], file: Option<&Path>) -> anyhow::Result<Vec<TargetArg>> {
    let given = arguments.iter().map(|text| TargetArg::parse(text, None)).collect::<Result<Vec<_>, _>>();
    let mut given = given?;
    let Some(path) = file else { return Ok(given) };
    let name = path.display().to_string();
    let language = crate::config::language(&environment);
    let mut skipped = |lines: SkippedLines| status(&lines.localize(language));
    let read = if name == "-" {
        from_lines(std::io::stdin().lock(), "standard input", &mut given, &mut skipped)
    } else {
        if path.is_dir() {
            bail!("--targets-from: {name}: it is a directory. Name a file with one target per line");
        }
        let file = File::open(path).with_context(|| format!("--targets-from: {name}"))?;
        from_lines(BufReader::new(file), &name, &mut given, &mut skipped)
    };
    read.context("--targets-from")?;
    Ok(given)
}
