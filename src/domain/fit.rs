//! Whether a 2xx answer is the one that was asked for: its document is what the operation returns, and is of
//! the bucket that was asked. A status alone says neither.

use super::document_name::DocumentName;
use super::error_document::{self, DocumentKind, ErrorDocument};
use super::operation::{Answer, JSON, Scope, by_request, operation};
use super::record::Record;
use crate::domain::percent;

/// The lists that an account and a bucket are without a sub-resource.
const ACCOUNT: &str = "ListAllMyBucketsResult";
const BUCKET: &str = "ListBucketResult";

/// What a document is instead of what was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Misfit {
    /// What the bucket or the object is without the sub-resource, which was ignored.
    Ignored(DocumentName),
    /// The account's list of buckets, where a bucket was asked.
    WholeAccount,
    /// A list of another bucket: its name.
    OtherBucket(String),
    /// Another document.
    OtherDocument(DocumentName),
}

/// What was asked, as far as a document can show it.
#[derive(Clone, Copy, Debug)]
pub struct Expectation<'a> {
    /// What the body should be.
    pub answer: Answer,
    /// The bucket.
    pub bucket: Option<&'a str>,
    /// The request names an object.
    pub has_key: bool,
}

impl Expectation<'_> {
    /// How a 2xx body differs from what was asked for. `has_etag`: an object has one, a list has not.
    #[must_use]
    pub fn misfit(self, document: &ErrorDocument, has_etag: bool) -> Option<Misfit> {
        let root = document.root.as_deref();
        let is_list = root.is_some_and(|root| [ACCOUNT, BUCKET].contains(&root));
        let roots = match self.answer {
            Answer::Content if is_list && !has_etag => return Some(Misfit::OtherDocument(shown(document))),
            Answer::Content | Answer::Headers => return None,
            Answer::Document(roots) => roots,
        };
        if root == Some(ACCOUNT) && self.bucket.is_some() {
            return Some(Misfit::WholeAccount);
        }
        if let (Some(listed), Some(asked)) = (&document.bucket, self.bucket)
            && !listed.eq_ignore_ascii_case(asked)
        {
            return Some(Misfit::OtherBucket(listed.clone()));
        }
        let found = match document.kind {
            DocumentKind::Json => JSON,
            DocumentKind::Xml => root.unwrap_or_default(),
            _ => "",
        };
        // moto names the document after the call: GetBucketVersioningResponse.
        let is_call =
            |known: &&str| found.ends_with("Response") && found.contains(known.trim_end_matches("Configuration"));
        if roots.is_empty() || roots.iter().any(|known| known.eq_ignore_ascii_case(found) || is_call(known)) {
            return None;
        }
        let is_plain =
            if self.has_key { !is_list && document.kind != DocumentKind::Empty } else { root == Some(BUCKET) };
        let words = shown(document);
        Some(if is_sub_resource(self.answer) && is_plain {
            Misfit::Ignored(words)
        } else {
            Misfit::OtherDocument(words)
        })
    }
}

/// A document that only a sub-resource has.
#[must_use]
pub fn is_sub_resource(answer: Answer) -> bool {
    matches!(answer, Answer::Document(roots) if !roots.is_empty() && !roots.contains(&BUCKET) && !roots.contains(&ACCOUNT))
}

/// The same of a record whose body was kept.
#[must_use]
pub fn of_record(record: &Record) -> Option<Misfit> {
    if !record.status_code.is_some_and(|status| (200..300).contains(&status)) {
        return None;
    }
    let (_, query) = record.url.split_once('?').unwrap_or_default();
    let scope = if record.key.is_some() { Scope::Object } else { Scope::Bucket };
    let known =
        operation(&record.operation).ok().or_else(|| by_request(&record.method, scope, &percent::query_pairs(query)));
    let answer = known.map_or(Answer::Document(&[]), |operation| operation.answer);
    // A HEAD has no body: this one is of the same request as GET.
    let is_gets = record.method == "HEAD" && record.key.is_none() && record.body.is_some();
    let answer = if is_gets { Answer::Document(&[]) } else { answer };
    let document = error_document::parse(record.body.as_deref().unwrap_or_default().as_bytes());
    let has_etag = record.headers.iter().flatten().any(|(name, _)| name == "etag");
    Expectation { answer, bucket: record.bucket.as_deref(), has_key: record.key.is_some() }.misfit(&document, has_etag)
}

fn shown(document: &ErrorDocument) -> DocumentName {
    match (document.kind, &document.root) {
        (DocumentKind::Xml, Some(root)) => DocumentName::Root(root.clone()),
        (DocumentKind::Empty, _) => DocumentName::Empty,
        (DocumentKind::Html, _) => DocumentName::Html,
        (DocumentKind::Json, _) => DocumentName::Json,
        (DocumentKind::Binary, _) => DocumentName::Binary,
        _ => DocumentName::Text,
    }
}
