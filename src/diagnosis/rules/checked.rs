//! What the checks' answers do to the findings: an alternative that is ruled out goes, a cause that
//! is left alone becomes certain, and what was seen becomes evidence.

use std::borrow::Cow;

use url::Url;

use super::{Case, Finding};
use crate::diagnosis::cached::{is_cached, is_fresh};
use crate::diagnosis::checks::{Answer, is_nowhere, status_and_code};
use crate::diagnosis::versions::{self, Newest};
use crate::diagnosis::{asked, cors, service};
use crate::domain::cause::Cause;
use crate::domain::check::CheckKind;
use crate::domain::dialect::Dialect;
use crate::domain::fact::EvidenceSource;
use crate::domain::record::{AnsweredBy, CodeFrom, Outcome, Record};
use crate::domain::target;
use crate::domain::verdict::Confidence;
use crate::i18n::tell;

/// Looks at the answers and at what was found so far, and finds again.
type Rule = fn(&Case<'_>, Vec<Finding>) -> Vec<Finding>;

/// Settles what the answers can settle.
pub fn settle(case: &Case<'_>, findings: Vec<Finding>) -> Vec<Finding> {
    if case.known.answers.is_empty() {
        return findings;
    }
    let rules: &[Rule] =
        &[clock, key, permission, unknown_id, referer, bucket, region, cors_rules, network, path_style, versions];
    rules.iter().fold(findings, |findings, rule| rule(case, findings))
}

fn answer<'a>(case: &'a Case<'_>, kind: CheckKind) -> Option<&'a Answer> {
    case.known.answers.iter().find(|answer| answer.kind == kind)
}

/// What a check was answered just now: what a cache has kept tells nothing.
fn record<'a>(case: &'a Case<'_>, kind: CheckKind) -> Option<&'a Record> {
    answer(case, kind).and_then(Answer::record).filter(|record| !is_cached(record))
}

fn has(findings: &[Finding], cause: Cause) -> bool {
    findings.iter().any(|finding| finding.cause == cause)
}

/// Makes a cause, with what speaks for it already, the only one.
fn only(findings: Vec<Finding>, cause: Cause, kind: CheckKind, fact: impl Into<Cow<'static, str>>) -> Vec<Finding> {
    let before = findings.into_iter().find(|finding| finding.cause == cause);
    let mut finding = before.unwrap_or_else(|| Finding::new(cause, Confidence::Certain));
    finding.confidence = Confidence::Certain;
    vec![finding.because(EvidenceSource::Check(kind), fact)]
}

/// The same, and it names the region that the bucket was found in.
fn only_in(
    region: &str,
    findings: Vec<Finding>,
    cause: Cause,
    kind: CheckKind,
    fact: impl Into<Cow<'static, str>>,
) -> Vec<Finding> {
    only(findings, cause, kind, fact).into_iter().map(|finding| finding.found_in(region)).collect()
}

/// Adds what was seen to the first finding.
fn note(mut findings: Vec<Finding>, kind: CheckKind, fact: impl Into<Cow<'static, str>>) -> Vec<Finding> {
    if !findings.is_empty() {
        let first = findings.remove(0).because(EvidenceSource::Check(kind), fact);
        findings.insert(0, first);
    }
    findings
}

/// What a check changed, and what came of it.
fn changed_and_answered(case: &Case<'_>, answer: &Answer, record: &Record) -> String {
    let answered = status_and_code(record, case.language);
    tell!(case.language, "%{changed}: %{answer}", changed = answer.changed, answer = answered).into_owned()
}

fn code_is(record: &Record, codes: &[&str]) -> bool {
    record.error.code.as_deref().is_some_and(|code| codes.iter().any(|known| known.eq_ignore_ascii_case(code)))
}

fn is_about_time(record: &Record) -> bool {
    let message = record.error.message.as_deref().unwrap_or_default().to_lowercase();
    code_is(record, &["RequestTimeTooSkewed"]) || message.contains("request has expired")
}

/// Signed by the store's clock the same request is no longer too early or too late.
fn clock(case: &Case<'_>, findings: Vec<Finding>) -> Vec<Finding> {
    let Some(corrected) = record(case, CheckKind::ClockCorrected) else { return findings };
    let is_open = is_about_time(case.record) && has(&findings, Cause::ClockSkew);
    if corrected.answered_by != AnsweredBy::Store || !is_open {
        return findings;
    }
    let language = case.language;
    let answered = status_and_code(corrected, language);
    if is_about_time(corrected) {
        return note(findings, CheckKind::ClockCorrected, tell!(language, "%{answer} all the same", answer = answered));
    }
    // What may be said before the time is looked at tells nothing: too many requests, a bad one.
    if !corrected.status_code.is_some_and(|status| matches!(status, 200..300 | 403 | 404)) {
        let fact = tell!(language, "%{answer}: that tells nothing of the clock", answer = answered);
        return note(findings, CheckKind::ClockCorrected, fact);
    }
    let fact = tell!(language, "signed by the store's clock: %{answer}", answer = answered);
    if !super::clock::explains(case) {
        return note(findings, CheckKind::ClockCorrected, fact);
    }
    only(findings, Cause::ClockSkew, CheckKind::ClockCorrected, fact)
}

/// The same key, asked for the list of buckets.
fn key(case: &Case<'_>, findings: Vec<Finding>) -> Vec<Finding> {
    let Some(list) = record(case, CheckKind::ServiceList).filter(|list| list.answered_by == AnsweredBy::Store) else {
        return findings;
    };
    if !has(&findings, Cause::RequestAltered) || !has(&findings, Cause::SecretKeyWrong) {
        return findings;
    }
    let answered = status_and_code(list, case.language);
    if list.outcome == Outcome::Success {
        let fact = tell!(
            case.language,
            "%{answer}: the key is right, so the other request was not signed as it arrived",
            answer = answered
        );
        // A cache may have kept the refusal of an earlier request.
        let sure = if is_fresh(case.record) { Confidence::Certain } else { Confidence::Likely };
        let altered = only(findings, Cause::RequestAltered, CheckKind::ServiceList, fact);
        return altered.into_iter().map(|finding| finding.at_most(sure)).collect();
    }
    if code_is(list, &["SignatureDoesNotMatch"]) {
        let mut findings = findings;
        findings.sort_by_key(|finding| finding.cause != Cause::SecretKeyWrong);
        findings[0].confidence = Confidence::Likely;
        let fact = tell!(case.language, "%{answer}: another request, the same refusal", answer = answered);
        return note(findings, CheckKind::ServiceList, fact);
    }
    findings
}

/// A key that works and needs no token, refused here: nothing but the permission is left.
fn permission(case: &Case<'_>, findings: Vec<Finding>) -> Vec<Finding> {
    if !has(&findings, Cause::PermissionDenied) || case.is_signed() != Some(true) {
        return findings;
    }
    let language = case.language;
    let unsigned = record(case, CheckKind::Anonymous).filter(|record| record.answered_by == AnsweredBy::Store);
    let findings = match unsigned {
        Some(record) if record.outcome == Outcome::Success => {
            let fact = tell!(language, "200: everybody may, and this key may not: a policy denies it by name");
            note(findings, CheckKind::Anonymous, fact)
        }
        Some(record) => {
            let answered = status_and_code(record, language);
            note(findings, CheckKind::Anonymous, tell!(language, "%{answer}: it is not public", answer = answered))
        }
        None => findings,
    };
    let Some(list) = record(case, CheckKind::ServiceList).filter(|list| list.answered_by == AnsweredBy::Store) else {
        return findings;
    };
    if arrived_unsigned(list) {
        let answered = status_and_code(list, language);
        let fact = tell!(language, "%{answer}: a signed request arrived without its signature", answer = answered);
        let off = Finding::new(Cause::RequestAltered, Confidence::Likely)
            .because(EvidenceSource::Check(CheckKind::ServiceList), fact);
        let summary =
            tell!(language, "The signature does not arrive: something on the way takes the Authorization header off.");
        let fix = tell!(language, "have the proxy or gateway on the way pass the Authorization header on");
        let others = findings.into_iter().map(|finding| finding.at_most(Confidence::Possible));
        return std::iter::once(off.saying(summary, vec![fix.into_owned()])).chain(others).collect();
    }
    if list.outcome != Outcome::Success {
        let answered = status_and_code(list, language);
        return note(
            findings,
            CheckKind::ServiceList,
            tell!(language, "%{answer}: it tells nothing more", answer = answered),
        );
    }
    let is_cos = case.record.dialect == Dialect::Cos;
    let works = match (service::buckets(list), case.record.bucket.as_deref()) {
        (Some(list), Some(bucket)) if is_cos && list.are_of_another_account(bucket) == Some(true) => {
            tell!(language, "200: SecretId, SecretKey, clock and token are right; the bucket is another account's")
        }
        (Some(list), Some(bucket)) if list.region_of(bucket).is_some() => {
            tell!(language, "200: SecretId, SecretKey, clock and token are right; the bucket is this account's")
        }
        _ => tell!(language, "200: SecretId, SecretKey, clock and token are right"),
    };
    // Other words may mean another thing: a locked object, a suspended account. And a store of the other
    // dialect says the same of a missing key to those who may not list.
    let is_own =
        case.record.code_from != CodeFrom::GetTwin || case.record.twin.as_ref().is_some_and(|twin| !twin.differs);
    let plain = is_own && case.code == "accessdenied" && case.says_no_more();
    if !plain || case.record.dialect != Dialect::Cos {
        return note(findings, CheckKind::ServiceList, works);
    }
    only(findings, Cause::PermissionDenied, CheckKind::ServiceList, works)
}

/// The list was asked for with a signature, and answered as to a request without one: Ceph then lists what
/// nobody in particular owns.
fn arrived_unsigned(list: &Record) -> bool {
    let message = list.error.message.as_deref().unwrap_or_default().to_lowercase();
    let is_refused = super::denied::UNSIGNED.iter().any(|words| message.starts_with(words));
    let owner = list.body.as_deref().filter(|_| list.outcome == Outcome::Success).unwrap_or_default();
    is_refused || owner.contains("<Owner><ID>anonymous</ID>")
}

fn unknown_id(case: &Case<'_>, findings: Vec<Finding>) -> Vec<Finding> {
    if !has(&findings, Cause::SecretIdUnknown) {
        return findings;
    }
    if let Some(bare) = record(case, CheckKind::WithoutToken).filter(|bare| bare.answered_by == AnsweredBy::Store) {
        if bare.outcome == Outcome::Success {
            let fact = tell!(case.language, "200: the token that was sent does not belong to this SecretId");
            return only(Vec::new(), Cause::CredentialMalformed, CheckKind::WithoutToken, fact);
        }
        return note(findings, CheckKind::WithoutToken, status_and_code(bare, case.language));
    }
    match record(case, CheckKind::ServiceList).filter(|list| list.answered_by == AnsweredBy::Store) {
        Some(list) if code_is(list, &["InvalidAccessKeyId"]) => {
            let answered = status_and_code(list, case.language);
            note(
                findings,
                CheckKind::ServiceList,
                tell!(case.language, "%{answer}: wherever it is used", answer = answered),
            )
        }
        _ => findings,
    }
}

/// Only unsigned requests are held against the hotlink rule, and only such were sent.
fn referer(case: &Case<'_>, findings: Vec<Finding>) -> Vec<Finding> {
    let Some(answer) = answer(case, CheckKind::Referer) else { return findings };
    let Some(other) = record(case, CheckKind::Referer).filter(|other| other.answered_by == AnsweredBy::Store) else {
        return findings;
    };
    let answered = changed_and_answered(case, answer, other);
    if other.outcome == Outcome::Success {
        return only(findings, Cause::RefererDenied, CheckKind::Referer, answered);
    }
    note(findings, CheckKind::Referer, answered)
}

/// Nowhere, or elsewhere.
fn bucket(case: &Case<'_>, findings: Vec<Finding>) -> Vec<Finding> {
    let Some(name) = case.record.bucket.as_deref().filter(|_| has(&findings, Cause::BucketNotFound)) else {
        return findings;
    };
    let here = case.record.region.as_deref();
    let list = record(case, CheckKind::ServiceList).and_then(service::buckets);
    if let Some(region) = list.as_ref().and_then(|list| list.region_of(name)) {
        if region.is_empty() {
            return note(findings, CheckKind::ServiceList, tell!(case.language, "the account's list has it"));
        }
        if Some(region) == here {
            let fact =
                tell!(case.language, "the account's list has it in this very region: just made, or just deleted");
            return note(findings, CheckKind::ServiceList, fact);
        }
        if here == Some("accelerate") {
            let fact = tell!(
                case.language,
                "the account's list has it in %{region}; acceleration may not be on",
                region = region
            );
            return note(findings, CheckKind::ServiceList, fact);
        }
        let fact = tell!(case.language, "the account's list has it in %{region}", region = region);
        if !names_its_region(case) {
            // Where a host of its own leads nobody knows: the region that was asked for is a word.
            let elsewhere = Finding::new(Cause::BucketWrongRegion, Confidence::Likely).found_in(region);
            let elsewhere = elsewhere
                .because(EvidenceSource::Body, case.said())
                .because(EvidenceSource::Check(CheckKind::ServiceList), fact);
            let others = findings.into_iter().filter(|finding| finding.cause != Cause::BucketWrongRegion);
            return std::iter::once(elsewhere)
                .chain(others.map(|finding| finding.at_most(Confidence::Possible)))
                .collect();
        }
        return only_in(region, findings, Cause::BucketWrongRegion, CheckKind::ServiceList, fact);
    }
    let Some(sweep) = answer(case, CheckKind::RegionSweep) else { return findings };
    if let Some((region, fact)) = found_in(case, sweep) {
        if here == Some("accelerate") {
            return note(findings, CheckKind::RegionSweep, fact);
        }
        return only_in(region, findings, Cause::BucketWrongRegion, CheckKind::RegionSweep, fact);
    }
    let nowhere = sweep.outcome(case.record, case.language);
    let all_answered = sweep.records.iter().all(|record| is_nowhere(record));
    // A region too new for the list of regions would be missed by the sweep, not by the account's list.
    let is_on_own_list = list.is_some_and(|list| !list.cut && list.are_of_another_account(name) == Some(false));
    if all_answered && is_on_own_list {
        let fact = tell!(
            case.language,
            "%{nowhere}, and not on the list of the account that its APPID names",
            nowhere = nowhere
        );
        return only(findings, Cause::BucketNotFound, CheckKind::RegionSweep, fact);
    }
    note(findings, CheckKind::RegionSweep, nowhere)
}

/// The host that was asked says which region it is in.
fn names_its_region(case: &Case<'_>) -> bool {
    Url::parse(&case.record.url).is_ok_and(|url| target::parts_of(&url).region.is_some())
}

/// The one region that a sweep found the bucket in, and that as a fact. A bucket is in no two: who finds it
/// everywhere was answered by somebody else.
fn found_in<'a>(case: &Case<'_>, sweep: &'a Answer) -> Option<(&'a str, Cow<'static, str>)> {
    let found = sweep.record().filter(|_| sweep.found() == 1)?;
    let region = found.region.as_deref()?;
    let answered = status_and_code(found, case.language);
    Some((region, tell!(case.language, "the bucket is in %{region} (%{answer})", region = region, answer = answered)))
}

