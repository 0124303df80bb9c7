//! Reads files to import: evidence files of cosdiag, and all others.

use std::fs::File;
use std::io::{BufReader, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::domain::evidence_error::EvidenceError;
use crate::domain::record::{Outcome, Record};
use crate::import::{self, FileRemark, ImportRemark, Options, Sink};
use crate::report::evidence;

/// Reads evidence files, which are whole or not at all, and then all others.
pub fn read(files: &[PathBuf], options: &Options<'_>, sink: &mut dyn Sink) -> import::Summary {
    let (sealed, others): (Vec<_>, Vec<_>) = files.iter().cloned().partition(|file| is_evidence(file));
    let mut summary = if others.is_empty() { import::Summary::default() } else { import::run(&others, options, sink) };
    for file in sealed {
        match evidence_in(&file, options) {
            Ok(records) => {
                let rows = records.iter().filter(|record| record.outcome == Outcome::Failure).count();
                let (read, rows) = (records.len() as u64, rows as u64);
                let whole = FileRemark::Evidence { records: read, failures: rows };
                sink.say(ImportRemark::of(file.to_string_lossy(), whole));
                let totals = import::Totals::new(&file.to_string_lossy(), import::Format::Cosdiag);
                summary.files.push(import::Totals { read, rows, ..totals });
                let _ = sink.records(records);
            }
            Err(error) => {
                sink.say(ImportRemark::of(file.to_string_lossy(), FileRemark::EvidenceUnreadable(error)));
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
    // A changed first line would turn it into records that are not sealed.
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

/// The records of such a file. They are redacted again: who sealed it is not known.
fn evidence_in(file: &Path, options: &Options<'_>) -> Result<Vec<Arc<Record>>, EvidenceError> {
    let mut records = Vec::new();
    evidence::read(BufReader::new(File::open(file)?), |mut record| {
        (options.finish)(&mut record);
        records.push(Arc::new(record));
    })?;
    Ok(records)
}
