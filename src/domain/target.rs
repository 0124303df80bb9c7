//! What a person points at: a bucket, an object, or a full URL.

use std::fmt;

use jiff::Timestamp;
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use url::Url;

use super::suggest::nearest;
use crate::domain::{endpoint, percent, site};

/// A parsed TARGET.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// The account itself (`cos://`): operations on the service.
    Service,
    /// `BUCKET`, or `BUCKET/KEY`.
    Bucket {
        /// The bucket, with its APPID for COS.
        bucket: String,
        /// The key, decoded, without the slash that parts it from the bucket.
        key: Option<String>,
    },
    /// A full URL.
    Url {
        /// The URL, its dot segments guarded; see [`read`].
        url: Url,
        /// Its validity if it carries a signature of its own.
        presigned: Option<Presigned>,
    },
}

/// A presigned URL, and what it says about its own validity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Presigned {
    /// The URL byte for byte, but for what no request line can carry.
    pub given: String,
    /// First moment, where the URL says it.
    pub start: Option<Timestamp>,
    /// Last moment, where the URL says it.
    pub end: Option<Timestamp>,
}

/// Why a TARGET could not be read.
#[derive(Clone, Debug, PartialEq, Eq, strum::EnumCount)]
pub enum TargetError {
    /// It has none of the forms of a target.
    Form(String),
    /// It begins with another scheme than `cos`, `s3`, `http` and `https`.
    Scheme {
        /// The target as given.
        text: String,
        /// The scheme.
        scheme: String,
        /// The known scheme that is nearest to it.
        nearest: Option<&'static str>,
    },
    /// It is a URL that cannot be asked for.
    Url {
        /// The target as given.
        text: String,
        /// What is wrong with it.
        error: UrlError,
    },
    /// The URL holds a user name or password. It is not repeated.
    UserInfo,
}

/// What is wrong with a URL.
#[derive(Clone, Copy, Debug, PartialEq, Eq, strum::EnumCount)]
pub enum UrlError {
    /// The host is missing.
    NoHost,
    /// The port is not a number below 65536.
    Port,
    /// Anything else that its parser objects to.
    Syntax,
    /// Its path cannot be kept from being resolved.
    Dots,
}

impl From<url::ParseError> for UrlError {
    fn from(error: url::ParseError) -> Self {
        match error {
            url::ParseError::EmptyHost => Self::NoHost,
            url::ParseError::InvalidPort => Self::Port,
            _ => Self::Syntax,
        }
    }
}

impl Target {
    /// Reads `BUCKET[/KEY]`, `cos://BUCKET[/KEY]`, `s3://BUCKET[/KEY]` or a full URL.
    ///
    /// # Errors
    /// When it is none of these, with what would be.
    pub fn parse(text: &str) -> Result<Self, TargetError> {
        let form = || TargetError::Form(text.to_owned());
        if let Some((scheme, rest)) = text.split_once("://") {
            return match scheme.to_ascii_lowercase().as_str() {
                "cos" | "s3" if rest.is_empty() => Ok(Self::Service),
                "cos" | "s3" => Self::bucket_and_key(rest).ok_or_else(form),
                "http" | "https" => Self::url(text),
                _ => Err(TargetError::Scheme {
                    text: text.to_owned(),
                    scheme: scheme.to_owned(),
                    nearest: nearest(scheme, ["cos", "s3", "http", "https"]),
                }),
            };
        }
        Self::bucket_and_key(text).ok_or_else(form)
    }

    fn bucket_and_key(text: &str) -> Option<Self> {
        let (bucket, key) = text.split_once('/').map_or((text, None), |(bucket, key)| (bucket, Some(key)));
        let in_a_host = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
        let is_name = !bucket.is_empty() && bucket.chars().all(in_a_host);
        let key = key.filter(|key| !key.is_empty()).map(str::to_owned);
        is_name.then(|| Self::Bucket { bucket: bucket.to_owned(), key })
    }

