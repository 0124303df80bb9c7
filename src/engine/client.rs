//! The HTTP client of a profile: one per connection settings, shared by all its probes.
//!
//! HTTP/1.1 only, no redirects, no decompression, no proxy but the one that was asked for: what is
//! diagnosed is the first answer, as it came.

use std::borrow::Cow;
use std::error::Error;
use std::net::SocketAddr;
use std::sync::Arc;

use bytes::Bytes;
use http_body_util::BodyExt;
use hyper::body::Body;
use hyper_util::client::legacy::connect::HttpInfo;
use hyper_util::client::proxy::matcher::Matcher;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::{NoProxy, Proxy};
use url::Url;

use super::direct::{self, Direct};
use super::error::ClientError;
use super::rate_limit::RateLimiter;
use super::timing::{ConnectLayer, PhaseTimer};
use super::{exception::Unresolved, tls};
use crate::domain::endpoint::host_with_port;
use crate::domain::probe::{Auth, Probe};
use crate::domain::profile::{Connection, DnsMode};
use crate::domain::record::Via;

/// A client ready to send.
#[derive(Clone, Debug)]
pub struct Client {
    direct: Pooled<Direct>,
    /// What sends through a proxy, and says of which URLs it does; `None` where no proxy is set.
    proxied: Option<(Pooled<reqwest::Client>, Arc<Matcher>)>,
    pub(super) connection: Arc<Connection>,
    /// The route that every request is to take, as far as it is the same for all.
    via: Arc<Via>,
    pub(super) limiter: Option<Arc<RateLimiter>>,
}

/// A client that keeps idle connections, and one that makes a connection for each request.
#[derive(Clone, Debug)]
struct Pooled<T> {
    kept: T,
    fresh: T,
}

impl<T> Pooled<T> {
    fn new<E>(build: impl Fn(usize) -> Result<T, E>) -> Result<Self, E> {
        Ok(Self { kept: build(1024)?, fresh: build(0)? })
    }

    fn get(&self, fresh: bool) -> &T {
        if fresh { &self.fresh } else { &self.kept }
    }
}

/// A response whose body is still to be read.
pub(super) struct Reply {
    pub head: http::response::Parts,
    /// The two ends of its connection.
    pub ends: Option<HttpInfo>,
    body: ReplyBody,
}

enum ReplyBody {
    Direct(direct::Body),
    Proxied(reqwest::Body),
}

impl Reply {
    /// The body's length, where the response tells.
    pub fn content_length(&self) -> Option<u64> {
        match &self.body {
            ReplyBody::Direct(body) => body.length(),
            ReplyBody::Proxied(body) => body.size_hint().exact(),
        }
    }

    /// The next part of the body; `None` at its end.
    pub async fn chunk(&mut self) -> Option<Result<Bytes, Box<dyn Error + Send + Sync>>> {
        loop {
            let frame = match &mut self.body {
                ReplyBody::Direct(body) => body.frame().await?.map_err(Into::into),
                ReplyBody::Proxied(body) => body.frame().await?.map_err(Into::into),
            };
            match frame.map(hyper::body::Frame::into_data) {
                Ok(Ok(data)) => return Some(Ok(data)),
                // Trailers are not part of the body.
                Ok(Err(_)) => {}
                Err(error) => return Some(Err(error)),
            }
        }
    }
}

impl Client {
    /// Makes a client.
    ///
    /// # Errors
    /// When certificates or the proxy are not what they should be.
    pub fn new(connection: &Connection) -> Result<Self, ClientError> {
        Self::asking(Arc::new(System), connection)
    }

    /// Makes a client that has `system` look up the names that are the system's to know.
    fn asking(system: Arc<dyn Resolve>, connection: &Connection) -> Result<Self, ClientError> {
        let tls = tls::config(connection.ca_pem.as_deref(), connection.insecure)?;
        let resolver = Arc::new(Resolver { dns: connection.dns.clone(), system });
        let limit = connection.timeouts.connect;
        let direct = |idle| Ok::<_, ClientError>(Direct::new(tls.clone(), resolver.clone(), limit, idle));
        let proxied = |idle| Self::through_proxy(connection, tls.clone(), Arc::clone(&resolver), idle);
        let proxied = matcher(connection).map(|matcher| Ok::<_, ClientError>((Pooled::new(proxied)?, matcher)));
        let via = Via {
            connect_to: fixed_address(connection).map(|address| address.to_string()),
            ca_file: connection.ca_file.as_ref().map(|path| path.display().to_string()),
            insecure: connection.insecure,
            ..Via::default()
        };
        Ok(Self {
            direct: Pooled::new(direct)?,
            proxied: proxied.transpose()?,
            connection: Arc::new(connection.clone()),
            via: Arc::new(via),
            limiter: None,
        })
    }

