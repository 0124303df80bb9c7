//! The one place where secrets are removed, before a record is made. Nothing later can leak what
//! never got in.
//!
//! Two ways at once: by value (every secret this run knows, in the clear, percent-encoded, base64,
//! hex or XML-escaped) and by name (headers, URL parameters and body elements that carry secrets,
//! whoever's they are). Times such as `q-sign-time` stay: they diagnose.

mod by_name;
mod cleaning;
mod filter;
mod imported;
mod plan_secrets;
mod signature;
mod texts;
mod unescape;

use std::borrow::Cow;
use std::ops::Range;

use aho_corasick::AhoCorasick;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;

use crate::domain::exchange::{self, Response};
use crate::domain::probe::Probe;
use crate::domain::redacted::REDACTED;
pub use cleaning::Cleaning;
use filter::{Filter, SHORTEST, SHORTEST_BROKEN};
pub(super) use plan_secrets::PlanSecrets;
use unescape::Unescaped;

use crate::domain::percent;
use crate::domain::profile::Proxies;
use crate::sign::hex;

/// A session token is far shorter than this.
const LONGEST: usize = 4096;
/// As many bytes as a character may take that is escaped, such as `&#x0000002b;` or `%25252B`.
const ESCAPED: usize = 12;

/// Removes secrets from texts. [`Cleaning`] looks at all that a probe brought.
#[derive(Debug, Default)]
pub struct Redactor {
    known: Option<AhoCorasick>,
    /// Says of most texts, faster than a search, that no secret can be in them.
    filter: Filter,
    /// The longest form of a secret that is hunted for, in bytes.
    longest: usize,
}

impl Redactor {
    /// A redactor that knows these secrets by value.
    pub fn new<'a>(secrets: impl IntoIterator<Item = &'a str>) -> Self {
        let mut forms: Vec<String> =
            secrets.into_iter().flat_map(forms_of).filter(|form| form.len() >= SHORTEST).collect();
        forms.sort_unstable();
        forms.dedup();
        let longest = forms.iter().map(String::len).max().unwrap_or_default();
        let filter = Filter::new(&forms);
        let known = AhoCorasick::builder()
            .ascii_case_insensitive(true)
            .match_kind(aho_corasick::MatchKind::LeftmostLongest)
            // To make a DFA of a token that repeats itself takes the square of its length.
            .kind(Some(aho_corasick::AhoCorasickKind::ContiguousNFA))
            .build(&forms)
            .ok()
            .filter(|_| !forms.is_empty());
        Self { known, filter, longest }
    }

    /// A redactor for these probes: their secrets, and a proxy's userinfo.
    #[must_use]
    pub fn for_plan(probes: &[Probe], proxies: &Proxies) -> Self {
        Self::with_secrets(&PlanSecrets::of(probes), proxies)
    }

    /// A redactor for a plan's secrets, and a proxy's userinfo.
    #[must_use]
    pub(super) fn with_secrets(plan: &PlanSecrets, proxies: &Proxies) -> Self {
        let proxies = proxies.urls().filter_map(|proxy| url::Url::parse(proxy).ok());
        let logins: Vec<_> = proxies.flat_map(|url| logins_of(&url)).collect();
        Self::new(plan.secrets.iter().chain(&logins).map(String::as_str))
    }

    /// Text without secrets.
    #[must_use]
    pub fn text<'a>(&self, text: &'a str) -> Cow<'a, str> {
        by_name::without_named(self.without_known(text))
    }

    /// Text without the secrets known by value, however they are escaped.
    fn without_known<'a>(&self, text: &'a str) -> Cow<'a, str> {
        let Some(known) = self.known.as_ref().filter(|_| self.filter.may_hold_secret(text.as_bytes())) else {
            return Cow::Borrowed(text);
        };
        let mut places: Vec<Range<usize>> = known.find_iter(text).map(|found| found.range()).collect();
        for window in windows(text, self.longest) {
            let found = found_in(known, &text[window.clone()]);
            places.extend(found.into_iter().map(|place| window.start + place.start..window.start + place.end));
        }
        if places.is_empty() {
            return Cow::Borrowed(text);
        }
        places.sort_by_key(|place| place.start);
        let mut clean = String::with_capacity(text.len());
        let mut kept = 0;
        for place in places {
            // An escape may begin inside a character's bytes only in text that is not UTF-8.
            let before = text.get(kept..place.start.max(kept)).unwrap_or_default();
            if place.start >= kept {
                clean.push_str(before);
                clean.push_str(REDACTED);
            }
            kept = kept.max(place.end);
        }
        clean.push_str(text.get(kept..).unwrap_or_default());
        Cow::Owned(clean)
    }

    fn clean_response(&self, response: &mut Response, clean: Clean) {
        response.headers.iter_mut().for_each(|header| self.clean_header(header, clean));
        if let Cow::Owned(clean) = clean(self, &exchange::text(&response.body)) {
            response.body = clean.into_bytes();
        }
    }

    fn clean_header(&self, (name, value): &mut (String, String), clean: Clean) {
        if let Cow::Owned(clean) = clean(self, value) {
            *value = clean;
        }
        if let Cow::Owned(clean) = self.without_known(name) {
            *name = clean;
        }
    }

    fn clean_text(&self, text: &mut String) {
        if let Cow::Owned(clean) = self.text(text) {
            *text = clean;
        }
    }

    /// A text without secrets: itself where it holds none.
    #[must_use]
    pub fn cleaned(&self, mut text: String) -> String {
        self.clean_text(&mut text);
        text
    }
}

