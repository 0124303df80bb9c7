//! Records that were read from files: nothing of them went through an exchange of ours.

use std::borrow::Cow;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::cleaning::{decoded, hide_elements, signed};
use super::plan_secrets::is_secret_header;
use super::texts::Texts;
use super::{Redactor, SHORTEST, signature};
use crate::domain::record::Record;
use crate::domain::redacted::REDACTED;

impl Redactor {
    /// Takes the secrets out of a record that was read from a file: nothing of it went through
    /// a [`Cleaning`](super::Cleaning), so every field is looked at.
    pub fn imported(&self, record: &mut Record) {
        let signature = signature::of(&record.request.headers).map(str::to_owned);
        let signature = signature.as_deref();
        let mut all = Texts::default();
        all.extend(headers(record).flat_map(|(name, value)| [name.as_str(), value.as_str()]));
        all.extend(own(record).map(|text| text.as_str()));
        all.extend(decoded(record).map(|text| text.as_str()));
        all.extend(signed(record).map(|text| text.as_str()));
        let has_sentences = record.diagnosis.is_some() || record.client_failure.is_some() || !record.remarks.is_empty();
        if has_sentences || self.find_in(all, signature).anything() {
            self.search(record, signature);
        }
        record.refuse_methods();
        hide_elements(record);
        for (_, value) in all_headers(record).filter(|(name, _)| is_secret_header(name)) {
            REDACTED.clone_into(value);
        }
    }

    /// Takes out the secrets that the texts of a record may hold.
    fn search(&self, record: &mut Record, signature: Option<&str>) {
        self.by_the_whole(record);
        headers(record).for_each(|(_, value)| self.clean_text(value));
        let clean = |text: &mut String| {
            if let Some(signature) = signature.filter(|signature| text.contains(*signature)) {
                *text = text.replace(signature, REDACTED);
            }
            self.clean_text(text);
        };
        own(record).for_each(clean);
        decoded(record).for_each(clean);
        signed(record).for_each(clean);
        record.remarks.iter_mut().for_each(|remark| self.clean_sentence(remark));
        record.client_failure.iter_mut().for_each(|failure| self.clean_sentence(failure));
        record.diagnosis = record.diagnosis.take().and_then(|diagnosis| self.without_secrets(&diagnosis));
    }

    /// Data without secrets; none where a secret stood for what gives it its shape.
    fn without_secrets<T: Serialize + DeserializeOwned>(&self, data: &T) -> Option<T> {
        let mut value = serde_json::to_value(data).ok()?;
        self.value(&mut value);
        serde_json::from_value(value).ok()
    }

    /// Removes the secrets of a sentence that is data.
    pub(super) fn clean_sentence<T>(&self, data: &mut T)
    where
        T: Serialize + DeserializeOwned + ToString + From<String>,
    {
        *data = self.without_secrets(data).unwrap_or_else(|| self.cleaned(data.to_string()).into());
    }

    /// Removes from the error's elements the words that only the text around them tells to be secret: the
    /// `value` of a `name`.
    fn by_the_whole(&self, record: &mut Record) {
        let Some(body) = &record.body else { return };
        let Cow::Owned(clean) = self.text(body) else { return };
        let error = &mut record.error;
        let parts = [&mut error.code, &mut error.message, &mut error.resource].into_iter().flatten();
        for text in parts.chain(error.others.values_mut()) {
            let own = self.text(text).into_owned();
            let secret = |word: &&str| word.len() >= SHORTEST && body.contains(word) && !clean.contains(word);
            for word in own.split_whitespace().filter(secret) {
                *text = text.replace(word, REDACTED);
                // What it is said of may hold the word too.
                record.client_failure = None;
            }
        }
    }

    /// Every text in a JSON value, whatever its shape.
    fn value(&self, value: &mut serde_json::Value) {
        match value {
            serde_json::Value::String(text) => {
                if let Cow::Owned(clean) = self.text(text) {
                    *text = clean;
                }
            }
            serde_json::Value::Array(values) => values.iter_mut().for_each(|value| self.value(value)),
            serde_json::Value::Object(members) => members.values_mut().for_each(|value| self.value(value)),
            _ => {}
        }
    }
}

fn all_headers(record: &mut Record) -> impl Iterator<Item = &mut (String, String)> {
    record.request.headers.iter_mut().chain(record.headers.iter_mut().flatten())
}

/// The headers that are not secret as a whole.
fn headers(record: &mut Record) -> impl Iterator<Item = &mut (String, String)> {
    all_headers(record).filter(|(name, _)| !is_secret_header(name))
}

/// The texts of a record that [`decoded`] and [`signed`] leave out, since the record of a probe has them from its exchange.
fn own(record: &mut Record) -> impl Iterator<Item = &mut String> {
    let plain = [&mut record.url, &mut record.method, &mut record.operation, &mut record.profile];
    let optional = [
        &mut record.body,
        &mut record.bucket,
        &mut record.region,
        &mut record.remote,
        &mut record.via.connect_to,
        &mut record.via.proxy,
        &mut record.via.proxy_from,
        &mut record.via.ca_file,
    ];
    let in_attempts = record.attempts.iter_mut().map(|attempt| &mut attempt.url);
    plain.into_iter().chain(optional.into_iter().flatten()).chain(in_attempts)
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;
    use crate::domain::client_failure::ClientFailure;
    use crate::domain::record_remark::RecordRemark;

    const KEY: &str = "fakeKEYfakeKEYfakeKEYfakeKEY0123";

    fn record(failure: ClientFailure) -> Record {
        let mut record = Record::imported("import:x:1".to_owned(), Timestamp::UNIX_EPOCH);
        record.error.message = Some(failure.to_string());
        record.client_failure = Some(failure);
        record.remarks =
            vec![RecordRemark::SentElsewhere { server: None, location: format!("https://h.example.com/?key={KEY}") }];
        record
    }

    #[test]
    fn the_data_of_a_sentence_holds_no_secret_either() {
        let cause = format!("reset by {KEY}");
        let mut clean = record(ClientFailure::NotHttp { cause });
        Redactor::new([KEY]).imported(&mut clean);
        assert!(!serde_json::to_string(&clean).expect("JSON").contains(KEY), "{clean:?}");
        assert_eq!(clean.client_failure, Some(ClientFailure::NotHttp { cause: format!("reset by {REDACTED}") }));
        assert!(
            matches!(&clean.remarks[0], RecordRemark::SentElsewhere { location, .. } if location.contains(REDACTED))
        );
    }

    /// Where a secret is the name of a variant the sentence is left.
    #[test]
    fn data_that_cannot_be_read_without_its_secrets_becomes_its_sentence() {
        let failure = ClientFailure::NotHttp { cause: "x".to_owned() };
        let mut clean = record(failure.clone());
        Redactor::new(["not-http"]).imported(&mut clean);
        assert_eq!(clean.client_failure, Some(ClientFailure::Told(failure.to_string())));
    }
}
