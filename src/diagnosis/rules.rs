//! From a record to its verdicts, offline: what the answer, the request and the clock say together.
//!
//! `certain` is said only where the evidence rules the other causes out. Where an answer fits more
//! than one cause they stand side by side, the best first; where it says nothing, `undetermined`
//! with the next step is the verdict.

mod book;
mod checked;
mod client_side;
pub(super) mod clock;
mod denied;
mod finding;
mod head;
mod signature;
mod unlike;

use std::borrow::Cow;

use url::Url;

use super::checks::Answer;
use super::{asked, cached, cors, forensics, permission, service};
use crate::domain::cause::Cause;
use crate::domain::check::CheckKind;
use crate::domain::credentials::CredentialTraits;
use crate::domain::dialect::Dialect;
use crate::domain::fact::EvidenceSource;
use crate::domain::record::{AnsweredBy, CodeFrom, Exception, Outcome, Record};
use crate::domain::target;
use crate::domain::verdict::{Check, Confidence, Cors, Diagnosis};
use crate::i18n::{Language, tell};
use finding::Finding;

/// What is known beside the record.
#[derive(Clone, Debug, Default)]
pub struct Known<'a> {
    /// The shape of the credentials that the request was signed with.
    pub shape: Option<CredentialTraits>,
    /// What the checks answered so far.
    pub answers: &'a [Answer],
}

/// What a record says, in the forms that rules ask for.
struct Case<'a> {
    record: &'a Record,
    known: &'a Known<'a>,
    language: Language,
    code: String,
    message: String,
}

impl Case<'_> {
    /// Whether the request carried a signature. Of one that was not sent from here only its presence
    /// tells: browsers and people leave secrets out of what they hand on.
    fn is_signed(&self) -> Option<bool> {
        let in_url = Url::parse(&self.record.url).is_ok_and(|url| target::is_presigned(&url));
        if in_url || self.sent_header("authorization").is_some() {
            return Some(true);
        }
        // The store's own log says who asked; "-" is nobody.
        let absence_tells = self.record.source == "probe" || self.record.code_from == CodeFrom::Log;
        (absence_tells && !self.record.request.headers.is_empty()).then_some(false)
    }

    /// The request carried a session token.
    fn has_token(&self) -> bool {
        let in_url = Url::parse(&self.record.url).is_ok_and(|url| target::carries_a_token(&url));
        in_url || self.record.request.headers.iter().any(|(name, _)| name.ends_with("-security-token"))
    }

    /// What the signature was made of is known: it was signed here, and not by whoever made the URL.
    fn is_signed_here(&self) -> bool {
        self.record.request.string_to_sign.is_some()
    }

    fn sent_header(&self, name: &str) -> Option<&str> {
        crate::domain::exchange::header(&self.record.request.headers, name)
    }

    fn header(&self, name: &str) -> Option<&str> {
        self.record.headers.as_ref().and_then(|headers| crate::domain::exchange::header(headers, name))
    }

    /// The Message says no more than `AccessDenied` does.
    fn says_no_more(&self) -> bool {
        self.message.trim_end_matches('.') == "access denied"
    }

    /// Code and Message as the evidence of a verdict.
    fn said(&self) -> String {
        let code = self.record.error.code.as_deref().unwrap_or_default();
        match self.record.error.message.as_deref() {
            Some(message) => format!("{code}: {message}"),
            None => code.to_owned(),
        }
    }
}

/// Diagnoses a failure by its record alone. Successes and what is simply not configured get no verdict.
#[must_use]
pub fn diagnose(record: &Record, language: Language) -> Option<Diagnosis> {
    diagnose_with(record, &Known::default(), language)
}

