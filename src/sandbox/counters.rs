//! What changes while the sandbox runs.

use std::collections::HashSet;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use http::{Extensions, Method};
use jiff::Timestamp;

use super::multipart::Uploads;
use super::objects::Objects;
use super::request::IncomingRequest;
use crate::domain::request_id;

/// The access node and the worker that the request ids name.
const NODE: u32 = 0x1eb5_0309;
const WORKER: u32 = 0x1a42;

/// Everything that requests share.
#[derive(Debug, Default)]
pub struct State {
    /// The objects.
    pub objects: Objects,
    /// The multipart uploads under way.
    pub uploads: Uploads,
    served: AtomicU64,
    changes: AtomicU64,
    serial: AtomicU32,
    failed_once: Mutex<HashSet<String>>,
    spelling: Extensions,
}

impl State {
    /// The state of a sandbox that nobody has used yet, with the spelling of its header names.
    pub fn new(spelling: Extensions) -> Self {
        Self { spelling, ..Self::default() }
    }

    /// What has a response's headers spelt as the store does.
    pub fn spelling(&self) -> Extensions {
        self.spelling.clone()
    }

    /// Counts a request.
    pub fn count(&self, method: &Method) {
        self.served.fetch_add(1, Ordering::Relaxed);
        if !matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS) {
            self.changes.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// How many of them could change something.
    pub fn changes(&self) -> u64 {
        self.changes.load(Ordering::Relaxed)
    }

    /// How many requests have come so far.
    pub fn served(&self) -> u64 {
        self.served.load(Ordering::Relaxed)
    }

    /// The next request id. The serial grows, as a worker's does.
    pub fn request_id(&self, now: Timestamp) -> String {
        const FIRST: u32 = 0x00c4_7b00;
        let serial = self.serial.fetch_add(1, Ordering::Relaxed);
        request_id::encode(now.as_second(), NODE, WORKER, FIRST.wrapping_add(serial))
    }

    /// Whether a flaky bucket fails now: true for the first of every two requests that are alike.
    pub fn fails_this_time(&self, request: &IncomingRequest) -> bool {
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
