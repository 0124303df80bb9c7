//! The evidence file (`.cosdiag`): records with their checks, for another cosdiag to open.
//!
//! JSON lines: a header with schema and version, a record a line, and a last line with their number and
//! a hash of everything before it. So it is written as records come, and a file that was cut or changed
//! on its way is told from a whole one. The hash guards against accidents, not against forgery.

use std::io::{self, BufRead, Read, Write};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::json;
use super::record_writer::RecordWriter;
use super::told::ToldRecord;
use crate::domain::evidence_error::{ChangedPart, EvidenceError, FAMILY, SCHEMA};
use crate::domain::record::Record;
use crate::i18n::Language;
use crate::sign::hex;

/// A record's line is far shorter: its body and headers are capped.
const LONGEST_LINE: u64 = 16 * 1024 * 1024;

/// The first line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Header {
    /// `SCHEMA`.
    pub schema: String,
    /// The cosdiag that wrote it.
    pub version: String,
    /// When it was begun.
    pub written: Timestamp,
}

/// The last line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Trailer {
    records: u64,
    sha256: String,
}

/// Writes such a file.
pub struct Evidence<W> {
    out: W,
    hash: Sha256,
    records: u64,
    header: Option<Header>,
}

impl<W: Write> Evidence<W> {
    /// A file to `out`, begun at `now`. Nothing is written yet.
    pub fn new(out: W, now: Timestamp) -> Self {
        let version = env!("CARGO_PKG_VERSION").to_owned();
        let header = Header { schema: SCHEMA.to_owned(), version, written: now };
        Self { out, hash: Sha256::new(), records: 0, header: Some(header) }
    }

    /// Records written so far.
    pub fn records(&self) -> u64 {
        self.records
    }

    fn line(&mut self, value: &impl Serialize) -> io::Result<()> {
        let mut line = Vec::new();
        json::write(&mut line, value, false)?;
        line.push(b'\n');
        self.hash.update(&line);
        self.out.write_all(&line)
    }

    fn begin(&mut self) -> io::Result<()> {
        match self.header.take() {
            Some(header) => self.line(&header),
            None => Ok(()),
        }
    }
}

impl<W: Write> RecordWriter for Evidence<W> {
    fn record(&mut self, record: &Record) -> io::Result<()> {
        self.begin()?;
        self.records += 1;
        // Support reads it; opened with this program it speaks the reader's language.
        self.line(&ToldRecord::of(record, Language::En))
    }

    fn finish(&mut self) -> io::Result<()> {
        self.begin()?;
        let sha256 = hex(&self.hash.clone().finalize());
        self.line(&Trailer { records: self.records, sha256 })?;
        self.out.flush()
    }
}

/// Opens such a file: each record is given to `each` as it is read. Only when this returns without an
/// error are they known to be what was written.
///
/// # Errors
/// When it is none, of a later version, cut, or changed.
pub fn read(mut from: impl BufRead, mut each: impl FnMut(Record)) -> Result<Header, EvidenceError> {
    let mut hash = Sha256::new();
    let first = next_line(&mut from, 1)?;
    let header = header(&first)?;
    hash.update(&first);
    let mut records = 0;
    loop {
        let number = records + 2;
        let line = next_line(&mut from, number)?;
        if !line.ends_with(b"\n") {
            return Err(EvidenceError::Cut { records });
        }
        if let Ok(trailer) = serde_json::from_slice::<Trailer>(&line) {
            return whole(&trailer, records, &hex(&hash.finalize()), &mut from).map(|()| header);
        }
        let record = serde_json::from_slice(&line)
            .map_err(|error| EvidenceError::Damaged { line: number, reason: error.to_string() })?;
        hash.update(&line);
        each(record);
        records += 1;
    }
}

