//! The router: checks a request in the order in which COS seems to, and calls its handler.

use http::{Method, StatusCode};

use super::account::Principal;
use super::address::{Address, Endpoint, REGIONS};
use super::attributes;
use super::auth::SignatureClaim;
use super::buckets::{Access, Bucket, Condition};
use super::failure::Failure;
use super::objects::check_md5;
use super::reply::Reply;
use super::request::IncomingRequest;
use super::state::State;
use super::xml::records;
use super::{copy_source, cors, delete, get, list_buckets, list_objects, multipart, put, sub_resources, verify};
use crate::domain::operation::{OPERATIONS, Operation, Scope};

/// Answers a request.
pub(super) fn answer(state: &State, request: &IncomingRequest, claim: &SignatureClaim) -> Result<Reply, Failure> {
    if request.method == Method::CONNECT {
        // The client takes the sandbox for an HTTPS proxy. It is not one: it speaks HTTPS itself.
        return Err(Failure::method_not_allowed());
    }
    request.address.check()?;
    let Some(name) = &request.address.bucket else {
        let principal = verify::principal(request, claim)?;
        return match request.method {
            Method::GET => list_buckets::list(&state.buckets, request, principal),
            _ => Err(Failure::method_not_allowed()),
        };
    };
    let sub_resource = sub_resource(request);
    if request.method == Method::PUT && request.address.key.is_empty() && sub_resource.is_none() {
        return create_bucket(state, name, request, verify::principal(request, claim)?);
    }
    let bucket = bucket(state, name, &request.address)?;
    check_condition(state, &bucket, request)?;
    if request.method == Method::OPTIONS {
        return cors::preflight(&bucket, request);
    }
    let principal = verify::principal(request, claim)?;
    if !bucket.allows(principal, action(request), access(state, &bucket, request)) {
        return Err(Failure::access_denied(request.now));
    }
    check_referer(&bucket, request, principal)?;
    if let Some(digest) = request.header("content-md5") {
        check_md5(digest, &request.body)?;
    }
    let mut reply = if request.address.key.is_empty() {
        on_bucket(state, &bucket, request, sub_resource)?
    } else {
        on_object(state, &bucket, request, sub_resource)?
    };
    reply.headers.extend(cors::headers(&bucket, request, request.method.as_str()).unwrap_or_default());
    Ok(reply)
}

/// PUT Bucket. The region is that of the host, or of the body for a host without one.
fn create_bucket(state: &State, name: &str, request: &IncomingRequest, principal: Principal) -> Result<Reply, Failure> {
    let Principal::Account(appid) = principal else { return Err(Failure::access_denied(request.now)) };
    if name.len() > 60 {
        return Err(Failure::bad_request("BucketNameTooLong", "The specified bucket name is too long."));
    }
    let given = records("CreateBucketConfiguration", &request.body).unwrap_or_default();
    let wanted = match &request.address.endpoint {
        Endpoint::Region(region) => Some(region.as_str()),
        _ => given.first().and_then(|given| given.get("LocationConstraint")),
    };
    let wanted = wanted.unwrap_or(REGIONS[0]);
    let region = REGIONS.into_iter().find(|region| *region == wanted).ok_or_else(|| {
        Failure::bad_request("InvalidLocationConstraint", "The specified location constraint is not valid.")
    })?;
    let bucket = Bucket {
        created: request.now.strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
        access: attributes::access(request)?.unwrap_or(Access::Private),
        ..Bucket::new(name, Some(region))
    };
    let is_taken = state.buckets.named(name).is_some();
    if !is_taken && !bucket.belongs_to(appid) {
        return Err(Failure::access_denied(request.now));
    }
    state.buckets.create(bucket, appid)?;
    Ok(Reply::empty(StatusCode::OK))
}

fn on_bucket(
    state: &State,
    bucket: &Bucket,
    request: &IncomingRequest,
    sub_resource: Option<&str>,
) -> Result<Reply, Failure> {
    let State { buckets, objects, uploads, .. } = state;
    match (request.method.as_str(), sub_resource) {
        ("HEAD", _) => Ok(Reply::empty(StatusCode::OK)
            .with_header("x-cos-bucket-region", bucket.region.unwrap_or(REGIONS[0]))
            .with_header("content-type", "application/xml")),
        ("GET", None) => list_objects::list(objects, bucket, request),
        ("GET", Some("versions")) => list_objects::versions(objects, bucket, request),
        ("GET", Some("uploads")) => multipart::list(uploads, bucket, request),
        ("GET", Some(name)) => sub_resources::get(bucket, name).unwrap_or_else(|| not_implemented(request, name)),
        ("POST", Some("delete")) => delete::many(objects, bucket, request),
        ("POST", None) => Err(Failure::not_implemented("POST Object, the upload by an HTML form")),
        ("PUT", Some(name)) if sub_resources::exists(name) => sub_resources::put(buckets, bucket, name, request),
        ("DELETE", Some(name)) if sub_resources::exists(name) => sub_resources::delete(buckets, bucket, name),
        ("DELETE", None) => {
            if !objects.is_empty(&bucket.name) || uploads.has_any(&bucket.name) {
                let message = "The bucket you tried to delete is not empty.";
                return Err(Failure::new(StatusCode::CONFLICT, "BucketNotEmpty", message));
            }
            buckets.remove(&bucket.name);
            Ok(Reply::empty(StatusCode::NO_CONTENT))
        }
        ("PUT" | "POST" | "DELETE", Some(name)) => not_implemented(request, name),
        _ => Err(Failure::method_not_allowed()),
    }
}

