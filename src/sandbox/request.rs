//! A request as it request: decoded once, kept beside what the client may have signed.

use bytes::Bytes;
use http::{HeaderMap, Method, Request};
use http_body_util::{BodyExt as _, Limited};
use hyper::body::Incoming;
use jiff::Timestamp;

use super::address::{Address, without_port};
use super::failure::Failure;
use crate::domain::percent;

/// A body that is not there by then is not waited for.
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(20);
/// The longest body that is taken.
const BODY_LIMIT: usize = 5 * 1024 * 1024;

/// A request's head.
#[derive(Debug)]
pub struct IncomingRequest {
    /// The method.
    pub method: Method,
    /// The path, decoded, with its leading `/`: the text that both signatures cover.
    pub path: String,
    /// The query, decoded, in order.
    pub query: Vec<(String, String)>,
    /// The headers.
    pub headers: HeaderMap,
    /// The hosts that the client may have signed, the one on the wire first. SDKs that are pointed
    /// at an address sign it with its port or without.
    pub hosts: Vec<String>,
    /// What the request is for.
    pub address: Address,
    /// The body, once it is read.
    pub body: Bytes,
    /// When the request request.
    pub now: Timestamp,
}

impl IncomingRequest {
    /// Reads the head; the body is still to come.
    pub fn new(head: &Request<Incoming>) -> Self {
        let path = percent::decode(head.uri().path());
        let header = head.headers().get(http::header::HOST).and_then(|host| host.to_str().ok());
        // A client that takes the sandbox for an HTTP proxy names the host in the request line.
        let authority = head.uri().authority().map(http::uri::Authority::as_str);
        let mut hosts: Vec<String> = Vec::new();
        for host in [header, authority].into_iter().flatten() {
            for form in [host, without_port(host)] {
                if !hosts.iter().any(|known| known == form) {
                    hosts.push(form.to_owned());
                }
            }
        }
        let address = Address::of(authority.or(header).unwrap_or_default(), &path);
        // Form-style encoders, Python's among them, write a blank as a plus.
        let query = percent::query_pairs(&head.uri().query().unwrap_or_default().replace('+', "%20"));
        Self {
            method: head.method().clone(),
            query,
            headers: head.headers().clone(),
            hosts,
            address,
            path,
            body: Bytes::new(),
            now: Timestamp::now(),
        }
    }

    /// Reads the body, up to the limit.
    pub async fn read_body(&mut self, body: Incoming) -> Result<(), Failure> {
        let too_large =
            || Failure::bad_request("EntityTooLarge", "Your proposed upload exceeds the maximum allowed size");
        let announced = self.header("content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
        if announced > BODY_LIMIT {
            return Err(too_large().with_header("connection", "close"));
        }
        let collected = tokio::time::timeout(PATIENCE, Limited::new(body, BODY_LIMIT).collect()).await;
        let Ok(collected) = collected else {
            let failure = Failure::bad_request("RequestTimeout", "The body did not arrive in time");
            return Err(failure.with_header("connection", "close"));
        };
        match collected {
            Ok(body) => self.body = body.to_bytes(),
            Err(error) if error.is::<http_body_util::LengthLimitError>() => {
                return Err(too_large().with_header("connection", "close"));
            }
            Err(_) => {
                return Err(Failure::bad_request(
                    "IncompleteBody",
                    "You did not provide the number of bytes specified by the Content-Length HTTP header",
                ));
            }
        }
        Ok(())
    }

    /// A header's first value, where it is text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// A query parameter's first value; names are compared without case.
    pub fn parameter(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(given, _)| given.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// The session token, wherever it stands.
    pub fn token(&self) -> Option<&str> {
        ["x-cos-security-token", "x-amz-security-token"]
            .into_iter()
            .find_map(|name| self.header(name).or_else(|| self.parameter(name)))
    }

    /// `host/key`, as error documents name the resource.
    pub fn resource(&self) -> String {
        format!("{}{}", self.hosts.first().map_or("", String::as_str), self.path)
    }
}
