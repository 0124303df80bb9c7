//! GET Object and HEAD Object, with conditions, ranges, versions and overrides.

use http::{Method, StatusCode};

use super::buckets::{Bucket, Condition, Versioning};
use super::conditions::{self, Unmet};
use super::failure::Failure;
use super::objects::{Kind, Object, Objects, Version};
use super::reply::{Reply, http_date};
use super::request::IncomingRequest;

/// Query parameters that replace a header of the response.
const OVERRIDES: [&str; 6] =
    ["content-type", "content-language", "expires", "cache-control", "content-disposition", "content-encoding"];

pub(super) fn read(objects: &Objects, bucket: &Bucket, request: &IncomingRequest) -> Result<Reply, Failure> {
    let key = &request.address.key;
    let is_get = request.method == Method::GET;
    let (version, object) = find(objects, bucket, request)?;
    object.attributes.check_customer_key(request)?;
    match conditions::unmet(request, "", &object) {
        Some(Unmet::Failed) => return Err(conditions::precondition_failed()),
        Some(Unmet::NotModified) => {
            let reply = Reply::empty(StatusCode::NOT_MODIFIED).with_header("content-type", "application/xml");
            return Ok(reply.with_header("etag", object.etag.clone()));
        }
        None => {}
    }
    let is_package = [".apk", ".ipa"].iter().any(|suffix| key.ends_with(suffix));
    if bucket.condition == Condition::Restricted && is_package && is_get {
        let message = "The file type is not allowed to be downloaded with the default domain.";
        return Err(Failure::new(StatusCode::FORBIDDEN, "DownloadForbidden", message).at_edge());
    }
    if object.attributes.is_archived() && is_get {
        return Err(invalid_object_state());
    }
    let mut reply = content(request, &object)?;
    if bucket.versioning != Versioning::Off {
        reply = reply.with_header("x-cos-version-id", version);
    }
    for name in OVERRIDES {
        if let Some(value) = request.parameter(&format!("response-{name}")).filter(|value| !value.is_empty()) {
            reply.headers.retain(|(known, _)| known != name);
            reply = reply.with_header(name, value);
        }
    }
    if bucket.condition == Condition::Restricted {
        reply.headers.retain(|(known, _)| known != "content-disposition");
        reply = reply.with_header("x-cos-force-download", "true").with_header("content-disposition", "attachment");
    }
    Ok(reply)
}

/// The object that the request names with the ID of its version.
pub(super) fn find(objects: &Objects, bucket: &Bucket, request: &IncomingRequest) -> Result<(String, Object), Failure> {
    let id = request.parameter("versionId");
    match (objects.version(&bucket.name, &request.address.key, id), id) {
        (Some(Version { id, object: Some(object), .. }), _) => Ok((id, object)),
        (Some(marker), Some(_)) => Err(of_marker(Failure::method_not_allowed(), &marker)),
        (Some(marker), None) => Err(of_marker(Failure::no_such_key(), &marker)),
        (None, Some(_)) => Err(Failure::not_found("NoSuchVersion", "The specified version does not exist.")),
        (None, None) => Err(Failure::no_such_key()),
    }
}

fn of_marker(failure: Failure, marker: &Version) -> Failure {
    failure.with_header("x-cos-delete-marker", "true").with_header("x-cos-version-id", marker.id.as_str())
}

pub(super) fn invalid_object_state() -> Failure {
    Failure::new(
        StatusCode::FORBIDDEN,
        "InvalidObjectState",
        "The operation is not valid for the object storage class.",
    )
}

/// The object's headers with the whole body or the part that `Range` asks for.
fn content(request: &IncomingRequest, object: &Object) -> Result<Reply, Failure> {
    let mut reply = Reply { status: StatusCode::OK, headers: Vec::new(), body: object.body.clone() }
        .with_header("etag", object.etag.clone())
        .with_header("last-modified", http_date(object.modified))
        .with_header("accept-ranges", "bytes")
        .with_header("x-cos-hash-crc64ecma", object.crc64.to_string());
    for (name, value) in &object.attributes.headers {
        reply = reply.with_header(name.clone(), value.clone());
    }
    if object.attributes.class != "STANDARD" {
        reply = reply.with_header("x-cos-storage-class", object.attributes.class);
    }
    if !object.attributes.tags.is_empty() {
        reply = reply.with_header("x-cos-tagging-count", object.attributes.tags.len().to_string());
    }
    match object.kind {
        Kind::Normal => {}
        Kind::Restoring => reply = reply.with_header("x-cos-restore", "ongoing-request=\"true\""),
        Kind::Appendable => {
            let next = object.body.len().to_string();
            reply =
                reply.with_header("x-cos-object-type", "appendable").with_header("x-cos-next-append-position", next);
        }
    }
    let length = object.body.len();
    match request.header("range").map_or(Span::Ignored, |range| span(range, length)) {
        Span::Ignored => Ok(reply),
        Span::Bytes(first, last) => {
            reply.status = StatusCode::PARTIAL_CONTENT;
            reply.body = object.body.slice(first..=last);
            Ok(reply.with_header("content-range", format!("bytes {first}-{last}/{length}")))
        }
        Span::Unsatisfiable => Err(invalid_range(length)),
    }
}

pub(super) fn invalid_range(length: usize) -> Failure {
    let message = "The requested range is not satisfiable";
    Failure::new(StatusCode::RANGE_NOT_SATISFIABLE, "InvalidRange", message)
        .with_header("content-range", format!("bytes */{length}"))
}

/// What a `Range` header asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Span {
    /// First and last byte.
    Bytes(usize, usize),
    Unsatisfiable,
    /// RFC 9110 has invalid and multiple ranges ignored.
    Ignored,
}

pub(super) fn span(range: &str, length: usize) -> Span {
    let Some((first, last)) = range.strip_prefix("bytes=").and_then(|range| range.split_once('-')) else {
        return Span::Ignored;
    };
    let end = length.saturating_sub(1);
    let (first, last) = match (first.parse::<usize>(), last.parse::<usize>()) {
        (Err(_), Ok(0)) if first.is_empty() => return Span::Unsatisfiable,
        (Err(_), Ok(count)) if first.is_empty() => (length.saturating_sub(count), end),
        (Ok(first), Err(_)) if last.is_empty() => (first, end),
        (Ok(first), Ok(last)) if first <= last => (first, last.min(end)),
        _ => return Span::Ignored,
    };
    if first < length { Span::Bytes(first, last) } else { Span::Unsatisfiable }
}

#[cfg(test)]
mod tests {
    use super::Span::{Bytes, Ignored, Unsatisfiable};
    use super::span;

    #[test]
    fn ranges_are_read_as_the_rfc_says() {
        for (range, length, wanted) in [
            ("bytes=0-0", 5, Bytes(0, 0)),
            ("bytes=0-0", 0, Unsatisfiable),
            ("bytes=3-", 5, Bytes(3, 4)),
            ("bytes=-2", 5, Bytes(3, 4)),
            ("bytes=-9", 5, Bytes(0, 4)),
            ("bytes=5-6", 5, Unsatisfiable),
            ("bytes=4-3", 5, Ignored),
            ("bytes=0-1,3-4", 5, Ignored),
            ("items=0-1", 5, Ignored),
        ] {
            assert_eq!(span(range, length), wanted, "{range} of {length}");
        }
    }
}