fn on_object(
    state: &State,
    bucket: &Bucket,
    request: &IncomingRequest,
    sub_resource: Option<&str>,
) -> Result<Reply, Failure> {
    let State { buckets, objects, uploads, .. } = state;
    let is_copy = copy_source::named(request).is_some();
    match (request.method.as_str(), sub_resource) {
        ("HEAD", _) | ("GET", None) => get::read(objects, bucket, request),
        ("PUT", None) if is_copy => put::copy((buckets, objects), bucket, request),
        ("PUT", None) => put::put(objects, bucket, request),
        ("DELETE", None) => Ok(delete::object(objects, bucket, request)),
        ("POST", Some("append")) => put::append(objects, bucket, request),
        ("POST", Some("restore")) => put::restore(objects, bucket, request),
        ("POST", Some("uploads")) => multipart::initiate(uploads, bucket, request),
        ("PUT", Some("uploadId")) if is_copy => multipart::copy_part(uploads, (buckets, objects), bucket, request),
        ("PUT", Some("uploadId")) => multipart::put_part(uploads, bucket, request),
        ("GET", Some("uploadId")) => multipart::list_parts(uploads, bucket, request),
        ("POST", Some("uploadId")) => multipart::complete(uploads, objects, bucket, request),
        ("DELETE", Some("uploadId")) => multipart::abort(uploads, bucket, request),
        (_, Some("acl")) => sub_resources::object_acl(objects, bucket, request),
        (_, Some("tagging")) => sub_resources::object_tagging(objects, bucket, request),
        ("GET" | "PUT" | "POST" | "DELETE", Some(name)) => not_implemented(request, name),
        _ => Err(Failure::method_not_allowed()),
    }
}

fn not_implemented(request: &IncomingRequest, sub_resource: &str) -> Result<Reply, Failure> {
    Err(Failure::not_implemented(&format!("{} ?{sub_resource}", request.method)))
}

/// The sub-resource that the query names: one that the store knows, or a name without a value that
/// is not an option of a plain request. Such a request must never be taken for a plain one.
fn sub_resource(request: &IncomingRequest) -> Option<&str> {
    const OPTIONS: [&str; 16] = [
        "prefix",
        "delimiter",
        "marker",
        "max-keys",
        "encoding-type",
        "list-type",
        "continuation-token",
        "start-after",
        "fetch-owner",
        "key-marker",
        "version-id-marker",
        "versionid",
        "x-id",
        "sign",
        "expires",
        "signature",
    ];
    const PREFIXES: [&str; 4] = ["q-", "x-cos-", "x-amz-", "response-"];
    let known = |name: &str| {
        const OF_OBJECTS: [&str; 5] = ["uploadId", "append", "restore", "tagging", "acl"];
        OF_OBJECTS.into_iter().find(|known| known.eq_ignore_ascii_case(name))
    };
    let is_option = |name: &str| {
        let name = name.to_ascii_lowercase();
        OPTIONS.contains(&name.as_str()) || PREFIXES.iter().any(|prefix| name.starts_with(prefix))
    };
    let mut named = request.query.iter().filter(|(name, _)| !is_option(name));
    named.find_map(|(name, value)| known(name).or((value.is_empty() || sub_resources::exists(name)).then_some(name)))
}

/// The bucket that is asked for. One that lives in another region does not exist here, and the
/// response does not tell where it is.
fn bucket(state: &State, name: &str, address: &Address) -> Result<Bucket, Failure> {
    let is_here = |bucket: &Bucket| match &address.endpoint {
        Endpoint::Region(asked) => bucket.region.is_none_or(|own| own == asked),
        _ => true,
    };
    let missing = || Failure::not_found("NoSuchBucket", "The specified bucket does not exist.");
    state.buckets.named(name).filter(is_here).ok_or_else(missing)
}

/// The access to what is asked for: that of the object if it has an ACL, else that of the bucket.
fn access(state: &State, bucket: &Bucket, request: &IncomingRequest) -> Access {
    let version = state.objects.version(&bucket.name, &request.address.key, request.parameter("versionId"));
    version.and_then(|version| version.object?.attributes.access).unwrap_or(bucket.access)
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
        Condition::Flaky if state.counters.fails_this_time(request) => {
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

/// The hotlink rule, which does not apply to signed requests.
fn check_referer(bucket: &Bucket, request: &IncomingRequest, principal: Principal) -> Result<(), Failure> {
    if !bucket.has_referer_rule || principal != Principal::Anonymous {
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
    let is_named =
        |known: &&Operation| named_by(known).is_some_and(|name| request.query.iter().any(|(given, _)| given == name));
    of_kind()
        .find(is_named)
        .or_else(|| of_kind().find(|known| named_by(known).is_none()))
        .map_or("", |known| known.action)
}

fn named_by(operation: &Operation) -> Option<&'static str> {
    operation.query.first().filter(|(_, value)| value.is_empty()).map(|(name, _)| *name)
}
