//! The one place where secrets are removed, before a record is made. Nothing later can leak what
//! never got in.
//!
//! Two ways at once: by value (every secret this run knows, in the clear, percent-encoded, base64,
//! hex or XML-escaped) and by name (headers, URL parameters and body elements that carry secrets,
//! whoever's they are). Times such as `q-sign-time` stay: they diagnose.

mod by_name;
mod filter;
mod imported;
mod plan_secrets;
mod signature;
mod unescape;

use std::borrow::Cow;
use std::ops::Range;

use aho_corasick::AhoCorasick;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;

use crate::domain::exchange::{self, BODY_KEPT, Exchange, HEADERS_KEPT, Headers, Response};
use crate::domain::probe::Probe;
use crate::domain::redacted::REDACTED;
use filter::{Filter, SHORTEST, SHORTEST_BROKEN, any_reading};
pub(super) use plan_secrets::PlanSecrets;
use plan_secrets::is_secret_header;
use unescape::Unescaped;

use crate::domain::percent;
use crate::domain::profile::Proxies;
use crate::domain::record::Record;
use crate::sign::hex;

/// A session token is far shorter than this.
const LONGEST: usize = 4096;
/// As many bytes as a character may take that is escaped, such as `&#x0000002b;` or `%25252B`.
const ESCAPED: usize = 12;
/// Stands between two texts: part of no secret, of no name and of no escape.
const GAP: u8 = 1;