    fn through_proxy(
        connection: &Connection,
        tls: rustls::ClientConfig,
        resolver: Arc<Resolver>,
        idle: usize,
    ) -> Result<reqwest::Client, ClientError> {
        let mut builder = reqwest::Client::builder()
            .http1_only()
            .http1_max_headers(direct::MAX_HEADERS)
            .redirect(reqwest::redirect::Policy::none())
            .referer(false)
            .no_proxy()
            .tls_backend_preconfigured(tls)
            .dns_resolver(resolver)
            .connector_layer(ConnectLayer { limit: None })
            .connect_timeout(connection.timeouts.connect)
            .pool_idle_timeout(direct::IDLE)
            .pool_max_idle_per_host(idle)
            .tcp_nodelay(true);
        let no_proxy = connection.no_proxy.as_deref().unwrap_or_default();
        if let Some(set) = &connection.proxies.http {
            let proxy = Proxy::http(&set.url).map_err(|_| ClientError::Proxy)?;
            builder = builder.proxy(proxy.no_proxy(NoProxy::from_string(no_proxy)));
        }
        if let Some(set) = &connection.proxies.https {
            let proxy = Proxy::https(&set.url).map_err(|_| ClientError::Proxy)?;
            builder = builder.proxy(proxy.no_proxy(NoProxy::from_string(no_proxy)));
        }
        Ok(builder.build()?)
    }

    /// Sends a request: on an idle connection where there is one, on a new one where `fresh` is asked for.
    pub(super) async fn send(
        &self,
        request: http::Request<Bytes>,
        fresh: bool,
    ) -> Result<Reply, Box<dyn Error + Send + Sync>> {
        let proxied = self.proxied.as_ref().filter(|(_, matcher)| matcher.intercept(request.uri()).is_some());
        match proxied {
            None => {
                let (head, ends, body) = self.direct.get(fresh).send(request).await?;
                Ok(Reply { head, ends, body: ReplyBody::Direct(body) })
            }
            Some((client, _)) => {
                let response = client.get(fresh).execute(request.try_into()?).await?;
                let (mut head, body) = http::Response::from(response).into_parts();
                Ok(Reply { ends: head.extensions.remove(), head, body: ReplyBody::Proxied(body) })
            }
        }
    }

    /// The same client with a rate limit that counts attempts, GET twins and checks.
    #[must_use]
    pub fn rate_limited(self, per_second: Option<f64>) -> Self {
        Self { limiter: per_second.map(|rate| Arc::new(RateLimiter::new(rate))), ..self }
    }

    /// Whether a request to this URL goes through the proxy.
    pub(super) fn is_proxied(&self, url: &Url) -> bool {
        self.proxied
            .as_ref()
            .is_some_and(|(_, matcher)| url.as_str().parse().is_ok_and(|uri| matcher.intercept(&uri).is_some()))
    }

    /// The proxy that a request to this URL goes through, with where it was set.
    pub(super) fn proxy(&self, url: &Url) -> Option<(Url, &'static str)> {
        let proxies = &self.connection.proxies;
        let proxy = if url.scheme() == "https" { &proxies.https } else { &proxies.http };
        let proxy = proxy.as_ref().filter(|_| self.is_proxied(url))?;
        Some((Url::parse(&proxy.url).ok()?, proxy.from))
    }

    /// The route that a probe's request is to take.
    pub(super) fn via(&self, probe: &Probe) -> Via {
        let (proxy, proxy_from) = self.proxy(&probe.url).unzip();
        Via {
            proxy: proxy.as_ref().map(without_login),
            proxy_from: proxy_from.map(str::to_owned),
            carried: matches!(probe.auth, Auth::Carried),
            ..Via::clone(&self.via)
        }
    }

    /// The address that is dialled whatever the host, where there is one.
    pub(super) fn fixed_address(&self) -> Option<SocketAddr> {
        fixed_address(&self.connection)
    }

    /// The URL to dial and the Host to send. They differ only under [`DnsMode::Fixed`]: an explicit
    /// port would win over the fixed address's, so it is moved into the Host header.
    pub(super) fn dialled<'a>(&self, url: &'a Url) -> (Cow<'a, Url>, Option<String>) {
        let DnsMode::Fixed(address) = &self.connection.dns else { return (Cow::Borrowed(url), None) };
        let host = host_with_port(url);
        let is_name = matches!(url.host(), Some(url::Host::Domain(_)));
        if is_name && url.port().is_none() {
            return (Cow::Borrowed(url), Some(host));
        }
        let mut dialled = url.clone();
        let changed = if is_name {
            dialled.set_port(None)
        } else {
            dialled.set_ip_host(address.ip()).and_then(|()| dialled.set_port(Some(address.port())))
        };
        match changed {
            Ok(()) => (Cow::Owned(dialled), Some(host)),
            Err(()) => (Cow::Borrowed(url), None),
        }
    }
}

fn fixed_address(connection: &Connection) -> Option<SocketAddr> {
    match &connection.dns {
        DnsMode::Fixed(address) => Some(*address),
        DnsMode::System | DnsMode::Table(_) => None,
    }
}

