//! One attempt: sign, send, read, and keep what happened.

use std::error::Error;
use std::time::{Duration, Instant};

use bytes::Bytes;
use http::uri::InvalidUri;
use http::{HeaderMap, HeaderName, HeaderValue, Method, Uri};
use hyper_util::client::legacy::connect::HttpInfo;
use jiff::{SignedDuration, Timestamp, Unit};
use url::{Position, Url};

use super::body;
use super::client::{self, Client, Reply};
use super::exception::{self, Route};
use super::timing::PhaseTimer;
use super::tunnel;
use crate::domain::classify::Signing;
use crate::domain::client_failure::ClientFailure;
use crate::domain::credentials::Credentials;
use crate::domain::dialect::Dialect;
use crate::domain::endpoint::host_with_port;
use crate::domain::exchange::{BODY_KEPT, ClientException, Exchange, Headers, Response, header, text};
use crate::domain::operation::Answer;
use crate::domain::percent;
use crate::domain::probe::{Auth, Probe};
use crate::domain::profile::Timeouts;
use crate::domain::target;
use crate::sign::{self, Placement, Signed};

/// What hyper-util says of a tunnel that was refused, whatever the proxy's reason.
const REFUSED_TUNNEL: &str = "tunnel error: unsuccessful";
/// Bytes read beyond what is kept, so that a secret across the cut is still found.
const MARGIN: usize = 8 * 1024;

/// Sends a probe. Whatever happens is in the exchanges, which still hold their secrets.
///
/// It is one exchange, but where a connection that had been idle was closed before anything came back
/// on it: that tells nothing of the store, so the request goes out once more on a new one (RFC 9112
/// §9.3.1). A write is never sent twice; it has a new connection from the start.
///
/// `begun` is when it began, where the caller has read the clock already.
pub async fn send_once(client: &Client, probe: &Probe, begun: Option<Timestamp>) -> (Vec<Exchange>, Signing) {
    let reads = matches!(probe.method.as_str(), "GET" | "HEAD" | "OPTIONS");
    let (first, signing) = exchange(client, probe, begun, !reads).await;
    if !reads || !(was_stale(&first) || had_many_headers(&first)) {
        return (vec![first], signing);
    }
    let (second, signing) = exchange(client, probe, None, true).await;
    // What a kept connection could not read says nothing of the store.
    let told = if had_many_headers(&first) { vec![second] } else { vec![first, second] };
    (told, signing)
}

/// A kept connection reads fewer headers than a new one.
fn had_many_headers(exchange: &Exchange) -> bool {
    exchange.exception.as_ref().is_some_and(|exception| exception.code == "HPE_HEADER_OVERFLOW")
}

fn was_stale(exchange: &Exchange) -> bool {
    let closed = exchange.exception.as_ref().is_some_and(|exception| exception.code == "ECONNRESET");
    exchange.timing.reused && exchange.response.is_none() && closed
}

async fn exchange(client: &Client, probe: &Probe, begun: Option<Timestamp>, fresh: bool) -> (Exchange, Signing) {
    if let Some(limiter) = &client.limiter {
        limiter.acquire().await;
    }
    let offset = SignedDuration::from_secs(probe.clock_offset);
    let now = begun.unwrap_or_else(Timestamp::now);
    let time = now.checked_add(offset).and_then(|now| now.round(Unit::Millisecond)).unwrap_or_default();
    let (dialled, fixed_host) = client.dialled(&probe.url);
    let url = probe.sent_url();
    let given_host = header(&probe.headers, "host").map(str::to_owned);
    let fixed_host = given_host.or_else(|| written_host(&url, &probe.url)).or(fixed_host);
    let host = fixed_host.clone().unwrap_or_else(|| host_with_port(&probe.url));
    let mut headers: Headers = vec![("host".to_owned(), host.clone())];
    headers.extend(probe.headers.iter().filter(|(name, _)| name != "host").cloned());
    let signing = match &probe.auth {
        Auth::Sign(credentials) => {
            let signed = sign(probe, &headers, credentials, time);
            headers.extend(signed.headers);
            Signing { canonical_request: Some(signed.canonical_request), string_to_sign: Some(signed.string_to_sign) }
        }
        Auth::Anonymous | Auth::Carried => Signing::default(),
    };
    for (name, value) in [("user-agent", concat!("cosdiag/", env!("CARGO_PKG_VERSION"))), ("accept", "*/*")] {
        if header(&headers, name).is_none() {
            headers.push((name.to_owned(), value.to_owned()));
        }
    }
    if !probe.body.is_empty() {
        headers.push(("content-length".to_owned(), probe.body.len().to_string()));
    }
    let mut exchange = Exchange {
        time,
        method: probe.method.clone(),
        url,
        request_headers: headers,
        response: None,
        exception: None,
        timing: crate::domain::exchange::Timing::default(),
        remote: None,
    };
    let proxy = client.proxy(&dialled);
    let request = uri(&exchange.url, &dialled, proxy.is_some())
        .and_then(|uri| request(probe, uri, fixed_host.is_some(), &exchange.request_headers));
    match request {
        Ok(request) => {
            let name = proxy.as_ref().map(|(url, from)| format!("{} ({from})", client::without_login(url)));
            let limit = client.connection.timeouts.connect;
            let fixed = client.fixed_address();
            let route = Route { host: &host, fixed, proxy: name.as_deref(), connect_limit: limit };
            // What is ready together is written together: the other end is woken once for all of it.
            tokio::task::yield_now().await;
            let sent = client.send(request, fresh);
            receive(sent, client.connection.timeouts, probe.answer, &route, &mut exchange).await;
            if let (Some((proxy, _)), Some(failed)) = (&proxy, &mut exchange.exception) {
                tell_refusal(failed, proxy, &dialled, limit).await;
            }
        }
        Err(unsendable) => exchange.exception = Some(unsendable),
    }
    (exchange, signing)
}

