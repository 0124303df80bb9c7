//! The command that sends a recorded request again with a profile of the reader's own.
//!
//! Nothing is assumed about where it went: each way to write the command is planned as `cosdiag probe`
//! would plan it, and the first one that comes to the same method and URL is offered.

use std::net::SocketAddr;
use std::sync::Arc;

use url::Url;

use crate::domain::dialect::Dialect;
use crate::domain::endpoint::{self, Addressing, Endpoint};
use crate::domain::exchange::{header, is_token};
use crate::domain::operation::{self, Operation};
use crate::domain::percent;
use crate::domain::plan::{self, ProbeSelection};
use crate::domain::probe::{ASKING, Probe, RequestOptions};
use crate::domain::profile::{Connection, Profile};
use crate::domain::record::Record;
use crate::domain::redacted::REDACTED;
use crate::domain::shell::Command;
use crate::domain::target::{self, Target};
use crate::report::curl;
use crate::text::sanitize::is_unsafe_char;

/// Headers of the connection and the signature, which each request gets again.
const MADE_ANEW: &[&str] = &[
    "host",
    "authorization",
    "user-agent",
    "accept",
    "connection",
    "content-length",
    "transfer-encoding",
    "date",
    "x-amz-date",
    "x-amz-content-sha256",
    "x-cos-security-token",
    "x-amz-security-token",
];

