//! What the program is about, as plain values: targets, operations, probes, exchanges and the
//! failure record they end in.
//!
//! Pure: nothing here knows a socket, a clock, a file, the environment or a screen. Time comes in
//! as an argument. `tests/boundaries.rs` holds this.

pub mod bucket_list;
pub mod classify;
pub mod column;
pub mod counts;
pub mod curl;
pub mod encode;
pub mod endpoint;
pub mod error_document;
pub mod error_site;
pub mod exchange;
pub mod fit;
pub mod kind;
pub mod language;
pub mod message_shape;
pub mod moment;
pub mod naming;
pub mod operation;
pub mod pasted;
pub mod plan;
pub mod probe;
pub mod profile;
pub mod query;
pub mod record;
pub mod request_id;
pub mod row;
pub mod severity;
pub mod shell;
pub mod target;
pub mod text;
pub mod verdict;
pub mod wanted;
