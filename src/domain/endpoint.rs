//! Where a request goes: endpoint templates and the URLs made from them.

use std::fmt;

use serde::Deserialize;
use url::{Position, Url};

use super::dialect::Dialect;
use crate::domain::percent;

/// What the vendor's hosts end with.
pub const DOMAIN: &str = ".myqcloud.com";
/// The same of its second domain, which the SDKs turn to when the first one does not answer.
pub const BACKUP_DOMAIN: &str = ".tencentcos.cn";

/// A host's name without the vendor's domain; `None` of a host that is none of the vendor's.
#[must_use]
pub fn without_domain(host: &str) -> Option<&str> {
    [DOMAIN, BACKUP_DOMAIN].into_iter().find_map(|domain| host.strip_suffix(domain))
}

/// The scheme of a store's own endpoint.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, strum::IntoStaticStr, strum::VariantArray)]
#[serde(rename_all = "lowercase")]
#[strum(serialize_all = "lowercase")]
pub enum Scheme {
    /// With TLS.
    #[default]
    Https,
    /// Without.
    Http,
}

impl Scheme {
    /// As a URL has it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        self.into()
    }

    /// The scheme of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        [Self::Https, Self::Http].into_iter().find(|scheme| scheme.as_str() == name)
    }
}

/// How the bucket is named in a URL.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Addressing {
    /// In the host: `bucket.cos.region.myqcloud.com/key`.
    VirtualHost,
    /// In the path: `host/bucket/key`.
    Path,
}

/// A URL template that may hold `{bucket}` and `{region}`; without `{bucket}` it means path style.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoint {
    template: String,
    service: String,
}

/// Why no URL could be made.
#[derive(Clone, Debug, PartialEq, Eq, strum::EnumCount)]
pub enum EndpointError {
    /// This is not a usable URL.
    InvalidUrl(String),
    /// The template needs a region and none is known.
    NoRegion,
    /// A URL cannot hold the key: a parser would resolve its dots and ask for another object.
    UnsendableKey(String),
    /// The parts do not make a host name.
    InvalidHost {
        /// The bucket as given.
        bucket: String,
        /// The region as given.
        region: String,
    },
}

impl Endpoint {
    /// The store's own endpoint for a dialect; `scheme` is `https` or `http`.
    #[must_use]
    pub fn of(dialect: Dialect, scheme: &str) -> Self {
        let (bucket_host, service_host) = match dialect {
            Dialect::Cos => ("{bucket}.cos.{region}.myqcloud.com", "service.cos.myqcloud.com"),
            Dialect::S3 => ("{bucket}.s3.{region}.amazonaws.com", "s3.{region}.amazonaws.com"),
        };
        Self { template: format!("{scheme}://{bucket_host}"), service: format!("{scheme}://{service_host}") }
    }

    /// Reads an endpoint as a person writes it.
    ///
    /// # Errors
    /// When it is not an `http` or `https` URL, or carries a query, a fragment or userinfo.
    pub fn parse(text: &str) -> Result<Self, EndpointError> {
        let bad = || EndpointError::InvalidUrl(text.to_owned());
        let template = text.trim().trim_end_matches('/');
        let sample = template.replace("{bucket}", "bucket-1250000000").replace("{region}", "ap-guangzhou");
        let url = Url::parse(&sample).map_err(|_| bad())?;
        let plain = url.query().is_none() && url.fragment().is_none() && url.username().is_empty();
        if !matches!(url.scheme(), "http" | "https") || !url.has_host() || !plain || sample.contains(['{', '}']) {
            return Err(bad());
        }
        let service = template.replace("{bucket}.", "").replace("/{bucket}", "");
        Ok(Self { template: template.to_owned(), service })
    }

    /// How buckets are named at this endpoint.
    #[must_use]
    pub fn addressing(&self) -> Addressing {
        if self.template.contains("{bucket}") { Addressing::VirtualHost } else { Addressing::Path }
    }

    /// The URL of a bucket or, with a key, of an object; `query` goes in percent-encoded.
    ///
    /// # Errors
    /// When a region is wanted and missing, or the parts do not make a host.
    pub fn url(
        &self,
        bucket: &str,
        key: Option<&str>,
        region: Option<&str>,
        query: &[(String, String)],
    ) -> Result<Url, EndpointError> {
        if self.template.contains("{region}") && region.is_none() {
            return Err(EndpointError::NoRegion);
        }
        let region = region.unwrap_or_default();
        let no_host = || EndpointError::InvalidHost { bucket: bucket.to_owned(), region: region.to_owned() };
        let in_host = |part: &str| part.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_'));
        if self.addressing() == Addressing::VirtualHost && (bucket.is_empty() || !in_host(bucket)) || !in_host(region) {
            return Err(no_host());
        }
        let mut text = self.template.replace("{bucket}", bucket).replace("{region}", region);
        text.push_str(&match (self.addressing(), key) {
            (Addressing::VirtualHost, key) => percent::path(&format!("/{}", key.unwrap_or_default())),
            (Addressing::Path, None) => percent::path(&format!("/{bucket}")),
            (Addressing::Path, Some(key)) => percent::path(&format!("/{bucket}/{key}")),
        });
        push_query(&mut text, query);
        let url = Url::parse(&text).map_err(|_| no_host())?;
        let asked = key.unwrap_or_default();
        if percent::decoded(url.path()).ends_with(asked) && (asked.is_empty() || url.path().len() > 1) {
            Ok(url)
        } else {
            Err(EndpointError::UnsendableKey(asked.to_owned()))
        }
    }