/// A host that does not exist: is the bucket under the name that was probably meant?
fn region(case: &Case<'_>, findings: Vec<Finding>) -> Vec<Finding> {
    let Some(sweep) = answer(case, CheckKind::RegionSweep) else { return findings };
    if !has(&findings, Cause::InvalidRegion) {
        return match found_in(case, sweep) {
            Some((_, fact)) if has(&findings, Cause::DnsNotFound) => note(findings, CheckKind::RegionSweep, fact),
            _ => findings,
        };
    }
    match found_in(case, sweep) {
        Some((region, fact)) => only_in(region, findings, Cause::InvalidRegion, CheckKind::RegionSweep, fact),
        None => note(findings, CheckKind::RegionSweep, sweep.outcome(case.record, case.language)),
    }
}

/// The bucket's rules, one by one; or, where they may not be read, what less would have been allowed.
fn cors_rules(case: &Case<'_>, findings: Vec<Finding>) -> Vec<Finding> {
    if !has(&findings, Cause::CorsDenied) {
        return findings;
    }
    let answers = case.known.answers.iter().filter(|answer| answer.kind == CheckKind::Preflight);
    answers.fold(findings, |findings, answer| {
        let language = case.language;
        let Some(record) = answer.record() else { return findings };
        if record.operation != "get-bucket-cors" {
            return note(findings, CheckKind::Preflight, changed_and_answered(case, answer, record));
        }
        let (Some(rules), Some(asked)) = (cors::rules(record), cors::Asked::of(case.record)) else {
            let answered = status_and_code(record, language);
            let fact = tell!(language, "%{answer}: the rules may not be read with this key", answer = answered);
            return note(findings, CheckKind::Preflight, fact);
        };
        match cors::fate(&rules, &asked, language) {
            cors::Fate::Refused(reasons) if reasons.is_empty() => {
                note(findings, CheckKind::Preflight, tell!(language, "the bucket has no CORS rule at all"))
            }
            cors::Fate::Refused(reasons) => {
                reasons.into_iter().fold(findings, |findings, reason| note(findings, CheckKind::Preflight, reason))
            }
            cors::Fate::Matched(number) => {
                let fact = tell!(language, "rule %{number} should allow it: changed just now?", number = number);
                note(findings, CheckKind::Preflight, fact)
            }
        }
    })
}

