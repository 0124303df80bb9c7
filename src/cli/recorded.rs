//! Reads failures from the history, and counts those that cannot be read.

use super::status::{language, status};
use crate::domain::record::Record;
use crate::i18n::{Localize, tell};
use crate::store::history::{History, HistoryKey};

/// The records behind these keys, numbered by their places among them: what was said by a number in
/// its own session says nothing here. What cannot be read is counted and said once.
pub fn records<'a>(
    history: &'a History,
    keys: &'a [HistoryKey],
    broken: &'a mut Broken,
) -> impl Iterator<Item = Record> + 'a {
    (1..).zip(keys).filter_map(|(id, key)| match history.read(*key) {
        Ok(record) => Some(Record { id, ..record? }),
        Err(error) => {
            broken.count += 1;
            broken.first.get_or_insert_with(|| error.localize(language()));
            None
        }
    })
}

/// Failures that could not be read.
#[derive(Default)]
pub struct Broken {
    count: usize,
    first: Option<String>,
}

impl Broken {
    /// Reports them in one line, if there are any.
    pub fn say(&self) {
        if let Some(first) = &self.first {
            status(&tell!(language(), "%{n} failures could not be read: %{first}", n = self.count, first = first));
        }
    }
}
