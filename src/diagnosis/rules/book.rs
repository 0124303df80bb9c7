//! What the code book knows of a Code.

use url::Url;

use super::seen::Seen;
use super::{Case, Finding};
use crate::diagnosis::code_book::{self, Family};
use crate::diagnosis::{causes, service};
use crate::domain::language::tell;
use crate::domain::profile::Dialect;
use crate::domain::record::Record;
use crate::domain::target;
use crate::domain::verdict::Confidence;

/// What the code book has for just this Message.
pub fn by_message(case: &Case<'_>) -> Vec<Finding> {
    let record = case.record;
    let entry = code_book::find(record.dialect, record.status_code, &case.code, &case.message);
    let is_plain = case.message.trim_end_matches('.') == "access denied";
    if is_plain || entry.is_none_or(|entry| entry.message.is_none()) { Vec::new() } else { by_the_book(case) }
}

/// What the code book knows. A code with one meaning is certain; one with several causes gives the
/// first as likely and the others as possible.
pub fn by_the_book(case: &Case<'_>) -> Vec<Finding> {
    let record = case.record;
    let (code, message) = (case.code.as_str(), case.message.as_str());
    let Some(entry) = code_book::find(record.dialect, record.status_code, code, message) else {
        let words = tell!(case.language, "the code book does not have this code");
        return vec![
            Finding::new("unknown-code", Confidence::Possible)
                .because(Seen::CodeBook, words)
                .because(Seen::Body, case.said()),
        ];
    };
    let own_status = record.status_code.is_some_and(|status| entry.status.is_empty() || entry.status.contains(&status));
    // What COS means by a code another store may not.
    let own_family = record.dialect == Dialect::Cos || entry.family != Family::Cos;
    let by_message = entry.message.is_some() && entry.causes.len() == 1;
    let borne_out = is_borne_out(entry, record);
    let is_certain = own_family && ((entry.certain && own_status) || by_message) && borne_out == Some(true);
    let first = if is_certain { Confidence::Certain } else { Confidence::Likely };
    let ids = entry.causes.iter().filter_map(|id| causes::ids().find(|known| known == id));
    let said = |cause, confidence| Finding::new(cause, confidence).because(Seen::Body, case.said());
    let by_code = ids.enumerate().map(|(i, cause)| match i {
        0 => said(cause, first).retry(entry.retry),
        _ => said(cause, Confidence::Possible),
    });
    let altered = (borne_out == Some(false)).then(|| said("request-altered", Confidence::Possible));
    by_code.chain(altered).collect()
}

/// Whether the request is one that a code about the name of its host can be about: a bucket that has its
/// APPID does not lack it, and what has the bucket in its host is not path-style. If it is not, it was
/// changed on the way. `None` where the request is not known.
fn is_borne_out(entry: &code_book::Entry, record: &Record) -> Option<bool> {
    let is = |cause: &str| entry.causes.first().is_some_and(|first| first == cause);
    if is("bucket-appid-missing") {
        return record.bucket.as_deref().map(|bucket| service::appid(bucket).is_none());
    }
    if !is("path-style-forbidden") && !is("domain-not-bound") {
        return Some(true);
    }
    let parts = target::parts_of(&Url::parse(&record.url).ok()?);
    let in_host = parts.region.is_some() && parts.bucket_path == "/";
    Some(!in_host)
}