/// A proxy's URL without who logs in to it.
pub(super) fn without_login(proxy: &Url) -> String {
    format!("{}://{}", proxy.scheme(), host_with_port(proxy))
}

/// Which URLs go through a proxy, where there is one.
fn matcher(connection: &Connection) -> Option<Arc<Matcher>> {
    connection.proxies.urls().next()?;
    let mut matcher = Matcher::builder().no(connection.no_proxy.as_deref().unwrap_or_default());
    if let Some(set) = &connection.proxies.http {
        matcher = matcher.http(set.url.as_str());
    }
    if let Some(set) = &connection.proxies.https {
        matcher = matcher.https(set.url.as_str());
    }
    Some(Arc::new(matcher.build()))
}

/// Looks names up as the profile says, marking the time it takes.
struct Resolver {
    dns: DnsMode,
    system: Arc<dyn Resolve>,
}

/// A name that the sandbox's world does not have.
#[derive(Debug, thiserror::Error)]
#[error("failed to lookup address information: Name or service not known")]
struct NoSuchName;

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        let known = match &self.dns {
            DnsMode::System => {
                let (system, timer) = (Arc::clone(&self.system), PhaseTimer::current());
                return Box::pin(async move {
                    if let Some(timer) = &timer {
                        timer.dns_started(name.as_str());
                    }
                    let found = system.resolve(name).await;
                    timer.iter().for_each(PhaseTimer::dns_ended);
                    found.map_err(unresolved)
                });
            }
            DnsMode::Fixed(address) => Some(*address),
            DnsMode::Table(table) => in_table(table, name.as_str()),
        };
        Box::pin(async move {
            let address = known.ok_or_else(|| unresolved(NoSuchName.into()))?;
            Ok(Box::new(std::iter::once(address)) as Addrs)
        })
    }
}

fn unresolved(cause: Box<dyn Error + Send + Sync>) -> Box<dyn Error + Send + Sync> {
    Unresolved(cause).into()
}

/// The system's resolver.
struct System;

impl Resolve for System {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            Ok(Box::new(found.collect::<Vec<_>>().into_iter()) as Addrs)
        })
    }
}

fn in_table(table: &[(String, SocketAddr)], name: &str) -> Option<SocketAddr> {
    let matching = table.iter().filter(|(suffix, _)| name.ends_with(suffix.as_str()));
    matching.max_by_key(|(suffix, _)| suffix.len()).map(|(_, address)| *address)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::time::Duration;

    use tokio_util::sync::CancellationToken;

    use super::*;
    use crate::domain::dialect::Dialect;
    use crate::domain::endpoint::Endpoint;
    use crate::domain::operation::operation;
    use crate::domain::probe::{Probe, RequestOptions};
    use crate::domain::profile::{Profile, Proxies, Timeouts};
    use crate::domain::target::Target;
    use crate::engine::{Options, run};

    /// A resolver that says nothing, ever.
    struct Silent;

    impl Resolve for Silent {
        fn resolve(&self, _: Name) -> Resolving {
            Box::pin(std::future::pending())
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_silent_resolver_is_named_within_the_limit() {
        let by_proxy = Proxies::all("http://proxy.example.com:3128", "--proxy");
        for (proxies, seconds, name, within) in [
            (Proxies::default(), 2, "photos-1250000000.cos.ap-guangzhou.myqcloud.com", 2),
            (Proxies::default(), 30, "photos-1250000000.cos.ap-guangzhou.myqcloud.com", 10),
            (by_proxy, 2, "proxy.example.com", 2),
        ] {
            let timeouts = Timeouts::within(Duration::from_secs(seconds));
            let connection = Connection { proxies, timeouts, ..Connection::default() };
            let client = Client::asking(Arc::new(Silent), &connection).expect("a client");
            let profile = Profile {
                name: "test".to_owned(),
                dialect: Dialect::Cos,
                region: Some("ap-guangzhou".to_owned()),
                endpoint: Endpoint::of(Dialect::Cos, "https"),
                credentials: None,
                anonymous: true,
                connection,
                bucket: None,
                buckets: Arc::default(),
            };
            let target = Target::parse("photos-1250000000").expect("a target");
            let asked = operation("get-bucket").expect("an operation");
            let probe = Probe::of(asked, &target, &profile, &RequestOptions::default()).expect("a probe");
            let began = tokio::time::Instant::now();
            let mut records = run(&client, vec![probe], Options::default(), &CancellationToken::new());
            let record = records.recv().await.expect("a record");
            assert_eq!(began.elapsed().as_secs(), within);
            let said = format!("the resolver gave no answer for {name} within {within} s");
            assert_eq!(record.error.code.as_deref(), Some("EAI_AGAIN"));
            assert_eq!(record.error.message.as_deref(), Some(said.as_str()));
            let verdicts = &record.diagnosis.as_ref().expect("a diagnosis").verdicts;
            assert_eq!(verdicts.first().map(|verdict| verdict.cause.as_str()), Some("dns-failure"));
        }
    }
}
