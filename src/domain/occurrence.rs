//! One occurrence of a record. Lines of a log that are alike share one record.

use std::sync::Arc;

use jiff::Timestamp;

use super::record::{Record, RequestId};

/// An occurrence of a record.
#[derive(Clone, Debug)]
pub struct Occurrence {
    /// The record of this occurrence; if there are own values, the record of another occurrence that differs only in them.
    pub record: Arc<Record>,
    /// The values in which this occurrence differs from its record.
    pub own: Option<OwnValues>,
}

impl From<Arc<Record>> for Occurrence {
    fn from(record: Arc<Record>) -> Self {
        Self { record, own: None }
    }
}

impl Occurrence {
    /// The start of the request.
    #[must_use]
    pub fn time(&self) -> Timestamp {
        self.own.as_ref().map_or(self.record.time, |own| own.time)
    }
}

/// The values in which occurrences of one record differ.
#[derive(Clone, Debug)]
pub struct OwnValues {
    /// The start of the request.
    pub time: Timestamp,
    /// Microseconds from start to end.
    pub latency_us: u32,
    /// The request id, its node and the path, one after the other: each text of its own would be an allocation.
    texts: String,
    id_end: usize,
    node_end: usize,
}

impl OwnValues {
    /// The values of a request to this path, which begins with a slash.
    #[must_use]
    pub fn new(time: Timestamp, latency_us: u32, id: Option<&RequestId>, path: &str) -> Self {
        let (id, node) = id.map_or(("", ""), |id| (id.value.as_str(), id.node.as_deref().unwrap_or_default()));
        let texts = [id, node, path].concat();
        Self { time, latency_us, texts, id_end: id.len(), node_end: id.len() + node.len() }
    }

    /// The request id; empty if there is none.
    #[must_use]
    pub fn request_id(&self) -> &str {
        &self.texts[..self.id_end]
    }

    /// The access node that the id tells (inferred); empty if it tells none.
    #[must_use]
    pub fn node(&self) -> &str {
        &self.texts[self.id_end..self.node_end]
    }

    /// The path: a slash and the key.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.texts[self.node_end..]
    }
}
