//! The whole records behind the rows, on disk, so that a million of them stay small in memory.
//!
//! Records of a large log are parsed again when a row needs them. All others are in a temporary file. If that cannot be
//! written, records stay in memory and the caller gets one error.

mod blocks;
mod place;

use std::collections::BTreeMap;
use std::fmt;
use std::io;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use super::interner::index;
use crate::domain::log_line::LogLine;
use crate::domain::occurrence::Occurrence;
use crate::domain::record::Record;
use blocks::{BlockFile, Packed};
use place::At;
pub use place::Place;

/// Records by row number.
#[derive(Debug, Default)]
pub struct Details {
    /// The place of each.
    places: Vec<Place>,
    blocks: BlockFile,
    logs: Vec<Arc<dyn RecordLog>>,
    /// Those that the disk did not take.
    kept: BTreeMap<u32, Arc<Record>>,
    /// A write has failed: no more is tried.
    failed: bool,
}

/// A log that parses its lines again.
pub trait RecordLog: fmt::Debug + Send + Sync {
    /// Returns the record of a line, redacted and diagnosed.
    ///
    /// # Errors
    /// The log cannot be read, or, as `InvalidData`, it has changed.
    fn record(&self, line: LogLine) -> io::Result<Record>;
}

/// An occurrence that becomes a row.
#[derive(Debug)]
pub struct NewRow {
    /// The occurrence.
    pub occurrence: Occurrence,
    /// The log and the line that its record can be read from again: then it is not written.
    pub log: Option<(Arc<dyn RecordLog>, LogLine)>,
}

impl NewRow {
    /// An occurrence with its line in a log, if it can be read again from there.
    #[must_use]
    pub fn in_log(occurrence: Occurrence, log: &Arc<dyn RecordLog>, line: Option<LogLine>) -> Self {
        Self { occurrence, log: line.map(|line| (Arc::clone(log), line)) }
    }
}

impl From<Arc<Record>> for NewRow {
    fn from(record: Arc<Record>) -> Self {
        Self { occurrence: record.into(), log: None }
    }
}

/// Occurrences whose records have places but that are not rows yet.
#[derive(Debug)]
pub struct Written {
    /// The occurrences.
    pub occurrences: Vec<Occurrence>,
    /// The places of their records.
    pub places: Vec<Place>,
    /// The first error of the temporary file.
    pub written: io::Result<()>,
}

/// Records that are written together.
const BATCH: usize = 256;
/// Batches that may wait for their reader: what waits takes memory.
const QUEUE: usize = 2;

/// Writes incoming records, except those that can be read again, and passes them on. It is a task of its own, because to
/// pack records takes as long as to make rows of them. After `stop` it passes on only what is already in the channel.
/// Must be called inside a tokio runtime.
#[must_use]
pub fn written<T: Into<NewRow> + Send + 'static>(
    details: &Arc<Mutex<Details>>,
    mut rows: mpsc::Receiver<T>,
    stop: CancellationToken,
) -> mpsc::Receiver<Written> {
    let (sender, given_on) = mpsc::channel(QUEUE);
    let details = Arc::clone(details);
    tokio::spawn(async move {
        let lock = || details.lock().unwrap_or_else(PoisonError::into_inner);
        let mut packed = Packed::default();
        loop {
            let mut batch = Vec::with_capacity(BATCH);
            tokio::select! {
                biased;
                () = sender.closed() => return,
                () = stop.cancelled(), if !rows.is_closed() => {
                    rows.close();
                    continue;
                }
                count = rows.recv_many(&mut batch, BATCH) => if count == 0 {
                    return;
                },
            }
            let (occurrences, logged) = lock().logged(batch.into_iter().map(Into::into));
            let others = occurrences.iter().zip(&logged).filter(|(_, place)| place.is_none());
            let fits = packed.fill(others.map(|(occurrence, _)| occurrence.record.as_ref()));
            let (places, written) = lock().write(fits.map(|()| &packed), logged);
            if sender.send(Written { occurrences, places, written }).await.is_err() {
                return;
            }
        }
    });
    given_on
}

impl Details {
    /// Appends records in the order of their rows.
    ///
    /// # Errors
    /// The first time the disk takes no more; the records are kept in memory all the same.
    pub fn append(&mut self, records: &[Arc<Record>]) -> io::Result<()> {
        let (places, written) = self.pack_and_write(records);
        self.put(self.places.len(), records.iter().map(Some), &places);
        written
    }

