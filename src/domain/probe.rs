//! A probe: one operation to be run once against one target, with all it takes to send it.

mod replay;

use std::borrow::Cow;
use std::sync::Arc;

use url::{Position, Url};

use super::credentials::{CredentialTraits, Credentials};
use super::dialect::Dialect;
use super::endpoint::{self, EndpointError};
use super::exchange::Headers;
use super::operation::{Answer, Operation, Scope, by_request};
use super::profile::Profile;
use super::target::{self, Target};
use crate::domain::percent;

/// Headers of a recorded request that say what is asked for; the others belong to the connection or the signature.
pub const ASKING: &[&str] = &[
    "range",
    "origin",
    "referer",
    "access-control-request-method",
    "access-control-request-headers",
    "if-match",
    "if-none-match",
    "if-modified-since",
    "if-unmodified-since",
];

/// How a probe is authenticated.
#[derive(Clone, Debug)]
pub enum Auth {
    /// Not at all.
    Anonymous,
    /// By what it carries already: a presigned URL, or an `Authorization` header given by hand. It is
    /// sent untouched.
    Carried,
    /// By a signature made when it is sent.
    Sign(Arc<Credentials>),
}

/// One planned request.
#[derive(Clone, Debug)]
pub struct Probe {
    /// Its place in the plan, from 1.
    pub id: u32,
    /// The profile's name, for the record.
    pub profile: Arc<str>,
    /// The dialect it is signed in.
    pub dialect: Dialect,
    /// The region it is signed for and recorded with.
    pub region: Option<String>,
    /// The operation's name, or `request` for a method and URL given by hand.
    pub operation: String,
    /// The HTTP method.
    pub method: String,
    /// The URL, percent-encoded, its dot segments guarded.
    pub url: Url,
    /// A presigned URL byte for byte: it is sent so while the request carries its own signature.
    pub given: Option<String>,
    /// The bucket, as far as known.
    pub bucket: Option<String>,
    /// The key, decoded, as far as known.
    pub key: Option<String>,
    /// Headers in addition to those of the signature, names in lower case.
    pub headers: Headers,
    /// The request's body.
    pub body: Vec<u8>,
    /// How it is authenticated.
    pub auth: Auth,
    /// The profile's credentials, for checks that sign where this request does not.
    pub identity: Option<Arc<Credentials>>,
    /// What a 2xx answer's body is.
    pub answer: Answer,
    /// A 404 on this sub-resource means "not configured".
    pub is_sub_resource: bool,
    /// Seconds by which this machine's clock is off, as far as signing and the record go. Zero but in
    /// the sandbox's scenarios.
    pub clock_offset: i64,
}

/// What every probe of a plan gets in addition to its operation.
#[derive(Clone, Debug, Default)]
pub struct RequestOptions {
    /// Headers given by hand, names in lower case.
    pub headers: Headers,
    /// The `Origin` of a preflight.
    pub origin: Option<String>,
    /// Makes the key that the suite `write` puts one of its own: the caller's clock and process.
    pub unique: String,
}

impl RequestOptions {
    /// Whether a preflight can be asked for.
    #[must_use]
    pub fn has_origin(&self) -> bool {
        self.origin.is_some() || self.headers.iter().any(|(name, _)| name == "origin")
    }
}

/// Why a probe could not be planned.
#[derive(Clone, Debug, PartialEq, Eq, strum::EnumCount)]
pub enum ProbeError {
    /// No URL could be made.
    Endpoint(EndpointError),
    /// The target lacks what the operation works on.
    Scope {
        /// The operation.
        operation: &'static str,
        /// What it works on.
        scope: Scope,
        /// The target as given.
        target: String,
    },
    /// A preflight without an origin asks nothing.
    NoOrigin,
    /// A presigned URL allows one request: its own.
    Presigned,
    /// `--request` was not a method and a path.
    InvalidRequest(String),
    /// `--request` would change something.
    Writes(String),
    /// A recorded request would change something.
    ReplayWrites(String),
    /// A recorded request is of another dialect than the profile.
    ReplayDialect {
        /// The record's dialect.
        recorded: Dialect,
        /// The profile.
        profile: String,
        /// The profile's dialect.
        own: Dialect,
    },
    /// A recorded URL carried a signature, which is not kept.
    ReplaySignature,
    /// A recorded URL is cut or damaged.
    ReplayUrl,
}

