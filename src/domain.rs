//! What the program is about, as plain values: targets, operations, probes, exchanges and the
//! failure record they end in.
//!
//! Pure: nothing here knows a socket, a clock, a file, the environment or a screen. Time comes in
//! as an argument. `tests/sources/boundaries.rs` holds this.

pub(crate) mod bucket_list;
pub mod cause;
pub mod check;
pub mod classify;
pub mod client_failure;
pub mod column;
pub(crate) mod column_wishes;
pub(crate) mod compare;
pub mod credentials;
pub mod dialect;
pub(crate) mod document_name;
pub mod endpoint;
pub mod error_document;
pub(crate) mod evidence_error;
pub mod exchange;
pub mod fact;
pub(crate) mod failure_key;
pub(crate) mod fit;
pub mod history_error;
pub mod log_line;
pub(crate) mod message_template;
pub mod occurrence;
pub mod operation;
pub mod percent;
pub mod plan;
pub mod probe;
pub mod profile;
pub(crate) mod query;
pub(crate) mod read_failure;
pub mod record;
pub mod record_remark;
pub(crate) mod redacted;
pub mod regions;
pub mod request_id;
pub(crate) mod row;
pub(crate) mod row_target;
pub(crate) mod severity;
pub(crate) mod shell;
pub mod signed_element;
pub(crate) mod site;
pub mod source;
pub(crate) mod suggest;
pub(crate) mod tally;
pub mod target;
pub(crate) mod target_arg;
pub(crate) mod trace_id;
pub(crate) mod tunnel_status;
pub(crate) mod validate;
pub mod verdict;
pub(crate) mod vocabulary;
pub(crate) mod watch;
