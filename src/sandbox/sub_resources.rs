//! The sub-resources of buckets and objects: reading all of them, and writing ACL, tags and
//! versioning.

use http::StatusCode;

use super::account::{account_name, owner};
use super::attributes::{access, check_tags};
use super::buckets::{Access, Bucket, Buckets, CorsRule, Versioning};
use super::failure::Failure;
use super::get;
use super::objects::Objects;
use super::reply::Reply;
use super::request::IncomingRequest;
use super::xml::{parent, records, text};

/// How COS answers for a sub-resource that is not configured.
enum Unset {
    /// 404 with this code and message.
    NotFound(&'static str, &'static str),
    /// 200 with an empty element of this name.
    Empty(&'static str),
}

const SUB_RESOURCES: &[(&str, Unset)] = &[
    ("location", Unset::Empty("LocationConstraint")),
    ("acl", Unset::Empty("AccessControlPolicy")),
    ("policy", Unset::NotFound("NoSuchBucketPolicy", "The specified bucket does not have a bucket policy.")),
    ("cors", Unset::NotFound("NoSuchCORSConfiguration", "The CORS configuration does not exist.")),
    ("lifecycle", Unset::NotFound("NoSuchLifecycleConfiguration", "The lifecycle configuration does not exist.")),
    ("versioning", Unset::Empty("VersioningConfiguration")),
    ("tagging", Unset::NotFound("NoSuchTagSet", "The TagSet does not exist.")),
    (
        "website",
        Unset::NotFound("NoSuchWebsiteConfiguration", "The specified bucket does not have a website configuration."),
    ),
    ("logging", Unset::Empty("BucketLoggingStatus")),
    ("referer", Unset::NotFound("NoSuchRefererConfiguration", "The referer configuration does not exist.")),
    (
        "encryption",
        Unset::NotFound("NoSuchEncryptionConfiguration", "The bucket encryption configuration does not exist."),
    ),
    (
        "replication",
        Unset::NotFound("ReplicationConfigurationNotFoundError", "The replication configuration was not found."),
    ),
    (
        "inventory",
        Unset::NotFound("InventoryConfigurationNotFoundError", "The inventory configuration does not exist."),
    ),
    (
        "intelligenttiering",
        Unset::NotFound(
            "NoSuchIntelligentTieringConfiguration",
            "The intelligent tiering configuration does not exist.",
        ),
    ),
    ("object-lock", Unset::NotFound("NoSuchObjectLockConfiguration", "The object lock configuration does not exist.")),
    ("domain", Unset::NotFound("NoSuchDomainConfiguration", "The domain configuration does not exist.")),
    ("accelerate", Unset::Empty("AccelerateConfiguration")),
    ("origin", Unset::NotFound("OriginConfigurationNotFoundError", "The origin configuration does not exist.")),
];

/// Whether a bucket has a sub-resource of this name.
pub(super) fn exists(name: &str) -> bool {
    SUB_RESOURCES.iter().any(|(known, _)| *known == name)
}

/// Reads a sub-resource of a bucket; `None` when there is none of this name.
pub(super) fn get(bucket: &Bucket, name: &str) -> Option<Result<Reply, Failure>> {
    let (_, unset) = SUB_RESOURCES.iter().find(|(known, _)| *known == name)?;
    Some(match (configured(bucket, name), unset) {
        (Some((root, inner)), _) => Ok(Reply::document(root, &inner)),
        (None, Unset::Empty(root)) => Ok(Reply::document(root, "")),
        (None, Unset::NotFound(code, message)) => Err(Failure::not_found(code, *message)),
    })
}

/// Root and content of a sub-resource that is configured.
fn configured(bucket: &Bucket, name: &str) -> Option<(&'static str, String)> {
    match name {
        "location" => Some(("LocationConstraint", bucket.region.unwrap_or("ap-guangzhou").to_owned())),
        "acl" => Some(("AccessControlPolicy", acl(bucket, bucket.access))),
        "cors" if !bucket.cors.is_empty() => Some(("CORSConfiguration", bucket.cors.iter().map(cors_rule).collect())),
        "versioning" if bucket.versioning == Versioning::Enabled => {
            Some(("VersioningConfiguration", text("Status", "Enabled")))
        }
        "versioning" if bucket.versioning == Versioning::Suspended => {
            Some(("VersioningConfiguration", text("Status", "Suspended")))
        }
        "tagging" if !bucket.tags.is_empty() => Some(("Tagging", tag_set(&bucket.tags))),
        "referer" if bucket.has_referer_rule => {
            let domains = parent("DomainList", &text("Domain", "*.example.com"));
            let rest = text("Status", "Enabled") + &text("RefererType", "White-List");
            Some(("RefererConfiguration", rest + &domains + &text("EmptyReferConfiguration", "Deny")))
        }
        _ => None,
    }
}

/// Writes a sub-resource of a bucket.
pub(super) fn put(buckets: &Buckets, bucket: &Bucket, name: &str, request: &IncomingRequest) -> Result<Reply, Failure> {
    match name {
        "acl" => {
            let access = given_access(bucket, request)?.unwrap_or(Access::Private);
            buckets.change(&bucket.name, |bucket| bucket.access = access);
            Ok(Reply::empty(StatusCode::OK))
        }
        "tagging" => {
            let tags = given_tags(request, 50)?;
            buckets.change(&bucket.name, |bucket| bucket.tags = tags);
            Ok(Reply::empty(StatusCode::NO_CONTENT))
        }
        "versioning" => {
            let given = records("VersioningConfiguration", &request.body).unwrap_or_default();
            let versioning = match given.first().and_then(|given| given.get("Status")) {
                Some("Enabled") => Versioning::Enabled,
                Some("Suspended") => Versioning::Suspended,
                _ => return Err(Failure::malformed_xml()),
            };
            buckets.change(&bucket.name, |bucket| bucket.versioning = versioning);
            Ok(Reply::empty(StatusCode::OK))
        }
        _ => Err(Failure::not_implemented(&format!("PUT ?{name}"))),
    }
}

/// Deletes a sub-resource of a bucket.
pub(super) fn delete(buckets: &Buckets, bucket: &Bucket, name: &str) -> Result<Reply, Failure> {
    match name {
        "tagging" => {
            buckets.change(&bucket.name, |bucket| bucket.tags.clear());
            Ok(Reply::empty(StatusCode::NO_CONTENT))
        }
        "acl" | "versioning" | "location" => Err(Failure::method_not_allowed()),
        _ => Err(Failure::not_implemented(&format!("DELETE ?{name}"))),
    }
}

/// GET and PUT Object acl.
pub(super) fn object_acl(objects: &Objects, bucket: &Bucket, request: &IncomingRequest) -> Result<Reply, Failure> {
    let (version, object) = get::find(objects, bucket, request)?;
    match request.method.as_str() {
        "GET" => {
            let access = object.attributes.access.unwrap_or(bucket.access);
            Ok(Reply::document("AccessControlPolicy", &acl(bucket, access)))
        }
        "PUT" => {
            let access = given_access(bucket, request)?;
            let key = &request.address.key;
            objects.change(&bucket.name, key, &version, |object| object.attributes.access = access);
            Ok(Reply::empty(StatusCode::OK))
        }
        _ => Err(Failure::method_not_allowed()),
    }
}

/// GET, PUT and DELETE Object tagging.
pub(super) fn object_tagging(objects: &Objects, bucket: &Bucket, request: &IncomingRequest) -> Result<Reply, Failure> {
    let (version, object) = get::find(objects, bucket, request)?;
    let (status, tags) = match request.method.as_str() {
        "GET" if object.attributes.tags.is_empty() => {
            return Err(Failure::not_found("NoSuchTagSet", "The TagSet does not exist."));
        }
        "GET" => return Ok(Reply::document("Tagging", &tag_set(&object.attributes.tags))),
        "PUT" => (StatusCode::OK, given_tags(request, 10)?),
        "DELETE" => (StatusCode::NO_CONTENT, Vec::new()),
        _ => return Err(Failure::method_not_allowed()),
    };
    objects.change(&bucket.name, &request.address.key, &version, |object| object.attributes.tags = tags);
    Ok(Reply::empty(status))
}

/// The access that a PUT ?acl asks for, by a header or by a document.
fn given_access(bucket: &Bucket, request: &IncomingRequest) -> Result<Option<Access>, Failure> {
    if request.body.is_empty() {
        if request.cos_header("x-cos-acl").is_none() {
            // Grants by header are refused as such, and only then is the body missed.
            access(request)?;
            return Err(Failure::bad_request("MissingRequestBodyError", "Request body is empty."));
        }
        return access(request);
    }
    let grants = records("Grant", &request.body).ok_or_else(Failure::malformed_xml)?;
    let owner = account_name(bucket.owner());
    let (mut reads, mut writes) = (false, false);
    for grant in grants {
        let is_public = grant.get("URI").is_some_and(|uri| uri.ends_with("/global/AllUsers"));
        match (is_public, grant.get("ID"), grant.get("Permission")) {
            (true, _, Some("READ")) => reads = true,
            (true, _, Some("WRITE")) => writes = true,
            (false, Some(id), Some("FULL_CONTROL")) if id == owner => {}
            _ => return Err(Failure::not_implemented("this grant")),
        }
    }
    match (reads, writes) {
        (false, false) => Ok(Some(Access::Private)),
        (true, false) => Ok(Some(Access::PublicRead)),
        (true, true) => Ok(Some(Access::PublicReadWrite)),
        (false, true) => Err(Failure::not_implemented("a grant to write without one to read")),
    }
}

/// The tags in the document of a PUT ?tagging.
fn given_tags(request: &IncomingRequest, most: usize) -> Result<Vec<(String, String)>, Failure> {
    let tags = records("Tag", &request.body).ok_or_else(Failure::malformed_xml)?;
    let tag = |tag: &super::xml::Leaves| Some((tag.get("Key")?.to_owned(), tag.get("Value")?.to_owned()));
    let tags: Vec<_> = tags.iter().map(tag).collect::<Option<_>>().ok_or_else(Failure::malformed_xml)?;
    check_tags(&tags, most)?;
    Ok(tags)
}

fn tag_set(tags: &[(String, String)]) -> String {
    let tag = |(key, value): &(String, String)| parent("Tag", &(text("Key", key) + &text("Value", value)));
    parent("TagSet", &tags.iter().map(tag).collect::<String>())
}

/// The content of an `AccessControlPolicy`.
fn acl(bucket: &Bucket, access: Access) -> String {
    let name = account_name(bucket.owner());
    let everybody = text("URI", "http://cam.qcloud.com/groups/global/AllUsers");
    let mut grants = grant("CanonicalUser", &(text("ID", &name) + &text("DisplayName", &name)), "FULL_CONTROL");
    if access != Access::Private {
        grants += &grant("Group", &everybody, "READ");
    }
    if access == Access::PublicReadWrite {
        grants += &grant("Group", &everybody, "WRITE");
    }
    owner(bucket.owner()) + &parent("AccessControlList", &grants)
}

fn grant(kind: &str, grantee: &str, permission: &str) -> String {
    let grantee = format!(
        r#"<Grantee xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="{kind}">{grantee}</Grantee>"#
    );
    parent("Grant", &(grantee + &text("Permission", permission)))
}

fn cors_rule(rule: &CorsRule) -> String {
    let methods: String = rule.methods.iter().map(|method| text("AllowedMethod", method)).collect();
    let headers: String = rule.headers.iter().map(|header| text("AllowedHeader", header)).collect();
    let rest = headers + &text("ExposeHeader", rule.expose) + &text("MaxAgeSeconds", "600");
    parent("CORSRule", &(text("AllowedOrigin", rule.origin) + &methods + &rest))
}
