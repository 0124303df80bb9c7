//! `cosdiag import`: failures out of logs, into the table or into a format.

use std::io::{self, IsTerminal, Write};
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use clap::Args;
use jiff::Timestamp;

use super::attachments::{AttachmentArgs, Attachments, attachment_error};
use super::files::read;
use super::interrupt::Stop;
use super::output::Output;
use super::redaction::redactor;
use super::status::{FAILURES, INTERRUPTED, language, status};
use super::terminal::LookArgs;
use crate::config::Flags;
use crate::domain::profile::Proxies;
use crate::domain::record::Record;
use crate::engine::ingest::finish;
use crate::i18n::{Localize, tell};
use crate::import::{self, ImportRemark, Options, Sink};
use crate::report::look::Look;
use crate::report::{self, Format, RecordWriter};

/// Between two looks at how far a file is read.
const PROGRESS: Duration = Duration::from_millis(250);

/// What to read and how to list it.
#[derive(Debug, Args)]
pub struct ImportArgs {
    /// Access logs (gz too), HAR, cosdiag's own records, curl -v, SDK and tool output; - reads standard input
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Read the files as this format, where their content does not tell it
    #[arg(long = "as", value_enum, value_name = "FORMAT")]
    read_as: Option<import::Format>,
    #[command(flatten)]
    look: LookArgs,
    #[command(flatten)]
    attachments: AttachmentArgs,
    /// List successes as well
    #[arg(long)]
    all: bool,
    /// Print in this format [default: the app on a terminal, else ndjson]
    #[arg(long, value_enum, value_name = "FORMAT")]
    format: Option<Format>,
}

/// Runs the command.
pub fn run(args: &ImportArgs, flags: &Flags) -> anyhow::Result<u8> {
    let read_as = args.read_as;
    let is_terminal = io::stdout().is_terminal();
    match args.format {
        None if is_terminal && args.attachments.is_empty() => on_screen(args, flags, read_as),
        format => {
            list(args, flags, read_as, format.unwrap_or(if is_terminal { Format::Table } else { Format::Ndjson }))
        }
    }
}

fn list(args: &ImportArgs, flags: &Flags, read_as: Option<import::Format>, format: Format) -> anyhow::Result<u8> {
    let redactor = redactor(flags);
    let language = language();
    let clean = |text: &str| redactor.text(text).into_owned();
    let finish = |record: &mut Record| finish(&redactor, record);
    let options =
        Options { format: read_as, successes: args.all, now: Timestamp::now(), clean: &clean, finish: &finish };
    let out = Output::default();
    let attachments = Attachments::begin(&args.attachments, &args.files)?;
    let facts = attachments.facts(language, None, &Proxies::default());
    let look = Look { with_day: true, ..args.look.look(language) };
    let mut listing = Listing {
        report: report::to(format, out.clone(), &look),
        out,
        written: Ok(()),
        attachments,
        shown: None,
        shows: io::stderr().is_terminal(),
        stop: Stop::listen()?,
    };
    let summary = read(&args.files, &options, &mut listing);
    listing.clear();
    let Listing { mut report, out, written, attachments, stop, .. } = listing;
    let written = written.and_then(|()| report.finish()).and_then(|()| out.write_out());
    match written {
        // The reader has seen enough, as `head` does: not an error.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {}
        // It has said which file it is about.
        Err(error) if error.kind() == io::ErrorKind::Other => bail!("{error}"),
        other => other.context("standard output")?,
    }
    attachments.finish(&facts)?;
    if stop.is_asked() {
        status(&tell!(language, "interrupted: what was read so far is kept"));
        return Ok(INTERRUPTED);
    }
    Ok(match (summary.rows(), summary.broken) {
        (1.., _) => FAILURES,
        (0, 0) => 0,
        // "Nothing failed" would claim more than is known.
        (0, _) => 2,
    })
}

/// Writes records as they come, and says on standard error how far things are.
struct Listing<'a> {
    report: Box<dyn RecordWriter + 'a>,
    out: Output,
    written: io::Result<()>,
    attachments: Attachments,
    shown: Option<Instant>,
    shows: bool,
    stop: Arc<Stop>,
}

impl Listing<'_> {
    fn clear(&mut self) {
        if self.shown.take().is_some() {
            let _ = write!(io::stderr(), "\r\u{1b}[K");
        }
    }
}

impl Sink for Listing<'_> {
    fn records(&mut self, batch: Vec<Arc<Record>>) -> ControlFlow<()> {
        for record in batch {
            if self.written.is_ok() {
                let kept = self.attachments.record(&record, true).map_err(|error| attachment_error(&error));
                self.written = kept.and_then(|()| self.report.record(&record));
            }
        }
        if self.written.is_ok() {
            self.written = self.out.write_out();
        }
        let goes_on = self.written.is_ok() && !self.stop.is_asked();
        if goes_on { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    }

    fn say(&mut self, remark: ImportRemark) {
        self.clear();
        status(&remark.localize(language()));
    }

    fn progress(&mut self, file: &str, read: u64) -> ControlFlow<()> {
        if self.shows && self.shown.is_none_or(|shown| shown.elapsed() >= PROGRESS) {
            self.shown = Some(Instant::now());
            let _ = write!(io::stderr(), "\r\u{1b}[K{}: {read} lines", crate::text::sanitize::sanitize(file));
        }
        if self.stop.is_asked() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }
}

#[cfg(not(feature = "tui"))]
fn on_screen(args: &ImportArgs, flags: &Flags, read_as: Option<import::Format>) -> anyhow::Result<u8> {
    list(args, flags, read_as, Format::Table)
}

/// Opens the screen on what is read.
#[cfg(feature = "tui")]
fn on_screen(args: &ImportArgs, flags: &Flags, read_as: Option<import::Format>) -> anyhow::Result<u8> {
    super::earlier::check_readable(&args.files)?;
    super::terminal::require_terminal("cosdiag import", "cosdiag import FILE --format table")?;
    crate::ui::hold_stops()?;
    // Here, where what is odd about the configuration can still be said.
    let redactor = redactor(flags);
    let preloaded = super::earlier::file_rows(&args.files, args.all, read_as, redactor)?;
    super::app::interactive(flags, Some(preloaded))
}
