//! `--watch`: the same requests again and again, and what changes.

use std::collections::HashMap;

use jiff::tz::TimeZone;

use crate::domain::record::Record;

/// How one request of the plan was answered lately.
struct Seen {
    status: String,
    code: Option<String>,
    tries: usize,
}

/// What was answered to each request of the plan.
#[derive(Default)]
pub struct Watch {
    seen: HashMap<u32, Seen>,
}

impl Watch {
    /// Takes the answer to a request, by its place in the plan. When it is another answer than the
    /// last one, says so: `403 -> 200 at 12:03:11 after 14 tries: head-bucket photos-1250000000`.
    pub fn take(&mut self, place: u32, record: &Record, zone: &TimeZone) -> Change {
        let code = record.error.code.clone();
        let status = record.status_code.map_or_else(|| record.shown_code().to_owned(), |status| status.to_string());
        let now = Seen { status, code, tries: 1 };
        let Some(before) = self.seen.get_mut(&place) else {
            self.seen.insert(place, now);
            return Change::First;
        };
        if before.status == now.status && before.code == now.code {
            before.tries += 1;
            return Change::None;
        }
        let (old, new) = if before.status == now.status {
            (with_code(before), with_code(&now))
        } else {
            (before.status.clone(), now.status.clone())
        };
        let at = record.time.to_zoned(zone.clone()).strftime("%H:%M:%S").to_string();
        let tries = if before.tries == 1 { "1 try".to_owned() } else { format!("{} tries", before.tries) };
        *before = now;
        Change::Said(format!("{old} -> {new} at {at} after {tries}: {} {}", record.operation, record.target()))
    }
}

/// What an answer is against the one before it.
#[derive(Debug, PartialEq, Eq)]
pub enum Change {
    /// It is the first.
    First,
    /// It is the same.
    None,
    /// It is another one; in words.
    Said(String),
}

fn with_code(seen: &Seen) -> String {
    format!("{} {}", seen.status, seen.code.as_deref().unwrap_or("without a code"))
}
