//! Texts that are looked through together for secrets: nearly none holds any, and to ask each by itself takes as long
//! as to sign and send the request.

use memchr::{memchr, memrchr};

use super::filter::{any_reading, first_escape};
use super::{Redactor, by_name, signature};

/// Stands between two texts: part of no secret, of no name and of no escape.
const GAP: u8 = 1;

/// Texts to look through.
pub struct Texts(Vec<u8>);

impl Default for Texts {
    fn default() -> Self {
        Self(Vec::with_capacity(2 * 1024))
    }
}

impl Texts {
    /// Adds a text.
    pub fn push(&mut self, text: &str) {
        self.0.extend_from_slice(text.as_bytes());
        self.0.push(GAP);
    }
}

impl<'a> Extend<&'a str> for Texts {
    fn extend<T: IntoIterator<Item = &'a str>>(&mut self, texts: T) {
        texts.into_iter().for_each(|text| self.push(text));
    }
}

/// What texts may hold. They may hold none of it, but nothing else.
#[derive(Clone, Copy, Debug)]
pub struct MayHold {
    /// The signature of the exchange.
    pub signature: bool,
    /// A value that this run knows, or one that is told by its name.
    pub secret: bool,
}

impl MayHold {
    /// Whether they may hold anything.
    pub fn anything(self) -> bool {
        self.signature || self.secret
    }
}

/// The texts that may contain escapes.
fn escaped(all: &[u8]) -> Vec<u8> {
    let (mut escaped, mut from) = (Vec::new(), 0);
    while let Some(at) = first_escape(&all[from..]).map(|at| from + at) {
        let start = memrchr(GAP, &all[from..at]).map_or(from, |gap| from + gap + 1);
        from = memchr(GAP, &all[at..]).map_or(all.len(), |gap| at + gap + 1);
        escaped.extend_from_slice(&all[start..from]);
    }
    escaped
}

impl Redactor {
    /// What these texts may hold.
    #[must_use]
    pub fn find_in(&self, texts: Texts, signature: Option<&str>) -> MayHold {
        let Texts(mut all) = texts;
        let mut has_signature = false;
        let is_sought = self.known.is_some() || signature.is_some();
        let is_known = is_sought
            && any_reading(&all, &escaped(&all), |reading, joined| {
                // It has no separators: what holds it still does without them.
                let shortest = joined.unwrap_or(reading);
                has_signature |= signature.is_some_and(|signature| signature::may_stand_in(shortest, signature));
                self.filter.may_hold_either(reading, joined)
            });
        all.make_ascii_lowercase();
        // The search ends at a known secret, perhaps before the signature.
        MayHold { signature: has_signature || is_known, secret: is_known || by_name::may_name(&all) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_with_escapes_are_told_from_the_others() {
        let mut texts = Texts::default();
        texts.extend(["plain", "", "%41 and & more", "b", "a\\", "&", "end"]);
        assert_eq!(escaped(&texts.0), b"%41 and & more\x01a\\\x01&\x01");
        assert_eq!(escaped(b"without a gap%"), b"without a gap%");
        assert!(escaped(b"").is_empty());
    }
}
