//! The only place that sends HTTP: a plan of probes goes in, batches of records come out.
//!
//! Every way a request can fail is an outcome. What is secret is removed here, at one point
//! (`redact`), before a record is made.

mod body;
mod buckets;
mod checks;
mod client;
mod connection;
mod direct;
mod error;
mod exception;
pub(crate) mod ingest;
mod plan;
mod rate_limit;
pub mod redact;
mod runner;
mod send;
mod timing;
mod tls;
mod tunnel;

pub(crate) use buckets::buckets;
pub use client::Client;
pub use error::ClientError;
pub use plan::{Plan, PlanFacts};
pub use runner::{Options, check, run};
pub(crate) use send::is_blocked_by_proxy;
pub(crate) use tls::certificates;
