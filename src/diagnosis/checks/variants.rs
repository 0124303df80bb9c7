//! The changed requests: from a probe and what is to be changed in it to the probes of a check.

use std::sync::Arc;

use url::Url;

use super::planned::{CheckRoute, Failed, PlannedCheck};
use super::result::CheckResult;
use crate::diagnosis::{asked, clock, cors};
use crate::domain::bucket_list;
use crate::domain::check::{Change, CheckKind};
use crate::domain::credentials::Credentials;
use crate::domain::dialect::Dialect;
use crate::domain::endpoint::{self, BACKUP_DOMAIN, DOMAIN};
use crate::domain::exchange::Headers;
use crate::domain::operation::{Answer, OPERATIONS};
use crate::domain::percent;
use crate::domain::probe::{Auth, Probe};
use crate::domain::record::Record;
use crate::domain::regions;
use crate::domain::target;

/// Seconds: no clock that is merely wrong is off by more, and no signature is made for another day.
const A_DAY: i64 = 24 * 60 * 60;

/// The checks of a kind that fit the failed request; mostly one, or none.
pub fn planned(kind: CheckKind, failed: Failed<'_>) -> Vec<PlannedCheck> {
    let Failed { record, probe, proxied, results } = failed;
    match kind {
        CheckKind::GetTwin => Vec::new(),
        CheckKind::Anonymous => one(kind, Change::NoSignature, anonymous(probe)),
        CheckKind::ServiceList => one(kind, Change::ListBuckets, service_list(probe)),
        CheckKind::RegionSweep => region_sweep(probe, results),
        CheckKind::ClockCorrected => clock_corrected(record, probe),
        CheckKind::BackupDomain => one(kind, Change::BackupDomain, backup_domain(probe)),
        CheckKind::VirtualHost => one(kind, Change::BucketInHost, virtual_host(probe)),
        CheckKind::OtherScheme => other_scheme(probe),
        CheckKind::Direct => {
            let direct = same(probe).filter(|_| proxied);
            by(CheckRoute::Direct, one(kind, Change::NoProxy, direct))
        }
        CheckKind::EachAddress => {
            let each = same(probe).filter(|probe| !proxied && probe.url.domain().is_some());
            by(CheckRoute::EachAddress, one(kind, Change::EachAddress, each))
        }
        CheckKind::Referer => referer(probe),
        CheckKind::Preflight => preflight(probe, results),
        CheckKind::WithoutToken => one(kind, Change::NoToken, without_token(probe)),
        CheckKind::Versions => one(kind, Change::ListVersions, versions(record, probe)),
        CheckKind::OtherDialect => one(kind, Change::SignedForS3, signed_for_s3(probe)),
    }
}

fn one(kind: CheckKind, change: Change, probe: Option<Probe>) -> Vec<PlannedCheck> {
    let planned = probe.map(|probe| PlannedCheck { kind, change, route: CheckRoute::Same, probes: vec![probe] });
    planned.into_iter().collect()
}

fn by(route: CheckRoute, planned: Vec<PlannedCheck>) -> Vec<PlannedCheck> {
    planned.into_iter().map(|planned| PlannedCheck { route, ..planned }).collect()
}

/// The same request once more. A write is never sent again.
fn same(probe: &Probe) -> Option<Probe> {
    matches!(probe.method.as_str(), "GET" | "HEAD" | "OPTIONS").then(|| probe.clone())
}

fn unsigned(mut probe: Probe) -> Probe {
    probe.auth = Auth::Anonymous;
    probe.headers.retain(|(name, _)| !name.ends_with("-security-token") && name != "authorization");
    probe
}

fn anonymous(probe: &Probe) -> Option<Probe> {
    let signed = matches!(probe.auth, Auth::Sign(_)) || probe.headers.iter().any(|(name, _)| name == "authorization");
    same(probe).filter(|_| signed).map(unsigned)
}

/// A signed GET of an operation that the failed request is not, with the same credentials.
fn signed_get(probe: &Probe, operation: &str, url: Url, credentials: &Arc<Credentials>) -> Option<Probe> {
    let known = OPERATIONS.iter().find(|known| known.name == operation)?;
    let mut other = probe.clone();
    operation.clone_into(&mut other.operation);
    "GET".clone_into(&mut other.method);
    other.url = url;
    other.key = None;
    (other.answer, other.is_sub_resource) = (known.answer, known.is_sub_resource);
    other.headers = Headers::new();
    other.body = Vec::new();
    other.auth = Auth::Sign(Arc::clone(credentials));
    Some(other)
}

