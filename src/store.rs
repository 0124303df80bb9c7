//! Rows in memory, their order, and the records behind them on disk. No HTTP, no terminal.

pub mod details;
pub mod groups;
pub mod order;
pub mod rows;
pub mod worker;

pub use details::Details;
pub use groups::Groups;
pub use order::{Column, Sort, View};
pub use rows::Rows;
