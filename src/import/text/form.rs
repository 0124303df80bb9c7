//! A regular expression that is compiled when a text first holds a word that it needs: most texts need few of them.

use std::sync::OnceLock;

use regex::Regex;

/// Compiles an expression. Classes are ASCII's: those of Unicode make it ten times as slow, and programs print names,
/// numbers and spaces in ASCII.
pub fn regex(source: &str) -> Option<Regex> {
    const CLASSES: [(&str, &str); 5] =
        [(r"\w", "[0-9A-Za-z_]"), (r"\d", "[0-9]"), (r"\s", r"[\t-\r ]"), (r"\S", r"[^\t-\r ]"), (r"\b", r"(?-u:\b)")];
    let source = CLASSES.iter().fold(source.to_owned(), |source, (class, ascii)| source.replace(class, ascii));
    Regex::new(&source).ok()
}

/// A text, and the same with its ASCII in lower case.
pub struct Looked<'t> {
    pub text: &'t str,
    lower: String,
}

impl<'t> Looked<'t> {
    pub fn at(text: &'t str) -> Self {
        Self { text, lower: text.to_ascii_lowercase() }
    }
}

/// A pattern, and words of which one stands in every text that it matches.
pub struct Form {
    needs: Vec<String>,
    source: String,
    regex: OnceLock<Option<Regex>>,
}

impl Form {
    pub fn new<W: Into<String>>(needs: impl IntoIterator<Item = W>, source: impl Into<String>) -> Self {
        Self { needs: needs.into_iter().map(Into::into).collect(), source: source.into(), regex: OnceLock::new() }
    }

    /// The pattern, where it may match.
    pub fn of(&self, looked: &Looked<'_>) -> Option<&Regex> {
        let may =
            self.needs.iter().any(|word| memchr::memmem::find(looked.lower.as_bytes(), word.as_bytes()).is_some());
        if may { self.compiled() } else { None }
    }

    /// The pattern.
    pub fn compiled(&self) -> Option<&Regex> {
        self.regex.get_or_init(|| regex(&self.source)).as_ref()
    }
}
