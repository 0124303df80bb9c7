//! A HEAD and the same request as GET that were answered differently. To COS they are two permissions,
//! so what the GET says does not explain the HEAD: its own status does, as far as a status can.

use super::context::RuleContext;
use super::finding::Finding;
use crate::domain::cause::Cause;
use crate::domain::check::ShortResponse;
use crate::domain::dialect::Dialect;
use crate::domain::fact::{EvidenceSource, Fact};
use crate::domain::record::Twin;
use crate::domain::verdict::Confidence::{Likely, Possible};

/// What a failed HEAD comes to whose GET got another answer. Never certain: the HEAD has no Code.
pub fn unlike_get(case: &RuleContext<'_>, twin: &Twin) -> Vec<Finding> {
    let record = case.record;
    let status = |status| Fact::Response(ShortResponse::of_status(status));
    let finding = |cause, confidence| {
        Finding::new(cause, confidence)
            .because(EvidenceSource::Head, status(record.status_code))
            .because(EvidenceSource::GetTwin, status(twin.status_code))
    };
    let has_key = record.key.is_some();
    match record.status_code {
        Some(403) if matches!(twin.status_code, Some(200..300 | 404 | 416)) => only_head_is_refused(case, twin),
        Some(403) if case.is_signed() == Some(false) => vec![finding(Cause::AnonymousDenied, Possible)],
        Some(403) => vec![finding(Cause::PermissionDenied, Possible)],
        Some(404) if has_key => vec![finding(Cause::ObjectNotFound, Likely), finding(Cause::BucketNotFound, Possible)],
        Some(404) => vec![finding(Cause::BucketNotFound, Likely), finding(Cause::BucketWrongRegion, Possible)],
        Some(405) => vec![finding(Cause::MethodNotAllowed, Likely)],
        Some(429) => vec![finding(Cause::Throttled, Likely)],
        Some(503) => vec![finding(Cause::ServerFault, Likely), finding(Cause::Throttled, Possible)],
        Some(500..600) => vec![finding(Cause::ServerFault, Likely)],
        _ => vec![finding(Cause::Undetermined, Possible)],
    }
}

/// HEAD refused where GET gets past the permission: it is allowed, or finds nothing to read. A proxy that
/// turns HEAD into GET breaks the signature of the one and not of the other, and looks the same; to S3
/// they are one permission, which leaves the proxy.
fn only_head_is_refused(case: &RuleContext<'_>, twin: &Twin) -> Vec<Finding> {
    let got = twin.status_code.unwrap_or_default();
    let finding = |cause, confidence| {
        Finding::new(cause, confidence)
            .because(EvidenceSource::Head, Fact::Response(ShortResponse::of_status(Some(403))))
            .because(EvidenceSource::GetTwin, Fact::OnlyHeadRefused { status: got })
    };
    match (case.record.dialect, case.is_signed()) {
        (Dialect::Cos, Some(true)) => {
            vec![finding(Cause::PermissionDenied, Likely), finding(Cause::RequestAltered, Possible)]
        }
        (Dialect::Cos, _) => vec![finding(Cause::PermissionDenied, Likely)],
        (Dialect::S3, Some(true)) => {
            vec![finding(Cause::RequestAltered, Likely), finding(Cause::PermissionDenied, Possible)]
        }
        (Dialect::S3, _) => vec![finding(Cause::PermissionDenied, Possible)],
    }
}
