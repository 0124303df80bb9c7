//! Responses that are not the store's: broken ones, and those of another server.

use bytes::Bytes;
use http::{Response, StatusCode};

use super::buckets::Condition;
use super::failure::Failure;
use super::reply::{Body, Stamp, named, response, trace_id};
use super::request::IncomingRequest;

/// What happens to a connection instead of an answer.
#[derive(Debug)]
pub(super) enum Break {
    /// It is reset.
    Reset,
    /// These bytes are sent, whatever they are, and it is closed.
    Send(Vec<u8>),
}

/// How a request goes wrong before the store sees it.
#[derive(Debug)]
pub(super) enum Fault {
    /// The connection breaks.
    Break(Break),
    /// Nothing comes.
    Stall,
    /// The answer comes in pieces.
    Slow(Bytes),
    /// Another server answers.
    Foreign(Response<Body>),
}

/// The fault that a bucket of this condition stands for, if any.
pub(super) fn of(condition: Condition, request: &IncomingRequest, stamp: &Stamp) -> Option<Fault> {
    Some(match condition {
        Condition::Reset => Fault::Break(Break::Reset),
        Condition::Stall => Fault::Stall,
        Condition::Truncated => Fault::Break(Break::Send(truncated(request, stamp))),
        Condition::Garbage => {
            Fault::Break(Break::Send(b"220 mail.example.net ESMTP ready\r\n\x00\xff\xfe\r\n".to_vec()))
        }
        Condition::Slow => Fault::Slow(Bytes::from("A line that takes its time.\n".repeat(20))),
        Condition::EmptyRefusal => Fault::Foreign(empty_refusal(stamp, request)),
        Condition::Portal => Fault::Foreign(page(
            StatusCode::OK,
            "nginx",
            "<!doctype html><html><head><title>Sign in to the network</title></head>\
             <body><form action=\"/login\">Sign in to the network to go on.</form></body></html>\n",
        )),
        Condition::Firewall => Fault::Foreign(page(
            StatusCode::FORBIDDEN,
            "cloud-waf",
            "<!doctype html><html><head><title>Request blocked</title></head>\
             <body><h1>Request blocked</h1><p>Your request looks like an attack.</body></html>\n",
        )),
        Condition::Gateway => Fault::Foreign(page(
            StatusCode::BAD_GATEWAY,
            "nginx",
            "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1>\
             </center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n",
        )),
        Condition::Elsewhere => {
            let headers = [("server", "nginx".to_owned()), ("location", "https://login.example.net/".to_owned())];
            Fault::Foreign(response(StatusCode::FOUND, named(headers), Bytes::new()))
        }
        _ => return None,
    })
}

fn page(status: StatusCode, server: &str, html: &'static str) -> Response<Body> {
    let headers = [("server", server.to_owned()), ("content-type", "text/html; charset=utf-8".to_owned())];
    response(status, named(headers), Bytes::from_static(html.as_bytes()))
}

/// A refusal that tells nothing but its ids, even to a GET.
fn empty_refusal(stamp: &Stamp, request: &IncomingRequest) -> Response<Body> {
    let trace_id = trace_id(&Failure::access_denied(request.now));
    let headers = stamp.headers().into_iter().chain([("x-cos-trace-id", trace_id)]);
    response(StatusCode::FORBIDDEN, named(headers), Bytes::new())
}

/// A refusal that announces its whole length and stops in the middle.
fn truncated(request: &IncomingRequest, stamp: &Stamp) -> Vec<u8> {
    let failure = Failure::access_denied(request.now);
    let document = stamp.error_document(&failure);
    let mut sent = "HTTP/1.1 403 Forbidden\r\n".to_owned();
    let own = [
        ("x-cos-trace-id", trace_id(&failure)),
        ("content-type", "application/xml".to_owned()),
        ("content-length", document.len().to_string()),
    ];
    for (name, value) in stamp.headers().into_iter().chain(own) {
        sent.extend([name, ": ", value.as_str(), "\r\n"]);
    }
    sent.push_str("\r\n");
    if request.method != http::Method::HEAD {
        sent.extend(document.chars().take(document.len() / 3));
    }
    sent.into_bytes()
}
