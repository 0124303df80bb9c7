//! From a record to its verdicts, offline: what the answer, the request and the clock say together.
//!
//! `certain` is said only where the evidence rules the other causes out. Where an answer fits more
//! than one cause they stand side by side, the best first; where it says nothing, `undetermined`
//! with the next step is the verdict.

mod apply_checks;
mod client_side;
mod clock;
mod code_book;
mod context;
mod denied;
mod dialect;
mod finding;
mod head_vs_get;
mod signature;
mod unlike;
mod words;

use url::Url;

use super::checks::CheckResult;
use super::{asked, cached, cors, permission, signature_diff};
use crate::domain::bucket_list;
use crate::domain::cause::Cause;
use crate::domain::check::{Change, Check, CheckKind, CheckOutcome, ShortResponse};
use crate::domain::dialect::Dialect;
use crate::domain::fact::{EvidenceSource, Fact};
use crate::domain::record::{AnsweredBy, Exception, Outcome, Record};
use crate::domain::source::IdSource;
use crate::domain::target;
use crate::domain::verdict::{Confidence, Cors, Diagnosis};
use context::RuleContext;
pub use context::RuleInput;
use finding::Finding;

/// Diagnoses a failure by its record alone. Successes and what is simply not configured get no verdict.
#[must_use]
pub fn diagnose(record: &Record) -> Option<Diagnosis> {
    diagnose_with(record, &RuleInput::default())
}

/// Diagnoses a failure by its record and what else is known. Of a success only the checks are kept.
#[must_use]
pub fn diagnose_with(record: &Record, known: &RuleInput<'_>) -> Option<Diagnosis> {
    if record.outcome != Outcome::Failure {
        let checked = || Diagnosis {
            checks: checks(record, known.results),
            cors: cors_rules(record, known.results),
            ..Diagnosis::default()
        };
        return (!known.results.is_empty()).then(checked);
    }
    let case = RuleContext::of(record, known);
    let mut findings = match (record.exception, record.answered_by) {
        (Some(Exception::Client), _) => of_the_network(&case),
        _ if words::is_refused_preflight(&case) => words::findings(&case),
        (_, AnsweredBy::Other) => dialect::lead(&case, another_server(&case)),
        _ => dialect::lead(&case, unlike::lead(&case, of_the_store(&case))),
    };
    if findings.is_empty() {
        findings.push(undetermined(&case));
    }
    let mut findings = apply_checks::settle(&case, findings);
    // No check can settle these: a cached response, one of an unknown server, and a HEAD whose GET twin differs.
    let is_unlike = record.twin.as_ref().is_some_and(|twin| twin.differs);
    let is_cached = cached::is_cached(record);
    if is_cached {
        let kept = |finding: Finding| finding.because(EvidenceSource::ResponseHeaders, Fact::KeptByCache);
        findings = findings.into_iter().map(kept).collect();
    }
    if is_cached || record.answered_by == AnsweredBy::Unknown || is_unlike {
        findings = cap_at_likely(findings);
    }
    // Stable: of equally sure ones the rule's own order stands.
    findings.sort_by_key(|finding| std::cmp::Reverse(finding.confidence));
    let is_denied = findings.first().is_some_and(|first| first.cause == Cause::PermissionDenied);
    Some(Diagnosis {
        verdicts: findings.into_iter().map(Finding::verdict).collect(),
        checks: checks(record, known.results),
        signature: (case.code == "signaturedoesnotmatch").then(|| signature_diff::compare(record)).flatten(),
        permission: is_denied.then(|| permission::needed(record, known.shape.as_ref(), is_foreign(&case))).flatten(),
        was: None,
        cors: cors_rules(record, known.results),
    })
}

/// The bucket's CORS rules, where a check has read them.
fn cors_rules(record: &Record, results: &[CheckResult]) -> Option<Cors> {
    let mut read = results.iter().filter(|result| result.kind == CheckKind::Preflight).filter_map(CheckResult::record);
    let rules = read.find(|record| cors::are_known(record)).and_then(cors::rules)?;
    Some(cors::held(&rules, &cors::CorsRequest::of(record)?))
}

