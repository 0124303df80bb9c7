//! Facts as a person sees them on a terminal of a given width: which columns of a table stand and
//! how wide, and how a long value is shortened. Pure, and shared by the screen and the headless tables.

pub(crate) mod cells;
pub(crate) mod checks;
pub(crate) mod client_failure;
pub(crate) mod columns;
pub(crate) mod errors;
pub mod facts;
pub mod glyphs;
pub(crate) mod import_remark;
pub mod record_remark;
pub mod remarks;
pub mod sanitize;
pub(crate) mod shorten;
pub(crate) mod tally;
pub mod verdict;
pub(crate) mod width;
