//! The whole records behind the rows, on disk, so that a million of them stay small in memory.
//!
//! They live in an unnamed temporary file that goes when the program does, as `MessagePack`, in compressed blocks:
//! where temporary files are memory too, they take little of it. When it cannot be written, records stay in memory and
//! the caller gets one error.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::sync::{Arc, Mutex, PoisonError};

use lz4_flex::block;
use serde::Serialize as _;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use super::interner::index;
use crate::domain::record::Record;

/// Records by row number.
#[derive(Debug, Default)]
pub struct Details {
    file: Option<File>,
    /// Where each is.
    places: Vec<Place>,
    /// Those that the disk did not take.
    kept: BTreeMap<u32, Arc<Record>>,
    length: u64,
    failed: bool,
}

/// Records that were written before they are rows.
#[derive(Debug)]
pub struct Written {
    /// The records.
    pub records: Vec<Arc<Record>>,
    /// Where they are in the file; none where the disk had taken no more before.
    pub places: io::Result<Vec<Place>>,
}

/// Where a record is: where its block begins in the file, and how many bytes of the block, unpacked, are before it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Place(u64);

impl Place {
    /// Bits for the place in the block.
    const INSIDE: u32 = 24;

    fn new(block: u64, inside: u64) -> Self {
        Self(block << Self::INSIDE | inside)
    }

    fn block(self) -> u64 {
        self.0 >> Self::INSIDE
    }

    fn inside(self) -> u64 {
        self.0 & ((1 << Self::INSIDE) - 1)
    }
}

/// A block ends with the record that makes it this many bytes long: as far back as the compression looks.
const BLOCK: usize = 64 * 1024;
/// Bytes of the length in front of each block, and of the one before it was compressed. Both are below 4 GiB.
const HEAD: usize = 2 * size_of::<u32>();
/// Records that are written together.
const BATCH: usize = 256;
/// Batches that may wait for their reader: what waits takes memory.
const QUEUE: usize = 2;

/// Writes records as they come, and gives them on: to pack them takes as long as to make rows of them. After `stop`
/// only what is in the channel already still comes. Must be called inside a tokio runtime.
#[must_use]
pub fn written(
    details: &Arc<Mutex<Details>>,
    mut records: mpsc::Receiver<Arc<Record>>,
    stop: CancellationToken,
) -> mpsc::Receiver<Written> {
    let (sender, given_on) = mpsc::channel(QUEUE);
    let details = Arc::clone(details);
    tokio::spawn(async move {
        let mut packed = Packed::default();
        loop {
            let mut batch = Vec::with_capacity(BATCH);
            tokio::select! {
                biased;
                () = sender.closed() => return,
                () = stop.cancelled(), if !records.is_closed() => {
                    records.close();
                    continue;
                }
                count = records.recv_many(&mut batch, BATCH) => if count == 0 {
                    return;
                },
            }
            let fits = packed.fill(&batch);
            let places = details.lock().unwrap_or_else(PoisonError::into_inner).write(fits.map(|()| &packed));
            if sender.send(Written { records: batch, places }).await.is_err() {
                return;
            }
        }
    });
    given_on
}

/// Records as the file has them.
#[derive(Debug, Default)]
struct Packed {
    /// Of the block that is being filled.
    open: Vec<u8>,
    /// The blocks that are full.
    bytes: Vec<u8>,
    /// As if the file began with these blocks.
    places: Vec<Place>,
}

impl Packed {
    /// Puts records in the place of those before.
    fn fill(&mut self, records: &[Arc<Record>]) -> io::Result<()> {
        self.open.clear();
        self.bytes.clear();
        self.places.clear();
        for record in records {
            self.places.push(Place::new(self.bytes.len() as u64, self.open.len() as u64));
            // With the names of the fields: a third of the time of JSON, and fields may be left out.
            let mut packer = rmp_serde::Serializer::new(&mut self.open).with_struct_map();
            record.serialize(&mut packer).map_err(io::Error::other)?;
            if self.open.len() >= BLOCK {
                self.end_block()?;
            }
        }
        self.end_block()
    }

    fn end_block(&mut self) -> io::Result<()> {
        if self.open.is_empty() {
            return Ok(());
        }
        let start = self.bytes.len();
        self.bytes.resize(start + HEAD + block::get_maximum_output_size(self.open.len()), 0);
        let length = block::compress_into(&self.open, &mut self.bytes[start + HEAD..]).map_err(io::Error::other)?;
        self.bytes.truncate(start + HEAD + length);
        let lengths = [index(length).to_le_bytes(), index(self.open.len()).to_le_bytes()];
        self.bytes[start..start + HEAD].copy_from_slice(lengths.as_flattened());
        self.open.clear();
        Ok(())
    }
}

impl Details {
    /// Appends records in the order of their rows.
    ///
    /// # Errors
    /// The first time the disk takes no more; the records are kept in memory all the same.
    pub fn append(&mut self, records: &[Arc<Record>]) -> io::Result<()> {
        let places = self.pack_and_write(records);
        self.put(self.places.len(), records, places)
    }

    /// Appends records that are written, in the order of their rows; `places` is where.
    ///
    /// # Errors
    /// As [`Self::append`].
    pub fn append_written(&mut self, records: &[Arc<Record>], places: io::Result<Vec<Place>>) -> io::Result<()> {
        self.put(self.places.len(), records, places)
    }