/// How a text is cleaned: by value, or by name too.
type Clean = for<'t> fn(&Redactor, &'t str) -> Cow<'t, str>;

/// The parts of a text that escapes are undone in, one at a time: what is undone takes several times the
/// memory of the text. They overlap by as much as the longest secret may take, each of its characters escaped.
fn windows(text: &str, longest: usize) -> impl Iterator<Item = Range<usize>> {
    let overlap = (longest * ESCAPED).clamp(1024, 16 * LONGEST);
    let step = (8 * overlap).max(64 * 1024);
    let starts = (0..text.len()).step_by(step);
    starts.map(move |start| {
        // The next boundary of a character; a text ends at one.
        let boundary = |at: usize| (at..text.len()).find(|at| text.is_char_boundary(*at)).unwrap_or(text.len());
        boundary(start)..boundary(start + step + overlap)
    })
}

/// Finds secrets that are escaped, once to three times, or broken up.
fn found_in(known: &AhoCorasick, text: &str) -> Vec<Range<usize>> {
    let mut places = found_without_separators(known, &Unescaped::plain(text));
    let mut layer = Unescaped::of(text);
    for _ in 0..3 {
        let Some(undone) = layer else { break };
        places.extend(known.find_iter(&undone.bytes).filter_map(|found| undone.place(found.range())));
        places.extend(found_without_separators(known, &undone));
        layer = undone.next();
    }
    places
}

/// Finds secrets that are broken up by blanks, line feeds, NULs (UTF-16) or colons. Only long ones:
/// what is left of a text without its blanks is full of chance words.
fn found_without_separators(known: &AhoCorasick, text: &Unescaped) -> Vec<Range<usize>> {
    let Some(joined) = text.without_separators() else { return Vec::new() };
    let found = known.find_iter(&joined.bytes).filter(|found| found.len() >= SHORTEST_BROKEN);
    found.filter_map(|found| joined.place(found.range())).collect()
}

/// What is secret of a proxy's login: the password, or the user's name where it stands alone, as a
/// token does. Both together too: a password may be too short to be hunted for by itself.
fn logins_of(proxy: &url::Url) -> Vec<String> {
    let user = percent::decode(proxy.username());
    match proxy.password().map(percent::decode) {
        Some(password) => vec![format!("{user}:{password}"), password],
        None if user.is_empty() => Vec::new(),
        None => vec![user],
    }
}

