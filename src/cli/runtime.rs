//! What requests are sent in.

use std::future::Future;

use anyhow::Context;

/// A runtime that does not wait for tasks at its end: a look-up that the system's resolver sits on cannot be
/// cancelled, and must not hold the program.
pub struct Runtime(Option<tokio::runtime::Runtime>);

impl Runtime {
    /// Starts it.
    ///
    /// # Errors
    /// When the system gives no threads.
    pub fn new() -> anyhow::Result<Self> {
        tokio::runtime::Runtime::new().context("the runtime").map(Some).map(Self)
    }

    /// Runs a future to its end.
    ///
    /// # Errors
    /// As the future.
    pub fn block_on<T>(&self, future: impl Future<Output = anyhow::Result<T>>) -> anyhow::Result<T> {
        self.0.as_ref().context("the runtime")?.block_on(future)
    }
}

impl Drop for Runtime {
    fn drop(&mut self) {
        if let Some(runtime) = self.0.take() {
            runtime.shutdown_background();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicBool, Ordering};
    use std::sync::mpsc::channel;
    use std::time::Duration;

    use super::*;

    #[test]
    fn its_end_waits_for_no_lookup() {
        let (_open, never) = channel::<()>();
        let over = Arc::new(AtomicBool::new(false));
        let (begun, started) = channel();
        let seen = Arc::clone(&over);
        let runtime = Runtime::new().expect("a runtime");
        let lookup = move || {
            begun.send(()).expect("a listener");
            // As getaddrinfo does, it comes back at its own time.
            let _ = never.recv_timeout(Duration::from_secs(5));
            seen.store(true, Ordering::SeqCst);
        };
        let spawned = async {
            tokio::task::spawn_blocking(lookup);
            Ok(())
        };
        runtime.block_on(spawned).expect("spawned");
        started.recv().expect("it began");
        drop(runtime);
        assert!(!over.load(Ordering::SeqCst), "the end waited for the look-up");
    }
}
