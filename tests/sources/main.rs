//! What holds of the sources themselves: who uses whom, what each room may do, and both languages complete.

mod architecture;
mod boundaries;
#[path = "../support/imports.rs"]
mod imports;
mod languages;
#[path = "../support/sources.rs"]
mod sources;
