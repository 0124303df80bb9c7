//! One request from arrival to response, faults included.

use std::sync::Arc;
use std::time::Duration;

use http::{Request, Response, StatusCode};
use hyper::body::Incoming;
use tokio::sync::mpsc::Sender;

use super::auth::SignatureClaim;
use super::fault::{self, Break, Fault};
use super::reply::{Body, Stamp, named, response, slowly};
use super::request::IncomingRequest;
use super::router;
use super::state::State;

/// Answers a request. A fault below HTTP goes to `breaks`, and no answer follows.
pub(super) async fn serve(state: Arc<State>, breaks: Sender<Break>, http: Request<Incoming>) -> Response<Body> {
    state.counters.count(http.method());
    let mut request = IncomingRequest::new(&http);
    let read = request.read_body(http.into_body()).await;
    let claim = SignatureClaim::of(&request);
    let stamp = Stamp {
        time: request.now,
        request_id: state.counters.request_id(request.now),
        amz: claim.is_s3(),
        resource: request.resource(),
    };
    let bucket = request.address.bucket.as_deref().and_then(|name| state.buckets.named(name));
    let mut response = match bucket.and_then(|bucket| fault::of(bucket.condition, &request, &stamp)) {
        None => {
            let answer = read.and_then(|()| router::answer(&state, &request, &claim));
            stamp.response(&request.method, answer)
        }
        Some(Fault::Foreign(response)) => response,
        Some(Fault::Slow(body)) => {
            const PIECES: usize = 20;
            const PAUSE: Duration = Duration::from_millis(50);
            let headers = stamp.headers().into_iter().chain([("content-type", "text/plain".to_owned())]);
            slowly(response(StatusCode::OK, named(headers), body.clone()), &body, PIECES, PAUSE)
        }
        Some(Fault::Break(way)) => {
            // The connection's task acts on it and drops this future.
            let _ = breaks.send(way).await;
            std::future::pending().await
        }
        Some(Fault::Stall) => std::future::pending().await,
    };
    response.extensions_mut().extend(state.header_case.clone());
    response
}
