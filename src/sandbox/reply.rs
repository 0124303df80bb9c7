//! What goes back to the client: the store's headers, ids and error documents around an answer.

use std::borrow::Cow;
use std::convert::Infallible;
use std::time::Duration;

use base64::Engine as _;
use bytes::Bytes;
use futures_util::stream;
use http::{HeaderName, HeaderValue, Method, Response, StatusCode};
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt as _, Full, StreamBody};
use hyper::body::Frame;
use jiff::Timestamp;
use sha2::{Digest as _, Sha256};

use super::failure::Failure;
use super::xml;

/// The body of every response.
pub(super) type Body = UnsyncBoxBody<Bytes, Infallible>;

/// A header of a response; metadata has names that the client chose.
pub(super) type Header = (Cow<'static, str>, String);

/// A successful answer.
#[derive(Debug)]
pub(super) struct Reply {
    /// The status.
    pub(super) status: StatusCode,
    /// Headers of its own.
    pub(super) headers: Vec<Header>,
    /// The body. A HEAD announces its length without sending it.
    pub(super) body: Bytes,
}

impl Reply {
    /// An answer without a body.
    pub(super) fn empty(status: StatusCode) -> Self {
        Self { status, headers: Vec::new(), body: Bytes::new() }
    }

    /// 200 with a document.
    pub(super) fn document(root: &str, inner: &str) -> Self {
        Self {
            status: StatusCode::OK,
            headers: vec![("content-type".into(), "application/xml".to_owned())],
            body: xml::document(root, inner).into(),
        }
    }

    /// The answer with one more header.
    pub(super) fn with_header(mut self, name: impl Into<Cow<'static, str>>, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }
}

/// What every response of the store carries.
#[derive(Clone, Debug)]
pub(super) struct Stamp {
    /// When the request request.
    pub(super) time: Timestamp,
    /// The request id, of the real form.
    pub(super) request_id: String,
    /// Whether the client speaks the S3 dialect and looks for its own header.
    pub(super) amz: bool,
    /// `host/key`, the `Resource` of an error document.
    pub(super) resource: String,
}

impl Stamp {
    /// The headers that every response of the store carries.
    pub(super) fn headers(&self) -> Vec<(&'static str, String)> {
        let mut headers = vec![
            ("server", "tencent-cos".to_owned()),
            ("date", http_date(self.time)),
            ("x-cos-request-id", self.request_id.clone()),
        ];
        if self.amz {
            headers.push(("x-amz-request-id", self.request_id.clone()));
        }
        headers
    }

    /// Makes the response to a request of this method out of an answer.
    pub(super) fn response(&self, method: &Method, answer: Result<Reply, Failure>) -> Response<Body> {
        match answer {
            Ok(reply) => {
                let headers =
                    named(self.headers()).chain(reply.headers.into_iter().flat_map(|own| self.in_dialect(own)));
                response(reply.status, headers, reply.body)
            }
            Err(failure) => self.refusal(method, &failure),
        }
    }

    /// The header, and its S3 name for a client of that dialect.
    fn in_dialect(&self, header: Header) -> impl Iterator<Item = Header> {
        let in_s3 = self.amz.then(|| header.0.strip_prefix("x-cos-").map(|rest| format!("x-amz-{rest}"))).flatten();
        let alias = in_s3.map(|name| (Cow::Owned(name), header.1.clone()));
        std::iter::once(header).chain(alias)
    }

    fn refusal(&self, method: &Method, failure: &Failure) -> Response<Body> {
        let own = [("x-cos-trace-id", trace_id(failure)), ("content-type", "application/xml".to_owned())];
        let headers = named(self.headers()).chain(named(own)).chain(named(failure.headers.clone()));
        // A failed HEAD has no body, and says so: that is what makes it hard to diagnose.
        let body = if method == Method::HEAD { String::new() } else { self.error_document(failure) };
        response(failure.status, headers, body.into())
    }

    /// The `Error` document of a failure.
    pub(super) fn error_document(&self, failure: &Failure) -> String {
        let mut elements = vec![("Code", failure.code.to_owned()), ("Message", failure.message.to_string())];
        let declaration = if failure.at_edge {
            r#"<?xml version="1.0" encoding="UTF-8"?>"#
        } else {
            elements.extend(failure.details.iter().cloned());
            elements.push(("Resource", self.resource.clone()));
            elements.push(("RequestId", self.request_id.clone()));
            elements.push(("TraceId", trace_id(failure)));
            "<?xml version='1.0' encoding='utf-8' ?>"
        };
        let lines: Vec<String> = elements.iter().map(|(name, text)| xml::text(name, text)).collect();
        format!("{declaration}\n<Error>\n\t{}\n</Error>\n", lines.join("\n\t"))
    }
}

/// Headers whose names are known when the program is built.
pub(super) fn named(headers: impl IntoIterator<Item = (&'static str, String)>) -> impl Iterator<Item = Header> {
    headers.into_iter().map(|(name, value)| (Cow::Borrowed(name), value))
}

/// A response out of its parts. A header that HTTP cannot carry is left out.
pub(super) fn response(status: StatusCode, headers: impl IntoIterator<Item = Header>, body: Bytes) -> Response<Body> {
    let length = body.len();
    let mut response = Response::new(Full::new(body).boxed_unsync());
    *response.status_mut() = status;
    if status != StatusCode::NO_CONTENT {
        response.headers_mut().insert(http::header::CONTENT_LENGTH, HeaderValue::from(length));
    }
    for (name, value) in headers {
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(name.as_ref()), HeaderValue::from_bytes(value.as_bytes()))
        {
            response.headers_mut().append(name, value);
        }
    }
    response
}

/// The same response with its body in `pieces` pieces and a pause before each.
pub(super) fn slowly(response: Response<Body>, body: &Bytes, pieces: usize, pause: Duration) -> Response<Body> {
    let size = body.len().div_ceil(pieces).max(1);
    let chunks: Vec<Bytes> = body.chunks(size).map(Bytes::copy_from_slice).collect();
    let frames = stream::unfold(chunks.into_iter(), move |mut chunks| async move {
        let chunk = chunks.next()?;
        tokio::time::sleep(pause).await;
        Some((Ok::<_, Infallible>(Frame::data(chunk)), chunks))
    });
    let (parts, _) = response.into_parts();
    Response::from_parts(parts, StreamBody::new(frames).boxed_unsync())
}

/// The trace id of the place in the store that refuses: one for each failure, as published samples
/// suggest, for every caller. Base64 of 128 hexadecimal characters.
pub(super) fn trace_id(failure: &Failure) -> String {
    const NODE: &str = "8efc6b2d3b069ca89454d10b9ef0018749ddf94d356b53a614ecc3d8f6b91b59";
    let digest = Sha256::new().chain_update(failure.code).chain_update(failure.message.as_bytes()).finalize();
    let site = Bytes::copy_from_slice(&digest);
    base64::engine::general_purpose::STANDARD.encode(format!("{NODE}{site:x}"))
}

/// A time as documents write it.
pub(super) fn iso(time: Timestamp) -> String {
    time.strftime("%Y-%m-%dT%H:%M:%S.000Z").to_string()
}

/// A time as HTTP headers write it.
pub(super) fn http_date(time: Timestamp) -> String {
    time.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()
}
