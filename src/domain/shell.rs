//! Commands that a person may paste into a shell. Their fixed parts are the program's own text; every
//! other word is quoted here, and nowhere else.

use crate::text::sanitize::is_unsafe_char;

/// A command in the making.
#[derive(Clone, Debug)]
pub struct Command(String);

impl Command {
    /// A command that begins with this text.
    #[must_use]
    pub fn new(fixed: &'static str) -> Self {
        Self(fixed.to_owned())
    }

    /// The same with more of the program's own text, a space before it.
    #[must_use]
    pub fn then(mut self, fixed: &'static str) -> Self {
        self.0.push(' ');
        self.0.push_str(fixed);
        self
    }

    /// The same with one more word, whatever is in it.
    #[must_use]
    pub fn word(mut self, text: &str) -> Self {
        self.0.push(' ');
        self.0.push_str(&word(text));
        self
    }

    /// The same with an option and its value.
    #[must_use]
    pub fn option(self, name: &'static str, value: &str) -> Self {
        self.then(name).word(value)
    }

    /// The same with an option and its value, if there is one.
    #[must_use]
    pub fn optional(self, name: &'static str, value: Option<&str>) -> Self {
        match value {
            Some(value) => self.option(name, value),
            None => self,
        }
    }

    /// The whole line.
    #[must_use]
    pub fn line(self) -> String {
        self.0
    }
}

/// A word of a command, quoted where it has to be. POSIX shells and fish read it alike: a backslash means
/// something between fish's single quotes, so it stands between double ones. Characters that cannot be
/// seen, or that a terminal may obey, are left out.
#[must_use]
pub fn word(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '/' | ':');
    if !text.is_empty() && text.chars().all(plain) {
        return text.to_owned();
    }
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('\'');
    for c in text.chars().filter(|c| !is_unsafe_char(*c)) {
        match c {
            '\'' => quoted.push_str(r#"'"'"'"#),
            '\\' => quoted.push_str(r#"'"\\"'"#),
            c => quoted.push(c),
        }
    }
    quoted.push('\'');
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_cannot_be_left() {
        for (text, wanted) in [
            ("b-1/k.txt", "b-1/k.txt"),
            ("$(id)", "'$(id)'"),
            ("", "''"),
            ("a'b\u{1b}\u{202e}\u{ad}", r#"'a'"'"'b'"#),
            (r"\';id;\'", r#"''"\\"''"'"';id;'"\\"''"'"''"#),
        ] {
            assert_eq!(word(text), wanted);
        }
    }
}
