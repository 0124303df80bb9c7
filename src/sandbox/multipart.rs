//! Multipart uploads: initiate, parts, list, complete and abort.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use bytes::{Bytes, BytesMut};
use http::StatusCode;
use jiff::Timestamp;
use md5::{Digest as _, Md5};

use super::account::owner;
use super::attributes::Attributes;
use super::buckets::{Bucket, Buckets};
use super::copy_source;
use super::failure::Failure;
use super::get::{Span, invalid_range, span};
use super::objects::{Object, Objects, check_room, md5_hex};
use super::page::{Page, echoed, encoding, in_encoding, is_truncated, limit};
use super::put::{stored, written};
use super::reply::{Reply, iso};
use super::request::IncomingRequest;
use super::xml::{parent, records, text};

/// The smallest part that is not the last one.
const SMALLEST_PART: usize = 1024 * 1024;

#[derive(Clone, Debug)]
struct Part {
    body: Bytes,
    modified: Timestamp,
}

impl Part {
    /// The entity tag without quotes.
    fn etag(&self) -> String {
        md5_hex(&self.body)
    }
}

#[derive(Clone, Debug)]
struct Upload {
    bucket: String,
    key: String,
    initiated: Timestamp,
    attributes: Attributes,
    parts: BTreeMap<u16, Part>,
}

/// The uploads under way, by ID.
#[derive(Debug, Default)]
pub(super) struct Uploads {
    serial: AtomicU64,
    under_way: Mutex<BTreeMap<String, Upload>>,
}

impl Uploads {
    fn lock(&self) -> MutexGuard<'_, BTreeMap<String, Upload>> {
        // No update can leave the map half written.
        self.under_way.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The upload that the request names, which must be one to its bucket and key.
    fn find(&self, bucket: &Bucket, request: &IncomingRequest) -> Result<(String, Upload), Failure> {
        let id = request.parameter("uploadId").unwrap_or_default();
        let is_meant = |upload: &&Upload| upload.bucket == bucket.name && upload.key == request.address.key;
        match self.lock().get(id).filter(is_meant) {
            Some(upload) => Ok((id.to_owned(), upload.clone())),
            None => Err(no_such_upload()),
        }
    }

    fn keep(&self, id: &str, number: u16, part: Part) -> Result<(), Failure> {
        let mut under_way = self.lock();
        let parts = || under_way.values().flat_map(|upload| upload.parts.values());
        check_room(parts().map(|known| known.body.len()).sum::<usize>() + part.body.len(), parts().count())?;
        under_way.get_mut(id).ok_or_else(no_such_upload)?.parts.insert(number, part);
        Ok(())
    }

    /// Whether uploads to a bucket are under way.
    pub(super) fn has_any(&self, bucket: &str) -> bool {
        self.lock().values().any(|upload| upload.bucket == bucket)
    }
}

fn no_such_upload() -> Failure {
    Failure::not_found(
        "NoSuchUpload",
        "The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.",
    )
}

/// Initiate Multipart Upload.
pub(super) fn initiate(uploads: &Uploads, bucket: &Bucket, request: &IncomingRequest) -> Result<Reply, Failure> {
    let (key, attributes) = (&request.address.key, Attributes::of(request)?);
    let mut under_way = uploads.lock();
    check_room(0, under_way.len())?;
    let id = format!("{}{:032x}", request.now.as_second(), uploads.serial.fetch_add(1, Ordering::Relaxed));
    let inner = text("Bucket", &bucket.name) + &text("Key", key) + &text("UploadId", &id);
    let (bucket, key) = (bucket.name.clone(), key.clone());
    under_way.insert(id, Upload { bucket, key, initiated: request.now, attributes, parts: BTreeMap::new() });
    Ok(Reply::document("InitiateMultipartUploadResult", &inner))
}

/// Upload Part.
pub(super) fn put_part(uploads: &Uploads, bucket: &Bucket, request: &IncomingRequest) -> Result<Reply, Failure> {
    let number = part_number(request)?;
    let (id, _) = uploads.find(bucket, request)?;
    let part = Part { body: request.body.clone(), modified: request.now };
    let object = Object::new(part.body.clone(), part.modified, Attributes::with_type(""));
    uploads.keep(&id, number, part)?;
    Ok(written(Reply::empty(StatusCode::OK), &object).with_header("etag", object.etag))
}

