//! The attributes of an object that a client sets by headers: metadata, storage class, encryption,
//! tags and ACL.

use http::{HeaderName, StatusCode};

use super::buckets::Access;
use super::failure::Failure;
use super::request::IncomingRequest;
use crate::domain::percent;

/// The standard headers that COS keeps with an object.
const KEPT: [&str; 6] =
    ["content-type", "content-encoding", "content-language", "content-disposition", "cache-control", "expires"];

const STORAGE_CLASSES: [&str; 5] = ["STANDARD", "STANDARD_IA", "INTELLIGENT_TIERING", "ARCHIVE", "DEEP_ARCHIVE"];

const ENCRYPTION: &str = "x-cos-server-side-encryption";
const CUSTOMER_KEY_MD5: &str = "x-cos-server-side-encryption-customer-key-md5";

/// What a client said about an object when it wrote it.
#[derive(Clone, Debug)]
pub(super) struct Attributes {
    /// The response headers of a GET, in COS's spelling: content headers, metadata, encryption.
    pub(super) headers: Vec<(String, String)>,
    pub(super) class: &'static str,
    pub(super) tags: Vec<(String, String)>,
    /// The object's own ACL; `None` inherits that of the bucket.
    pub(super) access: Option<Access>,
}

impl Attributes {
    /// The attributes of an object that was put with this type and nothing else.
    pub(super) fn with_type(content_type: &str) -> Self {
        let headers = vec![("content-type".to_owned(), content_type.to_owned())];
        Self { headers, class: STORAGE_CLASSES[0], tags: Vec::new(), access: None }
    }

    /// Reads the attributes out of the headers of a request.
    pub(super) fn of(request: &IncomingRequest) -> Result<Self, Failure> {
        let mut attributes = Self::with_type("application/octet-stream");
        attributes.class = storage_class(request)?.unwrap_or(STORAGE_CLASSES[0]);
        attributes.access = access(request)?;
        if let Some(tagging) = request.cos_header("x-cos-tagging") {
            attributes.tags = percent::query_pairs(&tagging.replace('+', "%20"));
            check_tags(&attributes.tags, 10)?;
        }
        for (name, value) in &request.headers {
            let (Ok(value), name) = (value.to_str(), cos_name(name)) else { continue };
            let is_kept = KEPT.contains(&name.as_str()) || name.starts_with("x-cos-meta-");
            if !is_kept && !is_encryption(&name) {
                continue;
            }
            attributes.headers.retain(|(known, _)| *known != name);
            attributes.headers.push((name, value.to_owned()));
        }
        Ok(attributes)
    }

    /// What the response to a write repeats: how the object is encrypted.
    pub(super) fn encryption(&self) -> impl Iterator<Item = &(String, String)> {
        self.headers.iter().filter(|(name, _)| is_encryption(name))
    }

    pub(super) fn is_archived(&self) -> bool {
        self.class.ends_with("ARCHIVE")
    }

    /// Refuses a request that does not bring the key that the object is encrypted with.
    pub(super) fn check_customer_key(&self, request: &IncomingRequest) -> Result<(), Failure> {
        let own = self.headers.iter().find(|(name, _)| name == CUSTOMER_KEY_MD5).map(|(_, md5)| md5.as_str());
        if own.is_none() || own == request.cos_header(CUSTOMER_KEY_MD5) {
            return Ok(());
        }
        Err(Failure::bad_request(
            "SsecDecryptHeaderInvalid",
            "The object was encrypted with a customer key, and the headers of the request do not match it.",
        ))
    }
}

/// A header's name as COS spells it, whichever dialect the client speaks.
fn cos_name(name: &HeaderName) -> String {
    name.as_str().strip_prefix("x-amz-").map_or_else(|| name.as_str().to_owned(), |rest| format!("x-cos-{rest}"))
}

/// Whether a header names the encryption; the customer's key itself is not kept.
fn is_encryption(name: &str) -> bool {
    name.starts_with(ENCRYPTION) && !name.ends_with("-customer-key")
}

/// The storage class that the request names.
pub(super) fn storage_class(request: &IncomingRequest) -> Result<Option<&'static str>, Failure> {
    let Some(named) = request.cos_header("x-cos-storage-class") else { return Ok(None) };
    if let Some(known) = STORAGE_CLASSES.iter().find(|known| **known == named) {
        return Ok(Some(known));
    }
    let single_zone = named.strip_prefix("MAZ_").is_some_and(|class| STORAGE_CLASSES[..3].contains(&class));
    Err(if single_zone {
        Failure::bad_request(
            "MAZOperationNotSupportOnOAZBucket",
            "The multi-AZ storage class is not supported on a bucket with a single AZ.",
        )
    } else {
        Failure::bad_request("NotSupportedStorageClass", "The storage class you specified is not supported.")
    })
}

/// The canned ACL that the request names; `None` for `default` and for no header.
pub(super) fn access(request: &IncomingRequest) -> Result<Option<Access>, Failure> {
    if let Some(name) = request.headers.keys().map(cos_name).find(|name| name.starts_with("x-cos-grant-")) {
        return Err(Failure::not_implemented(&format!("the header {name}")));
    }
    match request.cos_header("x-cos-acl") {
        None | Some("default") => Ok(None),
        Some("private") => Ok(Some(Access::Private)),
        Some("public-read") => Ok(Some(Access::PublicRead)),
        Some("public-read-write") => Ok(Some(Access::PublicReadWrite)),
        Some("authenticated-read" | "bucket-owner-read" | "bucket-owner-full-control") => {
            Err(Failure::not_implemented("this x-cos-acl"))
        }
        Some(_) => Err(Failure::bad_request("InvalidArgument", "x-cos-acl is not a canned ACL.")),
    }
}

/// Checks the number, the keys and the values of tags.
pub(super) fn check_tags(tags: &[(String, String)], most: usize) -> Result<(), Failure> {
    let invalid = |message| Err(Failure::new(StatusCode::BAD_REQUEST, "InvalidTag", message));
    if tags.len() > most {
        return invalid("The number of tags exceeds the limit.");
    }
    let is_long = |(key, value): &(String, String)| key.chars().count() > 127 || value.chars().count() > 255;
    if tags.iter().any(|tag| tag.0.is_empty() || is_long(tag)) {
        return invalid("The tag key or value is invalid.");
    }
    let is_double = |(at, tag): (usize, &(String, String))| tags[..at].iter().any(|before| before.0 == tag.0);
    if tags.iter().enumerate().any(is_double) {
        return invalid("The tag keys must be unique.");
    }
    Ok(())
}
