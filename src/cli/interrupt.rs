//! Being asked to stop.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use anyhow::Context;

use super::status::INTERRUPTED;

/// How long a command may take to heed it, before it is taken to wait for input that does not come.
const PATIENCE: Duration = Duration::from_secs(1);

/// Whether a command that does its work on its own thread was asked to stop, and knows it.
#[derive(Debug, Default)]
pub struct Stop {
    asked: AtomicBool,
    heeded: AtomicBool,
}

impl Stop {
    /// Listens from now on. Asked twice, or once while the command waits for input, the program ends.
    ///
    /// # Errors
    /// When no thread can be had.
    pub fn listen() -> anyhow::Result<Arc<Self>> {
        let stop = Arc::new(Self::default());
        let here = Arc::clone(&stop);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().context("the runtime")?;
        std::thread::Builder::new().name("signals".to_owned()).spawn(move || {
            runtime.block_on(async {
                stop_signal().await;
                here.asked.store(true, Ordering::Relaxed);
                let again = tokio::time::timeout(PATIENCE, stop_signal()).await;
                if again.is_err() && here.heeded.load(Ordering::Relaxed) {
                    stop_signal().await;
                }
                std::process::exit(i32::from(INTERRUPTED));
            });
        })?;
        Ok(stop)
    }

    /// Whether it was; from now on it is known.
    pub fn is_asked(&self) -> bool {
        let asked = self.asked.load(Ordering::Relaxed);
        if asked {
            self.heeded.store(true, Ordering::Relaxed);
        }
        asked
    }
}

/// Waits for Ctrl-C or, where there are such, SIGTERM and SIGHUP.
pub async fn stop_signal() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let (Ok(mut terminate), Ok(mut hangup)) = (signal(SignalKind::terminate()), signal(SignalKind::hangup())) {
            tokio::select! {
                _ = tokio::signal::ctrl_c() => {}
                _ = terminate.recv() => {}
                _ = hangup.recv() => {}
            }
            return;
        }
    }
    let _ = tokio::signal::ctrl_c().await;
}
