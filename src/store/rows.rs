//! The table's rows in columns: append-only chunks that a sorter can read without a lock.
//!
//! A row's number is its place of arrival and never changes; cursor and detail refer to it.

#[cfg(test)]
pub mod tests_support;

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use jiff::Timestamp;
use unicode_width::UnicodeWidthStr;

use super::group_by::By;
use super::interner::{Interner, index};
use crate::domain::check::CheckKind;
use crate::domain::column::{Column, Content};
use crate::domain::dialect::Dialect;
use crate::domain::failure_key::FailureKey;
use crate::domain::occurrence::{Occurrence, OwnValues};
use crate::domain::record::{CodeFrom, Record};
use crate::domain::row::{Row, tries};
use crate::domain::row_target::RowTarget;
use crate::domain::severity::Severity;
use crate::domain::verdict::Confidence;
use crate::domain::{message_template, target, trace_id};

/// Rows of one chunk.
const CHUNK: usize = 1 << 16;
/// Among this number of the last it is looked for what a row shares; longer ago it is kept once more.
const RECENT: usize = 32;
/// Records that rows of a chunk share and that are looked for before what a row shares is put together.
const SHARING: usize = 16;

/// All rows. Cloning shares the chunks, so that a worker reads on while more arrive.
#[derive(Clone, Debug, Default)]
pub struct Rows {
    chunks: Vec<Arc<Chunk>>,
    /// Notes are few: none lies in a chunk.
    notes: Arc<BTreeMap<u32, String>>,
    content: Content,
}

#[derive(Clone, Debug, Default)]
struct Chunk {
    /// Unix milliseconds. Inside [`RowData`] they would cost four bytes of padding a row.
    times: Vec<i64>,
    fixed: Vec<RowData>,
    /// Ids, and targets without their buckets, one after the other.
    texts: String,
    shared: Vec<Shared>,
    words: Interner<Arc<str>>,
    kinds: Interner<FailureKey<u32>>,
    contexts: Interner<Context>,
    verdicts: Interner<FirstVerdict>,
    /// The last Message, in English, and its shape's place.
    last_shape: Option<(String, u32)>,
    /// The last records that rows shared, and what they share with it.
    sharing: VecDeque<(Arc<Record>, Shared)>,
}

/// What a row shares with others: the places of its words, and what is as small.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Shared {
    kind: u32,
    message: u32,
    node: u32,
    verdict: u32,
    context: u32,
    status: u16,
    severity: Severity,
    tries: u8,
}

/// The chunk of a row, and the place of what it shares there: rows with the same place differ in their texts, times and
/// notes only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SharedPlace(usize, u32);

/// How a request was sent, as places of words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Context {
    method: u32,
    profile: u32,
    region: u32,
    dialect: Dialect,
    from_twin: bool,
    /// The first part of its target.
    bucket: u32,
}

/// The first verdict: the place of its cause, how certain it is, and whether checks led to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct FirstVerdict {
    cause: u32,
    certainty: Option<Confidence>,
    checked: bool,
}

#[derive(Clone, Copy, Debug)]
struct RowData {
    latency_us: u32,
    shared: u32,
    probe: u32,
    id_end: u32,
    target_end: u32,
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
        let width = bucket + own.path().len();
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

impl Chunk {
    fn push(&mut self, record: &Record, message: &str, target: RowTarget<'_>, probe: u32) {
        let shared = self.shared(record, message, target.bucket);
        let id = record.copied_id().unwrap_or_default();
        self.push_own(shared, record.time, record.timing.total_us(), (id, target.rest), probe);
    }

    /// Appends the row of a failure with the record of an earlier row. Returns the width of its bucket.
    fn push_alike(&mut self, record: &Arc<Record>, own: &OwnValues, message: &str) -> usize {
        let known = self.sharing.iter().rev().find(|(known, _)| Arc::ptr_eq(known, record));
        let shared = match known {
            Some((_, shared)) => *shared,
            None => self.share(record, message),
        };
        let last_node = self.fixed.last().map(|last| self.shared[last.shared as usize].node);
        let node = self.words.place_text_like(own.node(), last_node);
        self.push_own(Shared { node, ..shared }, own.time, own.latency_us, (own.request_id(), own.path()), 0);
        self.words.text(self.contexts.get(shared.context).bucket).width()
    }

    /// Puts together what rows share with a record, and keeps it.
    fn share(&mut self, record: &Arc<Record>, message: &str) -> Shared {
        let shared = self.shared(record, message, record.bucket.as_deref().unwrap_or_default());
        if self.sharing.len() >= SHARING {
            self.sharing.pop_front();
        }
        self.sharing.push_back((Arc::clone(record), shared));
        shared
    }

    fn push_own(&mut self, shared: Shared, time: Timestamp, latency_us: u32, (id, rest): (&str, &str), probe: u32) {
        let shared = self.place(shared);
        self.texts.push_str(id);
        let id_end = index(self.texts.len());
        self.texts.push_str(rest);
        let target_end = index(self.texts.len());
        self.times.push(time.as_millisecond());
        self.fixed.push(RowData { latency_us, shared, probe, id_end, target_end });
    }

