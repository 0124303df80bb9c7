//! What a failure comes to: a cause, how sure that is, the evidence, and what to do.

use serde::{Deserialize, Serialize};

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
    /// The cause's id, such as `clock-skew`.
    pub cause: String,
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
    /// Whose move it is: `client`, `account`, `store` or `network`.
    pub owner: String,
}

/// One extra request that changed one factor, and what came of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Check {
    /// Its name, such as `anonymous`.
    pub check: String,
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
    pub verdicts: Vec<Verdict>,
    /// The extra requests that were made to tell them apart.
    pub checks: Vec<Check>,
    /// On a signature that does not match: the store's text beside ours.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signature: Option<Comparison>,
    /// On a denied permission: what would allow it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub permission: Option<Permission>,
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
