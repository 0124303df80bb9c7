//! Strings as Python's `repr` and Node.js's `util.inspect` print them.

use std::iter::Peekable;
use std::str::Chars;

/// The text of a printed string, without its escapes. An escape that is none stays as it stands.
#[must_use]
pub fn unescape(printed: &str) -> String {
    let mut text = String::with_capacity(printed.len());
    let mut rest = printed.chars().peekable();
    while let Some(c) = rest.next() {
        if c != '\\' {
            text.push(c);
            continue;
        }
        match rest.next() {
            Some('n') => text.push('\n'),
            Some('r') => text.push('\r'),
            Some('t') => text.push('\t'),
            Some('b') => text.push('\u{8}'),
            Some('f') => text.push('\u{c}'),
            Some('v') => text.push('\u{b}'),
            Some('x') => text.push(code_point(&mut rest, 2)),
            Some('u') => text.push(code_point(&mut rest, 4)),
            Some('U') => text.push(code_point(&mut rest, 8)),
            Some(c @ ('\\' | '\'' | '"' | '`')) => text.push(c),
            Some(c) => text.extend(['\\', c]),
            None => text.push('\\'),
        }
    }
    text
}

fn code_point(rest: &mut Peekable<Chars<'_>>, digits: u32) -> char {
    let mut number = 0_u32;
    for _ in 0..digits {
        let Some(digit) = rest.peek().and_then(|c| c.to_digit(16)) else { break };
        number = number << 4 | digit;
        rest.next();
    }
    char::from_u32(number).unwrap_or(char::REPLACEMENT_CHARACTER)
}

#[cfg(test)]
mod tests {
    use super::unescape;

    #[test]
    fn escapes_become_what_they_stand_for() {
        for (printed, text) in [
            (r"<Error>\n\t<Code>A</Code>", "<Error>\n\t<Code>A</Code>"),
            (r"it\'s \x1b[2J \u202egpj \U0001f600", "it's \u{1b}[2J \u{202e}gpj \u{1f600}"),
            (r"C:\\data \d \", "C:\\data \\d \\"),
            (r"\xzz\ud800", "\0zz\u{fffd}"),
        ] {
            assert_eq!(unescape(printed), text, "{printed}");
        }
    }
}
