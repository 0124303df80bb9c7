//! What a verdict rests on, and where it was seen.

use super::check::CheckKind;

/// Where a fact was seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EvidenceSource {
    /// Code and Message.
    Body,
    /// An element of the body.
    Element(String),
    /// The answer as a whole.
    Response,
    /// The headers of the answer.
    ResponseHeaders,
    /// A header of the answer.
    ResponseHeader(&'static str),
    /// The headers of the request.
    RequestHeaders,
    /// Nothing came back from the store.
    ClientException,
    /// This machine's clock.
    Clock,
    /// The time in a RequestId.
    RequestId,
    /// The code book.
    CodeBook,
    /// The region that was asked.
    Region,
    /// The list of regions.
    Regions,
    /// The signature of the request.
    Signature,
    /// The `SecretId`.
    SecretId,
    /// The `SecretKey`.
    SecretKey,
    /// The failed HEAD.
    Head,
    /// The same request as GET.
    GetTwin,
    /// What usually changes an element of a signature.
    Usually,
    /// A check.
    Check(CheckKind),
}
