//! Where the time of a request goes: DNS, TCP, TLS, first byte.
//!
//! reqwest has no such hooks, so the edges are marked from where they can be seen: a resolver, a
//! layer around the connector, and rustls's session store, whose first look-up is the `ClientHello`.
//! The marks of a request travel in a task-local, which all three reach.

use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Instant;

use rustls::NamedGroup;
use rustls::client::{ClientSessionMemoryCache, ClientSessionStore, Tls12ClientSessionValue, Tls13ClientSessionValue};
use rustls::pki_types::ServerName;
use tower::{Layer, Service};

use crate::domain::exchange::{Timing, milliseconds};

tokio::task_local! {
    static MARKS: Marks;
}

#[derive(Debug, Default)]
struct Edges {
    dns: Option<(Instant, Option<Instant>)>,
    connect_start: Option<Instant>,
    tls_start: Option<Instant>,
    connect_end: Option<Instant>,
    untrusted: Option<Presented>,
}

/// What a server presented whose certificate was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Presented {
    /// The last one is its own issuer.
    pub ends_in_root: bool,
    /// The last issuer's name.
    pub issuer: String,
}

/// The moments of one request.
#[derive(Clone, Debug, Default)]
pub struct Marks(Arc<Mutex<Edges>>);

impl Marks {
    /// Runs a future whose connection edges are marked here.
    pub async fn watch<F: Future>(&self, future: F) -> F::Output {
        MARKS.scope(self.clone(), future).await
    }

    /// The marks of the request that the current task works for.
    pub(super) fn current() -> Option<Self> {
        MARKS.try_with(Clone::clone).ok()
    }

    fn with<T>(&self, change: impl FnOnce(&mut Edges) -> T) -> T {
        change(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Marks the start of a name look-up.
    pub fn dns_started(&self) {
        self.with(|edges| edges.dns = Some((Instant::now(), None)));
    }

    /// Marks its end.
    pub fn dns_ended(&self) {
        self.with(|edges| {
            if let Some((_, end)) = &mut edges.dns {
                *end = Some(Instant::now());
            }
        });
    }

    /// Whether a TLS handshake was begun.
    #[must_use]
    pub fn tls_begun(&self) -> bool {
        self.with(|edges| edges.tls_start.is_some())
    }

    /// Marks the `ClientHello`, the first time.
    fn tls_started() {
        if let Some(marks) = Self::current() {
            marks.with(|edges| edges.tls_start = edges.tls_start.or_else(|| Some(Instant::now())));
        }
    }

    /// Keeps what a refused server presented.
    pub fn keep_presented(presented: Presented) {
        if let Some(marks) = Self::current() {
            marks.with(|edges| edges.untrusted = Some(presented));
        }
    }

    /// What a refused server presented.
    #[must_use]
    pub fn presented(&self) -> Option<Presented> {
        self.with(|edges| edges.untrusted.clone())
    }

    /// Adds the marks up. Edges without an end belong to a connection that lost the race against an
    /// idle one, so such a request counts as reusing.
    #[must_use]
    pub fn timing(&self, started: Instant, head: Option<Instant>, ended: Instant, failed: bool) -> Timing {
        self.with(|edges| {
            let total_ms = milliseconds(ended - started);
            let begun = edges.connect_start.is_some();
            let reused = edges.connect_end.is_none() && !(failed && begun);
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
pub struct ConnectLayer;

impl<S> Layer<S> for ConnectLayer {
    type Service = Connect<S>;

    fn layer(&self, inner: S) -> Connect<S> {
        Connect(inner)
    }
}

/// The service of [`ConnectLayer`].
#[derive(Clone, Debug)]
pub struct Connect<S>(S);

impl<S, R> Service<R> for Connect<S>
where
    S: Service<R>,
    S::Future: Send + 'static,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = Pin<Box<dyn Future<Output = Result<S::Response, S::Error>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.0.poll_ready(context)
    }

    fn call(&mut self, request: R) -> Self::Future {
        // Taken now: a connection that loses a race is finished on another task, outside the scope.
        let marks = Marks::current();
        if let Some(marks) = &marks {
            marks.with(|edges| edges.connect_start = Some(Instant::now()));
        }
        let connecting = self.0.call(request);
        Box::pin(async move {
            let connected = connecting.await;
            // Outside of its request's scope it is finished for the pool: that request went out on an
            // idle connection meanwhile.
            let ours = Marks::current();
            if let (Some(marks), Some(ours), Ok(_)) = (marks, ours, &connected)
                && Arc::ptr_eq(&marks.0, &ours.0)
            {
                marks.with(|edges| edges.connect_end = Some(Instant::now()));
            }
            connected
        })
    }
}

/// rustls's session cache, which marks the moment of the `ClientHello`.
#[derive(Debug)]
pub struct Sessions(ClientSessionMemoryCache);

impl Default for Sessions {
    fn default() -> Self {
        Self(ClientSessionMemoryCache::new(256))
    }
}

impl ClientSessionStore for Sessions {
    fn set_kx_hint(&self, server: ServerName<'static>, group: NamedGroup) {
        self.0.set_kx_hint(server, group);
    }

    fn kx_hint(&self, server: &ServerName<'_>) -> Option<NamedGroup> {
        Marks::tls_started();
        self.0.kx_hint(server)
    }

    fn set_tls12_session(&self, server: ServerName<'static>, value: Tls12ClientSessionValue) {
        self.0.set_tls12_session(server, value);
    }

    fn tls12_session(&self, server: &ServerName<'_>) -> Option<Tls12ClientSessionValue> {
        Marks::tls_started();
        self.0.tls12_session(server)
    }

    fn remove_tls12_session(&self, server: &ServerName<'static>) {
        self.0.remove_tls12_session(server);
    }

    fn insert_tls13_ticket(&self, server: ServerName<'static>, value: Tls13ClientSessionValue) {
        self.0.insert_tls13_ticket(server, value);
    }

    fn take_tls13_ticket(&self, server: &ServerName<'static>) -> Option<Tls13ClientSessionValue> {
        Marks::tls_started();
        self.0.take_tls13_ticket(server)
    }
}