/// What else got through to the store, where this request did not.
fn network(case: &Case<'_>, findings: Vec<Finding>) -> Vec<Finding> {
    let kinds = [CheckKind::Direct, CheckKind::OtherScheme, CheckKind::BackupDomain, CheckKind::EachAddress];
    let never_arrived = case.record.answered_by != AnsweredBy::Store;
    if !never_arrived {
        return findings;
    }
    let is_old_layer = case.header("server").is_some_and(|server| server.starts_with("nws"));
    let answers = case.known.answers.iter().filter(|answer| kinds.contains(&answer.kind));
    answers.fold(findings, |findings, answer| {
        let Some(record) = answer.record() else { return findings };
        let fact = changed_and_answered(case, answer, record);
        let got_through = answer.reached_the_store();
        match (answer.kind, got_through) {
            (CheckKind::Direct, true) if has(&findings, Cause::ProxyFailed) => {
                only(findings, Cause::ProxyFailed, answer.kind, fact)
            }
            // COS's old access layer answers so, too. Another domain or address tells nothing of it: the vendor's
            // SDKs change them when its own front is down.
            (CheckKind::Direct | CheckKind::OtherScheme, true)
                if has(&findings, Cause::NotTheStore) && !is_old_layer =>
            {
                only(findings, Cause::NotTheStore, answer.kind, fact)
            }
            (CheckKind::OtherScheme, true) if has(&findings, Cause::TlsExpired) => {
                certificate(case, findings, record, &fact)
            }
            // Silence on the port for TLS may be a filter, whatever the other port does.
            (CheckKind::OtherScheme, true) if has(&findings, Cause::TlsProtocol) && case.code == "eproto" => {
                only(findings, Cause::TlsProtocol, answer.kind, fact)
            }
            _ => note(findings, answer.kind, fact),
        }
    })
}

