//! Which checks are worth their requests.

use super::planned::{Failed, PlannedCheck};
use super::variants;
use crate::diagnosis::causes;
use crate::domain::check::{Change, CheckKind};
use crate::domain::record::{Outcome, Record};
use crate::domain::verdict::{Confidence, Diagnosis};

/// The most requests that the checks of one failure may send; a region sweep counts as one.
pub const MOST: usize = 12;

/// The operation that asks as a browser does; where it is allowed the rule may hide headers.
pub const PREFLIGHT: &str = "options-object";

/// A success that the checks have something to say about: a preflight, whose rule may hide headers
/// from the page that asks.
#[must_use]
pub fn needs_checks(record: &Record) -> bool {
    record.outcome == Outcome::Success && record.operation == PREFLIGHT
}

/// The checks worth their requests as things stand, the next one first; none when the cause is settled or
/// nothing more can tell. Each answer may make the rest needless.
#[must_use]
pub fn plan(failed: Failed<'_>, diagnosis: &Diagnosis) -> Vec<PlannedCheck> {
    if needs_checks(failed.record) {
        // Of a preflight that was allowed only the rules are asked, and once.
        let rules = variants::planned(CheckKind::Preflight, failed).into_iter().take(1);
        return rules.filter(|_| failed.results.is_empty() && failed.probe.identity.is_some()).collect();
    }
    let Some(first) = diagnosis.verdicts.first() else { return Vec::new() };
    let settled = first.confidence == Confidence::Certain && !causes::entry(first.cause).even_if_certain;
    if settled {
        return Vec::new();
    }
    let verdicts = diagnosis.verdicts.iter();
    let open = verdicts.filter(|verdict| first.confidence < Confidence::Certain || verdict.cause == first.cause);
    let kinds = open.flat_map(|verdict| causes::entry(verdict.cause).checks.iter().copied());
    let mut plan: Vec<PlannedCheck> = Vec::new();
    for planned in kinds.flat_map(|kind| variants::planned(kind, failed)) {
        let is_same = |kind: CheckKind, change: &Change| kind == planned.kind && *change == planned.change;
        let is_done = failed.results.iter().any(|done| is_same(done.kind, &done.change));
        if !is_done && !plan.iter().any(|other| is_same(other.kind, &other.change)) {
            plan.push(planned);
        }
    }
    plan
}
