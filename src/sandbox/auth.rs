//! What a request says about who signed it and how: read, not yet believed.

use super::request::IncomingRequest;
use crate::domain::percent;
use crate::sign::sigv4;

/// The signature that a request carries.
#[derive(Debug)]
pub enum SignatureClaim {
    /// None at all.
    Anonymous,
    /// COS's own.
    Cos(CosClaim),
    /// AWS Signature Version 4.
    SigV4(SigV4Claim),
    /// Something that is neither.
    Malformed,
}

/// The fields of a COS signature.
#[derive(Debug)]
pub struct CosClaim {
    /// `q-ak`.
    pub id: String,
    /// `q-sign-time`, read.
    pub window: (i64, i64),
    /// `q-key-time`, as sent.
    pub key_time: String,
    /// `q-header-list`, names as sent.
    pub headers: Vec<String>,
    /// `q-url-param-list`, names as sent.
    pub parameters: Vec<String>,
    /// `q-signature`.
    pub signature: String,
}

/// The fields of a `SigV4` signature.
#[derive(Debug)]
pub struct SigV4Claim {
    /// The access key id.
    pub id: String,
    /// `date/region/s3/aws4_request`. The region is not checked: the store does not, either.
    pub scope: String,
    /// `x-amz-date`, as sent.
    pub amz_date: String,
    /// `SignedHeaders`.
    pub headers: Vec<String>,
    /// The signature.
    pub signature: String,
    /// The payload's hash as signed.
    pub payload: String,
    /// `X-Amz-Expires` in seconds, for a presigned URL.
    pub expires: Option<i64>,
}

impl SignatureClaim {
    /// Reads the claim out of the headers or the URL.
    pub fn of(request: &IncomingRequest) -> Self {
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
        Self::Anonymous
    }

    /// Whether it is written in the S3 dialect.
    pub fn is_sigv4(&self) -> bool {
        matches!(self, Self::SigV4(_))
    }
}

fn from_header(text: &str, request: &IncomingRequest) -> Option<SignatureClaim> {
    match text.strip_prefix("AWS4-HMAC-SHA256 ") {
        Some(fields) => sigv4_header(fields, request).map(SignatureClaim::SigV4),
        None => cos(&|name| field(text, '&', name)).map(SignatureClaim::Cos),
    }
}

/// The value of `name=value` in a list of such.
fn field<'a>(text: &'a str, separator: char, name: &str) -> Option<&'a str> {
    text.split(separator).find_map(|part| part.trim().strip_prefix(name)?.strip_prefix('='))
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

fn names(list: &str) -> Vec<String> {
    list.split(';')
        .filter(|name| !name.is_empty())
        .map(|name| percent::component(&percent::decode(name)).to_ascii_lowercase())
        .collect()
}
