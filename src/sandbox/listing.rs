//! The lists: buckets of an account, objects, versions and uploads of a bucket.

use std::collections::{BTreeMap, BTreeSet};

use super::account::Principal;
use super::address::Endpoint;
use super::buckets::{BUCKETS, Bucket, VERSION_ID};
use super::counters::State;
use super::failure::Failure;
use super::objects::Object;
use super::reply::Reply;
use super::request::IncomingRequest;
use super::sub_resources;
use super::xml::{parent, text};
use crate::domain::percent;

/// GET Service. A regional host lists the buckets of its region.
pub fn buckets(request: &IncomingRequest, principal: Principal) -> Result<Reply, Failure> {
    let appid = match principal {
        Principal::Account(appid) => appid,
        Principal::Anonymous => {
            return Err(Failure::denied("Check auth failure because signature empty.", request.now));
        }
        Principal::SubUser => return Err(Failure::access_denied(request.now)),
    };
    let here = |bucket: &&Bucket| match &request.address.endpoint {
        Endpoint::Region(region) => bucket.region.is_none_or(|own| own == region),
        _ => true,
    };
    let entry = |bucket: &Bucket| {
        let location = text("Location", bucket.region.unwrap_or("ap-guangzhou"));
        let created = text("CreationDate", bucket.created);
        parent("Bucket", &(text("Name", bucket.name) + &location + &created + &text("BucketType", "cos")))
    };
    let own: String = BUCKETS.iter().filter(|bucket| bucket.belongs_to(appid)).filter(here).map(entry).collect();
    let id = format!("qcs::cam::uin/1{appid}:uin/1{appid}");
    let owner = parent("Owner", &(text("ID", &id) + &text("DisplayName", &format!("1{appid}"))));
    Ok(Reply::document("ListAllMyBucketsResult", &(owner + &parent("Buckets", &own))))
}

/// One page of keys, and of what the delimiter rolls up.
struct Page {
    objects: Vec<(String, Object)>,
    prefixes: BTreeSet<String>,
    next: Option<String>,
}

/// GET Bucket.
pub fn objects(state: &State, bucket: &Bucket, request: &IncomingRequest) -> Result<Reply, Failure> {
    let limit = limit(request, "max-keys")?;
    let page = page(state, bucket, request, limit);
    let name = |key: &str| in_encoding(request, key);
    let entry = |(key, object): &(String, Object)| {
        let facts = text("LastModified", &iso(object)) + &text("ETag", &object.etag);
        let rest = text("Size", &object.body.len().to_string())
            + &sub_resources::owner(bucket)
            + &text("StorageClass", class(object));
        parent("Contents", &(text("Key", &name(key)) + &facts + &rest))
    };
    let contents: String = page.objects.iter().map(entry).collect();
    let rolled_up = |prefix: &String| parent("CommonPrefixes", &text("Prefix", &name(prefix)));
    let prefixes: String = page.prefixes.iter().map(rolled_up).collect();
    let marker = page.next.as_ref().map(|next| text("NextMarker", &name(next))).unwrap_or_default();
    let echoed = echoed(request, &[("Prefix", "prefix"), ("Marker", "marker"), ("Delimiter", "delimiter")]);
    let head = text("Name", bucket.name) + &encoding(request) + &echoed + &text("MaxKeys", &limit.to_string());
    let truncated = text("IsTruncated", if page.next.is_some() { "true" } else { "false" });
    Ok(Reply::document("ListBucketResult", &(head + &truncated + &marker + &contents + &prefixes)))
}

fn page(state: &State, bucket: &Bucket, request: &IncomingRequest, limit: usize) -> Page {
    let prefix = request.parameter("prefix").unwrap_or_default();
    let marker = request.parameter("marker").unwrap_or_default();
    let delimiter = request.parameter("delimiter").filter(|delimiter| !delimiter.is_empty());
    let mut page = Page { objects: Vec::new(), prefixes: BTreeSet::new(), next: None };
    let mut last = String::new();
    for (key, object) in state.objects.list(bucket) {
        let Some(rest) = key.strip_prefix(prefix) else { continue };
        let rolled_up = delimiter
            .and_then(|delimiter| Some(rest.find(delimiter)? + delimiter.len()))
            .map(|length| key[..prefix.len() + length].to_owned());
        let name = rolled_up.clone().unwrap_or_else(|| key.clone());
        if !marker.is_empty() && name.as_str() <= marker || page.prefixes.contains(&name) {
            continue;
        }
        if page.objects.len() + page.prefixes.len() == limit {
            page.next = (limit > 0).then_some(last);
            return page;
        }
        last.clone_from(&name);
        match rolled_up {
            Some(prefix) => {
                page.prefixes.insert(prefix);
            }
            None => page.objects.push((key, object)),
        }
    }
    page
}

