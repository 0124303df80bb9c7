//! Rows in memory, their order, the records behind them on disk, the history of all runs, and failures
//! out of other programs' logs. No HTTP, no terminal.

pub mod details;
mod differ;
mod group_by;
mod group_key;
pub(crate) mod groups;
pub mod history;
mod interner;
pub(crate) mod rows;
pub mod table_query;
pub(crate) mod worker;

pub use details::Details;
pub use differ::Differ;
pub use group_by::By;
pub use group_key::Key;
pub use groups::Groups;
pub use history::{History, Recorder};
pub use rows::Rows;
pub use table_query::{Sort, TableQuery};
