//! The table's rows in columns: append-only chunks that a sorter can read without a lock.
//!
//! A row's number is its place of arrival and never changes; cursor and detail refer to it.

#[cfg(test)]
pub mod tests_support;

use std::collections::HashMap;
use std::sync::Arc;

use crate::domain::kind::Kind;
use crate::domain::record::{self, CodeFrom, Outcome, Record};
use crate::domain::row::{Row, tries};
use crate::domain::{error_site, message_shape, target};

/// Rows of one chunk.
const CHUNK: usize = 1 << 16;

/// All rows. Cloning shares the chunks, so that a worker reads on while more arrive.
#[derive(Clone, Debug, Default)]
pub struct Rows {
    chunks: Vec<Arc<Chunk>>,
}

#[derive(Clone, Debug, Default)]
struct Chunk {
    fixed: Vec<Fixed>,
    /// Ids and targets, one after the other: `ends` parts them.
    texts: String,
    ends: Vec<[u32; 2]>,
    words: Words,
    kinds: Kinds,
}

/// Kinds that repeat, each kept once a chunk.
#[derive(Clone, Debug, Default)]
struct Kinds {
    all: Vec<Kind<u32>>,
    places: HashMap<Kind<u32>, u32>,
}

impl Kinds {
    fn place(&mut self, kind: Kind<u32>) -> u32 {
        let next = index(self.all.len());
        let place = *self.places.entry(kind).or_insert(next);
        if place == next {
            self.all.push(kind);
        }
        place
    }
}

#[derive(Clone, Copy, Debug)]
struct Fixed {
    time_ms: i64,
    latency_us: u32,
    status: u16,
    tries: u16,
    outcome: Outcome,
    from_twin: bool,
    reached: bool,
    message: u32,
    kind: u32,
    node: u32,
    cause: u32,
    probe: u32,
}

/// Texts that repeat, each kept once a chunk.
#[derive(Clone, Debug, Default)]
struct Words {
    all: Vec<Arc<str>>,
    places: HashMap<Arc<str>, u32>,
}

impl Words {
    fn place(&mut self, text: &str) -> u32 {
        if let Some(place) = self.places.get(text) {
            return *place;
        }
        let place = index(self.all.len());
        let text: Arc<str> = Arc::from(text);
        self.all.push(Arc::clone(&text));
        self.places.insert(text, place);
        place
    }

    fn get(&self, place: u32) -> &str {
        &self.all[place as usize]
    }
}

/// A length as a row number; four billion rows are more than memory holds.
fn index(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

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

    /// Appends a record's row and gives its number.
    pub fn push(&mut self, record: &Record) -> u32 {
        let number = index(self.len());
        if self.chunks.last().is_none_or(|tail| tail.fixed.len() == CHUNK) {
            self.chunks.push(Arc::default());
        }
        // A worker that still reads the tail keeps its own copy of it; sealed chunks are shared.
        if let Some(tail) = self.chunks.last_mut().map(Arc::make_mut) {
            tail.push(record);
        }
        number
    }

    /// Gives a row another cause: a later look at its failure found one.
    ///
    /// # Panics
    /// When there is no such row; numbers come from this store only.
    pub fn set_cause(&mut self, number: u32, cause: &str) {
        let number = number as usize;
        let chunk = Arc::make_mut(&mut self.chunks[number / CHUNK]);
        chunk.fixed[number % CHUNK].cause = chunk.words.place(cause);
    }

    /// The row of this number.
    ///
    /// # Panics
    /// When there is no such row; numbers come from this store only.
    #[must_use]
    pub fn get(&self, number: u32) -> Row<'_> {
        let number = number as usize;
        self.chunks[number / CHUNK].get(number % CHUNK)
    }

    /// The probe behind a row: its id in the session's plan, 0 where the row was imported.
    #[must_use]
    pub fn probe(&self, number: u32) -> u32 {
        let number = number as usize;
        self.chunks[number / CHUNK].fixed[number % CHUNK].probe
    }

    /// What a row shares with the others of its group.
    #[must_use]
    pub fn kind(&self, number: u32) -> Kind<&str> {
        let number = number as usize;
        let chunk = &self.chunks[number / CHUNK];
        chunk.kinds.all[chunk.fixed[number % CHUNK].kind as usize].map(|place| chunk.words.get(*place))
    }

    /// The access node's tag that a row's id tells (inferred); empty when it tells none.
    #[must_use]
    pub fn node(&self, number: u32) -> &str {
        let number = number as usize;
        let chunk = &self.chunks[number / CHUNK];
        chunk.words.get(chunk.fixed[number % CHUNK].node)
    }

    /// When a row's request began, in Unix milliseconds.
    #[must_use]
    pub fn time_ms(&self, number: u32) -> i64 {
        let number = number as usize;
        self.chunks[number / CHUNK].fixed[number % CHUNK].time_ms
    }

    /// A row's chunk, and the places of its kind and its node there: numbers that are compared instead
    /// of texts by whoever goes over all rows.
    #[must_use]
    pub fn places(&self, number: u32) -> (usize, u32, u32) {
        let number = number as usize;
        let fixed = &self.chunks[number / CHUNK].fixed[number % CHUNK];
        (number / CHUNK, fixed.kind, fixed.node)
    }
}

impl Chunk {
    fn push(&mut self, record: &Record) {
        let node = record.request_id.as_ref().and_then(|id| id.node.as_deref());
        let words = &mut self.words;
        let kind = self.kinds.place(Kind {
            code: words.place(record.shown_code()),
            shape: words.place(&message_shape::shape(record.shown_message())),
            host: words.place(target::host_of(&record.url)),
            operation: words.place(&record.operation),
            site: words.place(&error_site::of_record(record).unwrap_or_default()),
        });
        let fixed = Fixed {
            time_ms: record.time.as_millisecond(),
            latency_us: record.timing.total_us(),
            status: record.status_code.unwrap_or(0),
            tries: tries(record),
            outcome: record.outcome,
            from_twin: record.code_from == CodeFrom::GetTwin,
            reached: !record.never_reached(),
            message: self.words.place(record.shown_message()),
            kind,
            node: self.words.place(node.unwrap_or_default()),
            cause: self.words.place(record.first_cause()),
            probe: if record.source == "probe" { record.id } else { 0 },
        };
        self.fixed.push(fixed);
        self.texts.push_str(record.copied_id().unwrap_or_default());
        let id_end = index(self.texts.len());
        self.texts.push_str(&record.target());
        self.ends.push([id_end, index(self.texts.len())]);
    }

    fn get(&self, place: usize) -> Row<'_> {
        let fixed = &self.fixed[place];
        let kind = self.kinds.all[fixed.kind as usize];
        let start = if place == 0 { 0 } else { self.ends[place - 1][1] as usize };
        let [id_end, target_end] = self.ends[place].map(|end| end as usize);
        Row {
            outcome: fixed.outcome,
            status: fixed.status,
            code: self.words.get(kind.code),
            message: self.words.get(fixed.message),
            request_id: &self.texts[start..id_end],
            no_id: record::no_id_words(fixed.reached),
            operation: self.words.get(kind.operation),
            cause: self.words.get(fixed.cause),
            site: self.words.get(kind.site),
            target: &self.texts[id_end..target_end],
            time_ms: fixed.time_ms,
            latency_us: fixed.latency_us,
            tries: fixed.tries,
            from_twin: fixed.from_twin,
        }
    }
}
