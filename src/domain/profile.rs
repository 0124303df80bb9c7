//! A profile: a named connection to one store.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use super::credentials::Credentials;
use super::dialect::Dialect;
use super::endpoint::Endpoint;
use super::target::Target;

/// How long each phase of an exchange may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timeouts {
    /// From the start to a usable connection: name, TCP, TLS, proxy tunnel.
    pub connect: Duration,
    /// From the start to the response's head.
    pub response: Duration,
    /// From the start to the last byte of the body.
    pub total: Duration,
}

impl Timeouts {
    /// Limits derived from one overall limit: a connection may take at most ten seconds of it.
    #[must_use]
    pub fn within(total: Duration) -> Self {
        Self { connect: total.min(Duration::from_secs(10)), response: total, total }
    }
}

impl Default for Timeouts {
    fn default() -> Self {
        Self::within(Duration::from_secs(30))
    }
}

/// Where host names lead.
#[derive(Clone, Debug, Default)]
pub enum DnsMode {
    /// The system's resolver.
    #[default]
    System,
    /// One address whatever the host is, like curl's `--connect-to`. Host header, SNI and
    /// signature stay those of the URL.
    Fixed(SocketAddr),
    /// Host suffixes with an address; what matches none does not exist. The sandbox's world.
    /// The longest suffix wins.
    Table(Arc<Vec<(String, SocketAddr)>>),
}

/// A proxy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proxy {
    /// Its URL, userinfo included; never shown with it.
    pub url: String,
    /// Where it was set: an option, a variable, or `proxy` of the profile.
    pub from: &'static str,
}

/// The proxy for each scheme of URL.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Proxies {
    /// For `http` URLs.
    pub http: Option<Proxy>,
    /// For `https` URLs.
    pub https: Option<Proxy>,
}

impl Proxies {
    /// One proxy for everything.
    pub fn all(url: impl Into<String>, from: &'static str) -> Self {
        let proxy = Proxy { url: url.into(), from };
        Self { http: Some(proxy.clone()), https: Some(proxy) }
    }

    /// The URLs of those there are.
    pub fn urls(&self) -> impl Iterator<Item = &str> {
        self.http.iter().chain(&self.https).map(|proxy| proxy.url.as_str())
    }
}

/// How to reach the store, in addition to its name.
#[derive(Clone, Debug, Default)]
pub struct Connection {
    /// Where host names lead.
    pub dns: DnsMode,
    /// The proxies.
    pub proxies: Proxies,
    /// Hosts that bypass the proxy, in the form of `NO_PROXY`.
    pub no_proxy: Option<String>,
    /// Certificates (PEM) trusted in addition to the system's.
    pub ca_pem: Option<Vec<u8>>,
    /// The file that they were read from.
    pub ca_file: Option<PathBuf>,
    /// Accept any certificate. Always said on screen.
    pub insecure: bool,
    /// Limits per phase.
    pub timeouts: Timeouts,
}

/// A named connection to a store.
#[derive(Clone, Debug)]
pub struct Profile {
    /// The profile's name; `env` when made from the environment and flags alone.
    pub name: String,
    /// The dialect.
    pub dialect: Dialect,
    /// The region, such as `ap-guangzhou`, if one is set.
    pub region: Option<String>,
    /// Where requests go.
    pub endpoint: Endpoint,
    /// What signs them; `None` sends them unsigned.
    pub credentials: Option<Arc<Credentials>>,
    /// Unsigned requests were asked for, rather than credentials being absent.
    pub anonymous: bool,
    /// How to get there.
    pub connection: Connection,
    /// A bucket that the credentials are for, to test them with.
    pub bucket: Option<String>,
    /// Buckets of which more than the name is known, by name and by alias.
    pub buckets: Arc<BTreeMap<String, KnownBucket>>,
}

/// A bucket known by name: from a file or from the account's list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownBucket {
    /// Its name, with its APPID for COS.
    pub name: String,
    /// Its region, which wins over the profile's.
    pub region: Option<String>,
}

impl Profile {
    /// The profile and the target with what is known about the target's bucket.
    #[must_use]
    pub fn with_bucket_defaults<'a>(&'a self, target: &'a Target) -> (Cow<'a, Self>, Cow<'a, Target>) {
        let Target::Bucket { bucket, key } = target else { return (Cow::Borrowed(self), Cow::Borrowed(target)) };
        let Some(known) = self.buckets.get(bucket) else { return (Cow::Borrowed(self), Cow::Borrowed(target)) };
        let mut profile = self.clone();
        profile.region = known.region.clone().or(profile.region);
        (Cow::Owned(profile), Cow::Owned(Target::Bucket { bucket: known.name.clone(), key: key.clone() }))
    }

    /// Returns the names of the variables for its credentials.
    #[must_use]
    pub fn credential_variables(&self) -> &'static str {
        match self.dialect {
            Dialect::Cos => "COS_SECRET_ID and COS_SECRET_KEY",
            Dialect::S3 => "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY",
        }
    }
}
