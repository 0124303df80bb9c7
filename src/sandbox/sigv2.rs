//! AWS Signature Version 2, which COS still accepts: it covers the method, three headers, the
//! `x-amz-` headers, the path and the sub-resources.

use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha1::Sha1;

use super::request::IncomingRequest;

/// The query parameters that are signed.
const SUB_RESOURCES: [&str; 20] = [
    "acl",
    "cors",
    "delete",
    "lifecycle",
    "location",
    "logging",
    "notification",
    "partNumber",
    "policy",
    "requestPayment",
    "restore",
    "tagging",
    "torrent",
    "uploadId",
    "uploads",
    "versionId",
    "versioning",
    "versions",
    "website",
    "append",
];

/// What the client signed; `expires` stands in the place of the date in a presigned URL.
pub(super) fn string_to_sign(request: &IncomingRequest, expires: Option<i64>) -> String {
    let header = |name| request.header(name).unwrap_or_default();
    let mut amz: Vec<(&str, String)> = Vec::new();
    for name in request.headers.keys().filter(|name| name.as_str().starts_with("x-amz-")) {
        let values: Vec<_> = request.headers.get_all(name).iter().filter_map(|value| value.to_str().ok()).collect();
        amz.push((name.as_str(), values.join(",")));
    }
    amz.sort();
    let date = match expires {
        Some(expires) => expires.to_string(),
        None if amz.iter().any(|(name, _)| *name == "x-amz-date") => String::new(),
        None => header("date").to_owned(),
    };
    let mut text = format!("{}\n{}\n{}\n{date}\n", request.method, header("content-md5"), header("content-type"));
    for (name, value) in amz {
        let _ = writeln!(text, "{name}:{value}");
    }
    // The bucket stands in front of the path wherever the request named it.
    if let (Some(bucket), false) = (&request.address.bucket, request.address.path_style) {
        let _ = write!(text, "/{bucket}");
    }
    text.push_str(&request.sent_path);
    let is_signed = |name: &str| SUB_RESOURCES.contains(&name) || name.starts_with("response-");
    let mut signed: Vec<_> = request.query.iter().filter(|(name, _)| is_signed(name)).collect();
    signed.sort();
    for (at, (name, value)) in signed.into_iter().enumerate() {
        text.push(if at == 0 { '?' } else { '&' });
        text.push_str(name);
        if !value.is_empty() {
            let _ = write!(text, "={value}");
        }
    }
    text
}

pub(super) fn signature(secret_key: &str, string_to_sign: &str) -> String {
    let mut mac = Hmac::<Sha1>::new_from_slice(secret_key.as_bytes()).expect("HMAC takes keys of any length");
    mac.update(string_to_sign.as_bytes());
    BASE64.encode(mac.finalize().into_bytes())
}