    fn url(text: &str) -> Result<Self, TargetError> {
        let url = read(text).map_err(|error| TargetError::Url { text: text.to_owned(), error })?;
        if !url.username().is_empty() || url.password().is_some() {
            return Err(TargetError::UserInfo);
        }
        let presigned = presigned(&url).map(|presigned| Presigned { given: sendable(text), ..presigned });
        Ok(Self::Url { url, presigned })
    }
}

/// A URL in its parts as it is written, before a parser resolves dots and folds letters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Written<'a> {
    /// In front of `://`.
    pub scheme: &'a str,
    /// Host and port, without what stands before an `@`.
    pub host: &'a str,
    /// From the first `/` on; empty where there is none.
    pub path: &'a str,
    /// Behind the `?`.
    pub query: Option<&'a str>,
}

/// Takes a URL apart. The fragment is not part of a request.
#[must_use]
pub fn written(url: &str) -> Option<Written<'_>> {
    let (scheme, rest) = url.trim().split_once("://")?;
    let rest = rest.split('#').next().unwrap_or_default();
    let (before, query) = rest.split_once('?').map_or((rest, None), |(before, query)| (before, Some(query)));
    let (host, path) = before.split_at(before.find('/').unwrap_or(before.len()));
    let host = host.rsplit('@').next().unwrap_or_default();
    let port = if scheme.eq_ignore_ascii_case("https") { ":443" } else { ":80" };
    Some(Written { scheme, host: host.strip_suffix(port).unwrap_or(host), path, query })
}

/// Reads a URL so that it names what was written: a path with dot segments would mean another object
/// to a parser of URLs. In the result they are guarded, as [`percent::path`] does it.
///
/// # Errors
/// When it is not a URL, or its path cannot be kept from being resolved.
pub fn read(text: &str) -> Result<Url, UrlError> {
    let given = Url::parse(text)?;
    let Some(Written { scheme, path, query, .. }) = written(text).filter(|written| percent::has_dots(written.path))
    else {
        let mut url = given;
        url.set_fragment(None);
        return Ok(url);
    };
    let authority = given.authority();
    let path = percent::guarded_path(&path.replace('\\', "%5C"));
    let query = query.map(|query| format!("?{query}")).unwrap_or_default();
    let url = Url::parse(&format!("{scheme}://{authority}{path}{query}"))?;
    if percent::decode(url.path()) == percent::decode(&path) { Ok(url) } else { Err(UrlError::Dots) }
}

/// A URL as it is given, without its fragment. What no request line can carry is percent-encoded.
fn sendable(text: &str) -> String {
    const UNSENDABLE: &AsciiSet = &CONTROLS.add(b' ').add(b'"').add(b'<').add(b'>').add(b'`');
    let one_line: String = text.trim().chars().filter(|c| !matches!(c, '\t' | '\n' | '\r')).collect();
    let sent = one_line.split('#').next().unwrap_or_default();
    utf8_percent_encode(sent, UNSENDABLE).to_string()
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Service => f.write_str("cos://"),
            Self::Bucket { bucket, key: None } => f.write_str(bucket),
            Self::Bucket { bucket, key: Some(key) } => write!(f, "{bucket}/{key}"),
            Self::Url { presigned: Some(presigned), .. } => f.write_str(&presigned.given),
            Self::Url { url, .. } => write!(f, "{url}"),
        }
    }
}

