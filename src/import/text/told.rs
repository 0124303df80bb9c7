//! What one place of a text tells of a failure.

use std::collections::BTreeMap;

use crate::domain::error_document::DocumentKind;
use crate::domain::exchange::Headers;
use crate::domain::vocabulary::Phase;

/// What one place of a text tells; absent is what it does not.
#[derive(Clone, Debug, Default)]
pub struct Told {
    /// Where it stands in the unwrapped text.
    pub at: usize,
    /// Where it ends.
    pub end: usize,
    /// How much it is to be believed: a document most, a lone word least.
    pub trust: Trust,
    pub status: Option<u16>,
    pub code: Option<String>,
    pub message: Option<String>,
    pub request_id: Option<String>,
    pub trace_id: Option<String>,
    pub resource: Option<String>,
    /// Other elements of a document.
    pub others: BTreeMap<String, String>,
    pub method: Option<String>,
    pub url: Option<String>,
    pub host: Option<String>,
    pub bucket: Option<String>,
    pub region: Option<String>,
    /// What the SDK was doing: `HeadObject`.
    pub operation: Option<String>,
    pub headers: Headers,
    pub sent: Headers,
    pub body: Option<String>,
    pub kind: DocumentKind,
    /// A client exception: its name, its phase, and how close the words are (lowest is closest).
    pub network: Option<(&'static str, Option<Phase>, usize)>,
    /// It is the head of a request: another exchange begins.
    pub is_request: bool,
    /// An SDK says that it failed and nothing else.
    pub is_bare: bool,
}

/// How reliable the words are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Trust {
    /// A word of the vocabulary somewhere.
    #[default]
    Word,
    /// A name with a value.
    Pair,
    /// A sentence that a tool always prints so.
    Sentence,
    /// The head of an answer.
    Head,
    /// The store's own document.
    Document,
}

impl Told {
    pub fn at(at: usize, end: usize, trust: Trust) -> Self {
        Self { at, end, trust, ..Self::default() }
    }

    /// Takes what the other one tells and this one does not.
    pub fn fill(&mut self, other: Self) {
        let both = [
            (&mut self.code, other.code),
            (&mut self.message, other.message),
            (&mut self.request_id, other.request_id),
            (&mut self.trace_id, other.trace_id),
            (&mut self.resource, other.resource),
            (&mut self.method, other.method),
            (&mut self.url, other.url),
            (&mut self.host, other.host),
            (&mut self.bucket, other.bucket),
            (&mut self.region, other.region),
            (&mut self.operation, other.operation),
            (&mut self.body, other.body),
        ];
        for (own, other) in both {
            if own.is_none() {
                *own = other;
            }
        }
        self.status = self.status.or(other.status);
        for (name, value) in other.others {
            self.others.entry(name).or_insert(value);
        }
        if self.headers.is_empty() {
            self.headers = other.headers;
        }
        if self.sent.is_empty() {
            self.sent = other.sent;
        }
        if self.kind == DocumentKind::Empty {
            self.kind = other.kind;
        }
        self.network = match (self.network, other.network) {
            (Some(own), Some(other)) => Some(if other.2 < own.2 { other } else { own }),
            (own, other) => own.or(other),
        };
        self.is_bare |= other.is_bare;
        self.end = self.end.max(other.end);
    }
}
