//! Facts and where they were seen: the one place that puts them into words.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::LazyLock;

use jiff::Timestamp;

use crate::assets::asset;
use crate::domain::document_name::DocumentName;
use crate::domain::fact::{CorsRefusal, EvidenceSource, Fact};
use crate::domain::regions::RegionRemark;
use crate::domain::signed_element::SignedElement;
use crate::i18n::{Bilingual, Language, Localize, tell};
use crate::text::checks::{change, check_kind, short, sweep};

type Words = Cow<'static, str>;

/// What usually changes an element of a signature.
static USUAL: LazyLock<BTreeMap<String, Bilingual<String>>> = LazyLock::new(|| asset!("signature.toml"));

/// Returns a fact in one line.
#[must_use]
pub fn fact(fact: &Fact, language: Language) -> String {
    match (answered(fact, language), concluded(fact, language)) {
        (Some(answer), Some(conclusion)) => {
            tell!(language, "%{response}: %{conclusion}", response = answer, conclusion = conclusion).into_owned()
        }
        (answer, conclusion) => answer.or_else(|| conclusion.map(Cow::into_owned)).unwrap_or_default(),
    }
}

/// Returns what follows from the response of a check, without the response itself.
#[must_use]
pub fn conclusion(fact: &Fact, language: Language) -> Option<String> {
    concluded(fact, language).map(Cow::into_owned)
}

/// What a check was answered, as far as a fact says it.
fn answered(fact: &Fact, language: Language) -> Option<String> {
    match fact {
        Fact::SignedByStoreClock { response } => Some(
            tell!(language, "signed by the store's clock: %{response}", response = short(response, language)).into(),
        ),
        Fact::BucketInHost { response } => {
            Some(tell!(language, "bucket in the host: %{response}", response = short(response, language)).into())
        }
        Fact::Response(response)
        | Fact::StillTooLate { response }
        | Fact::TellsNothingOfClock { response }
        | Fact::KeyIsRight { response }
        | Fact::SameRefusal { response }
        | Fact::PublicButDenied { response }
        | Fact::NotPublic { response }
        | Fact::SignatureDidNotArrive { response }
        | Fact::ListTellsNothing { response }
        | Fact::CredentialsWork { response, .. }
        | Fact::ForeignToken { response }
        | Fact::IdUnknownEverywhere { response }
        | Fact::CorsRulesUnreadable { response }
        | Fact::NewestIsDeleteMarker { response }
        | Fact::NoVersion { response }
        | Fact::VersionIsThere { response }
        | Fact::VersionsTellNothing { response } => Some(short(response, language)),
        Fact::WithChange { change: changed, response }
        | Fact::StoreClockAgrees { change: changed, response, .. }
        | Fact::StoreClockDiffers { change: changed, response, .. } => Some(
            tell!(
                language,
                "%{change}: %{response}",
                change = change(changed, language),
                response = short(response, language)
            )
            .into(),
        ),
        Fact::Sweep(all) | Fact::NowhereAndNotListed(all) => Some(sweep(all, language)),
        _ => None,
    }
}

