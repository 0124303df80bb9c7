//! Names for what goes wrong before a whole answer is there: the ones a Node.js user sees in
//! `err.code`, with the lowest cause in plain words.

use std::error::Error;
use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use hyper_util::client::legacy;
use rustls::CertificateError;

use super::connection::SendError;
use super::timing::{PhaseTimer, Waiting, this_end};
use crate::domain::exchange::ClientException;

/// Where a request was going, for the words of its failure.
pub struct Route<'a> {
    /// Host and port of the URL.
    pub host: &'a str,
    /// The address that is dialled whatever the host, where one is.
    pub fixed: Option<SocketAddr>,
    /// The proxy that it went through, as the words of a failure name it.
    pub proxy: Option<&'a str>,
    /// The limit on a connection.
    pub connect_limit: Duration,
}

impl Route<'_> {
    /// What was dialled for the host: the same, or a fixed address.
    fn dialled(&self) -> String {
        match self.fixed {
            Some(address) => format!("{address} (for {})", self.host),
            None => self.host.to_owned(),
        }
    }
}

/// A name that was not found, with the resolver's reason.
#[derive(Debug, thiserror::Error)]
#[error("no address for the name")]
pub struct Unresolved(#[source] pub Box<dyn Error + Send + Sync>);

fn exception(code: &'static str, message: impl Into<String>) -> ClientException {
    ClientException { code, message: message.into() }
}

/// The time was over: what did not come within it is known by the phases reached.
pub fn too_late(timer: &PhaseTimer, route: &Route<'_>, limit: Duration) -> ClientException {
    let within = seconds(limit);
    match timer.waiting() {
        Waiting::Name(name) => {
            exception("EAI_AGAIN", format!("the resolver gave no answer for {name} within {within}"))
        }
        // Silence behind an open tunnel is the proxy's or the other side's.
        Waiting::Connection | Waiting::Handshake if route.proxy.is_some() => {
            let proxy = route.proxy.unwrap_or_default();
            exception("EPROXY", format!("no connection through the proxy {proxy} within {within}"))
        }
        Waiting::Connection => exception("ETIMEDOUT", format!("no connection to {} within {within}", route.dialled())),
        Waiting::Handshake => {
            exception("ETIMEDOUT", format!("connected, but the TLS handshake was not answered within {within}"))
        }
        Waiting::Response => exception("ETIMEDOUT", format!("connected, but no response within {within}")),
    }
}

/// The body stopped before its end.
pub fn truncated(received: u64, announced: Option<u64>, cause: &str) -> ClientException {
    let of = announced.map(|all| format!(" of {all}")).unwrap_or_default();
    exception("ERR_BODY_TRUNCATED", format!("the body broke off after {received}{of} bytes: {cause}"))
}

/// A limit as a person writes it.
pub fn seconds(limit: Duration) -> String {
    format!("{} s", limit.as_secs_f64())
}

/// Names the failure of a request that got no response.
pub fn of_request(error: &(dyn Error + 'static), timer: &PhaseTimer, route: &Route<'_>) -> ClientException {
    let causes = causes(error);
    let of_client = |cause: &&(dyn Error + 'static)| match cause.downcast_ref() {
        Some(error) => matches!(error, SendError::Connect(_)),
        None => cause.downcast_ref().is_some_and(legacy::Error::is_connect),
    };
    let is_timeout = |cause: &&(dyn Error + 'static)| {
        cause.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::TimedOut)
            || cause.downcast_ref().is_some_and(reqwest::Error::is_timeout)
    };
    let is_connect = causes.iter().any(of_client);
    if let Some(tls) = causes.iter().find_map(|cause| cause.downcast_ref::<rustls::Error>()) {
        return of_tls(tls, timer, route.host);
    }
    if is_connect && causes.iter().any(is_timeout) {
        return too_late(timer, route, route.connect_limit);
    }
    if let Some(proxy) = route.proxy.filter(|_| is_connect) {
        return exception("EPROXY", format!("no connection through the proxy {proxy}: {}", lowest(&causes)));
    }
    if causes.iter().any(|cause| cause.is::<Unresolved>()) {
        return of_dns(&lowest(&causes), route.host);
    }
    let dialled = route.dialled();
    if let Some(named) = causes.iter().find_map(|cause| of_io(cause.downcast_ref()?, &dialled)) {
        return named;
    }
    match causes.iter().find_map(|cause| cause.downcast_ref::<hyper::Error>()) {
        Some(error) if error.is_parse_too_large() => {
            exception("HPE_HEADER_OVERFLOW", "the answer's head is too large to be read")
        }
        Some(error) if error.is_parse() => {
            exception("HPE_INVALID_CONSTANT", format!("the answer is not HTTP: {}", lowest(&causes)))
        }
        Some(error) if error.is_incomplete_message() => {
            exception("ECONNRESET", "the connection was closed before a response came")
        }
        _ => exception("ECONNRESET", lowest(&causes)),
    }
}

/// This end of the connection that a request failed on.
pub fn used(error: &(dyn Error + 'static)) -> Option<SocketAddr> {
    let of_client = |cause: &(dyn Error + 'static)| match cause.downcast_ref() {
        Some(SendError::Connect(_)) => None,
        Some(SendError::Exchange { end, .. }) => Some(*end),
        None => cause.downcast_ref::<legacy::Error>()?.connect_info().map(this_end),
    };
    causes(error).into_iter().find_map(of_client)?
}

/// The lowest cause of a body that broke off.
pub fn lowest_of(error: &(dyn Error + 'static)) -> String {
    lowest(&causes(error))
}

fn causes<'a>(error: &'a (dyn Error + 'static)) -> Vec<&'a (dyn Error + 'static)> {
    // `io::Error::source` skips the error it wraps, which is where rustls's stands.
    let wrapped = |error: &'a (dyn Error + 'static)| {
        Some(error.downcast_ref::<io::Error>()?.get_ref()? as &(dyn Error + 'static))
    };
    std::iter::successors(Some(error), |error| wrapped(*error).or_else(|| (*error).source())).collect()
}

fn lowest(causes: &[&(dyn Error + 'static)]) -> String {
    let text = causes.last().map(ToString::to_string).unwrap_or_default();
    // "Connection refused (os error 111)": the number says nothing that the words do not.
    text.split(" (os error ").next().unwrap_or_default().to_owned()
}

fn of_dns(cause: &str, host: &str) -> ClientException {
    let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
    let temporary = ["temporary failure", "try again", "timed out"];
    if temporary.iter().any(|part| cause.to_ascii_lowercase().contains(part)) {
        exception("EAI_AGAIN", format!("the resolver gave no answer for {name}"))
    } else {
        exception("ENOTFOUND", format!("no such host: {name}"))
    }
}

fn of_io(error: &io::Error, host: &str) -> Option<ClientException> {
    Some(match error.kind() {
        io::ErrorKind::ConnectionRefused => exception("ECONNREFUSED", format!("{host} refused the connection")),
        io::ErrorKind::ConnectionReset | io::ErrorKind::ConnectionAborted | io::ErrorKind::BrokenPipe => {
            exception("ECONNRESET", "the connection was reset before a response came")
        }
        io::ErrorKind::UnexpectedEof => exception("ECONNRESET", "the connection was closed before a response came"),
        io::ErrorKind::TimedOut => exception("ETIMEDOUT", format!("no connection to {host} in time")),
        io::ErrorKind::HostUnreachable | io::ErrorKind::NetworkUnreachable | io::ErrorKind::NetworkDown => {
            exception("EHOSTUNREACH", format!("no route to {host}"))
        }
        _ => return None,
    })
}

fn of_tls(error: &rustls::Error, timer: &PhaseTimer, host: &str) -> ClientException {
    let rustls::Error::InvalidCertificate(reason) = error else {
        return exception("EPROTO", format!("the TLS handshake failed: {error}"));
    };
    let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
    match reason {
        CertificateError::Expired => exception("CERT_HAS_EXPIRED", "the certificate has expired"),
        CertificateError::ExpiredContext { not_after, .. } => {
            exception("CERT_HAS_EXPIRED", format!("the certificate expired on {}", day(not_after.as_secs())))
        }
        CertificateError::NotValidYet => exception("CERT_NOT_YET_VALID", "the certificate is not valid yet"),
        CertificateError::NotValidYetContext { not_before, .. } => {
            exception("CERT_NOT_YET_VALID", format!("the certificate is valid from {}", day(not_before.as_secs())))
        }
        CertificateError::NotValidForNameContext { presented, .. } if presented.is_empty() => exception(
            "ERR_TLS_CERT_ALTNAME_INVALID",
            format!("the certificate names no host (no subjectAltName), so it is not for {name}"),
        ),
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            exception("ERR_TLS_CERT_ALTNAME_INVALID", format!("the certificate is for another host than {name}"))
        }
        _ => of_untrusted(timer, reason),
    }
}

/// OpenSSL, whose names Node shows, tells a chain that ends in a root it does not know from one
/// that leads nowhere. Of any other reason the verifier's own words are shown: the issuer may well be trusted.
fn of_untrusted(timer: &PhaseTimer, reason: &CertificateError) -> ClientException {
    if format!("{reason:?}").contains("CaUsedAsEndEntity") {
        return exception(
            "INVALID_PURPOSE",
            "the server's certificate is marked as a CA (basicConstraints CA:TRUE), which no server's may be",
        );
    }
    if *reason != CertificateError::UnknownIssuer {
        return exception("INVALID_PURPOSE", format!("the certificate is refused: {reason}"));
    }
    match timer.presented() {
        Some(presented) if presented.ends_in_root => exception(
            "SELF_SIGNED_CERT_IN_CHAIN",
            format!("the certificate chain ends in \"{}\", which is not trusted here", presented.issuer),
        ),
        Some(presented) => exception(
            "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
            format!("the certificate was issued by \"{}\", which is not trusted here", presented.issuer),
        ),
        None => exception("UNABLE_TO_VERIFY_LEAF_SIGNATURE", format!("the certificate is not trusted: {reason}")),
    }
}

fn day(unix: u64) -> String {
    i64::try_from(unix)
        .ok()
        .and_then(|seconds| jiff::Timestamp::from_second(seconds).ok())
        .map_or_else(|| "an unknown day".to_owned(), |time| time.strftime("%Y-%m-%d").to_string())
}
