//! From a record to its verdicts, offline: what the answer, the request and the clock say together.
//!
//! `certain` is said only where the evidence rules the other causes out. Where an answer fits more
//! than one cause they stand side by side, the best first; where it says nothing, `undetermined`
//! with the next step is the verdict.

mod checked;
mod client_side;
pub(super) mod clock;
mod denied;
mod signature;

use super::checks::Answer;
use super::{Language, causes, code_book, forensics, permission, service};
use crate::domain::profile::{Dialect, Shape};
use crate::domain::record::{AnsweredBy, Exception, Outcome, Record};
use crate::domain::verdict::{Check, Confidence, Diagnosis, Evidence, Verdict};

/// A cause with what speaks for it, before it is put into words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    cause: &'static str,
    confidence: Confidence,
    evidence: Vec<Evidence>,
}

impl Finding {
    fn new(cause: &'static str, confidence: Confidence) -> Self {
        Self { cause, confidence, evidence: Vec::new() }
    }

    fn because(mut self, from: &str, fact: impl Into<String>) -> Self {
        self.evidence.push(Evidence { fact: fact.into(), from: from.to_owned() });
        self
    }
}

/// What is known beside the record.
#[derive(Clone, Debug, Default)]
pub struct Known<'a> {
    /// The shape of the credentials that the request was signed with.
    pub shape: Option<Shape>,
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
    /// Whether the request carried a signature; of a pasted error nobody knows.
    fn is_signed(&self) -> Option<bool> {
        let url = &self.record.url;
        if url.contains("q-signature=") || url.contains("X-Amz-Signature=") {
            return Some(true);
        }
        (!self.record.request.headers.is_empty()).then(|| self.sent_header("authorization").is_some())
    }

    /// The request carried a session token.
    fn has_token(&self) -> bool {
        self.sent_header(self.record.dialect.token_header()).is_some()
    }

    fn sent_header(&self, name: &str) -> Option<&str> {
        crate::domain::exchange::header(&self.record.request.headers, name)
    }

    fn header(&self, name: &str) -> Option<&str> {
        self.record.headers.as_ref().and_then(|headers| crate::domain::exchange::header(headers, name))
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

/// Diagnoses a failure by its record and what else is known.
#[must_use]
pub fn diagnose_with(record: &Record, known: &Known<'_>, language: Language) -> Option<Diagnosis> {
    if record.outcome != Outcome::Failure {
        return None;
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
        _ => of_the_store(&case),
    };
    if findings.is_empty() {
        findings.push(undetermined(&case));
    }
    let mut findings = checked::settle(&case, findings);
    // Stable: of equally sure ones the rule's own order stands.
    findings.sort_by_key(|finding| std::cmp::Reverse(finding.confidence));
    let is_denied = findings.first().is_some_and(|first| first.cause == "permission-denied");
    Some(Diagnosis {
        verdicts: findings.into_iter().filter_map(|finding| in_words(finding, record, language)).collect(),
        checks: checks(record, known.answers),
        signature: (case.code == "signaturedoesnotmatch").then(|| forensics::compare(record, language)).flatten(),
        permission: is_denied.then(|| permission::needed(record, known.shape.as_ref(), is_foreign(&case))).flatten(),
    })
}

/// The rows of the truth table, the engine's own GET twin of a HEAD first.
fn checks(record: &Record, answers: &[Answer]) -> Vec<Check> {
    let twin = record.twin.as_ref().map(|twin| Check {
        check: "get-twin".to_owned(),
        changed: "method HEAD -> GET".to_owned(),
        outcome: match (twin.status_code, record.error.code.as_deref().filter(|_| !twin.differs)) {
            (Some(status), Some(code)) => format!("{status} {code}"),
            (Some(status), None) => status.to_string(),
            (None, _) => "no answer".to_owned(),
        },
        succeeded: twin.status_code.is_some_and(|status| status < 300),
        request_id: twin.request_id.clone(),
    });
    let sent = answers.iter().filter(|answer| !answer.records.is_empty());
    twin.into_iter().chain(sent.map(|answer| answer.to_check(record))).collect()
}

/// The key's list of buckets has none of the account that the bucket belongs to.
fn is_foreign(case: &Case<'_>) -> bool {
    let lists = case.known.answers.iter().filter_map(Answer::record).filter_map(service::buckets);
    let bucket = case.record.bucket.as_deref();
    lists.into_iter().any(|list| bucket.and_then(|bucket| list.are_of_another_account(bucket)) == Some(true))
}

/// Of words in somebody's log nobody knows whose connection they were about.
fn of_the_network(case: &Case<'_>) -> Vec<Finding> {
    let mut findings = client_side::findings(case);
    if case.record.source != "probe" {
        for finding in &mut findings {
            finding.confidence = finding.confidence.min(Confidence::Likely);
        }
    }
    findings
}

fn somebody_else(case: &Case<'_>) -> Vec<Finding> {
    let status = case.record.status_code.unwrap_or(0);
    let server = case.header("server").unwrap_or("(none)");
    let no_id = "the answer has no request id of the store";
    if (300..400).contains(&status)
        && let Some(location) = case.header("location")
    {
        return vec![
            Finding::new("redirected", Confidence::Certain)
                .because("response headers", no_id)
                .because("response header location", location),
        ];
    }
    let is_page = case.record.body.as_deref().is_some_and(|body| {
        let lower = body.to_ascii_lowercase();
        lower.contains("<html") || lower.contains("<!doctype html")
    });
    // The store's static websites answer in HTML, too: without its headers a page proves nothing.
    let confidence = if is_page && case.record.headers.is_some() { Confidence::Certain } else { Confidence::Likely };
    vec![
        Finding::new("not-the-store", confidence)
            .because("response headers", if case.record.headers.is_some() { no_id } else { "none were given" })
            .because("response header server", server)
            .because(
                "body",
                if is_page { "a page where the store sends a document" } else { "nothing that the store would send" },
            ),
    ]
}

fn of_the_store(case: &Case<'_>) -> Vec<Finding> {
    if let Some(finding) = denied::head_but_not_get(case) {
        return vec![finding];
    }
    match case.code.as_str() {
        "" => Vec::new(),
        "accessdenied" => denied::access_denied(case),
        "accessforbidden" => denied::access_forbidden(case),
        "invalidaccesskeyid" => denied::unknown_id(case),
        "requesttimetooskewed" => clock::too_skewed(case),
        "signaturedoesnotmatch" => signature::mismatch(case),
        "nosuchbucket" => no_such_bucket(case),
        "nosuchkey" => vec![no_such_key(case)],
        _ => by_the_book(case),
    }
}

/// COS never sends on to another region, so "not here" does not say "nowhere".
fn no_such_bucket(case: &Case<'_>) -> Vec<Finding> {
    let region = case.record.region.as_deref().unwrap_or("this region");
    let said = |finding: Finding| finding.because("body", case.said());
    vec![
        said(Finding::new("bucket-not-found", Confidence::Likely)),
        said(Finding::new("bucket-wrong-region", Confidence::Possible))
            .because("region", format!("asked in {region} only; the store does not say whether it is elsewhere")),
    ]
}

fn no_such_key(case: &Case<'_>) -> Finding {
    if case.header("x-cos-delete-marker").or_else(|| case.header("x-amz-delete-marker")) == Some("true") {
        return Finding::new("object-deleted", Confidence::Certain)
            .because("response header x-cos-delete-marker", "true");
    }
    // Some S3-like stores say the same of an upload that they do not know.
    let is_about_a_key = case.record.dialect == Dialect::Cos || case.record.key.is_some();
    let confidence = if is_about_a_key { Confidence::Certain } else { Confidence::Likely };
    Finding::new("object-not-found", confidence).because("body", case.said())
}

/// What the code book knows. A code with one meaning is certain; one with several causes gives the
/// first as likely and the others as possible.
fn by_the_book(case: &Case<'_>) -> Vec<Finding> {
    let record = case.record;
    let (code, message) = (case.code.as_str(), case.message.as_str());
    let Some(entry) = code_book::find(record.dialect, record.status_code, code, message) else {
        let words = "the code book does not have this code";
        return vec![
            Finding::new("unknown-code", Confidence::Possible).because("code book", words).because("body", case.said()),
        ];
    };
    let own_status = record.status_code.is_none_or(|status| entry.status.is_empty() || entry.status.contains(&status));
    let by_message = entry.message.is_some() && entry.causes.len() == 1;
    let first = if (entry.certain && own_status) || by_message { Confidence::Certain } else { Confidence::Likely };
    let ids = entry.causes.iter().filter_map(|id| causes::ids().find(|known| known == id));
    ids.enumerate()
        .map(|(i, cause)| {
            let confidence = if i == 0 { first } else { Confidence::Possible };
            Finding::new(cause, confidence).because("body", case.said())
        })
        .collect()
}

fn undetermined(case: &Case<'_>) -> Finding {
    let status = case.record.status_code.map_or_else(|| "no status".to_owned(), |status| status.to_string());
    Finding::new("undetermined", Confidence::Possible)
        .because("response", format!("{status} without a code or a message"))
}

fn in_words(finding: Finding, record: &Record, language: Language) -> Option<Verdict> {
    let cause = causes::get(finding.cause)?;
    let words = cause.words.get(language);
    let action = permission::action(record).unwrap_or_else(|| "name/cos:…".to_owned());
    Some(Verdict {
        cause: finding.cause.to_owned(),
        confidence: finding.confidence,
        summary: words.summary.clone(),
        evidence: finding.evidence,
        fix: words.fix.iter().map(|fix| fix.replace("{action}", &action)).collect(),
        retry: cause.retry,
        owner: cause.owner.as_str().to_owned(),
    })
}
