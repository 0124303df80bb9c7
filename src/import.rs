//! Failures out of other programs' logs: access logs, HAR, SDK prints, `curl -v`, our own records.
//!
//! Files are read as streams, whatever their size. Every line (of HAR and JSON: every entry) is part
//! of a row, a success, joined to a row of another file, or not understood; [`Totals`] adds up. What
//! is read is data: it goes through [`Options::finish`], where the caller redacts and diagnoses it,
//! before other layers see it.

mod access;
mod alike;
mod chunks;
mod cos_log;
mod detect;
mod fields;
mod har;
mod job;
mod join;
mod json;
mod lines;
mod log_file;
mod remark;
mod s3_log;
mod sink;
mod source;
mod text;
mod totals;

use std::path::PathBuf;
use std::sync::Arc;

pub use detect::{Format, Unit, detect};
pub use job::Options;
pub use log_file::LogFile;
pub use remark::{FileError, FileFlaw, FileRemark, ImportRemark, NoFailure};
pub use sink::Sink;
pub use source::readable;
pub use text::unread;
pub use totals::Totals;

use job::Job;
use join::{Joins, Known};
use sink::Out;
use source::Opened;

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
    files: impl Iterator<Item = Result<Opened, FileError>>,
    options: &Options<'_>,
    sink: &mut dyn Sink,
) -> Summary {
    let mut summary = Summary::default();
    let (mut logs, mut others) = (Vec::new(), Vec::new());
    for file in files {
        match file {
            Ok(file) if file.format.is_access_log() => logs.push(file),
            Ok(file) => others.push(file),
            Err(error) => {
                sink.say(ImportRemark::Unreadable(error));
                summary.broken += 1;
            }
        }
    }
    // Only where both sides are there can a client's row meet the server's.
    let joining = !logs.is_empty() && !others.is_empty();
    let held = joining.then(Vec::new);
    let mut out = Out::new(sink, held);
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
    let Opened { name, format, input, begins, again, remarks } = file;
    for remark in remarks {
        out.sink.say(ImportRemark::of(name.as_str(), remark));
    }
    let totals = Totals::new(&name, format);
    let again = again.filter(|_| begins.is_some() && format.is_access_log() && out.sink.rereads());
    out.log = again.map(|file| Arc::new(LogFile::new(file, &name, format)));
    let mut job = Job { name: &name, begins: begins.unwrap_or_default(), options, totals, out, known };
    let read = match format {
        Format::CosLog | Format::S3Log => chunks::read(input, &mut job, format, joins),
        Format::Har => har::read(input, &mut job),
        Format::Cosdiag => json::read(input, &mut job),
        Format::Text => text::read(input, &mut job),
    };
    let totals = job.totals;
    out.flush();
    out.log = None;
    if let Err(error) = read {
        summary.broken += 1;
        let broke_off = FileRemark::BrokeOff { unit: format.unit(), after: totals.read, failure: error.into() };
        out.sink.say(ImportRemark::of(name.as_str(), broke_off));
    }
    out.sink.say(ImportRemark::Totals(totals.clone()));
    summary.files.push(totals);
}
