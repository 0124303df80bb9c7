//! What is being typed in a filter, and what could be meant.

use std::ops::Range;

use crate::domain::query::{FIELDS, quoted};
use crate::domain::suggest::nearest;

/// The word before the cursor.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Here {
    /// The field whose value it is.
    pub field: Option<String>,
    /// What is typed of the field's name, or of its value.
    pub typed: String,
    /// The characters of that.
    pub range: Range<usize>,
}

/// The word before the cursor; within quotes only where a field stands before them.
#[must_use]
pub fn here(text: &str, cursor: usize) -> Here {
    let letters: Vec<char> = text.chars().take(cursor).collect();
    let (mut start, mut quoted) = (0, false);
    for (at, c) in letters.iter().enumerate() {
        quoted ^= *c == '"';
        if c.is_whitespace() && !quoted {
            start = at + 1;
        }
    }
    let begins = |start: usize, sign: &str| {
        let head: String = letters[start..].iter().take(sign.len()).collect();
        head.eq_ignore_ascii_case(sign)
    };
    while let Some(sign) = ["-", "not:"].into_iter().find(|sign| begins(start, sign)) {
        start += sign.len();
    }
    let end = letters.len();
    let colon = letters[start..].iter().position(|c| *c == ':').map(|colon| start + colon);
    let name: String = letters[start..colon.unwrap_or(end)].iter().collect();
    let name = name.to_ascii_lowercase();
    match colon.filter(|_| FIELDS.contains(&name.as_str())) {
        Some(colon) => {
            let value = colon + 1 + usize::from(letters.get(colon + 1) == Some(&'='));
            let typed = letters[value..].iter().filter(|c| **c != '"').collect();
            Here { field: Some(name), typed, range: value..end }
        }
        None => Here { field: None, typed: letters[start..].iter().collect(), range: start..end },
    }
}

/// The field that a word without a colon looks like: its beginning, or a slip of the keys.
#[must_use]
pub fn near_field(here: &Here) -> Option<&'static str> {
    let typed = here.typed.to_ascii_lowercase();
    if here.field.is_some() || !typed.chars().all(|c| c.is_ascii_alphabetic()) || typed.len() < 2 {
        return None;
    }
    let begun = FIELDS.iter().copied().find(|field| field.starts_with(&typed));
    begun.or_else(|| nearest(&typed, FIELDS.iter().copied()).filter(|_| typed.len() > 2))
}

/// What the word could become, likely ones first.
#[must_use]
pub fn offered(here: &Here, values: &[(String, usize)]) -> Vec<String> {
    let typed = here.typed.to_lowercase();
    if here.field.is_some() {
        let fits = |value: &&(String, usize)| value.0.to_lowercase().starts_with(&typed);
        return values.iter().filter(fits).map(|(value, _)| quoted(value, true)).collect();
    }
    let begun: Vec<_> =
        FIELDS.iter().filter(|field| field.starts_with(&typed)).map(|field| format!("{field}:")).collect();
    if begun.is_empty() { near_field(here).map(|field| format!("{field}:")).into_iter().collect() } else { begun }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_word_before_the_cursor() {
        for (text, field, typed, range) in [
            ("", None, "", 0..0),
            ("403 sta", None, "sta", 4..7),
            ("403 not:sta", None, "sta", 8..11),
            ("a -status:4", Some("status"), "4", 10..11),
            ("code:=\"Access D", Some("code"), "Access D", 6..15),
            ("statsu:4", None, "statsu:4", 0..8),
            ("status:403 ", None, "", 11..11),
        ] {
            let found = here(text, text.chars().count());
            assert_eq!((found.field.as_deref(), found.typed.as_str(), found.range), (field, typed, range), "{text}");
        }
        assert_eq!(here("403 status", 6).typed, "st", "what is behind the cursor is not looked at");
    }

    #[test]
    fn words_that_look_like_a_field() {
        for (typed, near) in [
            ("statsu", Some("status")),
            ("stat", Some("status")),
            ("status", Some("status")),
            ("nowhere", None),
            ("s", None),
            ("x", None),
            ("is", None),
        ] {
            assert_eq!(near_field(&here(typed, 99)), near, "{typed}");
        }
    }

    proptest! {
        #[test]
        fn no_text_panics(text in ".{0,40}", cursor in 0usize..50) {
            let here = here(&text, cursor);
            prop_assert!(here.range.end <= text.chars().count());
            let _ = (near_field(&here), offered(&here, &[("a b".to_owned(), 1)]));
        }
    }
}