/// Diagnoses a failure by its record and what else is known. Of a success only what was checked is told.
#[must_use]
pub fn diagnose_with(record: &Record, known: &Known<'_>, language: Language) -> Option<Diagnosis> {
    if record.outcome != Outcome::Failure {
        let checked = || Diagnosis {
            checks: checks(record, known.answers, language),
            cors: cors_rules(record, known.answers),
            ..Diagnosis::default()
        };
        return (!known.answers.is_empty()).then(checked);
    }
    let case = Case {
        record,
        known,
        language,
        code: record.error.code.as_deref().unwrap_or_default().to_ascii_lowercase(),
        message: record.error.message.as_deref().unwrap_or_default().to_lowercase(),
    };
    let mut findings = match (record.exception, record.answered_by) {
        (Some(Exception::Client), _) => of_the_network(&case),
        (_, AnsweredBy::Other) => somebody_else(&case),
        _ => unlike::lead(&case, of_the_store(&case)),
    };
    if findings.is_empty() {
        findings.push(undetermined(&case));
    }
    let mut findings = checked::settle(&case, findings);
    // What no check can make good: an answer of another time, of nobody knows whom, or without a Code of its own.
    let is_unlike = record.twin.as_ref().is_some_and(|twin| twin.differs);
    let is_cached = cached::is_cached(record);
    if is_cached {
        let words = tell!(language, "kept by a cache on the way: it tells of another time");
        findings = findings
            .into_iter()
            .map(|finding| finding.because(EvidenceSource::ResponseHeaders, words.clone()))
            .collect();
    }
    if is_cached || record.answered_by == AnsweredBy::Unknown || is_unlike {
        findings = at_most_likely(findings);
    }
    // Stable: of equally sure ones the rule's own order stands.
    findings.sort_by_key(|finding| std::cmp::Reverse(finding.confidence));
    let is_denied = findings.first().is_some_and(|first| first.cause == Cause::PermissionDenied);
    Some(Diagnosis {
        verdicts: findings.into_iter().map(|finding| finding.in_words(record, language)).collect(),
        checks: checks(record, known.answers, language),
        signature: (case.code == "signaturedoesnotmatch").then(|| forensics::compare(record, language)).flatten(),
        permission: is_denied
            .then(|| permission::needed(record, known.shape.as_ref(), is_foreign(&case), language))
            .flatten(),
        was: None,
        cors: cors_rules(record, known.answers),
    })
}

/// The bucket's CORS rules, where a check has read them.
fn cors_rules(record: &Record, answers: &[Answer]) -> Option<Cors> {
    let mut read = answers.iter().filter(|answer| answer.kind == CheckKind::Preflight).filter_map(Answer::record);
    let rules = read.find(|record| cors::are_known(record)).and_then(cors::rules)?;
    Some(cors::held(&rules, &cors::Asked::of(record)?))
}

/// The rows of the truth table, the engine's own GET twin of a HEAD first.
fn checks(record: &Record, answers: &[Answer], language: Language) -> Vec<Check> {
    let twin = record.twin.as_ref().map(|twin| Check {
        kind: CheckKind::GetTwin,
        changed: tell!(language, "method HEAD -> GET").into_owned(),
        outcome: match (twin.status_code, record.error.code.as_deref().filter(|_| !twin.differs)) {
            (Some(status), Some(code)) => format!("{status} {code}"),
            (Some(status), None) => status.to_string(),
            (None, _) => tell!(language, "no answer").into_owned(),
        },
        succeeded: twin.status_code.is_some_and(|status| status < 300),
        request_id: twin.request_id.clone(),
    });
    let sent = answers.iter().filter(|answer| answer.is_told());
    twin.into_iter().chain(sent.map(|answer| answer.to_check(record, language))).collect()
}

/// The key's list of buckets has none of the account that the bucket belongs to.
fn is_foreign(case: &Case<'_>) -> bool {
    if case.record.dialect != Dialect::Cos {
        return false;
    }
    let lists = case.known.answers.iter().filter_map(Answer::record).filter_map(service::buckets);
    let bucket = case.record.bucket.as_deref();
    lists.into_iter().any(|list| bucket.and_then(|bucket| list.are_of_another_account(bucket)) == Some(true))
}

/// Of words in somebody's log nobody knows whose connection they were about.
fn of_the_network(case: &Case<'_>) -> Vec<Finding> {
    let findings = client_side::findings(case);
    if case.record.source == "probe" { findings } else { at_most_likely(findings) }
}

fn at_most_likely(findings: Vec<Finding>) -> Vec<Finding> {
    findings.into_iter().map(|finding| finding.at_most(Confidence::Likely)).collect()
}