/// What a fact says, without the response of a check.
#[expect(clippy::too_many_lines, reason = "a sentence for each fact")]
fn concluded(fact: &Fact, language: Language) -> Option<Words> {
    Some(match fact {
        Fact::Told(words) | Fact::Value(words) => Cow::Owned(words.clone()),
        Fact::Error { code, message } => match message {
            Some(message) if code.is_empty() => Cow::Owned(message.clone()),
            Some(message) => Cow::Owned(format!("{code}: {message}")),
            None => Cow::Owned(code.clone()),
        },
        Fact::Client { code, failure } => Cow::Owned(format!("{code}: {}", failure.localize(language))),
        Fact::Response(_) | Fact::SignedByStoreClock { .. } | Fact::BucketInHost { .. } | Fact::WithChange { .. } => {
            return None;
        }
        Fact::Sweep(_) => return None,
        Fact::NoServerHeader => tell!(language, "(none)"),
        Fact::NoStoreRequestId => tell!(language, "the response has no request ID of the store"),
        Fact::NoHeadersKept => tell!(language, "the record has no response headers"),
        Fact::HtmlPage => tell!(language, "an HTML page instead of the store's document"),
        Fact::NothingOfTheStore => tell!(language, "nothing that the store would send"),
        Fact::SentThrough { proxy, from: Some(from) } => {
            tell!(language, "sent through the proxy %{proxy}, which %{from} names", proxy = proxy, from = from)
        }
        Fact::SentThrough { proxy, from: None } => tell!(language, "sent through the proxy %{proxy}", proxy = proxy),
        Fact::ProxyLogin => tell!(language, "407: the proxy requires a login"),
        Fact::KeptByCache => tell!(language, "a cache on the way kept this response: it describes an earlier request"),
        Fact::NoStatus { bytes } => {
            tell!(language, "%{bytes} bytes without a status, Code or RequestId", bytes = bytes)
        }
        Fact::NoCode { status: Some(status) } => {
            tell!(language, "%{status} without a Code or Message", status = status)
        }
        Fact::NoCode { status: None } => tell!(language, "no status, Code or Message"),
        Fact::UnknownCode => tell!(language, "this Code is not in the code book"),
        Fact::NothingToBeAbout => {
            tell!(language, "the request that was sent has nothing that this Code could be about")
        }
        Fact::Region(remark) => Cow::Owned(region_remark(remark, language)),
        Fact::AskedInOneRegion { region: Some(region) } => {
            tell!(language, "asked in %{region} only", region = region)
        }
        Fact::AskedInOneRegion { region: None } => tell!(language, "asked in one region only"),
        Fact::OtherName { named, asked } => {
            tell!(language, "%{named}; the request was for %{asked}", named = named, asked = asked)
        }
        Fact::SentTo { url } => tell!(language, "sent to %{url}", url = url),
        Fact::WholeAccountListed { status } => tell!(
            language,
            "%{status} with ListAllMyBucketsResult: the list of all buckets, as for a request without a bucket",
            status = status
        ),
        Fact::OtherBucketListed { status, listed, asked } => tell!(
            language,
            "%{status} with a list of the bucket %{named}; the request was for %{asked}",
            status = status,
            named = listed,
            asked = asked
        ),
        Fact::OtherDocument { status, document: name } => {
            tell!(language, "%{status} with %{document}", status = status, document = document(name, language))
        }
        Fact::OnlyHeadRefused { status } => tell!(language, "%{status}: only HEAD is refused", status = status),
        Fact::ClocksDiffer { store, here, seconds } => clocks(*store, *here, *seconds, language),
        Fact::SignedTimeDiffers { store, here, seconds } => tell!(
            language,
            "%{clocks}; the signed time is another one",
            clocks = clocks(*store, *here, *seconds, language)
        ),
        Fact::ValidUntil { end } => {
            let time = Timestamp::from_second(*end).map_or_else(|_| end.to_string(), |time| time.to_string());
            tell!(language, "valid until %{time}", time = time)
        }
        Fact::TimeOfRequest { time } => {
            tell!(language, "%{time} when the request was sent; a wrong clock looks the same", time = time)
        }
        Fact::NotSigned => tell!(language, "no signature was sent, in a header or in the URL"),
        Fact::SignatureAccepted => tell!(language, "the store accepted the signature"),
        Fact::SignatureRemoved => {
            tell!(language, "an Authorization header was sent; the request arrived without it")
        }
        Fact::TokenSent => {
            tell!(language, "a session token was sent: the policy that it was issued with must allow the action too")
        }
        Fact::NoTokenSent => tell!(language, "no session token was sent"),
        Fact::TemporaryIdSent => tell!(language, "a session token was sent, so the key is a temporary one"),
        Fact::TemporaryIdNeedsToken => tell!(language, "no session token was sent; a temporary key needs one"),
        Fact::TemporaryIdLength { characters } => {
            tell!(language, "%{n} characters; a permanent SecretId has 36 (inferred)", n = characters)
        }
        Fact::HasWhitespace => tell!(language, "contains a space or a line break"),
        Fact::KeyLooksLikeId => tell!(language, "begins with AKID, as a SecretId does"),
        Fact::IdAndKeySwapped => tell!(language, "begins with AKID, and the SecretId does not"),
        Fact::CorsAsked { origin, method } => {
            let origin = origin.as_ref().map(|origin| tell!(language, "origin %{origin}", origin = origin));
            let method = method.as_ref().map(|method| tell!(language, "method %{method}", method = method));
            Cow::Owned(origin.into_iter().chain(method).collect::<Vec<_>>().join(&tell!(language, ", ")))
        }
        Fact::SignedAtOtherTime { store, here } => {
            tell!(language, "the store has the time %{store}, this request %{here}", store = store, here = here)
        }
        Fact::SignedTextDiffers { element: differs, line, byte, store, here } => tell!(
            language,
            "%{element}: line %{line} differs at byte %{byte}: store \"%{store}\", here \"%{here}\"",
            element = element(differs, language),
            line = line,
            byte = byte,
            store = store,
            here = here
        ),
        Fact::SignedTextEqual { bytes } => {
            tell!(language, "identical to what was signed here (%{bytes} bytes)", bytes = bytes)
        }
        Fact::SecretIdKnown => {
            tell!(language, "the SecretId exists, or the Code would be InvalidAccessKeyId")
        }
        Fact::UsuallyChangedBy(element) => Cow::Owned(usual(element, language).to_owned()),
        Fact::StillTooLate { .. } => tell!(language, "refused for its time, with the store's clock too"),
        Fact::TellsNothingOfClock { .. } => tell!(language, "tells nothing about the clock"),
        Fact::KeyIsRight { .. } => {
            tell!(language, "the key is right, so the other request did not arrive as it was signed")
        }
        Fact::SameRefusal { .. } => tell!(language, "another request is refused in the same way"),
        Fact::PublicButDenied { .. } => {
            tell!(language, "unsigned requests are allowed, so a policy denies this key explicitly")
        }
        Fact::NotPublic { .. } => tell!(language, "it is not public"),
        Fact::SignatureDidNotArrive { .. } => tell!(language, "a signed request arrived without its signature"),
        Fact::ListTellsNothing { .. } => tell!(language, "the list of buckets is refused too, which tells nothing"),
        Fact::CredentialsWork { own_bucket, .. } => match own_bucket {
            Some(true) => {
                tell!(language, "the key, the clock and the token are right; the bucket belongs to this account")
            }
            Some(false) => {
                tell!(language, "the key, the clock and the token are right; the bucket belongs to another account")
            }
            None => tell!(language, "the key, the clock and the token are right"),
        },
        Fact::ForeignToken { .. } => tell!(language, "the token that was sent does not belong to this key"),
        Fact::IdUnknownEverywhere { .. } => tell!(language, "the store does not know it in other requests either"),
        Fact::ListedWithoutRegion => tell!(language, "the account lists it"),
        Fact::ListedHere => {
            tell!(language, "the account lists it in this region: it was just created or just deleted")
        }
        Fact::ListedElsewhere { region } => tell!(language, "the account lists it in %{region}", region = region),
        Fact::ListedButAccelerated { region } => {
            tell!(language, "the account lists it in %{region}; acceleration may be off", region = region)
        }
        Fact::FoundInRegion { region, response } => tell!(
            language,
            "the bucket is in %{region} (%{response})",
            region = region,
            response = short(response, language)
        ),
        Fact::NowhereAndNotListed(_) => tell!(language, "the account that its APPID names does not list it"),
        Fact::CorsRulesUnreadable { .. } => tell!(language, "this key may not read the rules"),
        Fact::NoCorsRule => tell!(language, "the bucket has no CORS rule"),
        Fact::CorsRuleRefuses { rule, refusal } => {
            tell!(language, "rule %{number}: %{reason}", number = rule, reason = cors_refusal(refusal, language))
        }
        Fact::CorsRuleShouldAllow { rule } => {
            tell!(language, "rule %{number} should allow it: was it changed just now?", number = rule)
        }
        Fact::StoreClockAgrees { seconds, .. } => tell!(
            language,
            "the store's clock agrees with this machine's within %{seconds} s",
            seconds = seconds.unsigned_abs()
        ),
        Fact::StoreClockDiffers { seconds, .. } => {
            tell!(language, "the store's clock is %{seconds} s from this machine's", seconds = format!("{seconds:+}"))
        }
        Fact::NewestIsDeleteMarker { .. } => tell!(language, "the newest version is a delete marker"),
        Fact::NoVersion { .. } => tell!(language, "no version of this key and no delete marker"),
        Fact::VersionIsThere { .. } => tell!(language, "the key is there: was it written just now?"),
        Fact::VersionsTellNothing { .. } => tell!(language, "does not tell whether a delete marker hides it"),
    })
}