/// Upload Part - Copy.
pub(super) fn copy_part(
    uploads: &Uploads,
    from: (&Buckets, &Objects),
    bucket: &Bucket,
    request: &IncomingRequest,
) -> Result<Reply, Failure> {
    let number = part_number(request)?;
    let (id, _) = uploads.find(bucket, request)?;
    let whole = copy_source::read(from, bucket, request)?.body;
    let body = match request
        .cos_header("x-cos-copy-source-range")
        .filter(|range| !range.is_empty())
        .map(|range| span(range, whole.len()))
    {
        None => whole,
        Some(Span::Bytes(first, last)) => whole.slice(first..=last),
        Some(Span::Unsatisfiable) => return Err(invalid_range(whole.len())),
        Some(Span::Ignored) => {
            return Err(Failure::bad_request("InvalidArgument", "x-cos-copy-source-range is not a range of bytes."));
        }
    };
    let part = Part { body, modified: request.now };
    let inner = text("ETag", &format!("\"{}\"", part.etag())) + &text("LastModified", &iso(part.modified));
    uploads.keep(&id, number, part)?;
    Ok(Reply::document("CopyPartResult", &inner))
}

fn part_number(request: &IncomingRequest) -> Result<u16, Failure> {
    request
        .parameter("partNumber")
        .and_then(|number| number.parse().ok())
        .filter(|number| (1..=10_000).contains(number))
        .ok_or_else(|| Failure::bad_request("InvalidArgument", "partNumber is not in the range 1 to 10000."))
}

/// List Parts.
pub(super) fn list_parts(uploads: &Uploads, bucket: &Bucket, request: &IncomingRequest) -> Result<Reply, Failure> {
    if request.parameter("uploadId") == Some("") {
        return Err(Failure::bad_request("ListPartUploadIdIsEmpty", "The uploadId is empty."));
    }
    let limit = limit(request, "max-parts")?;
    let after: u16 = request.parameter("part-number-marker").and_then(|marker| marker.parse().ok()).unwrap_or(0);
    let (id, upload) = uploads.find(bucket, request)?;
    let rest = || upload.parts.range(after.saturating_add(1)..);
    let has_more = rest().count() > limit;
    let next = rest().take(limit).last().filter(|_| has_more).map_or(after, |(number, _)| *number);
    let part = |(number, part): (&u16, &Part)| {
        let facts = text("PartNumber", &number.to_string()) + &text("LastModified", &iso(part.modified));
        let rest = text("ETag", &format!("\"{}\"", part.etag())) + &text("Size", &part.body.len().to_string());
        parent("Part", &(facts + &rest))
    };
    let inner = text("Bucket", &bucket.name)
        + &encoding(request)
        + &text("Key", &in_encoding(request, &upload.key))
        + &text("UploadId", &id)
        + &people(bucket)
        + &text("StorageClass", upload.attributes.class)
        + &text("PartNumberMarker", &after.to_string())
        + &text("NextPartNumberMarker", &next.to_string())
        + &text("MaxParts", &limit.to_string())
        + &is_truncated(has_more)
        + &rest().take(limit).map(part).collect::<String>();
    Ok(Reply::document("ListPartsResult", &inner))
}

/// The owner of the bucket as owner and initiator of an upload.
fn people(bucket: &Bucket) -> String {
    let owner = owner(bucket.owner());
    owner.replace("Owner>", "Initiator>") + &owner
}

