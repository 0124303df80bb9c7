//! A profile: a named connection to one store.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};

use super::endpoint::Endpoint;
use super::language::{Language, tell};
use super::target::Target;

/// The request and signature dialect spoken to the store.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Dialect {
    /// Tencent Cloud COS: `q-sign-algorithm=sha1` (document 436/7778).
    #[default]
    Cos,
    /// S3-compatible: AWS Signature Version 4.
    S3,
}

impl Dialect {
    /// The name used on the command line and in records.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Cos => "cos",
            Self::S3 => "s3",
        }
    }

    /// The header that carries a temporary credential's session token.
    #[must_use]
    pub fn token_header(self) -> &'static str {
        match self {
            Self::Cos => "x-cos-security-token",
            Self::S3 => "x-amz-security-token",
        }
    }
}

impl FromStr for Dialect {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "cos" => Ok(Self::Cos),
            "s3" => Ok(Self::S3),
            _ => Err(format!("unknown dialect \"{text}\": it is cos or s3")),
        }
    }
}

/// Credentials and where they came from. `Debug` never shows the secrets.
#[derive(Clone, Debug)]
pub struct Credentials {
    /// The `SecretId` (COS) or access key id (S3): a name, not a secret.
    pub id: String,
    /// The `SecretKey` (COS) or secret access key (S3).
    pub key: SecretString,
    /// The session token of a temporary credential.
    pub token: Option<SecretString>,
    /// The variable or file and key that they were read from.
    pub source: String,
}

impl Credentials {
    /// Makes credentials out of plain text, for sources that hold it as such.
    pub fn new(id: impl Into<String>, key: impl Into<String>, source: impl Into<String>) -> Self {
        Self { id: id.into(), key: SecretString::from(key.into()), token: None, source: source.into() }
    }

    /// The same credentials with a session token.
    #[must_use]
    pub fn with_token(mut self, token: impl Into<String>) -> Self {
        self.token = Some(SecretString::from(token.into()));
        self
    }

    /// The secret key in the clear, for signing only.
    #[must_use]
    pub fn expose_key(&self) -> &str {
        self.key.expose_secret()
    }

    /// The session token in the clear, for sending only.
    #[must_use]
    pub fn expose_token(&self) -> Option<&str> {
        self.token.as_ref().map(ExposeSecret::expose_secret)
    }

    /// The id as it may be shown: first and last four characters.
    #[must_use]
    pub fn masked_id(&self) -> String {
        if self.are_swapped() { "…".to_owned() } else { mask_id(&self.id) }
    }

    /// The key is written as an id and the id is not: then what stands as the id is the key.
    #[must_use]
    pub fn are_swapped(&self) -> bool {
        let is_id = |text: &str| ["AKID", "AKIA", "ASIA"].iter().any(|begin| text.trim_start().starts_with(begin));
        is_id(self.expose_key()) && !is_id(&self.id)
    }
}

/// What can be said of credentials without showing them.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "independent facts, each its own")]
pub struct Shape {
    /// The id as it may be shown.
    pub masked_id: String,
    /// Characters of the id.
    pub id_length: usize,
    /// The id begins as COS's ids do.
    pub is_cos_id: bool,
    /// A blank or a line feed is in the id.
    pub blank_in_id: bool,
    /// A blank or a line feed is in the key.
    pub blank_in_key: bool,
    /// The key begins as an id does: the two may be swapped.
    pub key_like_an_id: bool,
    /// A session token comes with them.
    pub has_token: bool,
}

impl Shape {
    /// Whether the id is as long as temporary ones are and permanent ones are not (36 characters;
    /// seen, not documented).
    #[must_use]
    pub fn looks_temporary(&self) -> bool {
        self.is_cos_id && self.id_length > 40
    }
}

