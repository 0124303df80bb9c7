//! The spelling of header names on the wire.
//!
//! HTTP does not care for it, but COS's Python SDK does: it hands the headers to its users as a
//! plain dictionary, and reads `ETag` from it itself.

use std::convert::Infallible;
use std::io;
use std::sync::OnceLock;

use bytes::Bytes;
use http::{Extensions, Request, Response};
use http_body_util::Empty;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::io::AsyncWriteExt as _;

/// The names that COS does not write in lower case.
const NAMES: [&str; 17] = [
    "Accept-Ranges",
    "Access-Control-Allow-Headers",
    "Access-Control-Allow-Methods",
    "Access-Control-Allow-Origin",
    "Access-Control-Expose-Headers",
    "Access-Control-Max-Age",
    "Cache-Control",
    "Content-Disposition",
    "Content-Encoding",
    "Content-Length",
    "Content-Range",
    "Content-Type",
    "Date",
    "ETag",
    "Last-Modified",
    "Location",
    "Server",
];

/// Makes the extension that, on a response, has hyper spell these names so.
///
/// hyper keeps the type of that extension to itself and offers but one way to it: the spelling of
/// a request that came in may go out again with a response. So this receives such a request.
///
/// # Errors
/// When hyper does not take the request.
pub(super) async fn learn() -> io::Result<Extensions> {
    let learnt = OnceLock::new();
    let keep = service_fn(|request: Request<Incoming>| {
        let _ = learnt.set(request.extensions().clone());
        async { Ok::<_, Infallible>(Response::new(Empty::<Bytes>::new())) }
    });
    let (mut client, server) = tokio::io::duplex(4096);
    let headers: String = NAMES.into_iter().flat_map(|name| [name, ": 0\r\n"]).collect();
    client.write_all(format!("GET / HTTP/1.1\r\n{headers}\r\n").as_bytes()).await?;
    http1::Builder::new()
        .preserve_header_case(true)
        .keep_alive(false)
        .serve_connection(TokioIo::new(server), keep)
        .await
        .map_err(io::Error::other)?;
    Ok(learnt.into_inner().unwrap_or_default())
}
