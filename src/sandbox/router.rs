//! The store itself: decides what a request gets, in the order in which the real one seems to.

use http::{Method, StatusCode};

use super::account::Principal;
use super::address::{Address, Endpoint};
use super::auth::SignatureClaim;
use super::buckets::{Access, Bucket, Condition};
use super::counters::State;
use super::failure::Failure;
use super::reply::Reply;
use super::request::IncomingRequest;
use super::{cors, get, listing, put, sub_resources, verify};
use crate::domain::operation::{OPERATIONS, Operation, Scope};

/// Answers a request.
pub fn answer(state: &State, request: &IncomingRequest, claim: &SignatureClaim) -> Result<Reply, Failure> {
    if request.method == Method::CONNECT {
        // Taken for an HTTPS proxy, which this is not: HTTPS is spoken directly.
        return Err(Failure::method_not_allowed());
    }
    request.address.check()?;
    let Some(bucket) = bucket(&request.address)? else {
        let principal = verify::principal(request, claim)?;
        return if request.method == Method::GET {
            listing::buckets(request, principal)
        } else {
            Err(Failure::method_not_allowed())
        };
    };
    check_condition(state, bucket, request)?;
    if request.method == Method::OPTIONS {
        return cors::preflight(bucket, request);
    }
    let principal = verify::principal(request, claim)?;
    if !bucket.allows(principal, action(request)) {
        return Err(Failure::access_denied(request.now));
    }
    check_referer(bucket, request, principal)?;
    let mut reply = if request.address.key.is_empty() {
        on_bucket(state, bucket, request)?
    } else {
        on_object(state, bucket, request)?
    };
    reply.headers.extend(cors::headers(bucket, request, request.method.as_str()).unwrap_or_default());
    Ok(reply)
}

fn on_bucket(state: &State, bucket: &'static Bucket, request: &IncomingRequest) -> Result<Reply, Failure> {
    match request.method {
        Method::HEAD => Ok(Reply::empty(StatusCode::OK)
            .with_header("x-cos-bucket-region", bucket.region.unwrap_or("ap-guangzhou"))
            .with_header("content-type", "application/xml")),
        Method::GET if request.parameter("versions").is_some() => listing::versions(state, bucket, request),
        Method::GET if request.parameter("uploads").is_some() => listing::uploads(state, bucket, request),
        Method::GET => {
            sub_resources::get(bucket, &request.query).unwrap_or_else(|| listing::objects(state, bucket, request))
        }
        Method::POST if request.parameter("delete").is_some() => put::delete_objects(state, bucket, request),
        _ => Err(Failure::method_not_allowed()),
    }
}

fn on_object(state: &State, bucket: &'static Bucket, request: &IncomingRequest) -> Result<Reply, Failure> {
    match request.method {
        Method::GET | Method::HEAD => get::read(state, bucket, request),
        _ => put::object(state, bucket, request),
    }
}

/// The bucket that is asked for. One that lives in another region does not exist here, and the
/// answer gives no hint where it is.
fn bucket(address: &Address) -> Result<Option<&'static Bucket>, Failure> {
    let Some(name) = &address.bucket else { return Ok(None) };
    let is_here = |bucket: &&Bucket| match &address.endpoint {
        Endpoint::Region(asked) => bucket.region.is_none_or(|own| own == asked),
        _ => true,
    };
    let found = Bucket::named(name)
        .filter(is_here)
        .ok_or_else(|| Failure::not_found("NoSuchBucket", "The specified bucket does not exist."))?;
    Ok(Some(found))
}

fn check_condition(state: &State, bucket: &Bucket, request: &IncomingRequest) -> Result<(), Failure> {
    let unavailable = |code, message: &'static str| Failure::new(StatusCode::SERVICE_UNAVAILABLE, code, message);
    match bucket.condition {
        Condition::Restricted if request.address.path_style => Err(Failure::new(
            StatusCode::FORBIDDEN,
            "PathStyleDomainForbidden",
            "The bucket you are attempting to access must be addressed using COS virtual-styled domain.",
        )
        .at_edge()),
        Condition::Arrears => Err(Failure::new(
            StatusCode::UNAVAILABLE_FOR_LEGAL_REASONS,
            "UnavailableForLegalReasons",
            "Due to your account is arrears, it is unavailable until you recharge.",
        )),
        Condition::Busy => Err(unavailable("SlowDown", "Please reduce your request rate.")),
        Condition::Flaky if state.fails_this_time(request) => {
            Err(unavailable("ServiceUnavailable", "Service is unable to handle request."))
        }
        Condition::Ill => Err(Failure::internal_error()),
        Condition::Hostile => Err(Failure::new(
            StatusCode::FORBIDDEN,
            "AccessDenied",
            "\u{1b}]52;c;Y2xpcGJvYXJkIHN0b2xlbg==\u{7}\u{1b}[2J访问被拒绝 \u{202e}gpj.exe\u{202c} =cmd|' /C calc'!A0",
        )),
        _ => Ok(()),
    }
}

/// The hotlink rule. A signed request is not held against it.
fn check_referer(bucket: &Bucket, request: &IncomingRequest, principal: Principal) -> Result<(), Failure> {
    if bucket.access != Access::PublicReadWithReferer || principal != Principal::Anonymous {
        return Ok(());
    }
    if request.header("referer").is_some_and(|referer| referer.contains("example.com")) {
        return Ok(());
    }
    Err(Failure::new(StatusCode::FORBIDDEN, "AccessDenied", "You are denied by bucket referer rule"))
}

/// The CAM action that the request needs; empty for one that only the owner may do.
fn action(request: &IncomingRequest) -> &'static str {
    let scope = if request.address.key.is_empty() { Scope::Bucket } else { Scope::Object };
    let of_kind = || OPERATIONS.iter().filter(|known| known.scope == scope && known.method == request.method.as_str());
    let is_named = |known: &&Operation| {
        sub_resource(known).is_some_and(|name| request.query.iter().any(|(given, _)| given == name))
    };
    of_kind()
        .find(is_named)
        .or_else(|| of_kind().find(|known| sub_resource(known).is_none()))
        .map_or("", |known| known.action)
}

fn sub_resource(operation: &Operation) -> Option<&'static str> {
    operation.query.first().filter(|(_, value)| value.is_empty()).map(|(name, _)| *name)
}
