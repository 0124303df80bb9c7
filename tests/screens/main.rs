//! Pictures of the screen as text, at the sizes that matter, from records that never change.
#![cfg(feature = "tui")]
#![allow(clippy::useless_vec, reason = "a screen is too large for the stack by the dozen")]

#[path = "../support/canned.rs"]
mod canned;
mod checks;
mod copy;
mod detail;
mod every_key;
mod filter;
mod modes;
mod mouse;
mod past;
mod popups;
mod prompt;
mod running;
mod screen;
mod sizes;