/// GET Bucket Object versions: one version each, and the delete markers there are from the start.
pub fn versions(state: &State, bucket: &Bucket, request: &IncomingRequest) -> Result<Reply, Failure> {
    let limit = limit(request, "max-keys")?;
    let name = |key: &str| text("Key", &in_encoding(request, key));
    let id = text("VersionId", VERSION_ID) + &text("IsLatest", "true");
    let version = |(key, object): (String, Object)| {
        let facts = text("LastModified", &iso(&object)) + &text("ETag", &object.etag);
        let size = text("Size", &object.body.len().to_string()) + &text("StorageClass", class(&object));
        let entry = parent("Version", &(name(&key) + &id + &facts + &size + &sub_resources::owner(bucket)));
        (key, entry)
    };
    let mut entries: BTreeMap<String, String> = state.objects.list(bucket).into_iter().map(version).collect();
    for seed in bucket.seeds.iter().filter(|seed| seed.deleted) {
        let marker = || parent("DeleteMarker", &(name(seed.key) + &id + &sub_resources::owner(bucket)));
        entries.entry(seed.key.to_owned()).or_insert_with(marker);
    }
    let prefix = request.parameter("prefix").unwrap_or_default();
    let marker = request.parameter("key-marker").unwrap_or_default();
    entries.retain(|key, _| key.starts_with(prefix) && (marker.is_empty() || key.as_str() > marker));
    let next = (limit > 0 && entries.len() > limit).then(|| entries.keys().nth(limit - 1)).flatten();
    let next = next.map(|key| text("NextKeyMarker", &in_encoding(request, key)));
    let truncated = text("IsTruncated", if next.is_some() { "true" } else { "false" });
    let echoed = echoed(request, &[("Prefix", "prefix"), ("KeyMarker", "key-marker")]);
    let head = text("Name", bucket.name) + &encoding(request) + &echoed + &text("MaxKeys", &limit.to_string());
    let page: String = entries.into_values().take(limit).collect();
    Ok(Reply::document("ListVersionsResult", &(head + &truncated + &next.unwrap_or_default() + &page)))
}

/// List Multipart Uploads.
pub fn uploads(state: &State, bucket: &Bucket, request: &IncomingRequest) -> Result<Reply, Failure> {
    let limit = limit(request, "max-uploads")?;
    let entry = |(id, key): (String, String)| {
        parent("Upload", &(text("Key", &in_encoding(request, &key)) + &text("UploadId", &id)))
    };
    let uploads: String = state.uploads.list(bucket.name).into_iter().take(limit).map(entry).collect();
    let head = text("Bucket", bucket.name) + &text("MaxUploads", &limit.to_string()) + &text("IsTruncated", "false");
    Ok(Reply::document("ListMultipartUploadsResult", &(head + &uploads)))
}

fn limit(request: &IncomingRequest, name: &str) -> Result<usize, Failure> {
    let Some(given) = request.parameter(name).filter(|given| !given.is_empty()) else { return Ok(1000) };
    given
        .parse()
        .ok()
        .filter(|limit| *limit <= 1000)
        .ok_or_else(|| Failure::bad_request("InvalidArgument", format!("{name} is not in the range 0 to 1000.")))
}

fn echoed(request: &IncomingRequest, names: &[(&str, &str)]) -> String {
    names
        .iter()
        .map(|(element, name)| text(element, &in_encoding(request, request.parameter(name).unwrap_or_default())))
        .collect()
}

/// Says that keys are encoded, without which S3 SDKs would take the encoded ones for the keys.
fn encoding(request: &IncomingRequest) -> String {
    if request.parameter("encoding-type") == Some("url") { text("EncodingType", "url") } else { String::new() }
}

fn class(object: &Object) -> &'static str {
    if object.archived { "ARCHIVE" } else { "STANDARD" }
}

/// A key, percent-encoded where the client asked for that.
fn in_encoding(request: &IncomingRequest, key: &str) -> String {
    if request.parameter("encoding-type") == Some("url") { percent::canonical_path(key) } else { key.to_owned() }
}

fn iso(object: &Object) -> String {
    object.modified.strftime("%Y-%m-%dT%H:%M:%S.000Z").to_string()
}
