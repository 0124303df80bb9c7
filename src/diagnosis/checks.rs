//! Checks: read-only requests that each change one factor of a failed one, planned by what is still
//! undecided. This plans them and puts their answers into words; the engine sends them.

mod changed;

use std::borrow::Cow;
use std::sync::Arc;

use super::cached::is_cached;
use super::{causes, cors, service};
use crate::domain::check::CheckKind;
use crate::domain::probe::Probe;
use crate::domain::record::{AnsweredBy, Outcome, Record};
use crate::domain::verdict::{Check, Confidence, Diagnosis};
use crate::i18n::{Language, tell};

/// The most requests that the checks of one failure may send; a region sweep counts as one.
pub const MOST: usize = 12;

/// The operation that asks as a browser does; where it is allowed the rule may hide headers.
pub const PREFLIGHT: &str = "options-object";

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
    pub kind: CheckKind,
    /// The change in the person's words, such as `scheme https -> http, unsigned`.
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
    pub kind: CheckKind,
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
            CheckKind::RegionSweep => records().find(|record| is_there(record)).or_else(|| records().next()),
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
            CheckKind::RegionSweep => self.found() > 0,
            _ => self.records.iter().any(|record| record.outcome == Outcome::Success),
        }
    }

    /// How many of its requests found the bucket there.
    #[must_use]
    pub fn found(&self) -> usize {
        self.records.iter().filter(|record| is_there(record)).count()
    }

    /// Whether it is shown: that there was nothing to send is no news, that it was not sent on purpose is.
    #[must_use]
    pub fn is_told(&self) -> bool {
        !self.records.is_empty() || self.kind == CheckKind::ClockCorrected
    }

    /// As it is shown and recorded.
    #[must_use]
    pub fn to_check(&self, of: &Record, language: Language) -> Check {
        Check {
            kind: self.kind,
            changed: self.changed.clone(),
            outcome: self.outcome(of, language),
            succeeded: self.succeeded(),
            request_id: self.record().and_then(|record| record.copied_id().map(str::to_owned)),
        }
    }

    /// What came of it, in words.
    #[must_use]
    pub fn outcome(&self, of: &Record, language: Language) -> String {
        let Some(record) = self.record() else {
            if self.kind == CheckKind::ClockCorrected {
                return tell!(language, "not sent: nothing is signed for another day").into_owned();
            }
            return tell!(language, "nothing was sent").into_owned();
        };
        let short = status_and_code(record, language);
        match self.kind {
            CheckKind::RegionSweep => self.sweep_outcome(language),
            CheckKind::EachAddress => {
                let each = self.records.iter().map(|record| {
                    let address = record.remote.clone().map_or_else(|| tell!(language, "no connection"), Cow::Owned);
                    format!("{address} {}", status_and_code(record, language))
                });
                each.collect::<Vec<_>>().join(", ")
            }
            CheckKind::ServiceList => match service::buckets(record) {
                Some(list) => format!("{short}, {}", list.in_words(of.bucket.as_deref(), language)),
                None => short,
            },
            CheckKind::Preflight if record.operation == "get-bucket-cors" => match cors::rules(record) {
                Some(rules) if of.outcome == Outcome::Success => {
                    let exposure = cors::Asked::of(of).and_then(|asked| cors::exposure(&rules, &asked, language));
                    exposure.map_or(short.clone(), |exposure| format!("{short}, {exposure}"))
                }
                Some(rules) if rules.is_empty() => format!("{short}, {}", tell!(language, "no rules")),
                Some(rules) if rules.len() == 1 => format!("{short}, {}", tell!(language, "1 rule")),
                Some(rules) => format!("{short}, {}", tell!(language, "%{n} rules", n = rules.len())),
                None => short,
            },
            _ => short,
        }
    }

    fn sweep_outcome(&self, language: Language) -> String {
        let region = |record: &Record| record.region.clone().unwrap_or_default();
        let silent =
            self.records.iter().filter(|record| record.answered_by != AnsweredBy::Store && !is_nowhere(record));
        let silent = match silent.count() {
            0 => String::new(),
            count => tell!(language, "; %{n} did not tell", n = count).into_owned(),
        };
        let there: Vec<_> = self.records.iter().filter(|record| is_there(record)).collect();
        match there.as_slice() {
            [] => {
                let count = self.records.len();
                tell!(language, "in none of %{n} regions%{silent}", n = count, silent = silent).into_owned()
            }
            found => {
                let found: Vec<_> = found
                    .iter()
                    .map(|record| format!("{} ({})", region(record), status_and_code(record, language)))
                    .collect();
                tell!(language, "found in %{regions}%{silent}", regions = found.join(", "), silent = silent)
                    .into_owned()
            }
        }
    }
}

