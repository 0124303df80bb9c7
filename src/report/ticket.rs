//! The support ticket: what a person pastes for those who can look into the store's own logs. Composed
//! for one failure, for many in their kinds, or for one that has no `RequestId`, with what it lacks.
//!
//! Records are redacted already. What this machine is and who asks comes in as [`Facts`].

mod again;
mod checklist;
mod network;
mod single;
mod store_clock;
mod strings;
mod summary;
mod writer;

use std::collections::HashMap;

use jiff::tz::TimeZone;

use checklist::Checklist;
use strings::{Strings, fill};
use summary::Cluster;
use writer::Writer;

use crate::domain::failure_key::FailureKey;
use crate::domain::probe::Auth;
use crate::domain::profile::Proxies;
use crate::domain::record::{Outcome, Record};
use crate::i18n::Language;

/// Kinds that are told apart; rows of more kinds are counted.
const KINDS: usize = 200;

/// What the edge knows and no record does.
#[derive(Clone, Debug)]
pub struct Facts {
    /// The language of the text.
    pub language: Language,
    /// cosdiag's version.
    pub version: String,
    /// The operating system, such as `linux`.
    pub os: String,
    /// The processor, such as `x86_64`.
    pub arch: String,
    /// For local times.
    pub time_zone: TimeZone,
    /// Who asked, if this session did.
    pub who: Option<Who>,
    /// Hosts of the proxies in use.
    pub proxies: Vec<String>,
    /// The file with every record, where one is written next to the ticket.
    pub evidence: Option<String>,
}

/// Who a request was sent as. Holds nothing secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Who {
    /// With credentials.
    Signed {
        /// The id, masked.
        id: String,
        /// It has a session token.
        temporary: bool,
        /// Where it came from.
        source: String,
    },
    /// Unsigned.
    Unsigned,
    /// With what the URL or header given carries.
    Carried,
}

impl From<&Auth> for Who {
    fn from(auth: &Auth) -> Self {
        match auth {
            Auth::Anonymous => Self::Unsigned,
            Auth::Carried => Self::Carried,
            Auth::Sign(credentials) => Self::Signed {
                id: credentials.masked_id(),
                temporary: credentials.token.is_some(),
                source: credentials.source.clone(),
            },
        }
    }
}

/// The proxies' hosts and ports, without who logs in to them.
#[must_use]
pub fn proxy_hosts(proxies: &Proxies) -> Vec<String> {
    let urls = proxies.urls().filter_map(|proxy| url::Url::parse(proxy).ok());
    let mut hosts: Vec<_> = urls.filter(url::Url::has_host).map(|url| url.authority().to_owned()).collect();
    for host in &mut hosts {
        if let Some((_, host_alone)) = host.rsplit_once('@') {
            *host = host_alone.to_owned();
        }
    }
    hosts.dedup();
    hosts
}

/// A ticket in the making: records go in, one text comes out. Its memory is bounded, however many
/// records there are.
#[derive(Debug, Default)]
pub struct Ticket {
    clusters: Vec<Cluster>,
    places: HashMap<FailureKey<String>, usize>,
    /// Requests of each operation and host, whatever came of them.
    sent: HashMap<(String, String), usize>,
    total: usize,
    failed: usize,
    /// Failures of kinds beyond the first [`KINDS`].
    beyond: usize,
}

impl Ticket {
    /// Takes a record. Successes tell how often it fails.
    pub fn add(&mut self, record: &Record) {
        let kind = FailureKey::of(record);
        self.total += 1;
        if self.sent.len() < KINDS || self.sent.contains_key(&(kind.operation.clone(), kind.host.clone())) {
            *self.sent.entry((kind.operation.clone(), kind.host.clone())).or_default() += 1;
        }
        if record.outcome != Outcome::Failure {
            return;
        }
        self.failed += 1;
        match self.places.get(&kind) {
            Some(place) => self.clusters[*place].add(record),
            None if self.clusters.len() < KINDS => {
                self.places.insert(kind.clone(), self.clusters.len());
                self.clusters.push(Cluster::new(kind, record));
            }
            None => self.beyond += 1,
        }
    }

    /// Failures taken.
    #[must_use]
    pub fn failures(&self) -> usize {
        self.failed
    }

    /// The text, and how complete it is. `None` without a failure.
    #[must_use]
    pub fn compose(&self, facts: &Facts) -> Option<Composed> {
        let strings = Strings::of(facts.language);
        let mut writer = Writer::new(&strings.colon);
        let checklist = match (self.failed, self.clusters.as_slice()) {
            (0, _) => return None,
            (1, [cluster]) => single::compose(&cluster.sample, self.often(cluster), facts, strings, &mut writer),
            _ => summary::compose(self, facts, strings, &mut writer),
        };
        end(&mut writer, &checklist, strings);
        let missing = checklist.missing().map(|how| how.split([':', '：']).next().unwrap_or(how).to_owned()).collect();
        Some(Composed { text: writer.text().to_owned(), there: checklist.there(), wanted: checklist.wanted(), missing })
    }

    /// How many of how many requests like a cluster's failed.
    fn often(&self, cluster: &Cluster) -> (usize, usize) {
        let key = (cluster.kind.operation.clone(), cluster.kind.host.clone());
        (cluster.count, self.sent.get(&key).copied().unwrap_or(cluster.count))
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
    /// What is not there, each in a few strings.
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
