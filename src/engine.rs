//! The only place that sends HTTP: a plan of probes goes in, batches of records come out.
//!
//! Every way a request can fail is an outcome. What is secret is removed here, at one point
//! (`redact`), before a record is made.

mod attempt;
mod buckets;
mod checks;
pub mod client;
mod exception;
pub mod ingest;
mod pace;
pub mod phases;
pub mod redact;
pub mod runner;
mod tls;
mod verbatim;

pub use attempt::is_kept_from;
pub use buckets::{Listed, buckets};
pub use client::{Client, ClientError};
pub use runner::{Options, check, run};
