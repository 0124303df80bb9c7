//! Why a client cannot be built.

/// Why no client can be built from connection settings.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// The CA file holds no valid certificate.
    #[error("not a PEM certificate: {0}")]
    NoCertificate(String),
    /// The system's certificates cannot be loaded.
    #[error("TLS cannot be set up: {0}")]
    Tls(rustls::Error),
    /// The proxy is not a valid URL.
    #[error("invalid proxy. Use a URL such as http://proxy.example.com:3128")]
    Proxy,
    /// The HTTP library rejected the settings.
    #[error("HTTP cannot be set up: {0}")]
    Http(#[from] reqwest::Error),
}
