//! What the program is about, as plain values: targets, operations, probes, exchanges and the
//! failure record they end in.
//!
//! Pure: nothing here knows a socket, a clock, a file, the environment or a screen. Time comes in
//! as an argument. `tests/boundaries.rs` holds this.

pub mod bucket_list;
pub mod cause;
pub mod check;
pub mod classify;
pub mod column;
pub mod column_wishes;
pub mod compare;
pub mod credentials;
pub mod dialect;
pub mod endpoint;
pub mod error_document;
pub mod exchange;
pub mod fact;
pub mod failure_key;
pub mod fit;
pub mod message_template;
pub mod operation;
pub mod percent;
pub mod plan;
pub mod probe;
pub mod profile;
pub mod query;
pub mod record;
pub mod redacted;
pub mod regions;
pub mod request_id;
pub mod row;
pub mod severity;
pub mod shell;
pub mod signed_element;
pub mod source;
pub mod suggest;
pub mod tally;
pub mod target;
pub mod target_arg;
pub mod trace_id;
pub mod validate;
pub mod verdict;
