//! `cosdiag import`: failures out of logs, into the table or into a format.

use std::cell::RefCell;
use std::fs::File;
use std::io::{self, BufReader, IsTerminal, Read, Seek, SeekFrom, Write};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use clap::Args;
use jiff::Timestamp;

use super::attachments::{AttachmentArgs, Attachments, attachment_error};
use super::interrupt::Stop;
use super::redaction::redactor;
use super::status::{FAILURES, INTERRUPTED, environment, status};
use super::terminal::LookArgs;
use crate::config::Flags;
use crate::domain::profile::Proxies;
use crate::domain::record::{Outcome, Record};
use crate::engine::ingest::finished;
#[cfg(feature = "tui")]
use crate::engine::redact::Redactor;
use crate::import::{self, Options, Sink};
use crate::report::evidence::{self, EvidenceError};
use crate::report::look::Look;
use crate::report::{self, Format, Report};

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

/// Reads evidence files, which are whole or not at all, and then all others.
fn read(files: &[PathBuf], options: &Options<'_>, sink: &mut dyn Sink) -> import::Summary {
    let (sealed, others): (Vec<_>, Vec<_>) = files.iter().cloned().partition(|file| is_evidence(file));
    let mut summary = if others.is_empty() { import::Summary::default() } else { import::run(&others, options, sink) };
    for file in sealed {
        match evidence_in(&file, options) {
            Ok(records) => {
                let rows = records.iter().filter(|record| record.outcome == Outcome::Failure).count();
                sink.say(format!(
                    "{}: an evidence file, whole: {} records, {rows} failures",
                    file.display(),
                    records.len()
                ));
                let totals = import::Totals::new(&file.to_string_lossy(), import::Format::Cosdiag);
                let (read, rows) = (records.len() as u64, rows as u64);
                summary.files.push(import::Totals { read, rows, ..totals });
                let _ = sink.records(records);
            }
            Err(error) => {
                sink.say(format!("{}: {error}", file.display()));
                summary.broken += 1;
            }
        }
    }
    summary
}

fn is_evidence(file: &Path) -> bool {
    let mut first = Vec::new();
    // A pipe can be read once only.
    if !file.is_file() {
        return false;
    }
    let head = File::open(file).and_then(|file| file.take(64).read_to_end(&mut first));
    // A changed first line would make records of it that nobody has sealed.
    let mut last = Vec::new();
    let tail = File::open(file).and_then(|mut file| {
        let end = file.seek(SeekFrom::End(0))?;
        file.seek(SeekFrom::Start(end.saturating_sub(128)))?;
        file.read_to_end(&mut last)
    });
    let (first, last) = (String::from_utf8_lossy(&first), String::from_utf8_lossy(&last));
    let trailer = last.trim_end().rsplit('\n').next().unwrap_or_default();
    let is_sealed = trailer.starts_with(r#"{"records":"#) && trailer.contains(r#","sha256":""#);
    (head.is_ok() && first.contains("cosdiag.evidence/")) || (tail.is_ok() && is_sealed)
}

/// The records of such a file. They are redacted anew: who sealed it is not known.
fn evidence_in(file: &Path, options: &Options<'_>) -> Result<Vec<Record>, EvidenceError> {
    let mut records = Vec::new();
    evidence::read(BufReader::new(File::open(file)?), |record| records.push((options.finish)(record)))?;
    Ok(records)
}

fn list(args: &ImportArgs, flags: &Flags, read_as: Option<import::Format>, format: Format) -> anyhow::Result<u8> {
    let redactor = redactor(flags);
    let language = crate::config::language(&environment);
    let clean = |text: &str| redactor.text(text).into_owned();
    let finish = |record| finished(&redactor, record);
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
        status("interrupted: what was read so far is kept");
        return Ok(INTERRUPTED);
    }
    Ok(match (summary.rows(), summary.broken) {
        (1.., _) => FAILURES,
        (0, 0) => 0,
        // "Nothing failed" would be more than anybody knows.
        (0, _) => 2,
    })
}

/// Standard output by the batch: reports flush every record, which a million of them cannot afford.
#[derive(Clone, Default)]
struct Output(Rc<RefCell<Vec<u8>>>);