/// Puts what the proxy says into the failure of a tunnel.
async fn tell_refusal(failed: &mut ClientException, url: &Url, to: &Url, limit: Duration) {
    let ClientFailure::NoTunnel { proxy, cause } = &mut failed.failure else { return };
    let to = format!("{}:{}", to.host_str().unwrap_or_default(), to.port_or_known_default().unwrap_or_default());
    if cause == REFUSED_TUNNEL
        && let Some(refusal) = tunnel::refusal(url, &to, limit).await
    {
        failed.failure = ClientFailure::TunnelRefused { proxy: std::mem::take(proxy), refusal };
    }
}

fn sign(probe: &Probe, headers: &Headers, credentials: &Credentials, time: Timestamp) -> Signed {
    let is_covered = |(name, _): &&(String, String)| match probe.dialect {
        Dialect::Cos => sign::cos::signed_by_default(name),
        Dialect::S3 => sign::signable(name),
    };
    let covered: Headers = headers.iter().filter(is_covered).cloned().collect();
    let path = percent::decoded(probe.url.path());
    let query = percent::query_pairs(probe.url.query().unwrap_or_default());
    let request = sign::Request { method: &probe.method, path: &path, query: &query, headers: &covered };
    match probe.dialect {
        Dialect::Cos => {
            let key_time = sign::cos::KeyTime::around(time.as_second());
            sign::cos::sign(&request, credentials, key_time, Placement::Header)
        }
        Dialect::S3 => {
            let payload = sign::sigv4::payload_hash(&probe.body);
            let region = probe.region.as_deref().unwrap_or("us-east-1");
            sign::sigv4::sign(&request, credentials, &sign::sigv4::Scope { region, time, payload: &payload })
        }
    }
}

fn request(
    probe: &Probe,
    uri: Uri,
    host_differs: bool,
    headers: &Headers,
) -> Result<http::Request<Bytes>, ClientException> {
    let method = Method::from_bytes(probe.method.as_bytes());
    let method = method.map_err(|_| exception::unsendable(ClientFailure::MethodUnsendable))?;
    let mut map = HeaderMap::with_capacity(headers.len());
    for (name, value) in headers {
        // hyper writes these itself; a Host that is the URL's own too.
        if name == "content-length" || (name == "host" && !host_differs) {
            continue;
        }
        let unsendable = || exception::unsendable(ClientFailure::HeaderUnsendable { name: name.clone() });
        let key = HeaderName::from_bytes(name.as_bytes()).map_err(|_| unsendable())?;
        let value = HeaderValue::from_bytes(value.as_bytes()).map_err(|_| unsendable())?;
        map.append(key, value);
    }
    let mut request = http::Request::new(Bytes::copy_from_slice(&probe.body));
    (*request.method_mut(), *request.uri_mut(), *request.headers_mut()) = (method, uri, map);
    Ok(request)
}

/// The host as a URL was given, where its parser writes it otherwise.
fn written_host(given: &str, url: &Url) -> Option<String> {
    if given == url.as_str() {
        return None;
    }
    let host = target::written(given)?.host;
    let of_url = &url[Position::BeforeHost..Position::AfterPort];
    (host.is_ascii() && host != of_url).then(|| host.to_owned())
}

