//! The TLS side of the client: whom to trust, and what a refused server presented.

use std::sync::Arc;
use std::time::Duration;

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::{ClientConfig, Resumption, verify_server_name};
use rustls::crypto::{CryptoProvider, aws_lc_rs};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::{CertificateError, DigitallySignedStruct, Error, SignatureScheme};
use rustls_platform_verifier::Verifier;
use x509_parser::prelude::{FromDer, X509Certificate};

use super::error::ClientError;
use super::timing::{PhaseTimer, PresentedChain, TimedSessions};

/// Makes the TLS configuration: the system's roots, those in `ca_pem` in addition, HTTP/1.1 only.
///
/// # Errors
/// When `ca_pem` holds no certificate or the roots cannot be loaded.
pub fn config(ca_pem: Option<&[u8]>, insecure: bool) -> Result<ClientConfig, ClientError> {
    let provider = Arc::new(aws_lc_rs::default_provider());
    let verifier: Arc<dyn ServerCertVerifier> = if insecure {
        Arc::new(AcceptAny(Arc::clone(&provider)))
    } else {
        let roots = ca_pem.map(certificates).transpose()?.unwrap_or_default();
        let platform =
            Verifier::new_with_extra_roots(roots.clone(), Arc::clone(&provider)).map_err(ClientError::Tls)?;
        Arc::new(RecordingVerifier { platform, given: roots })
    };
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(ClientError::Tls)?
        .dangerous()
        .with_custom_certificate_verifier(verifier)
        .with_no_client_auth();
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    config.resumption = Resumption::store(Arc::new(TimedSessions::default()));
    Ok(config)
}

/// Reads the certificates of a PEM file.
///
/// # Errors
/// When there is none in it.
pub fn certificates(pem: &[u8]) -> Result<Vec<CertificateDer<'static>>, ClientError> {
    let all: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem).collect();
    let all = all.map_err(|error| ClientError::NoCertificate(error.to_string()))?;
    let broken = all.iter().find_map(|der| X509Certificate::from_der(der).err());
    match (all.is_empty(), broken) {
        (true, _) => Err(ClientError::NoCertificate("it holds no CERTIFICATE block".to_owned())),
        (_, Some(error)) => Err(ClientError::NoCertificate(error.to_string())),
        _ => Ok(all),
    }
}

/// The platform's verifier, remembering the chain it refused. In addition it takes a server's certificate that
/// is itself one of the given ones: OpenSSL does, and in-house stores often have a self-signed one marked as a
/// CA, which webpki takes for no server's (`CaUsedAsEndEntity`).
#[derive(Debug)]
struct RecordingVerifier {
    platform: Verifier,
    given: Vec<CertificateDer<'static>>,
}

impl RecordingVerifier {
    /// The name and the dates of a given certificate still count.
    fn verify_given(
        &self,
        end_entity: &CertificateDer<'_>,
        name: &ServerName<'_>,
        now: UnixTime,
    ) -> Option<Result<(), Error>> {
        let is_given = self.given.iter().any(|given| given.as_ref() == end_entity.as_ref());
        let parsed = ParsedCertificate::try_from(end_entity).ok().filter(|_| is_given)?;
        let (_, certificate) = X509Certificate::from_der(end_entity).ok()?;
        Some(within_dates(&certificate, now).and_then(|()| named(&certificate, &parsed, name)))
    }
}

/// By its subjectAltName; a given certificate without any by its common name, as OpenSSL takes it.
fn named(
    certificate: &X509Certificate<'_>,
    parsed: &ParsedCertificate<'_>,
    name: &ServerName<'_>,
) -> Result<(), Error> {
    let verified = verify_server_name(parsed, name);
    let has_names = certificate.subject_alternative_name().is_ok_and(|names| names.is_some());
    let mut common = certificate.subject().iter_common_name().filter_map(|common| common.as_str().ok());
    let is_common = !has_names && common.any(|common| common.eq_ignore_ascii_case(&name.to_str()));
    if is_common { Ok(()) } else { verified }
}

