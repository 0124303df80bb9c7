//! The sub-resources of a bucket: what is set, and how the store says that something is not.

use super::buckets::{Access, Bucket};
use super::failure::Failure;
use super::reply::Reply;
use super::xml::{parent, text};

/// How each sub-resource reads while it is not set.
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

/// Reads the sub-resource that the query names; `None` when it names none.
pub fn get(bucket: &Bucket, query: &[(String, String)]) -> Option<Result<Reply, Failure>> {
    let (name, unset) = query.iter().find_map(|(given, _)| SUB_RESOURCES.iter().find(|(name, _)| name == given))?;
    Some(match (set(bucket, name), unset) {
        (Some((root, inner)), _) => Ok(Reply::document(root, &inner)),
        (None, Unset::Empty(root)) => Ok(Reply::document(root, "")),
        (None, Unset::NotFound(code, message)) => Err(Failure::not_found(code, *message)),
    })
}

/// Root and content of what is set.
fn set(bucket: &Bucket, name: &str) -> Option<(&'static str, String)> {
    match name {
        "location" => Some(("LocationConstraint", bucket.region.unwrap_or("ap-guangzhou").to_owned())),
        "acl" => Some(("AccessControlPolicy", acl(bucket))),
        "cors" if !bucket.cors.is_empty() => Some(("CORSConfiguration", cors(bucket))),
        "versioning" if bucket.versioned_and_tagged => Some(("VersioningConfiguration", text("Status", "Enabled"))),
        "tagging" if bucket.versioned_and_tagged => {
            let tag = parent("Tag", &(text("Key", "team") + &text("Value", "photos")));
            Some(("Tagging", parent("TagSet", &tag)))
        }
        "referer" if bucket.access == Access::PublicReadWithReferer => {
            let domains = parent("DomainList", &text("Domain", "*.example.com"));
            let rest = text("Status", "Enabled") + &text("RefererType", "White-List");
            Some(("RefererConfiguration", rest + &domains + &text("EmptyReferConfiguration", "Deny")))
        }
        _ => None,
    }
}

/// The owner as the store names accounts, by its root.
pub fn owner(bucket: &Bucket) -> String {
    let id = format!("qcs::cam::uin/1{0}:uin/1{0}", bucket.owner());
    parent("Owner", &(text("ID", &id) + &text("DisplayName", &id)))
}

/// An `AccessControlPolicy`'s content, for a bucket and the objects in it.
pub fn acl(bucket: &Bucket) -> String {
    let id = format!("qcs::cam::uin/1{0}:uin/1{0}", bucket.owner());
    let full = grant("CanonicalUser", &(text("ID", &id) + &text("DisplayName", &id)), "FULL_CONTROL");
    let everybody = text("URI", "http://cam.qcloud.com/groups/global/AllUsers");
    let public = bucket.access != Access::Private;
    let read = if public { grant("Group", &everybody, "READ") } else { String::new() };
    owner(bucket) + &parent("AccessControlList", &(full + &read))
}

fn grant(kind: &str, grantee: &str, permission: &str) -> String {
    let grantee = format!(
        r#"<Grantee xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="{kind}">{grantee}</Grantee>"#
    );
    parent("Grant", &(grantee + &text("Permission", permission)))
}

fn cors(bucket: &Bucket) -> String {
    let rule = |rule: &super::buckets::CorsRule| {
        let methods: String = rule.methods.iter().map(|method| text("AllowedMethod", method)).collect();
        let headers: String = rule.headers.iter().map(|header| text("AllowedHeader", header)).collect();
        let rest = headers + &text("ExposeHeader", rule.expose) + &text("MaxAgeSeconds", "600");
        parent("CORSRule", &(text("AllowedOrigin", rule.origin) + &methods + &rest))
    };
    bucket.cors.iter().map(rule).collect()
}