/// Reads the validity out of a presigned URL's parameters: COS `q-sign-time` (also inside the
/// older `sign=`), or `X-Amz-Date` with `X-Amz-Expires`. `None` when the URL is not presigned.
#[must_use]
pub fn presigned(url: &Url) -> Option<Presigned> {
    let mut pairs = percent::query_pairs(url.query()?);
    if let Some((_, inner)) = pairs.iter().find(|(name, value)| name == "sign" && value.contains("q-signature=")) {
        pairs.extend(percent::query_pairs(&inner.clone()));
    }
    let value = |wanted: &str| {
        pairs.iter().find(|(name, _)| name.eq_ignore_ascii_case(wanted)).map(|(_, value)| value.as_str())
    };
    if value("q-signature").is_some() {
        // However unreadable the rest is: a URL that carries a signature is not ours to sign.
        let (start, end) = value("q-sign-time").and_then(|window| window.split_once(';')).unwrap_or_default();
        let at = |text: &str| text.parse().ok().and_then(|seconds| Timestamp::from_second(seconds).ok());
        return Some(Presigned { given: url.to_string(), start: at(start), end: at(end) });
    }
    let by_id = ["AWSAccessKeyId", "OSSAccessKeyId", "GoogleAccessId"].iter().any(|name| value(name).is_some());
    if by_id && value("Signature").is_some() {
        // The older S3 form, which other vendors still use: Expires is the Unix second it ends at.
        let end = value("Expires").and_then(|text| Timestamp::from_second(text.parse().ok()?).ok());
        return Some(Presigned { given: url.to_string(), start: None, end });
    }
    value("X-Amz-Signature")?;
    let start = value("X-Amz-Date").and_then(amz_date);
    let seconds: Option<i64> = value("X-Amz-Expires").and_then(|text| text.parse().ok());
    let end = start
        .zip(seconds)
        .and_then(|(start, seconds)| Timestamp::from_second(start.as_second().checked_add(seconds)?).ok());
    Some(Presigned { given: url.to_string(), start, end })
}

/// Whether a URL carries a signature, be it hidden by now.
#[must_use]
pub fn is_presigned(url: &Url) -> bool {
    let older = || percent::query_pairs(url.query().unwrap_or_default()).iter().any(|(name, _)| name == "sign");
    presigned(url).is_some() || older()
}

/// Host and port of a URL, as written; empty when it has none.
#[must_use]
pub fn host_of(url: &str) -> &str {
    let rest = url.split_once("://").map_or("", |(_, rest)| rest);
    let end = rest.bytes().position(|byte| matches!(byte, b'/' | b'?' | b'#'));
    let authority = &rest[..end.unwrap_or(rest.len())];
    authority.rsplit('@').next().unwrap_or_default()
}

/// Whether a URL carries a session token, signed or not.
#[must_use]
pub fn carries_a_token(url: &Url) -> bool {
    let pairs = percent::query_pairs(url.query().unwrap_or_default());
    pairs.iter().any(|(name, _)| name.to_ascii_lowercase().ends_with("security-token"))
}

/// Reads a `20231114T221320Z`.
#[must_use]
pub fn amz_date(text: &str) -> Option<Timestamp> {
    let civil = jiff::civil::DateTime::strptime("%Y%m%dT%H%M%SZ", text).ok()?;
    Some(civil.to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp())
}

/// What a URL says about bucket, region and key.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Parts {
    /// The bucket: in front of a store's host, else the first segment of the path.
    pub bucket: Option<String>,
    /// The region, of a store's host.
    pub region: Option<String>,
    /// The key, decoded.
    pub key: Option<String>,
    /// The path of the bucket itself.
    pub bucket_path: String,
}

