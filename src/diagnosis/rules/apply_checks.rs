//! What the results of the checks do to the findings: an alternative that is ruled out goes, a cause that
//! is left alone becomes certain, and what was seen becomes evidence.

use url::Url;

use super::context::RuleContext;
use super::finding::Finding;
use crate::diagnosis::cached::{is_cached, is_fresh};
use crate::diagnosis::checks::{CheckResult, is_nowhere, short};
use crate::diagnosis::cors::{self, PreflightOutcome};
use crate::diagnosis::versions::{self, Newest};
use crate::diagnosis::{asked, clock as clocks};
use crate::domain::bucket_list;
use crate::domain::cause::Cause;
use crate::domain::check::CheckKind;
use crate::domain::dialect::Dialect;
use crate::domain::fact::{EvidenceSource, Fact};
use crate::domain::record::{AnsweredBy, CodeFrom, Outcome, Record};
use crate::domain::target;
use crate::domain::verdict::{Confidence, Statement};

/// Looks at the results and at what was found so far, and finds again.
type Rule = fn(&RuleContext<'_>, Vec<Finding>) -> Vec<Finding>;

/// Settles what the results can settle.
pub fn settle(case: &RuleContext<'_>, findings: Vec<Finding>) -> Vec<Finding> {
    if case.known.results.is_empty() {
        return findings;
    }
    let rules: &[Rule] = &[
        clock, key, permission, unknown_id, referer, bucket, region, cors_rules, network, path_style, versions, dialect,
    ];
    rules.iter().fold(findings, |findings, rule| rule(case, findings))
}

fn result<'a>(case: &'a RuleContext<'_>, kind: CheckKind) -> Option<&'a CheckResult> {
    case.known.results.iter().find(|result| result.kind == kind)
}

/// What a check was answered just now: what a cache has kept tells nothing.
fn record<'a>(case: &'a RuleContext<'_>, kind: CheckKind) -> Option<&'a Record> {
    result(case, kind).and_then(CheckResult::record).filter(|record| !is_cached(record))
}

fn has(findings: &[Finding], cause: Cause) -> bool {
    findings.iter().any(|finding| finding.cause == cause)
}

/// Makes a cause, with what speaks for it already, the only one.
fn only(findings: Vec<Finding>, cause: Cause, kind: CheckKind, fact: Fact) -> Vec<Finding> {
    let before = findings.into_iter().find(|finding| finding.cause == cause);
    let mut finding = before.unwrap_or_else(|| Finding::new(cause, Confidence::Certain));
    finding.confidence = Confidence::Certain;
    vec![finding.because(EvidenceSource::Check(kind), fact)]
}

/// The same, and it names the region that the bucket was found in.
fn only_in(region: &str, findings: Vec<Finding>, cause: Cause, kind: CheckKind, fact: Fact) -> Vec<Finding> {
    only(findings, cause, kind, fact).into_iter().map(|finding| finding.found_in(region)).collect()
}

/// Adds what was seen to the first finding.
fn note(mut findings: Vec<Finding>, kind: CheckKind, fact: Fact) -> Vec<Finding> {
    if !findings.is_empty() {
        let first = findings.remove(0).because(EvidenceSource::Check(kind), fact);
        findings.insert(0, first);
    }
    findings
}

/// What a check changed, and what came of it.
fn with_change(result: &CheckResult, record: &Record) -> Fact {
    Fact::WithChange { change: result.change.clone(), response: short(record) }
}

fn code_is(record: &Record, codes: &[&str]) -> bool {
    record.error.code.as_deref().is_some_and(|code| codes.iter().any(|known| known.eq_ignore_ascii_case(code)))
}

fn is_about_time(record: &Record) -> bool {
    let message = record.error.message.as_deref().unwrap_or_default().to_lowercase();
    code_is(record, &["RequestTimeTooSkewed"]) || message.contains("request has expired")
}

/// Signed by the store's clock the same request is no longer too early or too late.
fn clock(case: &RuleContext<'_>, findings: Vec<Finding>) -> Vec<Finding> {
    let Some(corrected) = record(case, CheckKind::ClockCorrected) else { return findings };
    let is_open = is_about_time(case.record) && has(&findings, Cause::ClockSkew);
    if corrected.answered_by != AnsweredBy::Store || !is_open {
        return findings;
    }
    let response = short(corrected);
    if is_about_time(corrected) {
        return note(findings, CheckKind::ClockCorrected, Fact::StillTooLate { response });
    }
    // What may be said before the time is looked at tells nothing: too many requests, a bad one.
    if !corrected.status_code.is_some_and(|status| matches!(status, 200..300 | 403 | 404)) {
        let fact = Fact::TellsNothingOfClock { response };
        return note(findings, CheckKind::ClockCorrected, fact);
    }
    let fact = Fact::SignedByStoreClock { response };
    if !clocks::explains(case.record) {
        return note(findings, CheckKind::ClockCorrected, fact);
    }
    only(findings, Cause::ClockSkew, CheckKind::ClockCorrected, fact)
}

/// The same key, asked for the list of buckets.
fn key(case: &RuleContext<'_>, findings: Vec<Finding>) -> Vec<Finding> {
    let Some(list) = record(case, CheckKind::ServiceList).filter(|list| list.answered_by == AnsweredBy::Store) else {
        return findings;
    };
    if !has(&findings, Cause::RequestAltered) || !has(&findings, Cause::SecretKeyWrong) {
        return findings;
    }
    let response = short(list);
    if list.outcome == Outcome::Success {
        let fact = Fact::KeyIsRight { response };
        // A cache may have kept the refusal of an earlier request.
        let sure = if is_fresh(case.record) { Confidence::Certain } else { Confidence::Likely };
        let altered = only(findings, Cause::RequestAltered, CheckKind::ServiceList, fact);
        return altered.into_iter().map(|finding| finding.at_most(sure)).collect();
    }
    if code_is(list, &["SignatureDoesNotMatch"]) {
        let mut findings = findings;
        findings.sort_by_key(|finding| finding.cause != Cause::SecretKeyWrong);
        findings[0].confidence = Confidence::Likely;
        let fact = Fact::SameRefusal { response };
        return note(findings, CheckKind::ServiceList, fact);
    }
    findings
}

/// A key that works and needs no token, refused here: nothing but the permission is left.
fn permission(case: &RuleContext<'_>, findings: Vec<Finding>) -> Vec<Finding> {
    if !has(&findings, Cause::PermissionDenied) || case.is_signed() != Some(true) {
        return findings;
    }
    let unsigned = record(case, CheckKind::Anonymous).filter(|record| record.answered_by == AnsweredBy::Store);
    let findings = match unsigned {
        Some(record) if record.outcome == Outcome::Success => {
            let fact = Fact::PublicButDenied { response: short(record) };
            note(findings, CheckKind::Anonymous, fact)
        }
        Some(record) => note(findings, CheckKind::Anonymous, Fact::NotPublic { response: short(record) }),
        None => findings,
    };
    let Some(list) = record(case, CheckKind::ServiceList).filter(|list| list.answered_by == AnsweredBy::Store) else {
        return findings;
    };
    if arrived_unsigned(list) {
        let fact = Fact::SignatureDidNotArrive { response: short(list) };
        let off = Finding::new(Cause::RequestAltered, Confidence::Likely)
            .because(EvidenceSource::Check(CheckKind::ServiceList), fact);
        let others = findings.into_iter().map(|finding| finding.at_most(Confidence::Possible));
        return std::iter::once(off.saying(Statement::SignatureRemoved)).chain(others).collect();
    }
    if list.outcome != Outcome::Success {
        return note(findings, CheckKind::ServiceList, Fact::ListTellsNothing { response: short(list) });
    }
    let is_cos = case.record.dialect == Dialect::Cos;
    let own_bucket = match (bucket_list::of_record(list), case.record.bucket.as_deref()) {
        (Some(list), Some(bucket)) if is_cos && list.are_of_another_account(bucket) == Some(true) => Some(false),
        (Some(list), Some(bucket)) if list.region_of(bucket).is_some() => Some(true),
        _ => None,
    };
    let works = Fact::CredentialsWork { response: short(list), own_bucket };
    // Other words may mean another thing: a locked object, a suspended account. And a store of the other
    // dialect says the same of a missing key to those who may not list.
    let is_own =
        case.record.code_from != CodeFrom::GetTwin || case.record.twin.as_ref().is_some_and(|twin| !twin.differs);
    let plain = is_own && case.code == "accessdenied" && case.is_plain_access_denied();
    if !plain || case.record.dialect != Dialect::Cos {
        return note(findings, CheckKind::ServiceList, works);
    }
    only(findings, Cause::PermissionDenied, CheckKind::ServiceList, works)
}

/// The list was asked for with a signature, and answered as to a request without one: Ceph then lists
/// the buckets of the anonymous user.
fn arrived_unsigned(list: &Record) -> bool {
    let message = list.error.message.as_deref().unwrap_or_default().to_lowercase();
    let is_refused = super::denied::UNSIGNED.iter().any(|words| message.starts_with(words));
    let owner = list.body.as_deref().filter(|_| list.outcome == Outcome::Success).unwrap_or_default();
    is_refused || owner.contains("<Owner><ID>anonymous</ID>")
}

fn unknown_id(case: &RuleContext<'_>, findings: Vec<Finding>) -> Vec<Finding> {
    if !has(&findings, Cause::SecretIdUnknown) {
        return findings;
    }
    if let Some(bare) = record(case, CheckKind::WithoutToken).filter(|bare| bare.answered_by == AnsweredBy::Store) {
        if bare.outcome == Outcome::Success {
            let fact = Fact::ForeignToken { response: short(bare) };
            return only(Vec::new(), Cause::CredentialMalformed, CheckKind::WithoutToken, fact);
        }
        return note(findings, CheckKind::WithoutToken, Fact::Response(short(bare)));
    }
    match record(case, CheckKind::ServiceList).filter(|list| list.answered_by == AnsweredBy::Store) {
        Some(list) if code_is(list, &["InvalidAccessKeyId"]) => {
            note(findings, CheckKind::ServiceList, Fact::IdUnknownEverywhere { response: short(list) })
        }
        _ => findings,
    }
}

/// Only unsigned requests are held against the hotlink rule, and only such were sent.
fn referer(case: &RuleContext<'_>, findings: Vec<Finding>) -> Vec<Finding> {
    let Some(result) = result(case, CheckKind::Referer) else { return findings };
    let Some(other) = record(case, CheckKind::Referer).filter(|other| other.answered_by == AnsweredBy::Store) else {
        return findings;
    };
    let answered = with_change(result, other);
    if other.outcome == Outcome::Success {
        return only(findings, Cause::RefererDenied, CheckKind::Referer, answered);
    }
    note(findings, CheckKind::Referer, answered)
}

/// Nowhere, or elsewhere.
fn bucket(case: &RuleContext<'_>, findings: Vec<Finding>) -> Vec<Finding> {
    let Some(name) = case.record.bucket.as_deref().filter(|_| has(&findings, Cause::BucketNotFound)) else {
        return findings;
    };
    let here = case.record.region.as_deref();
    let list = record(case, CheckKind::ServiceList).and_then(bucket_list::of_record);
    if let Some(region) = list.as_ref().and_then(|list| list.region_of(name)) {
        if region.is_empty() {
            return note(findings, CheckKind::ServiceList, Fact::ListedWithoutRegion);
        }
        if Some(region) == here {
            return note(findings, CheckKind::ServiceList, Fact::ListedHere);
        }
        let region = region.to_owned();
        if here == Some("accelerate") {
            return note(findings, CheckKind::ServiceList, Fact::ListedButAccelerated { region });
        }
        let fact = Fact::ListedElsewhere { region: region.clone() };
        if !names_its_region(case) {
            // Where a custom host leads is not known: the region asked for is only a word.
            let elsewhere = Finding::new(Cause::BucketWrongRegion, Confidence::Likely).found_in(&region);
            let elsewhere = elsewhere
                .because(EvidenceSource::Body, case.said())
                .because(EvidenceSource::Check(CheckKind::ServiceList), fact);
            let others = findings.into_iter().filter(|finding| finding.cause != Cause::BucketWrongRegion);
            return std::iter::once(elsewhere)
                .chain(others.map(|finding| finding.at_most(Confidence::Possible)))
                .collect();
        }
        return only_in(&region, findings, Cause::BucketWrongRegion, CheckKind::ServiceList, fact);
    }
    let Some(sweep) = result(case, CheckKind::RegionSweep) else { return findings };
    if let Some((region, fact)) = found_in(sweep) {
        if here == Some("accelerate") {
            return note(findings, CheckKind::RegionSweep, fact);
        }
        return only_in(region, findings, Cause::BucketWrongRegion, CheckKind::RegionSweep, fact);
    }
    let nowhere = sweep.sweep();
    let all_answered = sweep.records.iter().all(|record| is_nowhere(record));
    // A region too new for the list of regions would be missed by the sweep, not by the account's list.
    let is_on_own_list = list.is_some_and(|list| !list.cut && list.are_of_another_account(name) == Some(false));
    if all_answered && is_on_own_list {
        let fact = Fact::NowhereAndNotListed(nowhere);
        return only(findings, Cause::BucketNotFound, CheckKind::RegionSweep, fact);
    }
    note(findings, CheckKind::RegionSweep, Fact::Sweep(nowhere))
}

/// The host that was asked says which region it is in.
fn names_its_region(case: &RuleContext<'_>) -> bool {
    Url::parse(&case.record.url).is_ok_and(|url| target::parts_of(&url).region.is_some())
}

/// The one region that a sweep found the bucket in, and that as a fact. A bucket is in no two: who finds it
/// everywhere was answered by another server.
fn found_in(sweep: &CheckResult) -> Option<(&str, Fact)> {
    let found = sweep.record().filter(|_| sweep.found() == 1)?;
    let region = found.region.as_deref()?;
    Some((region, Fact::FoundInRegion { region: region.to_owned(), response: short(found) }))
}

/// A host that does not exist: is the bucket under the name that was probably meant?
fn region(case: &RuleContext<'_>, findings: Vec<Finding>) -> Vec<Finding> {
    let Some(sweep) = result(case, CheckKind::RegionSweep) else { return findings };
    if !has(&findings, Cause::InvalidRegion) {
        return match found_in(sweep) {
            Some((_, fact)) if has(&findings, Cause::DnsNotFound) => note(findings, CheckKind::RegionSweep, fact),
            _ => findings,
        };
    }
    match found_in(sweep) {
        Some((region, fact)) => only_in(region, findings, Cause::InvalidRegion, CheckKind::RegionSweep, fact),
        None => note(findings, CheckKind::RegionSweep, Fact::Sweep(sweep.sweep())),
    }
}

/// The bucket's rules, one by one; or, where they may not be read, what less would have been allowed.
fn cors_rules(case: &RuleContext<'_>, findings: Vec<Finding>) -> Vec<Finding> {
    if !has(&findings, Cause::CorsDenied) {
        return findings;
    }
    let results = case.known.results.iter().filter(|result| result.kind == CheckKind::Preflight);
    results.fold(findings, |findings, result| {
        let Some(record) = result.record() else { return findings };
        let note = |findings, fact| note(findings, CheckKind::Preflight, fact);
        if record.operation != "get-bucket-cors" {
            return note(findings, with_change(result, record));
        }
        let (Some(rules), Some(asked)) = (cors::rules(record), cors::CorsRequest::of(case.record)) else {
            return note(findings, Fact::CorsRulesUnreadable { response: short(record) });
        };
        match cors::outcome(&rules, &asked) {
            PreflightOutcome::Refused(reasons) if reasons.is_empty() => note(findings, Fact::NoCorsRule),
            PreflightOutcome::Refused(reasons) => {
                let facts = (1..).zip(reasons).map(|(rule, refusal)| Fact::CorsRuleRefuses { rule, refusal });
                facts.fold(findings, note)
            }
            PreflightOutcome::Matched(rule) => note(findings, Fact::CorsRuleShouldAllow { rule }),
        }
    })
}

/// The same request with the same key, signed for S3.
fn dialect(case: &RuleContext<'_>, findings: Vec<Finding>) -> Vec<Finding> {
    let Some(result) = result(case, CheckKind::OtherDialect) else { return findings };
    let Some(record) = record(case, CheckKind::OtherDialect) else { return findings };
    let fact = with_change(result, record);
    match record.outcome {
        Outcome::Success => only(findings, Cause::DialectWrong, CheckKind::OtherDialect, fact),
        _ => note(findings, CheckKind::OtherDialect, fact),
    }
}

/// What else got through to the store, where this request did not.
fn network(case: &RuleContext<'_>, findings: Vec<Finding>) -> Vec<Finding> {
    let kinds = [CheckKind::Direct, CheckKind::OtherScheme, CheckKind::BackupDomain, CheckKind::EachAddress];
    let never_arrived = case.record.answered_by != AnsweredBy::Store;
    if !never_arrived {
        return findings;
    }
    let is_old_layer = case.header("server").is_some_and(|server| server.starts_with("nws"));
    let results = case.known.results.iter().filter(|result| kinds.contains(&result.kind));
    results.fold(findings, |findings, result| {
        let Some(record) = result.record() else { return findings };
        let fact = with_change(result, record);
        match (result.kind, result.reached_the_store()) {
            (CheckKind::Direct, true) if has(&findings, Cause::ProxyFailed) => {
                only(findings, Cause::ProxyFailed, result.kind, fact)
            }
            // COS's old access layer answers so, too. Another domain or address tells nothing of it: the vendor's
            // SDKs change them when its own front is down.
            (CheckKind::Direct | CheckKind::OtherScheme, true)
                if has(&findings, Cause::NotTheStore) && !is_old_layer =>
            {
                only(findings, Cause::NotTheStore, result.kind, fact)
            }
            (CheckKind::OtherScheme, true) if has(&findings, Cause::TlsExpired) => {
                certificate(case, findings, result, record)
            }
            // Silence on the port for TLS may be a filter, whatever the other port does.
            (CheckKind::OtherScheme, true) if has(&findings, Cause::TlsProtocol) && case.code == "eproto" => {
                only(findings, Cause::TlsProtocol, result.kind, fact)
            }
            _ => note(findings, result.kind, fact),
        }
    })
}

/// Over http the store tells its time, and with it whose clock is to blame for a certificate's dates.
fn certificate(
    case: &RuleContext<'_>,
    findings: Vec<Finding>,
    result: &CheckResult,
    over_http: &Record,
) -> Vec<Finding> {
    let Some(seconds) = clocks::seconds_ahead(over_http) else {
        return note(findings, CheckKind::OtherScheme, with_change(result, over_http));
    };
    let (change, response) = (result.change.clone(), short(over_http));
    let offset = (over_http.time.as_second() - case.record.time.as_second()).abs();
    if seconds.abs() < 15 * 60 && offset < 15 * 60 {
        let fact = Fact::StoreClockAgrees { change, response, seconds };
        return only(findings, Cause::TlsExpired, CheckKind::OtherScheme, fact);
    }
    let mut findings = findings;
    findings.sort_by_key(|finding| finding.cause != Cause::ClockSkew);
    for (place, finding) in findings.iter_mut().enumerate() {
        finding.confidence = if place == 0 { Confidence::Likely } else { Confidence::Possible };
    }
    note(findings, CheckKind::OtherScheme, Fact::StoreClockDiffers { change, response, seconds })
}

fn path_style(case: &RuleContext<'_>, findings: Vec<Finding>) -> Vec<Finding> {
    let other = record(case, CheckKind::VirtualHost).filter(|other| other.answered_by == AnsweredBy::Store);
    let Some(other) = other else { return findings };
    let fact = Fact::BucketInHost { response: short(other) };
    if has(&findings, Cause::PathStyleForbidden) {
        return only(findings, Cause::PathStyleForbidden, CheckKind::VirtualHost, fact);
    }
    note(findings, CheckKind::VirtualHost, fact)
}

/// A key that is not there, or one that a delete marker hides.
fn versions(case: &RuleContext<'_>, findings: Vec<Finding>) -> Vec<Finding> {
    let is_open = findings.first().is_some_and(|first| first.cause == Cause::ObjectNotFound);
    let list = record(case, CheckKind::Versions).filter(|list| list.answered_by == AnsweredBy::Store);
    let (Some(list), Some(key), true) = (list, case.record.key.as_deref(), is_open) else { return findings };
    let response = short(list);
    match versions::newest(list, key) {
        Some(Newest::DeleteMarker) => {
            only(findings, Cause::ObjectDeleted, CheckKind::Versions, Fact::NewestIsDeleteMarker { response })
        }
        Some(Newest::Nothing) if asked::is_sent_as_asked(case.record) => {
            only(findings, Cause::ObjectNotFound, CheckKind::Versions, Fact::NoVersion { response })
        }
        Some(Newest::Version) => note(findings, CheckKind::Versions, Fact::VersionIsThere { response }),
        _ => note(findings, CheckKind::Versions, Fact::VersionsTellNothing { response }),
    }
}