fn service_list(probe: &Probe) -> Option<Probe> {
    let Auth::Sign(credentials) = &probe.auth else { return None };
    if probe.operation == "get-service" {
        return None;
    }
    let mut url = probe.url.clone();
    url.set_query(None);
    url.set_path("/");
    let host = url.host_str()?.to_owned();
    let suffix = [DOMAIN, BACKUP_DOMAIN].into_iter().find(|suffix| host.ends_with(suffix));
    if let Some(suffix) = suffix {
        url.set_host(Some(&format!("service.cos{suffix}"))).ok()?;
    } else if let Some(rest) = probe.bucket.as_deref().and_then(|bucket| host.strip_prefix(bucket)?.strip_prefix('.')) {
        url.set_host(Some(rest)).ok()?;
    } else if target::parts_of(&probe.url).bucket != probe.bucket {
        // A custom domain: it knows one bucket and no list.
        return None;
    }
    let mut list = signed_get(probe, "get-service", url, credentials)?;
    list.bucket = None;
    Some(list)
}

fn region_sweep(probe: &Probe, results: &[CheckResult]) -> Vec<PlannedCheck> {
    // The list of buckets has said where it is.
    let told = results.iter().filter(|result| result.kind == CheckKind::ServiceList).any(|result| {
        let list = result.record().and_then(bucket_list::of_record);
        list.is_some_and(|list| probe.bucket.as_deref().and_then(|bucket| list.region_of(bucket)).is_some())
    });
    let parts = target::parts_of(&probe.url);
    let host = probe.url.host_str().unwrap_or_default();
    let (Some(here), Some(bucket), Dialect::Cos, false) = (&parts.region, &probe.bucket, probe.dialect, told) else {
        return Vec::new();
    };
    let elsewhere = regions::regions().filter(|region| region != here && *region != "accelerate");
    let heads = elsewhere.filter_map(|region| {
        let mut head = unsigned(probe.clone());
        let suffix = if host.ends_with(BACKUP_DOMAIN) { BACKUP_DOMAIN } else { DOMAIN };
        head.url.set_host(Some(&format!("{bucket}.cos.{region}{suffix}"))).ok()?;
        head.url.set_path("/");
        head.url.set_query(None);
        "head-bucket".clone_into(&mut head.operation);
        "HEAD".clone_into(&mut head.method);
        (head.headers, head.body, head.key) = (Headers::new(), Vec::new(), None);
        (head.answer, head.is_sub_resource) = (Answer::Headers, false);
        head.region = Some(region.to_owned());
        Some(head)
    });
    let probes: Vec<_> = heads.collect();
    let change = Change::EveryRegion { regions: probes.len() };
    vec![PlannedCheck { kind: CheckKind::RegionSweep, change, route: CheckRoute::Same, probes }]
}

fn clock_corrected(record: &Record, probe: &Probe) -> Vec<PlannedCheck> {
    let skew = clock::seconds_ahead(record).filter(|skew| skew.abs() >= clock::DIFFERENT);
    let (Some(skew), Auth::Sign(_)) = (skew, &probe.auth) else { return Vec::new() };
    let change = Change::StoreClock { seconds: skew };
    let Some(mut corrected) = same(probe) else { return Vec::new() };
    corrected.clock_offset += skew;
    if corrected.clock_offset.abs() > A_DAY {
        // The answer alone says what day it is, and its author would get a signature for that day.
        let (kind, route) = (CheckKind::ClockCorrected, CheckRoute::Same);
        return vec![PlannedCheck { kind, change, route, probes: Vec::new() }];
    }
    one(CheckKind::ClockCorrected, change, Some(corrected))
}

fn backup_domain(probe: &Probe) -> Option<Probe> {
    let host = probe.url.host_str()?.strip_suffix(DOMAIN)?.to_owned();
    // The vendor's SDKs fail over for bucket hosts only, and not for acceleration.
    if !host.contains(".cos.") || host.ends_with(".accelerate") {
        return None;
    }
    let mut other = same(probe).filter(|probe| !matches!(probe.auth, Auth::Carried))?;
    other.url.set_host(Some(&format!("{host}{BACKUP_DOMAIN}"))).ok()?;
    other.headers.retain(|(name, _)| name != "host");
    Some(other)
}

fn virtual_host(probe: &Probe) -> Option<Probe> {
    let host = probe.url.host_str()?.to_owned();
    let is_path_style = host.starts_with("cos.") && endpoint::without_domain(&host).is_some();
    let bucket = probe.bucket.as_deref().filter(|_| is_path_style)?;
    let mut other = same(probe).filter(|probe| !matches!(probe.auth, Auth::Carried))?;
    let path = other.url.path().strip_prefix(&format!("/{bucket}"))?.to_owned();
    // A key of dots alone, whose slash is guarded, has no path of its own.
    if !path.is_empty() && !path.starts_with('/') {
        return None;
    }
    other.url.set_host(Some(&format!("{bucket}.{host}"))).ok()?;
    other.url.set_path(&path);
    Some(other)
}

