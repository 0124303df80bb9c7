//! A parsed filter, and which rows pass it.

use std::borrow::Cow;
use std::fmt;

use memchr::memchr2_iter;

use super::words::quoted;
use crate::domain::row::Row;
use crate::domain::row_target::RowTarget;
use crate::domain::trace_id;
use crate::domain::verdict::Confidence;

/// A parsed filter. The empty one lets everything through.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Query {
    /// Any of these must hold; in each, all terms.
    pub(super) alternatives: Vec<Vec<Term>>,
}

/// One condition.
#[derive(Clone, Debug, PartialEq)]
pub struct Term {
    pub(super) negated: bool,
    pub(super) test: Test,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Test {
    Anywhere(String),
    /// Is found in the field.
    Text(Field, String),
    /// Is all of the field.
    Whole(Field, String),
    Status(Status),
    Latency(Comparison, u32),
    Site(String),
    Sure(Option<Confidence>),
}

/// A field that holds text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Field {
    Code,
    Message,
    Id,
    Operation,
    Bucket,
    Key,
    Target,
    Host,
    Cause,
    Region,
    Profile,
    Method,
    Note,
    Kind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Status {
    Class(u16),
    Compare(Comparison, u16),
    Missing,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Comparison {
    Less,
    AtMost,
    Equal,
    AtLeast,
    More,
}

/// The fields, in the order in which they are listed.
pub const FIELDS: &[&str] = &[
    "status", "code", "message", "id", "op", "bucket", "key", "cause", "sure", "latency", "region", "profile", "note",
    "kind", "method", "host", "target", "site",
];

impl Query {
    /// Whether it lets everything through.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.alternatives.is_empty()
    }

    /// Whether it asks for what only the whole record tells.
    #[must_use]
    pub fn reads_records(&self) -> bool {
        let deep =
            |field: &Field| matches!(field, Field::Host | Field::Region | Field::Method | Field::Note | Field::Kind);
        self.alternatives.iter().flatten().any(|term| match &term.test {
            Test::Site(_) | Test::Sure(_) => true,
            Test::Text(field, _) | Test::Whole(field, _) => deep(field),
            Test::Anywhere(_) | Test::Status(_) | Test::Latency(..) => false,
        })
    }

    /// Whether it asks for a text that no English sentence holds.
    #[must_use]
    pub fn is_foreign(&self) -> bool {
        self.alternatives.iter().flatten().any(|term| match &term.test {
            Test::Anywhere(needle) | Test::Text(_, needle) | Test::Whole(_, needle) => !needle.is_ascii(),
            _ => false,
        })
    }

    /// The same, narrowed to what another one lets through too: each of its alternatives with each of
    /// the other's.
    #[must_use]
    pub fn narrowed(&self, by: &Self) -> Self {
        let nothing = [Vec::new()];
        let own = if self.is_empty() { &nothing[..] } else { &self.alternatives };
        let both = |terms: &Vec<Term>, more: &Vec<Term>| {
            let new = more.iter().filter(|term| !terms.contains(term));
            terms.iter().chain(new).cloned().collect()
        };
        let alternatives = own.iter().flat_map(|terms| by.alternatives.iter().map(move |more| both(terms, more)));
        Self { alternatives: alternatives.collect() }
    }

    /// How many alternatives it has.
    #[must_use]
    pub fn alternatives(&self) -> usize {
        self.alternatives.len()
    }

    /// What is left to be asked of the rows that share their words with this one: nearly all do with many others.
    #[must_use]
    pub fn rest(&self, row: &Row<'_>) -> Rest<'_> {
        if self.is_empty() {
            return Rest::Settled(true);
        }
        let mut open = Vec::new();
        for terms in &self.alternatives {
            let settled = |term: &Term| term.test.holds_by_shared(row).map(|holds| holds != term.negated);
            if terms.iter().any(|term| settled(term) == Some(false)) {
                continue;
            }
            let left: Vec<_> = terms.iter().filter(|term| settled(term).is_none()).collect();
            if left.is_empty() {
                return Rest::Settled(true);
            }
            open.push(left);
        }
        if open.is_empty() { Rest::Settled(false) } else { Rest::Open(open) }
    }

    /// Whether a row passes.
    #[must_use]
    pub fn matches(&self, row: &Row<'_>) -> bool {
        self.is_empty()
            || self.alternatives.iter().any(|terms| terms.iter().all(|term| term.negated != term.test.holds(row)))
    }
}

/// What a filter asks of a row whose shared words are known.
#[derive(Debug)]
pub enum Rest<'a> {
    /// Nothing: all such rows pass, or none does.
    Settled(bool),
    /// Any of these must hold; in each, all terms.
    Open(Vec<Vec<&'a Term>>),
}

impl Rest<'_> {
    /// Whether a row passes whose id this is, and the rest of whose target; `row` gives all of it where that is asked
    /// for.
    pub fn holds<'r>(&self, id: &str, rest: &str, row: impl Fn() -> Row<'r>) -> bool {
        let term_holds = |term: &Term| match &term.test {
            // The words were looked at already.
            Test::Anywhere(needle) => {
                let holds = contains(id, needle) || contains(rest, needle);
                term.negated != (holds || (may_begin_before(rest, needle) && target_contains(&row().target, needle)))
            }
            test => term.negated != test.holds(&row()),
        };
        match self {
            Self::Settled(holds) => *holds,
            Self::Open(alternatives) => alternatives.iter().any(|terms| terms.iter().all(|term| term_holds(term))),
        }
    }
}

