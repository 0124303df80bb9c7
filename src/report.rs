//! Records for scripts and for people without a screen: one small file a format.

pub mod changed;
mod csv;
pub mod curl;
pub mod evidence;
pub mod explain;
mod format;
mod har;
pub mod json;
pub mod look;
mod markdown;
pub mod part;
mod record_writer;
mod table;
pub mod ticket;
mod told;
pub mod verdict;

pub use format::{Format, to};
pub use record_writer::RecordWriter;
