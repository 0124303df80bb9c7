//! What one probe brought, without its secrets: its exchanges first, then the record that is made of them.

use memchr::memchr_iter;

use super::filter::has_escape;
use super::plan_secrets::is_secret_header;
use super::texts::Texts;
use super::{LONGEST, Redactor, by_name, signature};
use crate::domain::classify::Signing;
use crate::domain::exchange::{self, BODY_KEPT, Exchange, HEADERS_KEPT, Headers};
use crate::domain::record::Record;
use crate::domain::redacted::REDACTED;

/// Most error documents are shorter, in bytes.
const SHORT: usize = 4096;

/// The cleaning of one probe.
pub struct Cleaning<'a> {
    redactor: &'a Redactor,
    /// No text of the exchanges so far, and none that was signed for them, may hold a secret.
    is_clean: bool,
}

impl<'a> Cleaning<'a> {
    /// Begins with a probe.
    #[must_use]
    pub fn new(redactor: &'a Redactor) -> Self {
        Self { redactor, is_clean: true }
    }

    /// Exchanges without secrets, their headers capped at [`HEADERS_KEPT`] bytes. `signing` is what was signed for them.
    #[must_use]
    pub fn exchanges(&mut self, sent: Vec<Exchange>, signing: &Signing) -> Vec<Exchange> {
        sent.into_iter().map(|exchange| self.exchange(exchange, signing)).collect()
    }