/// As it may be typed: read again it is the same filter.
impl fmt::Display for Query {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, terms) in self.alternatives.iter().enumerate() {
            f.write_str(if i == 0 { "" } else { " or " })?;
            for (i, term) in terms.iter().enumerate() {
                let (blank, not) = (if i == 0 { "" } else { " " }, if term.negated { "not:" } else { "" });
                write!(f, "{blank}{not}{}", term.test)?;
            }
        }
        Ok(())
    }
}

impl fmt::Display for Test {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Anywhere(text) => f.write_str(&quoted(text, false)),
            Self::Text(field, text) => write!(f, "{}:{}", field.name(), quoted(text, true)),
            Self::Whole(field, text) => write!(f, "{}:={}", field.name(), quoted(text, true)),
            Self::Status(Status::Missing) => f.write_str("status:none"),
            Self::Status(Status::Class(class)) => write!(f, "status:{class}xx"),
            Self::Status(Status::Compare(comparison, number)) => write!(f, "status:{}{number}", comparison.sign()),
            Self::Latency(comparison, us) => {
                let (ms, rest) = (us / 1000, us % 1000);
                let rest = if rest == 0 { String::new() } else { format!(".{rest:03}") };
                write!(f, "latency:{}{ms}{rest}ms", comparison.sign())
            }
            Self::Site(name) => write!(f, "site:{}", quoted(name, true)),
            Self::Sure(confidence) => write!(f, "sure:{}", sure_word(*confidence)),
        }
    }
}

/// The word of a certainty in this language.
fn sure_word(confidence: Option<Confidence>) -> &'static str {
    match confidence {
        Some(Confidence::Certain) => "certain",
        Some(Confidence::Likely) => "likely",
        Some(Confidence::Possible) => "possible",
        None => "none",
    }
}

/// A row's value of a field, for those fields whose values people choose from a list.
#[must_use]
pub fn value_of<'a>(field: &str, row: &Row<'a>) -> Option<Cow<'a, str>> {
    let text: Cow<'_, str> = match field {
        "status" if row.status == 0 => "none".into(),
        "status" => row.status.to_string().into(),
        "sure" => sure_word(row.certainty).into(),
        "site" => trace_id::short_site(row.site).into(),
        "latency" | "id" | "message" | "key" | "target" | "note" => return None,
        _ => Field::named(field)?.of(row),
    };
    (!text.is_empty()).then_some(text)
}

impl Field {
    /// The field with this name.
    pub(super) fn named(name: &str) -> Option<Self> {
        Some(match name {
            "code" => Self::Code,
            "message" | "msg" => Self::Message,
            "id" | "requestid" => Self::Id,
            "op" | "operation" => Self::Operation,
            "bucket" => Self::Bucket,
            "key" => Self::Key,
            "target" => Self::Target,
            "host" => Self::Host,
            "cause" => Self::Cause,
            "region" => Self::Region,
            "profile" => Self::Profile,
            "method" => Self::Method,
            "note" => Self::Note,
            "kind" => Self::Kind,
            _ => return None,
        })
    }

