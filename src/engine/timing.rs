//! Where the time of a request goes: DNS, TCP, TLS, first byte.
//!
//! reqwest has no such hooks, so the edges are marked from where they can be seen: a resolver, a
//! layer around the connector, and rustls's session store, whose first look-up is the `ClientHello`.
//! The marks of a request travel in a task-local, which all three reach.

use std::error::Error;
use std::future::{Future, poll_fn};
use std::io;
use std::net::SocketAddr;
use std::pin::{Pin, pin};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use hyper_util::client::legacy::connect::{Connected, Connection, HttpInfo};
use rustls::NamedGroup;
use rustls::client::{ClientSessionMemoryCache, ClientSessionStore, Tls12ClientSessionValue, Tls13ClientSessionValue};
use rustls::pki_types::ServerName;
use tower::{Layer, Service};

use crate::domain::exchange::{Timing, milliseconds};

tokio::task_local! {
    static TIMER: PhaseTimer;
}

#[derive(Debug, Default)]
struct Edges {
    dns: Option<(Instant, Option<Instant>)>,
    /// The name that is looked up: the host's, or the proxy's.
    name: String,
    connect_start: Option<Instant>,
    tls_start: Option<Instant>,
    connect_end: Option<Instant>,
    /// This end of the connection that was made.
    made: Option<SocketAddr>,
    untrusted: Option<PresentedChain>,
}

/// What a server presented whose certificate was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PresentedChain {
    /// The last one is its own issuer.
    pub ends_in_root: bool,
    /// The last issuer's name.
    pub issuer: String,
}

/// What a request was waiting for when its time was over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Waiting {
    /// The resolver, for this name.
    Name(String),
    /// A connection.
    Connection,
    /// The TLS handshake.
    Handshake,
    /// A response: a connection stood.
    Response,
}

/// The moments of one request.
#[derive(Clone, Debug, Default)]
pub struct PhaseTimer(Arc<Mutex<Edges>>);

impl PhaseTimer {
    /// Runs a future whose connection edges are marked here.
    pub async fn watch<F: Future>(&self, future: F) -> F::Output {
        TIMER.scope(self.clone(), future).await
    }

    /// The marks of the request that the current task works for.
    pub(super) fn current() -> Option<Self> {
        TIMER.try_with(Clone::clone).ok()
    }

    /// Whether the current task works for this request.
    fn is_current(&self) -> bool {
        Self::current().is_some_and(|current| Arc::ptr_eq(&current.0, &self.0))
    }

