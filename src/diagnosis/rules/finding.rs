//! A cause and what speaks for it, and how that is put into words.

use std::borrow::Cow;

use crate::diagnosis::causes::{self, CauseEntry, CauseText};
use crate::diagnosis::permission;
use crate::domain::cause::Cause;
use crate::domain::dialect::Dialect;
use crate::domain::fact::EvidenceSource;
use crate::domain::record::Record;
use crate::domain::verdict::{Confidence, Evidence, Verdict};
use crate::i18n::{Language, tell};
use crate::text::facts;

/// A cause with what speaks for it, before it is put into words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    pub cause: Cause,
    pub confidence: Confidence,
    evidence: Vec<(EvidenceSource, String)>,
    /// The region that the bucket is in, where it was found in another one.
    found_in: Option<String>,
    /// Closer words than the cause's own.
    own_words: Option<CauseText>,
    /// Whether sending it again can help, where the code says it closer than the cause does.
    retry: Option<bool>,
}

impl Finding {
    pub fn new(cause: Cause, confidence: Confidence) -> Self {
        Self { cause, confidence, evidence: Vec::new(), found_in: None, own_words: None, retry: None }
    }

    /// The bucket is in this region, and not in the one that was asked. The region becomes part of a
    /// command, and a server may have written anything: only what a region is spelled with counts.
    pub fn found_in(self, region: &str) -> Self {
        let is_spelled = region.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
        Self { found_in: Some(region.to_owned()).filter(|_| is_spelled && !region.starts_with('-')), ..self }
    }

    /// In closer words than the cause's own: a sentence, and what to do.
    pub fn saying(self, summary: impl Into<Cow<'static, str>>, fix: Vec<String>) -> Self {
        Self { own_words: Some(CauseText { summary: summary.into().into_owned(), fix }), ..self }
    }

    /// Sending it again helps by itself, or does not.
    pub fn retry(self, retry: bool) -> Self {
        Self { retry: Some(retry), ..self }
    }

    /// With one more fact that speaks for it, in the person's language.
    pub fn because(mut self, from: EvidenceSource, fact: impl Into<Cow<'static, str>>) -> Self {
        self.evidence.push((from, fact.into().into_owned()));
        self
    }

    /// No surer than this.
    pub fn at_most(self, confidence: Confidence) -> Self {
        Self { confidence: self.confidence.min(confidence), ..self }
    }

    /// The verdict in words.
    pub fn in_words(self, record: &Record, language: Language) -> Verdict {
        let cause = causes::entry(self.cause);
        let CauseText { summary, fix } = self.words(cause, record, language);
        let in_words = |(from, fact): (EvidenceSource, String)| Evidence { fact, from: facts::source(&from, language) };
        Verdict {
            cause: self.cause,
            confidence: self.confidence,
            summary,
            evidence: self.evidence.into_iter().map(in_words).collect(),
            fix,
            retry: self.retry.unwrap_or(cause.retry),
            owner: cause.owner,
        }
    }

    /// The cause's own words, or closer ones where more is known.
    fn words(&self, cause: &CauseEntry, record: &Record, language: Language) -> CauseText {
        if let Some(region) = &self.found_in {
            let fix = tell!(
                language,
                "use the region %{region}: --region %{region}, or region = \"%{region}\" in the profile",
                region = region
            );
            let summary = tell!(language, "The bucket is in %{region}.", region = region);
            return CauseText { summary: summary.into_owned(), fix: vec![fix.into_owned()] };
        }
        if let Some(own) = &self.own_words {
            return own.clone();
        }
        let CauseText { summary, fix } = cause.words.get(language);
        if self.cause == Cause::Undetermined && record.request_id.is_none() {
            let whole = tell!(language, "get the whole answer, headers and body: as curl -v prints it, or the SDK");
            return CauseText { summary: summary.clone(), fix: vec![whole.into_owned()] };
        }
        if self.cause == Cause::PermissionDenied && record.dialect == Dialect::S3 {
            let allow = tell!(language, "allow the action in the policies of the user and of the bucket");
            return CauseText { summary: summary.clone(), fix: vec![allow.into_owned()] };
        }
        let action = permission::action(record).unwrap_or_else(|| "name/cos:…".to_owned());
        CauseText { summary: summary.clone(), fix: fix.iter().map(|fix| fix.replace("{action}", &action)).collect() }
    }
}
