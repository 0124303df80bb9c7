//! The source of a copy: the object that `x-cos-copy-source` names.

use http::StatusCode;

use super::address::{Address, Endpoint};
use super::buckets::{Bucket, Buckets};
use super::conditions;
use super::failure::Failure;
use super::get;
use super::objects::{Object, Objects};
use super::request::IncomingRequest;
use crate::domain::percent;

/// What the request names as its source.
pub(super) fn named(request: &IncomingRequest) -> Option<&str> {
    request.cos_header("x-cos-copy-source")
}

/// Reads the source of a copy into the bucket `target`.
pub(super) fn read(
    (buckets, objects): (&Buckets, &Objects),
    target: &Bucket,
    request: &IncomingRequest,
) -> Result<Object, Failure> {
    let invalid = || Failure::bad_request("InvalidCopySource", "Copy source is not valid.");
    let missing = || Failure::not_found("NoSuchCopySource", "The specified copy source does not exist.");
    let (path, query) = named(request).map_or(("", ""), |source| source.split_once('?').unwrap_or((source, "")));
    let decoded = percent::decode(path);
    let (first, key) =
        decoded.trim_start_matches('/').split_once('/').filter(|(_, key)| !key.is_empty()).ok_or_else(invalid)?;
    if key == "fail-late" {
        // A failure after the copy has begun comes in the body of a 200.
        return Err(Failure { status: StatusCode::OK, ..Failure::internal_error() });
    }
    // COS names the host of the source, S3 its bucket.
    let address = Address::of(first, key);
    let name = address.bucket.as_deref().unwrap_or(first);
    let is_there = |bucket: &Bucket| match &address.endpoint {
        Endpoint::Region(region) => bucket.region.is_none_or(|own| own == region),
        _ => true,
    };
    let bucket = buckets.named(name).filter(is_there).ok_or_else(missing)?;
    if bucket.owner() != target.owner() {
        return Err(Failure::access_denied(request.now));
    }
    let version = percent::query_pairs(query).into_iter().find(|(name, _)| name.eq_ignore_ascii_case("versionId"));
    let version = objects.version(&bucket.name, key, version.as_ref().map(|(_, id)| id.as_str()));
    let object = version.and_then(|version| version.object).ok_or_else(missing)?;
    if object.attributes.is_archived() {
        return Err(get::invalid_object_state());
    }
    match conditions::unmet(request, "x-cos-copy-source-", &object) {
        Some(_) => Err(conditions::precondition_failed()),
        None => Ok(object),
    }
}
