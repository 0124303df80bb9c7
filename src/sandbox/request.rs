//! A request: decoded once, kept with the bytes that the client may have signed.

use bytes::Bytes;
use http::{HeaderMap, Method, Request};
use http_body_util::{BodyExt as _, Limited};
use hyper::body::Incoming;
use jiff::Timestamp;

use super::address::{Address, without_port};
use super::failure::Failure;
use crate::domain::percent;

/// How long a body may take to arrive.
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(20);
/// The largest body of one request. COS takes 5 GB.
pub(super) const BODY_LIMIT: usize = 64 * 1024 * 1024;

#[derive(Debug)]
pub(super) struct IncomingRequest {
    /// The method.
    pub(super) method: Method,
    /// The path, decoded, with its leading `/`: the text that both signatures cover.
    pub(super) path: String,
    /// The path as it was sent, without the query.
    pub(super) sent_path: String,
    /// The query, decoded, in order.
    pub(super) query: Vec<(String, String)>,
    /// The headers.
    pub(super) headers: HeaderMap,
    /// The hosts that the client may have signed, the one on the wire first. SDKs that are pointed
    /// at an address sign it with its port or without.
    pub(super) hosts: Vec<String>,
    /// What the request is for.
    pub(super) address: Address,
    /// The body, once it is read.
    pub(super) body: Bytes,
    /// When the request request.
    pub(super) now: Timestamp,
}

impl IncomingRequest {
    /// Reads the head; the body is still to come.
    pub(super) fn new(head: &Request<Incoming>) -> Self {
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
            sent_path: head.uri().path().to_owned(),
            path,
            body: Bytes::new(),
            now: Timestamp::now(),
        }
    }

    /// Reads the body, up to the limit.
    pub(super) async fn read_body(&mut self, body: Incoming) -> Result<(), Failure> {
        let too_large = || {
            let limit = BODY_LIMIT >> 20;
            let message = format!("Your proposed upload exceeds the maximum allowed size ({limit} MiB in the sandbox)");
            Failure::bad_request("EntityTooLarge", message)
        };
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
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// A header by its name in COS's dialect or, failing that, in that of S3.
    pub(super) fn cos_header(&self, name: &str) -> Option<&str> {
        let in_s3 = || Some(format!("x-amz-{}", name.strip_prefix("x-cos-")?));
        self.header(name).or_else(|| self.header(&in_s3()?))
    }

    /// Whether a query parameter is there, with a value or without.
    pub(super) fn has(&self, name: &str) -> bool {
        self.parameter(name).is_some()
    }

    /// A query parameter's first value; names are compared without case.
    pub(super) fn parameter(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(given, _)| given.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// The session token, from a header or the query.
    pub(super) fn token(&self) -> Option<&str> {
        let in_query = || self.parameter("x-cos-security-token").or_else(|| self.parameter("x-amz-security-token"));
        self.cos_header("x-cos-security-token").or_else(in_query)
    }

    /// `host/key`, as error documents name the resource.
    pub(super) fn resource(&self) -> String {
        format!("{}{}", self.hosts.first().map_or("", String::as_str), self.path)
    }
}
