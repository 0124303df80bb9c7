//! The whole records behind the rows, on disk, so that a million of them stay small in memory.
//!
//! They live in an unnamed temporary file that goes when the program does, as `MessagePack`. When it cannot be
//! written, records stay in memory and the caller gets one error.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::sync::Arc;

use serde::Serialize as _;

use super::interner::index;
use crate::domain::record::Record;

/// Records by row number.
#[derive(Debug, Default)]
pub struct Details {
    file: Option<File>,
    /// Where each begins in the file, with its length in front.
    starts: Vec<u64>,
    /// Those that the disk did not take.
    kept: BTreeMap<u32, Arc<Record>>,
    length: u64,
    failed: bool,
}

/// Bytes of the length in front of each record. Every record is shorter than 4 GiB.
const LENGTH: usize = size_of::<u32>();

impl Details {
    /// Appends records in the order of their rows.
    ///
    /// # Errors
    /// The first time the disk takes no more; the records are kept in memory all the same.
    pub fn append(&mut self, records: &[Arc<Record>]) -> io::Result<()> {
        let first = self.starts.len();
        self.starts.resize(first + records.len(), 0);
        self.put(first, records)
    }

    fn put(&mut self, first: usize, records: &[Arc<Record>]) -> io::Result<()> {
        let written = (!self.failed).then(|| self.write(records));
        if let Some(Ok(starts)) = written {
            self.starts[first..first + starts.len()].copy_from_slice(&starts);
            return Ok(());
        }
        self.failed = true;
        self.kept.extend((index(first)..).zip(records.iter().cloned()));
        written.map_or(Ok(()), |written| written.map(drop))
    }

    /// Writes records to the end of the file, and gives their starts.
    fn write(&mut self, records: &[Arc<Record>]) -> io::Result<Vec<u64>> {
        let file = match &mut self.file {
            Some(file) => file,
            none => none.insert(tempfile::tempfile()?),
        };
        let mut bytes = Vec::with_capacity(records.len() * 2048);
        let mut starts = Vec::with_capacity(records.len());
        for record in records {
            let start = bytes.len();
            starts.push(self.length + start as u64);
            bytes.extend([0; LENGTH]);
            // With the names of the fields: a third of the time of JSON, and fields may be left out.
            let mut packer = rmp_serde::Serializer::new(&mut bytes).with_struct_map();
            record.serialize(&mut packer).map_err(io::Error::other)?;
            let length = index(bytes.len() - start - LENGTH);
            bytes[start..start + LENGTH].copy_from_slice(&length.to_le_bytes());
        }
        file.seek(SeekFrom::Start(self.length))?;
        file.write_all(&bytes)?;
        self.length += bytes.len() as u64;
        Ok(starts)
    }

    /// Puts another record in a row's place: one with a note, or with the checks' answers. The old one
    /// stays unread in the file.
    ///
    /// # Errors
    /// When there is no such row, or the first time the disk takes no more; the record is kept in memory
    /// all the same.
    pub fn replace(&mut self, row: u32, record: Arc<Record>) -> io::Result<()> {
        if row as usize >= self.starts.len() {
            return Err(no_such_row());
        }
        self.put(row as usize, &[record])
    }

    /// The record of a row.
    ///
    /// # Errors
    /// When it cannot be read back, or there is no such row.
    pub fn get(&mut self, row: u32) -> io::Result<Arc<Record>> {
        if let Some(record) = self.kept.get(&row) {
            return Ok(Arc::clone(record));
        }
        let (Some(start), Some(file)) = (self.starts.get(row as usize), &mut self.file) else {
            return Err(no_such_row());
        };
        file.seek(SeekFrom::Start(*start))?;
        let mut length = [0; LENGTH];
        file.read_exact(&mut length)?;
        let mut bytes = vec![0; u32::from_le_bytes(length) as usize];
        file.read_exact(&mut bytes)?;
        rmp_serde::from_slice(&bytes).map(Arc::new).map_err(io::Error::other)
    }
}

fn no_such_row() -> io::Error {
    io::Error::new(io::ErrorKind::NotFound, "no such row")
}

#[cfg(test)]
mod tests {
    use strum::IntoEnumIterator as _;

    use super::*;
    use crate::domain::cause::{Cause, Owner};
    use crate::domain::client_failure::ClientFailure;
    use crate::domain::fact::{Evidence, EvidenceSource, Fact};
    use crate::domain::record_remark::RecordRemark;
    use crate::domain::verdict::{Confidence, Diagnosis, Statement, Verdict};
    use crate::store::rows::tests_support::record;

    #[test]
    fn what_was_appended_is_read_back() {
        let mut details = Details::default();
        let all: Vec<_> = (0u16..50).map(|i| Arc::new(record(i, &format!("文{i}"), i64::from(i)))).collect();
        details.append(&all[..20]).expect("written");
        details.append(&all[20..]).expect("written");
        for (row, wanted) in (0u32..).zip(&all) {
            assert_eq!(&details.get(row).expect("a record"), wanted);
        }
        assert!(details.get(50).is_err());
        let mut noted = Record::clone(&all[7]);
        noted.note = Some("two\nlines".to_owned());
        let noted = Arc::new(noted);
        details.replace(7, Arc::clone(&noted)).expect("written");
        assert_eq!((details.get(7).expect("it"), details.get(8).expect("its neighbour")), (noted, Arc::clone(&all[8])));
        assert!(details.get(50).is_err() && details.replace(50, Arc::clone(&all[0])).is_err());
    }

    #[test]
    fn every_kind_of_data_is_read_back_as_it_was() {
        let verdict = |statement| Verdict {
            cause: Cause::ClockSkew,
            confidence: Confidence::Likely,
            statement,
            evidence: Fact::iter()
                .zip(EvidenceSource::iter().cycle())
                .map(|(fact, from)| Evidence { fact, from })
                .collect(),
            retry: true,
            owner: Owner::Client,
        };
        let diagnosis = Diagnosis { verdicts: Statement::iter().map(verdict).collect(), ..Diagnosis::default() };
        let mut all: Vec<_> = ClientFailure::iter()
            .map(|failure| Record { client_failure: Some(failure), ..record(0, "x", 1) })
            .collect();
        all[0].remarks = RecordRemark::iter().collect();
        all[0].diagnosis = Some(diagnosis);
        let all: Vec<_> = all.into_iter().map(Arc::new).collect();
        let mut details = Details::default();
        details.append(&all).expect("written");
        for (row, wanted) in (0u32..).zip(&all) {
            assert_eq!(&details.get(row).expect("a record"), wanted);
        }
    }
}