    fn exchange(&mut self, mut exchange: Exchange, signing: &Signing) -> Exchange {
        if let Some(response) = exchange.response.as_mut().filter(|response| response.truncated) {
            // A secret cut in half at the end of what was read would not be recognised.
            response.body.truncate(response.body.len().saturating_sub(LONGEST));
        }
        let redactor = self.redactor;
        let signature = signature::of(&exchange.request_headers);
        let mut all = Texts::default();
        all.extend(texts(&exchange));
        all.extend(exchange.exception.as_ref().map(|exception| exception.failure.to_string()).as_deref());
        all.extend(exchange.response.as_ref().map(|response| exchange::text(&response.body)).as_deref());
        all.extend([&signing.canonical_request, &signing.string_to_sign].into_iter().flatten().map(String::as_str));
        let found = redactor.find_in(all, signature);
        self.is_clean &= !found.anything();
        if let (Some(signature), Some(response), true) = (signature, &mut exchange.response, found.signature) {
            Redactor::new([signature]).clean_response(response, Redactor::without_known);
        }
        if found.secret {
            redactor.clean_text(&mut exchange.url);
            exchange.request_headers.iter_mut().for_each(|header| redactor.clean_header(header, Redactor::text));
            if let Some(exception) = &mut exchange.exception {
                redactor.clean_sentence(&mut exception.failure);
            }
            if let Some(response) = &mut exchange.response {
                redactor.clean_response(response, Redactor::text);
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

    /// The record of the exchanges without secrets: what was decoded on the way is looked at again, and where there was
    /// anything to hide, so is what was signed.
    #[must_use]
    pub fn record(&self, mut record: Record) -> Record {
        hide_elements(&mut record);
        let redactor = self.redactor;
        let mut all = Texts::default();
        let (url, body) = (std::mem::take(&mut record.url), record.body.take());
        // What stands in a text as it is was looked at with the text.
        let seen = |text: &&str| body.as_ref().is_some_and(|body| is_part(text, body)) || is_part(text, &url);
        all.extend(decoded(&mut record).map(|text| text.as_str()).filter(|text| !(self.is_clean && seen(text))));
        all.extend(signed(&mut record).map(|text| text.as_str()).filter(|_| !self.is_clean));
        (record.url, record.body) = (url, body);
        for remark in &record.remarks {
            all.push(&remark.to_string());
        }
        if redactor.find_in(all, None).secret {
            decoded(&mut record).for_each(|text| redactor.clean_text(text));
            signed(&mut record).for_each(|text| redactor.clean_text(text));
            record.remarks.iter_mut().for_each(|remark| redactor.clean_sentence(remark));
        }
        record
    }
}

/// Whether a text stands in another one as it is. One with escapes reads otherwise where its beginning is cut off.
/// Of a long one that is not asked: to look at the text again takes less.
fn is_part(text: &str, of: &str) -> bool {
    let (text, of) = (text.as_bytes(), of.as_bytes());
    let Some(first) = text.first().filter(|_| of.len() <= SHORT && !has_escape(text)) else { return text.is_empty() };
    // To prepare a search takes longer than this one.
    memchr_iter(*first, of).any(|at| of[at..].starts_with(text))
}

/// The texts of an exchange, without its body, its failure and the headers that are secret as a whole.
fn texts(exchange: &Exchange) -> impl Iterator<Item = &str> {
    let arrived = exchange.response.iter().flat_map(|response| &response.headers);
    let headers = exchange.request_headers.iter().chain(arrived).filter(|(name, _)| !is_secret_header(name));
    std::iter::once(exchange.url.as_str()).chain(headers.flat_map(|(name, value)| [name.as_str(), value.as_str()]))
}

/// The texts of a record that were decoded from its exchanges or taken from a text of theirs; its remarks are data.
pub fn decoded(record: &mut Record) -> impl Iterator<Item = &mut String> {
    let error = &mut record.error;
    let optional = [
        &mut error.code,
        &mut error.message,
        &mut error.request_id,
        &mut error.resource,
        &mut error.trace_id,
        &mut record.key,
    ];
    let ids = record.request_id.iter_mut().map(|id| &mut id.value);
    let of_attempts = record.attempts.iter_mut().filter_map(|attempt| attempt.request_id.as_mut());
    optional.into_iter().flatten().chain(error.others.values_mut()).chain(ids).chain(of_attempts)
}

/// The texts of a record that were signed.
pub fn signed(record: &mut Record) -> impl Iterator<Item = &mut String> {
    let sent = &mut record.request;
    let own = [&mut sent.canonical_request, &mut sent.string_to_sign];
    let of_twin = record.twin.iter_mut().flat_map(|twin| [&mut twin.canonical_request, &mut twin.string_to_sign]);
    own.into_iter().chain(of_twin).flatten()
}

/// Hides the elements of a body whose names tell that they are secret.
pub fn hide_elements(record: &mut Record) {
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::forms_of;
    use super::*;
    use crate::domain::error_document;
    use crate::domain::exchange::Response;
    use crate::domain::percent;

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

    fn clean(redactor: &Redactor, exchange: Exchange) -> Exchange {
        Cleaning::new(redactor).exchange(exchange, &Signing::default())
    }

    /// A secret as a server may give it back.
    fn planted(secret: &str, how: usize) -> String {
        match how {
            0 => secret.to_owned(),
            1 => percent::component(&percent::component(secret)),
            2 => secret.replace('&', "&amp;").replace('/', "&#47;"),
            _ => [&secret[..9], "\n", &secret[9..]].concat(),
        }
    }

    /// Texts, one of which holds a secret, known by value or by its name.
    fn with_a_secret(count: usize, texts: &'static str) -> impl Strategy<Value = Vec<String>> {
        let named =
            prop::sample::select(vec!["", "token=abcdefghijklmnop", "AKIDfakeIDfakeIDfake", "http://u:pass@h/"]);
        let form = (prop::sample::select(forms_of(KEY)), 0..4usize).prop_map(|(form, how)| planted(&form, how));
        let secret = prop_oneof![form, named.prop_map(str::to_owned)];
        (prop::collection::vec(texts, count), secret, 0..count).prop_map(|(mut texts, secret, place)| {
            texts[place].push_str(&secret);
            texts
        })
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
        let exchange = clean(&Redactor::new([KEY]), Exchange { request_headers: headers, ..exchange() });
        let values: Vec<_> = exchange.request_headers.into_iter().map(|(_, value)| value).collect();
        assert_eq!(values, [REDACTED, REDACTED, REDACTED, REDACTED, "now"]);
    }

    proptest! {
        // To look through all texts at once must find what is found in each by itself.
        #[test]
        fn an_exchange_is_cleaned_as_each_of_its_texts_is(
            texts in with_a_secret(5, "[a-z:=&%<>@\"\n -]{0,30}"),
        ) {
            let redactor = Redactor::new([KEY]);
            let headers = vec![("x-one".to_owned(), texts[1].clone()), ("x-two".to_owned(), texts[2].clone())];
            let response = Response {
                headers: vec![("server".to_owned(), texts[3].clone())],
                body: texts[4].clone().into_bytes(),
                ..Response::default()
            };
            let whole = Exchange { url: texts[0].clone(), request_headers: headers, response: Some(response), ..exchange() };
            let clean = clean(&redactor, whole);
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

        // What is not looked at again must be what a second look would leave as it is.
        #[test]
        fn a_record_holds_nothing_that_a_second_look_would_hide(
            texts in with_a_secret(4, "[a-z:=%@\" -]{0,30}"),
        ) {
            let [code, message, resource, canonical] = texts.as_slice() else { unreachable!("four texts") };
            let body = format!(
                "<Error><Code>{code}</Code><Message>{message}</Message><Resource>{resource}</Resource></Error>"
            );
            let response = Response { status: 403, body: body.into_bytes(), ..Response::default() };
            let redactor = Redactor::new([KEY]);
            let mut cleaning = Cleaning::new(&redactor);
            let signing = Signing { canonical_request: Some(canonical.clone()), string_to_sign: None };
            let exchanges = cleaning.exchanges(vec![Exchange { response: Some(response), ..exchange() }], &signing);
            let response = exchanges[0].response.as_ref().expect("it stays");
            let document = error_document::parse(&response.body);
            let mut record = Record::imported(String::new(), jiff::Timestamp::UNIX_EPOCH);
            record.body = Some(String::from_utf8(response.body.clone()).expect("a text"));
            (record.error.code, record.error.message) = (document.code, document.message);
            record.error.resource = document.resource;
            record.request.canonical_request = signing.canonical_request;
            let mut record = cleaning.record(record);
            for text in decoded(&mut record) {
                prop_assert_eq!(&redactor.text(text).into_owned(), text);
            }
            for text in signed(&mut record) {
                prop_assert_eq!(&redactor.text(text).into_owned(), text);
            }
        }
    }
}
