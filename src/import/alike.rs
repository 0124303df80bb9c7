//! Entries of an access log that are alike: they differ only in values that no diagnosis depends on. Such an entry needs
//! no record of its own until its row is opened.

use std::collections::HashMap;
use std::sync::Arc;

use super::access::{self, AccessLogEntry};
use crate::domain::exchange::Timing;
use crate::domain::occurrence::{Occurrence, OwnValues};
use crate::domain::record::{Record, RequestId};
use crate::domain::source::IdSource;

/// Records that are kept at once.
const KEPT: usize = 512;
/// Entries of a longer kind are not shared: their records would take much memory, in bytes.
const LONGEST_KIND: usize = 2048;
/// Longer paths may be what a failure is about, in bytes.
const LONGEST_PATH: usize = 512;

/// The first record of each kind of entry.
#[derive(Default)]
pub struct Alike {
    records: HashMap<Kind, Arc<Record>>,
    /// Memory for the kind of the next entry.
    kind: Kind,
}

/// What entries that are alike have in common.
pub type Kind = Vec<u8>;

/// What is known of an entry.
pub enum Likeness {
    /// It shares the record of an earlier one.
    Shared(Occurrence),
    /// It is the first of its kind.
    First(Kind),
    /// It needs a record of its own, which others do not share.
    Unlike,
}

impl Alike {
    /// Looks for the record that an entry shares. `clean` removes secrets from a text: an entry whose own values hold
    /// any is not shared.
    pub fn likeness(&mut self, seen: &AccessLogEntry<'_>, clean: &dyn Fn(&str) -> String) -> Likeness {
        if !names_plain_key(seen) {
            return Likeness::Unlike;
        }
        let id = seen.request_id.as_deref().map(|id| RequestId::read(id.to_owned(), IdSource::Log));
        self.set_kind(seen, id.as_ref());
        if self.kind.len() > LONGEST_KIND {
            return Likeness::Unlike;
        }
        let Some(record) = self.records.get(&self.kind) else {
            return Likeness::First(std::mem::take(&mut self.kind));
        };
        let mut texts = access::url(seen);
        texts.push('\n');
        texts.push_str(seen.request_id.as_deref().unwrap_or_default());
        if clean(&texts) != texts {
            return Likeness::Unlike;
        }
        let timing = Timing { total_ms: seen.total_ms.unwrap_or_default(), ..Timing::default() };
        let own = OwnValues::new(seen.time, timing.total_us(), id.as_ref(), &seen.path);
        Likeness::Shared(Occurrence { record: Arc::clone(record), own: Some(own) })
    }

    /// Keeps the record of the first entry of a kind.
    pub fn keep(&mut self, kind: Kind, record: &Arc<Record>) {
        if self.records.len() >= KEPT {
            self.records.clear();
        }
        self.records.insert(kind, Arc::clone(record));
    }

    /// Everything of an entry that a row shows or a diagnosis depends on, but its time, its path, the value of its id and
    /// how long it took.
    fn set_kind(&mut self, seen: &AccessLogEntry<'_>, id: Option<&RequestId>) {
        self.kind.clear();
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
    // A slash would part the target elsewhere.
    !bucket.contains('/')
        && host.strip_prefix(bucket).is_some_and(|rest| rest.starts_with('.'))
        && (2..=LONGEST_PATH).contains(&path.len())
        && path[0] == b'/'
        && path.iter().all(is_plain)
        && !path.ends_with(b"/")
        && !path.windows(2).any(|two| matches!(two, b"//" | b"/."))
}
