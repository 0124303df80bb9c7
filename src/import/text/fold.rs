//! Prints of one failure become one row: by their id wherever they stand, else where they stand together.

use std::collections::{HashMap, HashSet, VecDeque};

use super::assemble::Failure;
use super::block;
use super::time::{self, Printed};
use super::told::Told;
use crate::domain::dialect::Dialect;
use crate::domain::record_remark::RecordRemark;
use crate::domain::vocabulary;

/// Failures held back so that later prints can join them. What was handed on is known by its id alone.
const HELD: usize = 512;
/// Lines that may stand between two prints of one failure without an id.
const NEAR: u64 = 8;
/// Seconds between them.
const SOON: i64 = 2;

/// A failure, and where it was printed.
#[derive(Debug)]
pub struct Print {
    pub failure: Failure,
    /// The unwrapped text that it stands in.
    pub text: String,
    /// The lines where it begins, one for each print.
    pub at: Vec<u64>,
    /// The last line of its last print.
    pub last: u64,
    /// The time that stands next to it.
    pub printed: Option<Printed>,
    /// Whose store the words around it speak of.
    pub words: Option<Dialect>,
    /// What stands in front of it in its line, without what changes from line to line.
    statement: String,
    /// It begins with an entry of a logger.
    is_entry: bool,
}

impl Print {
    /// Makes a print of a failure in an unwrapped text; `source` is the same text as it was.
    pub fn new(failure: Failure, text: &str, source: &str, first: u64, last: u64) -> Self {
        let at = (0..=failure.told.at.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
        let line = text[..at].rsplit('\n').next().unwrap_or_default();
        let words = line
            .split([' ', '/', '"', '\''])
            .filter(|word| !word.bytes().any(|byte| byte.is_ascii_digit()) && !word.contains('.'));
        let statement = words.collect::<Vec<_>>().join(" ");
        let is_entry = text[..at].lines().chain(text[at..].lines().take(1)).any(block::begins_entry);
        Self {
            words: vocabulary::dialect(text.get(..text.len().min(8192)).unwrap_or(text)),
            printed: time::near(text, at).or_else(|| time::near(source, 0)),
            failure,
            text: text.to_owned(),
            at: vec![first],
            last,
            statement,
            is_entry,
        }
    }

    fn id(&self) -> Option<&str> {
        self.failure.told.request_id.as_deref()
    }

    fn add(&mut self, next: Self) {
        if !self.is_continued_by(&next) {
            self.at.extend(&next.at);
        }
        self.last = self.last.max(next.last);
        let (own, other) = (&mut self.failure.told, next.failure.told);
        // The closer words of the two: a document's, or those of the one that has a Code.
        let own_is_richer = strong(own).is_some() || own.request_id.is_some() && other.code.is_none();
        let at = own.at;
        if own_is_richer || other.code.is_none() {
            own.fill(other);
        } else {
            let first = std::mem::replace(own, other);
            own.fill(first);
        }
        own.at = at;
        self.words = self.words.or(next.words);
        self.failure.is_told |= next.failure.is_told;
    }

    /// Whether the next print is of this same failure where no id tells it.
    fn is_of_the_same(&self, next: &Self) -> bool {
        let has_two_ids = self.id().is_some() && next.id().is_some();
        let may_be = !has_two_ids && self.is_near(next) && !self.contradicts(next) && !self.is_repeated_by(next);
        may_be && (self.agrees(next) || self.goes_on_with(next))
    }

    fn is_near(&self, next: &Self) -> bool {
        let apart = |(one, two): (Printed, Printed)| (two.time.as_second() - one.time.as_second()).abs();
        let is_soon = self.printed.zip(next.printed).is_none_or(|times| apart(times) <= SOON);
        next.at[0].saturating_sub(self.last) <= NEAR && is_soon
    }

    /// What the two tell cannot be about one request.
    fn contradicts(&self, next: &Self) -> bool {
        fn differ<T: PartialEq>(one: Option<T>, two: Option<T>) -> bool {
            one.zip(two).is_some_and(|(one, two)| one != two)
        }
        let (own, other) = (&self.failure.told, &next.failure.told);
        differ(strong(own), strong(other))
            || differ(own.operation.as_ref(), other.operation.as_ref())
            || differ(own.resource.as_ref(), other.resource.as_ref())
            || differ(own.url.as_ref(), other.url.as_ref())
            || differ(network(own), network(other))
            || differ(own.status, other.status)
            || own.is_bare != other.is_bare
            || is_unsent(own) && has_answer(other)
            || has_answer(own) && is_unsent(other)
    }

    /// The same statement of a program printed the same again: that is another request.
    fn is_repeated_by(&self, next: &Self) -> bool {
        let (own, other) = (&self.failure.told, &next.failure.told);
        let is_alike = strong(own) == strong(other)
            && network(own) == network(other)
            && own.status == other.status
            && own.kind == other.kind
            && (own.message == other.message || strong(own).is_some() || own.network.is_some());
        self.statement == next.statement && is_alike
    }

    /// Both tell the same Code, cause or words; or the same status, and one of them nothing else.
    fn agrees(&self, next: &Self) -> bool {
        let (own, other) = (&self.failure.told, &next.failure.told);
        let is_same_status = own.status.is_some() && own.status == other.status && (is_empty(own) || is_empty(other));
        self.means(next) || is_same_status
    }

    fn means(&self, next: &Self) -> bool {
        let (own, other) = (&self.failure.told, &next.failure.told);
        let is_equal = |of: fn(&Told) -> Option<&str>| of(own).is_some() && of(own) == of(other);
        is_equal(meaning)
            || is_equal(|told| told.message.as_deref())
            || own.network.is_some() && other.network.is_some()
    }

    /// The next one is another part of the same print: the body below its head, or what the two do not both tell.
    fn is_continued_by(&self, next: &Self) -> bool {
        let (own, other) = (&self.failure.told, &next.failure.told);
        let is_body = !own.headers.is_empty() && own.body.is_none() && other.body.is_some();
        !next.is_entry && next.at[0] <= self.last + 1 && (is_body || self.id() != next.id() && !self.means(next))
    }

    /// The next one is a part of the same answer, such as its body: no logger's entry begins between them.
    fn goes_on_with(&self, next: &Self) -> bool {
        let has_code = |print: &Self| strong(&print.failure.told).is_some();
        !(next.is_entry || has_code(self) && has_code(next))
    }
}

/// The Code, or what the vocabulary makes of the Message.
fn meaning(told: &Told) -> Option<&str> {
    let message = told.message.as_deref().unwrap_or_default();
    strong(told).or_else(|| vocabulary::code_of(message)).or_else(|| vocabulary::cause_of(message))
}

/// Nothing but a status is known.
fn is_empty(told: &Told) -> bool {
    told.message.is_none() && told.network.is_none() && told.body.is_none() && strong(told).is_none()
}

/// The store's Code, or the name of a client exception; no wrapper's.
fn strong(told: &Told) -> Option<&str> {
    told.code.as_deref().filter(|code| !vocabulary::is_wrapper(code))
}

fn network(told: &Told) -> Option<&'static str> {
    told.network.map(|(name, _, _)| name)
}

