//! The kind of an outcome as the eye sorts it: whose fault a failure looks like.

use super::record::{AnsweredBy, Outcome, Record};

/// What the mark before a status says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// The store refused the request: 4xx, or an error in a 2xx.
    Client,
    /// The store failed: 5xx.
    Server,
    /// No response arrived.
    Network,
    /// Another server answered, whatever its status.
    Other,
    /// The request succeeded.
    Ok,
    /// The sub-resource is not set.
    NotSet,
    /// The store does not support what was asked for.
    NotSupported,
}

impl Severity {
    /// All of them, in the order of the summary line.
    pub const ALL: [Self; 7] =
        [Self::Client, Self::Server, Self::Network, Self::Other, Self::Ok, Self::NotSet, Self::NotSupported];

    /// Its word in filters.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Client => "client",
            Self::Server => "server",
            Self::Network => "network",
            Self::Other => "other",
            Self::Ok => "ok",
            Self::NotSet => "not-set",
            Self::NotSupported => "not-supported",
        }
    }

    /// The severity of a record.
    #[must_use]
    pub fn of(record: &Record) -> Self {
        match (record.outcome, record.answered_by, record.status_code) {
            (Outcome::Success, ..) => Self::Ok,
            (Outcome::NotConfigured, ..) => Self::NotSet,
            (Outcome::NotSupported, ..) => Self::NotSupported,
            (Outcome::Failure, AnsweredBy::Other, _) => Self::Other,
            (Outcome::Failure, AnsweredBy::Nobody, None) => Self::Network,
            (Outcome::Failure, _, Some(500..)) => Self::Server,
            (Outcome::Failure, ..) if is_network(record) => Self::Network,
            (Outcome::Failure, ..) => Self::Client,
        }
    }

    /// The outcome that it is one of.
    #[must_use]
    pub fn outcome(self) -> Outcome {
        match self {
            Self::Ok => Outcome::Success,
            Self::NotSet => Outcome::NotConfigured,
            Self::NotSupported => Outcome::NotSupported,
            _ => Outcome::Failure,
        }
    }
}

/// A client exception without a status: nothing came back, as far as the text tells.
fn is_network(record: &Record) -> bool {
    record.status_code.is_none() && record.exception == Some(super::record::Exception::Client)
}
