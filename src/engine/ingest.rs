//! A pasted text read into records that are fit to be kept: without secrets, with verdicts. Nothing is sent.

use std::ops::ControlFlow;

use jiff::Timestamp;

use super::redact::Redactor;
use crate::diagnosis::rules;
use crate::domain::record::Record;
use crate::import;
use crate::import::pasted;

/// As much as is read; an error is never longer.
pub const LONGEST: usize = 16 * 1024 * 1024;

/// What a text came to.
#[derive(Debug, Default)]
pub struct Pasted {
    /// Its failures; of a text in which none is to be seen, what is left of it.
    pub records: Vec<Record>,
    /// No error is to be seen in it.
    pub unread: bool,
    /// What is to be said about it.
    pub said: Vec<String>,
}

/// Reads a text; `place` is where it is from.
///
/// # Errors
/// In one line: a HAR file without a failure in it.
pub fn read(place: &str, bytes: Vec<u8>, redactor: &Redactor, now: Timestamp) -> Result<Pasted, String> {
    if import::detect(&bytes) == import::Format::Har {
        return of_har(place, bytes, redactor, now);
    }
    let text = String::from_utf8_lossy(&bytes);
    let clean = redactor.text(&text);
    let source = format!("import:{place}:1");
    let mut records = pasted::read(&clean, &source, now);
    let unread = records.is_empty();
    if unread {
        records.push(pasted::unread(&clean, bytes.len() as u64, &source, now));
    }
    // Headers are told to be secret by their names, which a text does not part from their values.
    let records = records.into_iter().map(|record| finished(redactor, record)).collect();
    Ok(Pasted { records, unread, said: Vec::new() })
}

/// The one place where a record that was not made here is made fit to be kept: without secrets, with verdicts.
#[must_use]
pub fn finished(redactor: &Redactor, record: Record) -> Record {
    let mut record = redactor.imported(record);
    record.diagnosis = record.diagnosis.take().or_else(|| rules::diagnose(&record));
    record
}

/// The failures of a HAR file, or of entries out of one.
fn of_har(place: &str, text: Vec<u8>, redactor: &Redactor, now: Timestamp) -> Result<Pasted, String> {
    let finish = |record| finished(redactor, record);
    let options = import::Options { format: Some(import::Format::Har), successes: false, now, finish: &finish };
    let mut collected = Collected::default();
    let summary = import::run_text(place, text, &options, &mut collected);
    if collected.0.records.is_empty() {
        let totals: Vec<_> = summary.files.iter().map(import::Totals::in_words).collect();
        return Err(format!("no failure in it: {}", totals.join("; ")));
    }
    Ok(collected.0)
}

/// Keeps what is read.
#[derive(Default)]
struct Collected(Pasted);

impl import::Sink for Collected {
    fn records(&mut self, batch: Vec<Record>) -> ControlFlow<()> {
        self.0.records.extend(batch);
        ControlFlow::Continue(())
    }

    fn say(&mut self, words: String) {
        self.0.said.push(words);
    }

    fn progress(&mut self, _: &str, _: u64) -> ControlFlow<()> {
        ControlFlow::Continue(())
    }
}
