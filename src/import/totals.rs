//! How many lines of a file became what. Nothing is lost silently: the parts add up to the whole.

use super::Format;

/// Line numbers kept of what was not understood.
const NUMBERS: usize = 1000;

/// How many lines of a file became what; of HAR and JSON, how many entries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Totals {
    /// The file, as given.
    pub file: String,
    /// How it was read.
    pub format: Format,
    /// Everything read.
    pub read: u64,
    /// Failures.
    pub rows: u64,
    /// Lines that the failures take: an SDK's print has several.
    pub row_lines: u64,
    /// Lines in which nothing failed.
    pub passed: u64,
    /// Lines that became a part of another file's row.
    pub joined: u64,
    /// Lines that were not understood.
    pub unparsed: u64,
    /// Numbers of the first thousand of them, from 1.
    pub unparsed_lines: Vec<u64>,
    /// The first line that held bytes that are not UTF-8.
    pub odd_line: Option<u64>,
}

impl Totals {
    /// Nothing read yet.
    #[must_use]
    pub fn new(file: &str, format: Format) -> Self {
        Self {
            file: file.to_owned(),
            format,
            read: 0,
            rows: 0,
            row_lines: 0,
            passed: 0,
            joined: 0,
            unparsed: 0,
            unparsed_lines: Vec::new(),
            odd_line: None,
        }
    }

    /// Counts a line that was not understood.
    pub(crate) fn unparsed(&mut self, line: u64) {
        self.read += 1;
        self.unparsed += 1;
        if self.unparsed_lines.len() < NUMBERS {
            self.unparsed_lines.push(line);
        }
    }

    /// Notes a line whose bytes are not UTF-8.
    pub(crate) fn odd(&mut self, line: u64) {
        self.odd_line.get_or_insert(line);
    }

    /// Whether the parts are the whole.
    #[must_use]
    pub fn is_consistent(&self) -> bool {
        self.read == self.row_lines + self.passed + self.joined + self.unparsed
    }
}