/// Reads the parts of a URL. A host that does not name the bucket is taken for a path-style one.
#[must_use]
pub fn parts_of(url: &Url) -> Parts {
    let host = url.host_str().unwrap_or_default();
    let path = percent::decode(url.path());
    let path = path.strip_prefix('/').unwrap_or(&path);
    let named = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let name = endpoint::without_domain(host);
    if let Some((bucket, region)) = name.and_then(|name| name.split_once(".cos.")) {
        return Parts { bucket: named(bucket), region: named(region), key: named(path), bucket_path: "/".to_owned() };
    }
    let site = site::of_host(host).unwrap_or_default();
    if site.bucket.is_some() {
        return Parts { bucket: site.bucket, region: site.region, key: named(path), bucket_path: "/".to_owned() };
    }
    let (bucket, key) = path.split_once('/').unwrap_or((path, ""));
    let region = name.and_then(|name| name.strip_prefix("cos.")).and_then(named).or(site.region);
    Parts { bucket: named(bucket), region, key: named(key), bucket_path: format!("/{}", percent::path(bucket)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bucket(name: &str, key: Option<&str>) -> Target {
        Target::Bucket { bucket: name.to_owned(), key: key.map(str::to_owned) }
    }

    #[test]
    fn every_form_is_read() {
        for (text, wanted) in [
            ("photos-1250000000", bucket("photos-1250000000", None)),
            ("photos-1250000000/", bucket("photos-1250000000", None)),
            ("photos-1250000000/a b/测.txt", bucket("photos-1250000000", Some("a b/测.txt"))),
            ("cos://photos-1250000000//lead", bucket("photos-1250000000", Some("/lead"))),
            ("s3://data/k", bucket("data", Some("k"))),
            ("cos://", Target::Service),
        ] {
            assert_eq!(Target::parse(text), Ok(wanted), "{text}");
        }
        assert!(matches!(Target::parse("https://host/x"), Ok(Target::Url { presigned: None, .. })));
    }

    #[test]
    fn an_invalid_target_gets_its_reason() {
        let url = |text: &str, error| TargetError::Url { text: text.to_owned(), error };
        for text in ["", "/key", "two words"] {
            assert_eq!(Target::parse(text), Err(TargetError::Form(text.to_owned())));
        }
        assert_eq!(Target::parse("https://"), Err(url("https://", UrlError::NoHost)));
        assert_eq!(Target::parse("https://h:99999/"), Err(url("https://h:99999/", UrlError::Port)));
        assert_eq!(Target::parse("https://u:p@h/"), Err(TargetError::UserInfo));
        let scheme = TargetError::Scheme { text: "co://b".into(), scheme: "co".into(), nearest: Some("cos") };
        assert_eq!(Target::parse("co://b"), Err(scheme));
    }

    #[test]
    fn a_presigned_url_tells_its_window() {
        let at = |seconds| Timestamp::from_second(seconds).ok();
        for (text, start, end) in [
            ("https://h/k?q-sign-time=1700000000;1700003600&q-signature=00", at(1_700_000_000), at(1_700_003_600)),
            (
                "https://h/k?sign=q-sign-time%3D1700000000%3B1700003600%26q-signature%3D00",
                at(1_700_000_000),
                at(1_700_003_600),
            ),
            (
                "https://h/k?X-Amz-Date=20231114T221320Z&X-Amz-Expires=60&X-Amz-Signature=00",
                at(1_700_000_000),
                at(1_700_000_060),
            ),
            (
                "https://h/k?X-Amz-Expires=9223372036854775807&X-Amz-Date=20231114T221320Z&X-Amz-Signature=0",
                at(1_700_000_000),
                None,
            ),
        ] {
            let Ok(Target::Url { presigned, .. }) = Target::parse(text) else { panic!("{text}") };
            assert_eq!(presigned, Some(Presigned { given: text.to_owned(), start, end }), "{text}");
        }
    }

    #[test]
    fn cos_hosts_tell_bucket_and_region() {
        let url = Url::parse("https://photos-1250000000.cos.ap-guangzhou.myqcloud.com/a%20b").expect("a URL");
        let text = |parts: &Parts| {
            [parts.bucket.clone(), parts.region.clone(), parts.key.clone()].map(Option::unwrap_or_default)
        };
        assert_eq!(text(&parts_of(&url)), ["photos-1250000000", "ap-guangzhou", "a b"]);
        let url = Url::parse("http://127.0.0.1:9000/data/2024/a").expect("a URL");
        assert_eq!(text(&parts_of(&url)), ["data", "", "2024/a"]);
        assert_eq!(parts_of(&url).bucket_path, "/data");
    }
}