fn somebody_else(case: &Case<'_>) -> Vec<Finding> {
    let status = case.record.status_code.unwrap_or(0);
    if status == 407 {
        return vec![proxy_login(case)];
    }
    let server = case.header("server").unwrap_or("(none)");
    let no_id = tell!(case.language, "the answer has no request id of the store");
    if (300..400).contains(&status)
        && let Some(location) = case.header("location")
    {
        return vec![
            Finding::new(Cause::Redirected, Confidence::Certain)
                .because(EvidenceSource::ResponseHeaders, no_id)
                .because(EvidenceSource::ResponseHeader("location"), location.to_owned()),
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
    let is_plain = case.code.is_empty() && !server.starts_with("nws") && !is_about_the_request;
    // Of the other dialect there are many servers, and some answer in HTML, too.
    let is_ours = case.record.source == "probe" && is_plain && case.record.dialect == Dialect::Cos;
    // A proxy answers for a host that does not exist.
    let misspelt = client_side::region_remark(case);
    let confidence = if is_page && is_ours && misspelt.is_none() { Confidence::Certain } else { Confidence::Likely };
    let somebody = vec![
        Finding::new(Cause::NotTheStore, confidence)
            .because(
                EvidenceSource::ResponseHeaders,
                if case.record.headers.is_some() { no_id } else { tell!(case.language, "none were given") },
            )
            .because(EvidenceSource::ResponseHeader("server"), server.to_owned())
            .because(
                EvidenceSource::Body,
                if is_page {
                    tell!(case.language, "a page where the store sends a document")
                } else {
                    tell!(case.language, "nothing that the store would send")
                },
            ),
    ];
    misspelt.into_iter().chain(somebody).collect()
}

/// Nothing but a proxy asks for a login of its own.
fn proxy_login(case: &Case<'_>) -> Finding {
    let words = tell!(case.language, "407: the proxy wants a login");
    let finding =
        |confidence| Finding::new(Cause::ProxyFailed, confidence).because(EvidenceSource::Response, words.clone());
    match case.header("proxy-authenticate") {
        Some(scheme) => {
            let scheme = scheme.split_whitespace().next().unwrap_or_default().to_owned();
            finding(Confidence::Certain).because(EvidenceSource::ResponseHeader("proxy-authenticate"), scheme)
        }
        None => finding(Confidence::Likely),
    }
}

/// What a status says that comes without a Code.
fn by_status(case: &Case<'_>) -> Vec<Finding> {
    let status = case.record.status_code.unwrap_or_default();
    let finding =
        |cause, confidence| Finding::new(cause, confidence).because(EvidenceSource::Response, status.to_string());
    match status {
        429 => vec![finding(Cause::Throttled, Confidence::Likely)],
        503 => vec![finding(Cause::ServerFault, Confidence::Likely), finding(Cause::Throttled, Confidence::Possible)],
        500..600 => vec![finding(Cause::ServerFault, Confidence::Likely)],
        _ => Vec::new(),
    }
}

fn of_the_store(case: &Case<'_>) -> Vec<Finding> {
    if let Some(findings) = unlike::another_document(case) {
        return findings;
    }
    if let Some(finding) = delete_marker(case).or_else(|| another_region(case)) {
        return vec![finding];
    }
    if let Some(twin) = case.record.twin.as_ref().filter(|twin| twin.differs) {
        return head::unlike_get(case, twin);
    }
    if let Some(location) = case.header("location").filter(|_| matches!(case.record.status_code, Some(300..400))) {
        let from = EvidenceSource::ResponseHeader("location");
        return vec![Finding::new(Cause::Redirected, Confidence::Likely).because(from, location.to_owned())];
    }
    match case.code.as_str() {
        "" => by_status(case),
        "accessdenied" => denied::access_denied(case),
        "accessforbidden" => denied::access_forbidden(case),
        "invalidaccesskeyid" => denied::unknown_id(case),
        "requesttimetooskewed" => clock::too_skewed(case),
        "signaturedoesnotmatch" => signature::mismatch(case),
        "nosuchbucket" => no_such_bucket(case),
        "nosuchkey" => no_such_key(case),
        "methodnotallowed" if is_about_a_version(case) && case.record.source != "probe" => {
            let said = |cause, confidence| Finding::new(cause, confidence).because(EvidenceSource::Body, case.said());
            vec![said(Cause::MethodNotAllowed, Confidence::Likely), said(Cause::ObjectDeleted, Confidence::Possible)]
        }
        _ => book::by_the_book(case),
    }
}

/// COS never sends on to another region, so "not here" does not say "nowhere".
fn no_such_bucket(case: &Case<'_>) -> Vec<Finding> {
    let language = case.language;
    let region = case.record.region.clone().map_or_else(|| tell!(language, "this region"), Cow::Owned);
    let said = |finding: Finding| finding.because(EvidenceSource::Body, case.said());
    vec![
        said(Finding::new(Cause::BucketNotFound, Confidence::Likely)),
        said(Finding::new(Cause::BucketWrongRegion, Confidence::Possible)).because(
            EvidenceSource::Region,
            tell!(language, "asked in %{region} only; the store does not say whether it is elsewhere", region = region),
        ),
    ]
}

/// The latest version of the object is a delete marker: 404 to a plain request, 405 to one for just
/// that version.
fn delete_marker(case: &Case<'_>) -> Option<Finding> {
    let name =
        ["x-cos-delete-marker", "x-amz-delete-marker"].into_iter().find(|name| case.header(name) == Some("true"))?;
    matches!(case.record.status_code, Some(404 | 405)).then(|| {
        Finding::new(Cause::ObjectDeleted, Confidence::Certain).because(EvidenceSource::ResponseHeader(name), "true")
    })
}

/// S3 says where a bucket is; COS never does.
fn another_region(case: &Case<'_>) -> Option<Finding> {
    let said = case
        .header("x-amz-bucket-region")
        .map(|region| (EvidenceSource::ResponseHeader("x-amz-bucket-region"), region));
    let in_body = || {
        case.record
            .error
            .others
            .get("Region")
            .map(|region| (EvidenceSource::Element("Region".to_owned()), region.as_str()))
    };
    let is_about_it = matches!(case.record.status_code, Some(301 | 307))
        || ["authorizationheadermalformed", "permanentredirect", "illegallocationconstraintexception"]
            .contains(&case.code.as_str());
    let (from, region) = said.or_else(in_body).filter(|_| is_about_it)?;
    let asked = case.record.region.as_deref().filter(|asked| *asked != region)?;
    Some(
        Finding::new(Cause::BucketWrongRegion, Confidence::Likely)
            .found_in(region)
            .because(from, tell!(case.language, "%{region}; asked for %{asked}", region = region, asked = asked)),
    )
}

/// Some S3-like stores say the same of an upload or a version that they do not know, and all of a copy's
/// source. What was handed on may lack the header of a delete marker, which a page's script never sees.
fn no_such_key(case: &Case<'_>) -> Vec<Finding> {
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
    let shows_headers = record.request_id.as_ref().is_some_and(|id| id.from == "header");
    if is_about_the_key && is_plainly_asked(record) && !is_s3 && shows_headers {
        return vec![said(Cause::ObjectNotFound, Confidence::Certain)];
    }
    vec![said(Cause::ObjectNotFound, Confidence::Likely), said(Cause::ObjectDeleted, Confidence::Possible)]
}

/// Asked of the store itself for the object as it is, by the very path of its key: a host of its own may lead to
/// another key, and processing may need another object.
fn is_plainly_asked(record: &Record) -> bool {
    let is_vendors = Url::parse(&record.url).is_ok_and(|url| target::parts_of(&url).region.is_some());
    let is_known = record.dialect == Dialect::S3 || is_vendors;
    record.source == "probe" && is_known && !asked::is_processed(record) && asked::is_sent_as_asked(record)
}

fn is_about_a_version(case: &Case<'_>) -> bool {
    case.record.url.to_ascii_lowercase().contains("versionid=")
}

fn undetermined(case: &Case<'_>) -> Finding {
    let record = case.record;
    if record.status_code.is_none() && record.request_id.is_none() {
        let (language, bytes) = (case.language, record.body_bytes);
        let words = tell!(language, "%{bytes} bytes without a status, a code or a RequestId", bytes = bytes);
        return Finding::new(Cause::Undetermined, Confidence::Possible).because(EvidenceSource::Response, words);
    }
    let status =
        case.record.status_code.map_or_else(|| tell!(case.language, "no status"), |status| status.to_string().into());
    Finding::new(Cause::Undetermined, Confidence::Possible).because(
        EvidenceSource::Response,
        tell!(case.language, "%{status} without a code or a message", status = status),
    )
}
