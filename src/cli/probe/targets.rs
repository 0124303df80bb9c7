//! What to probe: targets as arguments, out of a file or a pipe.

use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use anyhow::{Context, anyhow, bail};

use crate::cli::status::status;
use crate::domain::target_arg::{TargetArg, from_lines};

/// Reads the arguments, then the file.
///
/// # Errors
/// When an argument is no target, the file cannot be read, or none of its lines is a target.
pub fn read(arguments: &[String], file: Option<&Path>) -> anyhow::Result<Vec<TargetArg>> {
    let given = arguments.iter().map(|text| TargetArg::parse(text, None)).collect::<Result<Vec<_>, _>>();
    let mut given = given.map_err(anyhow::Error::msg)?;
    let Some(path) = file else { return Ok(given) };
    let name = path.display().to_string();
    let mut said = |words: &str| status(words);
    let read = if name == "-" {
        from_lines(std::io::stdin().lock(), "standard input", &mut given, &mut said)
    } else {
        if path.is_dir() {
            bail!("--targets-from: {name}: this is a directory; name a file with one target a line");
        }
        let file = File::open(path).with_context(|| format!("--targets-from: {name}"))?;
        from_lines(BufReader::new(file), &name, &mut given, &mut said)
    };
    read.map_err(|why| anyhow!("--targets-from: {why}"))?;
    Ok(given)
}