    /// The URL that lists the account's buckets.
    ///
    /// # Errors
    /// When a region is wanted and missing, or the parts do not make a host.
    pub fn service_url(&self, region: Option<&str>, query: &[(String, String)]) -> Result<Url, EndpointError> {
        if self.service.contains("{region}") && region.is_none() {
            return Err(EndpointError::NoRegion);
        }
        let mut text = self.service.replace("{region}", region.unwrap_or_default());
        text.push('/');
        push_query(&mut text, query);
        Url::parse(&text).map_err(|_| EndpointError::InvalidUrl(self.service.clone()))
    }
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.template)
    }
}

/// The Host header of a URL: the port is named unless it is the scheme's own.
#[must_use]
pub fn host_with_port(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}

fn push_query(text: &mut String, query: &[(String, String)]) {
    let mut separator = '?';
    for (name, value) in query {
        text.push(separator);
        separator = '&';
        text.push_str(&percent::component(name));
        if !value.is_empty() {
            text.push('=');
            text.push_str(&percent::component(value));
        }
    }
}

/// A URL with every byte of path and query in strict percent-encoding, dot segments as they are: what
/// a parser of URLs may not see.
#[must_use]
pub fn written(scheme: &str, host: &str, path: &str, query: &[(String, String)]) -> String {
    let mut text = format!("{scheme}://{host}{}", percent::canonical_path(path));
    push_query(&mut text, query);
    text
}

/// Rebuilds a URL with every byte of path and query in strict percent-encoding, so that what is
/// signed (the decoded text) and what is sent cannot be read in two ways: a `+` becomes `%2B`.
///
/// # Errors
/// Never in practice: the result of encoding is a URL. The error keeps callers free of panics.
pub fn strict(url: &Url) -> Result<Url, EndpointError> {
    // What has nothing to encode is that already.
    let (login, rest) = (&url[Position::BeforeUsername..Position::BeforeHost], &url[Position::AfterPath..]);
    if login.is_empty() && rest.is_empty() && percent::is_plain(url.path()) {
        return Ok(url.clone());
    }
    let bad = || EndpointError::InvalidUrl(url.to_string());
    let origin = url.origin().ascii_serialization();
    let mut text = origin;
    text.push_str(&percent::path(&percent::decode(url.path())));
    push_query(&mut text, &percent::query_pairs(url.query().unwrap_or_default()));
    Url::parse(&text).map_err(|_| bad())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(endpoint: &Endpoint, key: Option<&str>) -> String {
        endpoint.url("photos-1250000000", key, Some("ap-guangzhou"), &[]).expect("a URL").to_string()
    }

    #[test]
    fn urls_of_both_addressing_styles() {
        let cos = Endpoint::of(Dialect::Cos, "https");
        let path = Endpoint::parse("http://127.0.0.1:9000").expect("an endpoint");
        let cases = [
            (url(&cos, None), "https://photos-1250000000.cos.ap-guangzhou.myqcloud.com/"),
            (url(&cos, Some("a b+c")), "https://photos-1250000000.cos.ap-guangzhou.myqcloud.com/a%20b%2Bc"),
            (url(&cos, Some("/a//b")), "https://photos-1250000000.cos.ap-guangzhou.myqcloud.com//a//b"),
            (url(&path, None), "http://127.0.0.1:9000/photos-1250000000"),
            (url(&path, Some("测")), "http://127.0.0.1:9000/photos-1250000000/%E6%B5%8B"),
        ];
        for (made, wanted) in cases {
            assert_eq!(made, wanted);
        }
    }

    #[test]
    fn dot_segments_survive_the_url_parser() {
        let made = url(&Endpoint::of(Dialect::Cos, "https"), Some("a/../b/./c"));
        assert_eq!(percent::decode(made.split(".com").nth(1).expect("a path")), "/a/../b/./c");
    }

    #[test]
    fn what_is_no_endpoint() {
        for text in ["", "cos.ap-guangzhou.myqcloud.com", "ftp://host", "http://", "https://h/?q", "https://{bukket}.h"]
        {
            assert!(Endpoint::parse(text).is_err(), "{text}");
        }
        assert_eq!(Endpoint::of(Dialect::Cos, "https").url("b", None, None, &[]), Err(EndpointError::NoRegion));
        assert!(Endpoint::of(Dialect::Cos, "https").url("a b", None, Some("r"), &[]).is_err());
        for key in [".", ".."] {
            let made = Endpoint::of(Dialect::Cos, "https").url("b", Some(key), Some("r"), &[]);
            assert_eq!(made, Err(EndpointError::UnsendableKey(key.to_owned())));
        }
    }
}
