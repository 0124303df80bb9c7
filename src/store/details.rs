//! The whole records behind the rows, on disk, so that a million of them stay small in memory.
//!
//! They live in an unnamed temporary file that goes when the program does. When it cannot be
//! written, records stay in memory and the caller gets one error.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::sync::Arc;

use super::interner::index;
use super::packed;
use crate::domain::record::Record;

/// Records by row number.
#[derive(Debug, Default)]
pub struct Details {
    file: Option<File>,
    places: Vec<RecordLocation>,
    length: u64,
    failed: bool,
}

#[derive(Debug)]
enum RecordLocation {
    /// No record is as long as 4 GiB.
    Disk {
        start: u64,
        length: u32,
    },
    Memory(Arc<Record>),
}

impl Details {
    /// Appends records in the order of their rows.
    ///
    /// # Errors
    /// The first time the disk takes no more; the records are kept in memory all the same.
    pub fn append(&mut self, records: &[Arc<Record>]) -> io::Result<()> {
        if !self.failed {
            match self.write(records) {
                Ok(()) => return Ok(()),
                Err(error) => {
                    self.failed = true;
                    self.keep(records);
                    return Err(error);
                }
            }
        }
        self.keep(records);
        Ok(())
    }

    fn keep(&mut self, records: &[Arc<Record>]) {
        self.places.extend(records.iter().cloned().map(RecordLocation::Memory));
    }

    fn write(&mut self, records: &[Arc<Record>]) -> io::Result<()> {
        let file = match &mut self.file {
            Some(file) => file,
            none => none.insert(tempfile::tempfile()?),
        };
        let mut bytes = Vec::with_capacity(records.len() * 2048);
        let mut places = Vec::with_capacity(records.len());
        for record in records {
            let start = bytes.len();
            packed::write(&mut bytes, record)?;
            places.push(RecordLocation::Disk { start: self.length + start as u64, length: index(bytes.len() - start) });
        }
        file.seek(SeekFrom::Start(self.length))?;
        file.write_all(&bytes)?;
        self.length += bytes.len() as u64;
        self.places.append(&mut places);
        Ok(())
    }

    /// Puts another record in a row's place: one with a note, or with the checks' answers. The old one
    /// stays unread in the file.
    ///
    /// # Errors
    /// When there is no such row, or the first time the disk takes no more; the record is kept in memory
    /// all the same.
    pub fn replace(&mut self, row: u32, record: Arc<Record>) -> io::Result<()> {
        let row = row as usize;
        if row >= self.places.len() {
            return Err(io::Error::new(io::ErrorKind::NotFound, "no such row"));
        }
        let appended = self.append(&[record]);
        self.places.swap_remove(row);
        appended
    }

    /// The record of a row.
    ///
    /// # Errors
    /// When it cannot be read back, or there is no such row.
    pub fn get(&mut self, row: u32) -> io::Result<Arc<Record>> {
        match (self.places.get(row as usize), &mut self.file) {
            (Some(RecordLocation::Memory(record)), _) => Ok(Arc::clone(record)),
            (Some(RecordLocation::Disk { start, length }), Some(file)) => {
                let mut bytes = vec![0; *length as usize];
                file.seek(SeekFrom::Start(*start))?;
                file.read_exact(&mut bytes)?;
                Ok(Arc::new(packed::read(&bytes)?))
            }
            _ => Err(io::Error::new(io::ErrorKind::NotFound, "no such row")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
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
}