/// The rows of the truth table, the engine's own GET twin of a HEAD first.
fn checks(record: &Record, results: &[CheckResult]) -> Vec<Check> {
    let twin = record.twin.as_ref().map(|twin| Check {
        kind: CheckKind::GetTwin,
        changed: Change::GetInsteadOfHead,
        outcome: CheckOutcome::Response(ShortResponse {
            status: twin.status_code,
            code: record.error.code.clone().filter(|_| !twin.differs && twin.status_code.is_some()),
            other_server: false,
        }),
        succeeded: twin.status_code.is_some_and(|status| status < 300),
        request_id: twin.request_id.clone(),
        // The record itself shows the twin's headers and body.
        exchange: None,
    });
    let sent = results.iter().filter(|result| result.is_told());
    twin.into_iter().chain(sent.map(|result| result.to_check(record))).collect()
}

/// The key's list of buckets has none of the account that the bucket belongs to.
fn is_foreign(case: &RuleContext<'_>) -> bool {
    if case.record.dialect != Dialect::Cos {
        return false;
    }
    let lists = case.known.results.iter().filter_map(CheckResult::record).filter_map(bucket_list::of_record);
    let bucket = case.record.bucket.as_deref();
    lists.into_iter().any(|list| bucket.and_then(|bucket| list.are_of_another_account(bucket)) == Some(true))
}

/// Words in a log do not say whose connection they describe.
fn of_the_network(case: &RuleContext<'_>) -> Vec<Finding> {
    let findings = client_side::findings(case);
    if case.record.source.is_probe() { findings } else { cap_at_likely(findings) }
}

fn cap_at_likely(findings: Vec<Finding>) -> Vec<Finding> {
    findings.into_iter().map(|finding| finding.at_most(Confidence::Likely)).collect()
}

fn another_server(case: &RuleContext<'_>) -> Vec<Finding> {
    let status = case.record.status_code.unwrap_or(0);
    if status == 407 {
        return vec![proxy_login(case)];
    }
    let server = case.header("server");
    if (300..400).contains(&status)
        && let Some(location) = case.header("location")
    {
        return vec![
            Finding::new(Cause::Redirected, Confidence::Certain)
                .because(EvidenceSource::ResponseHeaders, Fact::NoStoreRequestId)
                .because(EvidenceSource::header("location"), Fact::Value(location.to_owned())),
        ];
    }
    let is_page = case.record.body.as_deref().is_some_and(|body| {
        let lower = body.to_ascii_lowercase();
        lower.contains("<html") || lower.contains("<!doctype html")
    });
    // The store's static websites and its old access layer ("nws") answer in HTML, too, and what was
    // handed on may lack the headers.
    // What is wrong with the request itself any server in front of the store may say, the vendor's own too.
    let is_about_the_request = matches!(status, 400 | 413 | 414 | 431 | 494..=497);
    let is_plain =
        case.code.is_empty() && !server.is_some_and(|server| server.starts_with("nws")) && !is_about_the_request;
    // Of the other dialect there are many servers, and some answer in HTML, too.
    let is_ours = case.record.source.is_probe() && is_plain && case.record.dialect == Dialect::Cos;
    // A proxy answers for a host that does not exist.
    let is_in_host =
        case.record.region.as_deref().is_some_and(|region| target::host_of(&case.record.url).contains(region));
    let misspelt = client_side::region_remark(case).filter(|_| is_in_host);
    let confidence = if is_page && is_ours && misspelt.is_none() { Confidence::Certain } else { Confidence::Likely };
    let ids = if case.record.headers.is_some() { Fact::NoStoreRequestId } else { Fact::NoHeadersKept };
    let name = server.map_or(Fact::NoServerHeader, |server| Fact::Value(server.to_owned()));
    let body = if is_page { Fact::HtmlPage } else { Fact::NothingOfTheStore };
    let other = Finding::new(Cause::NotTheStore, confidence)
        .because(EvidenceSource::ResponseHeaders, ids)
        .because(EvidenceSource::header("server"), name)
        .because(EvidenceSource::Body, body);
    let other = through_proxy(case, other);
    misspelt.into_iter().chain([other]).collect()
}

/// Names the proxy that was told to carry the request, and what it says of itself.
fn through_proxy(case: &RuleContext<'_>, finding: Finding) -> Finding {
    let Some(proxy) = case.record.via.proxy.clone() else { return finding };
    let sent = Fact::SentThrough { proxy, from: case.record.via.proxy_from.clone() };
    let finding = finding.because(EvidenceSource::Proxy, sent);
    match case.header("x-squid-error") {
        Some(error) => finding.because(EvidenceSource::header("x-squid-error"), Fact::Value(error.to_owned())),
        None => finding,
    }
}

