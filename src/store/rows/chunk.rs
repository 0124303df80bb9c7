//! A chunk of the table's rows: what a row has of its own in columns, and what rows share once.

use std::collections::VecDeque;
use std::sync::Arc;

use jiff::Timestamp;
use unicode_width::UnicodeWidthStr;

use crate::domain::check::CheckKind;
use crate::domain::dialect::Dialect;
use crate::domain::failure_key::FailureKey;
use crate::domain::occurrence::OwnValues;
use crate::domain::record::{CodeFrom, Record};
use crate::domain::row::{Row, tries};
use crate::domain::row_target::RowTarget;
use crate::domain::severity::Severity;
use crate::domain::verdict::Confidence;
use crate::domain::{message_template, target, trace_id};
use crate::store::interner::{Interner, index};

/// Among this number of the last it is looked for what a row shares; longer ago it is kept once more.
const RECENT: usize = 32;
/// Shared records that are looked for among the last.
const SHARING: usize = 16;

/// Rows that arrived one after the other.
#[derive(Clone, Debug, Default)]
pub struct Chunk {
    /// Unix milliseconds. Inside [`RowData`] they would cost four bytes of padding a row.
    pub times: Vec<i64>,
    pub fixed: Vec<RowData>,
    /// Ids, and targets without their buckets, one after the other.
    texts: String,
    pub shared: Vec<Shared>,
    pub words: Interner<Arc<str>>,
    pub kinds: Interner<FailureKey<u32>>,
    contexts: Interner<Context>,
    pub verdicts: Interner<FirstVerdict>,
    /// The last Message, in English, and its shape's place.
    last_shape: Option<(String, u32)>,
    /// The last records that rows shared, and what the rows share with them.
    sharing: VecDeque<(Arc<Record>, Shared)>,
}

/// What a row shares with others: the places of its words, and what is as small.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shared {
    pub kind: u32,
    pub message: u32,
    pub node: u32,
    pub verdict: u32,
    pub context: u32,
    pub status: u16,
    pub severity: Severity,
    pub tries: u8,
}

/// How a request was sent, as places of words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Context {
    pub method: u32,
    pub profile: u32,
    pub region: u32,
    pub dialect: Dialect,
    pub from_twin: bool,
    /// The first part of its target.
    pub bucket: u32,
}

/// The first verdict: the place of its cause, how certain it is, and whether checks led to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct FirstVerdict {
    pub cause: u32,
    pub certainty: Option<Confidence>,
    pub checked: bool,
}

#[derive(Clone, Copy, Debug)]
pub struct RowData {
    pub latency_us: u32,
    pub shared: u32,
    pub probe: u32,
    pub id_end: u32,
    pub target_end: u32,
}

impl Chunk {
    pub fn push(&mut self, record: &Record, message: &str, target: RowTarget<'_>, probe: u32) {
        let shared = self.shared(record, message, target.bucket);
        let id = record.copied_id().unwrap_or_default();
        self.push_own(shared, record.time, record.timing.total_us(), (id, target.rest), probe);
    }

    /// Appends the row of a failure with the record of an earlier row. Returns the width of its bucket.
    pub fn push_alike(&mut self, record: &Arc<Record>, own: &OwnValues, message: &str) -> usize {
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
    pub fn seal(&mut self) {
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
    pub fn place(&mut self, shared: Shared) -> u32 {
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

    pub fn shared_of(&self, place: usize) -> &Shared {
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

    pub fn verdict(&mut self, record: &Record) -> u32 {
        let first = record.diagnosis.as_ref().and_then(|diagnosis| diagnosis.verdicts.first());
        let cause = self.words.place_text(record.first_cause());
        let checked = is_checked(record);
        self.verdicts.place(&FirstVerdict { cause, certainty: first.map(|verdict| verdict.confidence), checked })
    }

    pub fn texts_of(&self, place: usize) -> (&str, &str) {
        let start = if place == 0 { 0 } else { self.fixed[place - 1].target_end as usize };
        let RowData { id_end, target_end, .. } = self.fixed[place];
        (&self.texts[start..id_end as usize], &self.texts[id_end as usize..target_end as usize])
    }

    pub fn get(&self, place: usize) -> Row<'_> {
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
