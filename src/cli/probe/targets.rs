//! What to probe: targets as arguments, out of a file or a pipe.

use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter, IntoInnerError, Read, Seek, SeekFrom, Write};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::{Context, bail};
use tempfile::SpooledTempFile;

use crate::cli::status::{environment, status};
use crate::domain::target::Target;
use crate::domain::target_arg::{SkippedLines, TargetArg, TargetSelector, from_lines};
use crate::i18n::{Localize, tell};

/// Bytes of targets that stay in memory; more go into a temporary file.
const IN_MEMORY: usize = 1024 * 1024;
/// Ends each of them: a byte that no text in UTF-8 has.
const END: u8 = 0xFF;

/// The targets of a run. Their texts are kept, not what they are parsed to: that takes ten times the memory.
#[derive(Clone)]
pub struct Targets {
    spool: Arc<Mutex<SpooledTempFile>>,
    /// What stands in the place of `cos://*`.
    every: Arc<[Target]>,
    /// All of them were written as `s3://…`.
    pub all_s3: bool,
    /// One of them is every bucket of the account.
    pub has_all_buckets: bool,
}

impl Targets {
    /// Reads the arguments, then the file.
    ///
    /// # Errors
    /// When an argument is not a target, the file cannot be read, or none of its lines is a target.
    pub fn read(arguments: &[String], file: Option<&Path>) -> anyhow::Result<Self> {
        // What is in a file takes three calls of the system for each target, unless it goes there by the block.
        let mut spool = BufWriter::with_capacity(64 * 1024, SpooledTempFile::new(IN_MEMORY));
        let (mut all_s3, mut has_all_buckets, mut kept) = (true, false, Ok(()));
        let mut keep = |target: TargetArg, text: &str| {
            all_s3 &= target.s3;
            has_all_buckets |= target.what == TargetSelector::AllBuckets;
            if kept.is_ok() {
                kept = write!(spool, "{} {text}", target.line.unwrap_or(0)).and_then(|()| spool.write_all(&[END]));
            }
        };
        for text in arguments {
            keep(TargetArg::parse(text, None)?, text);
        }
        if let Some(path) = file {
            let name = path.display().to_string();
            let language = crate::config::language(&environment);
            let mut skipped = |lines: SkippedLines| status(&lines.localize(language));
            let read = if name == "-" {
                from_lines(io::stdin().lock(), "standard input", &mut keep, &mut skipped)
            } else {
                if path.is_dir() {
                    bail!(
                        "{}",
                        tell!(
                            language,
                            "--targets-from: %{name}: it is a directory. Name a file with one target per line",
                            name = name
                        )
                    );
                }
                let file = File::open(path).with_context(|| format!("--targets-from: {name}"))?;
                from_lines(BufReader::new(file), &name, &mut keep, &mut skipped)
            };
            read.context("--targets-from")?;
        }
        let spool = kept.and_then(|()| spool.into_inner().map_err(IntoInnerError::into_error));
        let spool = spool.context("temporary file for the targets")?;
        Ok(Self { spool: Arc::new(Mutex::new(spool)), every: Arc::new([]), all_s3, has_all_buckets })
    }

    /// The same with buckets in the place of `cos://*`.
    pub fn with_buckets(self, buckets: impl Iterator<Item = Target>) -> Self {
        Self { every: buckets.collect(), ..self }
    }

    /// All targets, in order.
    pub fn iter(&self) -> impl Iterator<Item = (Target, Option<usize>)> + Send + use<> {
        let every = Arc::clone(&self.every);
        let texts = Texts(BufReader::with_capacity(64 * 1024, SpoolReader { spool: Arc::clone(&self.spool), at: 0 }));
        texts.flat_map(move |target| {
            let (one, all) = match target.what {
                TargetSelector::One(target) => (Some(target), Arc::from([])),
                TargetSelector::AllBuckets => (None, Arc::clone(&every)),
            };
            let all = (0..all.len()).map(move |at| all[at].clone());
            one.into_iter().chain(all).map(move |one| (one, target.line))
        })
    }
}

/// Reads the targets from their beginning, independent of other readers.
struct SpoolReader {
    spool: Arc<Mutex<SpooledTempFile>>,
    at: u64,
}

impl Read for SpoolReader {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut spool = self.spool.lock().unwrap_or_else(PoisonError::into_inner);
        spool.seek(SeekFrom::Start(self.at))?;
        let read = spool.read(buffer)?;
        self.at += read as u64;
        Ok(read)
    }
}

/// Targets as they were kept.
struct Texts(BufReader<SpoolReader>);

impl Iterator for Texts {
    type Item = TargetArg;

    fn next(&mut self) -> Option<TargetArg> {
        let mut bytes = Vec::new();
        self.0.read_until(END, &mut bytes).ok().filter(|read| *read > 0)?;
        let text = std::str::from_utf8(bytes.strip_suffix(&[END])?).ok()?;
        let (line, text) = text.split_once(' ')?;
        let line = line.parse().ok().filter(|line| *line > 0);
        // It was parsed before it was kept.
        TargetArg::parse(text, line).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_come_again_and_again_from_memory_and_from_a_file() {
        let folder = tempfile::tempdir().expect("a folder");
        let list = folder.path().join("targets");
        for count in [3, 60_000] {
            let lines: Vec<_> = (0..count).map(|at| format!("photos-1250000000/a key/{at}")).collect();
            std::fs::write(&list, format!("# a comment\n{}", lines.join("\n"))).expect("written");
            let targets = Targets::read(&["cos://*".to_owned()], Some(&list)).expect("read");
            assert!(targets.has_all_buckets && !targets.all_s3);
            let bucket = |name: &str| Target::Bucket { bucket: name.to_owned(), key: None };
            let targets = targets.with_buckets([bucket("a-1250000000"), bucket("b-1250000000")].into_iter());
            let (first, second) = (targets.iter(), targets.iter());
            assert!(first.zip(second).all(|(one, other)| one == other));
            assert_eq!(targets.iter().count(), count + 2);
            assert_eq!(targets.iter().next(), Some((bucket("a-1250000000"), None)));
            let at_end = Target::parse(lines.last().expect("a line")).expect("a target");
            assert_eq!(targets.iter().last(), Some((at_end, Some(count + 1))));
        }
    }
}