/// What is asked of a target.
#[derive(Clone)]
enum What {
    Operation(&'static Operation),
    Request(String),
    /// A GET of the target, which is a URL.
    Get,
}

/// One way to write the command.
struct Way {
    target: String,
    endpoint: Endpoint,
    what: What,
}

/// The command, where there is one: it writes nothing, and carries no signature of its own.
pub fn command(record: &Record) -> Option<String> {
    let is_read = matches!(record.method.as_str(), "GET" | "HEAD" | "OPTIONS");
    if !is_read || record.url.contains(REDACTED) || record.via.carried {
        return None;
    }
    let written = curl::url(&record.url)?;
    let url = target::read(&written).ok().filter(|url| url.username().is_empty())?;
    let wanted = endpoint::strict(&url).ok()?;
    let asked =
        |way: &Way| planned(way, record).is_some_and(|probe| probe.method == record.method && probe.url == wanted);
    let way = ways(record, &url, &written).into_iter().find(asked)?;
    let probe = planned(&way, record)?;
    let usual =
        [("https", None), ("http", Some("http"))].map(|(scheme, flag)| (Endpoint::of(record.dialect, scheme), flag));
    let usual = usual.iter().find(|(endpoint, _)| *endpoint == way.endpoint);
    let mut command = Command::new("cosdiag probe").word(&way.target);
    command = match &way.what {
        What::Operation(operation) => command.option("--op", operation.name),
        What::Request(line) => command.option("--request", line),
        What::Get => command,
    };
    command = command.optional("--region", region(record).as_deref());
    // A full URL says where by itself.
    let is_url = way.target.contains("://") && !way.target.ends_with("://");
    command = match usual {
        _ if is_url => command,
        Some((_, scheme)) => command.optional("--scheme", *scheme),
        None => command.option("--endpoint", &way.endpoint.to_string()),
    };
    command = match record.dialect {
        Dialect::S3 => command.then("--dialect s3"),
        Dialect::Cos if usual.is_none() => command.then("--dialect cos"),
        Dialect::Cos => command,
    };
    Some(connected(sent(command, record, &probe), record).line())
}

/// The ways to write it, the shortest first.
fn ways(record: &Record, url: &Url, whole: &str) -> Vec<Way> {
    let https = Endpoint::of(record.dialect, url.scheme());
    let endpoints: Vec<Endpoint> = std::iter::once(https.clone()).chain(endpoint_of(record, url)).collect();
    let operation = operation::known(&record.operation).map(What::Operation);
    let query = url.query().map(|query| format!("?{query}")).unwrap_or_default();
    let key = percent::path(record.key.as_deref().unwrap_or_default());
    let by_hand = What::Request(format!("{} /{key}{query}", record.method));
    let named = record.bucket.as_ref().map_or_else(|| "cos://".to_owned(), |_| record.target());
    let bucket = record.bucket.clone().unwrap_or_else(|| "cos://".to_owned());
    let mut ways = Vec::new();
    let mut way = |target: &str, endpoint: &Endpoint, what: &What| {
        // What cannot be typed is in the URL only, percent-encoded.
        if !target.starts_with('-') && !target.contains(is_unsafe_char) {
            ways.push(Way { target: target.to_owned(), endpoint: endpoint.clone(), what: what.clone() });
        }
    };
    if let Some(operation) = &operation {
        for endpoint in &endpoints {
            way(&named, endpoint, operation);
        }
        way(whole, &https, operation);
    } else {
        way(whole, &https, &What::Get);
    }
    for endpoint in &endpoints {
        way(&bucket, endpoint, &by_hand);
    }
    way(whole, &https, &by_hand);
    ways
}

/// The endpoint that a URL was made from: the bucket in front of the host, or a segment of the path.
fn endpoint_of(record: &Record, url: &Url) -> Option<Endpoint> {
    let (scheme, host) = (url.scheme(), endpoint::host_with_port(url));
    let Some(bucket) = &record.bucket else { return Endpoint::parse(&format!("{scheme}://{host}")).ok() };
    let rest = host.strip_prefix(&bucket.to_ascii_lowercase()).filter(|rest| rest.starts_with('.'));
    if let Some(rest) = rest {
        return Endpoint::parse(&format!("{scheme}://{{bucket}}{rest}")).ok();
    }
    let segment = format!("/{}", percent::path(bucket));
    let path = format!("{}/", url.path());
    let (before, _) = path.split_once(&format!("{segment}/"))?;
    let endpoint = Endpoint::parse(&format!("{scheme}://{host}{before}")).ok()?;
    (endpoint.addressing() == Addressing::Path).then_some(endpoint)
}

/// The one request that `cosdiag probe` would make of it.
fn planned(way: &Way, record: &Record) -> Option<Probe> {
    let target = Target::parse(&way.target).ok()?;
    let asked = match &way.what {
        What::Operation(operation) => ProbeSelection { operations: vec![operation], ..ProbeSelection::default() },
        What::Request(line) => ProbeSelection { requests: vec![line.clone()], ..ProbeSelection::default() },
        What::Get => ProbeSelection::default(),
    };
    let profile = Profile {
        name: String::new(),
        dialect: record.dialect,
        region: region(record).filter(|region| !region.starts_with('-')),
        endpoint: way.endpoint.clone(),
        credentials: None,
        anonymous: true,
        connection: Connection::default(),
        bucket: None,
        buckets: Arc::default(),
    };
    let extras = RequestOptions { origin: origin(record).map(str::to_owned), ..RequestOptions::default() };
    plan::plan(&target, &asked, &profile, &extras, 1)
        .ok()?
        .pop()
        .filter(|probe| record.region.is_none() || probe.region == record.region)
}

/// The region that it was signed for. A log of Amazon's names it in the host only.
fn region(record: &Record) -> Option<String> {
    let of_host = || {
        let host = target::host_of(&record.url).strip_suffix(".amazonaws.com")?;
        let (_, region) = host.rsplit_once("s3.").filter(|(before, _)| before.is_empty() || before.ends_with('.'))?;
        Some(region.to_owned()).filter(|region| !region.contains('.'))
    };
    record.region.clone().or_else(of_host)
}

fn origin(record: &Record) -> Option<&str> {
    header(&record.request.headers, "origin").filter(|origin| sendable(origin))
}

fn sendable(value: &str) -> bool {
    !value.contains(is_unsafe_char) && !value.contains(REDACTED)
}

/// With what the request asked in addition to its URL, and whether it was signed.
fn sent(mut command: Command, record: &Record, probe: &Probe) -> Command {
    let headers = &record.request.headers;
    let is_own = record.source.is_probe();
    let is_signed = header(headers, "authorization").is_some();
    if is_own && !is_signed && !headers.is_empty() && record.method != "OPTIONS" {
        command = command.then("--anonymous");
    }
    // The flag takes a whole origin; a header takes `null` too.
    let is_origin =
        |text: &&str| Url::parse(text).is_ok_and(|url| url.has_host() && url.path() == "/" && !text.ends_with('/'));
    let by_flag = origin(record).filter(|origin| probe.operation == "options-object" && is_origin(origin));
    command = command.optional("--origin", by_flag);
    let host = endpoint::host_with_port(&probe.url);
    let given = |(name, value): &&(String, String)| match name.as_str() {
        "host" => is_own && !value.eq_ignore_ascii_case(&host),
        "user-agent" => is_own && !value.starts_with("cosdiag/"),
        "accept" => is_own && value != "*/*",
        "origin" if by_flag.is_some() => false,
        name if is_own => !MADE_ANEW.contains(&name),
        name => ASKING.contains(&name),
    };
    let is_planned = |pair: &&(String, String)| probe.headers.contains(pair) && pair.0 != "origin";
    for (name, value) in headers.iter().filter(given).filter(|pair| !is_planned(pair)) {
        if is_token(name) && sendable(value) {
            command = command.option("--header", &format!("{name}: {value}"));
        }
    }
    command
}

/// With the way it took to the store.
fn connected(mut command: Command, record: &Record) -> Command {
    let via = &record.via;
    let address = via.connect_to.as_deref().filter(|address| address.parse::<SocketAddr>().is_ok());
    command = match (address, via.proxy.as_deref().and_then(curl::url)) {
        (Some(address), _) => command.option("--connect-to", address),
        (None, Some(proxy)) => command.option("--proxy", &proxy),
        (None, None) => command,
    };
    let file = via.ca_file.as_deref().filter(|file| !file.starts_with('-') && !file.contains(is_unsafe_char));
    command = command.optional("--ca-file", file);
    if via.insecure { command.then("--insecure") } else { command }
}
