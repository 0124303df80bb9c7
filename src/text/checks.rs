//! Checks in words: what they change, and what came of them.

use std::borrow::Cow;

use crate::domain::check::{Change, CheckKind, CheckOutcome, Exposure, FoundIn, FromAddress, ShortResponse, Sweep};
use crate::i18n::{Language, tell};

type Words = Cow<'static, str>;

/// Returns what a kind of check changes.
#[must_use]
pub fn check_kind(kind: CheckKind, language: Language) -> Words {
    match kind {
        CheckKind::GetTwin => tell!(language, "GET instead of HEAD"),
        CheckKind::Anonymous => tell!(language, "no signature"),
        CheckKind::ServiceList => tell!(language, "the list of buckets"),
        CheckKind::RegionSweep => tell!(language, "every region"),
        CheckKind::ClockCorrected => tell!(language, "the corrected time"),
        CheckKind::BackupDomain => tell!(language, "the backup domain"),
        CheckKind::VirtualHost => tell!(language, "the bucket in the host"),
        CheckKind::OtherScheme => tell!(language, "the other scheme"),
        CheckKind::Direct => tell!(language, "no proxy"),
        CheckKind::EachAddress => tell!(language, "each address"),
        CheckKind::Referer => tell!(language, "another Referer"),
        CheckKind::Preflight => tell!(language, "the CORS rules"),
        CheckKind::WithoutToken => tell!(language, "no session token"),
        CheckKind::Versions => tell!(language, "every version of this key"),
        CheckKind::OtherDialect => tell!(language, "signed for S3"),
    }
}

/// Returns what a check changed.
#[must_use]
pub fn change(change: &Change, language: Language) -> String {
    match change {
        Change::Told(words) => Cow::Owned(words.clone()),
        Change::GetInsteadOfHead => tell!(language, "GET instead of HEAD"),
        Change::NoSignature => tell!(language, "no signature"),
        Change::ListBuckets => tell!(language, "the list of buckets"),
        Change::EveryRegion { .. } => tell!(language, "every region"),
        Change::StoreClock { .. } => tell!(language, "the corrected time"),
        Change::BackupDomain => tell!(language, "the backup domain"),
        Change::BucketInHost => tell!(language, "the bucket in the host"),
        Change::HttpForHttps => tell!(language, "http instead of https"),
        Change::HttpsForHttp => tell!(language, "https instead of http"),
        Change::NoProxy => tell!(language, "no proxy"),
        Change::EachAddress => tell!(language, "each address"),
        Change::NoReferer => tell!(language, "no Referer"),
        Change::Referer(referer) => tell!(language, "Referer %{referer}", referer = referer),
        Change::CorsRules => tell!(language, "the CORS rules"),
        Change::NoRequestHeaders => tell!(language, "no Access-Control-Request-Headers"),
        Change::RequestMethod { from, to } => {
            tell!(language, "Access-Control-Request-Method %{to} instead of %{from}", to = to, from = from)
        }
        Change::NoToken => tell!(language, "no session token"),
        Change::ListVersions => tell!(language, "every version of this key"),
        Change::SignedForS3 => tell!(language, "signed for S3"),
    }
    .into_owned()
}

/// Returns `403 AccessDenied`, `200`, `ENOTFOUND`.
#[must_use]
pub fn short(response: &ShortResponse, language: Language) -> String {
    match (response.status, response.code.as_deref(), response.other_server) {
        (Some(status), _, true) => tell!(language, "%{status}, not the store", status = status).into_owned(),
        (Some(status), Some(code), _) => format!("{status} {code}"),
        (Some(status), None, _) => status.to_string(),
        (None, Some(code), _) => code.to_owned(),
        (None, None, _) => tell!(language, "no answer").into_owned(),
    }
}

/// Returns what came of a check.
#[must_use]
pub fn outcome(outcome: &CheckOutcome, language: Language) -> String {
    outcome_parts(outcome, language).join(&tell!(language, ", "))
}

/// Returns what came of a check: the response, and what it told.
#[must_use]
pub fn outcome_parts(outcome: &CheckOutcome, language: Language) -> Vec<String> {
    let and = |response: &ShortResponse, more: Words| vec![short(response, language), more.into_owned()];
    match outcome {
        CheckOutcome::Told(words) => vec![words.clone()],
        CheckOutcome::Pending => vec!["…".to_owned()],
        CheckOutcome::NothingSent => vec![tell!(language, "nothing was sent").into_owned()],
        CheckOutcome::OtherDay => vec![tell!(language, "not sent: cosdiag signs nothing for another day").into_owned()],
        CheckOutcome::Response(response) => vec![short(response, language)],
        CheckOutcome::Buckets { response, count, more, listed, region } => {
            let buckets = if *more {
                tell!(language, "%{n} buckets or more", n = count)
            } else {
                tell!(language, "%{n} buckets", n = count)
            };
            let words = match (listed, region) {
                (Some(true), Some(region)) => {
                    tell!(language, "%{buckets}, this one in %{region}", buckets = buckets, region = region)
                }
                (Some(true), None) => tell!(language, "%{buckets}, with this one", buckets = buckets),
                (Some(false), _) => tell!(language, "%{buckets}, without this one", buckets = buckets),
                (None, _) => buckets,
            };
            and(response, words)
        }
        CheckOutcome::CorsRules { response, count } => {
            let words = match count {
                0 => tell!(language, "no rules"),
                1 => tell!(language, "1 rule"),
                n => tell!(language, "%{n} rules", n = n),
            };
            and(response, words)
        }
        CheckOutcome::Exposure { response, exposure } => and(response, exposed(exposure, language)),
        CheckOutcome::Addresses(all) => {
            let each = all.iter().map(|FromAddress { address, response }| {
                let address = address.clone().map_or_else(|| tell!(language, "no connection"), Cow::Owned);
                format!("{address} {}", short(response, language))
            });
            vec![each.collect::<Vec<_>>().join(&tell!(language, ", "))]
        }
        CheckOutcome::Sweep(all) => vec![sweep(all, language)],
    }
}

/// Returns what the regions answered.
#[must_use]
pub fn sweep(Sweep { regions, found, silent }: &Sweep, language: Language) -> String {
    let each = |FoundIn { region, response }: &FoundIn| format!("{region} ({})", short(response, language));
    let found: Vec<_> = found.iter().map(each).collect();
    let words = if found.is_empty() {
        tell!(language, "not found in %{n} regions", n = regions)
    } else {
        tell!(language, "found in %{regions}", regions = found.join(&tell!(language, ", ")))
    };
    match silent {
        0 => words.into_owned(),
        n => tell!(language, "%{found}; %{n} did not tell", found = words, n = n).into_owned(),
    }
}

fn exposed(Exposure { rule, headers, later }: &Exposure, language: Language) -> Words {
    let words = if headers.is_empty() {
        tell!(language, "rule %{number} allowed it and exposes no header", number = rule)
    } else {
        let headers = headers.join(&tell!(language, ", "));
        tell!(language, "rule %{number} allowed it and exposes %{headers}", number = rule, headers = headers)
    };
    match later {
        Some(later) => {
            tell!(
                language,
                "%{exposed}; rule %{later} exposes the RequestId, but comes later",
                exposed = words,
                later = later
            )
        }
        None => words,
    }
}
