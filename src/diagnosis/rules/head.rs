//! A HEAD and the same request as GET that were answered differently. To COS they are two permissions,
//! so what the GET says does not explain the HEAD: its own status does, as far as a status can.

use super::seen::Seen;
use super::{Case, Finding};
use crate::domain::dialect::Dialect;
use crate::domain::record::Twin;
use crate::domain::verdict::Confidence::{Likely, Possible};
use crate::i18n::tell;

/// What a failed HEAD comes to whose GET got another answer. Never certain: the HEAD has no Code.
pub fn unlike_get(case: &Case<'_>, twin: &Twin) -> Vec<Finding> {
    let record = case.record;
    let status =
        |status: Option<u16>| status.map_or_else(|| tell!(case.language, "no answer"), |s| s.to_string().into());
    let finding = |cause, confidence| {
        Finding::new(cause, confidence)
            .because(Seen::Head, status(record.status_code))
            .because(Seen::GetTwin, status(twin.status_code))
    };
    let has_key = record.key.is_some();
    match record.status_code {
        Some(403) if matches!(twin.status_code, Some(200..300 | 404 | 416)) => only_head_is_refused(case, twin),
        Some(403) if case.is_signed() == Some(false) => vec![finding("anonymous-denied", Possible)],
        Some(403) => vec![finding("permission-denied", Possible)],
        Some(404) if has_key => vec![finding("object-not-found", Likely), finding("bucket-not-found", Possible)],
        Some(404) => vec![finding("bucket-not-found", Likely), finding("bucket-wrong-region", Possible)],
        Some(405) => vec![finding("method-not-allowed", Likely)],
        Some(429) => vec![finding("throttled", Likely)],
        Some(503) => vec![finding("server-fault", Likely), finding("throttled", Possible)],
        Some(500..600) => vec![finding("server-fault", Likely)],
        _ => vec![finding("undetermined", Possible)],
    }
}

/// HEAD refused where GET gets past the permission: it is allowed, or finds nothing to read. A proxy that
/// turns HEAD into GET breaks the signature of the one and not of the other, and looks the same; to S3
/// they are one permission, which leaves the proxy.
fn only_head_is_refused(case: &Case<'_>, twin: &Twin) -> Vec<Finding> {
    let got = twin.status_code.unwrap_or_default();
    let finding = |cause, confidence| {
        Finding::new(cause, confidence)
            .because(Seen::Head, "403")
            .because(Seen::GetTwin, tell!(case.language, "%{status}: only HEAD is refused", status = got))
    };
    match (case.record.dialect, case.is_signed()) {
        (Dialect::Cos, Some(true)) => vec![finding("permission-denied", Likely), finding("request-altered", Possible)],
        (Dialect::Cos, _) => vec![finding("permission-denied", Likely)],
        (Dialect::S3, Some(true)) => vec![finding("request-altered", Likely), finding("permission-denied", Possible)],
        (Dialect::S3, _) => vec![finding("permission-denied", Possible)],
    }
}
