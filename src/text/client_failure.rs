//! Failures of the client as sentences, in both languages: the one place that puts them into words.

use std::borrow::Cow;
use std::fmt;
use std::time::Duration;

use http::StatusCode;
use jiff::Timestamp;

use crate::domain::client_failure::{ClientFailure, Dialled, TunnelRefusal};
use crate::i18n::{Language, Localize, tell};

impl fmt::Display for ClientFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.localize(Language::En))
    }
}

impl Localize for ClientFailure {
    #[expect(clippy::too_many_lines, reason = "a sentence for each failure")]
    fn localize(&self, language: Language) -> String {
        let words = match self {
            Self::Told(words) => Cow::Owned(words.clone()),
            Self::NoSuchHost { name } => tell!(language, "no such host: %{name}", name = name),
            Self::ResolverSilent { name, within_ms: Some(within) } => tell!(
                language,
                "the resolver gave no answer for %{name} within %{seconds} s",
                name = name,
                seconds = seconds(*within)
            ),
            Self::ResolverSilent { name, within_ms: None } => {
                tell!(language, "the resolver gave no answer for %{name}", name = name)
            }
            Self::ProxySilent { proxy, within_ms } => tell!(
                language,
                "no connection through the proxy %{proxy} within %{seconds} s",
                proxy = proxy,
                seconds = seconds(*within_ms)
            ),
            Self::ProxyLogin { proxy } => {
                tell!(language, "no connection through the proxy %{proxy}: it requires a login (407)", proxy = proxy)
            }
            Self::ProxyNotReached { proxy, cause } | Self::NoTunnel { proxy, cause } => {
                tell!(language, "no connection through the proxy %{proxy}: %{cause}", proxy = proxy, cause = cause)
            }
            Self::TunnelRefused { proxy, refusal } => tell!(
                language,
                "no connection through the proxy %{proxy}: %{cause}",
                proxy = proxy,
                cause = tunnel_refusal(refusal, language)
            ),
            Self::ConnectionRefused { to } => {
                tell!(language, "%{host} refused the connection", host = dialled(to, language))
            }
            Self::NoConnection { to, within_ms: Some(within) } => tell!(
                language,
                "no connection to %{host} within %{seconds} s",
                host = dialled(to, language),
                seconds = seconds(*within)
            ),
            Self::NoConnection { to, within_ms: None } => {
                tell!(language, "no connection to %{host} in time", host = dialled(to, language))
            }
            Self::NoRoute { to } => tell!(language, "no route to %{host}", host = dialled(to, language)),
            Self::ConnectionReset => tell!(language, "the connection was reset before a response came"),
            Self::ConnectionClosed => tell!(language, "the connection was closed before a response came"),
            Self::NoHandshake { within_ms } => tell!(
                language,
                "connected, but the TLS handshake was not answered within %{seconds} s",
                seconds = seconds(*within_ms)
            ),
            Self::HandshakeFailed { cause } => {
                tell!(language, "the TLS handshake failed: %{cause}", cause = cause)
            }
            Self::CertificateExpired { end: Some(end) } => {
                tell!(language, "the certificate expired on %{day}", day = day(*end))
            }
            Self::CertificateExpired { end: None } => tell!(language, "the certificate has expired"),
            Self::CertificateNotYetValid { begin: Some(begin) } => {
                tell!(language, "the certificate is valid from %{day}", day = day(*begin))
            }
            Self::CertificateNotYetValid { begin: None } => tell!(language, "the certificate is not valid yet"),
            Self::CertificateWithoutNames { name } => tell!(
                language,
                "the certificate names no host (no subjectAltName), so it is not for %{name}",
                name = name
            ),
            Self::CertificateOfOtherHost { name } => {
                tell!(language, "the certificate is for another host than %{name}", name = name)
            }
            Self::CertificateOfAuthority => tell!(
                language,
                "the server's certificate is marked as a CA (basicConstraints CA:TRUE), which no server's may be"
            ),
            Self::CertificateRefused { cause } => {
                tell!(language, "the certificate is refused: %{cause}", cause = cause)
            }
            Self::UntrustedRoot { issuer } => tell!(
                language,
                "the certificate chain ends in \"%{issuer}\", which is not trusted here",
                issuer = issuer
            ),
            Self::UntrustedIssuer { issuer } => tell!(
                language,
                "the certificate was issued by \"%{issuer}\", which is not trusted here",
                issuer = issuer
            ),
            Self::Untrusted { cause } => tell!(language, "the certificate is not trusted: %{cause}", cause = cause),
            Self::NoResponse { within_ms } => {
                tell!(language, "connected, but no response within %{seconds} s", seconds = seconds(*within_ms))
            }
            Self::HeadTooLarge => tell!(language, "the answer's head is too large to be read"),
            Self::NotHttp { cause } => tell!(language, "the answer is not HTTP: %{cause}", cause = cause),
            Self::BodyCut { received, announced, cause } => body_cut(*received, *announced, cause, language),
            Self::BodyTooSlow { received, announced } => {
                body_cut(*received, *announced, &tell!(language, "the time limit was reached"), language)
            }
            Self::MethodUnsendable => {
                tell!(language, "the method cannot be sent: it holds a line feed or another control character")
            }
            Self::HeaderUnsendable { name } => tell!(
                language,
                "the header %{name} cannot be sent: it holds a line feed or another control character",
                name = name
            ),
            Self::UrlUnsendable { cause } => {
                tell!(language, "the URL cannot be sent as it is: %{cause}", cause = cause)
            }
            Self::ProxyChangesPath => {
                tell!(language, "the URL cannot be sent as it is: a proxy would be given another path")
            }
            Self::Hidden { error: Some(error) } => {
                tell!(language, "CORS blocked or network error: %{error}", error = error)
            }
            Self::Hidden { error: None } => tell!(language, "CORS blocked or network error"),
            Self::BrokeOffInCharles { status } => {
                tell!(language, "the answer broke off (Charles: %{status})", status = status)
            }
        };
        words.into_owned()
    }
}