    /// No more rows come: gives back memory that only new rows need.
    fn seal(&mut self) {
        // A third of its texts' room would stay empty.
        self.texts.shrink_to_fit();
        self.sharing = VecDeque::new();
    }

    /// What a record's row shares with others.
    fn shared(&mut self, record: &Record, message: &str, bucket: &str) -> Shared {
        let node = record.request_id.as_ref().and_then(|id| id.node.as_deref());
        let last = self.fixed.last().map(|last| self.shared[last.shared as usize]);
        let kind = last.map(|last| *self.kinds.get(last.kind));
        let context = last.map(|last| *self.contexts.get(last.context));
        let (last_message, last_node) = (last.map(|last| last.message), last.map(|last| last.node));
        let shape = self.shape(&record.english_message());
        let words = &mut self.words;
        let kind = self.kinds.place(&FailureKey {
            code: words.place_text_like(record.shown_code(), kind.map(|kind| kind.code)),
            shape,
            host: words.place_text_like(target::host_of(&record.url), kind.map(|kind| kind.host)),
            operation: words.place_text_like(&record.operation, kind.map(|kind| kind.operation)),
            site: words.place_text(&trace_id::failure_site_of(record).unwrap_or_default()),
        });
        let region = record.region.as_deref().unwrap_or_default();
        let context = self.contexts.place(&Context {
            method: words.place_text_like(&record.method, context.map(|context| context.method)),
            profile: words.place_text_like(&record.profile, context.map(|context| context.profile)),
            region: words.place_text_like(region, context.map(|context| context.region)),
            dialect: record.dialect,
            from_twin: record.code_from == CodeFrom::GetTwin,
            bucket: words.place_text_like(bucket, context.map(|context| context.bucket)),
        });
        Shared {
            status: record.status_code.unwrap_or(0),
            tries: tries(record),
            severity: Severity::of(record),
            message: self.words.place_text_like(message, last_message),
            kind,
            node: self.words.place_text_like(node.unwrap_or_default(), last_node),
            verdict: self.verdict(record),
            context,
        }
    }

    /// The place of what a row shares: that of a row shortly before it, or a new one.
    fn place(&mut self, shared: Shared) -> u32 {
        let from = self.shared.len().saturating_sub(RECENT);
        let known = self.shared[from..].iter().rposition(|known| *known == shared);
        index(known.map_or_else(
            || {
                self.shared.push(shared);
                self.shared.len() - 1
            },
            |at| from + at,
        ))
    }

    fn shared_of(&self, place: usize) -> &Shared {
        &self.shared[self.fixed[place].shared as usize]
    }

    /// The place of a Message without what varies in it.
    fn shape(&mut self, message: &str) -> u32 {
        if let Some((last, shape)) = &self.last_shape
            && last == message
        {
            return *shape;
        }
        let shape = self.words.place_text(&message_template::normalize_message(message));
        self.last_shape = Some((message.to_owned(), shape));
        shape
    }

    fn verdict(&mut self, record: &Record) -> u32 {
        let first = record.diagnosis.as_ref().and_then(|diagnosis| diagnosis.verdicts.first());
        let cause = self.words.place_text(record.first_cause());
        let checked = is_checked(record);
        self.verdicts.place(&FirstVerdict { cause, certainty: first.map(|verdict| verdict.confidence), checked })
    }

    fn texts_of(&self, place: usize) -> (&str, &str) {
        let start = if place == 0 { 0 } else { self.fixed[place - 1].target_end as usize };
        let RowData { id_end, target_end, .. } = self.fixed[place];
        (&self.texts[start..id_end as usize], &self.texts[id_end as usize..target_end as usize])
    }

    fn get(&self, place: usize) -> Row<'_> {
        let shared = self.shared_of(place);
        let kind = *self.kinds.get(shared.kind);
        let (request_id, rest) = self.texts_of(place);
        let context = *self.contexts.get(shared.context);
        let verdict = *self.verdicts.get(shared.verdict);
        Row {
            severity: shared.severity,
            status: shared.status,
            code: self.words.text(kind.code),
            message: self.words.text(shared.message),
            request_id,
            dialect: context.dialect,
            method: self.words.text(context.method),
            profile: self.words.text(context.profile),
            region: self.words.text(context.region),
            host: self.words.text(kind.host),
            note: "",
            node: self.words.text(shared.node),
            operation: self.words.text(kind.operation),
            cause: self.words.text(verdict.cause),
            certainty: verdict.certainty,
            site: self.words.text(kind.site),
            target: RowTarget { bucket: self.words.text(context.bucket), rest },
            time_ms: self.times[place],
            latency_us: self.fixed[place].latency_us,
            tries: shared.tries,
            from_twin: context.from_twin,
        }
    }
}

/// Whether a record's request was repeated with one thing changed. A HEAD's GET twin is sent without being
/// asked for.
fn is_checked(record: &Record) -> bool {
    let mut checks = record.diagnosis.iter().flat_map(|diagnosis| &diagnosis.checks);
    checks.any(|check| check.kind != CheckKind::GetTwin)
}

fn more(widest: &mut u16, text: &str) {
    // No text is wider than it has bytes.
    if text.len() <= usize::from(*widest) {
        return;
    }
    // A column is never this wide: the rest of a long text need not be measured.
    let head = text.get(..256).unwrap_or(text);
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