/// Over http the store tells its time, and with it whose clock is to blame for a certificate's dates.
fn certificate(case: &Case<'_>, findings: Vec<Finding>, over_http: &Record, fact: &str) -> Vec<Finding> {
    let Some(ahead) = super::clock::seconds_ahead(over_http) else {
        return note(findings, CheckKind::OtherScheme, fact.to_owned());
    };
    let offset = (over_http.time.as_second() - case.record.time.as_second()).abs();
    if ahead.abs() < 15 * 60 && offset < 15 * 60 {
        let fact = tell!(
            case.language,
            "%{fact}, and its clock agrees with this machine's within %{seconds} s",
            fact = fact,
            seconds = ahead.abs()
        );
        return only(findings, Cause::TlsExpired, CheckKind::OtherScheme, fact);
    }
    let mut findings = findings;
    findings.sort_by_key(|finding| finding.cause != Cause::ClockSkew);
    for (place, finding) in findings.iter_mut().enumerate() {
        finding.confidence = if place == 0 { Confidence::Likely } else { Confidence::Possible };
    }
    let fact = tell!(
        case.language,
        "%{fact}, and its clock is %{seconds} s from this machine's",
        fact = fact,
        seconds = format!("{ahead:+}")
    );
    note(findings, CheckKind::OtherScheme, fact)
}

