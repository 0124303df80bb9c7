//! The sandbox's own certificate authority, and the certificates that it makes for the name that a
//! client asks for: good ones, and bad ones of every kind.

use std::collections::HashMap;
use std::fmt;
use std::io;
use std::sync::{Arc, Mutex, PoisonError};

use jiff::{Timestamp, ToSpan as _, tz::TimeZone};
use rcgen::{
    BasicConstraints, Certificate, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    KeyUsagePurpose, date_time_ymd,
};
use rustls::ServerConfig;
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;

/// How many certificates are kept. A client may ask for any name it likes.
const KEPT: usize = 256;

/// What a certificate is made like.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Make {
    Good,
    Expired,
    WrongName,
    SelfSigned,
    UnknownIssuer,
}

impl Make {
    fn of(host: &str) -> Self {
        [
            ("expired-cert-", Self::Expired),
            ("wrong-name-", Self::WrongName),
            ("self-signed-", Self::SelfSigned),
            ("unknown-ca-", Self::UnknownIssuer),
        ]
        .into_iter()
        .find_map(|(prefix, make)| host.starts_with(prefix).then_some(make))
        .unwrap_or(Self::Good)
    }
}

/// An authority: its certificate and what signs with its key.
struct Authority {
    certificate: Certificate,
    issuer: Issuer<'static, KeyPair>,
}

impl Authority {
    fn new(name: &str) -> Result<Self, rcgen::Error> {
        let mut params = CertificateParams::new(Vec::new())?;
        params.distinguished_name.push(DnType::CommonName, name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        // Older than the expired certificate, which was good in its time.
        set_days(&mut params, -500, 365);
        let key = KeyPair::generate()?;
        let certificate = params.self_signed(&key)?;
        Ok(Self { certificate, issuer: Issuer::new(params, key) })
    }
}

/// The certificates of one sandbox.
pub(super) struct Certificates {
    authority: Authority,
    pem: Vec<u8>,
    made: Mutex<HashMap<String, Arc<CertifiedKey>>>,
}

impl fmt::Debug for Certificates {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Certificates").finish_non_exhaustive()
    }
}

impl Certificates {
    /// Makes an authority with a key of its own.
    ///
    /// # Errors
    /// When the system gives no randomness.
    pub(super) fn new() -> io::Result<Self> {
        let authority = Authority::new("cosdiag sandbox CA").map_err(io::Error::other)?;
        let pem = authority.certificate.pem().into_bytes();
        Ok(Self { authority, pem, made: Mutex::default() })
    }

    /// The authority's certificate.
    pub(super) fn pem(&self) -> &[u8] {
        &self.pem
    }

    /// A TLS configuration that speaks HTTP/1.1 alone.
    ///
    /// # Errors
    /// When the provider supports no protocol version.
    pub(super) fn server_config(self: &Arc<Self>) -> io::Result<ServerConfig> {
        let resolver: Arc<dyn ResolvesServerCert> = Arc::<Self>::clone(self);
        let mut config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(io::Error::other)?
            .with_no_client_auth()
            .with_cert_resolver(resolver);
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(config)
    }

    fn make(&self, host: &str) -> Result<CertifiedKey, Box<dyn std::error::Error>> {
        let make = Make::of(host);
        let names = match make {
            Make::WrongName => vec!["www.example.net".to_owned()],
            _ if host.is_empty() => vec!["localhost".to_owned(), "127.0.0.1".to_owned(), "::1".to_owned()],
            _ => vec![host.to_owned()],
        };
        let mut params = CertificateParams::new(names)?;
        params.distinguished_name.push(DnType::CommonName, "cosdiag sandbox");
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.use_authority_key_identifier_extension = make != Make::SelfSigned;
        let (first, last) = if make == Make::Expired { (-400, -30) } else { (-1, 365) };
        set_days(&mut params, first, last);
        let key = KeyPair::generate()?;
        let chain = match make {
            Make::SelfSigned => vec![params.self_signed(&key)?.into()],
            Make::UnknownIssuer => {
                let other = Authority::new("An authority that nobody trusts")?;
                vec![params.signed_by(&key, &other.issuer)?.into(), other.certificate.into()]
            }
            _ => vec![params.signed_by(&key, &self.authority.issuer)?.into()],
        };
        let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.serialize_der()));
        Ok(CertifiedKey::new(chain, aws_lc_rs::sign::any_ecdsa_type(&key)?))
    }
}

impl ResolvesServerCert for Certificates {
    fn resolve(&self, hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        let host = hello.server_name().unwrap_or_default().to_ascii_lowercase();
        let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = made.get(&host) {
            return Some(Arc::clone(known));
        }
        // None ends the handshake with an alert, which is right for a name that no certificate can hold.
        let new = Arc::new(self.make(&host).ok()?);
        if made.len() >= KEPT {
            made.clear();
        }
        made.insert(host, Arc::clone(&new));
        Some(new)
    }
}

/// Makes a certificate valid between two days, counted from today.
fn set_days(params: &mut CertificateParams, first: i64, last: i64) {
    let today = Timestamp::now().to_zoned(TimeZone::UTC).date();
    let part = |part: i8| u8::try_from(part).unwrap_or(1);
    let midnight = |days: i64| {
        let day = today.saturating_add(days.days());
        date_time_ymd(i32::from(day.year()), part(day.month()), part(day.day()))
    };
    (params.not_before, params.not_after) = (midnight(first), midnight(last));
}
