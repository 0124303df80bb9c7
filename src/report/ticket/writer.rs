//! The ticket's text in the making: headings, names with values, blocks. Everything that comes from a
//! record goes through here, and so becomes visible and stays on its line.

use super::strings::fill;
use crate::text::sanitize::{sanitize, sanitize_lines};

/// As much of a body as a ticket takes, in bytes.
pub const BODY_LONGEST: usize = 4096;
/// As much of one value: a URL or a message longer than this is in the evidence file.
const VALUE_LONGEST: usize = 2048;

/// Lines so far.
#[derive(Debug)]
pub struct Writer {
    text: String,
    colon: &'static str,
}

impl Writer {
    /// An empty writer. `colon` parts names from values in its language.
    #[must_use]
    pub fn new(colon: &'static str) -> Self {
        Self { text: String::new(), colon }
    }

    /// A line that stands alone.
    pub fn line(&mut self, text: &str) {
        let kept = cut(text, VALUE_LONGEST);
        self.text.push_str(&sanitize(kept));
        self.text.push_str(if kept.len() < text.len() { "…\n" } else { "\n" });
    }

    /// A blank line and a heading.
    pub fn heading(&mut self, text: &str) {
        self.text.push_str("\n## ");
        self.line(text);
    }

    /// A name and its value.
    pub fn field(&mut self, name: &str, value: &str) {
        self.text.push_str("- ");
        self.text.push_str(name);
        self.text.push_str(self.colon);
        self.line(value);
    }

    /// A name and its value, unless there is none.
    pub fn optional(&mut self, name: &str, value: Option<&str>) {
        if let Some(value) = value.filter(|value| !value.is_empty()) {
            self.field(name, value);
        }
    }

    /// A line of a list without a name.
    pub fn item(&mut self, text: &str) {
        self.text.push_str("- ");
        self.line(text);
    }

    /// Text of several lines, indented so that nothing in it looks like the ticket's own.
    pub fn block(&mut self, text: &str) {
        for line in sanitize_lines(text.trim_end()).split('\n') {
            self.text.push_str("    ");
            self.text.push_str(line);
            self.text.push('\n');
        }
    }

    /// A body, its beginning if it is long, with the words for that.
    pub fn body(&mut self, text: &str, arrived: u64, cut_words: &str) {
        let kept = cut(text, BODY_LONGEST);
        self.block(kept);
        let all = arrived.max(text.len() as u64);
        if (kept.len() as u64) < all {
            let (kept, all) = (kept.len().to_string(), all.to_string());
            self.block(&fill(cut_words, &[("kept", &kept), ("all", &all)]));
        }
    }

    /// The text so far.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }
}

/// The beginning of a text, whole characters only.
fn cut(text: &str, longest: usize) -> &str {
    let end = (0..=longest.min(text.len())).rev().find(|end| text.is_char_boundary(*end));
    &text[..end.unwrap_or(0)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_leaves_its_line_or_looks_like_a_heading() {
        let mut writer = Writer::new(": ");
        writer.field("Message", "no\n## Ids\u{1b}[2J");
        writer.block("a\n## Ids\n\u{202e}b");
        assert_eq!(writer.text(), "- Message: no␊## Ids␛[2J\n    a\n    ## Ids\n    ‹U+202E›b\n");
        let mut writer = Writer::new(": ");
        writer.body(&"访".repeat(3000), 9000, "({kept} of {all})");
        assert!(writer.text().ends_with("    (4095 of 9000)\n"), "whole characters, and it says that it is cut");
    }
}
