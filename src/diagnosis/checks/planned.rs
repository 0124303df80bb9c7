//! A check to be run, and what it is planned from.

use super::result::CheckResult;
use crate::domain::check::{Change, CheckKind};
use crate::domain::probe::Probe;
use crate::domain::record::Record;

/// How a check's requests are sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CheckRoute {
    /// As the failed request was.
    Same,
    /// Without the proxy.
    Direct,
    /// To each address that the host's name has.
    EachAddress,
}

/// A check to be run.
#[derive(Clone, Debug)]
pub struct PlannedCheck {
    /// Its kind.
    pub kind: CheckKind,
    /// What is changed.
    pub change: Change,
    /// How it is sent.
    pub route: CheckRoute,
    /// The requests: one, or one for each region.
    pub probes: Vec<Probe>,
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
    /// The results so far.
    pub results: &'a [CheckResult],
}
