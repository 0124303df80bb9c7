//! A test that most texts pass in a fraction of the time that a search takes: whether a secret can be in them.
//!
//! The search by skips of Wu and Manber: the text is looked at in steps of nearly the shortest secret's
//! length, and where three bytes are part of no secret the next step is taken.

use std::borrow::Cow;

use memchr::memchr3;

use super::unescape::{ESCAPES, is_separator, unescaped};

/// A value shorter than this is too common a string to be hunted for by value.
pub const SHORTEST: usize = 6;
/// Bytes that are looked at together.
const BLOCK: usize = 3;
/// The most entries of the table.
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
        // For few secrets a small one: it is made for the signature of each exchange.
        let slots = (4 * window * forms().count()).next_power_of_two().min(SLOTS);
        let mut skips = vec![u8::try_from(longest_skip).unwrap_or(u8::MAX); slots];
        for form in forms() {
            for (at, block) in form[..window].windows(BLOCK).enumerate() {
                let skip = u8::try_from(longest_skip - 1 - at).unwrap_or(u8::MAX);
                let slot = &mut skips[slot(block, slots)];
                *slot = skip.min(*slot);
            }
        }
        let heads = forms().map(|form| form[..window].to_ascii_lowercase().into()).collect();
        Self { skips, window, heads }
    }

    /// Whether a text may hold a secret: as it is, without separators, or escaped up to three times.
    pub fn may_hold_secret(&self, text: &str) -> bool {
        if self.skips.is_empty() || text.len() < self.window {
            return false;
        }
        let [percent, ampersand, backslash] = ESCAPES;
        if memchr3(percent, ampersand, backslash, text.as_bytes()).is_some() {
            return text.len() > LONG || self.may_be_escaped(text);
        }
        self.may_hold_joined(text.as_bytes())
    }

    fn may_be_escaped(&self, text: &str) -> bool {
        let mut layer = Cow::Borrowed(text.as_bytes());
        for _ in 0..3 {
            if self.may_hold_joined(&layer) {
                return true;
            }
            let Some(undone) = unescaped(&layer) else { return false };
            layer = Cow::Owned(undone);
        }
        self.may_hold_joined(&layer)
    }

    /// As it is, and without separators.
    fn may_hold_joined(&self, text: &[u8]) -> bool {
        if self.may_hold(text) {
            return true;
        }
        let mut joined = Vec::with_capacity(text.len());
        text.split(|byte| is_separator(*byte)).for_each(|part| joined.extend_from_slice(part));
        let is_other = joined.len() < text.len() && joined.len() >= self.window.max(SHORTEST_BROKEN);
        is_other && self.may_hold(&joined)
    }

    fn may_hold(&self, text: &[u8]) -> bool {
        let mut end = self.window;
        while let Some(block) = text.get(end - BLOCK..end) {
            match self.skips[slot(block, self.skips.len())] {
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

/// Where a block stands in a table of so many slots, a power of two, whatever its case.
fn slot(block: &[u8], slots: usize) -> usize {
    let hash = block.iter().fold(0usize, |hash, byte| hash.wrapping_mul(251) ^ usize::from(byte.to_ascii_lowercase()));
    (hash ^ hash >> 12) & (slots - 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_text_without_the_secret_is_told_from_one_with_it() {
        let filter = Filter::new(&["FAKEsecretFAKEsecretFAKEsecret".to_owned()]);
        for text in ["", "short", "the specified key does not exist, and nothing else is to be said of it"] {
            assert!(!filter.may_hold_secret(text), "{text}");
        }
        for text in
            ["FAKEsecretFAKEsecretFAKEsecret", "fakeSECRET fakesecret:fakesecret", "%46AKEsecretFAKEsecretFAKEsecret"]
        {
            assert!(filter.may_hold_secret(&format!("before it {text} and after it")), "{text}");
        }
        assert!(!Filter::new(&[]).may_hold_secret("anything"));
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
            prop_assert!(filter.may_hold_secret(&text));
            let text = format!("{before}{}{after}", secret.to_ascii_uppercase());
            prop_assert!(filter.may_hold_secret(&text));
            if secret.len() >= SHORTEST_BROKEN {
                let (head, tail) = secret.split_at(5);
                let text = format!("{before}{head}\n{tail}{after}");
                prop_assert!(filter.may_hold_secret(&text));
            }
        }
    }
}
