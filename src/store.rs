//! Rows in memory, their order, the records behind them on disk, the history of all runs, and failures
//! out of other programs' logs. No HTTP, no terminal.

pub mod details;
mod differ;
mod group_key;
pub mod groups;
pub mod history;
pub mod order;
pub mod rows;
pub mod worker;

pub use details::Details;
pub use differ::Differ;
pub use group_key::{By, Key};
pub use groups::Groups;
pub use history::{History, Recorder};
pub use order::{Sort, View};
pub use rows::Rows;
