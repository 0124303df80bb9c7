//! What a failure comes to: a cause, how sure that is, the evidence, and what to do. Data: `text::verdict` puts it
//! into words.

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;
use strum::EnumIter;

use super::cause::{Cause, Owner};
use super::check::Check;
use super::fact::Evidence;
use super::signed_element::SignedElement;

/// How sure a verdict is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Confidence {
    /// It fits, and so do others.
    Possible,
    /// It fits best; something else is not ruled out.
    Likely,
    /// The evidence rules everything else out.
    Certain,
}

/// What a response names that was not asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, EnumIter)]
#[serde(rename_all = "kebab-case")]
pub enum Named {
    /// Another host.
    #[default]
    Host,
    /// Another bucket.
    Bucket,
    /// A bucket, and none was asked for.
    SomeBucket,
    /// Another key.
    Key,
    /// The endpoint's own path, which the store read as the bucket.
    EndpointPath,
    /// The bucket's host, or what follows it, which a server took for the bucket that knows no bucket hosts.
    BucketHost,
    /// The bucket stands in the endpoint, and once more behind it.
    BucketTwice,
    /// A key where a bucket was asked for.
    AnyKey,
}

/// What a verdict says: a sentence, and what to do.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, EnumIter)]
#[serde(tag = "summaryId", content = "summaryValues", rename_all = "kebab-case", rename_all_fields = "camelCase")]
pub enum Statement {
    /// The words of a record that an earlier version wrote.
    Told {
        /// The sentence.
        summary: String,
        /// What to do.
        fix: Vec<String>,
    },
    /// The cause's own words.
    #[default]
    Cause,
    /// The clocks are this number of seconds apart, positive when the store's is ahead.
    ClocksDiffer {
        /// Seconds by which the store's clock is ahead.
        seconds: i64,
    },
    /// The bucket is in this region.
    FoundIn {
        /// The region, spelled as a region is: it becomes part of a command.
        region: String,
    },
    /// A cache answered with what it had kept of another request.
    KeptByCache,
    /// The response names something else than the request.
    OtherName {
        /// What.
        what: Named,
        /// The name in the response.
        named: String,
        /// The name that was asked for.
        asked: String,
    },
    /// The client found no credentials at all.
    NoCredentials,
    /// A mini program may call listed hosts only, and this one is not listed.
    HostNotListed,
    /// The server answered for the whole account.
    WholeAccount,
    /// Another request arrived than was sent.
    OtherRequest,
    /// The document is not what the operation returns.
    OtherDocument {
        /// The operation.
        operation: String,
    },
    /// Something on the way removes the signature.
    SignatureRemoved,
    /// The certificate is not made for servers.
    CertificateNotForServers,
}

/// A cause, how sure, why, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "StoredVerdict")]
pub struct Verdict {
    /// The cause.
    pub cause: Cause,
    /// How sure.
    pub confidence: Confidence,
    /// What it says.
    #[serde(flatten)]
    pub statement: Statement,
    /// What it rests on.
    pub evidence: Vec<Evidence>,
    /// Whether sending the same again can help by itself.
    pub retry: bool,
    /// Who has to act.
    pub owner: Owner,
}

/// A verdict as any version wrote it: in words, in data, or in both.
#[derive(Deserialize)]
struct StoredVerdict {
    cause: Cause,
    confidence: Confidence,
    #[serde(default)]
    summary: String,
    #[serde(default)]
    fix: Vec<String>,
    #[serde(flatten)]
    statement: Option<Statement>,
    #[serde(default)]
    evidence: Vec<Evidence>,
    retry: bool,
    owner: Owner,
}

impl From<StoredVerdict> for Verdict {
    fn from(stored: StoredVerdict) -> Self {
        let StoredVerdict { cause, confidence, summary, fix, statement, evidence, retry, owner } = stored;
        let statement = statement.unwrap_or(Statement::Told { summary, fix });
        Self { cause, confidence, statement, evidence, retry, owner }
    }
}

/// The text that the store signed next to the text signed here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", from = "StoredComparison")]
pub struct Comparison {
    /// The texts that are compared, as the store calls its own: `FormatString`, `CanonicalRequest` or
    /// `StringToSign`.
    pub text: String,
    /// The store's text.
    pub store: String,
    /// Ours.
    pub here: String,
    /// The line of the first difference, from 1; `None` when the texts are equal.
    pub line: Option<usize>,
    /// The first differing byte of that line, from 1.
    pub byte: Option<usize>,
    /// What differs.
    #[serde(flatten)]
    pub element: SignedElement,
}

/// A comparison as any version wrote it.
#[derive(Deserialize)]
struct StoredComparison {
    text: String,
    store: String,
    here: String,
    line: Option<usize>,
    byte: Option<usize>,
    #[serde(default)]
    element: String,
    #[serde(default)]
    usual: String,
    #[serde(flatten)]
    data: Option<SignedElement>,
}

impl From<StoredComparison> for Comparison {
    fn from(stored: StoredComparison) -> Self {
        let StoredComparison { text, store, here, line, byte, element, usual, data } = stored;
        Self { text, store, here, line, byte, element: data.unwrap_or(SignedElement::Told(element, usual)) }
    }
}

/// The first verdict as it was before the checks, where they changed it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "StoredFormer")]
pub struct Former {
    /// The cause.
    pub cause: Cause,
    /// How sure.
    pub confidence: Confidence,
    /// What it said.
    #[serde(flatten)]
    pub statement: Statement,
}

/// A former verdict as any version wrote it.
#[derive(Deserialize)]
struct StoredFormer {
    cause: Cause,
    confidence: Confidence,
    #[serde(default)]
    summary: String,
    #[serde(flatten)]
    statement: Option<Statement>,
}