    fn name(self) -> &'static str {
        match self {
            Self::Code => "code",
            Self::Message => "message",
            Self::Id => "id",
            Self::Operation => "op",
            Self::Bucket => "bucket",
            Self::Key => "key",
            Self::Target => "target",
            Self::Host => "host",
            Self::Cause => "cause",
            Self::Region => "region",
            Self::Profile => "profile",
            Self::Method => "method",
            Self::Note => "note",
            Self::Kind => "kind",
        }
    }

    /// Whether each row has a text of its own there.
    fn is_own(self) -> bool {
        matches!(self, Self::Id | Self::Key | Self::Target | Self::Note)
    }

    fn of<'a>(self, row: &Row<'a>) -> Cow<'a, str> {
        let text = match self {
            Self::Code => row.code,
            Self::Message => row.message,
            Self::Id => row.request_id,
            Self::Operation => row.operation,
            Self::Bucket => row.target.bucket,
            Self::Key => row.target.key(),
            Self::Target => return row.target.to_string().into(),
            Self::Host => row.host,
            Self::Cause => row.cause,
            Self::Region => row.region,
            Self::Profile => row.profile,
            Self::Method => row.method,
            Self::Note => row.note,
            Self::Kind => row.severity.word(),
        };
        text.into()
    }
}

impl Comparison {
    fn holds<T: PartialOrd + Copy>(self, left: T, right: T) -> bool {
        match self {
            Self::Less => left < right,
            Self::AtMost => left <= right,
            Self::Equal => left == right,
            Self::AtLeast => left >= right,
            Self::More => left > right,
        }
    }

    fn sign(self) -> &'static str {
        match self {
            Self::Less => "<",
            Self::AtMost => "<=",
            Self::Equal => "",
            Self::AtLeast => ">=",
            Self::More => ">",
        }
    }
}

impl Test {
    /// Whether it holds for all rows that share their words with this one; `None` where that depends on the row.
    fn holds_by_shared(&self, row: &Row<'_>) -> Option<bool> {
        match self {
            Self::Anywhere(_) => {
                let target = RowTarget { rest: "", ..row.target };
                self.holds(&Row { request_id: "", target, ..*row }).then_some(true)
            }
            Self::Text(field, _) | Self::Whole(field, _) if field.is_own() => None,
            Self::Latency(..) => None,
            _ => Some(self.holds(row)),
        }
    }

    fn holds(&self, row: &Row<'_>) -> bool {
        match self {
            Self::Anywhere(needle) => {
                [row.code, row.message, row.request_id, row.operation].iter().any(|text| contains(text, needle))
                    || target_contains(&row.target, needle)
                    || (needle.len() == 3 && needle.parse() == Ok(row.status))
            }
            Self::Text(field, needle) => contains(&field.of(row), needle),
            Self::Whole(field, needle) => is_same(&field.of(row), needle),
            Self::Status(Status::Missing) => row.status == 0,
            Self::Status(Status::Class(class)) => row.status / 100 == *class,
            Self::Status(Status::Compare(comparison, number)) => {
                row.status != 0 && comparison.holds(row.status, *number)
            }
            Self::Site(name) => trace_id::site_matches(row.site, name),
            Self::Latency(comparison, limit) => comparison.holds(row.latency_us, *limit),
            Self::Sure(confidence) => row.certainty == *confidence,
        }
    }
}

/// Whether `text` contains `needle`, which is lower case, without regard to case.
fn contains(text: &str, needle: &str) -> bool {
    if !needle.is_ascii() {
        return text.to_lowercase().contains(needle);
    }
    let (text, needle) = (text.as_bytes(), needle.as_bytes());
    let (Some(first), Some(last)) = (needle.first(), text.len().checked_sub(needle.len())) else {
        return needle.is_empty();
    };
    let begins = |at: usize| text[at..at + needle.len()].eq_ignore_ascii_case(needle);
    memchr2_iter(*first, first.to_ascii_uppercase(), &text[..=last]).any(begins)
}

/// The same of a target.
fn target_contains(target: &RowTarget<'_>, needle: &str) -> bool {
    let in_part = contains(target.bucket, needle) || contains(target.rest, needle);
    in_part || (may_begin_before(target.rest, needle) && contains(&target.to_string(), needle))
}

/// Whether `needle` may begin in the bucket and end in the rest of a target: its first slash is then the one between
/// them.
fn may_begin_before(rest: &str, needle: &str) -> bool {
    let Some(slash) = needle.find('/').filter(|slash| *slash > 0) else { return false };
    let end = &needle[slash..];
    if !end.is_ascii() {
        return rest.to_lowercase().starts_with(end);
    }
    rest.as_bytes().get(..end.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(end.as_bytes()))
}

/// Whether `text` is `needle`, which is lower case, without regard to case.
fn is_same(text: &str, needle: &str) -> bool {
    if needle.is_ascii() { text.eq_ignore_ascii_case(needle) } else { text.to_lowercase() == needle }
}
