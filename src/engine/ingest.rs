//! A pasted text read into records that are fit to be kept: without secrets, with verdicts. Nothing is sent.

use std::ops::ControlFlow;
use std::sync::Arc;

use jiff::Timestamp;

use super::redact::Redactor;
use crate::diagnosis::rules;
use crate::domain::record::Record;
use crate::import::{self, ImportRemark, NoFailure};

/// As much as is read; an error is never longer.
pub const LONGEST: usize = 16 * 1024 * 1024;

/// What a text came to.
#[derive(Debug, Default)]
pub struct Pasted {
    /// Its failures; of a text without one, the rest of it.
    pub records: Vec<Arc<Record>>,
    /// No error is to be seen in it.
    pub unread: bool,
    /// What is to be said about it.
    pub said: Vec<ImportRemark>,
}

/// Reads a text; `place` is where it is from.
///
/// # Errors
/// A HAR file without a failure in it.
pub fn read(place: &str, bytes: Vec<u8>, redactor: &Redactor, now: Timestamp) -> Result<Pasted, NoFailure> {
    let length = bytes.len() as u64;
    // An access log's line that is pasted is a row, as in the file that it is from.
    let format = import::detect(&bytes);
    let finish = |record: &mut Record| {
        if !record.source.is_probe() {
            "pasted".clone_into(&mut record.profile);
        }
        finish(redactor, record);
    };
    let clean = |text: &str| redactor.text(text).into_owned();
    let options = import::Options { format: Some(format), successes: false, now, clean: &clean, finish: &finish };
    let head = (format != import::Format::Har).then(|| clean(&String::from_utf8_lossy(&bytes)));
    let mut collected = Collected::default();
    import::run_text(place, bytes, &options, &mut collected);
    let mut pasted = collected.0;
    if pasted.records.is_empty() {
        let Some(text) = head else {
            return Err(NoFailure { said: pasted.said });
        };
        pasted.unread = true;
        let mut record = import::unread(&text, length, &format!("import:{place}:1"), now);
        finish(&mut record);
        pasted.records.push(Arc::new(record));
    }
    if format != import::Format::Har {
        pasted.said.clear();
    }
    Ok(pasted)
}

/// The one place where a record that was not made here is made fit to be kept: without secrets, with verdicts.
pub fn finish(redactor: &Redactor, record: &mut Record) {
    redactor.imported(record);
    record.diagnosis = record.diagnosis.take().or_else(|| rules::diagnose(record));
}

/// Keeps what is read.
#[derive(Default)]
struct Collected(Pasted);

impl import::Sink for Collected {
    fn records(&mut self, batch: Vec<Arc<Record>>) -> ControlFlow<()> {
        self.0.records.extend(batch);
        ControlFlow::Continue(())
    }

    fn say(&mut self, remark: ImportRemark) {
        self.0.said.push(remark);
    }

    fn progress(&mut self, _: &str, _: u64) -> ControlFlow<()> {
        ControlFlow::Continue(())
    }
}
