//! Where a fact was seen.

use crate::diagnosis::checks::Kind;
use crate::i18n::{Language, tell};

/// Where a fact was seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Seen {
    /// Code and Message.
    Body,
    /// An element of the body.
    Element(String),
    /// The answer as a whole.
    Response,
    ResponseHeaders,
    ResponseHeader(&'static str),
    RequestHeaders,
    /// Nothing came back from the store.
    ClientException,
    /// This machine's clock.
    Clock,
    /// The time in a RequestId.
    RequestId,
    CodeBook,
    Region,
    /// The list of regions.
    Regions,
    Signature,
    SecretId,
    SecretKey,
    /// The failed HEAD.
    Head,
    /// The same request as GET.
    GetTwin,
    /// What usually changes an element of a signature.
    Usually,
    Check(Kind),
}

impl Seen {
    /// In words.
    pub fn in_words(&self, language: Language) -> String {
        match self {
            Self::Body => tell!(language, "body"),
            Self::Element(name) => tell!(language, "body element %{name}", name = name),
            Self::Response => tell!(language, "response"),
            Self::ResponseHeaders => tell!(language, "response headers"),
            Self::ResponseHeader(name) => tell!(language, "response header %{name}", name = name),
            Self::RequestHeaders => tell!(language, "request headers"),
            Self::ClientException => tell!(language, "client exception"),
            Self::Clock => tell!(language, "this machine's clock"),
            Self::RequestId => tell!(language, "RequestId (inferred)"),
            Self::CodeBook => tell!(language, "code book"),
            Self::Region => tell!(language, "region"),
            Self::Regions => tell!(language, "list of regions"),
            Self::Signature => tell!(language, "signature"),
            Self::SecretId => "SecretId".into(),
            Self::SecretKey => "SecretKey".into(),
            Self::Head => "HEAD".into(),
            Self::GetTwin => tell!(language, "the same request as GET"),
            Self::Usually => tell!(language, "what usually does that"),
            Self::Check(kind) => tell!(language, "check %{name}", name = kind.as_str()),
        }
        .into_owned()
    }
}
