//! A cause and what speaks for it.

use crate::diagnosis::causes;
use crate::domain::cause::Cause;
use crate::domain::fact::{Evidence, EvidenceSource, Fact};
use crate::domain::verdict::{Confidence, Statement, Verdict};

/// A verdict in the making.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    pub cause: Cause,
    pub confidence: Confidence,
    statement: Statement,
    evidence: Vec<Evidence>,
    /// Whether sending it again can help, where the code says it closer than the cause does.
    retry: Option<bool>,
}

impl Finding {
    pub fn new(cause: Cause, confidence: Confidence) -> Self {
        Self { cause, confidence, statement: Statement::Cause, evidence: Vec::new(), retry: None }
    }

    /// The bucket is in this region, and not in the one that was asked. The region becomes part of a
    /// command, and a server may have written anything: only what a region is spelled with counts.
    pub fn found_in(self, region: &str) -> Self {
        let is_spelled = region.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
        if is_spelled && !region.starts_with('-') {
            self.saying(Statement::FoundIn { region: region.to_owned() })
        } else {
            self
        }
    }

    /// With a closer statement than the cause's own.
    pub fn saying(self, statement: Statement) -> Self {
        Self { statement, ..self }
    }

    /// Sending it again helps by itself, or does not.
    pub fn retry(self, retry: bool) -> Self {
        Self { retry: Some(retry), ..self }
    }

    /// With one more fact that speaks for it.
    pub fn because(mut self, from: EvidenceSource, fact: Fact) -> Self {
        self.evidence.push(Evidence { fact, from });
        self
    }

    /// No surer than this.
    pub fn at_most(self, confidence: Confidence) -> Self {
        Self { confidence: self.confidence.min(confidence), ..self }
    }

    /// The verdict that it comes to.
    pub fn verdict(self) -> Verdict {
        let entry = causes::entry(self.cause);
        Verdict {
            cause: self.cause,
            confidence: self.confidence,
            statement: self.statement,
            evidence: self.evidence,
            retry: self.retry.unwrap_or(entry.retry),
            owner: entry.owner,
        }
    }
}
