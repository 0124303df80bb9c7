//! The filter while it is typed.

use std::ops::Range;

use tui_input::Input;

/// The filter's line.
#[derive(Debug, Default)]
pub struct FilterLine {
    /// What is typed.
    pub input: Input,
    /// The filter that was in force before.
    pub before: String,
    /// The field whose value is being typed.
    pub field: Option<String>,
    /// Its values and how many rows have each, most rows first.
    pub values: Vec<(String, usize)>,
    /// No row has the word that is being typed, and it looks like a field: the rows stay as they were.
    pub held: bool,
    /// What Tab offers, one after the other.
    pub offer: Option<Offer>,
}

/// What Tab put in, and what it puts in next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    /// The characters in whose place it stands.
    pub range: Range<usize>,
    /// All that is offered.
    pub texts: Vec<String>,
    /// Which of them stands there now.
    pub place: usize,
}