impl From<EndpointError> for ProbeError {
    fn from(error: EndpointError) -> Self {
        Self::Endpoint(error)
    }
}

/// The region that COS is asked in is the one in the host, whatever else says another. Acceleration is
/// none: the bucket's own is in the profile.
fn region_asked(profile: &Profile, url: &Url) -> Option<String> {
    let in_host = || target::parts_of(url).region.filter(|region| region != "accelerate");
    let in_host = if profile.dialect == Dialect::Cos { in_host() } else { None };
    in_host.or_else(|| profile.region.clone())
}

impl Probe {
    /// Plans an operation on a target.
    ///
    /// # Errors
    /// When the target lacks what the operation works on, or no URL can be made of the parts.
    pub fn of(
        operation: &'static Operation,
        target: &Target,
        profile: &Profile,
        extras: &RequestOptions,
    ) -> Result<Self, ProbeError> {
        let lacks = |scope| ProbeError::Scope { operation: operation.name, scope, target: target.to_string() };
        let query: Vec<_> =
            operation.query.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let region = profile.region.as_deref();
        let mut asked = Cow::Borrowed(profile);
        let (url, bucket, key) = match (operation.scope, target) {
            (Scope::Service, _) => (profile.endpoint.service_url(region, &query)?, None, None),
            (Scope::Bucket, Target::Bucket { bucket, .. }) => {
                (profile.endpoint.url(bucket, None, region, &query)?, Some(bucket.clone()), None)
            }
            (Scope::Object, Target::Bucket { bucket, key: Some(key) }) => {
                (profile.endpoint.url(bucket, Some(key), region, &query)?, Some(bucket.clone()), Some(key.clone()))
            }
            (scope, Target::Url { url, .. }) => {
                let parts = target::parts_of(url);
                if parts.region.is_some() {
                    asked.to_mut().region = parts.region;
                }
                let mut at = url.clone();
                // What is asked about stays the same version of the object.
                let version = percent::query_pairs(url.query().unwrap_or_default())
                    .into_iter()
                    .filter(|(name, _)| name == "versionId");
                let kept = version.filter(|_| scope == Scope::Object);
                if scope == Scope::Bucket {
                    at.set_path(&parts.bucket_path);
                }
                let pairs = query.iter().cloned().chain(kept).map(|(name, value)| match value.as_str() {
                    "" => percent::component(&name),
                    value => format!("{}={}", percent::component(&name), percent::component(value)),
                });
                let joined = pairs.collect::<Vec<_>>().join("&");
                at.set_query(Some(joined.as_str()).filter(|text| !text.is_empty()));
                (at, parts.bucket, parts.key.filter(|_| scope == Scope::Object))
            }
            (scope, _) => return Err(lacks(scope)),
        };
        let own = operation.headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        let mut headers: Headers = own.collect();
        if operation.name == "options-object" {
            let by_hand = extras.headers.iter().find(|(name, _)| name == "origin").map(|(_, value)| value.clone());
            let origin = by_hand.or(extras.origin.clone()).ok_or(ProbeError::NoOrigin)?;
            headers.insert(0, ("origin".to_owned(), origin));
        }
        headers.retain(|(name, _)| !extras.headers.iter().any(|(given, _)| given == name));
        headers.extend(extras.headers.iter().cloned());
        // A URL lower-cases its host; the store should see the bucket as it was typed.
        let host = bucket.as_deref().filter(|bucket| bucket.contains(|c: char| c.is_ascii_uppercase()));
        if let Some(bucket) = host {
            let sent = endpoint::host_with_port(&url);
            let as_typed = sent.strip_prefix(&bucket.to_ascii_lowercase()).map(|rest| format!("{bucket}{rest}"));
            headers.extend(
                as_typed
                    .filter(|_| !extras.headers.iter().any(|(name, _)| name == "host"))
                    .map(|host| ("host".to_owned(), host)),
            );
        }
        let mut probe = Self::bare(&asked, operation.name, operation.method, endpoint::strict(&url)?, headers);
        (probe.bucket, probe.key) = (bucket, key);
        (probe.answer, probe.is_sub_resource) = (operation.answer, operation.is_sub_resource);
        if operation.method == "OPTIONS" {
            probe.auth = Auth::Anonymous;
        }
        if operation.name == "put-object" {
            probe.body = b"cosdiag write probe\n".to_vec();
        }
        Ok(probe)
    }

