//! What GET ?versions&prefix=KEY says of one key: whether anything of it is there, and what the newest is.

use quick_xml::Reader;
use quick_xml::events::Event;

use crate::domain::record::{Outcome, Record};

/// What the store has of a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Newest {
    /// No version and no delete marker.
    Nothing,
    /// A version: the object is there.
    Version,
    /// A delete marker hides what is older.
    DeleteMarker,
}

/// One `Version` or `DeleteMarker`.
#[derive(Default)]
struct Entry {
    is_marker: bool,
    key: String,
    is_latest: bool,
}

/// The newest of a key in the record of a list of versions. `None` where the list does not tell: it was refused,
/// broke off, or names the key without its newest version.
#[must_use]
pub fn newest(record: &Record, key: &str) -> Option<Newest> {
    let body = record.body.as_deref().filter(|_| record.outcome == Outcome::Success && !record.body_truncated)?;
    let own: Vec<_> = entries(body)?.into_iter().filter(|entry| entry.key == key).collect();
    if own.is_empty() {
        return Some(Newest::Nothing);
    }
    let latest = own.iter().find(|entry| entry.is_latest)?;
    Some(if latest.is_marker { Newest::DeleteMarker } else { Newest::Version })
}

/// The entries of a whole list. Keys with a common beginning stand in order, the shortest first, so that a list
/// of more keys than were asked for still has the one that is all of the prefix.
fn entries(body: &str) -> Option<Vec<Entry>> {
    let mut reader = Reader::from_str(body);
    let mut path: Vec<String> = Vec::new();
    let mut all: Vec<Entry> = Vec::new();
    loop {
        match reader.read_event().ok()? {
            Event::Start(element) => {
                let name = element.local_name().as_ref().to_owned();
                path.push(name);
                let is_entry = path.len() == 2 && matches!(path[1].as_str(), "Version" | "DeleteMarker");
                all.extend(is_entry.then(|| Entry { is_marker: path[1] == "DeleteMarker", ..Entry::default() }));
            }
            Event::End(_) => {
                path.pop();
            }
            Event::Text(text) => add(&path, &mut all, &text.xml10_content()),
            Event::CData(text) => add(&path, &mut all, &text.xml10_content()),
            Event::GeneralRef(reference) => {
                let named =
                    || quick_xml::escape::resolve_predefined_entity(&reference.xml10_content()).map(str::to_owned);
                let letter = reference.resolve_char_ref().ok().flatten().map(String::from).or_else(named)?;
                add(&path, &mut all, &letter);
            }
            Event::Eof => return path.is_empty().then_some(all),
            _ => {}
        }
    }
}

fn add(path: &[String], all: &mut [Entry], text: &str) {
    let [_, kind, field] = path else { return };
    let Some(entry) = all.last_mut().filter(|_| matches!(kind.as_str(), "Version" | "DeleteMarker")) else { return };
    match field.as_str() {
        "Key" => entry.key.push_str(text),
        "IsLatest" => entry.is_latest = text.trim() == "true",
        _ => {}
    }
}
