//! The TLS side of the client: whom to trust, and what a refused server presented.

use std::sync::Arc;

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::{ClientConfig, Resumption};
use rustls::crypto::{CryptoProvider, aws_lc_rs};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{DigitallySignedStruct, Error, SignatureScheme};
use rustls_platform_verifier::Verifier;
use x509_parser::prelude::{FromDer, X509Certificate};

use super::client::ClientError;
use super::phases::{Marks, Presented, Sessions};

/// Makes the TLS configuration: the system's roots, those in `ca_pem` beside them, HTTP/1.1 only.
///
/// # Errors
/// When `ca_pem` holds no certificate or the roots cannot be loaded.
pub fn config(ca_pem: Option<&[u8]>, insecure: bool) -> Result<ClientConfig, ClientError> {
    let provider = Arc::new(aws_lc_rs::default_provider());
    let verifier: Arc<dyn ServerCertVerifier> = if insecure {
        Arc::new(AcceptAny(Arc::clone(&provider)))
    } else {
        let roots = ca_pem.map(certificates).transpose()?.unwrap_or_default();
        let platform = Verifier::new_with_extra_roots(roots, Arc::clone(&provider)).map_err(ClientError::Tls)?;
        Arc::new(Watching(platform))
    };
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(ClientError::Tls)?
        .dangerous()
        .with_custom_certificate_verifier(verifier)
        .with_no_client_auth();
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    config.resumption = Resumption::store(Arc::new(Sessions::default()));
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

/// The platform's verifier, remembering the chain it refused.
#[derive(Debug)]
struct Watching(Verifier);

impl ServerCertVerifier for Watching {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let verified = self.0.verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now);
        if verified.is_err()
            && let Some(presented) = presented(end_entity, intermediates)
        {
            Marks::keep_presented(presented);
        }
        verified
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.0.verify_tls12_signature(message, cert, dss)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.0.verify_tls13_signature(message, cert, dss)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.supported_verify_schemes()
    }
}

fn presented(end_entity: &CertificateDer<'_>, intermediates: &[CertificateDer<'_>]) -> Option<Presented> {
    let last = intermediates.last().unwrap_or(end_entity);
    let (_, last) = X509Certificate::from_der(last).ok()?;
    Some(Presented { ends_in_root: last.subject() == last.issuer(), issuer: last.issuer().to_string() })
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
