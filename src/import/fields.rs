//! The fields of an access log's line: parted by one blank, in quotes or square brackets where they
//! hold blanks themselves.

use std::borrow::Cow;

use crate::domain::exchange;

/// Walks over the fields of a line. Nothing is copied.
#[derive(Clone)]
pub struct Fields<'a> {
    line: &'a [u8],
    at: usize,
}

impl<'a> Fields<'a> {
    pub fn of(line: &'a [u8]) -> Self {
        Self { line, at: 0 }
    }
}

impl<'a> Iterator for Fields<'a> {
    type Item = &'a [u8];

    #[inline]
    fn next(&mut self) -> Option<&'a [u8]> {
        let rest = self.line.get(self.at..).filter(|rest| !rest.is_empty())?;
        let (field, used) = match rest[0] {
            b'"' => quoted(rest, b'"'),
            b'[' => quoted(rest, b']'),
            _ => bare(rest),
        };
        self.at += used + 1;
        Some(field)
    }
}

#[inline]
fn bare(rest: &[u8]) -> (&[u8], usize) {
    let end = memchr::memchr(b' ', rest).unwrap_or(rest.len());
    (&rest[..end], end)
}

/// A quote ends a field only where a blank or the line's end follows: some writers escape none.
fn quoted(rest: &[u8], mark: u8) -> (&[u8], usize) {
    for at in memchr::memchr_iter(mark, &rest[1..]) {
        let end = at + 2;
        if rest[end - 2] != b'\\' && rest.get(end).is_none_or(|byte| *byte == b' ') {
            return (&rest[1..end - 1], end);
        }
    }
    bare(rest)
}

/// The value of a field; `None` where the log has a dash or nothing.
pub fn value(field: &[u8]) -> Option<Cow<'_, str>> {
    (!is_absent(field)).then(|| exchange::text(field))
}

/// Whether a field holds nothing.
pub fn is_absent(field: &[u8]) -> bool {
    matches!(field, b"" | b"-")
}

/// A field that is a number of milliseconds.
pub fn milliseconds(field: &[u8]) -> Option<f64> {
    std::str::from_utf8(field).ok()?.parse().ok().filter(|ms: &f64| ms.is_finite() && *ms >= 0.0)
}

/// A field that is an HTTP status.
#[inline]
pub fn status(field: &[u8]) -> Option<u16> {
    match field {
        [a @ b'1'..=b'5', b @ b'0'..=b'9', c @ b'0'..=b'9'] => {
            Some(u16::from(a - b'0') * 100 + u16::from(b - b'0') * 10 + u16::from(c - b'0'))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_and_brackets_hold_blanks() {
        let fields = |line: &'static str| {
            Fields::of(line.as_bytes()).map(|field| std::str::from_utf8(field).expect("text")).collect::<Vec<_>>()
        };
        assert_eq!(
            fields(r#"a "b c" - [1 2] "d\" e" "" "f "g"h""#),
            ["a", "b c", "-", "1 2", r#"d\" e"#, "", "f \"g\"h"]
        );
        assert_eq!(fields("a \"open b"), ["a", "\"open", "b"]);
        assert_eq!(fields("a  b"), ["a", "", "b"]);
        assert_eq!(fields(""), Vec::<&str>::new());
    }
}
