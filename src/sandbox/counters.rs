//! What the sandbox counts: requests, IDs, and the turns of flaky buckets.

use std::collections::HashSet;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use http::Method;
use jiff::Timestamp;

use super::request::IncomingRequest;
use crate::domain::request_id;

/// The access node and the worker that the request IDs name.
const NODE: u32 = 0x1eb5_0309;
const WORKER: u32 = 0x1a42;

#[derive(Debug, Default)]
pub(super) struct Counters {
    served: AtomicU64,
    changes: AtomicU64,
    serial: AtomicU32,
    failed_once: Mutex<HashSet<String>>,
}

impl Counters {
    /// Counts a request.
    pub(super) fn count(&self, method: &Method) {
        self.served.fetch_add(1, Ordering::Relaxed);
        if !matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS) {
            self.changes.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// The number of requests that could change something.
    pub(super) fn changes(&self) -> u64 {
        self.changes.load(Ordering::Relaxed)
    }

    /// The number of all requests.
    pub(super) fn served(&self) -> u64 {
        self.served.load(Ordering::Relaxed)
    }

    /// The next request ID. Its serial grows, as a worker's does.
    pub(super) fn request_id(&self, now: Timestamp) -> String {
        const FIRST: u32 = 0x00c4_7b00;
        let serial = self.serial.fetch_add(1, Ordering::Relaxed);
        request_id::encode(now.as_second(), NODE, WORKER, FIRST.wrapping_add(serial))
    }

    /// Whether a flaky bucket fails now: true for the first of every two equal requests.
    pub(super) fn fails_this_time(&self, request: &IncomingRequest) -> bool {
        const REMEMBERED: usize = 1000;
        let query: Vec<&str> = request.query.iter().map(|(name, _)| name.as_str()).collect();
        let kind = format!("{} {} {}", request.method, request.path, query.join("&"));
        let mut failed = self.failed_once.lock().unwrap_or_else(PoisonError::into_inner);
        if failed.remove(&kind) {
            return false;
        }
        if failed.len() >= REMEMBERED {
            failed.clear();
        }
        failed.insert(kind)
    }
}
