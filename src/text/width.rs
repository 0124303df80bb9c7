//! Cuts text to a number of terminal columns.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Text of at most `width` columns of a terminal, its end left out.
#[must_use]
pub fn truncate_end(text: &str, width: usize) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    let mut cut = prefix_of_width(text, width.saturating_sub(1));
    if width > 0 {
        cut.push('…');
    }
    cut
}

/// The beginning of a text, as much as fits into `width` columns. CJK characters take two.
#[must_use]
pub fn prefix_of_width(text: &str, width: usize) -> String {
    let mut used = 0;
    text.chars()
        .take_while(|c| {
            used += c.width().unwrap_or(0);
            used <= width
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wide_characters_count_double() {
        for (width, wanted) in [(10, "访问被拒绝"), (9, "访问被拒…"), (8, "访问被…"), (0, "")] {
            assert_eq!(truncate_end("访问被拒绝", width), wanted);
        }
    }
}