/// `store …, this machine …: 1320 s (22 min) apart`.
fn clocks(store: Timestamp, here: Timestamp, seconds: i64, language: Language) -> Words {
    let seconds = seconds.unsigned_abs();
    let apart = if seconds < 120 { format!("{seconds} s") } else { format!("{seconds} s ({} min)", seconds / 60) };
    // Whole seconds: an HTTP date has no more.
    let (store, here) = (format!("{store:.0}"), format!("{here:.0}"));
    tell!(language, "store %{store}, this machine %{here}: %{apart} apart", store = store, here = here, apart = apart)
}

/// Returns where a fact was seen.
#[must_use]
pub fn source(source: &EvidenceSource, language: Language) -> String {
    match source {
        EvidenceSource::Told(words) => Cow::Owned(words.clone()),
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
        EvidenceSource::Proxy => tell!(language, "proxy"),
        EvidenceSource::Usually => tell!(language, "usual reason"),
        EvidenceSource::Check(kind) => tell!(language, "check %{name}", name = kind.as_str()),
    }
    .into_owned()
}

/// Returns where a fact was seen in the few words that fit in front of it.
#[must_use]
pub fn short_source(from: &EvidenceSource, language: Language) -> String {
    match from {
        EvidenceSource::Element(name) => tell!(language, "body: %{name}", name = name),
        EvidenceSource::ResponseHeaders => tell!(language, "headers"),
        EvidenceSource::ResponseHeader(name) => tell!(language, "%{name} header", name = title_case(name)),
        EvidenceSource::RequestHeaders => tell!(language, "sent headers"),
        EvidenceSource::ClientException => tell!(language, "no answer"),
        EvidenceSource::Clock => tell!(language, "clock here"),
        EvidenceSource::RequestId => "RequestId".into(),
        EvidenceSource::Regions => tell!(language, "regions"),
        EvidenceSource::GetTwin => tell!(language, "as GET"),
        EvidenceSource::Usually => tell!(language, "usually"),
        EvidenceSource::Check(kind) => tell!(language, "check: %{words}", words = check_kind(*kind, language)),
        other => Cow::Owned(source(other, language)),
    }
    .into_owned()
}

