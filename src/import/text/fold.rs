//! Prints of one failure become one row: by their id wherever they stand, else where they stand together.

use std::collections::{HashMap, HashSet, VecDeque};

use super::assemble::Failure;
use super::time::{self, Printed};
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
    printed: Option<Printed>,
    /// What stands in front of it in its line, without what changes from line to line.
    statement: String,
}

impl Print {
    pub fn new(failure: Failure, text: &str, first: u64, last: u64) -> Self {
        let at = (0..=failure.told.at.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
        let line = text[..at].rsplit('\n').next().unwrap_or_default();
        let words = line
            .split([' ', '/', '"', '\''])
            .filter(|word| !word.bytes().any(|byte| byte.is_ascii_digit()) && !word.contains('.'));
        let statement = words.collect::<Vec<_>>().join(" ");
        Self { printed: time::near(text, at), failure, text: text.to_owned(), at: vec![first], last, statement }
    }

    fn id(&self) -> Option<&str> {
        self.failure.told.request_id.as_deref()
    }

    fn add(&mut self, next: Self) {
        self.at.extend(next.at);
        self.last = self.last.max(next.last);
        let (own, other) = (&mut self.failure.told, next.failure.told);
        // The closer words of the two: a document's, or those of the one that has a Code.
        let own_is_richer = own.code.as_deref().is_some_and(|code| !vocabulary::is_wrapper(code))
            || own.request_id.is_some() && other.code.is_none();
        let at = own.at;
        if own_is_richer || other.code.is_none() {
            own.fill(other);
        } else {
            let first = std::mem::replace(own, other);
            own.fill(first);
        }
        own.at = at;
        self.failure.is_told |= next.failure.is_told;
    }

    /// Whether the next print is of this same failure, as far as can be told without an id on both.
    fn is_of_the_same(&self, next: &Self) -> bool {
        let (own, other) = (&self.failure.told, &next.failure.told);
        if next.at[0].saturating_sub(self.last) > NEAR || own.request_id.is_some() && other.request_id.is_some() {
            return false;
        }
        if let (Some(one), Some(two)) = (self.printed, next.printed)
            && (two.time.as_second() - one.time.as_second()).abs() > SOON
        {
            return false;
        }
        let strong = |code: &Option<String>| code.clone().filter(|code| !vocabulary::is_wrapper(code));
        let differ =
            |one: &Option<String>, two: &Option<String>| matches!((one, two), (Some(one), Some(two)) if one != two);
        let network = |told: &super::told::Told| told.network.map(|(name, _, _)| name.to_owned());
        let (code, next_code) = (strong(&own.code), strong(&other.code));
        let has_answer =
            |told: &super::told::Told| told.status.is_some() || strong(&told.code).is_some() || told.is_bare;
        let crosses = own.network.is_some() && has_answer(other) || other.network.is_some() && has_answer(own);
        if differ(&code, &next_code)
            || differ(&own.operation, &other.operation)
            || differ(&own.resource, &other.resource)
            || differ(&own.url, &other.url)
            || differ(&network(own), &network(other))
            || own.status.is_some() && other.status.is_some() && own.status != other.status
            || own.is_bare != other.is_bare
            || crosses
        {
            return false;
        }
        let is_repeat = code.is_some() && code == next_code || own.network.is_some() && other.network.is_some();
        // The same statement of a program that is printed again tells of another request.
        let is_alike = is_repeat
            || code == next_code
                && own.status.is_some()
                && own.status == other.status
                && own.message == other.message
                && own.kind == other.kind;
        let is_again = self.statement == next.statement && is_alike;
        !is_again && (is_repeat || code.is_none() || next_code.is_none())
    }
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
pub fn remark(at: &[u64]) -> Option<String> {
    const SHOWN: usize = 10;
    if at.len() < 2 {
        return None;
    }
    let mut lines: Vec<u64> = at.to_vec();
    lines.dedup();
    let shown: Vec<_> = lines.iter().take(SHOWN).map(u64::to_string).collect();
    let more = if lines.len() > SHOWN { " and more" } else { "" };
    Some(format!("printed {} times: line {}{more}", at.len(), shown.join(", ")))
}
