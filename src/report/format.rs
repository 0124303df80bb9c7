//! The output formats, and the writer of each.

use std::io::Write;

use super::look::Look;
use super::record_writer::RecordWriter;
use super::{csv, har, json, markdown, table};

/// An output format.
#[derive(Clone, Copy, Debug, PartialEq, Eq, strum::IntoStaticStr, strum::VariantArray)]
#[strum(serialize_all = "lowercase")]
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

/// A writer of this format to `out`; a table is made to `look`.
pub fn to<'a>(format: Format, out: impl Write + 'a, look: &Look) -> Box<dyn RecordWriter + 'a> {
    match format {
        Format::Table => Box::new(table::Table::new(out, look.clone())),
        Format::Json => Box::new(json::Array::new(out, look.language)),
        Format::Ndjson => Box::new(json::NdjsonWriter::new(out, look.language)),
        Format::Csv => Box::new(csv::Csv::new(out)),
        Format::Markdown => Box::new(markdown::Markdown::new(out, look.language)),
        Format::Har => Box::new(har::Har::new(out)),
    }
}
