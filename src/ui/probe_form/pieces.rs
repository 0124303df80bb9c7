//! The words of a field, with their places: blanks part them, quotes hold one together.

use std::ops::Range;

/// A word of a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// Its characters in the field, quotes included.
    pub place: Range<usize>,
    /// The word without its quotes.
    pub text: String,
}

/// The words of a text.
#[must_use]
pub fn pieces(text: &str) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    let (mut open, mut quote) = (false, None);
    for (at, c) in text.chars().enumerate() {
        if quote.is_none() && c.is_whitespace() {
            open = false;
            continue;
        }
        if !open {
            open = true;
            pieces.push(Piece { place: at..at, text: String::new() });
            // Only the first sign of a word is a quote: keys may hold them too.
            quote = Some(c).filter(|c| matches!(c, '"' | '\''));
        }
        let Some(piece) = pieces.last_mut() else { continue };
        let begins = piece.place.start == at;
        piece.place.end = at + 1;
        match quote {
            Some(_) if begins => {}
            Some(sign) if sign == c => (quote, open) = (None, false),
            _ => piece.text.push(c),
        }
    }
    pieces
}

/// The word that the cursor is in or behind.
#[must_use]
pub fn at(text: &str, cursor: usize) -> Option<Piece> {
    pieces(text).into_iter().find(|piece| (piece.place.start..=piece.place.end).contains(&cursor))
}

/// A word as it must be written to stay one.
#[must_use]
pub fn quoted(text: &str) -> String {
    if !text.contains(char::is_whitespace) && !text.starts_with(['"', '\'']) {
        return text.to_owned();
    }
    let sign = if text.contains('"') { '\'' } else { '"' };
    format!("{sign}{text}{sign}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_keep_their_places_and_what_is_quoted() {
        let cases: &[(&str, &[&str])] = &[
            ("", &[]),
            (" a-1/b  c ", &["a-1/b", "c"]),
            ("a\nb\tc", &["a", "b", "c"]),
            ("\"a/my file.txt\" b", &["a/my file.txt", "b"]),
            ("'a/\"x y\"'", &["a/\"x y\""]),
            ("a/it's b", &["a/it's", "b"]),
            ("\"never closed b", &["never closed b"]),
        ];
        for (text, wanted) in cases {
            let found: Vec<_> = pieces(text).into_iter().map(|piece| piece.text).collect();
            assert_eq!(found, *wanted, "{text}");
        }
        for text in ["plain", "a/my file.txt", "a/\"x y\"", "\"a"] {
            let again: Vec<_> = pieces(&quoted(text)).into_iter().map(|piece| piece.text).collect();
            assert_eq!(again, [text], "{}", quoted(text));
        }
        assert_eq!(at("ab cd", 5).map(|piece| piece.place), Some(3..5));
        assert_eq!(at("ab  cd", 3), None);
    }
}