/// Removes secrets from everything an exchange holds.
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

    /// A record without secrets: what was decoded on the way from the exchange is looked at again, and so is what was
    /// signed.
    #[must_use]
    pub fn record(&self, mut record: Record) -> Record {
        hide_elements(&mut record);
        let said: Vec<_> = record.remarks.iter().map(ToString::to_string).collect();
        let texts = derived(&mut record).map(|text| text.as_str()).chain(said.iter().map(String::as_str));
        if self.find_in(texts, None).secret {
            derived(&mut record).for_each(|text| self.clean_text(text));
            record.remarks.iter_mut().for_each(|remark| self.clean_sentence(remark));
        }
        record
    }

    /// What these texts may hold. They are looked through together: nearly none holds anything, and to ask each takes as
    /// long as to sign and send the request.
    fn find_in<'a>(&self, texts: impl Iterator<Item = &'a str>, signature: Option<&str>) -> MayHold {
        let mut all = Vec::with_capacity(2 * 1024);
        for text in texts {
            all.extend_from_slice(text.as_bytes());
            all.push(GAP);
        }
        let mut has_signature = false;
        let is_sought = self.known.is_some() || signature.is_some();
        let is_known = is_sought
            && any_reading(&all, |reading| {
                has_signature |= signature.is_some_and(|signature| signature::may_stand_in(reading, signature));
                self.filter.may_hold(reading)
            });
        all.make_ascii_lowercase();
        // The search ends at a known secret, perhaps before the signature.
        MayHold { signature: has_signature || is_known, secret: is_known || by_name::may_name(&all) }
    }

    /// An exchange without secrets, its headers capped at [`HEADERS_KEPT`] bytes.
    #[must_use]
    pub fn exchange(&self, mut exchange: Exchange) -> Exchange {
        if let Some(response) = exchange.response.as_mut().filter(|response| response.truncated) {
            // A secret cut in half at the end of what was read would not be recognised.
            response.body.truncate(response.body.len().saturating_sub(LONGEST));
        }
        let signature = signature::of(&exchange.request_headers);
        let body = exchange.response.as_ref().map(|response| exchange::text(&response.body));
        let said = exchange.exception.as_ref().map(|exception| exception.failure.to_string());
        let found = self.find_in(texts(&exchange).chain(said.as_deref()).chain(body.as_deref()), signature);
        drop(body);
        if let (Some(signature), Some(response), true) = (signature, &mut exchange.response, found.signature) {
            Self::new([signature]).clean_response(response, Self::without_known);
        }
        if found.secret {
            self.clean_text(&mut exchange.url);
            exchange.request_headers.iter_mut().for_each(|header| self.clean_header(header, Self::text));
            if let Some(exception) = &mut exchange.exception {
                self.clean_sentence(&mut exception.failure);
            }
            if let Some(response) = &mut exchange.response {
                self.clean_response(response, Self::text);
            }
        }
        cap(&mut exchange.request_headers);
        if let Some(response) = &mut exchange.response {
            response.headers_cut = cap(&mut response.headers);
            if response.body.len() > BODY_KEPT {
                response.body.truncate(BODY_KEPT);
                response.truncated = true;
            }
        }
        exchange
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

/// What texts may hold. They may hold none of it, but nothing else.
struct MayHold {
    /// The signature of the exchange.
    signature: bool,
    /// A value that this run knows, or one that is told by its name.
    secret: bool,
}

/// The texts of an exchange, without its body, its failure and the headers that are secret as a whole.
fn texts(exchange: &Exchange) -> impl Iterator<Item = &str> {
    let arrived = exchange.response.iter().flat_map(|response| &response.headers);
    let headers = exchange.request_headers.iter().chain(arrived).filter(|(name, _)| !is_secret_header(name));
    std::iter::once(exchange.url.as_str()).chain(headers.flat_map(|(name, value)| [name.as_str(), value.as_str()]))
}

/// The texts of a record that are not in its exchanges as they are; its remarks are data.
fn derived(record: &mut Record) -> impl Iterator<Item = &mut String> {
    let (error, sent) = (&mut record.error, &mut record.request);
    let optional = [
        &mut error.code,
        &mut error.message,
        &mut error.request_id,
        &mut error.resource,
        &mut error.trace_id,
        &mut record.key,
        &mut sent.canonical_request,
        &mut sent.string_to_sign,
    ];
    let of_twin = record.twin.iter_mut().flat_map(|twin| [&mut twin.canonical_request, &mut twin.string_to_sign]);
    let ids = record.request_id.iter_mut().map(|id| &mut id.value);
    let of_attempts = record.attempts.iter_mut().filter_map(|attempt| attempt.request_id.as_mut());
    let optional = optional.into_iter().chain(of_twin).flatten();
    optional.chain(error.others.values_mut()).chain(ids).chain(of_attempts)
}

/// Hides the elements of a body whose names tell that they are secret.
fn hide_elements(record: &mut Record) {
    for (_, text) in record.error.others.iter_mut().filter(|(name, _)| by_name::is_secret_element(name)) {
        REDACTED.clone_into(text);
    }
}

/// Hides the values of secret headers, and drops headers beyond [`HEADERS_KEPT`] bytes. Returns whether some were.
fn cap(headers: &mut Headers) -> bool {
    let (arrived, mut left) = (headers.len(), HEADERS_KEPT);
    headers.retain_mut(|(name, value)| {
        if is_secret_header(name) {
            REDACTED.clone_into(value);
        }
        if let Some(rest) = left.checked_sub(name.len() + value.len()) {
            left = rest;
            return true;
        }
        // What identifies the answer is kept whatever stands before it.
        let is_id = name.ends_with("-request-id") || name.ends_with("-requestid");
        (is_id || matches!(name.as_str(), "date" | "server")) && value.len() <= 512
    });
    headers.len() < arrived
}

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

    fn exchange() -> Exchange {
        Exchange {
            time: jiff::Timestamp::UNIX_EPOCH,
            method: "GET".to_owned(),
            url: "https://host/key".to_owned(),
            request_headers: Headers::new(),
            response: None,
            exception: None,
            timing: crate::domain::exchange::Timing::default(),
            remote: None,
        }
    }

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

    #[test]
    fn secret_headers_keep_their_name_only() {
        let headers = vec![
            ("authorization".to_owned(), "x".to_owned()),
            ("x-cos-security-token".to_owned(), "y".to_owned()),
            ("x-cos-server-side-encryption-customer-key".to_owned(), "z".to_owned()),
            ("x-echo".to_owned(), KEY.to_owned()),
            ("date".to_owned(), "now".to_owned()),
        ];
        let exchange = Redactor::new([KEY]).exchange(Exchange { request_headers: headers, ..exchange() });
        let values: Vec<_> = exchange.request_headers.into_iter().map(|(_, value)| value).collect();
        assert_eq!(values, [REDACTED, REDACTED, REDACTED, REDACTED, "now"]);
    }

    proptest! {
        // To look through all texts at once must find what is found in each by itself.
        #[test]
        fn an_exchange_is_cleaned_as_each_of_its_texts_is(
            texts in prop::collection::vec("[a-z:=&%<>@\"\n -]{0,30}", 5),
            form: prop::sample::Index,
            named in prop::sample::select(vec!["", "token=abcdefghijklmnop", "AKIDfakeIDfakeIDfake", "http://u:pass@h/"]),
            how in 0..4usize,
            place in 0..5usize,
            is_there: bool,
        ) {
            let forms = forms_of(KEY);
            let secret = form.get(&forms);
            let planted = match how {
                0 => secret.clone(),
                1 => percent::component(&percent::component(secret)),
                2 => secret.replace('&', "&amp;").replace('/', "&#47;"),
                _ => [&secret[..9], "\n", &secret[9..]].concat(),
            };
            let mut texts = texts;
            texts[place].push_str(if is_there { &planted } else { named });
            let redactor = Redactor::new([KEY]);
            let headers = vec![("x-one".to_owned(), texts[1].clone()), ("x-two".to_owned(), texts[2].clone())];
            let response = Response {
                headers: vec![("server".to_owned(), texts[3].clone())],
                body: texts[4].clone().into_bytes(),
                ..Response::default()
            };
            let whole = Exchange { url: texts[0].clone(), request_headers: headers, response: Some(response), ..exchange() };
            let clean = redactor.exchange(whole);
            let response = clean.response.expect("it stays");
            let got = [
                clean.url,
                clean.request_headers[0].1.clone(),
                clean.request_headers[1].1.clone(),
                response.headers[0].1.clone(),
                String::from_utf8(response.body).expect("a text"),
            ];
            for (text, got) in texts.iter().zip(&got) {
                prop_assert_eq!(&redactor.text(text).into_owned(), got);
            }
        }

        #[test]
        fn a_secret_is_found_wherever_it_stands(before in "[a-z <&?=]{0,20}", after in "[a-z <&?=]{0,20}") {
            for form in forms_of(KEY) {
                let cleaned = clean(&format!("{before}{form}{after}"));
                prop_assert!(!cleaned.contains(&form));
            }
        }
    }
}