fn header(line: &[u8]) -> Result<Header, EvidenceError> {
    let header: Header = serde_json::from_slice(line).map_err(|_| EvidenceError::Foreign)?;
    match header.schema.as_str() {
        SCHEMA => Ok(header),
        other if other.starts_with(FAMILY) => {
            Err(EvidenceError::Newer { version: header.version, schema: header.schema })
        }
        _ => Err(EvidenceError::Foreign),
    }
}

/// Whether a last line fits what came before it, and is the last one.
fn whole(trailer: &Trailer, records: u64, sha256: &str, rest: &mut impl BufRead) -> Result<(), EvidenceError> {
    let changed = |what| Err(EvidenceError::Changed(what));
    if trailer.records != records {
        return changed(ChangedPart::Count);
    }
    if trailer.sha256 != sha256 {
        return changed(ChangedPart::Hash);
    }
    if rest.fill_buf()?.is_empty() { Ok(()) } else { changed(ChangedPart::Behind) }
}

/// The next line with its line feed, which only a last one that was cut lacks.
fn next_line(from: &mut impl BufRead, number: u64) -> Result<Vec<u8>, EvidenceError> {
    let mut line = Vec::new();
    from.take(LONGEST_LINE).read_until(b'\n', &mut line)?;
    if line.len() as u64 == LONGEST_LINE {
        return Err(EvidenceError::TooLong { line: number });
    }
    Ok(line)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::rows::tests_support::record;
    use proptest::prelude::*;

    fn saved(records: &[Record]) -> Vec<u8> {
        let mut bytes = Vec::new();
        let mut evidence = Evidence::new(&mut bytes, Timestamp::UNIX_EPOCH);
        records.iter().try_for_each(|record| evidence.record(record)).expect("written");
        evidence.finish().expect("written");
        bytes
    }

    fn opened(bytes: &[u8]) -> Result<Vec<Record>, EvidenceError> {
        let mut records = Vec::new();
        read(bytes, |record| records.push(record)).map(|_| records)
    }

    fn some() -> Vec<Record> {
        (0u16..5).map(|i| record(400 + i, &format!("文\u{1b}{i}"), i64::from(i))).collect()
    }

    #[test]
    fn what_opens_is_what_was_saved() {
        for records in [some(), Vec::new()] {
            let bytes = saved(&records);
            let back = opened(&bytes).expect("whole");
            assert_eq!(back, records);
            assert_eq!(saved(&back), bytes);
        }
    }

    #[test]
    fn damage_is_said_in_one_line() {
        let bytes = saved(&some());
        let text = String::from_utf8(bytes.clone()).expect("UTF-8");
        let newer = text.replace("cosdiag.evidence/1", "cosdiag.evidence/2");
        let longer = format!("{text}{{}}\n");
        let fewer = text.split_inclusive('\n').filter(|line| !line.contains("402")).collect::<String>();
        for (changed, words) in [
            (String::new(), "line 1 has no header"),
            ("{\"schema\":\"cosdiag.failure/1\"}\n".to_owned(), "line 1 has no header"),
            (newer, "update cosdiag"),
            (text[..text.len() - 1].to_owned(), "cut off after 5 records"),
            (text[..text.len() / 2].to_owned(), "cut off after 2 records"),
            (text.replace("\"statusCode\":402", "\"statusCode\":412"), "the hash of its lines differs"),
            (text.replace("\"statusCode\":402", "\"statusCode\":x02"), "line 4 is damaged"),
            (fewer, "the number of records differs"),
            (longer, "what comes after it differs"),
        ] {
            let error = opened(changed.as_bytes()).expect_err(words).to_string();
            assert!(error.contains(words) && !error.contains('\n'), "{words}: {error}");
        }
    }

    proptest! {
        #[test]
        fn no_changed_byte_and_no_cut_goes_unseen(at in 0usize.., to: u8, cut: bool) {
            let mut bytes = saved(&some());
            let at = at % bytes.len();
            if cut {
                bytes.truncate(at);
            } else {
                prop_assume!(bytes[at] != to);
                bytes[at] = to;
            }
            prop_assert!(opened(&bytes).is_err());
        }
    }
}
