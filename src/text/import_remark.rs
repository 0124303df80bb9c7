//! What there is to say about imported files as sentences, in both languages: the one place that puts it
//! into words.

use std::borrow::Cow;

use crate::i18n::{Language, Localize, tell};
use crate::import::{FileRemark, ImportRemark, Totals, Unit};

type Words = Cow<'static, str>;

/// Ranges of line numbers in the line of totals.
const SHOWN: usize = 20;

impl Localize for ImportRemark {
    fn localize(&self, language: Language) -> String {
        match self {
            Self::Totals(totals) => totals.localize(language),
            Self::Unreadable(error) => error.localize(language),
            Self::File { file, remark } => format!("{file}: {}", remark.localize(language)),
        }
    }
}

impl Localize for FileRemark {
    fn localize(&self, language: Language) -> String {
        let words = match self {
            Self::NotGzip => tell!(language, "has a gzip name but is not compressed; it is read as it is"),
            Self::Encoding(encoding) => tell!(language, "%{encoding}, read as such", encoding = encoding),
            Self::HarVersion(version) => {
                tell!(language, "HAR %{version}; it is read as 1.2", version = version)
            }
            Self::BrokeOff { unit, after, failure } => tell!(
                language,
                "cannot be read on after %{place}: %{reason}; what came before is kept",
                place = place(*unit, *after, language),
                reason = failure.localize(language)
            ),
            Self::Evidence { records, failures } => tell!(
                language,
                "an evidence file, whole: %{records} records, %{failures} failures",
                records = records,
                failures = failures
            ),
            Self::EvidenceUnreadable(error) => return error.localize(language),
        };
        words.into_owned()
    }
}

impl Localize for Totals {
    fn localize(&self, language: Language) -> String {
        let mut parts = vec![units(self.read, self.format.unit(), language), failures(self, language)];
        parts.push(tell!(language, "%{n} where nothing failed", n = self.passed));
        if self.joined > 0 {
            parts.push(tell!(language, "%{n} joined to rows of other files", n = self.joined));
        }
        if self.unparsed > 0 {
            let lines = numbers(self, language);
            parts.push(tell!(language, "%{n} not understood: line %{lines}", n = self.unparsed, lines = lines));
        }
        let mut words = format!("{} ({}): {}", self.file, self.format.name(), parts.join(&tell!(language, ", ")));
        if let Some(line) = self.odd_line {
            words += &tell!(language, "; bytes that are not UTF-8 (first in line %{line}) show as �", line = line);
        }
        words
    }
}

/// Returns `3 lines`, or as many entries or records.
#[must_use]
pub fn units(many: u64, unit: Unit, language: Language) -> Words {
    match (unit, many) {
        (Unit::Entry, 1) => tell!(language, "1 entry"),
        (Unit::Entry, n) => tell!(language, "%{n} entries", n = n),
        (Unit::Record, 1) => tell!(language, "1 record"),
        (Unit::Record, n) => tell!(language, "%{n} records", n = n),
        (Unit::Line, 1) => tell!(language, "1 line"),
        (Unit::Line, n) => tell!(language, "%{n} lines", n = n),
    }
}

fn place(unit: Unit, number: u64, language: Language) -> Words {
    match unit {
        Unit::Entry => tell!(language, "entry %{n}", n = number),
        Unit::Record => tell!(language, "record %{n}", n = number),
        Unit::Line => tell!(language, "line %{n}", n = number),
    }
}

fn failures(totals: &Totals, language: Language) -> Words {
    match (totals.rows, totals.row_lines) {
        (1, lines) if lines > 1 => tell!(language, "1 failure on %{lines} lines", lines = lines),
        (n, lines) if lines > n => tell!(language, "%{n} failures on %{lines} lines", n = n, lines = lines),
        (1, _) => tell!(language, "1 failure"),
        (n, _) => tell!(language, "%{n} failures", n = n),
    }
}

/// `3, 7-9, 12 and 5 more`.
fn numbers(totals: &Totals, language: Language) -> Words {
    let mut ranges: Vec<(u64, u64)> = Vec::new();
    for line in &totals.unparsed_lines {
        match ranges.last_mut() {
            Some((_, end)) if *end + 1 == *line || *end == *line => *end = *line,
            _ => ranges.push((*line, *line)),
        }
    }
    ranges.truncate(SHOWN);
    let shown =
        ranges.iter().map(|(start, end)| if start == end { start.to_string() } else { format!("{start}-{end}") });
    let lines = shown.collect::<Vec<_>>().join(&tell!(language, ", "));
    let named: u64 = ranges.iter().map(|(start, end)| end - start + 1).sum();
    match totals.unparsed.saturating_sub(named) {
        0 => Cow::Owned(lines),
        more => tell!(language, "%{lines} and %{n} more", lines = lines, n = more),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::Format;

    fn totals(lines: impl Iterator<Item = u64>) -> Totals {
        let mut totals = Totals::new("a.log", Format::CosLog);
        lines.for_each(|line| totals.unparsed(line));
        totals
    }

    #[test]
    fn numbers_are_ranges_and_few() {
        let totals = totals([3, 7, 8, 9].into_iter().chain((20..6000).step_by(2)));
        assert!(totals.is_consistent());
        let words = totals.localize(Language::En);
        assert!(words.contains("line 3, 7-9, 20, 22") && words.ends_with("and 2972 more"), "{words}");
        assert_eq!(totals.unparsed_lines.len(), 1000);
    }

    #[test]
    fn every_part_is_told_in_both_languages() {
        let totals = Totals { rows: 2, row_lines: 5, joined: 1, passed: 4, read: 12, ..totals([3, 4].into_iter()) };
        let totals = Totals { odd_line: Some(9), ..totals };
        assert_eq!(
            totals.localize(Language::En),
            "a.log (cos-log): 12 lines, 2 failures on 5 lines, 4 where nothing failed, 1 joined to rows of other \
             files, 2 not understood: line 3-4; bytes that are not UTF-8 (first in line 9) show as \u{FFFD}"
        );
        assert_eq!(
            totals.localize(Language::Zh),
            "a.log (cos-log): 12 行，2 条失败（占 5 行），4 条没有失败，1 条并入其他文件的记录，2 行无法识别：第 3-4 行\
             ；非 UTF-8 的字节（首次出现在第 9 行）显示为 \u{FFFD}"
        );
        let one = Totals { read: 1, rows: 1, row_lines: 1, ..Totals::new("a", Format::Har) };
        assert_eq!(one.localize(Language::En), "a (har): 1 entry, 1 failure, 0 where nothing failed");
        let many = Totals { read: 2, rows: 1, row_lines: 2, ..Totals::new("a", Format::Text) };
        assert_eq!(many.localize(Language::En), "a (text): 2 lines, 1 failure on 2 lines, 0 where nothing failed");
    }
}
