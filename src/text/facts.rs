//! Facts and where they were seen, in words.

use crate::domain::fact::EvidenceSource;
use crate::i18n::{Language, tell};

/// Returns where a fact was seen.
#[must_use]
pub fn source(source: &EvidenceSource, language: Language) -> String {
    match source {
        EvidenceSource::Body => tell!(language, "body"),
        EvidenceSource::Element(name) => tell!(language, "body element %{name}", name = name),
        EvidenceSource::Response => tell!(language, "response"),
        EvidenceSource::ResponseHeaders => tell!(language, "response headers"),
        EvidenceSource::ResponseHeader(name) => tell!(language, "response header %{name}", name = name),
        EvidenceSource::RequestHeaders => tell!(language, "request headers"),
        EvidenceSource::ClientException => tell!(language, "client exception"),
        EvidenceSource::Clock => tell!(language, "this machine's clock"),
        EvidenceSource::RequestId => tell!(language, "RequestId (inferred)"),
        EvidenceSource::CodeBook => tell!(language, "code book"),
        EvidenceSource::Region => tell!(language, "region"),
        EvidenceSource::Regions => tell!(language, "list of regions"),
        EvidenceSource::Signature => tell!(language, "signature"),
        EvidenceSource::SecretId => "SecretId".into(),
        EvidenceSource::SecretKey => "SecretKey".into(),
        EvidenceSource::Head => "HEAD".into(),
        EvidenceSource::GetTwin => tell!(language, "the same request as GET"),
        EvidenceSource::Usually => tell!(language, "what usually does that"),
        EvidenceSource::Check(kind) => tell!(language, "check %{name}", name = kind.as_str()),
    }
    .into_owned()
}
