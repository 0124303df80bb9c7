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
    /// What was answered.
    pub outcome: String,
    /// Its own request id.
    pub request_id: Option<String>,
}

/// What a failure comes to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Diagnosis {
    /// The causes, the best first.
    pub verdicts: Vec<Verdict>,
    /// The extra requests that were made to tell them apart.
    pub checks: Vec<Check>,
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