    /// Sets the places of the records of rows from `first` on.
    fn put(&mut self, first: usize, records: &[Arc<Record>], places: io::Result<Vec<Place>>) -> io::Result<()> {
        let end = first + records.len();
        self.places.resize(self.places.len().max(end), Place::default());
        match &places {
            Ok(places) if places.len() == records.len() => self.places[first..end].copy_from_slice(places),
            _ => self.kept.extend((index(first)..).zip(records.iter().cloned())),
        }
        places.map(drop)
    }

    fn pack_and_write(&mut self, records: &[Arc<Record>]) -> io::Result<Vec<Place>> {
        let mut packed = Packed::default();
        let fits = packed.fill(records);
        self.write(fits.map(|()| &packed))
    }

    /// Writes records to the end of the file, and gives their places; none once the disk has taken no more.
    fn write(&mut self, packed: io::Result<&Packed>) -> io::Result<Vec<Place>> {
        if self.failed {
            return Ok(Vec::new());
        }
        let written = packed.and_then(|packed| self.write_out(packed));
        self.failed = written.is_err();
        written
    }

    fn write_out(&mut self, packed: &Packed) -> io::Result<Vec<Place>> {
        let file = match &mut self.file {
            Some(file) => file,
            none => none.insert(tempfile::tempfile()?),
        };
        file.seek(SeekFrom::Start(self.length))?;
        file.write_all(&packed.bytes)?;
        let in_file = |place: &Place| Place::new(self.length + place.block(), place.inside());
        let places = packed.places.iter().map(in_file).collect();
        self.length += packed.bytes.len() as u64;
        Ok(places)
    }

    /// Puts another record in a row's place: one with a note, or with the checks' answers. The old one
    /// stays unread in the file.
    ///
    /// # Errors
    /// When there is no such row, or the first time the disk takes no more; the record is kept in memory
    /// all the same.
    pub fn replace(&mut self, row: u32, record: Arc<Record>) -> io::Result<()> {
        if row as usize >= self.places.len() {
            return Err(no_such_row());
        }
        let record = [record];
        let places = self.pack_and_write(&record);
        self.put(row as usize, &record, places)
    }

    /// The record of a row.
    ///
    /// # Errors
    /// When it cannot be read back, or there is no such row.
    pub fn get(&mut self, row: u32) -> io::Result<Arc<Record>> {
        if let Some(record) = self.kept.get(&row) {
            return Ok(Arc::clone(record));
        }
        let (Some(place), Some(file)) = (self.places.get(row as usize), &mut self.file) else {
            return Err(no_such_row());
        };
        file.seek(SeekFrom::Start(place.block()))?;
        let mut lengths = [[0; size_of::<u32>()]; 2];
        file.read_exact(lengths.as_flattened_mut())?;
        let [length, unpacked] = lengths.map(|length| u32::from_le_bytes(length) as usize);
        let mut bytes = vec![0; length];
        file.read_exact(&mut bytes)?;
        let mut block = vec![0; unpacked];
        block::decompress_into(&bytes, &mut block).map_err(io::Error::other)?;
        let record = usize::try_from(place.inside()).ok().and_then(|inside| block.get(inside..)).unwrap_or_default();
        rmp_serde::from_slice(record).map(Arc::new).map_err(io::Error::other)
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

    #[tokio::test]
    async fn what_is_written_before_it_is_a_row_is_read_back_by_its_row() {
        let details = Arc::new(Mutex::new(Details::default()));
        let all: Vec<_> = (0u16..600).map(|i| Arc::new(record(i, &format!("文{i}"), i64::from(i)))).collect();
        let (sender, received) = mpsc::channel(all.len());
        let mut batches = written(&details, received, CancellationToken::new());
        for record in &all {
            sender.send(Arc::clone(record)).await.expect("room");
        }
        drop(sender);
        // Rows from elsewhere get in between.
        let pasted = [Arc::new(record(700, "pasted", 1))];
        let mut rows = Vec::new();
        while let Some(Written { records, places }) = batches.recv().await {
            let mut details = details.lock().expect("it");
            details.append_written(&records, places).expect("written");
            details.append(&pasted).expect("written");
            rows.extend(records.into_iter().chain(pasted.clone()));
        }
        assert!(rows.len() > all.len());
        let mut details = details.lock().expect("it");
        for (row, wanted) in (0u32..).zip(&rows) {
            assert_eq!(&details.get(row).expect("a record"), wanted);
        }
        let kept: Vec<_> = rows.iter().filter(|record| record.status_code != Some(700)).cloned().collect();
        assert!(kept == all, "in their order");
    }

    #[tokio::test]
    async fn a_source_that_never_ends_can_be_stopped() {
        let details = Arc::new(Mutex::new(Details::default()));
        let (sender, received) = mpsc::channel(16);
        sender.send(Arc::new(record(0, "x", 0))).await.expect("room");
        let stop = CancellationToken::new();
        stop.cancel();
        let mut batches = written(&details, received, stop);
        assert_eq!(batches.recv().await.map(|batch| batch.records.len()), Some(1), "what came is not lost");
        assert!(batches.recv().await.is_none() && sender.send(Arc::new(record(1, "x", 1))).await.is_err());
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
