//! Failures without a whole answer: the exception's name says most, the name of the region the rest.

use super::context::RuleContext;
use super::finding::Finding;
use crate::domain::cause::Cause;
use crate::domain::client_failure::ClientFailure;
use crate::domain::endpoint;
use crate::domain::fact::{EvidenceSource, Fact};
use crate::domain::regions;
use crate::domain::site;
use crate::domain::target;
use crate::domain::tunnel_status;
use crate::domain::verdict::{Confidence, Statement};
use crate::domain::vocabulary;

/// A kind of failure that its name does not tell: by its data, else by the words that are all there is, in lower case
/// and in both languages where they are cosdiag's own.
type Kind = (fn(&ClientFailure) -> bool, &'static [&'static str]);

const NO_RESPONSE: Kind =
    (|failure| matches!(failure, ClientFailure::NoResponse { .. }), &["no response", "秒内没有响应"]);
const NO_HANDSHAKE: Kind = (|failure| matches!(failure, ClientFailure::NoHandshake { .. }), &["handshake", "tls 握手"]);
const OWN_LIMIT: Kind =
    (|failure| matches!(failure, ClientFailure::BodyTooSlow { .. }), &["time limit", "已达到时间上限"]);
const PROXY_ITSELF: Kind = (
    |failure| matches!(failure, ClientFailure::ProxyNotReached { .. }),
    &["refused", "authorization", "failed to lookup"],
);
const NAME_UNKNOWN_TO_PROXY: Kind = (
    |failure| match failure {
        ClientFailure::TunnelRefused { refusal, .. } => {
            refusal.squid_error.as_ref().is_some_and(|error| error.starts_with("ERR_DNS_FAIL"))
        }
        _ => false,
    },
    &["err_dns_fail"],
);

pub fn findings(case: &RuleContext<'_>) -> Vec<Finding> {
    let certain = |cause| vec![said(case, Finding::new(cause, Confidence::Certain))];
    match case.code.as_str() {
        "enotfound" => no_such_host(case),
        "eai_again" => certain(Cause::DnsFailure),
        "econnrefused" if is_unsure(case) => no_connection(case),
        "econnrefused" => certain(Cause::ConnectRefused),
        "econnreset" => certain(Cause::ConnectionReset),
        "ehostunreach" => vec![said(case, Finding::new(Cause::ConnectTimeout, Confidence::Likely))],
        "etimedout" if is(case, NO_RESPONSE) => certain(Cause::ResponseTimeout),
        "etimedout" if is(case, NO_HANDSHAKE) => {
            vec![
                said(case, Finding::new(Cause::TlsProtocol, Confidence::Likely)),
                said(case, Finding::new(Cause::ConnectTimeout, Confidence::Possible)),
            ]
        }
        // The words tell whether the request had been sent by then.
        "etimedout" if is_read_timeout(case) => vec![
            said(case, Finding::new(Cause::ResponseTimeout, Confidence::Likely)),
            said(case, Finding::new(Cause::UploadTooSlow, Confidence::Possible)),
        ],
        "etimedout" => certain(Cause::ConnectTimeout),
        // Our own patience was at an end: the other side may have gone on.
        "err_body_truncated" if is(case, OWN_LIMIT) => {
            vec![said(case, Finding::new(Cause::BodyTruncated, Confidence::Likely))]
        }
        "err_body_truncated" => certain(Cause::BodyTruncated),
        "hpe_invalid_constant" | "hpe_header_overflow" => certain(Cause::MalformedResponse),
        "eproxy" => proxy(case),
        "eproto" => vec![said(case, Finding::new(Cause::TlsProtocol, Confidence::Likely))],
        "err_tls_cert_altname_invalid" => certain(Cause::TlsNameMismatch),
        "self_signed_cert_in_chain" | "unable_to_verify_leaf_signature" => certain(Cause::TlsUntrusted),
        "invalid_purpose" => vec![not_a_servers(case)],
        // Whose clock is wrong cannot be told from a date alone: nothing else came from the other side.
        "cert_has_expired" | "cert_not_yet_valid" => vec![
            said(case, Finding::new(Cause::TlsExpired, Confidence::Likely)),
            Finding::new(Cause::ClockSkew, Confidence::Possible)
                .because(EvidenceSource::Clock, Fact::TimeOfRequest { time: case.record.time }),
        ],
        "err_invalid_char" => {
            let blank = case.known.shape.as_ref().filter(|shape| shape.blank_in_id || shape.has_token);
            let confidence = match blank {
                Some(shape) if shape.blank_in_id => Confidence::Certain,
                _ => Confidence::Likely,
            };
            vec![said(case, Finding::new(Cause::CredentialMalformed, confidence))]
        }
        // A browser's word for "the page may not see why": CORS most of all, where a page asked.
        "err_failed" => {
            let confidence =
                if case.sent_header("origin").is_some() { Confidence::Likely } else { Confidence::Possible };
            vec![said(case, Finding::new(Cause::CorsDenied, confidence))]
        }
        _ => Vec::new(),
    }
}

