//! cosdiag: why did a Tencent Cloud COS request fail, and what exactly do I hand to support.
//!
//! # Architecture
//!
//! ```text
//! main ─► cli ─► config ─► { ui | report }         edges
//!                  │            │   │
//!                  ▼            ▼   ▼
//!                engine ─────► store               requests, and rows
//!                  │            │
//!                  ▼            ▼
//!                sign  ──────► domain              pure
//! ```
//!
//! * [`domain`] and [`sign`] are pure: no sockets, clock, files or environment; time is an argument.
//! * [`diagnosis`] knows what codes, causes and ids mean; pure too.
//! * [`engine`] is the only place that sends HTTP. It takes a plan of probes and yields batches of
//!   records on a bounded channel. What is secret is removed there, before anything is kept.
//! * [`store`] holds the rows of the table in columns, their order as a permutation, the groups they
//!   fold into, the records behind them on disk, and the history of all runs: a failure is committed
//!   before it is shown.
//! * `ui` is the only place that names a terminal: `update(&mut Model, Message)` is pure and gives
//!   effects back as data, `view` changes nothing, one runner performs the effects.
//! * [`report`] writes records for scripts, one small file a format, and for support: the ticket and
//!   the evidence file.
//! * [`sandbox`] is the COS look-alike on loopback; nothing but [`cli`] and the tests use it.
//!
//! Data flows one way: a [`domain::probe::Probe`] becomes an [`domain::exchange::Exchange`], is
//! redacted, becomes a [`domain::record::Record`], and that is all that anybody downstream sees.
//! `tests/boundaries.rs` holds these lines; the library builds without the feature `tui`.

pub mod cli;
pub mod config;
pub mod diagnosis;
pub mod domain;
pub mod engine;
pub mod i18n;
pub mod import;
pub mod report;
pub mod sandbox;
pub mod sign;
pub mod store;
pub mod text;
#[cfg(feature = "tui")]
pub mod ui;

rust_i18n::i18n!("assets/languages");
// The macro reads its files behind cargo's back: this makes a change there a change of the crate.
const _: &str = include_str!("../assets/languages/zh.toml");