/// `Date`, `Server`; names that begin with `x-` stay as they are.
fn title_case(name: &str) -> String {
    let mut chars = name.chars();
    match chars.next() {
        Some(first) if !name.starts_with("x-") => first.to_uppercase().chain(chars).collect(),
        _ => name.to_owned(),
    }
}

fn cors_refusal(refusal: &CorsRefusal, language: Language) -> Words {
    let allowed = |values: &[String]| match values {
        [] => tell!(language, "nothing"),
        values => Cow::Owned(values.join(&tell!(language, ", "))),
    };
    match refusal {
        CorsRefusal::Origin(origin, values) => {
            tell!(
                language,
                "origin %{origin} does not match; it allows %{allowed}",
                origin = origin,
                allowed = allowed(values)
            )
        }
        CorsRefusal::Method(method, values) => {
            tell!(
                language,
                "method %{method} does not match; it allows %{allowed}",
                method = method,
                allowed = allowed(values)
            )
        }
        CorsRefusal::Header(header, values) => {
            tell!(
                language,
                "header %{header} does not match; it allows %{allowed}",
                header = header,
                allowed = allowed(values)
            )
        }
    }
}

/// Returns what is wrong with a region.
#[must_use]
pub fn region_remark(remark: &RegionRemark, language: Language) -> String {
    match remark {
        RegionRemark::Prefixed { region, bare } => tell!(
            language,
            "region \"%{region}\": write it without \"cos.\", as \"%{bare}\"",
            region = region,
            bare = bare
        ),
        RegionRemark::Former { region, now } => {
            tell!(language, "region \"%{region}\" is a former name; it is \"%{now}\" now", region = region, now = now)
        }
        RegionRemark::Unknown { region, nearest: Some(near) } => tell!(
            language,
            "region \"%{region}\" is not a known COS region; did you mean \"%{near}\"?",
            region = region,
            near = near
        ),
        RegionRemark::Unknown { region, nearest: None } => {
            tell!(language, "region \"%{region}\" is not a known COS region", region = region)
        }
    }
    .into_owned()
}

