//! Failures out of other programs' logs: access logs, HAR, SDK prints, `curl -v`, our own records.
//!
//! Files are read as streams, whatever their size. Every line (of HAR and JSON: every entry) is part
//! of a row, a success, joined to a row of another file, or not understood; [`Totals`] adds up. What
//! is read is data: it goes through [`Options::finish`], where the caller redacts and diagnoses it,
//! before other layers see it.

mod access;
mod chunks;
mod cos_log;
mod detect;
mod fields;
mod har;
mod join;
mod json;
mod lines;
mod s3_log;
mod source;
mod text;
mod totals;

use std::ops::ControlFlow;
use std::path::PathBuf;

use jiff::Timestamp;

use crate::domain::record::{Outcome, Record};

pub use detect::{Format, detect};
pub use source::readable;
pub use text::unread;
pub use totals::Totals;

use join::{Joins, Known};
use source::Opened;

/// Records handed on at once.
const BATCH: usize = 256;

/// Who takes what is read.
pub trait Sink {
    /// Takes records; `Break` when no more are wanted.
    fn records(&mut self, batch: Vec<Record>) -> ControlFlow<()>;
    /// Takes one line for the person: a file's totals, or what is wrong with it.
    fn say(&mut self, words: String);
    /// Is told now and then how far a file is read; `Break` when that is far enough.
    fn progress(&mut self, file: &str, read: u64) -> ControlFlow<()>;
}

/// How files are read.
#[derive(Clone, Copy)]
pub struct Options<'a> {
    /// The format of every file; `None` lets the content tell.
    pub format: Option<Format>,
    /// Hand successes on too.
    pub successes: bool,
    /// The time of what carries none.
    pub now: Timestamp,
    /// Takes the secrets out of a text before it is read: names and values stand next to each other there.
    pub clean: &'a (dyn Fn(&str) -> String + Sync),
    /// Makes a record fit to be kept: without secrets, and with its verdicts.
    pub finish: &'a (dyn Fn(Record) -> Record + Sync),
}

/// What became of the files.
#[derive(Debug, Default)]
pub struct Summary {
    /// Of each file that could be read.
    pub files: Vec<Totals>,
    /// Files that could not be read, or not to their end.
    pub broken: usize,
}

impl Summary {
    /// Failures of all files.
    #[must_use]
    pub fn rows(&self) -> u64 {
        self.files.iter().map(|file| file.rows).sum()
    }
}

/// What a reader of one format works with.
pub(crate) struct Job<'a, 'b> {
    /// The file's name, as given.
    pub name: &'a str,
    pub options: &'a Options<'a>,
    pub totals: Totals,
    pub out: &'a mut Out<'b>,
    pub known: &'a Known,
}

impl Job<'_, '_> {
    fn source(&self, line: u64) -> String {
        format!("import:{}:{line}", self.name)
    }

    /// Counts and hands on a record made of this number of lines.
    fn take(&mut self, record: Record, lines: u64) {
        self.totals.read += lines;
        if record.outcome == Outcome::Failure {
            self.totals.rows += 1;
            self.totals.row_lines += lines;
        } else {
            self.totals.passed += lines;
        }
        if record.outcome == Outcome::Failure || self.options.successes {
            self.out.push((self.options.finish)(record));
        }
    }

    /// Hands a failure on that was counted when it was found.
    fn hand_on(&mut self, record: Record) {
        self.out.push((self.options.finish)(record));
    }

    /// Counts lines in which nothing failed.
    fn pass(&mut self, lines: u64) {
        self.totals.read += lines;
        self.totals.passed += lines;
    }
}

/// Hands records on in batches and numbers them.
pub(crate) struct Out<'b> {
    sink: &'b mut dyn Sink,
    batch: Vec<Record>,
    last: u32,
    /// Records wait here for the access logs that may know more about them.
    held: Option<Vec<Record>>,
    /// No more is wanted.
    pub stopped: bool,
}

impl Out<'_> {
    fn push(&mut self, mut record: Record) {
        if let Some(held) = self.held.as_mut().filter(|held| held.len() < join::HELD) {
            held.push(record);
            return;
        }
        self.last = self.last.saturating_add(1);
        record.id = self.last;
        self.batch.push(record);
        if self.batch.len() >= BATCH {
            self.flush();
        }
    }

    fn progress(&mut self, file: &str, read: u64) {
        self.stopped |= self.sink.progress(file, read).is_break();
    }

    fn flush(&mut self) {
        // What was counted is handed on, also after the receiver has stopped.
        if !self.batch.is_empty() {
            self.stopped |= self.sink.records(std::mem::take(&mut self.batch)).is_break();
        }
    }
}

/// Reads files, `-` being standard input, and hands what failed to `sink`.
pub fn run(files: &[PathBuf], options: &Options<'_>, sink: &mut dyn Sink) -> Summary {
    read_all(files.iter().map(|path| Opened::open(path, options.format)), options, sink)
}

/// The same of one text that is there already.
pub fn run_text(name: &str, text: Vec<u8>, options: &Options<'_>, sink: &mut dyn Sink) -> Summary {
    let input = Box::new(std::io::Cursor::new(text));
    read_all(std::iter::once(Opened::of(name.to_owned(), input, options.format)), options, sink)
}

fn read_all(
    files: impl Iterator<Item = Result<Opened, String>>,
    options: &Options<'_>,
    sink: &mut dyn Sink,
) -> Summary {
    let mut summary = Summary::default();
    let (mut logs, mut others) = (Vec::new(), Vec::new());
    for file in files {
        match file {
            Ok(file) if file.format.is_access_log() => logs.push(file),
            Ok(file) => others.push(file),
            Err(words) => {
                sink.say(words);
                summary.broken += 1;
            }
        }
    }
    // Only where both sides are there can a client's row meet the server's.
    let joining = !logs.is_empty() && !others.is_empty();
    let held = joining.then(Vec::new);
    let mut out = Out { sink, batch: Vec::new(), last: 0, held, stopped: false };
    let nothing = Known::default();
    for file in others {
        read_one(file, options, &mut out, &nothing, &mut summary, None);
    }
    let mut joins = Joins::new(out.held.take().unwrap_or_default());
    let known = joins.known();
    for file in logs {
        read_one(file, options, &mut out, &known, &mut summary, Some(&mut joins));
    }
    for record in joins.finished(options.finish) {
        out.push(record);
    }
    out.flush();
    summary
}

fn read_one(
    file: Opened,
    options: &Options<'_>,
    out: &mut Out<'_>,
    known: &Known,
    summary: &mut Summary,
    joins: Option<&mut Joins>,
) {
    if out.stopped {
        return;
    }
    let Opened { name, format, input, notes } = file;
    for note in notes {
        out.sink.say(note);
    }
    let totals = Totals::new(&name, format);
    let mut job = Job { name: &name, options, totals, out, known };
    let read = match format {
        Format::CosLog | Format::S3Log => chunks::read(input, &mut job, format, joins),
        Format::Har => har::read(input, &mut job),
        Format::Cosdiag => json::read(input, &mut job),
        Format::Text => text::read(input, &mut job),
    };
    let totals = job.totals;
    out.flush();
    if let Err(error) = read {
        summary.broken += 1;
        let after = totals.place();
        out.sink.say(format!("{name}: cannot be read on after {after}: {error}; what came before is kept"));
    }
    out.sink.say(totals.in_words());
    summary.files.push(totals);
}
