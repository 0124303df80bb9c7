//! A Markdown table, for a ticket or a chat.

use std::io::{self, Write};

use super::record_writer::{RecordWriter, id_or_words};
use crate::domain::record::Record;
use crate::i18n::Language;
use crate::text::cells;
use crate::text::sanitize::sanitize;

/// A table, written when all records are there.
pub struct Markdown<W> {
    out: W,
    language: Language,
    rows: Vec<(u32, String)>,
}

impl<W: Write> Markdown<W> {
    /// A table to `out`, its sentences in a language.
    pub fn new(out: W, language: Language) -> Self {
        Self { out, language, rows: Vec::new() }
    }
}

impl<W: Write> RecordWriter for Markdown<W> {
    fn record(&mut self, record: &Record) -> io::Result<()> {
        let status = record.status_code.map_or_else(|| "—".to_owned(), |status| status.to_string());
        let cells = [
            status.as_str(),
            record.shown_code(),
            &cells::message(record, self.language),
            id_or_words(record),
            &record.time.to_string(),
            &record.operation,
            &record.target(),
        ]
        .map(escaped);
        self.rows.push((record.id, format!("| {} |", cells.join(" | "))));
        Ok(())
    }

    fn finish(&mut self) -> io::Result<()> {
        self.rows.sort_by_key(|(id, _)| *id);
        writeln!(self.out, "| Status | Code | Message | RequestId | Time | Operation | Target |")?;
        writeln!(self.out, "| --- | --- | --- | --- | --- | --- | --- |")?;
        for (_, row) in &self.rows {
            writeln!(self.out, "{row}")?;
        }
        self.out.flush()
    }
}

/// Text that cannot leave its cell or become markup.
fn escaped(text: &str) -> String {
    let mut cell = String::with_capacity(text.len() + 8);
    for c in sanitize(text).chars() {
        if matches!(c, '|' | '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '#' | '!' | '~' | '&') {
            cell.push('\\');
        }
        cell.push(c);
    }
    cell
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_cannot_be_left() {
        assert_eq!(escaped("a|b\n<script>[x](y)"), r"a\|b␊\<script\>\[x\](y)");
    }
}