/// The bucket answered: it may be read, refused or suspended, but it is there. What may be said before
/// any bucket is looked up, such as "too many requests", tells nothing.
pub(super) fn is_there(record: &Record) -> bool {
    record.answered_by == AnsweredBy::Store
        && record.status_code.is_some_and(|status| matches!(status, 200..300 | 403 | 451))
        && !is_cached(record)
}

/// The region's host has no such bucket, or the region has no such host.
pub(super) fn is_nowhere(record: &Record) -> bool {
    let not_found = record.status_code == Some(404) && record.answered_by == AnsweredBy::Store && !is_cached(record);
    not_found || record.error.code.as_deref() == Some("ENOTFOUND")
}

/// `403 AccessDenied`, `200`, `ENOTFOUND`.
pub(super) fn status_and_code(record: &Record, language: Language) -> String {
    let code = record.error.code.as_deref();
    match (record.status_code, code, record.answered_by) {
        (Some(status), _, AnsweredBy::Other) => {
            tell!(language, "%{status}, not the store", status = status).into_owned()
        }
        (Some(status), Some(code), _) if record.outcome == Outcome::Failure => format!("{status} {code}"),
        (Some(status), ..) => status.to_string(),
        (None, Some(code), _) => code.to_owned(),
        (None, None, _) => tell!(language, "no answer").into_owned(),
    }
}

/// What checks are planned from.
#[derive(Clone, Copy, Debug)]
pub struct Failed<'a> {
    /// What failed.
    pub record: &'a Record,
    /// The request that was sent for it.
    pub probe: &'a Probe,
    /// It went through a proxy.
    pub proxied: bool,
    /// What was checked so far.
    pub asked: &'a [Answer],
    /// The person's language.
    pub language: Language,
}

/// A success that the checks have something to say about: a preflight, whose rule may hide headers
/// from the page that asks.
#[must_use]
pub fn worth_a_look(record: &Record) -> bool {
    record.outcome == Outcome::Success && record.operation == PREFLIGHT
}

/// The checks worth their requests as things stand, the next one first; none when the cause is settled or
/// nothing more can tell. Each answer may make the rest needless.
#[must_use]
pub fn plan(failed: Failed<'_>, diagnosis: &Diagnosis) -> Vec<Planned> {
    if worth_a_look(failed.record) {
        // Of a preflight that was allowed only the rules are asked, and once.
        let rules = changed::planned(CheckKind::Preflight, failed).into_iter().take(1);
        return rules.filter(|_| failed.asked.is_empty() && failed.probe.identity.is_some()).collect();
    }
    let Some(first) = diagnosis.verdicts.first() else { return Vec::new() };
    let settled = first.confidence == Confidence::Certain && !causes::entry(first.cause).even_if_certain;
    if settled {
        return Vec::new();
    }
    let verdicts = diagnosis.verdicts.iter();
    let open = verdicts.filter(|verdict| first.confidence < Confidence::Certain || verdict.cause == first.cause);
    let kinds = open.flat_map(|verdict| causes::entry(verdict.cause).checks.iter().copied());
    let mut plan: Vec<Planned> = Vec::new();
    for planned in kinds.flat_map(|kind| changed::planned(kind, failed)) {
        let is_same = |kind: CheckKind, changed: &str| kind == planned.kind && changed == planned.changed;
        let asked = failed.asked.iter().any(|done| is_same(done.kind, &done.changed));
        if !asked && !plan.iter().any(|other| is_same(other.kind, &other.changed)) {
            plan.push(planned);
        }
    }
    plan
}