    fn with<T>(&self, change: impl FnOnce(&mut Edges) -> T) -> T {
        change(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Marks the start of a name look-up.
    pub fn dns_started(&self, name: &str) {
        self.with(|edges| {
            edges.dns = Some((Instant::now(), None));
            name.clone_into(&mut edges.name);
        });
    }

    /// Marks its end.
    pub fn dns_ended(&self) {
        self.with(|edges| {
            if let Some((_, end)) = &mut edges.dns {
                *end = Some(Instant::now());
            }
        });
    }

    /// What is waited for now.
    #[must_use]
    pub fn waiting(&self) -> Waiting {
        self.with(|edges| match edges {
            Edges { connect_start: None, .. } | Edges { connect_end: Some(_), .. } => Waiting::Response,
            Edges { dns: Some((_, None)), name, .. } => Waiting::Name(name.clone()),
            Edges { tls_start: Some(_), .. } => Waiting::Handshake,
            _ => Waiting::Connection,
        })
    }

    /// Whether the request went out on a connection that stood before, by this end of the one it used.
    /// Where that is not known it did if none was made for it, or, of a failure, none was begun.
    #[must_use]
    pub fn is_reused(&self, used: Option<SocketAddr>, failed: bool) -> bool {
        self.with(|edges| match used {
            Some(used) => edges.made != Some(used),
            None => edges.connect_end.is_none() && !(failed && edges.connect_start.is_some()),
        })
    }

    /// Forgets a connection that was begun: the request went out on an idle one meanwhile.
    fn lose(&self) {
        self.with(|edges| *edges = Edges { untrusted: edges.untrusted.take(), ..Edges::default() });
    }

    /// Marks the `ClientHello`, the first time.
    fn tls_started() {
        if let Some(timer) = Self::current() {
            timer.with(|edges| edges.tls_start = edges.tls_start.or_else(|| Some(Instant::now())));
        }
    }

    /// Keeps what a refused server presented.
    pub fn keep_presented(presented: PresentedChain) {
        if let Some(timer) = Self::current() {
            timer.with(|edges| edges.untrusted = Some(presented));
        }
    }

    /// What a refused server presented.
    #[must_use]
    pub fn presented(&self) -> Option<PresentedChain> {
        self.with(|edges| edges.untrusted.clone())
    }

    /// Adds the marks up; a request on a connection that stood before has none of them.
    #[must_use]
    pub fn timing(&self, started: Instant, head: Option<Instant>, ended: Instant, reused: bool) -> Timing {
        self.with(|edges| {
            let total_ms = milliseconds(ended - started);
            if reused {
                let first_byte_ms = head.map(|head| milliseconds(head - started));
                return Timing { first_byte_ms, total_ms, reused, ..Timing::default() };
            }
            let dns = edges.dns.and_then(|(start, end)| Some((start, end?)));
            let tcp_start = dns.map(|(_, end)| end).or(edges.connect_start);
            let tcp_end = edges.tls_start.or(edges.connect_end);
            let between = |start: Option<Instant>, end: Option<Instant>| {
                Some(milliseconds(end?.saturating_duration_since(start?)))
            };
            Timing {
                dns_ms: between(dns.map(|(start, _)| start), dns.map(|(_, end)| end)),
                connect_ms: between(tcp_start, tcp_end),
                tls_ms: between(edges.tls_start, edges.connect_end),
                first_byte_ms: between(edges.connect_end, head),
                total_ms,
                reused,
                server_ms: None,
            }
        })
    }
}

/// Marks when a connection is begun and when it is ready.
#[derive(Clone, Debug)]
pub struct ConnectLayer {
    /// How long name, connection and handshake may take together; `None` where another layer limits it.
    pub limit: Option<Duration>,
}

impl<S> Layer<S> for ConnectLayer {
    type Service = Connect<S>;

    fn layer(&self, inner: S) -> Connect<S> {
        Connect { inner, limit: self.limit }
    }
}

/// The service of [`ConnectLayer`].
#[derive(Clone, Debug)]
pub struct Connect<S> {
    inner: S,
    limit: Option<Duration>,
}

impl<S, R> Service<R> for Connect<S>
where
    S: Service<R>,
    S::Response: Connection + 'static,
    S::Error: Into<Box<dyn Error + Send + Sync>> + 'static,
    S::Future: Send + 'static,
{
    type Response = S::Response;
    type Error = Box<dyn Error + Send + Sync>;
    type Future = Pin<Box<dyn Future<Output = Result<S::Response, Self::Error>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.inner.poll_ready(context).map_err(Into::into)
    }

    fn call(&mut self, request: R) -> Self::Future {
        // Taken now: a connection that loses a race is finished on another task, outside the scope.
        let timer = PhaseTimer::current();
        if let Some(timer) = &timer {
            timer.with(|edges| edges.connect_start = Some(Instant::now()));
        }
        let connecting = within(self.limit, self.inner.call(request));
        Box::pin(async move {
            let mut connecting = pin!(connecting);
            let connected = poll_fn(|context| {
                // Outside of its request's scope it is finished for the pool: that request went out on an
                // idle connection meanwhile.
                if let Some(timer) = &timer
                    && !timer.is_current()
                {
                    timer.lose();
                }
                connecting.as_mut().poll(context)
            })
            .await;
            if let (Some(timer), Ok(connection)) = (timer, &connected)
                && timer.is_current()
            {
                let made = this_end(&connection.connected());
                timer.with(|edges| (edges.connect_end, edges.made) = (Some(Instant::now()), made));
            }
            connected
        })
    }
}

/// A connection that is there in time.
async fn within<T, E: Into<Box<dyn Error + Send + Sync>>>(
    limit: Option<Duration>,
    connecting: impl Future<Output = Result<T, E>>,
) -> Result<T, Box<dyn Error + Send + Sync>> {
    match limit {
        None => connecting.await.map_err(Into::into),
        Some(limit) => match tokio::time::timeout(limit, connecting).await {
            Ok(connected) => connected.map_err(Into::into),
            Err(_) => Err(io::Error::from(io::ErrorKind::TimedOut).into()),
        },
    }
}

/// This end of a connection: no two that stand at once have the same.
pub fn this_end(connection: &Connected) -> Option<SocketAddr> {
    ends(connection).as_ref().map(HttpInfo::local_addr)
}

/// Both ends of a connection.
pub fn ends(connection: &Connected) -> Option<HttpInfo> {
    let mut extensions = http::Extensions::new();
    connection.get_extras(&mut extensions);
    extensions.remove()
}

/// rustls's session cache, which marks the moment of the `ClientHello`.
#[derive(Debug)]
pub struct TimedSessions(ClientSessionMemoryCache);

impl Default for TimedSessions {
    fn default() -> Self {
        Self(ClientSessionMemoryCache::new(256))
    }
}

impl ClientSessionStore for TimedSessions {
    fn set_kx_hint(&self, server: ServerName<'static>, group: NamedGroup) {
        self.0.set_kx_hint(server, group);
    }

    fn kx_hint(&self, server: &ServerName<'_>) -> Option<NamedGroup> {
        PhaseTimer::tls_started();
        self.0.kx_hint(server)
    }

    fn set_tls12_session(&self, server: ServerName<'static>, value: Tls12ClientSessionValue) {
        self.0.set_tls12_session(server, value);
    }

    fn tls12_session(&self, server: &ServerName<'_>) -> Option<Tls12ClientSessionValue> {
        PhaseTimer::tls_started();
        self.0.tls12_session(server)
    }

    fn remove_tls12_session(&self, server: &ServerName<'static>) {
        self.0.remove_tls12_session(server);
    }

    fn insert_tls13_ticket(&self, server: ServerName<'static>, value: Tls13ClientSessionValue) {
        self.0.insert_tls13_ticket(server, value);
    }

    fn take_tls13_ticket(&self, server: &ServerName<'static>) -> Option<Tls13ClientSessionValue> {
        PhaseTimer::tls_started();
        self.0.take_tls13_ticket(server)
    }
}
