//! DELETE Object and DELETE Multiple Objects.

use http::StatusCode;

use super::buckets::Bucket;
use super::failure::Failure;
use super::objects::Objects;
use super::reply::Reply;
use super::request::IncomingRequest;
use super::xml::{parent, records, text};

/// Deletes an object, or one version for good. Deleting what does not exist succeeds too.
pub(super) fn object(objects: &Objects, bucket: &Bucket, request: &IncomingRequest) -> Reply {
    let key = &request.address.key;
    let reply = Reply::empty(StatusCode::NO_CONTENT);
    if let Some(id) = request.parameter("versionId") {
        let was_marker = objects.delete_version(bucket, key, id);
        let reply = reply.with_header("x-cos-version-id", id);
        return if was_marker { reply.with_header("x-cos-delete-marker", "true") } else { reply };
    }
    match objects.delete(bucket, key, request.now) {
        Some(marker) => reply.with_header("x-cos-delete-marker", "true").with_header("x-cos-version-id", marker),
        None => reply,
    }
}

/// Answers 200 with an error for each key that may not be deleted.
pub(super) fn many(objects: &Objects, bucket: &Bucket, request: &IncomingRequest) -> Result<Reply, Failure> {
    if request.header("content-md5").is_none() {
        return Err(Failure::bad_request("InvalidRequest", "Missing required header for this request: Content-MD5"));
    }
    let named = records("Object", &request.body)
        .filter(|named| !named.is_empty() && named.len() <= 1000)
        .ok_or_else(Failure::malformed_xml)?;
    let is_quiet =
        records("Delete", &request.body).unwrap_or_default().iter().any(|all| all.get("Quiet") == Some("true"));
    let mut result = String::new();
    for object in named {
        let key = object.get("Key").filter(|key| !key.is_empty()).ok_or_else(Failure::malformed_xml)?;
        let id = object.get("VersionId").filter(|id| !id.is_empty());
        let name = text("Key", key) + &id.map(|id| text("VersionId", id)).unwrap_or_default();
        if key.starts_with("locked/") {
            let error = text("Code", "AccessDenied") + &text("Message", "Access Denied.");
            result.push_str(&parent("Error", &(name + &error)));
            continue;
        }
        let marker = match id {
            Some(id) => objects.delete_version(bucket, key, id).then(|| id.to_owned()),
            None => objects.delete(bucket, key, request.now),
        };
        if !is_quiet {
            let marker = marker.map(|id| text("DeleteMarker", "true") + &text("DeleteMarkerVersionId", &id));
            result.push_str(&parent("Deleted", &(name + &marker.unwrap_or_default())));
        }
    }
    Ok(Reply::document("DeleteResult", &result))
}