fn is(case: &RuleContext<'_>, (by_data, words): Kind) -> bool {
    match &case.record.client_failure {
        None | Some(ClientFailure::Told(_)) => words.iter().any(|part| case.message.contains(part)),
        Some(failure) => by_data(failure),
    }
}

fn is_read_timeout(case: &RuleContext<'_>) -> bool {
    let told = vocabulary::network(&case.message);
    !case.record.source.is_probe() && matches!(told, Some((_, Some(vocabulary::Phase::Read))))
}

/// Some programs say the same of a name, an address and a port that are not there.
fn is_unsure(case: &RuleContext<'_>) -> bool {
    let told = vocabulary::network(&case.message);
    !case.record.source.is_probe() && matches!(told, Some((_, Some(vocabulary::Phase::Unknown))))
}

/// The connection failed, and the client does not say why. At a vendor's own host something listens as long as the name is right.
fn no_connection(case: &RuleContext<'_>) -> Vec<Finding> {
    let host = target::host_of(&case.record.url).split(':').next().unwrap_or_default();
    let is_vendors = endpoint::without_domain(host).is_some() || site::of_host(host).is_some();
    let mut causes = [Cause::ConnectRefused, Cause::DnsNotFound, Cause::ConnectTimeout];
    if is_vendors {
        causes.swap(0, 1);
    }
    let misspelt = region_remark(case).map(|finding| said(case, finding));
    let each = causes.map(|cause| said(case, Finding::new(cause, Confidence::Possible)));
    misspelt.into_iter().chain(each).collect()
}

fn said(case: &RuleContext<'_>, finding: Finding) -> Finding {
    finding.because(EvidenceSource::ClientException, case.said())
}

/// A certificate that is refused whatever its issuer.
fn not_a_servers(case: &RuleContext<'_>) -> Finding {
    let untrusted = Finding::new(Cause::TlsUntrusted, Confidence::Certain);
    said(case, untrusted).saying(Statement::CertificateNotForServers)
}

/// The proxy could not be reached or did not let us in. What it says of the other side, and silence behind an
/// open tunnel, may be the other side's doing.
fn proxy(case: &RuleContext<'_>) -> Vec<Finding> {
    let failed = |confidence| said(case, Finding::new(Cause::ProxyFailed, confidence));
    match tunnel_status::of_record(case.record) {
        Some(407) => return vec![failed(Confidence::Certain).because(EvidenceSource::Response, Fact::ProxyLogin)],
        // Its own rules: of the other side it knows nothing yet.
        Some(400..=499) => return vec![failed(Confidence::Certain)],
        // The other side's name is not known to the proxy.
        Some(500..) if is(case, NAME_UNKNOWN_TO_PROXY) => {
            return vec![
                said(case, Finding::new(Cause::DnsNotFound, Confidence::Likely)),
                failed(Confidence::Possible),
            ];
        }
        _ => {}
    }
    if is(case, PROXY_ITSELF) {
        return vec![failed(Confidence::Certain)];
    }
    let misspelt = region_remark(case).map(|finding| said(case, finding));
    let either = [(Cause::ProxyFailed, Confidence::Likely), (Cause::ConnectTimeout, Confidence::Possible)];
    misspelt.into_iter().chain(either.map(|(cause, sure)| said(case, Finding::new(cause, sure)))).collect()
}

/// A misspelt region shows as a host that does not exist, never as an answer.
fn no_such_host(case: &RuleContext<'_>) -> Vec<Finding> {
    match region_remark(case) {
        Some(misspelt) => {
            vec![said(case, misspelt), said(case, Finding::new(Cause::DnsNotFound, Confidence::Possible))]
        }
        None => vec![said(case, Finding::new(Cause::DnsNotFound, Confidence::Certain))],
    }
}

/// A region that is on no list, which a proxy may be the one to stumble over.
pub fn region_remark(case: &RuleContext<'_>) -> Option<Finding> {
    let region = case.record.region.as_deref()?;
    let remark = regions::region_remark(region, case.record.dialect)?;
    Some(Finding::new(Cause::InvalidRegion, Confidence::Likely).because(EvidenceSource::Regions, Fact::Region(remark)))
}
