//! A client of the sandbox that signs as it is told.

use std::io;
use std::net::SocketAddr;

use cosdiag::domain::credentials::Credentials;
use cosdiag::domain::dialect::Dialect;
use cosdiag::domain::error_document;
use cosdiag::domain::percent;
use cosdiag::sandbox::{Role, Sandbox, account};
use cosdiag::sign::{self, Placement, cos, sigv4};
use jiff::Timestamp;
use reqwest::header::HeaderMap;
use reqwest::{Client, Method, StatusCode};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

pub const PHOTOS: &str = "photos-1250000000.cos.ap-guangzhou.myqcloud.com";

pub fn host(bucket: &str) -> String {
    format!("{bucket}-1250000000.cos.ap-guangzhou.myqcloud.com")
}

/// A request before it is signed; `now` is the client's clock.
pub struct Ask<'a> {
    pub method: Method,
    pub host: &'a str,
    pub path: &'a str,
    pub query: &'a [(&'a str, &'a str)],
    pub headers: &'a [(&'a str, &'a str)],
    pub body: Vec<u8>,
    pub now: i64,
    pub placement: Placement,
}

impl<'a> Ask<'a> {
    pub fn new(method: Method, host: &'a str, path: &'a str) -> Self {
        let now = Timestamp::now().as_second();
        Self { method, host, path, query: &[], headers: &[], body: Vec::new(), now, placement: Placement::Header }
    }
}

pub fn get<'a>(host: &'a str, path: &'a str) -> Ask<'a> {
    Ask::new(Method::GET, host, path)
}

pub struct Got {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: String,
}

impl Got {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// The text of the first element of this name.
    pub fn element(&self, name: &str) -> Option<String> {
        let (_, rest) = self.body.split_once(&format!("<{name}>"))?;
        Some(rest.split_once(&format!("</{name}>"))?.0.replace("&quot;", "\""))
    }

    pub fn code(&self) -> (u16, String) {
        let document = error_document::parse(self.body.as_bytes());
        (self.status.as_u16(), document.code.unwrap_or_default())
    }
}

pub struct Peer {
    pub sandbox: Sandbox,
    client: Client,
}

impl Peer {
    pub async fn new() -> Self {
        let sandbox = Sandbox::start(SocketAddr::from(([127, 0, 0, 1], 0))).await.expect("a sandbox");
        let redirects = reqwest::redirect::Policy::none();
        let client = Client::builder().no_proxy().redirect(redirects).build().expect("a client");
        Self { sandbox, client }
    }

    pub async fn send(&self, ask: Ask<'_>) -> Got {
        self.send_signed(ask, Dialect::Cos, None).await
    }

    pub async fn send_as(&self, role: Role, ask: Ask<'_>) -> Got {
        self.send_signed(ask, Dialect::Cos, Some(account(role))).await
    }

    /// Sends a request of the owner; the target is a path with a query.
    pub async fn owner(
        &self,
        method: &str,
        host: &str,
        target: &str,
        headers: &[(&str, &str)],
        body: impl Into<Vec<u8>>,
    ) -> Got {
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let query: Vec<_> = query
            .split('&')
            .filter(|pair| !pair.is_empty())
            .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
            .collect();
        let method = method.parse().expect("a method");
        let ask = Ask { query: &query, headers, body: body.into(), ..Ask::new(method, host, path) };
        self.send_as(Role::Owner, ask).await
    }

    pub async fn send_signed(&self, ask: Ask<'_>, dialect: Dialect, who: Option<Credentials>) -> Got {
        let owned = |pairs: &[(&str, &str)]| -> Vec<(String, String)> {
            pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
        };
        let (mut headers, mut query) = (owned(ask.headers), owned(ask.query));
        headers.push(("host".to_owned(), ask.host.to_owned()));
        if let Some(who) = &who {
            let request =
                sign::Request { method: ask.method.as_str(), path: ask.path, query: &query, headers: &headers };
            let time = Timestamp::from_second(ask.now).expect("a time");
            let scope = sigv4::Scope { region: "us-east-1", time, payload: sigv4::UNSIGNED_PAYLOAD };
            let signed = match (dialect, ask.placement) {
                (Dialect::Cos, placement) => cos::sign(&request, who, cos::KeyTime::around(ask.now), placement),
                (Dialect::S3, Placement::Header) => sigv4::sign(&request, who, &scope),
                (Dialect::S3, Placement::Url) => sigv4::presign(&request, who, &scope, 600),
            };
            headers.extend(signed.headers);
            query.extend(signed.query);
        }
        let pairs: Vec<String> = query
            .iter()
            .map(|(name, value)| format!("{}={}", percent::component(name), percent::component(value)))
            .collect();
        let url = format!("http://{}{}?{}", self.sandbox.addr(), percent::path(ask.path), pairs.join("&"));
        let mut request = self.client.request(ask.method, url).body(ask.body);
        for (name, value) in headers {
            request = request.header(name, value);
        }
        let response = request.send().await.expect("an answer");
        let (status, headers) = (response.status(), response.headers().clone());
        Got { status, headers, body: response.text().await.expect("a body") }
    }

    pub async fn raw(&self, request: &str) -> io::Result<String> {
        let mut stream = TcpStream::connect(self.sandbox.addr()).await?;
        stream.write_all(request.as_bytes()).await?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).await?;
        Ok(String::from_utf8_lossy(&answer).into_owned())
    }
}
