//! Records for scripts and for people without a screen: one small file a format.

pub mod changed;
mod csv;
pub mod curl;
pub mod evidence;
pub mod explain;
mod har;
pub mod json;
pub mod look;
mod markdown;
pub mod part;
mod table;
pub mod ticket;
mod told;
pub mod verdict;

use std::io::{self, Write};

use crate::domain::record::{Outcome, Record};
use look::Look;

/// An output format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Aligned columns, for reading.
    Table,
    /// One JSON array.
    Json,
    /// One JSON object a line, as the answers come.
    Ndjson,
    /// Comma-separated values with a header line.
    Csv,
    /// A Markdown table, for a ticket or a chat.
    Markdown,
    /// An HTTP archive, version 1.2.
    Har,
}

/// Writes records in one format.
pub trait Report {
    /// Takes a record; streaming formats write it at once.
    ///
    /// # Errors
    /// When the output cannot be written.
    fn record(&mut self, record: &Record) -> io::Result<()>;

    /// Writes what is left.
    ///
    /// # Errors
    /// When the output cannot be written.
    fn finish(&mut self) -> io::Result<()>;
}

/// A report of this format to `out`; a table is made to `look`.
pub fn to<'a>(format: Format, out: impl Write + 'a, look: &Look) -> Box<dyn Report + 'a> {
    match format {
        Format::Table => Box::new(table::Table::new(out, look.clone())),
        Format::Json => Box::new(json::Array::new(out, look.language)),
        Format::Ndjson => Box::new(json::Lines::new(out, look.language)),
        Format::Csv => Box::new(csv::Csv::new(out)),
        Format::Markdown => Box::new(markdown::Markdown::new(out)),
        Format::Har => Box::new(har::Har::new(out)),
    }
}

/// One line for a failure's id: the id, or the words that there is none.
fn id_or_words(record: &Record) -> &str {
    match (record.copied_id(), record.outcome) {
        (Some(id), _) => id,
        (None, Outcome::Failure) => record.no_id_words(),
        (None, _) => "",
    }
}
