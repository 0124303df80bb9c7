//! Checks a request's signature: computes it again from the request as it request, restricted to
//! what the client says it signed.

use http::StatusCode;

use super::account::{self, Principal, Record};
use super::auth::{CosClaim, SigV2Claim, SigV4Claim, SignatureClaim};
use super::failure::Failure;
use super::request::IncomingRequest;
use super::sigv2;
use crate::domain::percent;
use crate::domain::target::amz_date;
use crate::sign::{Request, cos, sigv4};

/// How far the clocks may differ, in seconds.
const SKEW: i64 = 15 * 60;

/// Who sent the request.
pub(super) fn principal(request: &IncomingRequest, claim: &SignatureClaim) -> Result<Principal, Failure> {
    match claim {
        SignatureClaim::Anonymous => Ok(Principal::Anonymous),
        SignatureClaim::Malformed => Err(Failure::access_denied(request.now)),
        SignatureClaim::Cos(claim) => by_cos(request, claim),
        SignatureClaim::SigV4(claim) => by_sigv4(request, claim),
        SignatureClaim::SigV2(claim) => by_sigv2(request, claim),
    }
}

fn by_cos(request: &IncomingRequest, claim: &CosClaim) -> Result<Principal, Failure> {
    let record = known(request, &claim.id)?;
    let (start, end) = claim.window;
    let now = request.now.as_second();
    if start > now.saturating_add(SKEW) {
        return Err(too_skewed());
    }
    if end < now {
        return Err(Failure::denied("Request has expired", request.now));
    }
    let query: Vec<_> = request
        .query
        .iter()
        .filter(|(name, _)| claim.parameters.contains(&percent::component(name).to_ascii_lowercase()))
        .cloned()
        .collect();
    let mut as_seen = None;
    for host in hosts(request) {
        let headers = signed_headers(request, &claim.headers, host);
        let request =
            Request { method: request.method.as_str(), path: &request.path, query: &query, headers: &headers };
        let working = cos::working(&request, cos::KeyTime { start, end });
        if cos::signature(record.key, &claim.key_time, &working.string_to_sign) == claim.signature {
            return Ok(record.principal);
        }
        as_seen.get_or_insert(working);
    }
    let (string_to_sign, http_string) =
        as_seen.map(|working| (working.string_to_sign, working.http_string)).unwrap_or_default();
    Err(does_not_match().with_detail("StringToSign", string_to_sign).with_detail("FormatString", http_string))
}

fn by_sigv4(request: &IncomingRequest, claim: &SigV4Claim) -> Result<Principal, Failure> {
    let record = known(request, &claim.id)?;
    check_amz_date(request, claim)?;
    let query: Vec<_> =
        request.query.iter().filter(|(name, _)| !name.eq_ignore_ascii_case("X-Amz-Signature")).cloned().collect();
    let mut as_seen = None;
    for host in hosts(request) {
        let headers = signed_headers(request, &claim.headers, host);
        let request =
            Request { method: request.method.as_str(), path: &request.path, query: &query, headers: &headers };
        let working = sigv4::working(&request, &claim.amz_date, &claim.scope, &claim.payload);
        if sigv4::signature(record.key, &claim.scope, &working.string_to_sign) == claim.signature {
            return Ok(record.principal);
        }
        as_seen.get_or_insert(working);
    }
    let (string_to_sign, canonical_request) =
        as_seen.map(|working| (working.string_to_sign, working.canonical_request)).unwrap_or_default();
    Err(does_not_match().with_detail("StringToSign", string_to_sign).with_detail("CanonicalRequest", canonical_request))
}

fn check_amz_date(request: &IncomingRequest, claim: &SigV4Claim) -> Result<(), Failure> {
    let signed = amz_date(&claim.amz_date).ok_or_else(|| Failure::access_denied(request.now))?.as_second();
    let age = request.now.as_second() - signed;
    if age < -SKEW {
        return Err(too_skewed());
    }
    match claim.expires {
        Some(seconds) if age > seconds => Err(Failure::denied("Request has expired", request.now)),
        None if age > SKEW => Err(too_skewed()),
        _ => Ok(()),
    }
}

fn by_sigv2(request: &IncomingRequest, claim: &SigV2Claim) -> Result<Principal, Failure> {
    let record = known(request, &claim.id)?;
    if claim.expires.is_some_and(|expires| expires < request.now.as_second()) {
        return Err(Failure::denied("Request has expired", request.now));
    }
    let string_to_sign = sigv2::string_to_sign(request, claim.expires);
    if sigv2::signature(record.key, &string_to_sign) == claim.signature {
        return Ok(record.principal);
    }
    Err(does_not_match().with_detail("StringToSign", string_to_sign))
}

/// The record of an id, with its token checked. A temporary id without its own token is answered
/// like an unknown one.
fn known(request: &IncomingRequest, id: &str) -> Result<&'static Record, Failure> {
    let unknown = || {
        Failure::new(
            StatusCode::FORBIDDEN,
            "InvalidAccessKeyId",
            "The Access Key Id you provided does not exist in our records",
        )
    };
    let record = account::record(id).ok_or_else(unknown)?;
    let Some(token) = record.token else { return Ok(record) };
    if request.token() != Some(token.text) {
        return Err(unknown());
    }
    if token.expired {
        return Err(Failure::bad_request("ExpiredToken", "The provided token has expired."));
    }
    Ok(record)
}

/// The hosts to try; an empty one for a client that sends none.
fn hosts(request: &IncomingRequest) -> impl Iterator<Item = &str> {
    let none = request.hosts.is_empty().then_some("");
    request.hosts.iter().map(String::as_str).chain(none)
}

/// The headers of these names with their values on the wire. One that is named but did not arrive
/// is taken as empty, so the difference shows in the text that the client gets back.
fn signed_headers(request: &IncomingRequest, names: &[String], host: &str) -> Vec<(String, String)> {
    let mut headers = Vec::with_capacity(names.len());
    for name in names {
        if name == "host" {
            headers.push((name.clone(), host.to_owned()));
            continue;
        }
        let before = headers.len();
        let name = percent::decode(name);
        for value in request.headers.get_all(&name) {
            headers.push((name.clone(), String::from_utf8_lossy(value.as_bytes()).into_owned()));
        }
        if headers.len() == before {
            headers.push((name, String::new()));
        }
    }
    headers
}

fn too_skewed() -> Failure {
    Failure::new(
        StatusCode::FORBIDDEN,
        "RequestTimeTooSkewed",
        "The difference between the request time and the current time is too large.",
    )
}

fn does_not_match() -> Failure {
    Failure::new(StatusCode::FORBIDDEN, "SignatureDoesNotMatch", "The Signature you specified is invalid.")
}
