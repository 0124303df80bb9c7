//! How to get there: endpoint, names, proxies, certificates and limits, each with its origin.

use std::time::Duration;

use super::credentials::CredentialLookup;
use super::environment::Environment;
use super::error::ConfigError;
use super::flags::{Flags, SECONDS};
use super::origin::{BUILT_IN, Origin};
use super::profile_selection::SelectedProfile;
use crate::domain::dialect::Dialect;
use crate::domain::endpoint::{Endpoint, Scheme};
use crate::domain::profile::{Connection, DnsMode, Proxies, Proxy, Timeouts};

/// The endpoint by flag, profile, variable (`s3`) or another tool's file; else the store's own.
///
/// # Errors
/// When it is not an endpoint.
pub fn endpoint(
    flags: &Flags,
    chosen: &SelectedProfile,
    environment: Environment<'_>,
    found: &CredentialLookup,
    dialect: Dialect,
    origins: &mut Vec<Origin>,
) -> Result<Endpoint, ConfigError> {
    let place = found.place.clone().unwrap_or_default();
    let variable = |name: &str| environment(name).filter(|value| !value.is_empty() && dialect == Dialect::S3);
    let given = [
        (flags.endpoint.clone(), "--endpoint".to_owned()),
        (chosen.entry.endpoint.clone(), format!("endpoint in {}", chosen.place())),
        (variable("AWS_ENDPOINT_URL_S3"), "AWS_ENDPOINT_URL_S3".to_owned()),
        (variable("AWS_ENDPOINT_URL"), "AWS_ENDPOINT_URL".to_owned()),
        (found.endpoint.clone().filter(|_| flags.scheme.is_none()), place.clone()),
    ];
    if let Some((text, from)) = given.into_iter().find_map(|(text, from)| Some((text?, from))) {
        let endpoint = Endpoint::parse(&text).map_err(|error| ConfigError::Endpoint { from: from.clone(), error })?;
        origins.push(Origin::new("endpoint", text, from));
        return Ok(endpoint);
    }
    let (scheme, from) = match (flags.scheme, chosen.entry.scheme, &found.scheme) {
        (Some(scheme), ..) => (scheme, "--scheme".to_owned()),
        (None, Some(scheme), _) => (scheme, format!("scheme in {}", chosen.place())),
        (None, None, Some(text)) => match Scheme::named(text) {
            Some(scheme) => (scheme, place),
            None => return Err(ConfigError::Scheme { from: place, scheme: text.clone() }),
        },
        (None, None, None) => (Scheme::default(), BUILT_IN.to_owned()),
    };
    let endpoint = Endpoint::of(dialect, scheme.as_str());
    origins.push(Origin::new("endpoint", endpoint.to_string(), from));
    Ok(endpoint)
}

/// Everything else about the connection.
///
/// # Errors
/// When a file, proxy, address or number is not what it should be.
pub fn connection(
    flags: &Flags,
    chosen: &SelectedProfile,
    environment: Environment<'_>,
    origins: &mut Vec<Origin>,
) -> Result<Connection, ConfigError> {
    let dns = flags.connect_to.map_or(DnsMode::System, DnsMode::Fixed);
    if let DnsMode::Fixed(address) = dns {
        origins.push(Origin::new("connect to", address.to_string(), "--connect-to"));
    }
    let by_flag = flags.ca_file.clone().map(|path| (path, "--ca-file".to_owned()));
    let by_profile = || chosen.entry.ca_file.clone().map(|path| (path, format!("ca_file in {}", chosen.place())));
    let by_any = by_flag.or_else(by_profile);
    let ca_file = by_any.as_ref().map(|(path, _)| path.clone());
    let ca_pem = by_any
        .map(|(path, from)| {
            origins.push(Origin::new("CA file", path.display().to_string(), &from));
            let invalid = |kind| ConfigError::CaFile { from: from.clone(), path: path.clone(), kind };
            let pem = std::fs::read(&path).map_err(|error| invalid(Some(error.kind())))?;
            crate::engine::certificates(&pem).map_err(|_| invalid(None))?;
            Ok(pem)
        })
        .transpose()?;
    Ok(Connection {
        dns,
        proxies: proxies(flags, chosen, environment, origins)?,
        no_proxy: environment("NO_PROXY").or_else(|| environment("no_proxy")),
        ca_pem,
        ca_file,
        insecure: flags.insecure,
        timeouts: timeouts(flags, chosen, origins)?,
    })
}

/// A proxy by flag or profile is for everything; the variables are for their scheme of URL each, and
/// `--connect-to`, which says where to connect, overrules them.
fn proxies(
    flags: &Flags,
    chosen: &SelectedProfile,
    environment: Environment<'_>,
    origins: &mut Vec<Origin>,
) -> Result<Proxies, ConfigError> {
    let entry = &chosen.entry;
    let mut checked = |text: String, from: &'static str| match url::Url::parse(&text) {
        Ok(url) if matches!(url.scheme(), "http" | "https") && url.has_host() => {
            let user = if url.username().is_empty() { "" } else { "…@" };
            let port = url.port_or_known_default().unwrap_or_default();
            let shown = format!("{}://{user}{}:{port}", url.scheme(), url.host_str().unwrap_or_default());
            origins.push(Origin::new("proxy", shown, from));
            Ok(Proxy { url: text, from })
        }
        _ => Err(ConfigError::Proxy(from.to_owned())),
    };
    if flags.proxy.is_some() && flags.connect_to.is_some() {
        return Err(ConfigError::ProxyAndConnectTo);
    }
    let explicit = flags.proxy.clone().map(|proxy| (proxy, "--proxy"));
    let of_profile = entry.proxy.clone().filter(|_| flags.connect_to.is_none()).map(|proxy| (proxy, "proxy"));
    if let Some((proxy, from)) = explicit.or(of_profile) {
        let proxy = checked(proxy, from)?;
        return Ok(Proxies { http: Some(proxy.clone()), https: Some(proxy) });
    }
    if flags.connect_to.is_some() {
        return Ok(Proxies::default());
    }
    let mut by_variable = |names: [&'static str; 2]| {
        let found =
            names.into_iter().find_map(|name| Some((environment(name).filter(|proxy| !proxy.is_empty())?, name)));
        found.map(|(proxy, name)| checked(proxy, name)).transpose()
    };
    Ok(Proxies {
        http: by_variable(["http_proxy", "HTTP_PROXY"])?,
        https: by_variable(["HTTPS_PROXY", "https_proxy"])?,
    })
}

fn timeouts(flags: &Flags, chosen: &SelectedProfile, origins: &mut Vec<Origin>) -> Result<Timeouts, ConfigError> {
    let (timeouts, from) = match (flags.timeout, chosen.entry.timeout) {
        (Some(timeout), _) => (Timeouts::within(timeout), "--timeout".to_owned()),
        (None, Some(seconds)) => {
            let from = format!("timeout in {}", chosen.place());
            if !SECONDS.contains(&seconds) {
                return Err(ConfigError::Timeout { from, seconds });
            }
            (Timeouts::within(Duration::from_secs_f64(seconds)), from)
        }
        (None, None) => (Timeouts::default(), BUILT_IN.to_owned()),
    };
    origins.push(Origin::new("timeout", format!("{} s", timeouts.total.as_secs_f64()), from));
    Ok(timeouts)
}
