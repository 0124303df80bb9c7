//! What failures of one group share: two records of equal kind failed the same way.

use super::record::Record;
use super::{message_template, target, trace_id};

/// The five parts. Stores of many keys keep numbers in place of texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct FailureKey<T> {
    /// Code as shown.
    pub code: T,
    /// The message without what varies (`domain::message_template`).
    pub shape: T,
    /// The host of the URL.
    pub host: T,
    /// The operation.
    pub operation: T,
    /// Where in the store's code it was made, inferred (`domain::trace_id`); empty when unknown.
    pub site: T,
}

impl<T> FailureKey<T> {
    /// The same with each part made into something else.
    pub fn map<'a, U>(&'a self, make: impl Fn(&'a T) -> U) -> FailureKey<U> {
        FailureKey {
            code: make(&self.code),
            shape: make(&self.shape),
            host: make(&self.host),
            operation: make(&self.operation),
            site: make(&self.site),
        }
    }
}

impl FailureKey<String> {
    /// The kind of a record.
    #[must_use]
    pub fn of(record: &Record) -> Self {
        FailureKey {
            code: record.shown_code().to_owned(),
            shape: message_template::normalize_message(&record.english_message()),
            host: target::host_of(&record.url).to_owned(),
            operation: record.operation.clone(),
            site: trace_id::failure_site_of(record).unwrap_or_default(),
        }
    }
}
