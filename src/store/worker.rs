//! Orders rows off the screen's task. One request runs, the latest one waits, older ones are
//! dropped: what is typed fast is not worked off slowly.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread;

use super::group_by::By;
use super::groups::Groups;
use super::rows::Rows;
use super::table_query::TableQuery;

/// A request: the rows as they were, and how to show them.
#[derive(Debug)]
pub struct Request {
    /// Comes back with the answer, so that an old one can be told.
    pub generation: u64,
    /// The rows.
    pub rows: Rows,
    /// The view.
    pub view: TableQuery,
    /// Put the shown rows together by this too.
    pub group_by: Option<By>,
}

/// An answer.
#[derive(Debug, PartialEq, Eq)]
pub struct Ordered {
    /// The request's.
    pub generation: u64,
    /// How many rows there were.
    pub rows: u32,
    /// The shown rows in order.
    pub order: Vec<u32>,
    /// The shown rows folded, when that was asked for.
    pub groups: Option<Groups>,
}

impl Request {
    /// The answer. `None` when `cancelled` became true on the way.
    #[must_use]
    pub fn answer(self, cancelled: &AtomicBool) -> Option<Ordered> {
        let order = self.view.order(&self.rows, cancelled)?;
        let groups = match self.group_by {
            Some(by) => Some(Groups::of(&self.rows, &order, by, cancelled)?),
            None => None,
        };
        let rows = u32::try_from(self.rows.len()).unwrap_or(u32::MAX);
        Some(Ordered { generation: self.generation, rows, order, groups })
    }
}

#[derive(Default)]
struct Slot {
    next: Mutex<Option<Request>>,
    filled: Condvar,
    superseded: AtomicBool,
    closed: AtomicBool,
}

/// The thread that orders. It ends when this is dropped.
pub struct Worker {
    slot: Arc<Slot>,
}

impl Worker {
    /// Starts the thread. `answer` is called on it.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn start(answer: impl Fn(Ordered) + Send + 'static) -> std::io::Result<Self> {
        let slot = Arc::new(Slot::default());
        let own = Arc::clone(&slot);
        thread::Builder::new().name("order".to_owned()).spawn(move || {
            while let Some(request) = own.wait() {
                if let Some(ordered) = request.answer(&own.superseded) {
                    answer(ordered);
                }
            }
        })?;
        Ok(Self { slot })
    }

    /// Asks for an order; one that is still being worked on is given up.
    pub fn ask(&self, request: Request) {
        let mut next = self.slot.next.lock().unwrap_or_else(PoisonError::into_inner);
        *next = Some(request);
        // Under the lock: set later it could hit the very request that was just taken.
        self.slot.superseded.store(true, Ordering::Relaxed);
        self.slot.filled.notify_one();
    }
}

impl Slot {
    fn wait(&self) -> Option<Request> {
        let mut next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            if self.closed.load(Ordering::Relaxed) {
                return None;
            }
            if let Some(request) = next.take() {
                self.superseded.store(false, Ordering::Relaxed);
                return Some(request);
            }
            next = self.filled.wait(next).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        // The lock is held so that the thread cannot miss the call between its look and its wait.
        let _next = self.slot.next.lock().unwrap_or_else(PoisonError::into_inner);
        self.slot.closed.store(true, Ordering::Relaxed);
        self.slot.superseded.store(true, Ordering::Relaxed);
        self.slot.filled.notify_one();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::rows::tests_support::record;
    use std::sync::mpsc;

    #[test]
    fn the_latest_request_is_answered() {
        let (answers, answered) = mpsc::channel();
        let worker = Worker::start(move |ordered| answers.send(ordered).expect("a listener")).expect("a thread");
        let mut rows = Rows::default();
        for i in 0..2000 {
            rows.push(&record(403, "x", i), "");
        }
        for generation in 0..50 {
            worker.ask(Request { generation, rows: rows.clone(), view: TableQuery::default(), group_by: None });
        }
        let last = answered.iter().find(|ordered| ordered.generation == 49).expect("the last answer");
        assert_eq!(last.order.len(), 2000);
    }
}
