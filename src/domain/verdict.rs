//! What a failure comes to: a cause, how sure that is, the evidence, and what to do.

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

use super::cause::{Cause, Owner};
use super::check::CheckKind;

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

/// One fact that a verdict rests on, and where it was seen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// The fact, in words.
    pub fact: String,
    /// Where it was seen: a header, an element, this machine.
    pub from: String,
}

/// A cause, how sure, why, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verdict {
    /// The cause.
    pub cause: Cause,
    /// How sure.
    pub confidence: Confidence,
    /// The cause in one sentence.
    pub summary: String,
    /// What it rests on.
    pub evidence: Vec<Evidence>,
    /// What to change, in order.
    pub fix: Vec<String>,
    /// Whether sending the same again can help by itself.
    pub retry: bool,
    /// Who has to act.
    pub owner: Owner,
}

/// One extra request that changed one factor, and what came of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Check {
    /// What was changed.
    #[serde(rename = "check")]
    pub kind: CheckKind,
    /// The factor that was changed.
    pub changed: String,
    /// What was answered; `…` while it is being waited for.
    pub outcome: String,
    /// Whether the request got what the failed one did not.
    #[serde(default)]
    pub succeeded: bool,
    /// Its own request id; of a sweep, that of the answer which told most.
    pub request_id: Option<String>,
}

impl Check {
    /// The same thing was changed.
    #[must_use]
    pub fn is_same(&self, other: &Self) -> bool {
        self.kind == other.kind && self.changed == other.changed
    }

    /// It was sent, and its answer is not there yet.
    #[must_use]
    pub fn waits(&self) -> bool {
        self.outcome == "…"
    }
}

/// What the store signed beside what was signed here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
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
    /// What differs, by the signature's own words: `method`, `path`, `header host`, `parameter
    /// prefix`, `time`, `payload`, …; `key` when nothing does.
    pub element: String,
    /// What usually changes it.
    pub usual: String,
}

/// The first verdict as it was before the checks, where they changed it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Former {
    /// The cause.
    pub cause: Cause,
    /// How sure.
    pub confidence: Confidence,
    /// The cause in one sentence.
    pub summary: String,
}

impl Former {
    /// What a verdict comes to.
    #[must_use]
    pub fn of(verdict: &Verdict) -> Self {
        let Verdict { cause, confidence, summary, .. } = verdict.clone();
        Self { cause, confidence, summary }
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

/// What a denied request needs to be allowed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Permission {
    /// The CAM action, such as `name/cos:GetBucket`.
    pub action: String,
    /// The resource, with the owner's APPID: `qcs::cos:<region>:uid/<appid>:<bucket>/<key>`.
    pub resource: String,
    /// Whom it must be given to, as far as that can be known.
    pub principal: String,
    /// The smallest policy that allows it, as JSON (document 436/30580).
    pub policy: String,
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
    /// On a signature that does not match: the store's text beside ours.
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
