//! `cosdiag sign`: a signature with its working. It sends nothing.

use std::io::{self, IsTerminal};

use anyhow::bail;
use clap::Args;
use jiff::Timestamp;
use serde::Serialize;
use url::Url;

use super::settings::settings;
use super::status::language;
use super::values::PageFormat;
use crate::config::Flags;
use crate::domain::credentials::Credentials;
use crate::domain::dialect::Dialect;
use crate::domain::endpoint::{self, host_with_port};
use crate::domain::{percent, target};
use crate::i18n::tell;
use crate::report::json;
use crate::sign::{Placement, Request, Signed, cos, sigv4};

/// What to sign. The signed headers are host and those of --header.
#[derive(Debug, Args)]
pub struct SignArgs {
    /// HTTP method
    #[arg(value_parser = method)]
    method: String,
    /// Full URL
    url: String,
    /// Start of the validity, in Unix seconds (cos)
    #[arg(long, value_name = "SECONDS")]
    start: Option<i64>,
    /// End of the validity, in Unix seconds (cos)
    #[arg(long, value_name = "SECONDS")]
    end: Option<i64>,
    /// Time of signing, such as 2026-11-23T06:38:09Z (s3)
    #[arg(long, value_name = "RFC3339", value_parser = time)]
    time: Option<Timestamp>,
    /// SHA-256 of the body in hex, or UNSIGNED-PAYLOAD (s3)
    #[arg(long, value_name = "HEX|UNSIGNED-PAYLOAD", value_parser = payload)]
    payload_sha256: Option<String>,
    /// Print a presigned URL that is valid for this many seconds
    #[arg(long, value_name = "SECONDS")]
    presign: Option<u32>,
    /// Print in this format
    #[arg(long, value_enum, value_name = "FORMAT")]
    format: Option<PageFormat>,
}

/// A value that cannot be used, with what to use.
#[derive(Debug, thiserror::Error)]
enum Invalid {
    #[error("Use an HTTP method, such as GET")]
    Method,
    #[error("Use an RFC 3339 time, such as 2026-11-23T06:38:09Z")]
    Time,
    #[error("Use 64 hex digits or UNSIGNED-PAYLOAD")]
    Payload,
}

fn method(text: &str) -> Result<String, Invalid> {
    let method = text.to_ascii_uppercase();
    if method.bytes().all(|b| b.is_ascii_uppercase()) { Ok(method) } else { Err(Invalid::Method) }
}

fn time(text: &str) -> Result<Timestamp, Invalid> {
    text.parse().map_err(|_| Invalid::Time)
}

