//! Records that were read from files: nothing of them went through an exchange of ours.

use std::borrow::Cow;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::{Redactor, SHORTEST, is_secret_header, signature};
use crate::domain::record::Record;
use crate::domain::redacted::REDACTED;

impl Redactor {
    /// A record that was read from a file, without secrets: nothing of it went through
    /// [`Self::exchange`], so every field is looked at.
    #[must_use]
    pub fn imported(&self, mut record: Record) -> Record {
        self.by_the_whole(&mut record);
        let sent = &mut record.request;
        let signature = signature::of(&sent.headers).map(str::to_owned);
        for (name, value) in sent.headers.iter_mut().chain(record.headers.iter_mut().flatten()) {
            if is_secret_header(name) {
                REDACTED.clone_into(value);
            } else if let Cow::Owned(clean) = self.text(value) {
                *value = clean;
            }
        }
        let attempts = record.attempts.iter_mut().map(|attempt| &mut attempt.url);
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
            &mut sent.canonical_request,
            &mut sent.string_to_sign,
        ];
        for text in plain.into_iter().chain(attempts).chain(optional.into_iter().flatten()) {
            if let Some(signature) = signature.as_deref().filter(|signature| text.contains(*signature)) {
                *text = text.replace(signature, REDACTED);
            }
            if let Cow::Owned(clean) = self.text(text) {
                *text = clean;
            }
        }
        record.refuse_methods();
        record.diagnosis = record.diagnosis.and_then(|diagnosis| self.without_secrets(&diagnosis));
        record.client_failure.iter_mut().for_each(|failure| self.clean_sentence(failure));
        self.record(record)
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