/// A secret as it may come back: as it is, in hex, and inside base64 at each of the three
/// alignments. Escapes of any of these are undone before the search.
fn forms_of(secret: &str) -> Vec<String> {
    let mut forms = vec![secret.to_owned(), hex(secret.as_bytes())];
    forms.extend(Some(secret.trim()).filter(|trimmed| trimmed.len() < secret.len()).map(str::to_owned));
    for offset in 0..3usize {
        let mut bytes = vec![0; offset];
        bytes.extend_from_slice(secret.as_bytes());
        let first = (offset * 8).div_ceil(6);
        let end = bytes.len() * 8 / 6;
        let encoded = STANDARD_NO_PAD.encode(&bytes);
        let Some(inner) = encoded.get(first..end) else { continue };
        // The two alphabets differ in these two.
        forms.extend(inner.contains(['+', '/']).then(|| inner.replace('+', "-").replace('/', "_")));
        forms.push(inner.to_owned());
    }
    forms
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const KEY: &str = "FAKEsecret/FAKE+secret&FAKEsecret";

    fn clean(text: &str) -> String {
        Redactor::new([KEY]).text(text).into_owned()
    }

    #[test]
    fn a_known_secret_goes_in_every_form() {
        for offset in 0..3 {
            let framed = format!("{}{KEY} and more", "x".repeat(offset));
            let encoded = base64::engine::general_purpose::STANDARD.encode(framed);
            assert!(clean(&encoded).contains(REDACTED), "offset {offset}");
        }
        for form in forms_of(KEY) {
            assert!(!clean(&format!("a {form} b")).contains(&form), "{form}");
        }
    }

    #[test]
    fn named_secrets_go_whoever_owns_them() {
        for (text, wanted) in [
            (
                "https://h/k?q-sign-time=1;2&q-signature=0abc&x=1",
                "https://h/k?q-sign-time=1;2&q-signature=[redacted]&x=1",
            ),
            (
                "https://h/?X-Amz-Credential=AK%2F2023&X-Amz-Date=D",
                "https://h/?X-Amz-Credential=[redacted]&X-Amz-Date=D",
            ),
            ("https://h/k?sign=q-sign-algorithm%3Dsha1", "https://h/k?sign=[redacted]"),
            ("http://user:pass@proxy:3128/", "http://[redacted]@proxy:3128/"),
            ("host=h&x-cos-security-token=TOKEN%2Fabc%2B\n", "host=h&x-cos-security-token=[redacted]\n"),
            ("x-amz-security-token:TOKEN/abc\nhost:h", "x-amz-security-token:[redacted]\nhost:h"),
            ("<SignatureProvided>abc=</SignatureProvided>", "<SignatureProvided>[redacted]</SignatureProvided>"),
            ("<StringToSignBytes>41 57 53</StringToSignBytes>", "<StringToSignBytes>[redacted]</StringToSignBytes>"),
            ("Authorization: q-sign-algorithm=sha1&q-ak=x\nnext", "Authorization: [redacted]\nnext"),
            ("q-ak=AKIDTESTTESTTEST&q-sign-time=1;2", "q-ak=AKID…TEST&q-sign-time=1;2"),
            ("nothing to hide: sha1\n1700000000;1700003600", "nothing to hide: sha1\n1700000000;1700003600"),
        ] {
            assert_eq!(clean(text), wanted);
        }
    }

    proptest! {
        #[test]
        fn a_secret_is_found_wherever_it_stands(before in "[a-z <&?=]{0,20}", after in "[a-z <&?=]{0,20}") {
            for form in forms_of(KEY) {
                let cleaned = clean(&format!("{before}{form}{after}"));
                prop_assert!(!cleaned.contains(&form));
            }
        }
    }
}