    /// Plans a GET of a full URL: signed by the profile, or as it is when it carries a signature.
    ///
    /// # Errors
    /// Never in practice; see [`endpoint::strict`].
    pub fn of_url(url: &Url, presigned: bool, profile: &Profile, extras: &RequestOptions) -> Result<Self, ProbeError> {
        let sent = if presigned { url.clone() } else { endpoint::strict(url)? };
        let mut probe = Self::bare(profile, "get-url", "GET", sent, extras.headers.clone());
        let parts = target::parts_of(url);
        probe.region = parts.region.or(probe.region);
        (probe.bucket, probe.key) = (parts.bucket, parts.key);
        probe.expect_as(url.query().unwrap_or_default());
        if presigned {
            probe.auth = Auth::Carried;
        }
        Ok(probe)
    }

    /// Plans a method and path given by hand, below a target.
    ///
    /// # Errors
    /// When it is not a method and path, or the method could change something.
    pub fn of_request(
        line: &str,
        target: &Target,
        profile: &Profile,
        extras: &RequestOptions,
    ) -> Result<Self, ProbeError> {
        let invalid = || ProbeError::InvalidRequest(line.to_owned());
        let (method, path) = line.trim().split_once(char::is_whitespace).ok_or_else(invalid)?;
        let (method, path) = (method.to_ascii_uppercase(), path.trim());
        if !path.starts_with('/') || !method.bytes().all(|b| b.is_ascii_alphabetic()) {
            return Err(invalid());
        }
        if !matches!(method.as_str(), "GET" | "HEAD" | "OPTIONS") {
            return Err(ProbeError::Writes(method));
        }
        let base = match target {
            Target::Service => profile.endpoint.service_url(profile.region.as_deref(), &[])?,
            Target::Bucket { bucket, .. } => profile.endpoint.url(bucket, None, profile.region.as_deref(), &[])?,
            Target::Url { url, .. } => url.clone(),
        };
        let (path, query) = path.split_once('?').unwrap_or((path, ""));
        let key = percent::decode(path.trim_start_matches('/'));
        let mut parts = target::parts_of(&base);
        let base_path = match target {
            Target::Url { .. } => parts.bucket_path.trim_end_matches('/').to_owned(),
            Target::Service | Target::Bucket { .. } => base.path().trim_end_matches('/').to_owned(),
        };
        let mut url = base.clone();
        let wanted = percent::path(&format!("{}{}", percent::decode(&base_path), percent::decode(path)));
        url.set_path(&wanted);
        if percent::decode(url.path()) != percent::decode(&wanted) {
            return Err(EndpointError::UnsendableKey(key).into());
        }
        url.set_query(Some(query).filter(|query| !query.is_empty()));
        let mut probe = Self::bare(profile, "request", &method, endpoint::strict(&url)?, extras.headers.clone());
        if let Target::Bucket { bucket, .. } = target {
            parts.bucket = Some(bucket.clone());
        }
        probe.region = parts.region.or(probe.region);
        probe.bucket = parts.bucket;
        probe.key = (!key.is_empty()).then_some(key);
        probe.expect_as(query);
        Ok(probe)
    }

