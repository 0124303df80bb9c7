//! The signature that a request claims to have: parsed, not yet verified.

use super::request::IncomingRequest;
use crate::domain::percent;
use crate::sign::sigv4;

/// The signature that a request carries.
#[derive(Debug)]
pub(super) enum SignatureClaim {
    /// None at all.
    Anonymous,
    /// COS's own.
    Cos(CosClaim),
    /// AWS Signature Version 4.
    SigV4(SigV4Claim),
    /// AWS Signature Version 2.
    SigV2(SigV2Claim),
    /// Something else.
    Malformed,
}

/// The fields of a COS signature.
#[derive(Debug)]
pub(super) struct CosClaim {
    /// `q-ak`.
    pub(super) id: String,
    /// `q-sign-time`, read.
    pub(super) window: (i64, i64),
    /// `q-key-time`, as sent.
    pub(super) key_time: String,
    /// `q-header-list`, names as sent.
    pub(super) headers: Vec<String>,
    /// `q-url-param-list`, names as sent.
    pub(super) parameters: Vec<String>,
    /// `q-signature`.
    pub(super) signature: String,
}

/// The fields of a `SigV4` signature.
#[derive(Debug)]
pub(super) struct SigV4Claim {
    /// The access key id.
    pub(super) id: String,
    /// `date/region/s3/aws4_request`. The region is not checked: the store does not, either.
    pub(super) scope: String,
    /// `x-amz-date`, as sent.
    pub(super) amz_date: String,
    /// `SignedHeaders`.
    pub(super) headers: Vec<String>,
    /// The signature.
    pub(super) signature: String,
    /// The payload's hash as signed.
    pub(super) payload: String,
    /// `X-Amz-Expires` in seconds, for a presigned URL.
    pub(super) expires: Option<i64>,
}

/// The fields of a `SigV2` signature.
#[derive(Debug)]
pub(super) struct SigV2Claim {
    /// The access key ID.
    pub(super) id: String,
    /// `Expires` in Unix seconds, for a presigned URL.
    pub(super) expires: Option<i64>,
    /// The signature, in Base64.
    pub(super) signature: String,
}

impl SignatureClaim {
    /// Reads the claim out of the headers or the URL.
    pub(super) fn of(request: &IncomingRequest) -> Self {
        if let Some(authorization) = request.headers.get(http::header::AUTHORIZATION) {
            return authorization.to_str().ok().and_then(|text| from_header(text, request)).unwrap_or(Self::Malformed);
        }
        if request.parameter("q-signature").is_some() {
            return cos(&|name| request.parameter(name)).map_or(Self::Malformed, Self::Cos);
        }
        if let Some(sign) = request.parameter("sign").filter(|sign| sign.contains("q-signature=")) {
            return cos(&|name| field(sign, '&', name)).map_or(Self::Malformed, Self::Cos);
        }
        if request.parameter("X-Amz-Signature").is_some() {
            return presigned(request).map_or(Self::Malformed, Self::SigV4);
        }
        if request.has("AWSAccessKeyId") && request.has("Signature") {
            return sigv2_query(request).map_or(Self::Malformed, Self::SigV2);
        }
        Self::Anonymous
    }

    /// Whether the client speaks the S3 dialect.
    pub(super) fn is_s3(&self) -> bool {
        matches!(self, Self::SigV4(_) | Self::SigV2(_))
    }
}

fn from_header(text: &str, request: &IncomingRequest) -> Option<SignatureClaim> {
    if let Some(fields) = text.strip_prefix("AWS4-HMAC-SHA256 ") {
        return sigv4_header(fields, request).map(SignatureClaim::SigV4);
    }
    if let Some((id, signature)) = text.strip_prefix("AWS ").and_then(|fields| fields.rsplit_once(':')) {
        let claim = SigV2Claim { id: id.to_owned(), expires: None, signature: signature.to_owned() };
        return Some(SignatureClaim::SigV2(claim));
    }
    cos(&|name| field(text, '&', name)).map(SignatureClaim::Cos)
}

/// The value of `name=value` in a list. Whitespace after the value belongs to it, as COS has it: a
/// `SecretId` that ends with a space does not exist.
fn field<'a>(text: &'a str, separator: char, name: &str) -> Option<&'a str> {
    text.split(separator).find_map(|part| part.trim_start().strip_prefix(name)?.strip_prefix('='))
}

fn cos<'a>(field: &dyn Fn(&str) -> Option<&'a str>) -> Option<CosClaim> {
    if field("q-sign-algorithm")? != "sha1" {
        return None;
    }
    let (start, end) = field("q-sign-time")?.split_once(';')?;
    Some(CosClaim {
        id: field("q-ak")?.to_owned(),
        window: (start.parse().ok()?, end.parse().ok()?),
        key_time: field("q-key-time")?.to_owned(),
        headers: names(field("q-header-list").unwrap_or_default()),
        parameters: names(field("q-url-param-list").unwrap_or_default()),
        signature: field("q-signature")?.to_owned(),
    })
}

fn sigv4_header(fields: &str, request: &IncomingRequest) -> Option<SigV4Claim> {
    let (id, scope) = field(fields, ',', "Credential")?.split_once('/')?;
    Some(SigV4Claim {
        id: id.to_owned(),
        scope: scope.to_owned(),
        amz_date: request.header("x-amz-date")?.to_owned(),
        headers: names(field(fields, ',', "SignedHeaders")?),
        signature: field(fields, ',', "Signature")?.to_owned(),
        payload: request.header("x-amz-content-sha256").unwrap_or(sigv4::EMPTY_PAYLOAD).to_owned(),
        expires: None,
    })
}

fn presigned(request: &IncomingRequest) -> Option<SigV4Claim> {
    let (id, scope) = request.parameter("X-Amz-Credential")?.split_once('/')?;
    Some(SigV4Claim {
        id: id.to_owned(),
        scope: scope.to_owned(),
        amz_date: request.parameter("X-Amz-Date")?.to_owned(),
        headers: names(request.parameter("X-Amz-SignedHeaders")?),
        signature: request.parameter("X-Amz-Signature")?.to_owned(),
        payload: request.header("x-amz-content-sha256").unwrap_or(sigv4::UNSIGNED_PAYLOAD).to_owned(),
        expires: Some(request.parameter("X-Amz-Expires")?.parse().ok()?),
    })
}

fn sigv2_query(request: &IncomingRequest) -> Option<SigV2Claim> {
    Some(SigV2Claim {
        id: request.parameter("AWSAccessKeyId")?.to_owned(),
        expires: Some(request.parameter("Expires")?.parse().ok()?),
        signature: request.parameter("Signature")?.to_owned(),
    })
}

fn names(list: &str) -> Vec<String> {
    list.split(';')
        .filter(|name| !name.is_empty())
        .map(|name| percent::component(&percent::decode(name)).to_ascii_lowercase())
        .collect()
}
