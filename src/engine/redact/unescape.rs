//! Text as it reads once its escapes are undone, with the way back: a secret may come back
//! percent-encoded, as XML entities or as JSON escapes, some of it or all of it, once or twice.

use std::ops::Range;

use memchr::memchr3;

/// Bytes of the unescaped text, and where each one stands in the original.
#[derive(Debug, Default)]
pub struct Unescaped {
    /// The bytes.
    pub bytes: Vec<u8>,
    /// Start and end of each: no window of a text is longer than 4 GB.
    places: Vec<(u32, u32)>,
}

impl Unescaped {
    /// Undoes one layer of escapes. `None` when there is none to undo.
    #[must_use]
    pub fn of(text: &str) -> Option<Self> {
        if !text.bytes().any(begins_escape) {
            return None;
        }
        Self::plain(text).next()
    }

    /// A text as it is.
    #[must_use]
    pub fn plain(text: &str) -> Self {
        let length = u32::try_from(text.len()).unwrap_or(u32::MAX);
        Self { bytes: text.as_bytes().to_vec(), places: (0..length).map(|at| (at, at + 1)).collect() }
    }

    /// Without blanks, line feeds, NULs and colons. `None` when there are none.
    #[must_use]
    pub fn without_separators(&self) -> Option<Self> {
        if !self.bytes.iter().any(|byte| is_separator(*byte)) {
            return None;
        }
        let kept = self.bytes.iter().zip(&self.places).filter(|(byte, _)| !is_separator(**byte));
        let (bytes, places) = kept.map(|(byte, place)| (*byte, *place)).unzip();
        Some(Self { bytes, places })
    }

    /// Undoes one more layer. `None` when there is none to undo.
    #[must_use]
    pub fn next(&self) -> Option<Self> {
        let mut undone = Self::default();
        let (mut at, mut escapes) = (0, 0);
        while at < self.bytes.len() {
            let rest = &self.bytes[at..];
            let found = if begins_escape(rest[0]) { escape(rest) } else { None };
            escapes += usize::from(found.is_some());
            let (meant, length) = found.unwrap_or((Meant::Byte(rest[0]), 1));
            let place = (self.places[at].0, self.places[at + length - 1].1);
            meant.with(|bytes| {
                undone.places.extend(bytes.iter().map(|_| place));
                undone.bytes.extend_from_slice(bytes);
            });
            at += length;
        }
        (escapes > 0).then_some(undone)
    }

    /// Where a part of the unescaped text stands in the original.
    #[must_use]
    pub fn place(&self, part: Range<usize>) -> Option<Range<usize>> {
        let (start, end) = (self.places.get(part.start)?.0, self.places.get(part.end.checked_sub(1)?)?.1);
        Some(start as usize..end as usize)
    }
}

/// A text with one layer of escapes undone, without the way back. `None` when there is none to undo.
pub fn unescaped(text: &[u8]) -> Option<Vec<u8>> {
    let mut undone = Vec::with_capacity(text.len());
    let (mut at, mut escapes) = (0, 0);
    let [percent, ampersand, backslash] = ESCAPES;
    while let Some(before) = memchr3(percent, ampersand, backslash, &text[at..]) {
        undone.extend_from_slice(&text[at..at + before]);
        at += before;
        let found = escape(&text[at..]);
        escapes += usize::from(found.is_some());
        let (meant, length) = found.unwrap_or((Meant::Byte(text[at]), 1));
        meant.with(|bytes| undone.extend_from_slice(bytes));
        at += length;
    }
    undone.extend_from_slice(&text[at..]);
    (escapes > 0).then_some(undone)
}

/// What an escape stands for.
enum Meant {
    Char(char),
    Byte(u8),
}

impl Meant {
    /// Hands on its bytes.
    fn with(&self, take: impl FnOnce(&[u8])) {
        match self {
            Self::Char(c) => take(c.encode_utf8(&mut [0; 4]).as_bytes()),
            Self::Byte(byte) => take(&[*byte]),
        }
    }
}

/// Entities by name, those that a secret's characters have.
const ENTITIES: &[(&[u8], char)] = &[
    (b"amp", '&'),
    (b"lt", '<'),
    (b"gt", '>'),
    (b"quot", '"'),
    (b"apos", '\''),
    (b"sol", '/'),
    (b"plus", '+'),
    (b"equals", '='),
    (b"NewLine", '\n'),
];

/// The separators that most texts have.
pub const COMMON_SEPARATORS: [u8; 3] = [b' ', b'\n', b':'];
/// The others.
pub const RARE_SEPARATORS: [u8; 4] = [b'\t', b'\r', 0, b'\x0C'];

/// Whether a byte may stand inside of a secret that is broken up: a space, a line feed, a NUL (UTF-16) or a colon.
#[inline]
pub fn is_separator(byte: u8) -> bool {
    COMMON_SEPARATORS.contains(&byte) || RARE_SEPARATORS.contains(&byte)
}

/// The bytes that an escape may begin with.
pub const ESCAPES: [u8; 3] = [b'%', b'&', b'\\'];

fn begins_escape(byte: u8) -> bool {
    ESCAPES.contains(&byte)
}

/// The escape that `rest` begins with: what it stands for, and its length.
fn escape(rest: &[u8]) -> Option<(Meant, usize)> {
    let number = |digits: &[u8], radix| u32::from_str_radix(std::str::from_utf8(digits).ok()?, radix).ok();
    let of_unicode = |digits: &[u8]| Some((Meant::Char(char::from_u32(number(digits.get(..4)?, 16)?)?), 6));
    let of_byte = |digits: &[u8]| Some(Meant::Byte(u8::try_from(number(digits, 16)?).ok()?));
    match rest {
        [b'%', a, b, ..] if a.is_ascii_hexdigit() && b.is_ascii_hexdigit() => Some((of_byte(&rest[1..3])?, 3)),
        [b'\\', b'x', a, b, ..] if a.is_ascii_hexdigit() && b.is_ascii_hexdigit() => Some((of_byte(&rest[2..4])?, 4)),
        [b'\\' | b'%', b'u', digits @ ..] => of_unicode(digits),
        [b'\\', c @ (b'/' | b'"' | b'\'' | b'\\'), ..] => Some((Meant::Byte(*c), 2)),
        // A line feed, a carriage return or a tab: what breaks a long value in JSON.
        [b'\\', b'n' | b'r' | b't', ..] => Some((Meant::Byte(b'\n'), 2)),
        [b'&', ..] => {
            let length = rest.iter().take(40).position(|byte| *byte == b';')? + 1;
            let c = match &rest[1..length - 1] {
                [b'#', b'x' | b'X', digits @ ..] => char::from_u32(number(digits, 16)?)?,
                [b'#', digits @ ..] => char::from_u32(number(digits, 10)?)?,
                name => ENTITIES.iter().find(|(known, _)| *known == name)?.1,
            };
            Some((Meant::Char(c), length))
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
        assert_eq!(read(r"a\nb\x2Bc%u002Bd&sol;\'"), "a\nb+c+d/'");
        assert_eq!(read("100%"), "100%");
        let twice = Unescaped::of("x%252Dy").expect("escapes").next().expect("more");
        assert_eq!((twice.bytes.as_slice(), twice.place(1..2)), (b"x-y".as_slice(), Some(1..6)));
    }

    proptest! {
        #[test]
        fn both_ways_undo_the_same(text in r"[%&#;\\u0-9a-fx中n]{0,40}") {
            let with_places = Unescaped::plain(&text).next().map(|undone| undone.bytes);
            prop_assert_eq!(unescaped(text.as_bytes()), with_places);
        }

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