impl Credentials {
    /// Their shape.
    #[must_use]
    pub fn shape(&self) -> Shape {
        let has_blank = |text: &str| text.chars().any(|c| c.is_whitespace() || c.is_control());
        Shape {
            masked_id: self.masked_id(),
            id_length: self.id.chars().count(),
            is_cos_id: self.id.trim_start().starts_with("AKID"),
            blank_in_id: has_blank(&self.id),
            blank_in_key: has_blank(self.expose_key()),
            key_like_an_id: self.expose_key().trim_start().starts_with("AKID"),
            has_token: self.token.is_some(),
        }
    }
}

/// An access key id as it may be shown: the first and last four characters, or nothing but dots
/// when it is too short for that to hide anything.
#[must_use]
pub fn mask_id(id: &str) -> String {
    let chars: Vec<char> = id.chars().collect();
    if chars.len() < 12 {
        return "…".to_owned();
    }
    let head: String = chars[..4].iter().collect();
    let tail: String = chars[chars.len() - 4..].iter().collect();
    format!("{head}…{tail}")
}

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
pub enum Names {
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

/// The proxy for each scheme of URL.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Proxies {
    /// For `http` URLs.
    pub http: Option<String>,
    /// For `https` URLs.
    pub https: Option<String>,
}

impl Proxies {
    /// One proxy for everything.
    pub fn all(url: impl Into<String>) -> Self {
        let url = url.into();
        Self { http: Some(url.clone()), https: Some(url) }
    }

    /// Those there are.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.http.iter().chain(&self.https).map(String::as_str)
    }
}

/// How to reach the store, beside its name.
#[derive(Clone, Debug, Default)]
pub struct Connection {
    /// Where host names lead.
    pub names: Names,
    /// The proxies' URLs, userinfo included; never shown with it.
    pub proxies: Proxies,
    /// Hosts that bypass the proxy, in the form of `NO_PROXY`.
    pub no_proxy: Option<String>,
    /// Certificates (PEM) trusted beside the system's.
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

/// A bucket that somebody has named before: in a file, or in the account's list.
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
    pub fn knowing<'a>(&'a self, target: &'a Target) -> (Cow<'a, Self>, Cow<'a, Target>) {
        let Target::Bucket { bucket, key } = target else { return (Cow::Borrowed(self), Cow::Borrowed(target)) };
        let Some(known) = self.buckets.get(bucket) else { return (Cow::Borrowed(self), Cow::Borrowed(target)) };
        let mut profile = self.clone();
        profile.region = known.region.clone().or(profile.region);
        (Cow::Owned(profile), Cow::Owned(Target::Bucket { bucket: known.name.clone(), key: key.clone() }))
    }

    /// The variables that would hold its credentials.
    #[must_use]
    pub fn wanted_variables(&self) -> &'static str {
        match self.dialect {
            Dialect::Cos => "COS_SECRET_ID and COS_SECRET_KEY",
            Dialect::S3 => "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY",
        }
    }

    /// The credentials' masked id and source, or that there are none, in one phrase.
    #[must_use]
    pub fn credentials_in_words(&self, language: Language) -> Cow<'static, str> {
        match &self.credentials {
            Some(credentials) => {
                let (id, source) = (credentials.masked_id(), &credentials.source);
                tell!(language, "%{id} from %{source}", id = id, source = source)
            }
            None if self.anonymous => tell!(language, "anonymous"),
            None => tell!(language, "no credentials"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_and_mask_hide_the_key() {
        let credentials = Credentials::new("AKIDTESTTESTTEST", "FAKEsecretFAKEsecret", "test").with_token("FAKEtoken");
        let shown = format!("{credentials:?}");
        assert!(!shown.contains("FAKEsecret") && !shown.contains("FAKEtoken"), "{shown}");
        assert_eq!(credentials.masked_id(), "AKID…TEST");
        assert_eq!(mask_id("AKIDshort"), "…");
        let swapped = Credentials::new("FAKEsecretFAKEsecret", "AKIDTESTTESTTEST", "test");
        assert!(swapped.are_swapped() && !credentials.are_swapped());
        assert_eq!(swapped.masked_id(), "…", "what stands as the id is the key");
    }
}