    /// Sets what a 2xx answer's body is, and whether a 404 may mean "not configured", by what the
    /// method and the sub-resource amount to. Other parameters leave an object an object.
    fn expect_as(&mut self, query: &str) {
        let scope = if self.key.is_some() { Scope::Object } else { Scope::Bucket };
        let known = by_request(&self.method, scope, &percent::query_pairs(query));
        self.is_sub_resource = known.is_some_and(|operation| operation.is_sub_resource);
        self.answer = match (known, scope) {
            (Some(operation), _) => operation.answer,
            (None, Scope::Object) => Answer::Content,
            (None, _) => Answer::Document(&[]),
        };
    }

    fn bare(profile: &Profile, operation: &str, method: &str, url: Url, headers: Headers) -> Self {
        let auth = match &profile.credentials {
            _ if headers.iter().any(|(name, _)| name == "authorization") => Auth::Carried,
            Some(credentials) => Auth::Sign(Arc::clone(credentials)),
            None => Auth::Anonymous,
        };
        Self {
            id: 0,
            profile: Arc::from(profile.name.as_str()),
            dialect: profile.dialect,
            region: region_asked(profile, &url),
            operation: operation.to_owned(),
            method: method.to_owned(),
            url,
            given: None,
            bucket: None,
            key: None,
            headers,
            body: Vec::new(),
            auth,
            identity: profile.credentials.clone(),
            answer: Answer::Document(&[]),
            is_sub_resource: false,
            clock_offset: 0,
        }
    }

    /// The same for another key, where it has one. Both keys are such that no URL changes a byte of them.
    #[must_use]
    pub fn with_key(&self, key: &str) -> Option<Self> {
        let mut probe = self.clone();
        if let Some(own) = &self.key {
            let path = [self.url.path().strip_suffix(own.as_str())?, key].concat();
            probe.url.set_path(&path);
            key.clone_into(probe.key.get_or_insert_default());
        }
        Some(probe)
    }

    /// Describes the credentials that sign this probe; `None` where nothing is signed.
    #[must_use]
    pub fn credential_traits(&self) -> Option<CredentialTraits> {
        match &self.auth {
            Auth::Sign(credentials) => Some(credentials.traits()),
            Auth::Anonymous | Auth::Carried => None,
        }
    }

    /// The URL as it is sent: of this its parser would make another.
    #[must_use]
    pub fn sent_url(&self) -> String {
        if let (Some(given), Auth::Carried) = (&self.given, &self.auth) {
            return given.clone();
        }
        let origin = [self.url.scheme(), "://", &self.url[Position::BeforeHost..Position::AfterPort]];
        let mut text = String::with_capacity(self.url.as_str().len());
        text.extend(origin);
        text.push_str(&percent::sent_path(self.url.path()));
        if let Some(query) = self.url.query() {
            text.extend(["?", query]);
        }
        text
    }

    /// The GET that tells a failed HEAD's Code and Message: the first byte of an object, one key
    /// of a bucket. `None` for any other method, and where the signature is fixed to HEAD.
    #[must_use]
    pub fn get_twin(&self) -> Option<Self> {
        if self.method != "HEAD" || matches!(self.auth, Auth::Carried) {
            return None;
        }
        let mut twin = self.clone();
        "GET".clone_into(&mut twin.method);
        if self.key.is_some() {
            twin.headers.retain(|(name, _)| name != "range");
            twin.headers.push(("range".to_owned(), "bytes=0-0".to_owned()));
            twin.answer = Answer::Content;
        } else {
            twin.answer = Answer::Document(&[]);
            if twin.url.query().is_none() {
                twin.url.set_query(Some("max-keys=1"));
            }
        }
        Some(twin)
    }
}
