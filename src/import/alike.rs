//! Failures of an access log that are alike: their lines differ only in values that no diagnosis depends on. Such a
//! failure needs no record of its own until its row is opened.

use std::collections::HashMap;
use std::sync::Arc;

use super::access::AccessLogEntry;
use crate::domain::exchange::Timing;
use crate::domain::occurrence::{Occurrence, OwnValues};
use crate::domain::record::{Record, RequestId};
use crate::domain::source::IdSource;

/// Records that are kept. A log with more kinds of failures costs time, not memory.
const KEPT: usize = 1024;
/// Longer paths may be what a failure is about, in bytes.
const LONGEST_PATH: usize = 512;

/// The first record of each kind of failure.
#[derive(Default)]
pub struct Alike {
    records: HashMap<Vec<u8>, Arc<Record>>,
    /// The kind of the last entry; empty if it has none.
    kind: Vec<u8>,
}

impl Alike {
    /// Finds the record that an entry shares. `clean` removes secrets from a text: own values that hold any are not
    /// shared.
    pub fn occurrence(&mut self, seen: &AccessLogEntry<'_>, clean: &dyn Fn(&str) -> String) -> Option<Occurrence> {
        self.kind.clear();
        let host = seen.host.as_deref().filter(|_| names_plain_key(seen))?;
        let id = seen.request_id.as_deref().map(|id| RequestId::read(id.to_owned(), IdSource::Log));
        self.set_kind(seen, id.as_ref());
        let record = self.records.get(&self.kind)?;
        let own = ["https://", host, &seen.path, "\n", seen.request_id.as_deref().unwrap_or_default()].concat();
        let is_clean = clean(&own) == own;
        let timing = Timing { total_ms: seen.total_ms.unwrap_or_default(), ..Timing::default() };
        let own = || OwnValues::new(seen.time, timing.total_us(), id.as_ref(), &seen.path);
        is_clean.then(|| Occurrence { record: Arc::clone(record), own: Some(own()) })
    }

    /// Keeps the record of the entry that was last looked for.
    pub fn keep(&mut self, record: &Arc<Record>) {
        if self.kind.is_empty() {
            return;
        }
        if self.records.len() >= KEPT {
            self.records.clear();
        }
        self.records.insert(std::mem::take(&mut self.kind), Arc::clone(record));
    }

    /// Everything of an entry but its time, its path, the value of its id and how long it took.
    fn set_kind(&mut self, seen: &AccessLogEntry<'_>, id: Option<&RequestId>) {
        let AccessLogEntry { bucket, region, host, user_agent, referer, code, message, .. } = seen;
        let texts = [bucket, region, host, user_agent, referer, code, message].map(Option::as_deref);
        for text in texts.into_iter().chain([Some(seen.event.as_str()), Some(seen.method.as_str())]) {
            // The length parts the texts; that of no text is none.
            self.kind.extend_from_slice(&text.map_or(usize::MAX, str::len).to_ne_bytes());
            self.kind.extend_from_slice(text.unwrap_or_default().as_bytes());
        }
        self.kind.extend_from_slice(&seen.status.unwrap_or_default().to_ne_bytes());
        let [is_read, is_masked] = [id.is_some_and(|id| id.time.is_some()), id.is_some_and(|id| id.masked)];
        let flags = [seen.signed, id.is_some(), is_read, is_masked, seen.host_id.is_some()];
        self.kind.extend_from_slice(&flags.map(u8::from));
    }
}

/// Whether the path is a key of the bucket in the host, in characters that always mean themselves. Other paths may be
/// what a failure is about: a query, an escape, an empty segment, a bucket that is named twice.
fn names_plain_key(seen: &AccessLogEntry<'_>) -> bool {
    let (Some(bucket), Some(host)) = (seen.bucket.as_deref(), seen.host.as_deref()) else { return false };
    let path = seen.path.as_bytes();
    let is_plain = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'-' | b'_' | b'.');
    host.strip_prefix(bucket).is_some_and(|rest| rest.starts_with('.'))
        && (2..=LONGEST_PATH).contains(&path.len())
        && path[0] == b'/'
        && path.iter().all(is_plain)
        && !path.ends_with(b"/")
        && !path.windows(2).any(|two| matches!(two, b"//" | b"/."))
}
