//! Records for scripts and for people without a screen: one small file a format.

pub(crate) mod changed;
mod csv;
pub mod curl;
pub mod evidence;
pub(crate) mod explain;
mod format;
mod har;
pub(crate) mod json;
pub mod look;
mod markdown;
pub(crate) mod part;
mod record_writer;
mod table;
pub mod ticket;
mod told;
pub(crate) mod verdict;

pub use format::{Format, to};
pub use record_writer::RecordWriter;
