//! One request seen from both sides: the client's row gets what the store's access log knows.

use std::collections::HashMap;
use std::sync::Arc;

use super::access::AccessLogEntry;
use crate::domain::record::{CodeFrom, Outcome, Record};

/// Client rows that wait for the logs; more than these are listed unjoined.
pub const HELD: usize = 200_000;

/// Places of the waiting rows by their request id.
pub type Known = HashMap<String, usize>;

/// Rows that wait for the logs.
pub struct Joins {
    rows: Vec<Waiting>,
}

struct Waiting {
    record: Arc<Record>,
    touched: bool,
}

/// What a line of a log adds to a row.
#[derive(Debug)]
pub struct Hit {
    pub place: usize,
    server_ms: Option<f64>,
    total_ms: Option<f64>,
    status: Option<u16>,
    code: Option<String>,
    message: Option<String>,
    bucket: Option<String>,
    region: Option<String>,
}

impl Hit {
    pub fn new(place: usize, seen: AccessLogEntry<'_>) -> Self {
        let owned = |text: Option<std::borrow::Cow<'_, str>>| text.map(std::borrow::Cow::into_owned);
        Self {
            place,
            server_ms: seen.server_ms,
            total_ms: seen.total_ms,
            status: seen.status,
            code: owned(seen.code),
            message: owned(seen.message.map(seen.unescape)),
            bucket: owned(seen.bucket),
            region: owned(seen.region),
        }
    }
}

impl Joins {
    pub fn new(records: Vec<Arc<Record>>) -> Self {
        Self { rows: records.into_iter().map(|record| Waiting { record, touched: false }).collect() }
    }

    pub fn known(&self) -> Known {
        let ids = self.rows.iter().enumerate();
        ids.filter_map(|(place, row)| Some((row.record.copied_id()?.to_owned(), place))).collect()
    }

    /// Adds what a log's line says to the row of the same request.
    pub fn add(&mut self, hit: Hit) {
        let Some(row) = self.rows.get_mut(hit.place) else { return };
        row.touched = true;
        let record = Arc::make_mut(&mut row.record);
        record.timing.server_ms = hit.server_ms.or(record.timing.server_ms);
        if record.timing.total_ms == 0.0 {
            record.timing.total_ms = hit.total_ms.unwrap_or_default();
        }
        record.bucket = record.bucket.take().or(hit.bucket);
        record.region = record.region.take().or(hit.region);
        // A HEAD, or an SDK that prints little: the log has the Code even so.
        if record.error.code.is_none() && hit.code.is_some() {
            record.error.code = hit.code;
            record.error.message = hit.message.or(record.error.message.take());
            record.code_from = CodeFrom::Log;
        }
        record.status_code = record.status_code.or(hit.status);
        if record.outcome == Outcome::Failure {
            // What is known has changed, and with it perhaps the verdict.
            record.diagnosis = None;
        }
    }

    /// The rows, joined or not, those that changed made fit to be kept once more.
    pub fn finished(self, finish: &(dyn Fn(&mut Record) + Sync)) -> impl Iterator<Item = Arc<Record>> {
        self.rows.into_iter().map(move |Waiting { mut record, touched }| {
            if touched {
                finish(Arc::make_mut(&mut record));
            }
            record
        })
    }
}
