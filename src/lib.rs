// Without the screen some items have no user left.
#![cfg_attr(
    not(feature = "tui"),
    allow(dead_code, unused_imports, unused_variables, unfulfilled_lint_expectations, reason = "the screen uses them")
)]

//! cosdiag: why did a Tencent Cloud COS request fail, and what exactly do I hand to support.
//!
//! # Architecture
//!
//! Each room and what it uses of the others; it uses only those below it (`tests/sources/architecture.rs` derives
//! these lines from the sources):
//!
//! ```text
//! cli       -> config, diagnosis, domain, engine, i18n, import, report, sandbox, sign, store, text, ui
//! ui        -> config, diagnosis, domain, engine, i18n, import, report, store, text
//! report    -> diagnosis, domain, i18n, sign, store, text
//! text      -> config, diagnosis, domain, i18n, import
//! config    -> domain, engine, i18n, store
//! engine    -> diagnosis, domain, import, sign
//! sandbox   -> domain, sign
//! import    -> domain
//! diagnosis -> domain, i18n
//! sign      -> domain
//! store     -> domain
//! domain    -> text
//! i18n      ->
//! ```
//!
//! Of `text` every room may use `sanitize` and `width`, which use nothing themselves.
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
//! redacted, becomes a [`domain::record::Record`], and that is all that the layers above see.
//! `tests/sources/boundaries.rs` holds what each room may do; the library builds without the feature `tui`.

mod assets;
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
