//! Which bucket and key a request is for: both addressing styles, as hosts and paths tell them.

use std::net::{IpAddr, SocketAddr};

use super::failure::Failure;

/// The regions that exist. Hosts of other regions have no address.
pub(super) const REGIONS: [&str; 4] = ["ap-guangzhou", "ap-shanghai", "ap-beijing", "ap-hongkong"];

/// The host suffixes of COS.
pub(super) const SUFFIXES: [&str; 2] = ["myqcloud.com", "tencentcos.cn"];

/// The host that was asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Endpoint {
    /// `service.cos.myqcloud.com`: the whole account.
    Service,
    /// `cos.<region>.myqcloud.com`, with or without a bucket in front.
    Region(String),
    /// The bare address that the sandbox listens on: any region.
    Loopback,
    /// A host that is not a COS host.
    Foreign,
}

/// What a request is addressed to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Address {
    /// The host that was asked.
    pub(super) endpoint: Endpoint,
    /// The bucket with its APPID; `None` asks for the account.
    pub(super) bucket: Option<String>,
    /// The key, decoded; empty asks for the bucket.
    pub(super) key: String,
    /// Whether the bucket stood in the path.
    pub(super) path_style: bool,
}

impl Address {
    /// Reads the address out of a host, with or without a port, and a decoded path.
    pub(super) fn of(host: &str, path: &str) -> Self {
        let (endpoint, bucket) = endpoint(without_port(host));
        let path = path.strip_prefix('/').unwrap_or(path);
        if bucket.is_some() || endpoint == Endpoint::Foreign {
            return Self { endpoint, bucket, key: path.to_owned(), path_style: false };
        }
        let (bucket, key) = path.split_once('/').unwrap_or((path, ""));
        let bucket = (!bucket.is_empty()).then(|| bucket.to_owned());
        Self { endpoint, path_style: bucket.is_some(), bucket, key: key.to_owned() }
    }

    /// Checks what can be checked before any bucket is looked up.
    pub(super) fn check(&self) -> Result<(), Failure> {
        match &self.endpoint {
            Endpoint::Foreign => {
                return Err(Failure::bad_request(
                    "UserCnameInvalid",
                    "The CNAME you specified is not bound to a bucket.",
                ));
            }
            Endpoint::Region(region) if !REGIONS.contains(&region.as_str()) => {
                return Err(Failure::bad_request("InvalidRegionName", "The specified region does not exist."));
            }
            Endpoint::Service if self.bucket.is_some() => {
                return Err(Failure::bad_request("InvalidArgument", "A bucket is not addressed by this host."));
            }
            _ => {}
        }
        if self.key.len() > 850 {
            return Err(Failure::bad_request("KeyTooLong", "Your key is too long."));
        }
        self.bucket.as_deref().map_or(Ok(()), check_bucket_name)
    }
}

fn check_bucket_name(name: &str) -> Result<(), Failure> {
    let allowed = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    if !name.bytes().all(allowed) || name.starts_with('-') || name.ends_with('-') {
        return Err(Failure::bad_request("InvalidBucketName", "The specified bucket is not valid."));
    }
    let appid = name.rsplit_once('-').map_or("", |(_, appid)| appid);
    if appid.len() < 5 || !appid.bytes().all(|b| b.is_ascii_digit()) {
        return Err(Failure::bad_request(
            "InvalidRequest",
            "Missing required header for this request: Appid, Bucket format should be <bucketname>-<appid>",
        ));
    }
    Ok(())
}

/// The endpoint, and the bucket if the host names one.
fn endpoint(host: &str) -> (Endpoint, Option<String>) {
    let lower = host.to_ascii_lowercase();
    if lower == "localhost" || lower.trim_matches(['[', ']']).parse::<IpAddr>().is_ok() {
        return (Endpoint::Loopback, None);
    }
    let Some(length) = SUFFIXES.iter().find_map(|suffix| Some(lower.strip_suffix(suffix)?.strip_suffix('.')?.len()))
    else {
        return (Endpoint::Foreign, None);
    };
    // The bucket keeps its case: an upper-case one is refused by name, not silently found.
    let name = &host[..length];
    if let Some((bucket, region)) = name.rsplit_once(".cos.") {
        return (Endpoint::Region(region.to_ascii_lowercase()), Some(bucket.to_owned()));
    }
    match lower[..name.len()].strip_prefix("cos.") {
        Some(region) => (Endpoint::Region(region.to_owned()), None),
        None if lower.starts_with("service.cos.") => (Endpoint::Service, None),
        None => (Endpoint::Foreign, None),
    }
}

/// A host without its port.
pub(super) fn without_port(host: &str) -> &str {
    if host.parse::<SocketAddr>().is_ok() || !host.starts_with('[') {
        return host.rsplit_once(':').map_or(host, |(name, _)| name);
    }
    host
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(host: &str, path: &str) -> (Option<String>, String, bool) {
        let address = Address::of(host, path);
        (address.bucket, address.key, address.path_style)
    }

    #[test]
    fn both_styles_are_read() {
        let some = |name: &str| Some(name.to_owned());
        let host = "photos-1250000000.cos.ap-guangzhou.myqcloud.com:8080";
        assert_eq!(parts(host, "/a/b"), (some("photos-1250000000"), "a/b".to_owned(), false));
        assert_eq!(parts("127.0.0.1:8080", "/b-1250000000/a/b"), (some("b-1250000000"), "a/b".to_owned(), true));
        assert_eq!(parts("[::1]:8080", "/b-1250000000"), (some("b-1250000000"), String::new(), true));
        assert_eq!(parts("cos.ap-beijing.myqcloud.com", "/b-1250000000/"), (some("b-1250000000"), String::new(), true));
        assert_eq!(parts("cos.ap-beijing.tencentcos.cn", "/"), (None, String::new(), false));
        assert_eq!(Address::of("service.cos.myqcloud.com", "/").endpoint, Endpoint::Service);
        assert_eq!(Address::of("www.example.com", "/k").endpoint, Endpoint::Foreign);
    }

    #[test]
    fn names_are_refused_as_the_store_does() {
        let code =
            |bucket: &str| Address::of("127.0.0.1", &format!("/{bucket}/")).check().err().map(|failure| failure.code);
        assert_eq!(code("photos-1250000000"), None);
        assert_eq!(code("photos"), Some("InvalidRequest"));
        assert_eq!(code("Photos-1250000000"), Some("InvalidBucketName"));
        assert_eq!(code("my_photos-1250000000"), Some("InvalidBucketName"));
        let failure = Address::of("b-1250000000.cos.ap-guangzho.myqcloud.com", "/").check().err();
        assert_eq!(failure.map(|failure| failure.code), Some("InvalidRegionName"));
    }
}
