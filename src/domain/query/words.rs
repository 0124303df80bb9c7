//! A filter in words, each letter with its place: blanks part words, quotes hold them together.

use std::ops::Range;

/// A letter of a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Letter {
    /// Its place in the filter, in characters.
    pub at: usize,
    /// The letter.
    pub c: char,
    /// It stood in quotes: then it is a letter and no sign of the language.
    pub quoted: bool,
}

/// The words of a filter. Two quotes within quotes are one that is meant.
pub fn words(text: &str) -> Vec<Vec<Letter>> {
    let mut words: Vec<Vec<Letter>> = Vec::new();
    let (mut quoted, mut open) = (false, false);
    let mut letters = text.chars().enumerate().peekable();
    while let Some((at, c)) = letters.next() {
        let doubled = quoted && c == '"' && passes_quote(&mut letters);
        if c == '"' && !doubled {
            quoted = !quoted;
            continue;
        }
        if c.is_whitespace() && !quoted {
            open = false;
            continue;
        }
        if !open {
            words.push(Vec::new());
            open = true;
        }
        if let Some(word) = words.last_mut() {
            word.push(Letter { at, c, quoted });
        }
    }
    words
}

/// Whether the next letter is a quote, which is then passed.
fn passes_quote(letters: &mut std::iter::Peekable<impl Iterator<Item = (usize, char)>>) -> bool {
    letters.next_if(|(_, next)| *next == '"').is_some()
}

/// The letters as text.
pub fn text(letters: &[Letter]) -> String {
    letters.iter().map(|letter| letter.c).collect()
}

/// Where letters stand in the filter.
pub fn range(letters: &[Letter]) -> Range<usize> {
    match (letters.first(), letters.last()) {
        (Some(first), Some(last)) => first.at..last.at + 1,
        _ => 0..0,
    }
}

/// What follows a sign of the language, if the letters begin with it.
pub fn after<'a>(letters: &'a [Letter], sign: &str) -> Option<&'a [Letter]> {
    let head = letters.get(..sign.len())?;
    let same = |(letter, c): (&Letter, char)| !letter.quoted && letter.c.eq_ignore_ascii_case(&c);
    head.iter().zip(sign.chars()).all(same).then(|| &letters[sign.len()..])
}

/// A text as it is written so that it is read as these very letters: in quotes where it has to be.
#[must_use]
pub fn quoted(text: &str, is_value: bool) -> String {
    let is_sign = |c: char| c.is_whitespace() || c == '"' || (!is_value && c == ':');
    // `code://` is an address.
    let begins = text.starts_with(if is_value { '=' } else { '-' }) || is_value && text.starts_with("//");
    if text.is_empty() || begins || text.contains(is_sign) || text.eq_ignore_ascii_case("or") {
        return format!("\"{}\"", text.replace('"', "\"\""));
    }
    text.to_owned()
}
