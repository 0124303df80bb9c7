//! Requests that go to the store without a proxy: HTTP/1.1 on pooled connections, each target byte for byte.
//!
//! reqwest costs twice the CPU time, and takes URLs only, whose parser resolves dot segments: the signature of
//! one key would be sent for another.

use std::error::Error;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http_body_util::Full;
use hyper::body::Incoming;
use hyper_rustls::HttpsConnector;
use hyper_util::client::legacy::connect::{HttpConnector, dns};
use hyper_util::client::legacy::{self, Client};
use hyper_util::rt::{TokioExecutor, TokioTimer};
use reqwest::dns::{Addrs, Resolve};
use tower::{Layer, Service};

use super::timing::{Connect, ConnectLayer};

/// How long an idle connection is kept.
pub const IDLE: Duration = Duration::from_secs(30);

/// After so long without an acknowledgement the other end counts as gone.
const DEAD: Duration = Duration::from_secs(30);

/// A client of pooled connections.
#[derive(Clone, Debug)]
pub struct Direct(Client<Connect<HttpsConnector<HttpConnector<SystemNames>>>, Full<Bytes>>);

impl Direct {
    /// A client that keeps at most `idle` idle connections to a host.
    pub fn new(tls: rustls::ClientConfig, names: Arc<dyn Resolve>, connect_limit: Duration, idle: usize) -> Self {
        let mut http = HttpConnector::new_with_resolver(SystemNames(names));
        http.enforce_http(false);
        http.set_nodelay(true);
        http.set_connect_timeout(Some(connect_limit));
        // What reqwest does too: a connection whose other end is gone is given up.
        http.set_keepalive(Some(DEAD / 2));
        http.set_keepalive_interval(Some(DEAD / 2));
        http.set_keepalive_retries(Some(3));
        #[cfg(any(target_os = "android", target_os = "fuchsia", target_os = "linux"))]
        http.set_tcp_user_timeout(Some(DEAD));
        let connector = ConnectLayer { limit: Some(connect_limit) }.layer(HttpsConnector::from((http, tls)));
        let mut builder = Client::builder(TokioExecutor::new());
        builder.pool_timer(TokioTimer::new()).pool_idle_timeout(IDLE).pool_max_idle_per_host(idle);
        Self(builder.http1_max_headers(1024).build(connector))
    }

    /// Sends a request.
    ///
    /// # Errors
    /// When no response comes.
    pub async fn send(&self, request: http::Request<Bytes>) -> Result<http::Response<Incoming>, legacy::Error> {
        self.0.request(request.map(Full::new)).await
    }
}

/// The resolver of the requests through a proxy, as hyper wants it.
#[derive(Clone)]
pub struct SystemNames(Arc<dyn Resolve>);

impl Service<dns::Name> for SystemNames {
    type Response = Addrs;
    type Error = Box<dyn Error + Send + Sync>;
    type Future = Pin<Box<dyn Future<Output = Result<Addrs, Self::Error>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, name: dns::Name) -> Self::Future {
        match name.as_str().parse() {
            Ok(name) => self.0.resolve(name),
            Err(error) => Box::pin(async move { Err(Box::from(format!("{error}"))) }),
        }
    }
}