/// Nothing but a proxy asks for a login of its own.
fn proxy_login(case: &RuleContext<'_>) -> Finding {
    let scheme = case.header("proxy-authenticate").map(|scheme| scheme.split_whitespace().next().unwrap_or_default());
    let confidence = if scheme.is_some() { Confidence::Certain } else { Confidence::Likely };
    let finding = Finding::new(Cause::ProxyFailed, confidence).because(EvidenceSource::Response, Fact::ProxyLogin);
    let finding = through_proxy(case, finding);
    match scheme {
        Some(scheme) => finding.because(EvidenceSource::header("proxy-authenticate"), Fact::Value(scheme.to_owned())),
        None => finding,
    }
}

/// What a status says that comes without a Code.
fn by_status(case: &RuleContext<'_>) -> Vec<Finding> {
    let status = case.record.status_code.unwrap_or_default();
    let response = Fact::Response(ShortResponse::of_status(case.record.status_code));
    let finding =
        |cause, confidence| Finding::new(cause, confidence).because(EvidenceSource::Response, response.clone());
    match status {
        429 => vec![finding(Cause::Throttled, Confidence::Likely)],
        401 | 403 if case.is_signed() == Some(false) => vec![
            finding(Cause::AnonymousDenied, Confidence::Likely)
                .because(EvidenceSource::RequestHeaders, Fact::NotSigned),
            finding(Cause::PermissionDenied, Confidence::Possible),
        ],
        503 => vec![finding(Cause::ServerFault, Confidence::Likely), finding(Cause::Throttled, Confidence::Possible)],
        500..600 => vec![finding(Cause::ServerFault, Confidence::Likely)],
        _ => Vec::new(),
    }
}

fn of_the_store(case: &RuleContext<'_>) -> Vec<Finding> {
    if let Some(findings) = unlike::another_document(case) {
        return findings;
    }
    if let Some(finding) = delete_marker(case).or_else(|| another_region(case)) {
        return vec![finding];
    }
    let by_words = words::findings(case);
    if !by_words.is_empty() {
        return by_words;
    }
    if let Some(twin) = case.record.twin.as_ref().filter(|twin| twin.differs) {
        return head_vs_get::unlike_get(case, twin);
    }
    if let Some(location) = case.header("location").filter(|_| matches!(case.record.status_code, Some(300..400))) {
        let from = EvidenceSource::header("location");
        return vec![
            Finding::new(Cause::Redirected, Confidence::Likely).because(from, Fact::Value(location.to_owned())),
        ];
    }
    if denied::is_refused_preflight(case) {
        return denied::preflight(case);
    }
    match case.code.as_str() {
        "" => match words::by_status(case) {
            found if found.is_empty() => by_status(case),
            found => found,
        },
        "accessdenied" => denied::access_denied(case),
        "accessforbidden" => denied::access_forbidden(case),
        "invalidaccesskeyid" => denied::unknown_id(case),
        "requesttimetooskewed" => clock::too_skewed(case),
        "signaturedoesnotmatch" => signature::mismatch(case),
        "nosuchbucket" => no_such_bucket(case),
        "nosuchkey" => no_such_key(case),
        "methodnotallowed" if is_about_a_version(case) && !case.record.source.is_probe() => {
            let said = |cause, confidence| Finding::new(cause, confidence).because(EvidenceSource::Body, case.said());
            vec![said(Cause::MethodNotAllowed, Confidence::Likely), said(Cause::ObjectDeleted, Confidence::Possible)]
        }
        _ => code_book::by_the_book(case),
    }
}

/// COS never redirects to another region, so "not here" does not say "nowhere".
fn no_such_bucket(case: &RuleContext<'_>) -> Vec<Finding> {
    let said = |finding: Finding| finding.because(EvidenceSource::Body, case.said());
    let here = Fact::AskedInOneRegion { region: case.record.region.clone() };
    vec![
        said(Finding::new(Cause::BucketNotFound, Confidence::Likely)),
        said(Finding::new(Cause::BucketWrongRegion, Confidence::Possible)).because(EvidenceSource::Region, here),
    ]
}