/// Whether a request cannot be sent as it is because it would go through a proxy.
#[must_use]
pub fn is_blocked_by_proxy(client: &Client, probe: &Probe) -> bool {
    let target = verbatim_target(&probe.sent_url(), &probe.url);
    client.is_proxied(&probe.url) && !matches!(target, Ok(None))
}

/// What is to be asked for, where it is not what the URL that is dialled would make of it.
fn verbatim_target(given: &str, dialled: &Url) -> Result<Option<Uri>, ClientException> {
    if given == dialled.as_str() {
        return Ok(None);
    }
    let Some(target::Written { path, query, .. }) = target::written(given) else { return Ok(None) };
    let path = if path.is_empty() { "/" } else { path };
    if (path, query) == (dialled.path(), dialled.query()) {
        return Ok(None);
    }
    let query = query.map(|query| format!("?{query}")).unwrap_or_default();
    let whole = format!("{}{path}{query}", &dialled[..Position::BeforePath]);
    whole.parse().map(Some).map_err(|error| unwritable(&error))
}

/// Where a request goes and what it asks for. A proxy gets the URL's own path only.
fn uri(given: &str, dialled: &Url, proxied: bool) -> Result<Uri, ClientException> {
    match verbatim_target(given, dialled)? {
        Some(_) if proxied => Err(exception::unwritable(ClientFailure::ProxyChangesPath)),
        Some(uri) => Ok(uri),
        None => dialled.as_str().parse().map_err(|error| unwritable(&error)),
    }
}

fn unwritable(error: &InvalidUri) -> ClientException {
    exception::unwritable(ClientFailure::UrlUnsendable { cause: error.to_string() })
}

async fn receive(
    sent: impl Future<Output = Result<Reply, Box<dyn Error + Send + Sync>>>,
    limits: Timeouts,
    answer: Answer,
    route: &Route<'_>,
    exchange: &mut Exchange,
) {
    let timer = PhaseTimer::default();
    let started = Instant::now();
    let answered = tokio::time::timeout(limits.response, timer.watch(sent)).await;
    let head = Instant::now();
    let mut used = None;
    match answered {
        Ok(Ok(response)) => {
            used = response.ends.as_ref().map(HttpInfo::local_addr);
            exchange.remote = response.ends.as_ref().map(|ends| ends.remote_addr().to_string());
            let deadline = tokio::time::Instant::from_std(started + limits.total);
            // Of an object only the beginning is looked at: its end does not matter here.
            let enough = answer == Answer::Content && response.head.status.is_success();
            let (response, broken) = read(response, deadline, enough).await;
            exchange.response = Some(response);
            exchange.exception = broken;
        }
        Ok(Err(error)) => {
            used = exception::used(error.as_ref());
            exchange.exception = Some(exception::of_request(error.as_ref(), &timer, route));
        }
        Err(_) => exchange.exception = Some(exception::too_late(&timer, route, limits.response)),
    }
    let answered = exchange.response.is_some();
    let reused = timer.is_reused(used, !answered);
    exchange.timing = timer.timing(started, answered.then_some(head), Instant::now(), reused);
}

async fn read(
    mut response: Reply,
    deadline: tokio::time::Instant,
    beginning_is_enough: bool,
) -> (Response, Option<ClientException>) {
    let announced = response.content_length();
    let mut kept = Response {
        status: response.head.status.as_u16(),
        headers: response
            .head
            .headers
            .iter()
            .map(|(name, value)| (name.as_str().to_owned(), text(value.as_bytes()).into_owned()))
            .collect(),
        body: Vec::new(),
        truncated: false,
        received: 0,
        headers_cut: false,
    };
    loop {
        match tokio::time::timeout_at(deadline, response.chunk()).await {
            Ok(None) => {
                body::make_readable(&mut kept, BODY_KEPT + MARGIN);
                return (kept, None);
            }
            Ok(Some(Ok(chunk))) => {
                kept.received += chunk.len() as u64;
                let room = (BODY_KEPT + MARGIN).saturating_sub(kept.body.len());
                kept.body.extend_from_slice(&chunk[..chunk.len().min(room)]);
                kept.truncated |= chunk.len() > room;
                if kept.truncated && beginning_is_enough {
                    return (kept, None);
                }
            }
            Ok(Some(Err(error))) => {
                let broken = exception::cut(kept.received, announced, error.as_ref());
                return (kept, Some(broken));
            }
            Err(_) => {
                let broken = exception::too_slow(kept.received, announced);
                return (kept, Some(broken));
            }
        }
    }
}