pub(super) fn document(document: &DocumentName, language: Language) -> Words {
    match document {
        DocumentName::Root(root) => Cow::Owned(root.clone()),
        DocumentName::Empty => tell!(language, "an empty body"),
        DocumentName::Html => tell!(language, "an HTML page"),
        DocumentName::Json => "JSON".into(),
        DocumentName::Binary => tell!(language, "binary data"),
        DocumentName::Text => tell!(language, "text"),
    }
}

/// Returns the element of a signature.
#[must_use]
pub fn element(element: &SignedElement, language: Language) -> String {
    match element {
        SignedElement::Told(words, _) => Cow::Owned(words.clone()),
        SignedElement::Method => tell!(language, "method"),
        SignedElement::Path => tell!(language, "path"),
        SignedElement::PathEncoding => tell!(language, "path encoding"),
        SignedElement::Parameter(name) | SignedElement::ParameterEncoding(name) => {
            tell!(language, "parameter %{name}", name = name)
        }
        SignedElement::ParameterOrder => tell!(language, "order of the parameters"),
        SignedElement::Header(name) => tell!(language, "header %{name}", name = name),
        SignedElement::HeaderOrder => tell!(language, "order of the headers"),
        SignedElement::MoreLines => tell!(language, "more lines than a signature has"),
        SignedElement::SignedHeaders => tell!(language, "signed headers"),
        SignedElement::Payload => tell!(language, "payload"),
        SignedElement::Algorithm => tell!(language, "algorithm"),
        SignedElement::Time => tell!(language, "time"),
        SignedElement::Scope => tell!(language, "date or region of the scope"),
        SignedElement::StringToSign => tell!(language, "string to sign"),
        SignedElement::Hidden(names) if names.is_empty() => tell!(language, "a hidden value"),
        SignedElement::Hidden(names) => {
            tell!(language, "header %{name}", name = names.join(&tell!(language, " or ")))
        }
        SignedElement::Key => tell!(language, "key"),
    }
    .into_owned()
}

/// Returns what usually changes an element of a signature.
#[must_use]
pub fn usual(element: &SignedElement, language: Language) -> &str {
    match element {
        SignedElement::Told(_, usual) => usual,
        known => USUAL.get(known.class()).map_or("", |words| words.get(language)),
    }
}

#[cfg(test)]
#[path = "facts/tests.rs"]
mod tests;
