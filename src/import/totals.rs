//! How many lines of a file became what. Nothing is lost silently: the parts add up to the whole.

use std::fmt::Write;

use super::Format;

/// Line numbers kept of what was not understood.
const NUMBERS: usize = 1000;
/// How many of these stand in the line of totals.
const SHOWN: usize = 20;

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

    /// How far it was read.
    pub(crate) fn place(&self) -> String {
        format!("{} {}", self.format.unit(), self.read)
    }

    /// One line for a person.
    #[must_use]
    pub fn in_words(&self) -> String {
        let unit = self.format.unit();
        let plural = if self.read == 1 {
            ""
        } else if unit == "entry" {
            "ies"
        } else {
            "s"
        };
        let unit = if plural == "ies" { "entr" } else { unit };
        let mut words = format!("{} ({}): {} {unit}{plural}", self.file, self.format.name(), self.read);
        let failures = if self.rows == 1 { "failure" } else { "failures" };
        let _ = write!(words, ", {} {failures}", self.rows);
        if self.row_lines > self.rows {
            let _ = write!(words, " on {} lines", self.row_lines);
        }
        let _ = write!(words, ", {} where nothing failed", self.passed);
        if self.joined > 0 {
            let _ = write!(words, ", {} joined to rows of other files", self.joined);
        }
        if self.unparsed > 0 {
            let _ = write!(words, ", {} not understood: line {}", self.unparsed, self.numbers());
        }
        if let Some(line) = self.odd_line {
            let _ = write!(words, "; bytes that are not UTF-8 (first in line {line}) show as \u{FFFD}");
        }
        words
    }

    /// `3, 7-9, 12 and 5 more`.
    fn numbers(&self) -> String {
        let mut ranges: Vec<(u64, u64)> = Vec::new();
        for line in &self.unparsed_lines {
            match ranges.last_mut() {
                Some((_, end)) if *end + 1 == *line || *end == *line => *end = *line,
                _ => ranges.push((*line, *line)),
            }
        }
        let parts = ranges.iter().take(SHOWN);
        let shown: Vec<_> =
            parts.map(|(start, end)| if start == end { start.to_string() } else { format!("{start}-{end}") }).collect();
        let named: u64 = ranges.iter().take(SHOWN).map(|(start, end)| end - start + 1).sum();
        let more = self.unparsed.saturating_sub(named);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        shown.join(", ") + &more
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_ranges_and_few() {
        let mut totals = Totals::new("a.log", Format::CosLog);
        for line in [3, 7, 8, 9].into_iter().chain((20..6000).step_by(2)) {
            totals.unparsed(line);
        }
        assert!(totals.is_consistent());
        let words = totals.in_words();
        assert!(words.contains("line 3, 7-9, 20, 22") && words.ends_with("and 2972 more"), "{words}");
        assert_eq!(totals.unparsed_lines.len(), NUMBERS);
    }
}
