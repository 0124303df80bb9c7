//! Checks: read-only requests that each change one factor of a failed one, planned by what is still
//! undecided. This plans them and puts their answers into words; the engine sends them.

mod changed;

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{causes, cors, service};
use crate::domain::probe::Probe;
use crate::domain::record::{AnsweredBy, Outcome, Record};
use crate::domain::verdict::{Check, Confidence, Diagnosis};

/// The most requests that the checks of one failure may send; a region sweep counts as one.
pub const MOST: usize = 12;

/// What is changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// HEAD becomes GET. The engine asks this of every failed HEAD.
    GetTwin,
    /// Without a signature.
    Anonymous,
    /// The same key asks for the account's buckets: does it work at all, and where is the bucket.
    ServiceList,
    /// Unsigned HEADs of the bucket in every other region.
    RegionSweep,
    /// Signed by the store's clock.
    ClockCorrected,
    /// By the vendor's other domain.
    BackupDomain,
    /// The bucket in the host, not in the path.
    VirtualHost,
    /// http for https, or the other way round.
    OtherScheme,
    /// Without the proxy.
    Direct,
    /// Once to each address of the host.
    EachAddress,
    /// With, or without, a Referer.
    Referer,
    /// The CORS rules, or the preflight with less asked for.
    Preflight,
    /// Without the session token.
    WithoutToken,
}

impl Kind {
    /// Its name in records.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::GetTwin => "get-twin",
            Self::Anonymous => "anonymous",
            Self::ServiceList => "service-list",
            Self::RegionSweep => "region-sweep",
            Self::ClockCorrected => "clock-corrected",
            Self::BackupDomain => "backup-domain",
            Self::VirtualHost => "virtual-host",
            Self::OtherScheme => "other-scheme",
            Self::Direct => "direct",
            Self::EachAddress => "each-address",
            Self::Referer => "referer",
            Self::Preflight => "preflight",
            Self::WithoutToken => "without-token",
        }
    }
}

/// How a check's requests are sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// As the failed request was.
    Same,
    /// Without the proxy.
    Direct,
    /// To each address that the host's name has.
    EachAddress,
}

/// A check to be run.
#[derive(Clone, Debug)]
pub struct Planned {
    /// What is changed.
    pub kind: Kind,
    /// The change in words, such as `scheme https -> http, unsigned`.
    pub changed: String,
    /// How it is sent.
    pub way: Way,
    /// The requests: one, or one for each region.
    pub probes: Vec<Probe>,
}

/// A check that was run.
#[derive(Clone, Debug)]
pub struct Answer {
    /// What was changed.
    pub kind: Kind,
    /// The change in words.
    pub changed: String,
    /// A record of each request.
    pub records: Vec<Arc<Record>>,
}

impl Answer {
    /// The answer of a check with one request; of the others, the one that tells most.
    #[must_use]
    pub fn record(&self) -> Option<&Record> {
        let records = || self.records.iter().map(AsRef::as_ref);
        match self.kind {
            Kind::RegionSweep => records().find(|record| is_there(record)).or_else(|| records().next()),
            _ => records().find(|record| record.outcome == Outcome::Success).or_else(|| records().next()),
        }
    }

    /// Whether the store itself answered, whatever it said.
    #[must_use]
    pub fn reached_the_store(&self) -> bool {
        self.records.iter().any(|record| record.answered_by == AnsweredBy::Store)
    }

    /// Whether one of its requests got what the failed one did not. The list of buckets is another
    /// question, and the sweep asks whether the bucket is there.
    #[must_use]
    pub fn succeeded(&self) -> bool {
        match self.kind {
            Kind::RegionSweep => self.records.iter().any(|record| is_there(record)),
            _ => self.records.iter().any(|record| record.outcome == Outcome::Success),
        }
    }

    /// As it is shown and recorded.
    #[must_use]
    pub fn to_check(&self, of: &Record) -> Check {
        Check {
            check: self.kind.as_str().to_owned(),
            changed: self.changed.clone(),
            outcome: self.outcome(of),
            succeeded: self.succeeded(),
            request_id: self.record().and_then(|record| record.copied_id().map(str::to_owned)),
        }
    }