fn payload(text: &str) -> Result<String, Invalid> {
    let is_hash = text.len() == 64 && text.bytes().all(|b| b.is_ascii_hexdigit());
    if is_hash || text == sigv4::UNSIGNED_PAYLOAD { Ok(text.to_owned()) } else { Err(Invalid::Payload) }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Shown {
    authorization: String,
    url: String,
    signed_headers: String,
    canonical_request: String,
    string_to_sign: String,
}

/// Runs the command.
pub fn run(args: &SignArgs, flags: &Flags) -> anyhow::Result<u8> {
    let as_json = match args.format {
        Some(format) => format == PageFormat::Json,
        None => !io::stdout().is_terminal(),
    };
    let settings = settings(flags, false)?;
    let Some(credentials) = settings.profile.credentials.as_deref() else {
        bail!(tell!(
            language(),
            "no credentials. Set %{variables}",
            variables = settings.profile.credential_variables()
        ));
    };
    let url = Url::parse(&args.url).ok().filter(Url::has_host);
    let Some((url, written)) = url.zip(target::written(&args.url)) else {
        bail!(tell!(
            language(),
            "invalid URL \"%{url}\". Use a full URL such as https://b-1250000000.cos.ap-guangzhou.myqcloud.com/key",
            url = args.url
        ))
    };
    // What was typed is signed: a parser of URLs folds the host's letters and resolves dots.
    let host = if written.host.is_ascii() { written.host.to_owned() } else { host_with_port(&url) };
    let mut headers = settings.headers.clone();
    if !headers.iter().any(|(name, _)| name == "host") {
        headers.push(("host".to_owned(), host.clone()));
    }
    let path = if written.path.is_empty() { "/".to_owned() } else { percent::decode(written.path) };
    let query = percent::query_pairs(written.query.unwrap_or_default());
    let request = Request { method: &args.method, path: &path, query: &query, headers: &headers };
    let signed = match settings.profile.dialect {
        Dialect::Cos => of_cos(args, &request, credentials)?,
        Dialect::S3 => of_s3(args, &request, credentials, settings.profile.region.as_deref())?,
    };
    let mut shown = Shown {
        authorization: signed.authorization,
        url: endpoint::written(url.scheme(), &host, &path, &query),
        signed_headers: signed.signed_headers,
        canonical_request: signed.canonical_request,
        string_to_sign: signed.string_to_sign,
    };
    if args.presign.is_some() {
        let separator = if shown.url.contains('?') { '&' } else { '?' };
        let added = signed
            .query
            .iter()
            .map(|(name, value)| format!("{}={}", percent::component(name), percent::component(value)));
        shown.url = format!("{}{separator}{}", shown.url, added.collect::<Vec<_>>().join("&"));
    }
    if as_json {
        let mut out = Vec::new();
        json::write(&mut out, &shown, true)?;
        out.push(b'\n');
        return super::status::print(&String::from_utf8_lossy(&out));
    }
    super::status::print(&in_words(&shown, args.presign.is_some()))
}

fn in_words(shown: &Shown, presigned: bool) -> String {
    let block = |text: &str| text.lines().map(|line| format!("  {line}\n")).collect::<Vec<_>>().concat();
    let first = if presigned { ("URL", &shown.url) } else { ("Authorization", &shown.authorization) };
    format!(
        "{}\n{}Signed headers\n{}Canonical request\n{}String to sign\n{}",
        first.0,
        block(first.1),
        block(&shown.signed_headers),
        block(&shown.canonical_request),
        block(&shown.string_to_sign)
    )
}

fn of_cos(args: &SignArgs, request: &Request<'_>, credentials: &Credentials) -> anyhow::Result<Signed> {
    if args.time.is_some() || args.payload_sha256.is_some() {
        bail!(tell!(language(), "--time and --payload-sha256 need --dialect s3. For cos use --start and --end"));
    }
    let now = Timestamp::now().as_second();
    let around = cos::KeyTime::around(now);
    let start = args.start.unwrap_or(around.start);
    // The validity asked for counts from now, or from the start that was given: the minute before
    // it is only there for clocks that differ.
    let valid = args.presign.map_or(around.end - now, i64::from);
    let end = args.end.unwrap_or_else(|| args.start.unwrap_or(now).saturating_add(valid));
    if end <= start {
        bail!(tell!(
            language(),
            "--end %{end} is not after --start %{start}. Use a later end",
            end = end,
            start = start
        ));
    }
    let placement = if args.presign.is_some() { Placement::Url } else { Placement::Header };
    Ok(cos::sign(request, credentials, cos::KeyTime { start, end }, placement))
}

fn of_s3(
    args: &SignArgs,
    request: &Request<'_>,
    credentials: &Credentials,
    region: Option<&str>,
) -> anyhow::Result<Signed> {
    if args.start.is_some() || args.end.is_some() {
        bail!(tell!(language(), "--start and --end need --dialect cos. For s3 use --time"));
    }
    let time = args.time.unwrap_or_else(Timestamp::now);
    let region = region.unwrap_or("us-east-1");
    let payload = args.payload_sha256.as_deref();
    if let Some(seconds) = args.presign {
        let scope = sigv4::Scope { region, time, payload: payload.unwrap_or(sigv4::UNSIGNED_PAYLOAD) };
        return Ok(sigv4::presign(request, credentials, &scope, u64::from(seconds)));
    }
    let scope = sigv4::Scope { region, time, payload: payload.unwrap_or(sigv4::EMPTY_PAYLOAD) };
    Ok(sigv4::sign(request, credentials, &scope))
}