/// List Multipart Uploads.
pub(super) fn list(uploads: &Uploads, bucket: &Bucket, request: &IncomingRequest) -> Result<Reply, Failure> {
    let limit = limit(request, "max-uploads")?;
    let marker = request.parameter("key-marker").unwrap_or_default();
    let id_marker = request.parameter("upload-id-marker").filter(|id| !id.is_empty());
    let own = uploads.lock().clone().into_iter().filter(|(_, upload)| upload.bucket == bucket.name);
    let mut own: Vec<(String, (String, Upload))> = own.map(|(id, upload)| (upload.key.clone(), (id, upload))).collect();
    own.sort_by(|one, other| (&one.0, &one.1.0).cmp(&(&other.0, &other.1.0)));
    let is_after = |(id, _): &(String, Upload)| id_marker.is_some_and(|marker| id.as_str() > marker);
    let page = Page::of(own, request, marker, limit, is_after);
    let people = people(bucket);
    let entry = |(key, (id, upload)): &(String, (String, Upload))| {
        let name = text("Key", &in_encoding(request, key)) + &text("UploadId", id);
        let class = text("StorageClass", upload.attributes.class);
        parent("Upload", &(name + &people + &class + &text("Initiated", &iso(upload.initiated))))
    };
    let last = page.entries.last().filter(|(key, _)| page.next.as_ref() == Some(key));
    let next_id = last.map(|(_, (id, _))| text("NextUploadIdMarker", id)).unwrap_or_default();
    let inner = text("Bucket", &bucket.name)
        + &encoding(request)
        + &echoed(request, &[("KeyMarker", "key-marker"), ("UploadIdMarker", "upload-id-marker")])
        + &echoed(request, &[("Prefix", "prefix"), ("Delimiter", "delimiter")])
        + &text("MaxUploads", &limit.to_string())
        + &page.truncated(request, "NextKeyMarker")
        + &next_id
        + &page.entries.iter().map(entry).collect::<String>()
        + &page.common_prefixes(request);
    Ok(Reply::document("ListMultipartUploadsResult", &inner))
}

/// Complete Multipart Upload. A list that does not fit the parts leaves the upload as it is.
pub(super) fn complete(
    uploads: &Uploads,
    objects: &Objects,
    bucket: &Bucket,
    request: &IncomingRequest,
) -> Result<Reply, Failure> {
    let (id, upload) = uploads.find(bucket, request)?;
    let listed = listed_parts(&request.body)?;
    if !listed.is_sorted_by(|one, next| one.0 < next.0) {
        return Err(Failure::bad_request(
            "InvalidPartOrder",
            "The list of parts was not in ascending order. Parts list must be specified in order by part number.",
        ));
    }
    let named = |(number, etag): &(u16, String)| {
        upload.parts.get(number).filter(|part| part.etag().eq_ignore_ascii_case(etag)).ok_or_else(|| {
            Failure::bad_request(
                "InvalidPart",
                "One or more of the specified parts could not be found. The part might not have been uploaded, \
                 or the specified entity tag might not have matched the part's entity tag.",
            )
        })
    };
    let parts: Vec<&Part> = listed.iter().map(named).collect::<Result<_, _>>()?;
    if parts.iter().rev().skip(1).any(|part| part.body.len() < SMALLEST_PART) {
        return Err(Failure::bad_request(
            "EntityTooSmall",
            "Your proposed upload is smaller than the minimum allowed object size.",
        ));
    }
    let (mut whole, mut digests) = (BytesMut::new(), Md5::new());
    for part in &parts {
        whole.extend_from_slice(&part.body);
        digests.update(Md5::digest(&part.body));
    }
    let digest = Bytes::copy_from_slice(&digests.finalize());
    let etag = format!("\"{digest:x}-{}\"", parts.len());
    let object = Object { etag, ..Object::new(whole.freeze(), request.now, upload.attributes.clone()) };
    let inner = text("Location", &request.resource())
        + &text("Bucket", &bucket.name)
        + &text("Key", &upload.key)
        + &text("ETag", &object.etag);
    let reply = written(Reply::document("CompleteMultipartUploadResult", &inner), &object);
    let version = objects.put(bucket, &upload.key, object)?;
    uploads.lock().remove(&id);
    stored(reply, version)
}

/// Part numbers and entity tags, without quotes, as the client lists them.
fn listed_parts(body: &[u8]) -> Result<Vec<(u16, String)>, Failure> {
    let parts = records("Part", body).filter(|parts| !parts.is_empty()).ok_or_else(Failure::malformed_xml)?;
    let part = |part: &super::xml::Leaves| {
        let number = part.get("PartNumber")?.trim().parse().ok()?;
        Some((number, part.get("ETag")?.trim().trim_matches('"').to_owned()))
    };
    parts.iter().map(part).collect::<Option<_>>().ok_or_else(Failure::malformed_xml)
}

/// Abort Multipart Upload.
pub(super) fn abort(uploads: &Uploads, bucket: &Bucket, request: &IncomingRequest) -> Result<Reply, Failure> {
    let (id, _) = uploads.find(bucket, request)?;
    uploads.lock().remove(&id);
    Ok(Reply::empty(StatusCode::NO_CONTENT))
}