    /// What came of it, in words.
    #[must_use]
    pub fn outcome(&self, of: &Record) -> String {
        let Some(record) = self.record() else { return "nothing was sent".to_owned() };
        let short = status_and_code(record);
        match self.kind {
            Kind::RegionSweep => self.sweep_outcome(),
            Kind::EachAddress => {
                let each = self.records.iter().map(|record| {
                    format!("{} {}", record.remote.as_deref().unwrap_or("no connection"), status_and_code(record))
                });
                each.collect::<Vec<_>>().join(", ")
            }
            Kind::ServiceList => match service::buckets(record) {
                Some(list) => format!("{short}, {}", list.in_words(of.bucket.as_deref())),
                None => short,
            },
            Kind::Preflight if record.operation == "get-bucket-cors" => match cors::rules(record) {
                Some(rules) if rules.is_empty() => format!("{short}, no rules"),
                Some(rules) if rules.len() == 1 => format!("{short}, 1 rule"),
                Some(rules) => format!("{short}, {} rules", rules.len()),
                None => short,
            },
            _ => short,
        }
    }

    fn sweep_outcome(&self) -> String {
        let region = |record: &Record| record.region.clone().unwrap_or_default();
        let silent =
            self.records.iter().filter(|record| record.answered_by != AnsweredBy::Store && !is_nowhere(record));
        let silent = match silent.count() {
            0 => String::new(),
            count => format!("; {count} did not tell"),
        };
        let there: Vec<_> = self.records.iter().filter(|record| is_there(record)).collect();
        match there.as_slice() {
            [] => format!("in none of {} regions{silent}", self.records.len()),
            found => {
                let found: Vec<_> =
                    found.iter().map(|record| format!("{} ({})", region(record), status_and_code(record))).collect();
                format!("found in {}{silent}", found.join(", "))
            }
        }
    }
}

/// The bucket answered: it may be read, refused or suspended, but it is there. What may be said before
/// any bucket is looked up, such as "too many requests", tells nothing.
pub(super) fn is_there(record: &Record) -> bool {
    record.answered_by == AnsweredBy::Store
        && record.status_code.is_some_and(|status| matches!(status, 200..300 | 403 | 451))
}

/// The region's host has no such bucket, or the region has no such host.
pub(super) fn is_nowhere(record: &Record) -> bool {
    let not_found = record.status_code == Some(404) && record.answered_by == AnsweredBy::Store;
    not_found || record.error.code.as_deref() == Some("ENOTFOUND")
}

/// `403 AccessDenied`, `200`, `ENOTFOUND`.
pub(super) fn status_and_code(record: &Record) -> String {
    let code = record.error.code.as_deref();
    match (record.status_code, code, record.answered_by) {
        (Some(status), _, AnsweredBy::Other) => format!("{status}, not the store"),
        (Some(status), Some(code), _) if record.outcome == Outcome::Failure => format!("{status} {code}"),
        (Some(status), ..) => status.to_string(),
        (None, code, _) => code.unwrap_or("no answer").to_owned(),
    }
}

/// The next check worth its request, or `None` when the cause is settled or nothing more can tell.
///
/// `asked` is what was run so far; `proxied` says that the failed request went through a proxy.
#[must_use]
pub fn next(record: &Record, diagnosis: &Diagnosis, probe: &Probe, proxied: bool, asked: &[Answer]) -> Option<Planned> {
    let first = diagnosis.verdicts.first()?;
    let settled = first.confidence == Confidence::Certain
        && !causes::get(&first.cause).is_some_and(|cause| cause.even_if_certain);
    if settled {
        return None;
    }
    let verdicts = diagnosis.verdicts.iter();
    let open = verdicts.filter(|verdict| first.confidence < Confidence::Certain || verdict.cause == first.cause);
    let kinds = open.filter_map(|verdict| causes::get(&verdict.cause)).flat_map(|cause| cause.checks.iter().copied());
    kinds
        .flat_map(|kind| changed::planned(kind, record, probe, proxied, asked))
        .find(|planned| !asked.iter().any(|done| done.kind == planned.kind && done.changed == planned.changed))
}