    /// Appends the records of occurrences, which have places, in the order of their rows.
    pub fn append_written(&mut self, occurrences: &[Occurrence], places: &[Place]) {
        let records = occurrences.iter().map(|occurrence| occurrence.own.is_none().then_some(&occurrence.record));
        self.put(self.places.len(), records, places);
    }

    /// Sets the places of the records of rows from `first` on. `None` is a record that is not there to be kept.
    fn put<'a>(&mut self, first: usize, records: impl Iterator<Item = Option<&'a Arc<Record>>>, places: &[Place]) {
        self.places.resize(self.places.len().max(first + places.len()), Place::IN_MEMORY);
        self.places[first..first + places.len()].copy_from_slice(places);
        let kept = (index(first)..).zip(records).zip(places).filter(|(_, place)| **place == Place::IN_MEMORY);
        self.kept.extend(kept.filter_map(|((row, record), _)| Some((row, Arc::clone(record?)))));
    }

    fn pack_and_write(&mut self, records: &[Arc<Record>]) -> (Vec<Place>, io::Result<()>) {
        let mut packed = Packed::default();
        let fits = packed.fill(records.iter().map(AsRef::as_ref));
        self.write(fits.map(|()| &packed), vec![None; records.len()])
    }

    /// Returns the occurrences, and the places of the records that are not to be written.
    fn logged(&mut self, rows: impl Iterator<Item = NewRow>) -> (Vec<Occurrence>, Vec<Option<Place>>) {
        let place = |NewRow { occurrence, log }| {
            let place = log.and_then(|(log, line)| self.place_in(log, line));
            // The record of another occurrence is not written in the place of its own.
            let nowhere = occurrence.own.is_some().then_some(Place::IN_MEMORY);
            (occurrence, place.or(nowhere))
        };
        rows.map(place).unzip()
    }

    fn place_in(&mut self, log: Arc<dyn RecordLog>, line: LogLine) -> Option<Place> {
        let is_new = self.logs.last().is_none_or(|last| !Arc::ptr_eq(last, &log));
        let number = if is_new { self.logs.len() } else { self.logs.len() - 1 };
        let place = Place::in_log(number, line)?;
        self.logs.extend(is_new.then_some(log));
        Some(place)
    }

    /// Writes records to the temporary file. Returns a place for each: those of `others`, and for each `None` among them
    /// the place of the next record written, or memory if a write has failed.
    fn write(&mut self, packed: io::Result<&Packed>, others: Vec<Option<Place>>) -> (Vec<Place>, io::Result<()>) {
        let written = match packed {
            _ if self.failed => Ok(Vec::new()),
            Ok(packed) => self.blocks.write(packed),
            Err(error) => Err(error),
        };
        self.failed |= written.is_err();
        let mut places = Vec::new().into_iter();
        let written = written.map(|new| places = new.into_iter());
        (others.into_iter().map(|other| other.or_else(|| places.next()).unwrap_or(Place::IN_MEMORY)).collect(), written)
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
        let (places, written) = self.pack_and_write(&record);
        self.put(row as usize, record.iter().map(Some), &places);
        written
    }

    /// Returns the record of a row. The id of one that is read again is the row's number from 1, which is the id that the
    /// import gave it if the table has only imported rows.
    ///
    /// # Errors
    /// When it cannot be read back, or there is no such row.
    pub fn get(&mut self, row: u32) -> io::Result<Arc<Record>> {
        match self.places.get(row as usize).ok_or_else(no_such_row)?.at() {
            At::Memory => self.kept.get(&row).cloned().ok_or_else(no_such_row),
            At::Block { block, inside } => self.blocks.read(block, inside).map(Arc::new),
            At::Log { log, line } => {
                let record = self.logs.get(log).ok_or_else(no_such_row)?.record(line)?;
                Ok(Arc::new(Record { id: row.saturating_add(1), ..record }))
            }
        }
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
    use crate::domain::occurrence::OwnValues;
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
        while let Some(Written { occurrences, places, written }) = batches.recv().await {
            written.expect("written");
            let mut details = details.lock().expect("it");
            details.append_written(&occurrences, &places);
            details.append(&pasted).expect("written");
            rows.extend(occurrences.into_iter().map(|occurrence| occurrence.record).chain(pasted.clone()));
        }
        assert!(rows.len() > all.len());
        let mut details = details.lock().expect("it");
        for (row, wanted) in (0u32..).zip(&rows) {
            assert_eq!(&details.get(row).expect("a record"), wanted);
        }
        let kept: Vec<_> = rows.iter().filter(|record| record.status_code != Some(700)).cloned().collect();
        assert!(kept == all, "in their order");
    }

    /// Returns a record whose Code names the line.
    #[derive(Debug)]
    struct Lines(u16);

    impl RecordLog for Lines {
        fn record(&self, line: LogLine) -> io::Result<Record> {
            Ok(record(self.0, &format!("{line:?}"), 0))
        }
    }

    #[tokio::test]
    async fn what_a_log_gives_again_is_not_written() {
        let details = Arc::new(Mutex::new(Details::default()));
        let (sender, received) = mpsc::channel(1024);
        let mut batches = written(&details, received, CancellationToken::new());
        // A place has no room for a log above 126 or an offset of 1 TiB: those records are written.
        let logs: Vec<Arc<dyn RecordLog>> = (0..200).map(|log| Arc::new(Lines(log)) as _).collect();
        let far = 1 << 40;
        let lines = [0, 1, 499, far - 1, far].map(|offset| LogLine { offset, check: 0xffff });
        let made = Arc::new(record(700, "made", 1));
        for log in &logs {
            let again = lines.map(|line| NewRow::in_log(Arc::clone(&made).into(), log, Some(line)));
            for row in again.into_iter().chain([Arc::clone(&made).into()]) {
                sender.send(row).await.expect("room");
            }
        }
        drop(sender);
        while let Some(Written { occurrences, places, written }) = batches.recv().await {
            written.expect("written");
            details.lock().expect("it").append_written(&occurrences, &places);
        }
        let mut details = details.lock().expect("it");
        assert_eq!(details.logs.len(), 127, "others are not kept open");
        for row in 0u16..1200 {
            let got = details.get(row.into()).expect("a record");
            let (log, line) = (row / 6, lines.get(usize::from(row % 6)).filter(|line| line.offset < far));
            let wanted = match line {
                Some(line) if log < 127 => Record { id: u32::from(row) + 1, ..record(log, &format!("{line:?}"), 0) },
                _ => Record::clone(&made),
            };
            assert_eq!(*got, wanted, "{row}");
        }
    }

    #[tokio::test]
    async fn a_shared_record_is_never_read_back_as_the_record_of_another_row() {
        let details = Arc::new(Mutex::new(Details::default()));
        let (sender, received) = mpsc::channel(16);
        let mut batches = written(&details, received, CancellationToken::new());
        let log: Arc<dyn RecordLog> = Arc::new(Lines(1));
        let shared = Arc::new(record(2, "shared", 0));
        let own = Some(OwnValues::new(shared.time, 0, None, "/a"));
        let failure = |own| Occurrence { record: Arc::clone(&shared), own };
        let far = LogLine { offset: LogLine::OFFSETS, check: 0 };
        for (own, line) in
            [(None, None), (own.clone(), Some(far)), (own, Some(LogLine { offset: 5, ..far })), (None, None)]
        {
            sender.send(NewRow::in_log(failure(own), &log, line)).await.expect("room");
        }
        drop(sender);
        while let Some(Written { occurrences, places, written }) = batches.recv().await {
            written.expect("written");
            details.lock().expect("it").append_written(&occurrences, &places);
        }
        let mut details = details.lock().expect("it");
        let status = |row| details.get(row).ok().and_then(|record| record.status_code);
        assert_eq!([0, 1, 2, 3].map(status), [Some(2), None, Some(1), Some(2)]);
    }

    #[tokio::test]
    async fn a_source_that_never_ends_can_be_stopped() {
        let details = Arc::new(Mutex::new(Details::default()));
        let (sender, received) = mpsc::channel(16);
        sender.send(Arc::new(record(0, "x", 0))).await.expect("room");
        let stop = CancellationToken::new();
        stop.cancel();
        let mut batches = written(&details, received, stop);
        assert_eq!(batches.recv().await.map(|batch| batch.occurrences.len()), Some(1), "what came is not lost");
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