fn within_dates(certificate: &X509Certificate<'_>, now: UnixTime) -> Result<(), Error> {
    let seconds = i64::try_from(now.as_secs()).unwrap_or(i64::MAX);
    let moment = |seconds: i64| UnixTime::since_unix_epoch(Duration::from_secs(u64::try_from(seconds).unwrap_or(0)));
    let dates = certificate.validity();
    let (not_before, not_after) = (dates.not_before.timestamp(), dates.not_after.timestamp());
    if seconds < not_before {
        return Err(CertificateError::NotValidYetContext { time: now, not_before: moment(not_before) }.into());
    }
    if seconds > not_after {
        return Err(CertificateError::ExpiredContext { time: now, not_after: moment(not_after) }.into());
    }
    Ok(())
}

impl ServerCertVerifier for RecordingVerifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let verified = self.platform.verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now);
        let verified = verified.or_else(|refused| match self.verify_given(end_entity, server_name, now) {
            Some(given) => given.map(|()| ServerCertVerified::assertion()),
            None => Err(refused),
        });
        if verified.is_err()
            && let Some(presented) = presented(end_entity, intermediates)
        {
            PhaseTimer::keep_presented(presented);
        }
        verified
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.platform.verify_tls12_signature(message, cert, dss)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.platform.verify_tls13_signature(message, cert, dss)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.platform.supported_verify_schemes()
    }
}

fn presented(end_entity: &CertificateDer<'_>, intermediates: &[CertificateDer<'_>]) -> Option<PresentedChain> {
    let last = intermediates.last().unwrap_or(end_entity);
    let (_, last) = X509Certificate::from_der(last).ok()?;
    Some(PresentedChain { ends_in_root: last.subject() == last.issuer(), issuer: last.issuer().to_string() })
}

/// Accepts whatever is presented: `--insecure`. Signatures of the handshake are still checked, so
/// that a broken peer is told from an unknown one.
#[derive(Debug)]
struct AcceptAny(Arc<CryptoProvider>);

impl ServerCertVerifier for AcceptAny {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        rustls::crypto::verify_tls12_signature(message, cert, dss, &self.0.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        rustls::crypto::verify_tls13_signature(message, cert, dss, &self.0.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rcgen::{BasicConstraints, CertificateParams, IsCa, KeyPair, date_time_ymd};

    /// A self-signed certificate for `store.test`, marked as a CA as `openssl req -x509` does.
    fn ca_as_server(years: (i32, i32)) -> CertificateDer<'static> {
        self_signed(CertificateParams::new(["store.test".to_owned()]).expect("a name"), years)
    }

    fn self_signed(mut params: CertificateParams, years: (i32, i32)) -> CertificateDer<'static> {
        params.distinguished_name.push(rcgen::DnType::CommonName, "common.test");
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        (params.not_before, params.not_after) = (date_time_ymd(years.0, 1, 1), date_time_ymd(years.1, 1, 1));
        params.self_signed(&KeyPair::generate().expect("a key")).expect("signed").into()
    }

    #[test]
    fn a_given_certificate_is_taken_for_its_name_and_its_dates_only() {
        let now = UnixTime::since_unix_epoch(Duration::from_secs(1_800_000_000));
        let (good, other) = (ca_as_server((2026, 2036)), ca_as_server((2026, 2036)));
        let (expired, early) = (ca_as_server((2020, 2021)), ca_as_server((2030, 2031)));
        let nameless = self_signed(CertificateParams::default(), (2026, 2036));
        for (presented, given, name, wanted) in [
            (&nameless, &nameless, "common.test", "taken"),
            (&nameless, &nameless, "store.test", "NotValidForName"),
            // With other names the common name counts for nothing.
            (&good, &good, "common.test", "NotValidForName"),
            (&good, &good, "store.test", "taken"),
            (&good, &other, "store.test", "CaUsedAsEndEntity"),
            (&good, &good, "elsewhere.test", "NotValidForName"),
            (&expired, &expired, "store.test", "Expired"),
            (&early, &early, "store.test", "NotValidYet"),
        ] {
            let provider = Arc::new(aws_lc_rs::default_provider());
            let platform = Verifier::new_with_extra_roots([given.clone()], provider).expect("a verifier");
            let watching = RecordingVerifier { platform, given: vec![given.clone()] };
            let name = ServerName::try_from(name).expect("a name");
            let got = match watching.verify_server_cert(presented, &[], &name, &[], now) {
                Ok(_) => "taken".to_owned(),
                Err(error) => format!("{error:?}"),
            };
            assert!(got.contains(wanted), "{got} for {wanted}");
        }
    }
}
