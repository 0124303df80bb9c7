//! The wrong dialect: a request signed for COS that a store answered which speaks S3.

use super::context::RuleContext;
use super::finding::Finding;
use crate::domain::cause::Cause;
use crate::domain::dialect::Dialect;
use crate::domain::endpoint::{BACKUP_DOMAIN, DOMAIN};
use crate::domain::fact::{EvidenceSource, Fact};
use crate::domain::verdict::Confidence::{Likely, Possible};
use crate::domain::{regions, target};

/// Response headers that no COS domain sends without its own.
const S3_HEADERS: &[&str] = &["x-amz-request-id", "x-amz-id-2", "x-amzn-requestid", "x-minio-request-id"];

/// Codes of stores that did not understand how the request is signed.
const NOT_UNDERSTOOD: &[&str] = &["unsupportedalgorithm", "unsupportedsignature", "authorizationheadermalformed"];

/// The dialect leads where the response is an S3 store's; what the Code says is then at most possible.
pub fn lead(case: &RuleContext<'_>, findings: Vec<Finding>) -> Vec<Finding> {
    let Some((from, fact)) = spoken(case) else { return findings };
    let finding = Finding::new(Cause::DialectWrong, Likely).because(from, fact);
    let finding = if case.code.is_empty() { finding } else { finding.because(EvidenceSource::Body, case.said()) };
    std::iter::once(finding).chain(findings.into_iter().map(|other| other.at_most(Possible))).collect()
}

/// What shows that the store speaks S3, of a request that was signed here for COS and refused.
fn spoken(case: &RuleContext<'_>) -> Option<(EvidenceSource, Fact)> {
    let record = case.record;
    let signed_for_cos = record.source.is_probe() && record.dialect == Dialect::Cos && case.is_signed_here();
    if !signed_for_cos || case.header("x-cos-request-id").is_some() {
        return None;
    }
    let host = target::host_of(&record.url).split(':').next().unwrap_or_default();
    if [DOMAIN, BACKUP_DOMAIN].iter().any(|domain| host.ends_with(domain)) {
        return None;
    }
    let status = record.status_code.unwrap_or_default();
    // A store that stumbles over the signature may answer with 500: then the region given is what is left. Other
    // 5xx are a gateway's.
    if status == 500 && !host.contains(record.region.as_deref().unwrap_or_default()) {
        let remark = regions::region_remark(record.region.as_deref()?, record.dialect)?;
        return Some((EvidenceSource::Regions, Fact::Region(remark)));
    }
    if !matches!(status, 400 | 401 | 403) {
        return None;
    }
    let header = S3_HEADERS.iter().find_map(|name| Some((EvidenceSource::header(name), case.header(name)?)));
    let in_body = || record.error.others.get("HostId").map(|id| (EvidenceSource::element("HostId"), id.as_str()));
    let says_so = || {
        let is_code = NOT_UNDERSTOOD.contains(&case.code.as_str());
        (is_code || case.message.contains("unsupported authorization")).then(|| (EvidenceSource::Body, case.said()))
    };
    header.or_else(in_body).map(|(from, value)| (from, Fact::Value(value.to_owned()))).or_else(says_so)
}
