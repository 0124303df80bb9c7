//! The HTTP client of a profile: one per connection settings, shared by all its probes.
//!
//! HTTP/1.1 only, no redirects, no decompression, no proxy but the one that was asked for: what is
//! diagnosed is the first answer, as it came.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use hyper_util::client::proxy::matcher::Matcher;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::{NoProxy, Proxy};
use url::Url;

use super::pace::Pace;
use super::phases::{ConnectLayer, Marks};
use super::tls;
use crate::domain::endpoint::host_with_port;
use crate::domain::probe::{Auth, Probe};
use crate::domain::profile::{Connection, Names};
use crate::domain::record::Via;

/// Why a client could not be made from a profile.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// The CA file's content is no certificate.
    #[error("no certificate: {0}")]
    NoCertificate(String),
    /// The system's certificates cannot be used.
    #[error("TLS cannot be set up: {0}")]
    Tls(rustls::Error),
    /// The proxy is no URL.
    #[error("the proxy is no URL such as http://proxy.example.com:3128")]
    Proxy,
    /// reqwest refused the settings.
    #[error("HTTP cannot be set up: {0}")]
    Http(#[from] reqwest::Error),
}

/// A client ready to send.
#[derive(Clone, Debug)]
pub struct Client {
    pub(super) http: reqwest::Client,
    pub(super) connection: Arc<Connection>,
    proxies: Option<Arc<Matcher>>,
    pub(super) pace: Option<Arc<Pace>>,
}

impl Client {
    /// Makes a client.
    ///
    /// # Errors
    /// When certificates or the proxy are not what they should be.
    pub fn new(connection: &Connection) -> Result<Self, ClientError> {
        let mut builder = reqwest::Client::builder()
            .http1_only()
            .http1_max_headers(1024)
            .redirect(reqwest::redirect::Policy::none())
            .referer(false)
            .no_proxy()
            .tls_backend_preconfigured(tls::config(connection.ca_pem.as_deref(), connection.insecure)?)
            .dns_resolver(Arc::new(Resolver(connection.names.clone())))
            .connector_layer(ConnectLayer)
            .connect_timeout(connection.timeouts.connect)
            .pool_idle_timeout(Duration::from_secs(30))
            .pool_max_idle_per_host(1024)
            .tcp_nodelay(true);
        let mut proxies = None;
        if connection.proxies.iter().next().is_some() {
            let no_proxy = connection.no_proxy.clone().unwrap_or_default();
            let mut matcher = Matcher::builder().no(no_proxy.as_str());
            if let Some(url) = &connection.proxies.http {
                let proxy = Proxy::http(url).map_err(|_| ClientError::Proxy)?;
                builder = builder.proxy(proxy.no_proxy(NoProxy::from_string(&no_proxy)));
                matcher = matcher.http(url.as_str());
            }
            if let Some(url) = &connection.proxies.https {
                let proxy = Proxy::https(url).map_err(|_| ClientError::Proxy)?;
                builder = builder.proxy(proxy.no_proxy(NoProxy::from_string(&no_proxy)));
                matcher = matcher.https(url.as_str());
            }
            proxies = Some(Arc::new(matcher.build()));
        }
        Ok(Self { http: builder.build()?, connection: Arc::new(connection.clone()), proxies, pace: None })
    }

    /// The same client, sending at most so many requests a second: attempts, twins and checks alike.
    #[must_use]
    pub fn at_most(self, per_second: Option<f64>) -> Self {
        Self { pace: per_second.map(|rate| Arc::new(Pace::new(rate))), ..self }
    }

    /// Whether a request to this URL goes through the proxy.
    pub(super) fn is_proxied(&self, url: &Url) -> bool {
        let uri = url.as_str().parse().ok();
        self.proxies.as_ref().zip(uri).is_some_and(|(proxies, uri)| proxies.intercept(&uri).is_some())
    }

    /// The way that a probe's request is told to take.
    pub(super) fn via(&self, probe: &Probe) -> Via {
        let connection = &self.connection;
        let proxies = &connection.proxies;
        let proxy = if probe.url.scheme() == "https" { &proxies.https } else { &proxies.http };
        let proxy = proxy.as_ref().filter(|_| self.is_proxied(&probe.url)).and_then(|proxy| Url::parse(proxy).ok());
        Via {
            connect_to: match &connection.names {
                Names::Fixed(address) => Some(address.to_string()),
                Names::System | Names::Table(_) => None,
            },
            proxy: proxy.map(|proxy| format!("{}://{}", proxy.scheme(), host_with_port(&proxy))),
            ca_file: connection.ca_file.as_ref().map(|path| path.display().to_string()),
            insecure: connection.insecure,
            carried: matches!(probe.auth, Auth::Carried),
        }
    }

    /// Where a host's connection goes, for the words of a failure: the fixed address if there is one.
    pub(super) fn dialled_address(&self, host: &str) -> String {
        match &self.connection.names {
            Names::Fixed(address) => format!("{address} (for {host})"),
            Names::System | Names::Table(_) => host.to_owned(),
        }
    }

    /// The URL to dial and the Host to send. They differ only under [`Names::Fixed`]: an explicit
    /// port would win over the fixed address's, so it is moved into the Host header.
    pub(super) fn dialled(&self, url: &Url) -> (Url, Option<String>) {
        let Names::Fixed(address) = &self.connection.names else { return (url.clone(), None) };
        let mut dialled = url.clone();
        let host = host_with_port(url);
        let changed = match url.host() {
            Some(url::Host::Domain(_)) => dialled.set_port(None),
            _ => dialled.set_ip_host(address.ip()).and_then(|()| dialled.set_port(Some(address.port()))),
        };
        match changed {
            Ok(()) => (dialled, Some(host)),
            Err(()) => (url.clone(), None),
        }
    }
}

/// Looks names up as the profile says, marking the time it takes.
struct Resolver(Names);

/// A name that the sandbox's world does not have.
#[derive(Debug, thiserror::Error)]
#[error("failed to lookup address information: Name or service not known")]
struct NoSuchName;

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        let names = self.0.clone();
        Box::pin(async move {
            let found: Addrs = match names {
                Names::Fixed(address) => Box::new(std::iter::once(address)),
                Names::Table(table) => Box::new(std::iter::once(in_table(&table, name.as_str()).ok_or(NoSuchName)?)),
                Names::System => {
                    let marks = Marks::current();
                    marks.iter().for_each(Marks::dns_started);
                    let found = tokio::net::lookup_host((name.as_str(), 0)).await;
                    marks.iter().for_each(Marks::dns_ended);
                    Box::new(found?.collect::<Vec<_>>().into_iter())
                }
            };
            Ok(found)
        })
    }
}

fn in_table(table: &[(String, SocketAddr)], name: &str) -> Option<SocketAddr> {
    let matching = table.iter().filter(|(suffix, _)| name.ends_with(suffix.as_str()));
    matching.max_by_key(|(suffix, _)| suffix.len()).map(|(_, address)| *address)
}

/// Checks that a PEM text holds certificates.
///
/// # Errors
/// When it holds none.
pub fn check_certificates(pem: &[u8]) -> Result<(), ClientError> {
    tls::certificates(pem).map(|_| ())
}
