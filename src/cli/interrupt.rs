//! Being asked to stop.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::Context;

use super::INTERRUPTED;

/// A flag for commands that do their work on this thread: raised on being asked to stop. Asked twice, the
/// program ends at once.
///
/// # Errors
/// When no thread can be had.
pub fn raised_when_stopped() -> anyhow::Result<Arc<AtomicBool>> {
    let raised = Arc::new(AtomicBool::new(false));
    let flag = Arc::clone(&raised);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build().context("the runtime")?;
    std::thread::Builder::new().name("signals".to_owned()).spawn(move || {
        runtime.block_on(async {
            stop_signal().await;
            flag.store(true, Ordering::Relaxed);
            stop_signal().await;
            std::process::exit(i32::from(INTERRUPTED));
        });
    })?;
    Ok(raised)
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
