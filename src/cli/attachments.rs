//! Files written in addition to the listing: the support ticket and the evidence file.
//!
//! Each is made whole in its folder first and then put in its place, so that what stands there is never
//! half a file, and a folder that takes none is known before anything is sent.

use std::fs::File;
use std::io::{self, BufWriter};
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use clap::Args;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use tempfile::NamedTempFile;

use super::status::{language, status};
use crate::domain::probe::Probe;
use crate::domain::profile::Proxies;
use crate::domain::record::{Outcome, Record};
use crate::i18n::{Language, tell};
use crate::report::RecordWriter;
use crate::report::evidence::Evidence;
use crate::report::ticket::{self, Facts, Keys, Ticket, Who};

/// Which files to write.
#[derive(Debug, Default, Args)]
pub struct AttachmentArgs {
    /// Write a support ticket about the failures, in the language of LANG
    #[arg(long, value_name = "FILE")]
    ticket: Option<PathBuf>,
    /// Write the records to a file that another cosdiag opens, such as failures.cosdiag
    #[arg(long, value_name = "FILE")]
    evidence: Option<PathBuf>,
}

/// The files in the making.
pub struct Attachments {
    ticket: Option<(Draft, Ticket)>,
    evidence: Option<(Draft, Evidence<BufWriter<File>>)>,
}

/// A file that is not in its place yet.
struct Draft {
    option: &'static str,
    path: PathBuf,
    file: NamedTempFile,
}

impl Draft {
    fn new(option: &'static str, path: &Path, read: &[PathBuf]) -> anyhow::Result<Self> {
        let place = || format!("{option}: {}", path.display());
        // Behind a link the file is meant that it leads to.
        let target = canonical(path);
        match target.metadata() {
            Ok(about) if about.is_dir() => {
                bail!(tell!(language(), "%{place}: it is a directory. Name a file in it", place = place()))
            }
            // To put a file in the place of a device or a pipe would take that away.
            Ok(about) if !about.is_file() => {
                bail!(tell!(language(), "%{place}: not a regular file. Name a file", place = place()))
            }
            _ if path == Path::new("-") => {
                bail!(tell!(language(), "%{place}: standard output has the listing. Name a file", place = place()))
            }
            _ => {}
        }
        if read.iter().any(|file| file.canonicalize().is_ok_and(|file| file == target)) {
            bail!(tell!(language(), "%{place}: this file is being read. Name another one", place = place()));
        }
        let folder = target.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        if !folder.is_dir() {
            bail!(tell!(
                language(),
                "%{place}: no directory %{folder}. Create it first",
                place = place(),
                folder = folder.display()
            ));
        }
        // The draft's temporary name tells a person nothing.
        let file = NamedTempFile::new_in(folder).map_err(|error| io::Error::from(error.kind())).with_context(place)?;
        Ok(Self { option, path: target, file })
    }

    fn put(self) -> anyhow::Result<()> {
        let place = format!("{}: {}", self.option, self.path.display());
        self.file.persist(&self.path).map_err(|error| error.error).context(place)?;
        Ok(())
    }
}

/// A path without links and dots, also of a file that is not there yet: one file has one such path.
fn canonical(path: &Path) -> PathBuf {
    let in_folder = || {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        Some(folder.canonicalize().ok()?.join(path.file_name()?))
    };
    path.canonicalize().ok().or_else(in_folder).unwrap_or_else(|| path.to_owned())
}

/// Returns an error of an attachment as an error of output.
pub fn attachment_error(error: &anyhow::Error) -> io::Error {
    io::Error::other(format!("{error:#}"))
}

impl AttachmentArgs {
    /// Whether no file was asked for. With a file, the command lists and opens no screen.
    pub fn is_empty(&self) -> bool {
        self.ticket.is_none() && self.evidence.is_none()
    }
}

impl Attachments {
    /// Sees to it that the files can be written, and are none of those that are `read`.
    ///
    /// # Errors
    /// When one cannot, with its option and path.
    pub fn begin(args: &AttachmentArgs, read: &[PathBuf]) -> anyhow::Result<Self> {
        let ticket = args.ticket.as_deref().map(|path| Draft::new("--ticket", path, read)).transpose()?;
        let evidence = args.evidence.as_deref().map(|path| Draft::new("--evidence", path, read)).transpose()?;
        if let (Some(one), Some(other)) = (&ticket, &evidence)
            && one.path == other.path
        {
            bail!(tell!(
                language(),
                "--ticket and --evidence both name %{file}. Name two files",
                file = one.path.display()
            ));
        }
        let evidence = evidence.map(|draft| {
            let file = draft.file.reopen().with_context(|| format!("--evidence: {}", draft.path.display()))?;
            anyhow::Ok((draft, Evidence::new(BufWriter::new(file), Timestamp::now())))
        });
        Ok(Self { ticket: ticket.map(|draft| (draft, Ticket::default())), evidence: evidence.transpose()? })
    }

    /// What this machine and the asker are, for the ticket.
    pub fn facts(&self, language: Language, first: Option<&Probe>, proxies: &Proxies) -> Facts {
        let file_name = |path: &Path| path.file_name().map(|name| name.to_string_lossy().into_owned());
        Facts {
            language,
            time_zone: TimeZone::system(),
            who: first.map(|probe| Who::from(&probe.auth)),
            proxies: ticket::proxy_hosts(proxies),
            evidence: self.evidence.as_ref().and_then(|(draft, _)| file_name(&draft.path)),
            keys: Keys::default(),
        }
    }

    /// Takes a record: the ticket counts successes too, the evidence holds what is listed.
    ///
    /// # Errors
    /// When the evidence cannot be written.
    pub fn record(&mut self, record: &Record, all: bool) -> anyhow::Result<()> {
        if let Some((_, ticket)) = &mut self.ticket {
            ticket.add(record);
        }
        match &mut self.evidence {
            Some((draft, evidence)) if all || record.outcome == Outcome::Failure => {
                evidence.record(record).with_context(|| format!("--evidence: {}", draft.path.display()))
            }
            _ => Ok(()),
        }
    }

    /// Puts the files in their places and says so.
    ///
    /// # Errors
    /// When one cannot be written.
    pub fn finish(self, facts: &Facts) -> anyhow::Result<()> {
        if let Some((draft, mut evidence)) = self.evidence {
            evidence.finish().with_context(|| format!("--evidence: {}", draft.path.display()))?;
            let file = draft.path.display();
            let words = match evidence.records() {
                1 => tell!(language(), "wrote 1 record to %{file}", file = file),
                n => tell!(language(), "wrote %{n} records to %{file}", n = n, file = file),
            };
            draft.put()?;
            status(&words);
        }
        let Some((draft, ticket)) = self.ticket else { return Ok(()) };
        let Some(composed) = ticket.compose(facts) else {
            status(&tell!(
                language(),
                "nothing failed, so no ticket was written to %{file}",
                file = draft.path.display()
            ));
            return Ok(());
        };
        let place = draft.path.display().to_string();
        std::fs::write(draft.file.path(), composed.text).with_context(|| format!("--ticket: {place}"))?;
        draft.put()?;
        status(&tell!(
            language(),
            "wrote the support ticket to %{place} (%{there} of %{wanted} details that support asks for)",
            place = place,
            there = composed.there,
            wanted = composed.wanted
        ));
        Ok(())
    }
}
