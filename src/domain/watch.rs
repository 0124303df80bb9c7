//! The same requests again and again: which answers are other ones than before.

use std::collections::HashMap;

use super::record::Record;

/// How one request of the plan was answered lately.
#[derive(Clone, Debug, PartialEq, Eq)]
struct LastOutcome {
    status: String,
    code: Option<String>,
    tries: usize,
}

/// What was answered to each request of the plan.
#[derive(Clone, Debug, Default)]
pub struct Watch {
    seen: HashMap<u32, LastOutcome>,
}

/// What an answer is against the one before it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// It is the first.
    First,
    /// It is the same.
    Same,
    /// It is another one.
    Other(Changed),
}

/// The two answers, by their status, or by status and Code where the status is the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changed {
    /// The one before.
    pub before: Answered,
    /// The one now.
    pub now: Answered,
    /// How often the one before came.
    pub tries: usize,
}

/// An answer in short.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answered {
    /// The status, or what stands for it.
    Status(String),
    /// Status and Code, which may be missing.
    Code(String, Option<String>),
}

impl Watch {
    /// Takes the answer to a request, by its place in the plan.
    pub fn take(&mut self, place: u32, record: &Record) -> Change {
        let code = record.error.code.clone();
        let status = record.status_code.map_or_else(|| record.shown_code().to_owned(), |status| status.to_string());
        let now = LastOutcome { status, code, tries: 1 };
        let Some(before) = self.seen.get_mut(&place) else {
            self.seen.insert(place, now);
            return Change::First;
        };
        if before.status == now.status && before.code == now.code {
            before.tries += 1;
            return Change::Same;
        }
        let answered = |seen: &LastOutcome, same_status: bool| {
            if same_status {
                Answered::Code(seen.status.clone(), seen.code.clone())
            } else {
                Answered::Status(seen.status.clone())
            }
        };
        let same_status = before.status == now.status;
        let changed =
            Changed { before: answered(before, same_status), now: answered(&now, same_status), tries: before.tries };
        *before = now;
        Change::Other(changed)
    }
}
