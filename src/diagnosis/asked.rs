//! What an answer says of the request, held against what was asked: where it names another host, bucket or
//! key, another request was read than was asked for, and whatever the Code says is about that one.

use std::borrow::Cow;

use url::Url;

use crate::domain::dialect::Dialect;
use crate::domain::endpoint;
use crate::domain::percent;
use crate::domain::record::Record;
use crate::domain::target;
use crate::domain::verdict::Named;

/// Another name than the one that was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mismatch {
    pub what: Named,
    /// The element of the body that says it, where one does.
    pub element: Option<&'static str>,
    /// The name in the answer.
    pub named: String,
    /// The name that was asked for.
    pub asked: String,
}

/// The first name in a failed answer that is not the one that was asked for.
pub fn mismatch(record: &Record) -> Option<Mismatch> {
    let is_read = matches!(record.method.as_str(), "GET" | "HEAD" | "OPTIONS");
    // What is processed, and what a copy is made of, has names of its own.
    if !is_read || is_processed(record) {
        return None;
    }
    bucket(record)
        .or_else(|| host(record))
        .or_else(|| twice(record))
        .or_else(|| key(record))
        .or_else(|| any_key(record))
}

/// The object is asked for as what is made of it.
pub fn is_processed(record: &Record) -> bool {
    let (_, query) = record.url.split_once('?').unwrap_or_default();
    let mut names = percent::query_pairs(query).into_iter().map(|(name, _)| name);
    names.any(|name| name.contains('/') || name.starts_with("ci-") || name.starts_with("image"))
}

/// The request as it was sent is the one for this bucket and this key, and names the bucket once.
pub fn is_sent_as_asked(record: &Record) -> bool {
    let (Some(bucket), Some(key), Some((host, path))) = (&record.bucket, &record.key, sent(record)) else {
        return false;
    };
    let Some(path) = path.strip_prefix('/') else { return false };
    if begins_with_bucket(&host, bucket) {
        path == key.as_str()
    } else {
        path.strip_prefix(bucket.as_str()).and_then(|rest| rest.strip_prefix('/')) == Some(key)
    }
}

/// Host and decoded path of the URL as it is written: parsed again, its dots would go.
fn sent(record: &Record) -> Option<(Cow<'_, str>, Cow<'_, str>)> {
    let (_, rest) = record.url.split_once("://")?;
    let end = rest.bytes().position(|byte| matches!(byte, b'?' | b'#'));
    let whole = &rest[..end.unwrap_or(rest.len())];
    let (host, path) = whole.split_at(whole.find('/').unwrap_or(whole.len()));
    let is_lower = !host.bytes().any(|byte| byte.is_ascii_uppercase());
    let host = if is_lower { Cow::Borrowed(host) } else { host.to_ascii_lowercase().into() };
    Some((host, if path.is_empty() { "/".into() } else { percent::decoded(path) }))
}

/// Whether a host is a bucket's own.
fn begins_with_bucket(host: &str, bucket: &str) -> bool {
    host.strip_prefix(bucket).is_some_and(|rest| rest.starts_with('.'))
}

fn bucket(record: &Record) -> Option<Mismatch> {
    let said = record.error.others.get("BucketName")?;
    let (host, path) = sent(record)?;
    let asked = record.bucket.clone().unwrap_or_default();
    let is_same = said.eq_ignore_ascii_case(&asked) || asked.ends_with(&format!(":{said}"));
    let name = host.split(':').next().unwrap_or_default();
    let in_host = !asked.is_empty() && begins_with_bucket(&host, &asked.to_ascii_lowercase());
    if in_host && (said.eq_ignore_ascii_case(name) || path.split('/').nth(1) == Some(said.as_str())) {
        return Some(Mismatch { what: Named::BucketHost, element: Some("BucketName"), named: said.clone(), asked });
    }
    // A bucket may well have its host's name; one that does not exist was made of it.
    if said.eq_ignore_ascii_case(name) {
        let is_made_up = record.error.code.as_deref() == Some("NoSuchBucket") && !asked.is_empty();
        let made_up = || Mismatch { what: Named::BucketHost, element: Some("BucketName"), named: said.clone(), asked };
        return is_made_up.then(made_up);
    }
    // In a URL with the bucket in an unknown host, the path was taken for the bucket.
    if is_same || begins_with_bucket(&host, &said.to_ascii_lowercase()) {
        return None;
    }
    let is_path = path.starts_with(&format!("/{said}/")) && path.contains(&format!("/{asked}")) && !asked.is_empty();
    let what = match (is_path, asked.is_empty()) {
        (true, _) => Named::EndpointPath,
        (false, true) => Named::SomeBucket,
        (false, false) => Named::Bucket,
    };
    Some(Mismatch { what, element: Some("BucketName"), named: said.clone(), asked })
}