fn seconds(ms: u64) -> f64 {
    Duration::from_millis(ms).as_secs_f64()
}

fn day(time: Timestamp) -> String {
    time.strftime("%Y-%m-%d").to_string()
}

/// The host, and what was dialled instead of it.
fn dialled(Dialled { host, address }: &Dialled, language: Language) -> Cow<'_, str> {
    match address {
        Some(address) => tell!(language, "%{address} (for %{host})", address = address, host = host),
        None => Cow::Borrowed(host),
    }
}

fn body_cut(received: u64, announced: Option<u64>, cause: &str, language: Language) -> Cow<'static, str> {
    if let Some(all) = announced {
        tell!(
            language,
            "the body broke off after %{n} of %{all} bytes: %{cause}",
            n = received,
            all = all,
            cause = cause
        )
    } else {
        tell!(language, "the body broke off after %{n} bytes: %{cause}", n = received, cause = cause)
    }
}

/// `CONNECT was answered with 403 Forbidden, X-Squid-Error ERR_ACCESS_DENIED 0, "ERROR: ..."`.
fn tunnel_refusal(refusal: &TunnelRefusal, language: Language) -> String {
    let TunnelRefusal { status, squid_error, title } = refusal;
    let reason = StatusCode::from_u16(*status).ok().and_then(|status| status.canonical_reason()).unwrap_or_default();
    let status = format!("{status} {reason}");
    let parts = [
        Some(tell!(language, "CONNECT was answered with %{status}", status = status.trim_end())),
        squid_error.as_ref().map(|error| Cow::Owned(format!("X-Squid-Error {error}"))),
        title.as_ref().map(|title| Cow::Owned(format!("\"{title}\""))),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(&tell!(language, ", "))
}