fn other_scheme(probe: &Probe) -> Vec<PlannedCheck> {
    let (from, to) = if probe.url.scheme() == "https" { ("https", "http") } else { ("http", "https") };
    let Some(mut other) = same(probe).filter(|probe| !matches!(probe.auth, Auth::Carried)) else { return Vec::new() };
    let mut text = probe.url.to_string();
    text.replace_range(..from.len(), to);
    let Ok(url) = Url::parse(&text) else { return Vec::new() };
    other.url = url;
    // A signature and a token are not for everybody on the way to read.
    let change = if to == "http" {
        if target::presigned(&probe.url).is_some() || target::carries_a_token(&probe.url) {
            return Vec::new();
        }
        other = unsigned(other);
        // What is secret in a request given by hand is not known.
        other.headers.retain(|(name, _)| matches!(name.as_str(), "origin" | "referer" | "range" | "host"));
        Change::HttpForHttps
    } else {
        Change::HttpsForHttp
    };
    one(CheckKind::OtherScheme, change, Some(other))
}

/// Only unsigned: the store holds no hotlink rule against a signed request (document 436/13319), so
/// that would prove nothing.
fn referer(probe: &Probe) -> Vec<PlannedCheck> {
    let Some(mut other) = same(probe).filter(|probe| matches!(probe.auth, Auth::Anonymous)) else { return Vec::new() };
    let before = other.headers.len();
    other.headers.retain(|(name, _)| name != "referer");
    let change = if other.headers.len() < before {
        Change::NoReferer
    } else {
        let own = format!("{}://{}/", probe.url.scheme(), probe.url.host_str().unwrap_or_default());
        other.headers.push(("referer".to_owned(), own.clone()));
        Change::Referer(own)
    };
    one(CheckKind::Referer, change, Some(other))
}

/// The bucket's rules where they may be read; else the preflight with less and less asked for.
fn preflight(probe: &Probe, results: &[CheckResult]) -> Vec<PlannedCheck> {
    if probe.method != "OPTIONS" {
        return Vec::new();
    }
    let done: Vec<_> = results.iter().filter(|result| result.kind == CheckKind::Preflight).collect();
    if let (Some(credentials), []) = (&probe.identity, done.as_slice()) {
        let mut url = probe.url.clone();
        let parts = target::parts_of(&url);
        url.set_path(&parts.bucket_path);
        url.set_query(Some("cors"));
        let rules = signed_get(probe, "get-bucket-cors", url, credentials);
        return one(CheckKind::Preflight, Change::CorsRules, rules);
    }
    if done.iter().any(|result| result.record().is_some_and(cors::are_known)) {
        return Vec::new();
    }
    let mut variants = Vec::new();
    let asks_for_headers = |(name, _): &(String, String)| name == "access-control-request-headers";
    if probe.headers.iter().any(asks_for_headers) {
        let mut other = probe.clone();
        other.headers.retain(|header| !asks_for_headers(header));
        variants.extend(one(CheckKind::Preflight, Change::NoRequestHeaders, Some(other)));
    }
    for method in ["GET", "PUT", "POST"] {
        let mut other = probe.clone();
        let asked = other.headers.iter_mut().find(|(name, _)| name == "access-control-request-method");
        let Some((_, asked)) = asked.filter(|(_, asked)| asked != method) else { continue };
        let change = Change::RequestMethod { from: asked.clone(), to: method.to_owned() };
        method.clone_into(asked);
        variants.extend(one(CheckKind::Preflight, change, Some(other)));
    }
    variants
}

fn without_token(probe: &Probe) -> Option<Probe> {
    let Auth::Sign(credentials) = &probe.auth else { return None };
    credentials.token.as_ref()?;
    let mut bare = Credentials::clone(credentials);
    bare.token = None;
    let mut other = same(probe)?;
    other.auth = Auth::Sign(Arc::new(bare));
    Some(other)
}

/// The same request with the same key, signed as S3 stores expect it.
fn signed_for_s3(probe: &Probe) -> Option<Probe> {
    let is_signed = matches!(probe.auth, Auth::Sign(_)) && probe.dialect == Dialect::Cos;
    same(probe).filter(|_| is_signed).map(|probe| Probe { dialect: Dialect::S3, ..probe })
}

/// The list of the bucket that the key was asked of, from that key on.
fn versions(record: &Record, probe: &Probe) -> Option<Probe> {
    let key = probe.key.as_deref().filter(|_| asked::is_sent_as_asked(record))?;
    let credentials = match &probe.auth {
        Auth::Sign(credentials) => credentials,
        _ => probe.identity.as_ref()?,
    };
    let path = percent::decode(probe.url.path());
    let mut url = probe.url.clone();
    url.set_path(&percent::path(path.strip_suffix(&format!("/{key}"))?));
    url.set_query(Some(&format!("versions&max-keys=10&prefix={}", percent::component(key))));
    signed_get(probe, "get-bucket-object-versions", url, credentials)
}
