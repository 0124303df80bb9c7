//! The table's rows in columns: append-only chunks that a sorter can read without a lock.
//!
//! A row's number is its place of arrival and never changes; cursor and detail refer to it.

mod chunk;
#[cfg(test)]
pub mod tests_support;

use std::collections::BTreeMap;
use std::sync::Arc;

use unicode_width::UnicodeWidthStr;

use super::group_by::By;
use super::interner::index;
use crate::domain::column::{Column, Content};
use crate::domain::failure_key::FailureKey;
use crate::domain::occurrence::{Occurrence, OwnValues};
use crate::domain::record::Record;
use crate::domain::row::{Row, tries};
use crate::domain::row_target::RowTarget;
use chunk::{Chunk, Shared};

/// Bytes of a text that are measured. A column is never this wide.
const MEASURED: usize = 256;
/// Rows of one chunk.
const CHUNK: usize = 1 << 16;

/// All rows. Cloning shares the chunks, so that a worker reads on while more arrive.
#[derive(Clone, Debug, Default)]
pub struct Rows {
    chunks: Vec<Arc<Chunk>>,
    /// Notes are few: none lies in a chunk.
    notes: Arc<BTreeMap<u32, String>>,
    content: Content,
}

/// The chunk of a row, and the place of what it shares there: rows with the same place differ in their texts, times and
/// notes only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SharedPlace(usize, u32);

