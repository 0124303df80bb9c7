//! A request whose target goes out byte for byte. reqwest takes URLs, whose parser resolves dot
//! segments: what was signed for one key would ask for another. Each has a connection of its own, and
//! none goes through a proxy.

use std::error::Error;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http::Uri;
use http_body_util::Full;
use hyper_rustls::HttpsConnector;
use hyper_util::client::legacy::connect::{HttpConnector, dns};
use hyper_util::client::legacy::{self, Client};
use hyper_util::rt::TokioExecutor;
use reqwest::dns::{Addrs, Resolve};
use tower::Service;

use super::timing::{Connect, ConnectLayer};
use tower::Layer;

/// What is sent with.
pub type Verbatim = Client<Connect<HttpsConnector<HttpConnector<Names>>>, Full<Bytes>>;

/// Makes one.
pub fn client(tls: rustls::ClientConfig, names: Arc<dyn Resolve>, connect_limit: Duration) -> Verbatim {
    let mut http = HttpConnector::new_with_resolver(Names(names));
    http.enforce_http(false);
    http.set_nodelay(true);
    http.set_connect_timeout(Some(connect_limit));
    let connector = ConnectLayer.layer(HttpsConnector::from((http, tls)));
    Client::builder(TokioExecutor::new()).pool_max_idle_per_host(0).http1_max_headers(1024).build(connector)
}

/// Sends a request to what is dialled for it, asking for `target`.
///
/// # Errors
/// When no response comes.
pub async fn execute(
    client: &Verbatim,
    request: reqwest::Request,
    target: Uri,
) -> Result<reqwest::Response, legacy::Error> {
    let body = request.body().and_then(reqwest::Body::as_bytes).map(Bytes::copy_from_slice).unwrap_or_default();
    let mut sent = http::Request::new(Full::new(body));
    request.method().clone_into(sent.method_mut());
    request.headers().clone_into(sent.headers_mut());
    *sent.uri_mut() = target;
    let response = client.request(sent).await?;
    Ok(response.map(reqwest::Body::wrap).into())
}

/// The resolver of the other requests, as hyper wants it.
#[derive(Clone)]
pub struct Names(Arc<dyn Resolve>);

impl Service<dns::Name> for Names {
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
