//! The end of the program where its loop does not come to one.

use std::time::Duration;

use tokio_util::sync::CancellationToken;

use super::signals::{INTERRUPTED, Signals, Told};
#[cfg(unix)]
use super::terminal;

/// How long the loop may take to leave before what it waits for is taken away, and how long after that
/// before the program ends without it.
const PATIENCE: Duration = Duration::from_millis(60);

/// Ends the program where its loop does not, though a signal asked for it or the terminal is gone: it
/// may be inside a write to a terminal that reads nothing, or wait for a slow disk.
pub async fn insist(mut signals: Signals, gone: CancellationToken) {
    loop {
        tokio::select! {
            told = signals.next() => if matches!(told, Told::End) { break },
            () = gone.cancelled() => break,
        }
    }
    tokio::time::sleep(PATIENCE).await;
    #[cfg(unix)]
    {
        terminal::drop_unread();
        tokio::time::sleep(PATIENCE).await;
        terminal::abandon();
    }
    std::process::exit(i32::from(INTERRUPTED));
}
