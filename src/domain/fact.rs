//! What a verdict rests on, and where it was seen: data, which `text::facts` puts into words.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use strum::{EnumIter, IntoStaticStr};

use super::check::{Change, CheckKind, ShortResponse, Sweep};
use super::client_failure::ClientFailure;
use super::document_name::DocumentName;
use super::regions::RegionRemark;
use super::signed_element::SignedElement;

/// A fact with its values. `factId` is stable.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, EnumIter, IntoStaticStr)]
#[serde(tag = "factId", content = "values", rename_all = "kebab-case", rename_all_fields = "camelCase")]
#[strum(serialize_all = "kebab-case")]
#[expect(missing_docs, reason = "text::facts has a sentence for each, which says what it is")]
pub enum Fact {
    /// The words of a record that an earlier version wrote.
    Told(String),
    /// A value as it was seen: a header, an element.
    Value(String),
    /// Code and Message.
    Error {
        code: String,
        message: Option<String>,
    },
    /// The name of a client exception, and what happened.
    Client {
        code: String,
        failure: ClientFailure,
    },
    /// A response in short.
    Response(ShortResponse),

    NoServerHeader,
    NoStoreRequestId,
    NoHeadersKept,
    HtmlPage,
    NothingOfTheStore,
    ProxyLogin,
    /// The proxy that it was sent through, and where that was set.
    SentThrough {
        proxy: String,
        from: Option<String>,
    },
    KeptByCache,
    NoStatus {
        bytes: u64,
    },
    NoCode {
        status: Option<u16>,
    },
    UnknownCode,
    NothingToBeAbout,

    Region(RegionRemark),
    /// COS never redirects to another region, so "not here" does not say "nowhere".
    AskedInOneRegion {
        region: Option<String>,
    },
    /// The response names something else than the request.
    OtherName {
        named: String,
        asked: String,
    },
    SentTo {
        url: String,
    },
    WholeAccountListed {
        status: u16,
    },
    OtherBucketListed {
        status: u16,
        listed: String,
        asked: String,
    },
    OtherDocument {
        status: u16,
        document: DocumentName,
    },
    OnlyHeadRefused {
        status: u16,
    },

    ClocksDiffer {
        store: Timestamp,
        here: Timestamp,
        seconds: i64,
    },
    /// The clocks agree, and the time that was signed is another one.
    SignedTimeDiffers {
        store: Timestamp,
        here: Timestamp,
        seconds: i64,
    },
    ValidUntil {
        /// In seconds since 1970.
        end: i64,
    },
    TimeOfRequest {
        time: Timestamp,
    },

    NotSigned,
    SignatureAccepted,
    SignatureRemoved,
    TokenSent,
    NoTokenSent,
    TemporaryIdSent,
    TemporaryIdNeedsToken,
    TemporaryIdLength {
        characters: usize,
    },
    HasWhitespace,
    KeyLooksLikeId,
    IdAndKeySwapped,
    CorsAsked {
        origin: Option<String>,
        method: Option<String>,
    },

    SignedAtOtherTime {
        store: String,
        here: String,
    },
    SignedTextDiffers {
        element: SignedElement,
        line: usize,
        byte: usize,
        store: String,
        here: String,
    },
    SignedTextEqual {
        bytes: usize,
    },
    SecretIdKnown,
    UsuallyChangedBy(SignedElement),

    StillTooLate {
        response: ShortResponse,
    },
    TellsNothingOfClock {
        response: ShortResponse,
    },
    SignedByStoreClock {
        response: ShortResponse,
    },
    KeyIsRight {
        response: ShortResponse,
    },
    SameRefusal {
        response: ShortResponse,
    },
    PublicButDenied {
        response: ShortResponse,
    },
    NotPublic {
        response: ShortResponse,
    },
    SignatureDidNotArrive {
        response: ShortResponse,
    },
    ListTellsNothing {
        response: ShortResponse,
    },
    CredentialsWork {
        response: ShortResponse,
        /// Whether the bucket is the account's, where the list tells.
        own_bucket: Option<bool>,
    },
    ForeignToken {
        response: ShortResponse,
    },
    IdUnknownEverywhere {
        response: ShortResponse,
    },
    WithChange {
        change: Change,
        response: ShortResponse,
    },
    ListedWithoutRegion,
    ListedHere,
    ListedElsewhere {
        region: String,
    },
    ListedButAccelerated {
        region: String,
    },
    FoundInRegion {
        region: String,
        response: ShortResponse,
    },
    Sweep(Sweep),
    NowhereAndNotListed(Sweep),
    CorsRulesUnreadable {
        response: ShortResponse,
    },
    NoCorsRule,
    CorsRuleRefuses {
        rule: usize,
        refusal: CorsRefusal,
    },
    CorsRuleShouldAllow {
        rule: usize,
    },
    StoreClockAgrees {
        change: Change,
        response: ShortResponse,
        seconds: i64,
    },
    StoreClockDiffers {
        change: Change,
        response: ShortResponse,
        seconds: i64,
    },
    BucketInHost {
        response: ShortResponse,
    },
    NewestIsDeleteMarker {
        response: ShortResponse,
    },
    NoVersion {
        response: ShortResponse,
    },
    VersionIsThere {
        response: ShortResponse,
    },
    VersionsTellNothing {
        response: ShortResponse,
    },
}

/// The first part of a CORS rule that does not allow a request, and what it allows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, EnumIter)]
#[serde(tag = "part", content = "values", rename_all = "lowercase")]
pub enum CorsRefusal {
    /// The page's origin.
    Origin(String, Vec<String>),
    /// The method; the origin matches.
    Method(String, Vec<String>),
    /// A request header; origin and method match.
    Header(String, Vec<String>),
}

impl Default for CorsRefusal {
    fn default() -> Self {
        Self::Origin(String::new(), Vec::new())
    }
}

/// Where a fact was seen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, EnumIter)]
#[serde(tag = "sourceId", content = "sourceName", rename_all = "kebab-case")]
pub enum EvidenceSource {
    /// The words of a record that an earlier version wrote.
    Told(String),
    /// Code and Message.
    Body,
    /// An element of the body.
    Element(String),
    /// The response as a whole.
    Response,
    /// The headers of the response.
    ResponseHeaders,
    /// A header of the response.
    ResponseHeader(String),
    /// The headers of the request.
    RequestHeaders,
    /// The proxy that was set.
    Proxy,
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

impl EvidenceSource {
    /// A header of the response.
    #[must_use]
    pub fn header(name: &str) -> Self {
        Self::ResponseHeader(name.to_owned())
    }

    /// An element of the body.
    #[must_use]
    pub fn element(name: &str) -> Self {
        Self::Element(name.to_owned())
    }
}

/// A fact, and where it was seen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "StoredEvidence")]
pub struct Evidence {
    /// The fact.
    #[serde(flatten)]
    pub fact: Fact,
    /// Where it was seen.
    #[serde(flatten)]
    pub from: EvidenceSource,
}

/// Evidence as any version wrote it: in words, in data, or in both.
#[derive(Deserialize)]
struct StoredEvidence {
    #[serde(default)]
    fact: String,
    #[serde(default)]
    from: String,
    #[serde(flatten)]
    data: Option<Fact>,
    #[serde(flatten)]
    source: Option<EvidenceSource>,
}

impl From<StoredEvidence> for Evidence {
    fn from(StoredEvidence { fact, from, data, source }: StoredEvidence) -> Self {
        Self { fact: data.unwrap_or(Fact::Told(fact)), from: source.unwrap_or(EvidenceSource::Told(from)) }
    }
}
