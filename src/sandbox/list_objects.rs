//! The lists of a bucket's objects: GET Bucket in both versions, and GET Bucket Object versions.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;

use super::account::owner;
use super::buckets::Bucket;
use super::failure::Failure;
use super::objects::{Object, Objects, Version};
use super::page::{Page, echoed, encoding, in_encoding, is_truncated, limit};
use super::reply::{Reply, iso};
use super::request::IncomingRequest;
use super::xml::{parent, text};

/// GET Bucket (List Objects).
pub(super) fn list(objects: &Objects, bucket: &Bucket, request: &IncomingRequest) -> Result<Reply, Failure> {
    if request.parameter("list-type") == Some("2") {
        return list_v2(objects, bucket, request);
    }
    let limit = limit(request, "max-keys")?;
    let marker = request.parameter("marker").unwrap_or_default();
    let page = Page::of(objects.list(&bucket.name), request, marker, limit, |_| false);
    let head = text("Name", &bucket.name)
        + &encoding(request)
        + &echoed(request, &[("Prefix", "prefix"), ("Marker", "marker"), ("Delimiter", "delimiter")])
        + &text("MaxKeys", &limit.to_string())
        + &page.truncated(request, "NextMarker");
    Ok(Reply::document("ListBucketResult", &(head + &contents(&page, bucket, request, true))))
}

/// List Objects version 2, which S3 SDKs use. The tokens are the Base64 of keys.
fn list_v2(objects: &Objects, bucket: &Bucket, request: &IncomingRequest) -> Result<Reply, Failure> {
    let limit = limit(request, "max-keys")?;
    let token = request.parameter("continuation-token");
    let marker =
        match token {
            None => request.parameter("start-after").unwrap_or_default().to_owned(),
            Some(token) => BASE64.decode(token).ok().and_then(|key| String::from_utf8(key).ok()).ok_or_else(|| {
                Failure::bad_request("InvalidArgument", "The continuation token provided is incorrect")
            })?,
        };
    let page = Page::of(objects.list(&bucket.name), request, &marker, limit, |_| false);
    let given = token.map(|token| text("ContinuationToken", token)).unwrap_or_default();
    let next = page.next.as_ref().map(|next| text("NextContinuationToken", &BASE64.encode(next))).unwrap_or_default();
    let head = text("Name", &bucket.name)
        + &encoding(request)
        + &echoed(request, &[("Prefix", "prefix"), ("Delimiter", "delimiter"), ("StartAfter", "start-after")])
        + &text("MaxKeys", &limit.to_string())
        + &text("KeyCount", &page.len().to_string())
        + &is_truncated(page.next.is_some())
        + &given
        + &next;
    let has_owners = request.parameter("fetch-owner") == Some("true");
    Ok(Reply::document("ListBucketResult", &(head + &contents(&page, bucket, request, has_owners))))
}

fn contents(page: &Page<Object>, bucket: &Bucket, request: &IncomingRequest, has_owners: bool) -> String {
    let owner = if has_owners { owner(bucket.owner()) } else { String::new() };
    let entry = |(key, object): &(String, Object)| {
        let key = text("Key", &in_encoding(request, key));
        parent("Contents", &(key + &facts(object) + &owner + &text("StorageClass", object.attributes.class)))
    };
    page.entries.iter().map(entry).collect::<String>() + &page.common_prefixes(request)
}

fn facts(object: &Object) -> String {
    text("LastModified", &iso(object.modified))
        + &text("ETag", &object.etag)
        + &text("Size", &object.body.len().to_string())
}

/// GET Bucket Object versions.
pub(super) fn versions(objects: &Objects, bucket: &Bucket, request: &IncomingRequest) -> Result<Reply, Failure> {
    let limit = limit(request, "max-keys")?;
    let marker = request.parameter("key-marker").unwrap_or_default();
    let id_marker = request.parameter("version-id-marker").filter(|id| !id.is_empty());
    let mut has_passed = false;
    let is_after = |(version, _): &(Version, bool)| {
        let is_after = has_passed;
        has_passed |= id_marker == Some(version.id.as_str());
        is_after
    };
    let all = objects.versions(&bucket.name).into_iter().map(|(key, version, is_latest)| (key, (version, is_latest)));
    let page = Page::of(all, request, marker, limit, is_after);
    let owner = owner(bucket.owner());
    let entry = |(key, (version, is_latest)): &(String, (Version, bool))| {
        let head = text("Key", &in_encoding(request, key))
            + &text("VersionId", &version.id)
            + &text("IsLatest", if *is_latest { "true" } else { "false" });
        match &version.object {
            None => parent("DeleteMarker", &(head + &text("LastModified", &iso(version.modified)) + &owner)),
            Some(object) => {
                let class = text("StorageClass", object.attributes.class);
                parent("Version", &(head + &facts(object) + &class + &owner))
            }
        }
    };
    // The next page begins after a version, unless this one ends with a rolled-up prefix.
    let last = page.entries.last().filter(|(key, _)| page.next.as_ref() == Some(key));
    let next_id = last.map(|(_, (version, _))| text("NextVersionIdMarker", &version.id)).unwrap_or_default();
    let head = text("Name", &bucket.name)
        + &encoding(request)
        + &echoed(request, &[("Prefix", "prefix"), ("KeyMarker", "key-marker"), ("Delimiter", "delimiter")])
        + &echoed(request, &[("VersionIdMarker", "version-id-marker")])
        + &text("MaxKeys", &limit.to_string())
        + &page.truncated(request, "NextKeyMarker")
        + &next_id;
    let entries: String = page.entries.iter().map(entry).collect();
    Ok(Reply::document("ListVersionsResult", &(head + &entries + &page.common_prefixes(request))))
}