/// The latest version of the object is a delete marker: 404 to a plain request, 405 to one for just
/// that version.
fn delete_marker(case: &RuleContext<'_>) -> Option<Finding> {
    let name =
        ["x-cos-delete-marker", "x-amz-delete-marker"].into_iter().find(|name| case.header(name) == Some("true"))?;
    let found = Finding::new(Cause::ObjectDeleted, Confidence::Certain);
    matches!(case.record.status_code, Some(404 | 405))
        .then(|| found.because(EvidenceSource::header(name), Fact::Value("true".to_owned())))
}

/// S3 says where a bucket is; COS never does.
fn another_region(case: &RuleContext<'_>) -> Option<Finding> {
    const REGION: &str = "x-amz-bucket-region";
    let said = case.header(REGION).map(|region| (EvidenceSource::header(REGION), region));
    let in_body =
        || case.record.error.others.get("Region").map(|region| (EvidenceSource::element("Region"), region.as_str()));
    let is_about_it = matches!(case.record.status_code, Some(301 | 307))
        || ["authorizationheadermalformed", "permanentredirect", "illegallocationconstraintexception"]
            .contains(&case.code.as_str());
    let (from, region) = said.or_else(in_body).filter(|_| is_about_it)?;
    let found =
        |evidence| Finding::new(Cause::BucketWrongRegion, Confidence::Likely).found_in(region).because(from, evidence);
    let Some(asked) = case.record.region.as_deref() else {
        // Which region an imported request went to is not known: not this one, by the response.
        return (!case.record.source.is_probe()).then(|| found(Fact::Value(region.to_owned())));
    };
    (asked != region).then(|| found(Fact::OtherName { named: region.to_owned(), asked: asked.to_owned() }))
}

/// Some S3-like stores say the same of an upload or a version that they do not know, and all of a copy's
/// source. What was handed on may lack the header of a delete marker, which a page's script never sees.
fn no_such_key(case: &RuleContext<'_>) -> Vec<Finding> {
    let record = case.record;
    let said = |cause, confidence| Finding::new(cause, confidence).because(EvidenceSource::Body, case.said());
    if record.method == "OPTIONS" {
        return vec![said(Cause::ObjectNotFound, Confidence::Likely), said(Cause::CorsDenied, Confidence::Possible)];
    }
    let is_s3 = record.dialect == Dialect::S3;
    if is_s3 && is_about_a_version(case) {
        return vec![
            said(Cause::VersionNotFound, Confidence::Likely),
            said(Cause::ObjectNotFound, Confidence::Possible),
        ];
    }
    let is_about_the_key = matches!(record.method.as_str(), "GET" | "HEAD")
        && !record.url.to_ascii_lowercase().contains("uploadid=")
        && (!is_s3 || record.key.is_some());
    // Other stores than COS do not all say that a delete marker stands there: the list of versions does.
    // Where the store's id was hidden on the way, so may the header of a delete marker be.
    let shows_headers = record.request_id.as_ref().is_some_and(|id| id.from == IdSource::Header);
    if is_about_the_key && is_plainly_asked(record) && !is_s3 && shows_headers {
        return vec![said(Cause::ObjectNotFound, Confidence::Certain)];
    }
    vec![said(Cause::ObjectNotFound, Confidence::Likely), said(Cause::ObjectDeleted, Confidence::Possible)]
}

/// Asked of the store itself for the object as it is, by the very path of its key: a host of its own may lead to
/// another key, and processing may need another object.
fn is_plainly_asked(record: &Record) -> bool {
    let is_vendors = || Url::parse(&record.url).is_ok_and(|url| target::parts_of(&url).region.is_some());
    record.source.is_probe()
        && !asked::is_processed(record)
        && asked::is_sent_as_asked(record)
        && (record.dialect == Dialect::S3 || is_vendors())
}

fn is_about_a_version(case: &RuleContext<'_>) -> bool {
    case.record.url.to_ascii_lowercase().contains("versionid=")
}

fn undetermined(case: &RuleContext<'_>) -> Finding {
    let record = case.record;
    if !record.source.is_probe() && record.error.message.is_some() {
        return Finding::new(Cause::Undetermined, Confidence::Possible).because(EvidenceSource::Body, case.said());
    }
    let fact = if record.status_code.is_none() && record.request_id.is_none() {
        Fact::NoStatus { bytes: record.body_bytes }
    } else {
        Fact::NoCode { status: record.status_code }
    };
    Finding::new(Cause::Undetermined, Confidence::Possible).because(EvidenceSource::Response, fact)
}