impl Rows {
    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.chunks.last().map_or(0, |tail| (self.chunks.len() - 1) * CHUNK + tail.fixed.len())
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.chunks.is_empty()
    }

    /// Appends a record's row, with its Message as it is shown, and gives its number.
    pub fn push(&mut self, record: &Record, message: &str) -> u32 {
        let probe = if record.source.is_probe() { record.id } else { 0 };
        self.append(record, message, probe)
    }

    /// Appends the row of a failure that no probe of this session is behind, with its Message as it is shown.
    pub fn push_preloaded(&mut self, occurrence: &Occurrence, message: &str) -> u32 {
        match &occurrence.own {
            None => self.append(&occurrence.record, message, 0),
            Some(own) => self.append_alike(&occurrence.record, own, message),
        }
    }

    /// Appends the row of a failure with the record of an earlier row.
    fn append_alike(&mut self, record: &Arc<Record>, own: &OwnValues, message: &str) -> u32 {
        let number = index(self.len());
        let bucket = self.tail().push_alike(record, own, message);
        // The path is ASCII.
        let width = (bucket + own.path().len()).min(MEASURED);
        let content = &mut self.content;
        more(content.own_mut(Column::Node), own.node());
        more(&mut content.request_id, own.request_id());
        content.target = content.target.max(u16::try_from(width).unwrap_or(u16::MAX));
        number
    }

    /// The chunk that takes the next row.
    fn tail(&mut self) -> &mut Chunk {
        if self.chunks.last().is_none_or(|tail| tail.fixed.len() == CHUNK) {
            self.chunks.last_mut().map(Arc::make_mut).into_iter().for_each(Chunk::seal);
            self.chunks.push(Arc::default());
        }
        let last = self.chunks.len() - 1;
        // A worker that still reads the tail keeps its own copy of it; sealed chunks are shared.
        Arc::make_mut(&mut self.chunks[last])
    }

    fn append(&mut self, record: &Record, message: &str, probe: u32) -> u32 {
        let number = index(self.len());
        let target = record.target();
        self.tail().push(record, message, RowTarget::of(&target), probe);
        let (chunk, place) = (number as usize / CHUNK, number as usize % CHUNK);
        widen_own(&mut self.content, &self.chunks[chunk].get(place));
        if record.note.is_some() {
            self.set_note(number, record);
        }
        widen(&mut self.content, record, message, &target);
        self.widen_for_signs(number);
        number
    }

    /// The widest cell of each column.
    #[must_use]
    pub fn content(&self) -> &Content {
        &self.content
    }

    /// Gives a row the first verdict of its record: a later look at its failure found one.
    ///
    /// # Panics
    /// When there is no such row; numbers come from this store only.
    pub fn set_verdict(&mut self, number: u32, record: &Record) {
        let place = number as usize;
        let chunk = Arc::make_mut(&mut self.chunks[place / CHUNK]);
        let verdict = chunk.verdict(record);
        let shared = Shared { verdict, ..*chunk.shared_of(place % CHUNK) };
        chunk.fixed[place % CHUNK].shared = chunk.place(shared);
        self.widen_for_signs(number);
    }

    /// Whether a row's request was repeated with one thing changed.
    #[must_use]
    pub fn is_checked(&self, number: u32) -> bool {
        let number = number as usize;
        let chunk = &self.chunks[number / CHUNK];
        chunk.verdicts.get(chunk.shared_of(number % CHUNK).verdict).checked
    }

    /// Gives a row the note of its record, or takes it away.
    pub fn set_note(&mut self, number: u32, record: &Record) {
        let notes = Arc::make_mut(&mut self.notes);
        match &record.note {
            Some(note) => notes.insert(number, note.clone()),
            None => notes.remove(&number),
        };
        self.widen_for_signs(number);
    }

    /// Makes room for the signs of a note and of checks behind a row's Code.
    fn widen_for_signs(&mut self, number: u32) {
        let row = self.get(number);
        let signs = u16::from(!row.note.is_empty()) + u16::from(self.is_checked(number));
        if signs > 0 {
            let code = u16::try_from(row.code.width()).unwrap_or(u16::MAX);
            self.content.code = self.content.code.max(code.saturating_add(1 + signs));
        }
    }

    /// The row of this number.
    ///
    /// # Panics
    /// When there is no such row; numbers come from this store only.
    #[must_use]
    pub fn get(&self, number: u32) -> Row<'_> {
        let note = self.notes.get(&number).map_or("", String::as_str);
        let number = number as usize;
        Row { note, ..self.chunks[number / CHUNK].get(number % CHUNK) }
    }

    /// The probe behind a row: its id in the session's plan, 0 where the row was not sent from here.
    #[must_use]
    pub fn probe(&self, number: u32) -> u32 {
        let number = number as usize;
        self.chunks[number / CHUNK].fixed[number % CHUNK].probe
    }

    /// What a row shares with the others of its group.
    #[must_use]
    pub fn kind(&self, number: u32) -> FailureKey<&str> {
        let number = number as usize;
        let chunk = &self.chunks[number / CHUNK];
        chunk.kinds.get(chunk.shared_of(number % CHUNK).kind).map(|place| chunk.words.text(*place))
    }

    /// Code and host of every kind of row, each at least once.
    pub fn codes_and_hosts(&self) -> impl Iterator<Item = (&str, &str)> {
        self.chunks
            .iter()
            .flat_map(|chunk| chunk.kinds.iter().map(|kind| (chunk.words.text(kind.code), chunk.words.text(kind.host))))
    }

    /// The access node's tag that a row's id tells (inferred); empty when it tells none.
    #[must_use]
    pub fn node(&self, number: u32) -> &str {
        let number = number as usize;
        let chunk = &self.chunks[number / CHUNK];
        chunk.words.text(chunk.shared_of(number % CHUNK).node)
    }

    /// Where it stands what a row shares with others.
    #[must_use]
    pub fn shared_place(&self, number: u32) -> SharedPlace {
        let chunk = number as usize / CHUNK;
        SharedPlace(chunk, self.chunks[chunk].fixed[number as usize % CHUNK].shared)
    }

    /// A row's own texts: its id, and its target without the bucket.
    #[must_use]
    pub fn texts(&self, number: u32) -> (&str, &str) {
        let number = number as usize;
        self.chunks[number / CHUNK].texts_of(number % CHUNK)
    }

    /// When a row's request began, in Unix milliseconds.
    #[must_use]
    pub fn time_ms(&self, number: u32) -> i64 {
        let number = number as usize;
        self.chunks[number / CHUNK].times[number % CHUNK]
    }

    /// A row's chunk, and the place of its node there: a number that is compared instead of a text by
    /// code that goes over all rows.
    #[must_use]
    pub fn node_place(&self, number: u32) -> (usize, u32) {
        let number = number as usize;
        (number / CHUNK, self.chunks[number / CHUNK].shared_of(number % CHUNK).node)
    }

    /// The same of what rows are grouped by: two rows of a chunk with the same place are of one group.
    /// `None` where the chunk keeps no such number.
    #[must_use]
    pub fn key_place(&self, number: u32, by: By) -> (usize, Option<u32>) {
        let number = number as usize;
        let shared = self.chunks[number / CHUNK].shared_of(number % CHUNK);
        let place = match by {
            By::Failure | By::CodeAndMessage => Some(shared.kind),
            By::Cause => Some(shared.verdict),
            By::Region | By::Profile => Some(shared.context),
            By::Node => Some(shared.node),
            By::Bucket | By::Status | By::Hour => None,
        };
        (number / CHUNK, place)
    }
}

fn more(widest: &mut u16, text: &str) {
    // No text is wider than it has bytes.
    if text.len() <= usize::from(*widest) {
        return;
    }
    let head = text.get(..MEASURED).unwrap_or(text);
    *widest = (*widest).max(u16::try_from(head.width()).unwrap_or(u16::MAX));
}

/// Widens the columns that show a text of the row as it is.
fn widen_own(content: &mut Content, row: &Row<'_>) {
    for column in Column::ALL {
        if let Some(text) = row.own_text(*column) {
            more(content.own_mut(*column), text);
        }
    }
}

/// Widens the other columns by a record.
fn widen(content: &mut Content, record: &Record, message: &str, target: &str) {
    more(&mut content.code, record.shown_code());
    if content.message == 0 {
        more(&mut content.message, message);
    }
    more(&mut content.request_id, record.copied_id().unwrap_or_default());
    content.lacks_id |= record.copied_id().is_none();
    more(&mut content.target, target);
    content.retried |= tries(record) > 1;
}