/// COS names the host that it saw.
fn host(record: &Record) -> Option<Mismatch> {
    let (said, _) = record.error.resource.as_deref()?.split_once('/')?;
    // Nearly every answer names the very host that was asked.
    let is_same = said == target::host_of(&record.url) && endpoint::without_domain(said).is_some();
    if is_same || record.dialect != Dialect::Cos {
        return None;
    }
    let url = Url::parse(&record.url).ok()?;
    let asked = url.host_str()?;
    let is_host = said.contains('.') || said.contains(':');
    let asked_parts = target::parts_of(&url);
    // A host that is not the vendor's stands for another one by design.
    let region = asked_parts.region.as_deref().filter(|_| is_host)?;
    let said_url = Url::parse(&format!("http://{said}/")).ok()?;
    let said_parts = target::parts_of(&said_url);
    let is_vendors = said_url.host_str().and_then(endpoint::without_domain).is_some();
    let elsewhere = |other: &str| other != region && other != "accelerate" && region != "accelerate";
    let differs = !is_vendors
        || said_parts.bucket.is_some() && said_parts.bucket != asked_parts.bucket && asked_parts.bucket_path == "/"
        || said_parts.region.as_deref().is_some_and(elsewhere);
    differs.then(|| Mismatch {
        what: Named::Host,
        element: Some("Resource"),
        named: said.to_owned(),
        asked: asked.to_owned(),
    })
}

/// The bucket in the endpoint, and once more behind it. Not every store names the key that it looked for.
fn twice(record: &Record) -> Option<Mismatch> {
    let bucket = record.bucket.as_deref().filter(|_| record.status_code == Some(404))?;
    let (host, path) = sent(record)?;
    let before = match &record.key {
        Some(key) => path.strip_suffix(key.as_str())?.strip_suffix('/')?,
        None => &path,
    };
    let in_path = before.split('/').filter(|part| *part == bucket).count();
    // Another host may begin with the bucket's name by chance.
    let in_host = begins_with_bucket(&host, bucket) && endpoint::without_domain(&host).is_some();
    (in_path + usize::from(in_host) > 1).then(|| Mismatch {
        what: Named::BucketTwice,
        element: None,
        named: before.trim_matches('/').to_owned(),
        asked: bucket.to_owned(),
    })
}

/// Encodings differ, so only what is left of them counts.
fn bare(text: &str) -> Cow<'_, str> {
    if !text.contains(['%', '+']) {
        return text.trim_start_matches('/').into();
    }
    percent::decode(text).replace('+', " ").trim_start_matches('/').to_owned().into()
}

fn key(record: &Record) -> Option<Mismatch> {
    let others = &record.error.others;
    let asked = record.key.as_deref().filter(|_| others.contains_key("Key") || record.error.resource.is_some())?;
    let bucket = record.bucket.as_deref().unwrap_or_default();
    let path = sent(record).map(|(_, path)| path).unwrap_or_default();
    let (whole, bare_key) = (bare(&path), bare(asked));
    // With its bucket named next to it a key is a key; alone it may be that of a bucket in the host.
    let is_exact = others.get("BucketName").is_some_and(|said| said.eq_ignore_ascii_case(bucket));
    let is_asked = |said: &str| {
        let said = bare(said);
        said == bare_key || (said == whole && !is_exact)
    };
    let element = others.get("Key").map(|said| ("Key", said.as_str(), is_asked(said)));
    let resource = || {
        // Host and key, bucket and key, the key alone, or no more than a slash.
        let resource = record.error.resource.as_deref()?;
        let (_, rest) = resource.trim_start_matches('/').split_once('/').unwrap_or_default();
        let name = bare(resource);
        let is_plain = resource.contains('/') && !name.is_empty() && name.trim_end_matches('/') != bucket;
        let readings = [resource, rest, rest.strip_prefix(bucket).unwrap_or(rest)];
        (is_plain && (!rest.is_empty() || resource.starts_with('/')))
            .then(|| ("Resource", resource, readings.into_iter().any(is_asked)))
    };
    let (element, said, is_asked) = element.or_else(resource)?;
    (!is_asked).then(|| Mismatch {
        what: Named::Key,
        element: Some(element),
        named: said.to_owned(),
        asked: asked.to_owned(),
    })
}

/// A key was looked for, and the request was for a bucket.
fn any_key(record: &Record) -> Option<Mismatch> {
    let is_about_a_key = ["NoSuchKey", "NoSuchVersion"].iter().any(|code| record.error.code.as_deref() == Some(code));
    let bucket =
        record.bucket.clone().filter(|_| is_about_a_key && record.key.is_none() && record.source.is_probe())?;
    let said = record.error.others.get("Key").cloned().unwrap_or_default();
    Some(Mismatch { what: Named::AnyKey, element: None, named: said, asked: bucket })
}
