//! What every format can do: take records, and write what is left.

use std::io;

use crate::domain::record::{Outcome, Record};

/// Writes records in one format.
pub trait RecordWriter {
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

/// One line for a failure's id: the id, or the words that there is none.
pub fn id_or_words(record: &Record) -> &str {
    match (record.copied_id(), record.outcome) {
        (Some(id), _) => id,
        (None, Outcome::Failure) => record.no_id_words(),
        (None, _) => "",
    }
}
