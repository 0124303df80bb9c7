//! Writing an object with one request: PUT, copy, append, restore.

use bytes::BytesMut;
use http::StatusCode;

use super::attributes::{self, Attributes};
use super::buckets::{Bucket, Buckets};
use super::copy_source;
use super::failure::Failure;
use super::get;
use super::objects::{Kind, Object, Objects};
use super::reply::{Reply, iso};
use super::request::IncomingRequest;
use super::xml::text;

pub(super) fn put(objects: &Objects, bucket: &Bucket, request: &IncomingRequest) -> Result<Reply, Failure> {
    if request.header("content-encoding").is_some_and(|encoding| encoding.contains("aws-chunked")) {
        return Err(Failure::new(
            StatusCode::NOT_IMPLEMENTED,
            "NotImplemented",
            "A header you provided implies functionality that is not implemented.",
        ));
    }
    let object = Object::new(request.body.clone(), request.now, Attributes::of(request)?);
    let reply = written(Reply::empty(StatusCode::OK), &object).with_header("etag", object.etag.clone());
    stored(reply, objects.put(bucket, &request.address.key, object)?)
}

/// The response to a write with the headers that come from the object.
pub(super) fn written(mut reply: Reply, object: &Object) -> Reply {
    for (name, value) in object.attributes.encryption() {
        reply = reply.with_header(name.clone(), value.clone());
    }
    reply.with_header("x-cos-hash-crc64ecma", object.crc64.to_string())
}

/// The response to a write with the version that it made.
#[expect(clippy::unnecessary_wraps, reason = "the last step of functions that can fail")]
pub(super) fn stored(reply: Reply, version: Option<String>) -> Result<Reply, Failure> {
    Ok(match version {
        Some(id) => reply.with_header("x-cos-version-id", id),
        None => reply,
    })
}

/// PUT Object - Copy.
pub(super) fn copy(
    (buckets, objects): (&Buckets, &Objects),
    bucket: &Bucket,
    request: &IncomingRequest,
) -> Result<Reply, Failure> {
    let source = copy_source::read((buckets, objects), bucket, request)?;
    // COS says Replaced, S3 REPLACE.
    let is_replaced = match request.cos_header("x-cos-metadata-directive").map(str::to_ascii_uppercase).as_deref() {
        None | Some("COPY") => false,
        Some("REPLACED" | "REPLACE") => true,
        Some(_) => {
            return Err(Failure::bad_request("InvalidArgument", "x-cos-metadata-directive is Copy or Replaced."));
        }
    };
    let given = Attributes::of(request)?;
    let attributes = if is_replaced {
        Attributes { tags: source.attributes.tags, ..given }
    } else {
        let class = attributes::storage_class(request)?.unwrap_or(source.attributes.class);
        Attributes { class, access: given.access, ..source.attributes }
    };
    let copied = Object { etag: source.etag, ..Object::new(source.body, request.now, attributes) };
    let inner = text("ETag", &copied.etag)
        + &text("CRC64", &copied.crc64.to_string())
        + &text("LastModified", &iso(copied.modified));
    let reply = written(Reply::document("CopyObjectResult", &inner), &copied);
    stored(reply, objects.put(bucket, &request.address.key, copied)?)
}

/// APPEND Object.
pub(super) fn append(objects: &Objects, bucket: &Bucket, request: &IncomingRequest) -> Result<Reply, Failure> {
    let key = &request.address.key;
    let conflict = |code, message: &'static str| Failure::new(StatusCode::CONFLICT, code, message);
    let position: usize = request
        .parameter("position")
        .and_then(|position| position.parse().ok())
        .ok_or_else(|| Failure::bad_request("InvalidArgument", "position is not a number."))?;
    let before = objects.version(&bucket.name, key, None).and_then(|version| Some((version.id, version.object?)));
    let (old_id, old) = before.unzip();
    if old.as_ref().is_some_and(|old| old.kind != Kind::Appendable) {
        return Err(conflict("ObjectNotAppendable", "The object is not appendable."));
    }
    let length = old.as_ref().map_or(0, |old| old.body.len());
    if position != length {
        let failure = conflict("AppendPositionErr", "The position is not equal to the length of the object.");
        return Err(failure.with_header("x-cos-next-append-position", length.to_string()));
    }
    let attributes = match &old {
        Some(old) => old.attributes.clone(),
        None => Attributes::of(request)?,
    };
    let mut whole = BytesMut::from(old.map(|old| old.body).unwrap_or_default().as_ref());
    whole.extend_from_slice(&request.body);
    let object = Object { kind: Kind::Appendable, ..Object::new(whole.freeze(), request.now, attributes) };
    let reply = written(Reply::empty(StatusCode::OK), &object)
        .with_header("etag", object.etag.clone())
        .with_header("x-cos-next-append-position", object.body.len().to_string());
    let id = objects.put(bucket, key, object)?;
    // An append makes no version.
    if let Some(old_id) = old_id.filter(|old_id| id.as_ref().is_some_and(|id| id != old_id)) {
        objects.delete_version(bucket, key, &old_id);
    }
    Ok(reply)
}

/// POST Object restore.
pub(super) fn restore(objects: &Objects, bucket: &Bucket, request: &IncomingRequest) -> Result<Reply, Failure> {
    let (id, object) = get::find(objects, bucket, request)?;
    if !object.attributes.is_archived() {
        return Err(Failure::new(
            StatusCode::METHOD_NOT_ALLOWED,
            "RestoreNonArchiveObject",
            "The object is not archived, so it need not be restored.",
        ));
    }
    if object.kind == Kind::Restoring {
        return Err(Failure::new(
            StatusCode::CONFLICT,
            "RestoreAlreadyInProgress",
            "Object restore is already in progress.",
        ));
    }
    objects.change(&bucket.name, &request.address.key, &id, |object| object.kind = Kind::Restoring);
    Ok(Reply::empty(StatusCode::ACCEPTED))
}
