//! Names for what goes wrong before a whole answer is there: the ones a Node.js user sees in `err.code`, with what
//! happened.

use std::error::Error;
use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use hyper_util::client::legacy;
use jiff::Timestamp;
use rustls::CertificateError;
use rustls::pki_types::UnixTime;

use super::connection::SendError;
use super::timing::{PhaseTimer, PresentedChain, Waiting, this_end};
use crate::domain::client_failure::{ClientFailure, Dialled};
use crate::domain::exchange::ClientException;

/// What hyper-util says of a tunnel that was answered with 407.
const LOGIN_REQUIRED: &str = "tunnel error: proxy authorization required";

/// Where a request was going.
pub struct Route<'a> {
    /// Host and port of the URL.
    pub host: &'a str,
    /// The address that is dialled whatever the host, where one is.
    pub fixed: Option<SocketAddr>,
    /// The proxy that it went through, as a failure names it.
    pub proxy: Option<&'a str>,
    /// The limit on a connection.
    pub connect_limit: Duration,
}

impl Route<'_> {
    /// What was dialled for the host: the same, or a fixed address.
    fn dialled(&self) -> Dialled {
        Dialled { host: self.host.to_owned(), address: self.fixed.map(|address| address.to_string()) }
    }
}

/// A name that was not found, with the resolver's reason.
#[derive(Debug, thiserror::Error)]
#[error("no address for the name")]
pub struct Unresolved(#[source] pub Box<dyn Error + Send + Sync>);

fn exception(code: &'static str, failure: ClientFailure) -> ClientException {
    ClientException { code, failure }
}

/// The time was over: what did not come within it is known by the phases reached.
pub fn too_late(timer: &PhaseTimer, route: &Route<'_>, limit: Duration) -> ClientException {
    let within_ms = u64::try_from(limit.as_millis()).unwrap_or(u64::MAX);
    match (timer.waiting(), route.proxy) {
        (Waiting::Name(name), _) => {
            exception("EAI_AGAIN", ClientFailure::ResolverSilent { name, within_ms: Some(within_ms) })
        }
        // Silence behind an open tunnel is the proxy's or the other side's.
        (Waiting::Connection | Waiting::Handshake, Some(proxy)) => {
            exception("EPROXY", ClientFailure::ProxySilent { proxy: proxy.to_owned(), within_ms })
        }
        (Waiting::Connection, None) => {
            let to = route.dialled();
            exception("ETIMEDOUT", ClientFailure::NoConnection { to, within_ms: Some(within_ms) })
        }
        (Waiting::Handshake, None) => exception("ETIMEDOUT", ClientFailure::NoHandshake { within_ms }),
        (Waiting::Response, _) => exception("ETIMEDOUT", ClientFailure::NoResponse { within_ms }),
    }
}

/// The body stopped before its end.
pub fn cut(received: u64, announced: Option<u64>, error: &(dyn Error + 'static)) -> ClientException {
    let cause = lowest(&causes(error));
    exception("ERR_BODY_TRUNCATED", ClientFailure::BodyCut { received, announced, cause })
}

/// The body did not come to its end in time.
pub fn too_slow(received: u64, announced: Option<u64>) -> ClientException {
    exception("ERR_BODY_TRUNCATED", ClientFailure::BodyTooSlow { received, announced })
}

/// The method or a header holds what HTTP cannot carry.
pub fn unsendable(failure: ClientFailure) -> ClientException {
    exception("ERR_INVALID_CHAR", failure)
}

/// The URL cannot be written into a request as it is.
pub fn unwritable(failure: ClientFailure) -> ClientException {
    exception("ERR_INVALID_URL", failure)
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
        return of_proxy(&causes, proxy.to_owned());
    }
    if causes.iter().any(|cause| cause.is::<Unresolved>()) {
        return of_dns(&lowest(&causes), route.host);
    }
    if let Some(named) = causes.iter().find_map(|cause| of_io(cause.downcast_ref()?, route)) {
        return named;
    }
    match causes.iter().find_map(|cause| cause.downcast_ref::<hyper::Error>()) {
        Some(error) if error.is_parse_too_large() => exception("HPE_HEADER_OVERFLOW", ClientFailure::HeadTooLarge),
        Some(error) if error.is_parse() => {
            exception("HPE_INVALID_CONSTANT", ClientFailure::NotHttp { cause: lowest(&causes) })
        }
        Some(error) if error.is_incomplete_message() => exception("ECONNRESET", ClientFailure::ConnectionClosed),
        _ => exception("ECONNRESET", ClientFailure::Told(lowest(&causes))),
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

/// Which part of the way to a proxy failed: what refuses, or has no address, is the proxy itself.
fn of_proxy(causes: &[&(dyn Error + 'static)], proxy: String) -> ClientException {
    let is_refused = |error: &io::Error| error.kind() == io::ErrorKind::ConnectionRefused;
    let cause = lowest(causes);
    let is_own = causes.iter().any(|cause| cause.is::<Unresolved>() || cause.downcast_ref().is_some_and(is_refused));
    let failure = if is_own {
        ClientFailure::ProxyNotReached { proxy, cause }
    } else if cause == LOGIN_REQUIRED {
        ClientFailure::ProxyLogin { proxy }
    } else {
        ClientFailure::NoTunnel { proxy, cause }
    };
    exception("EPROXY", failure)
}

fn of_dns(cause: &str, host: &str) -> ClientException {
    let name = name_of(host);
    let temporary = ["temporary failure", "try again", "timed out"];
    if temporary.iter().any(|part| cause.to_ascii_lowercase().contains(part)) {
        exception("EAI_AGAIN", ClientFailure::ResolverSilent { name, within_ms: None })
    } else {
        exception("ENOTFOUND", ClientFailure::NoSuchHost { name })
    }
}

/// A host without its port.
fn name_of(host: &str) -> String {
    host.rsplit_once(':').map_or(host, |(name, _)| name).to_owned()
}

fn of_io(error: &io::Error, route: &Route<'_>) -> Option<ClientException> {
    Some(match error.kind() {
        io::ErrorKind::ConnectionRefused => {
            exception("ECONNREFUSED", ClientFailure::ConnectionRefused { to: route.dialled() })
        }
        io::ErrorKind::ConnectionReset | io::ErrorKind::ConnectionAborted | io::ErrorKind::BrokenPipe => {
            exception("ECONNRESET", ClientFailure::ConnectionReset)
        }
        io::ErrorKind::UnexpectedEof => exception("ECONNRESET", ClientFailure::ConnectionClosed),
        io::ErrorKind::TimedOut => {
            exception("ETIMEDOUT", ClientFailure::NoConnection { to: route.dialled(), within_ms: None })
        }
        io::ErrorKind::HostUnreachable | io::ErrorKind::NetworkUnreachable | io::ErrorKind::NetworkDown => {
            exception("EHOSTUNREACH", ClientFailure::NoRoute { to: route.dialled() })
        }
        _ => return None,
    })
}

fn of_tls(error: &rustls::Error, timer: &PhaseTimer, host: &str) -> ClientException {
    let rustls::Error::InvalidCertificate(reason) = error else {
        return exception("EPROTO", ClientFailure::HandshakeFailed { cause: error.to_string() });
    };
    let name = name_of(host);
    match reason {
        CertificateError::Expired => exception("CERT_HAS_EXPIRED", ClientFailure::CertificateExpired { end: None }),
        CertificateError::ExpiredContext { not_after, .. } => {
            exception("CERT_HAS_EXPIRED", ClientFailure::CertificateExpired { end: moment(*not_after) })
        }
        CertificateError::NotValidYet => {
            exception("CERT_NOT_YET_VALID", ClientFailure::CertificateNotYetValid { begin: None })
        }
        CertificateError::NotValidYetContext { not_before, .. } => {
            exception("CERT_NOT_YET_VALID", ClientFailure::CertificateNotYetValid { begin: moment(*not_before) })
        }
        CertificateError::NotValidForNameContext { presented, .. } if presented.is_empty() => {
            exception("ERR_TLS_CERT_ALTNAME_INVALID", ClientFailure::CertificateWithoutNames { name })
        }
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            exception("ERR_TLS_CERT_ALTNAME_INVALID", ClientFailure::CertificateOfOtherHost { name })
        }
        _ => of_untrusted(timer, reason),
    }
}

/// OpenSSL, whose names Node shows, tells a chain that ends in a root it does not know from one
/// that leads nowhere. Of any other reason the verifier's own words are shown: the issuer may well be trusted.
fn of_untrusted(timer: &PhaseTimer, reason: &CertificateError) -> ClientException {
    if format!("{reason:?}").contains("CaUsedAsEndEntity") {
        return exception("INVALID_PURPOSE", ClientFailure::CertificateOfAuthority);
    }
    let cause = reason.to_string();
    if *reason != CertificateError::UnknownIssuer {
        return exception("INVALID_PURPOSE", ClientFailure::CertificateRefused { cause });
    }
    match timer.presented() {
        Some(PresentedChain { ends_in_root: true, issuer }) => {
            exception("SELF_SIGNED_CERT_IN_CHAIN", ClientFailure::UntrustedRoot { issuer })
        }
        Some(PresentedChain { issuer, .. }) => {
            exception("UNABLE_TO_VERIFY_LEAF_SIGNATURE", ClientFailure::UntrustedIssuer { issuer })
        }
        None => exception("UNABLE_TO_VERIFY_LEAF_SIGNATURE", ClientFailure::Untrusted { cause }),
    }
}

fn moment(time: UnixTime) -> Option<Timestamp> {
    Timestamp::from_second(i64::try_from(time.as_secs()).ok()?).ok()
}
