//! What the code book knows of a Code.

use url::Url;

use super::context::RuleContext;
use super::finding::Finding;
use crate::diagnosis::causes;
use crate::diagnosis::code_book::{self, Family};
use crate::domain::bucket_list;
use crate::domain::cause::Cause;
use crate::domain::dialect::Dialect;
use crate::domain::endpoint;
use crate::domain::fact::{EvidenceSource, Fact};
use crate::domain::record::Record;
use crate::domain::regions;
use crate::domain::target;
use crate::domain::verdict::Confidence;

/// What the code book has for just this Message.
pub fn by_message(case: &RuleContext<'_>) -> Vec<Finding> {
    if case.is_plain_access_denied() {
        return Vec::new();
    }
    let record = case.record;
    let entry = code_book::find(record.dialect, record.status_code, &case.code, &case.message);
    if entry.is_some_and(|entry| entry.message.is_some()) { by_the_book(case) } else { Vec::new() }
}

/// What the code book knows. A code with one meaning is certain; one with several causes gives the
/// first as likely and the others as possible.
pub fn by_the_book(case: &RuleContext<'_>) -> Vec<Finding> {
    let record = case.record;
    let (code, message) = (case.code.as_str(), case.message.as_str());
    let Some(entry) = code_book::find(record.dialect, record.status_code, code, message) else {
        return vec![
            Finding::new(Cause::UnknownCode, Confidence::Possible)
                .because(EvidenceSource::CodeBook, Fact::UnknownCode)
                .because(EvidenceSource::Body, case.said()),
        ];
    };
    let own_status = record.status_code.is_some_and(|status| entry.status.is_empty() || entry.status.contains(&status));
    // What COS means by a code another store may not.
    let own_family = record.dialect == Dialect::Cos || entry.family != Family::Cos;
    let by_message = entry.message.is_some() && entry.causes.len() == 1;
    let borne_out = fits_request(entry, record);
    let is_certain = own_family && ((entry.certain && own_status) || by_message) && borne_out == Some(true);
    let first = if is_certain { Confidence::Certain } else { Confidence::Likely };
    let said = |cause, confidence| Finding::new(cause, confidence).because(EvidenceSource::Body, case.said());
    let can_be = |cause: &&Cause| record.dialect == Dialect::Cos || !causes::entry(**cause).cos_only;
    let by_code = entry.causes.iter().filter(can_be).enumerate().map(|(i, &cause)| match i {
        0 => said(cause, first).retry(entry.retry),
        _ => said(cause, Confidence::Possible),
    });
    if borne_out != Some(false) {
        return by_code.collect();
    }
    let altered =
        said(Cause::RequestAltered, Confidence::Likely).because(EvidenceSource::RequestHeaders, Fact::NothingToBeAbout);
    // A list of regions may be older than a region.
    if entry.causes.first().is_some_and(|cause| *cause == Cause::InvalidRegion) {
        return by_code.chain(std::iter::once(altered.at_most(Confidence::Possible))).collect();
    }
    std::iter::once(altered).chain(by_code.map(|finding| finding.at_most(Confidence::Possible))).collect()
}

/// Whether the request is one that a code can be about which is about a part of it: a bucket that has its
/// APPID does not lack it, and a range that was not asked for is not out of range. If it is not, it was changed
/// on the way. `None` where the request is not known.
fn fits_request(entry: &code_book::Entry, record: &Record) -> Option<bool> {
    let url = Url::parse(&record.url).ok();
    let parts = url.as_ref().map(target::parts_of);
    let host = url.as_ref().and_then(Url::host_str).unwrap_or_default();
    let is_vendors = endpoint::without_domain(host).is_some();
    let is_sent = |begin: &str| {
        let headers = &record.request.headers;
        (!headers.is_empty()).then(|| headers.iter().any(|(name, _)| name.starts_with(begin)))
    };
    match entry.causes.first() {
        _ if entry.code == "MissingContentLength" => is_sent("content-length").map(|is_sent| !is_sent),
        Some(Cause::BucketAppidMissing) => record.bucket.as_deref().map(|bucket| bucket_list::appid(bucket).is_none()),
        Some(Cause::DomainNotBound) if host.contains(".cos-website") => None,
        Some(Cause::DomainNotBound) => url.as_ref().map(|_| !is_vendors),
        Some(Cause::PathStyleForbidden) => {
            // What stands behind another host may ask in its own way.
            let parts = parts.filter(|_| is_vendors)?;
            Some(parts.bucket_path != "/" && (host.starts_with("cos.") || host.contains(".cos.")))
        }
        Some(Cause::InvalidRegion) => {
            let region = record.region.as_deref()?;
            Some(regions::region_remark(region, record.dialect).is_some())
        }
        Some(Cause::RangeInvalid) => is_sent("range"),
        Some(Cause::PreconditionFailed) => is_sent("if-"),
        _ => Some(true),
    }
}