fn path_style(case: &Case<'_>, findings: Vec<Finding>) -> Vec<Finding> {
    let Some(other) = record(case, CheckKind::VirtualHost).filter(|other| other.answered_by == AnsweredBy::Store)
    else {
        return findings;
    };
    let answered = status_and_code(other, case.language);
    let fact = tell!(case.language, "bucket in the host: %{answer}", answer = answered);
    if has(&findings, Cause::PathStyleForbidden) {
        return only(findings, Cause::PathStyleForbidden, CheckKind::VirtualHost, fact);
    }
    note(findings, CheckKind::VirtualHost, fact)
}

/// A key that is not there, or one that a delete marker hides.
fn versions(case: &Case<'_>, findings: Vec<Finding>) -> Vec<Finding> {
    let is_open = findings.first().is_some_and(|first| first.cause == Cause::ObjectNotFound);
    let list = record(case, CheckKind::Versions).filter(|list| list.answered_by == AnsweredBy::Store);
    let (Some(list), Some(key), true) = (list, case.record.key.as_deref(), is_open) else { return findings };
    let answered = status_and_code(list, case.language);
    match versions::newest(list, key) {
        Some(Newest::DeleteMarker) => {
            let fact =
                tell!(case.language, "%{answer}: the newest of its versions is a delete marker", answer = answered);
            only(findings, Cause::ObjectDeleted, CheckKind::Versions, fact)
        }
        Some(Newest::Nothing) if asked::is_sent_as_asked(case.record) => {
            let fact =
                tell!(case.language, "%{answer}: no version of this key and no delete marker", answer = answered);
            only(findings, Cause::ObjectNotFound, CheckKind::Versions, fact)
        }
        Some(Newest::Version) => {
            let fact = tell!(case.language, "%{answer}: the key is there; was it written just now?", answer = answered);
            note(findings, CheckKind::Versions, fact)
        }
        _ => {
            let fact =
                tell!(case.language, "%{answer}: it does not tell whether a delete marker hides it", answer = answered);
            note(findings, CheckKind::Versions, fact)
        }
    }
}
