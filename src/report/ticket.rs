//! The support ticket: what a person pastes for those who can look into the store's own logs. Composed
//! for one failure, for many in their kinds, or for one that has no `RequestId`, with what it lacks.
//!
//! Records are redacted already. What this machine is and who asks comes in as [`Facts`].

mod again;
mod checklist;
mod collected;
mod facts;
mod network;
mod single;
mod store_clock;
mod strings;
mod summary;
mod writer;

use checklist::Checklist;
use collected::Collected;
pub use facts::{Facts, Keys, Who, proxy_hosts};
use strings::{Strings, fill};
use writer::Writer;

use crate::domain::record::Record;

/// A ticket in the making: records go in, one text comes out. Its memory is bounded, however many
/// records there are.
#[derive(Debug, Default)]
pub struct Ticket(Collected);

impl Ticket {
    /// Takes a record. Successes tell how often it fails.
    pub fn add(&mut self, record: &Record) {
        self.0.add(record);
    }

    /// Failures taken.
    #[must_use]
    pub fn failures(&self) -> usize {
        self.0.failed
    }

    /// The text, and how complete it is. `None` without a failure.
    #[must_use]
    pub fn compose(&self, facts: &Facts) -> Option<Composed> {
        let (collected, strings) = (&self.0, Strings::of(facts.language));
        let mut writer = Writer::new(&strings.colon);
        let checklist = match (collected.failed, collected.clusters.as_slice()) {
            (0, _) => return None,
            (1, [cluster]) => single::compose(&cluster.sample, collected.often(cluster), facts, strings, &mut writer),
            _ => summary::compose(collected, facts, strings, &mut writer),
        };
        end(&mut writer, &checklist, strings);
        let missing = checklist.missing().map(|how| how.split([':', '：']).next().unwrap_or(how).to_owned()).collect();
        Some(Composed { text: writer.text().to_owned(), there: checklist.there(), wanted: checklist.wanted(), missing })
    }
}

/// A ticket's text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Composed {
    /// The text, ending in a line feed.
    pub text: String,
    /// What it has of what support asks for.
    pub there: usize,
    /// What support asks for.
    pub wanted: usize,
    /// What is not there, each in a few words.
    pub missing: Vec<String>,
}

/// What was removed, and what is missing.
fn end(writer: &mut Writer, checklist: &Checklist<'_>, strings: &Strings) {
    writer.heading(&strings.redaction);
    writer.item(&strings.redaction_value);
    let (there, all) = (checklist.there().to_string(), checklist.wanted().to_string());
    let bar = "■".repeat(checklist.there()) + &"□".repeat(checklist.wanted() - checklist.there());
    writer.heading(&format!("{}  {bar}", fill(&strings.checklist, &[("there", &there), ("all", &all)])));
    let mut missing = checklist.missing().peekable();
    writer.line(if missing.peek().is_none() { &strings.missing_none } else { &strings.missing_title });
    for how in missing {
        writer.item(how);
    }
}
