//! What a proxy says when it refuses a tunnel. The HTTP client keeps only that it did, so the proxy is asked
//! once more; nothing goes to the store.

use std::time::Duration;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use bytes::Bytes;
use http::Request;
use http::header::{HOST, PROXY_AUTHORIZATION};
use http_body_util::{BodyExt, Collected, Empty, Limited};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use url::Url;

use crate::domain::client_failure::TunnelRefusal;
use crate::domain::error_document;
use crate::domain::percent;

/// Bytes of the response's body that are searched for a title.
const PAGE: usize = 16 * 1024;

/// The proxy's response to CONNECT. `None` where it lets this one through, or is spoken to over TLS.
pub async fn refusal(proxy: &Url, to: &str, limit: Duration) -> Option<TunnelRefusal> {
    tokio::time::timeout(limit, ask(proxy, to)).await.ok().flatten()
}

async fn ask(proxy: &Url, to: &str) -> Option<TunnelRefusal> {
    if proxy.scheme() != "http" {
        return None;
    }
    let stream = TcpStream::connect((proxy.host_str()?, proxy.port_or_known_default()?)).await.ok()?;
    let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.ok()?;
    let connection = tokio::spawn(connection);
    let mut request = Request::connect(to).header(HOST, to);
    if let Some(login) = login(proxy) {
        request = request.header(PROXY_AUTHORIZATION, login);
    }
    let response = sender.send_request(request.body(Empty::<Bytes>::new()).ok()?).await.ok()?;
    let (head, body) = response.into_parts();
    let refused = !head.status.is_success();
    let page = if refused { Limited::new(body, PAGE).collect().await.ok().map(Collected::to_bytes) } else { None };
    connection.abort();
    if !refused {
        return None;
    }
    let squid_error = head.headers.get("x-squid-error").and_then(|error| error.to_str().ok()).map(str::to_owned);
    let title = page.and_then(|page| error_document::parse(&page).message);
    Some(TunnelRefusal { status: head.status.as_u16(), squid_error, title })
}

/// The login that the proxy's URL holds.
fn login(proxy: &Url) -> Option<String> {
    let user = percent::decode(proxy.username());
    let password = percent::decode(proxy.password().unwrap_or_default());
    let both = format!("{user}:{password}");
    (both.len() > 1).then(|| format!("Basic {}", BASE64_STANDARD.encode(both)))
}