/// No answer came: the request failed on its way, or the client refused to send it.
fn is_unsent(told: &Told) -> bool {
    let is_refusal = told.code.as_deref() == Some("Error") && told.status.is_none() && told.request_id.is_none();
    told.network.is_some() || is_refusal
}

fn has_answer(told: &Told) -> bool {
    told.status.is_some() || strong(told).is_some() || told.is_bare || told.request_id.is_some()
}

/// The prints that are held back.
#[derive(Debug, Default)]
pub struct Fold {
    held: VecDeque<Print>,
    /// How many were handed on before the first that is held.
    gone: usize,
    by_id: HashMap<String, usize>,
    /// Ids of rows that were handed on.
    past: HashSet<u64>,
}

/// What became of a print.
pub enum Taken {
    /// It is a row of its own; the oldest row may have to leave for it.
    Row(Option<Box<Print>>),
    /// It joined an earlier row.
    Joined,
}

impl Fold {
    /// Takes a print.
    pub fn take(&mut self, print: Print) -> Taken {
        let id = print.id().map(|id| id.trim_end_matches('=').to_owned());
        if let Some(id) = &id {
            if let Some(earlier) = self.by_id.get(id).and_then(|at| self.held.get_mut(at.checked_sub(self.gone)?)) {
                earlier.add(print);
                return Taken::Joined;
            }
            if self.past.contains(&hash(id)) {
                return Taken::Joined;
            }
        }
        let number = self.gone + self.held.len();
        if let Some(last) = self.held.back_mut().filter(|last| last.is_of_the_same(&print)) {
            last.add(print);
            if let Some(id) = id {
                self.by_id.entry(id).or_insert(number - 1);
            }
            return Taken::Joined;
        }
        if let Some(id) = id {
            self.by_id.insert(id, number);
        }
        self.held.push_back(print);
        Taken::Row(if self.held.len() > HELD { self.pop().map(Box::new) } else { None })
    }

    /// The oldest row.
    pub fn pop(&mut self) -> Option<Print> {
        let print = self.held.pop_front()?;
        self.gone += 1;
        if let Some(id) = print.id() {
            let id = id.trim_end_matches('=');
            self.past.insert(hash(id));
            self.by_id.remove(id);
        }
        Some(print)
    }
}

fn hash(id: &str) -> u64 {
    use std::hash::{DefaultHasher, Hash, Hasher};
    let mut hasher = DefaultHasher::new();
    id.hash(&mut hasher);
    hasher.finish()
}

/// The remark of a row that was printed more than once.
#[must_use]
pub fn remark(at: &[u64]) -> Option<RecordRemark> {
    const SHOWN: usize = 10;
    if at.len() < 2 {
        return None;
    }
    let mut lines: Vec<u64> = at.to_vec();
    lines.dedup();
    let more = lines.len() > SHOWN;
    lines.truncate(SHOWN);
    Some(RecordRemark::PrintedAgain { times: at.len(), lines, more })
}
