//! Requests that go to the store without a proxy: HTTP/1.1 on kept connections, each target byte for byte.
//!
//! reqwest takes URLs only, whose parser resolves dot segments: the signature of one key would be sent for
//! another. And the pool below it costs a task and its wake-ups for each request.

use std::error::Error;
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use bytes::Bytes;
use http::uri::{Authority, PathAndQuery, Scheme};
use http::{HeaderValue, Request, Uri, header, response};
use http_body_util::Full;
use hyper::body::{Body as _, Frame, Incoming};
use hyper_rustls::HttpsConnector;
use hyper_util::client::legacy::connect::{HttpConnector, HttpInfo, dns};
use reqwest::dns::{Addrs, Resolve};
use tower::{Layer, Service};

use super::connection::{Connection, SendError};
use super::timing::{Connect, ConnectLayer};

/// How long an idle connection is kept.
pub const IDLE: Duration = Duration::from_secs(30);

/// After so long without an acknowledgement the other end counts as gone.
const DEAD: Duration = Duration::from_secs(30);

/// Headers of a response at most, where it is looked for more than the usual number.
pub const MAX_HEADERS: usize = 1024;

/// Where a connection goes.
type Origin = (Scheme, Authority);

/// A client that keeps its connections.
#[derive(Clone, Debug)]
pub struct Direct {
    connector: Connect<HttpsConnector<HttpConnector<SystemNames>>>,
    kept: Kept,
}

/// Idle connections, the one that became idle last at the end.
#[derive(Clone, Debug)]
struct Kept {
    idle: Arc<Mutex<Vec<(Origin, Instant, Connection)>>>,
    most: usize,
}

impl Kept {
    fn idle(&self) -> MutexGuard<'_, Vec<(Origin, Instant, Connection)>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn take(&self, origin: &Origin) -> Option<Connection> {
        let mut idle = self.idle();
        let at = idle.iter().rposition(|(of, since, _)| of == origin && since.elapsed() < IDLE)?;
        Some(idle.remove(at).2)
    }

    /// One that still stands.
    async fn standing(&self, origin: &Origin) -> Option<Connection> {
        loop {
            let mut connection = self.take(origin)?;
            if connection.is_ready().await {
                return Some(connection);
            }
        }
    }

    fn keep(&self, origin: Origin, connection: Connection) {
        let mut idle = self.idle();
        let old = idle.iter().take_while(|(_, since, _)| since.elapsed() >= IDLE).count();
        let too_many = (idle.len() + 1).saturating_sub(self.most.max(1));
        idle.drain(..old.max(too_many));
        idle.push((origin, Instant::now(), connection));
    }
}

/// The body of a response. At its end the connection is kept for the next request; one that is dropped before
/// that is closed.
pub struct Body {
    incoming: Incoming,
    connection: Option<Connection>,
    origin: Origin,
    kept: Kept,
}

impl Body {
    /// Its length, where the response tells.
    pub fn length(&self) -> Option<u64> {
        self.incoming.size_hint().exact()
    }

    /// Its next part; `None` at its end.
    pub async fn frame(&mut self) -> Option<Result<Frame<Bytes>, hyper::Error>> {
        let connection = self.connection.as_mut()?;
        let frame = connection.frame(&mut self.incoming).await;
        if frame.is_none()
            && let Some(mut connection) = self.connection.take().filter(|_| self.kept.most > 0)
            && connection.is_ready().await
        {
            self.kept.keep(self.origin.clone(), connection);
        }
        frame
    }
}

/// The head of a response, the ends of its connection, and its body.
pub type Received = (response::Parts, Option<HttpInfo>, Body);

impl Direct {
    /// A client that keeps at most `most` idle connections.
    pub fn new(tls: rustls::ClientConfig, names: Arc<dyn Resolve>, connect_limit: Duration, most: usize) -> Self {
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
        Self { connector, kept: Kept { idle: Arc::default(), most } }
    }

    /// Sends a request.
    ///
    /// # Errors
    /// When no response comes.
    pub async fn send(&self, request: Request<Bytes>) -> Result<Received, SendError> {
        let (mut head, body) = request.into_parts();
        let uri = std::mem::take(&mut head.uri).into_parts();
        let origin = uri.scheme.zip(uri.authority).ok_or_else(|| SendError::Connect("the URL has no host".into()))?;
        head.uri = Uri::from(uri.path_and_query.unwrap_or_else(|| PathAndQuery::from_static("/")));
        if let header::Entry::Vacant(named) = head.headers.entry(header::HOST)
            && let Some(host) = host(&origin)
        {
            named.insert(host);
        }
        let mut request = Request::from_parts(head, Full::new(body));
        loop {
            let idle = self.kept.standing(&origin).await;
            let is_reused = idle.is_some();
            let mut connection = match idle {
                Some(connection) => connection,
                // Rare, and large.
                None => Box::pin(self.connect(&origin)).await?,
            };
            match connection.send(request).await {
                Ok(response) => {
                    let (head, incoming) = response.into_parts();
                    let ends = connection.ends.clone();
                    let kept = self.kept.clone();
                    return Ok((head, ends, Body { incoming, connection: Some(connection), origin, kept }));
                }
                Err(mut error) => {
                    // It was closed before anything was sent: another one may stand.
                    let unsent = error.take_message().filter(|_| is_reused);
                    let end = connection.ends.as_ref().map(HttpInfo::local_addr);
                    request = unsent.ok_or_else(|| SendError::Exchange { source: error.into_error(), end })?;
                }
            }
        }
    }

    async fn connect(&self, (scheme, authority): &Origin) -> Result<Connection, SendError> {
        let uri = Uri::builder().scheme(scheme.clone()).authority(authority.clone()).path_and_query("/").build();
        let uri = uri.map_err(|error| SendError::Connect(error.into()))?;
        let mut connector = self.connector.clone();
        poll_fn(|context| Service::<Uri>::poll_ready(&mut connector, context)).await.map_err(SendError::Connect)?;
        let stream = connector.call(uri).await.map_err(SendError::Connect)?;
        // What is not kept has the time to be thorough: a response with more headers is asked for again on one.
        Connection::over(stream, (self.kept.most == 0).then_some(MAX_HEADERS)).await
    }
}

/// The Host header of an origin: the port is named unless it is the scheme's own.
fn host((scheme, authority): &Origin) -> Option<HeaderValue> {
    let own = if *scheme == Scheme::HTTPS { 443 } else { 80 };
    match authority.port_u16().filter(|port| *port != own) {
        Some(port) => HeaderValue::try_from(format!("{}:{port}", authority.host())).ok(),
        None => HeaderValue::from_str(authority.host()).ok(),
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
