//! Text as it reads once its escapes are undone, with the way back: a secret may come back
//! percent-encoded, as XML entities or as JSON escapes, some of it or all of it, once or twice.

use std::ops::Range;

/// Bytes of the unescaped text, and where each one stands in the original.
#[derive(Debug, Default)]
pub struct Unescaped {
    /// The bytes.
    pub bytes: Vec<u8>,
    places: Vec<Range<usize>>,
}

impl Unescaped {
    /// Undoes one layer of escapes. `None` when there is none to undo.
    #[must_use]
    pub fn of(text: &str) -> Option<Self> {
        let bytes = text.as_bytes();
        if !bytes.iter().any(|byte| matches!(byte, b'%' | b'&' | b'\\')) {
            return None;
        }
        Some(Self::plain(text).next())
    }

    /// A text as it is.
    #[must_use]
    pub fn plain(text: &str) -> Self {
        Self { bytes: text.as_bytes().to_vec(), places: (0..text.len()).map(|at| at..at + 1).collect() }
    }

    /// Without blanks, line feeds, NULs and colons.
    #[must_use]
    pub fn squeezed(&self) -> Self {
        let mut squeezed = Self::default();
        for (byte, place) in self.bytes.iter().zip(&self.places) {
            if !byte.is_ascii_whitespace() && !matches!(byte, 0 | b':') {
                squeezed.push_byte(*byte, place);
            }
        }
        squeezed
    }

    /// Undoes one more layer.
    #[must_use]
    pub fn next(&self) -> Self {
        let mut undone = Self::default();
        let mut at = 0;
        while at < self.bytes.len() {
            let rest = &self.bytes[at..];
            let (c, length) = escape(rest).unwrap_or((None, 1));
            let place = self.places[at].start..self.places[at + length - 1].end;
            match c {
                Some(c) => undone.push(c, &place),
                None => undone.push_byte(if length == 3 { byte(rest) } else { rest[0] }, &place),
            }
            at += length;
        }
        undone
    }

    fn push(&mut self, c: char, place: &Range<usize>) {
        for byte in c.encode_utf8(&mut [0; 4]).bytes() {
            self.push_byte(byte, place);
        }
    }

    fn push_byte(&mut self, byte: u8, place: &Range<usize>) {
        self.bytes.push(byte);
        self.places.push(place.clone());
    }

    /// Where a part of the unescaped text stands in the original.
    #[must_use]
    pub fn place(&self, part: Range<usize>) -> Option<Range<usize>> {
        Some(self.places.get(part.start)?.start..self.places.get(part.end.checked_sub(1)?)?.end)
    }
}

/// The byte of a `%XX`.
fn byte(rest: &[u8]) -> u8 {
    std::str::from_utf8(&rest[1..3]).ok().and_then(|digits| u8::from_str_radix(digits, 16).ok()).unwrap_or(rest[0])
}

/// The escape that `rest` begins with: its character (`None` for a `%XX`, which is a byte) and length.
fn escape(rest: &[u8]) -> Option<(Option<char>, usize)> {
    let number = |digits: &[u8], radix| u32::from_str_radix(std::str::from_utf8(digits).ok()?, radix).ok();
    match rest {
        [b'%', a, b, ..] if a.is_ascii_hexdigit() && b.is_ascii_hexdigit() => Some((None, 3)),
        [b'\\', b'u', digits @ ..] if digits.len() >= 4 => Some((Some(char::from_u32(number(&digits[..4], 16)?)?), 6)),
        [b'\\', c @ (b'/' | b'"' | b'\\'), ..] => Some((Some(char::from(*c)), 2)),
        [b'&', ..] => {
            let length = rest.iter().take(40).position(|byte| *byte == b';')? + 1;
            let c = match &rest[1..length - 1] {
                [b'#', b'x' | b'X', digits @ ..] => char::from_u32(number(digits, 16)?)?,
                [b'#', digits @ ..] => char::from_u32(number(digits, 10)?)?,
                b"amp" => '&',
                b"lt" => '<',
                b"gt" => '>',
                b"quot" => '"',
                b"apos" => '\'',
                _ => return None,
            };
            Some((Some(c), length))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(text: &str) -> String {
        Unescaped::of(text)
            .map_or_else(|| text.to_owned(), |undone| String::from_utf8_lossy(&undone.bytes).into_owned())
    }

    #[test]
    fn every_escape_is_undone_once() {
        assert_eq!(read("a%2Db%2d"), "a-b-");
        assert_eq!(read("&#67;&#x41;N&amp;amp;&quot;&unknown;&"), "CAN&amp;\"&unknown;&");
        assert_eq!(read(r"\u0043\/\\u"), r"C/\u");
        assert_eq!(read("100%"), "100%");
        let twice = Unescaped::of("x%252Dy").expect("escapes").next();
        assert_eq!((twice.bytes.as_slice(), twice.place(1..2)), (b"x-y".as_slice(), Some(1..6)));
    }

    proptest! {
        #[test]
        fn places_lead_back_into_the_text(text in r"[%&#;\\u0-9a-fx中]{0,40}") {
            if let Some(undone) = Unescaped::of(&text) {
                for at in 0..undone.bytes.len() {
                    let place = undone.place(at..at + 1).expect("a place");
                    prop_assert!(place.start < place.end && place.end <= text.len());
                }
            }
        }
    }
}
