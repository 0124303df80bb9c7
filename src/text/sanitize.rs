//! Replaces characters that must not reach a terminal or a clipboard as they are.

use std::borrow::Cow;
use std::fmt::Write;

/// Whether a character must not reach a terminal or a clipboard as it is: controls, escapes, the marks
/// that reorder or hide what follows them, and everything that takes no ink, so that two texts which look
/// the same are the same (Unicode TR 9, TR 36 and `Default_Ignorable_Code_Point`). Spaces are visible.
#[must_use]
pub fn is_unsafe_char(c: char) -> bool {
    c.is_control()
        || matches!(c,
            // Soft hyphen, combining joiner, Arabic mark, Hangul fillers, Khmer vowels, Mongolian selectors.
            '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}' | '\u{180B}'..='\u{180F}'
            // Joiners, directions, separators, invisible operators, the empty Braille cell.
            | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{2800}' | '\u{3164}'
            // Variation selectors, byte order mark, halfwidth filler, annotations.
            | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{FFA0}' | '\u{FFF0}'..='\u{FFFC}'
            // Hieroglyph, shorthand and music controls; tags and more selectors.
            | '\u{13430}'..='\u{1345F}' | '\u{1BCA0}'..='\u{1BCA3}' | '\u{1D173}'..='\u{1D17A}' | '\u{E0000}'..='\u{E0FFF}')
}

/// One line of text with every hostile character made visible: controls as their Unicode picture
/// (`␛`, `␍`), others as `‹U+202E›`.
#[must_use]
pub fn sanitize(text: &str) -> Cow<'_, str> {
    let is_plain = text.bytes().all(|byte| matches!(byte, b' '..=b'~'));
    if is_plain || !text.contains(is_unsafe_char) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match c {
            '\u{0}'..='\u{1F}' => shown.extend(char::from_u32(0x2400 + u32::from(c))),
            '\u{7F}' => shown.push('␡'),
            c if is_unsafe_char(c) => {
                let _ = write!(shown, "‹U+{:04X}›", u32::from(c));
            }
            c => shown.push(c),
        }
    }
    Cow::Owned(shown)
}

/// As [`sanitize`], but line feeds and tabs stay, for text that is shown over several lines.
#[must_use]
pub fn sanitize_lines(text: &str) -> String {
    text.replace("\r\n", "\n")
        .split('\n')
        .map(|line| line.split('\t').map(sanitize).collect::<Vec<_>>().join("\t"))
        .collect::<Vec<_>>()
        .join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn escapes_and_marks_become_symbols() {
        assert_eq!(sanitize("a\u{1b}]52;c;eA==\u{7}b\r\n"), "a␛]52;c;eA==␇b␍␊");
        assert_eq!(sanitize("x\u{202e}y\u{200b}\u{9b}"), "x‹U+202E›y‹U+200B›‹U+009B›");
        assert_eq!(sanitize("a\u{ad}\u{fe0f}\u{3164}\u{2800}\u{e0041}"), "a‹U+00AD›‹U+FE0F›‹U+3164›‹U+2800›‹U+E0041›");
        assert!(matches!(sanitize("中文 ok\u{a0}\u{3000}é\u{301}"), Cow::Borrowed(_)));
        assert_eq!(sanitize_lines("a\r\n\tb\u{1b}"), "a\n\tb␛");
    }

    proptest! {
        #[test]
        fn nothing_hostile_is_left(text in any::<String>()) {
            prop_assert!(!sanitize(&text).contains(is_unsafe_char));
        }
    }
}