impl From<StoredFormer> for Former {
    fn from(StoredFormer { cause, confidence, summary, statement }: StoredFormer) -> Self {
        let statement = statement.unwrap_or(Statement::Told { summary, fix: Vec::new() });
        Self { cause, confidence, statement }
    }
}

impl Former {
    /// What a verdict comes to.
    #[must_use]
    pub fn of(verdict: &Verdict) -> Self {
        let Verdict { cause, confidence, statement, .. } = verdict;
        Self { cause: *cause, confidence: *confidence, statement: statement.clone() }
    }

    /// The diagnosis comes to something else now.
    #[must_use]
    pub fn is_another(&self, diagnosis: &Diagnosis) -> bool {
        diagnosis.verdicts.first().map(Self::of).as_ref() != Some(self)
    }
}

/// A CORS request held against the bucket's rules.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cors {
    /// The page's origin.
    pub origin: String,
    /// The method that it wants to use.
    pub method: String,
    /// The request headers that it wants to send.
    pub headers: Vec<String>,
    /// The rules in their order: the first that fits decides.
    pub rules: Vec<CorsRule>,
}

/// One rule, and which of its parts fit.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(clippy::struct_excessive_bools, reason = "one for each part of a rule")]
pub struct CorsRule {
    /// Origins, each with at most one `*`.
    pub origins: Vec<String>,
    /// Methods.
    pub methods: Vec<String>,
    /// Request headers, each with at most one `*`.
    pub headers: Vec<String>,
    /// Response headers that a page may read.
    pub exposed: Vec<String>,
    /// The origin fits.
    pub origin_fits: bool,
    /// The method fits.
    pub method_fits: bool,
    /// Every request header fits.
    pub headers_fit: bool,
    /// A page may read the RequestId.
    pub exposes_id: bool,
}

impl CorsRule {
    /// The rule lets the request through, if none before it does.
    #[must_use]
    pub fn fits(&self) -> bool {
        self.origin_fits && self.method_fits && self.headers_fit
    }
}

/// Who needs a permission, as far as that can be known.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, EnumIter)]
#[serde(tag = "principalId", content = "principalValues", rename_all = "kebab-case", rename_all_fields = "camelCase")]
pub enum Principal {
    /// The words of a record that an earlier version wrote.
    Told(String),
    /// The request's `SecretId` is not known here.
    #[default]
    Unknown,
    /// The owner of a permanent `SecretId`.
    User {
        /// The `SecretId` as it may be shown.
        secret_id: String,
    },
    /// The user or role that a temporary `SecretId` was made for.
    Temporary {
        /// The `SecretId` as it may be shown.
        secret_id: String,
    },
}

/// What a denied request needs to be allowed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", from = "StoredPermission")]
pub struct Permission {
    /// The CAM action, such as `name/cos:GetBucket`.
    pub action: String,
    /// The resource, with the owner's APPID: `qcs::cos:<region>:uid/<appid>:<bucket>/<key>`.
    pub resource: String,
    /// Whom it must be given to.
    #[serde(flatten)]
    pub principal: Principal,
    /// The APPID of the bucket's owner, where that is another account: its policy must allow it too.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub other_account: Option<String>,
}

impl Permission {
    /// The smallest policy that allows it, as JSON (document 436/30580).
    #[must_use]
    pub fn policy(&self) -> String {
        let statement = PolicyStatement { effect: "allow", action: [&self.action], resource: [&self.resource] };
        // Texts only: it cannot fail.
        serde_json::to_string_pretty(&Policy { version: "2.0", statement: [statement] }).unwrap_or_default()
    }
}

#[derive(Serialize)]
struct Policy<'a> {
    version: &'static str,
    statement: [PolicyStatement<'a>; 1],
}

#[derive(Serialize)]
struct PolicyStatement<'a> {
    effect: &'static str,
    action: [&'a str; 1],
    resource: [&'a str; 1],
}

/// A permission as any version wrote it.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct StoredPermission {
    action: String,
    resource: String,
    #[serde(default)]
    principal: String,
    #[serde(flatten)]
    data: Option<Principal>,
    other_account: Option<String>,
}

impl From<StoredPermission> for Permission {
    fn from(stored: StoredPermission) -> Self {
        let StoredPermission { action, resource, principal, data, other_account } = stored;
        Self { action, resource, principal: data.unwrap_or(Principal::Told(principal)), other_account }
    }
}

/// What a failure comes to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Diagnosis {
    /// The causes, the best first.
    #[serde(deserialize_with = "known")]
    pub verdicts: Vec<Verdict>,
    /// The extra requests that were made to tell them apart.
    #[serde(deserialize_with = "known")]
    pub checks: Vec<Check>,
    /// On a signature that does not match: the store's text next to ours.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signature: Option<Comparison>,
    /// On a denied permission: what would allow it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub permission: Option<Permission>,
    /// What the checks changed: the first verdict before them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub was: Option<Former>,
    /// On a CORS request whose rules were read: how it fares with each.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cors: Option<Cors>,
}

/// Reads what this version knows: a cause or a check of a later one is left out.
fn known<'de, D: Deserializer<'de>, T: serde::de::DeserializeOwned>(deserializer: D) -> Result<Vec<T>, D::Error> {
    let all = Vec::<Value>::deserialize(deserializer)?;
    Ok(all.into_iter().filter_map(|value| serde_json::from_value(value).ok()).collect())
}

impl Confidence {
    /// The word for it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Possible => "possible",
            Self::Likely => "likely",
            Self::Certain => "certain",
        }
    }
}
