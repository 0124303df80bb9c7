//! Results of checks: what was sent, and what came of it.

use std::sync::Arc;

use crate::diagnosis::cached::is_cached;
use crate::diagnosis::cors;
use crate::domain::bucket_list;
use crate::domain::check::{
    Change, Check, CheckExchange, CheckKind, CheckOutcome, FoundIn, FromAddress, ShortResponse, Sweep,
};
use crate::domain::record::{AnsweredBy, Outcome, Record};

/// A check that was run.
#[derive(Clone, Debug)]
pub struct CheckResult {
    /// Its kind.
    pub kind: CheckKind,
    /// What was changed.
    pub change: Change,
    /// A record of each request.
    pub records: Vec<Arc<Record>>,
}

impl CheckResult {
    /// The record of a check with one request; of the others, the one that tells most.
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

    /// Whether it is shown: a check with nothing to send is not, one held back on purpose is.
    #[must_use]
    pub fn is_told(&self) -> bool {
        !self.records.is_empty() || self.kind == CheckKind::ClockCorrected
    }

    /// As it is shown and recorded.
    #[must_use]
    pub fn to_check(&self, of: &Record) -> Check {
        Check {
            kind: self.kind,
            changed: self.change.clone(),
            outcome: self.outcome(of),
            succeeded: self.succeeded(),
            request_id: self.record().and_then(|record| record.copied_id().map(str::to_owned)),
            exchange: self.record().map(|record| Box::new(exchange(record))),
        }
    }

    /// What came of it.
    #[must_use]
    pub fn outcome(&self, of: &Record) -> CheckOutcome {
        let Some(record) = self.record() else {
            let is_held_back = self.kind == CheckKind::ClockCorrected;
            return if is_held_back { CheckOutcome::OtherDay } else { CheckOutcome::NothingSent };
        };
        let response = short(record);
        match self.kind {
            CheckKind::RegionSweep => CheckOutcome::Sweep(self.sweep()),
            CheckKind::EachAddress => {
                let each =
                    |record: &Arc<Record>| FromAddress { address: record.remote.clone(), response: short(record) };
                CheckOutcome::Addresses(self.records.iter().map(each).collect())
            }
            CheckKind::ServiceList => match bucket_list::of_record(record) {
                Some(list) => {
                    let region = of.bucket.as_deref().and_then(|bucket| list.region_of(bucket));
                    CheckOutcome::Buckets {
                        response,
                        count: list.all.len(),
                        more: list.cut,
                        listed: of.bucket.as_ref().map(|_| region.is_some()),
                        region: region.filter(|region| !region.is_empty()).map(str::to_owned),
                    }
                }
                None => CheckOutcome::Response(response),
            },
            CheckKind::Preflight if record.operation == "get-bucket-cors" => match cors::rules(record) {
                Some(rules) if of.outcome == Outcome::Success => {
                    match cors::CorsRequest::of(of).and_then(|asked| cors::exposure(&rules, &asked)) {
                        Some(exposure) => CheckOutcome::Exposure { response, exposure },
                        None => CheckOutcome::Response(response),
                    }
                }
                Some(rules) => CheckOutcome::CorsRules { response, count: rules.len() },
                None => CheckOutcome::Response(response),
            },
            _ => CheckOutcome::Response(response),
        }
    }

    /// What the regions answered.
    #[must_use]
    pub fn sweep(&self) -> Sweep {
        let is_silent = |record: &&Arc<Record>| record.answered_by != AnsweredBy::Store && !is_nowhere(record);
        let found = |record: &Arc<Record>| FoundIn {
            region: record.region.clone().unwrap_or_default(),
            response: short(record),
        };
        Sweep {
            regions: self.records.len(),
            found: self.records.iter().filter(|record| is_there(record)).map(found).collect(),
            silent: self.records.iter().filter(is_silent).count(),
        }
    }
}

/// The bucket answered: it may be read, refused or suspended, but it is there. What may be said before
/// any bucket is looked up, such as "too many requests", tells nothing.
fn is_there(record: &Record) -> bool {
    record.answered_by == AnsweredBy::Store
        && record.status_code.is_some_and(|status| matches!(status, 200..300 | 403 | 451))
        && !is_cached(record)
}

/// The region's host has no such bucket, or the region has no such host.
pub fn is_nowhere(record: &Record) -> bool {
    let not_found = record.status_code == Some(404) && record.answered_by == AnsweredBy::Store && !is_cached(record);
    not_found || record.error.code.as_deref() == Some("ENOTFOUND")
}

/// Bytes of a check's body that are kept: an error document is below 1 KiB.
const BODY_KEPT: usize = 4 * 1024;

/// The exchange of a check, as it is shown and recorded.
fn exchange(record: &Record) -> CheckExchange {
    let is_longer = record.body.as_ref().is_some_and(|body| body.len() > BODY_KEPT);
    let kept = |body: &String| {
        let end = (0..=BODY_KEPT.min(body.len())).rev().find(|end| body.is_char_boundary(*end));
        body[..end.unwrap_or(0)].to_owned()
    };
    CheckExchange {
        method: record.method.clone(),
        url: record.url.clone(),
        headers: record.headers.clone(),
        body: record.body.as_ref().map(kept),
        body_truncated: record.body_truncated || is_longer,
        message: record.error.message.clone().filter(|_| record.status_code.is_none()),
        client_failure: record.client_failure.clone().filter(|_| record.status_code.is_none()),
    }
}

/// Status and Code of a record.
pub fn short(record: &Record) -> ShortResponse {
    let other_server = record.status_code.is_some() && record.answered_by == AnsweredBy::Other;
    let has_code = record.status_code.is_none() || (record.outcome == Outcome::Failure && !other_server);
    ShortResponse { status: record.status_code, code: record.error.code.clone().filter(|_| has_code), other_server }
}