impl Output {
    fn write_out(&self) -> io::Result<()> {
        let mut bytes = self.0.borrow_mut();
        let mut out = io::stdout().lock();
        out.write_all(&bytes)?;
        bytes.clear();
        out.flush()
    }
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Writes records as they come, and says on standard error how far things are.
struct Listing<'a> {
    report: Box<dyn Report + 'a>,
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
    fn records(&mut self, batch: Vec<Record>) -> ControlFlow<()> {
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

    fn say(&mut self, words: String) {
        self.clear();
        status(&words);
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
    check_readable(&args.files)?;
    super::terminal::require_terminal("cosdiag import", "cosdiag import FILE --format table")?;
    crate::ui::hold_stops()?;
    // Here, where what is odd about the configuration can still be said.
    let redactor = redactor(flags);
    let preloaded = preloaded(&args.files, args.all, read_as, redactor)?;
    super::app::interactive(flags, Some(preloaded))
}

/// One file that can be read is enough.
#[cfg(feature = "tui")]
fn check_readable(files: &[PathBuf]) -> anyhow::Result<()> {
    let problems: Vec<_> = files.iter().filter_map(|file| import::readable(file).err()).collect();
    match problems.first().filter(|_| problems.len() == files.len()) {
        Some(first) => bail!("{first}"),
        None => Ok(()),
    }
}

/// The failures in files, read on a thread beside the screen.
#[cfg(feature = "tui")]
pub fn preloaded(
    files: &[PathBuf],
    successes: bool,
    read_as: Option<import::Format>,
    redactor: Redactor,
) -> anyhow::Result<crate::ui::Preloaded> {
    check_readable(files)?;
    let (records, received) = tokio::sync::mpsc::channel(1024);
    let (said, outcome) = tokio::sync::oneshot::channel();
    let names = files.iter().map(|file| file.to_string_lossy().into_owned()).collect();
    let files = files.to_vec();
    std::thread::Builder::new().name("import".to_owned()).spawn(move || {
        let clean = |text: &str| redactor.text(text).into_owned();
        let finish = |record| finished(&redactor, record);
        let options = Options { format: read_as, successes, now: Timestamp::now(), clean: &clean, finish: &finish };
        let mut feed = Feed { records, said: Vec::new() };
        let summary = read(&files, &options, &mut feed);
        // A screen that has closed wants no totals.
        let _ = said.send(outcome_of(&summary, successes, feed.said));
    })?;
    let mode = crate::ui::Mode::Import(crate::ui::Files { names, read: None });
    Ok(crate::ui::Preloaded { mode, records: received, read: Some(outcome), annotate: None })
}

/// What became of the files, as the screen tells it.
#[cfg(feature = "tui")]
fn outcome_of(summary: &import::Summary, successes_are_rows: bool, lines: Vec<String>) -> crate::ui::Read {
    let files = &summary.files;
    let same = files
        .first()
        .map(|file| file.format)
        .filter(|first| files.iter().all(|file| file.format.unit() == first.unit()));
    // A line of a text is no request.
    let requests = files.iter().filter(|file| !successes_are_rows && file.format != import::Format::Text);
    crate::ui::Read {
        units: (files.iter().map(|file| file.read).sum(), same.map_or("line", import::Format::unit)),
        not_understood: files.iter().map(|file| file.unparsed).sum(),
        passed: requests.map(|file| file.passed).sum(),
        broken: summary.broken,
        lines,
    }
}

/// Sends records to the screen.
#[cfg(feature = "tui")]
struct Feed {
    records: tokio::sync::mpsc::Sender<std::sync::Arc<Record>>,
    said: Vec<String>,
}

#[cfg(feature = "tui")]
impl Sink for Feed {
    fn records(&mut self, batch: Vec<Record>) -> ControlFlow<()> {
        for record in batch {
            if self.records.blocking_send(std::sync::Arc::new(record)).is_err() {
                return ControlFlow::Break(());
            }
        }
        ControlFlow::Continue(())
    }

    fn say(&mut self, words: String) {
        self.said.push(Redactor::default().text(&words).into_owned());
    }

    fn progress(&mut self, _: &str, _: u64) -> ControlFlow<()> {
        ControlFlow::Continue(())
    }
}
