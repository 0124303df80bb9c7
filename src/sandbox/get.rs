//! Reading an object: GET and HEAD with their conditions and ranges.

use http::StatusCode;

use super::buckets::{Bucket, Condition, VERSION_ID};
use super::counters::State;
use super::failure::Failure;
use super::objects::Object;
use super::reply::{Reply, http_date};
use super::request::IncomingRequest;
use super::sub_resources;

/// GET Object, its sub-resources, and HEAD Object.
pub fn read(state: &State, bucket: &Bucket, request: &IncomingRequest) -> Result<Reply, Failure> {
    let key = &request.address.key;
    let is_get = request.method == http::Method::GET;
    let object = find(state, bucket, request)?;
    if is_get && request.parameter("acl").is_some() {
        return Ok(Reply::document("AccessControlPolicy", &sub_resources::acl(bucket)));
    }
    if is_get && request.parameter("tagging").is_some() {
        return Err(Failure::not_found("NoSuchTagSet", "The TagSet does not exist."));
    }
    if let Some(unmet) = unmet_condition(request, &object) {
        return unmet;
    }
    let is_package = [".apk", ".ipa"].iter().any(|suffix| key.ends_with(suffix));
    if bucket.condition == Condition::Restricted && is_package && is_get {
        let message = "The file type is not allowed to be downloaded with the default domain.";
        return Err(Failure::new(StatusCode::FORBIDDEN, "DownloadForbidden", message).at_edge());
    }
    if object.archived && is_get {
        return Err(Failure::new(
            StatusCode::FORBIDDEN,
            "InvalidObjectState",
            "The operation is not valid for the object storage class.",
        ));
    }
    let mut reply = content(request, &object)?
        .with_header("etag", object.etag.clone())
        .with_header("last-modified", http_date(object.modified))
        .with_header("accept-ranges", "bytes");
    if object.archived {
        reply = reply.with_header("x-cos-storage-class", "ARCHIVE");
    }
    if bucket.versioned_and_tagged {
        reply = reply.with_header("x-cos-version-id", VERSION_ID);
    }
    if bucket.condition == Condition::Restricted {
        reply = reply.with_header("x-cos-force-download", "true").with_header("content-disposition", "attachment");
    }
    Ok(reply)
}

/// The object that is asked for, or why there is none: a delete marker says so.
fn find(state: &State, bucket: &Bucket, request: &IncomingRequest) -> Result<Object, Failure> {
    let key = &request.address.key;
    if request.parameter("versionId").is_some_and(|id| !bucket.versioned_and_tagged || id != VERSION_ID) {
        return Err(Failure::not_found("NoSuchVersion", "The specified version does not exist."));
    }
    state.objects.get(bucket, key).ok_or_else(|| {
        let marked = bucket.seeds.iter().any(|seed| seed.key == key && seed.deleted);
        if marked {
            Failure::no_such_key()
                .with_header("x-cos-delete-marker", "true")
                .with_header("x-cos-version-id", VERSION_ID)
        } else {
            Failure::no_such_key()
        }
    })
}

fn unmet_condition(request: &IncomingRequest, object: &Object) -> Option<Result<Reply, Failure>> {
    let names = |list: &str| {
        list.split(',').map(str::trim).any(|tag| tag == "*" || tag.trim_matches('"') == object.etag.trim_matches('"'))
    };
    if request.header("if-match").is_some_and(|list| !names(list)) {
        return Some(Err(Failure::new(
            StatusCode::PRECONDITION_FAILED,
            "PreconditionFailed",
            "Precondition not match.",
        )));
    }
    if request.header("if-none-match").is_some_and(names) {
        return Some(Ok(Reply::empty(StatusCode::NOT_MODIFIED).with_header("etag", object.etag.clone())));
    }
    None
}

/// The whole body or the part that `Range` asks for.
fn content(request: &IncomingRequest, object: &Object) -> Result<Reply, Failure> {
    let mut reply = Reply { status: StatusCode::OK, headers: Vec::new(), body: object.body.clone() };
    for (name, value) in &object.headers {
        if let Some(name) = carried(name) {
            reply.headers.push((name, value.clone()));
        }
    }
    let length = object.body.len();
    match request.header("range").and_then(|range| span(range, length)) {
        None => Ok(reply),
        Some(Some((first, last))) => {
            reply.status = StatusCode::PARTIAL_CONTENT;
            reply.body = object.body.slice(first..=last);
            Ok(reply.with_header("content-range", format!("bytes {first}-{last}/{length}")))
        }
        Some(None) => Err(Failure::new(
            StatusCode::RANGE_NOT_SATISFIABLE,
            "InvalidRange",
            "The requested range is not satisfiable",
        )
        .with_header("content-range", format!("bytes */{length}"))),
    }
}

/// The headers that an object gives back as it was put with them.
pub fn carried(name: &str) -> Option<&'static str> {
    ["content-type", "content-encoding", "content-language", "cache-control", "expires"]
        .into_iter()
        .find(|known| known.eq_ignore_ascii_case(name))
}

/// First and last byte of a range. The outer `None` is a range that is to be ignored, the inner one
/// a range that cannot be served.
#[expect(clippy::option_option, reason = "ignoring a range and refusing it are two answers of RFC 9110")]
fn span(range: &str, length: usize) -> Option<Option<(usize, usize)>> {
    let (first, last) = range.strip_prefix("bytes=")?.split_once('-')?;
    if first.is_empty() {
        let count: usize = last.parse().ok()?;
        return Some((count > 0 && length > 0).then(|| (length.saturating_sub(count), length - 1)));
    }
    let first: usize = first.parse().ok()?;
    let last = if last.is_empty() { usize::MAX } else { last.parse().ok()? };
    if last < first {
        return None;
    }
    Some((first < length).then(|| (first, last.min(length - 1))))
}

#[cfg(test)]
mod tests {
    use super::span;

    #[test]
    fn ranges_are_read_as_the_rfc_says() {
        for (range, length, wanted) in [
            ("bytes=0-0", 5, Some(Some((0, 0)))),
            ("bytes=0-0", 0, Some(None)),
            ("bytes=3-", 5, Some(Some((3, 4)))),
            ("bytes=-2", 5, Some(Some((3, 4)))),
            ("bytes=-9", 5, Some(Some((0, 4)))),
            ("bytes=5-6", 5, Some(None)),
            ("bytes=4-3", 5, None),
            ("bytes=0-1,3-4", 5, None),
            ("items=0-1", 5, None),
        ] {
            assert_eq!(span(range, length), wanted, "{range} of {length}");
        }
    }
}
