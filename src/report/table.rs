//! Aligned columns for reading. On a terminal the Message gives way first; the RequestId is never
//! cut, since it is what people came for.

use std::io::{self, Write};

use unicode_width::UnicodeWidthStr;

use super::{Report, id_or_words};
use crate::domain::record::Record;
use crate::domain::row::tries;
use crate::domain::text::{end_cut, visible};

const HEADER: [&str; 6] = ["Status", "Code", "Message", "RequestId", "Operation", "Target"];
const MESSAGE: usize = 2;
const TARGET: usize = 5;
const NARROWEST: usize = 12;
/// No honest cell is longer; what a hostile one hides is in every other format.
const LONGEST: usize = 200;

/// Columns, written when all records are there.
pub struct Table<W> {
    out: W,
    width: Option<usize>,
    rows: Vec<(u32, [String; 6])>,
}

impl<W: Write> Table<W> {
    /// Columns to `out`, no wider than `width`.
    pub fn new(out: W, width: Option<usize>) -> Self {
        Self { out, width, rows: Vec::new() }
    }
}

impl<W: Write> Report for Table<W> {
    fn record(&mut self, record: &Record) -> io::Result<()> {
        let mut status = record.status_code.map_or_else(|| "✗".to_owned(), |status| status.to_string());
        if tries(record) > 1 {
            status = format!("{status} ×{}", tries(record));
        }
        let cells = [
            status.as_str(),
            record.shown_code(),
            record.shown_message(),
            id_or_words(record),
            &record.operation,
            &record.target(),
        ];
        self.rows.push((record.id, cells.map(|cell| end_cut(&visible(cell), LONGEST))));
        Ok(())
    }

    fn finish(&mut self) -> io::Result<()> {
        if self.rows.is_empty() {
            return Ok(());
        }
        self.rows.sort_by_key(|(id, _)| *id);
        let mut widths = HEADER.map(str::len);
        for (_, cells) in &self.rows {
            for (width, cell) in widths.iter_mut().zip(cells) {
                *width = (*width).max(cell.width());
            }
        }
        if let Some(limit) = self.width {
            for column in [MESSAGE, TARGET] {
                let all: usize = widths.iter().sum::<usize>() + 2 * (widths.len() - 1);
                let over = all.saturating_sub(limit);
                widths[column] = widths[column].saturating_sub(over).max(NARROWEST.min(widths[column]));
            }
        }
        let header = HEADER.map(str::to_owned);
        for cells in std::iter::once(&header).chain(self.rows.iter().map(|(_, cells)| cells)) {
            let mut line = String::new();
            for (cell, width) in cells.iter().zip(widths) {
                let cell = end_cut(cell, width);
                line.push_str(&cell);
                line.push_str(&" ".repeat(width - cell.width() + 2));
            }
            writeln!(self.out, "{}", line.trim_end())?;
        }
        self.out.flush()
    }
}
