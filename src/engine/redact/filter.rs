//! A test that most texts pass in a fraction of the time that a search takes: whether a secret can be in them.
//!
//! The search by skips of Wu and Manber: the text is looked at in steps of nearly the shortest secret's
//! length, and where three bytes are part of no secret the next step is taken.

use std::borrow::Cow;

use memchr::{memchr, memchr3, memchr3_iter};

use super::unescape::{COMMON_SEPARATORS, ESCAPES, RARE_SEPARATORS, is_separator, unescaped};

/// A value shorter than this is too common a string to be hunted for by value.
pub const SHORTEST: usize = 6;
/// Bytes that are looked at together.
const BLOCK: usize = 3;
/// Entries of the table, a power of two.
const SLOTS: usize = 4096;
/// A text that is longer and has escapes is searched without asking: to undo them takes much memory.
const LONG: usize = 64 * 1024;
/// A secret that is broken up by separators is looked for from this length on.
pub const SHORTEST_BROKEN: usize = 12;

/// Tells texts that hold no secret. It may say that a text holds one where it does not, never the reverse.
#[derive(Debug, Default)]
pub struct Filter {
    /// How far the text can be skipped after a block, by the block's hash; empty where there are no secrets.
    skips: Vec<u8>,
    /// The length of the shortest secret, as far as skips can tell.
    window: usize,
    /// How the secrets begin: the first bytes of each, in lower case.
    heads: Vec<Box<[u8]>>,
}

impl Filter {
    /// A filter for secrets in the forms that are searched for.
    pub fn new(forms: &[String]) -> Self {
        let forms = || forms.iter().map(String::as_bytes).filter(|form| form.len() >= SHORTEST);
        let Some(shortest) = forms().map(<[u8]>::len).min() else { return Self::default() };
        let window = shortest.min(usize::from(u8::MAX));
        let longest_skip = window - BLOCK + 1;
        let mut skips = vec![u8::try_from(longest_skip).unwrap_or(u8::MAX); SLOTS];
        for form in forms() {
            for (at, block) in form[..window].windows(BLOCK).enumerate() {
                let skip = u8::try_from(longest_skip - 1 - at).unwrap_or(u8::MAX);
                let slot = &mut skips[slot(block)];
                *slot = skip.min(*slot);
            }
        }
        let heads = forms().map(|form| form[..window].to_ascii_lowercase().into()).collect();
        Self { skips, window, heads }
    }

    /// Whether a text may hold a secret: as it is, without separators, or escaped up to three times.
    pub fn may_hold_secret(&self, text: &[u8]) -> bool {
        text.len() >= self.window && any_reading(text, text, |reading, joined| self.may_hold_either(reading, joined))
    }

    /// Whether a text may hold a secret as it is or without its separators, where it has some.
    pub fn may_hold_either(&self, text: &[u8], joined: Option<&[u8]>) -> bool {
        self.may_hold(text) || joined.is_some_and(|joined| self.may_hold(joined))
    }

    /// Whether a text may hold a secret as it is.
    fn may_hold(&self, text: &[u8]) -> bool {
        if self.skips.is_empty() {
            return false;
        }
        let mut end = self.window;
        while let Some(block) = text.get(end - BLOCK..end) {
            match self.skips[slot(block)] {
                0 if self.begins_here(&text[end - self.window..end]) => return true,
                skip => end += usize::from(skip.max(1)),
            }
        }
        false
    }

    fn begins_here(&self, window: &[u8]) -> bool {
        self.heads.iter().any(|head| window.eq_ignore_ascii_case(head))
    }
}

/// Whether texts pass a test as they are or with their escapes undone up to three times. The test is given each
/// reading, and the same without its separators where it has some. `escaped` is what of `text` may have escapes.
pub fn any_reading(text: &[u8], escaped: &[u8], mut is_wanted: impl FnMut(&[u8], Option<&[u8]>) -> bool) -> bool {
    let mut joined = Vec::with_capacity(text.len());
    let mut passes = |text: &[u8]| {
        let is_shorter = join(text, &mut joined);
        is_wanted(text, is_shorter.then_some(&joined))
    };
    if passes(text) {
        return true;
    }
    if !has_escape(escaped) {
        return false;
    }
    if escaped.len() > LONG {
        return true;
    }
    let mut layer = Cow::Borrowed(escaped);
    for _ in 0..3 {
        let Some(undone) = unescaped(&layer) else { return false };
        if passes(&undone) {
            return true;
        }
        layer = Cow::Owned(undone);
    }
    false
}

/// Whether an escape may stand in a text.
pub fn has_escape(text: &[u8]) -> bool {
    first_escape(text).is_some()
}

/// The first byte of a text that may begin an escape.
pub fn first_escape(text: &[u8]) -> Option<usize> {
    let [percent, ampersand, backslash] = ESCAPES;
    memchr3(percent, ampersand, backslash, text)
}

/// Puts a text without its separators into `joined`; `false` where it has none.
fn join(text: &[u8], joined: &mut Vec<u8>) -> bool {
    joined.clear();
    let [tab, carriage_return, nul, form_feed] = RARE_SEPARATORS;
    // Most texts have only the others, which are found many bytes at a time.
    if memchr3(tab, carriage_return, nul, text).is_some() || memchr(form_feed, text).is_some() {
        joined.extend(text.iter().filter(|byte| !is_separator(**byte)));
    } else {
        let [blank, line_feed, colon] = COMMON_SEPARATORS;
        let mut from = 0;
        for at in memchr3_iter(blank, line_feed, colon, text) {
            joined.extend_from_slice(&text[from..at]);
            from = at + 1;
        }
        joined.extend_from_slice(&text[from..]);
    }
    joined.len() < text.len()
}

/// Where a block stands in the table, whatever its case.
fn slot(block: &[u8]) -> usize {
    let hash = block.iter().fold(0usize, |hash, byte| hash.wrapping_mul(251) ^ usize::from(byte.to_ascii_lowercase()));
    (hash ^ hash >> 12) & (SLOTS - 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_text_without_the_secret_is_told_from_one_with_it() {
        let filter = Filter::new(&["FAKEsecretFAKEsecretFAKEsecret".to_owned()]);
        for text in ["", "short", "the specified key does not exist, and nothing else is to be said of it"] {
            assert!(!filter.may_hold_secret(text.as_bytes()), "{text}");
        }
        for text in
            ["FAKEsecretFAKEsecretFAKEsecret", "fakeSECRET fakesecret:fakesecret", "%46AKEsecretFAKEsecretFAKEsecret"]
        {
            assert!(filter.may_hold_secret(format!("before it {text} and after it").as_bytes()), "{text}");
        }
        assert!(!Filter::new(&[]).may_hold_secret(b"anything"));
    }

    proptest! {
        #[test]
        fn no_secret_gets_past_it(
            secrets in prop::collection::vec("[a-zA-Z0-9/+=]{6,60}", 1..8),
            which: prop::sample::Index,
            before in "[ -~]{0,80}",
            after in "[ -~]{0,80}",
        ) {
            let secret = which.get(&secrets);
            let filter = Filter::new(&secrets);
            let text = format!("{before}{secret}{after}");
            prop_assert!(filter.may_hold_secret(text.as_bytes()));
            let text = format!("{before}{}{after}", secret.to_ascii_uppercase());
            prop_assert!(filter.may_hold_secret(text.as_bytes()));
            if secret.len() >= SHORTEST_BROKEN {
                let (head, tail) = secret.split_at(5);
                let text = format!("{before}{head}\n{tail}{after}");
                prop_assert!(filter.may_hold_secret(text.as_bytes()));
            }
        }
    }
}
