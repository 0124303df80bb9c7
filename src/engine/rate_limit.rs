//! How often requests may go out.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::{Instant, sleep_until};

/// After a stall so much may be made up for, so that the rate asked for is the one that is reached.
const SLACK: Duration = Duration::from_millis(50);

/// Gives each request its turn, evenly spaced.
#[derive(Debug)]
pub struct RateLimiter {
    interval: Duration,
    next: Mutex<Instant>,
}

impl RateLimiter {
    /// At most this number of turns per second.
    #[must_use]
    pub fn new(per_second: f64) -> Self {
        Self { interval: Duration::from_secs_f64(1.0 / per_second), next: Mutex::new(Instant::now()) }
    }

    /// Waits for the next turn.
    pub async fn acquire(&self) {
        let slot = {
            let mut next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
            let earliest = Instant::now().checked_sub(SLACK).unwrap_or(*next);
            let slot = (*next).max(earliest);
            *next = slot + self.interval;
            slot
        };
        sleep_until(slot).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn turns_are_evenly_spaced_and_a_stall_is_made_up_for_in_part() {
        let (started, limiter) = (Instant::now(), RateLimiter::new(100.0));
        for _ in 0..101 {
            limiter.acquire().await;
        }
        assert_eq!(started.elapsed(), Duration::from_secs(1));
        tokio::time::advance(Duration::from_secs(10)).await;
        let stalled = Instant::now();
        for _ in 0..106 {
            limiter.acquire().await;
        }
        assert_eq!(stalled.elapsed(), Duration::from_secs(1), "5 of 1,000 at once, the others in their time");
    }
}
