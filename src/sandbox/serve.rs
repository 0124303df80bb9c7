//! One request from arrival to response, faults included.

use std::sync::Arc;
use std::time::Duration;

use http::{Request, Response, StatusCode};
use hyper::body::Incoming;
use tokio::sync::mpsc::Sender;

use super::auth::SignatureClaim;
use super::counters::State;
use super::fault::{self, Break, Fault};
use super::reply::{Body, Stamp, response, slowly};
use super::request::IncomingRequest;
use super::router;

/// Answers a request. What cannot be told in HTTP goes to `breaks`, and no answer follows.
pub async fn serve(state: Arc<State>, breaks: Sender<Break>, http: Request<Incoming>) -> Response<Body> {
    state.count(http.method());
    let mut request = IncomingRequest::new(&http);
    let read = request.read_body(http.into_body()).await;
    let claim = SignatureClaim::of(&request);
    let stamp = Stamp {
        time: request.now,
        request_id: state.request_id(request.now),
        amz: claim.is_sigv4(),
        resource: request.resource(),
    };
    let mut response = match fault::of(&request, &stamp) {
        None => {
            let answer = read.and_then(|()| router::answer(&state, &request, &claim));
            stamp.response(&request.method, answer)
        }
        Some(Fault::Foreign(response)) => response,
        Some(Fault::Slow(body)) => {
            const PIECES: usize = 20;
            const PAUSE: Duration = Duration::from_millis(50);
            let headers = stamp.headers().into_iter().chain([("content-type", "text/plain".to_owned())]);
            slowly(response(StatusCode::OK, headers, body.clone()), &body, PIECES, PAUSE)
        }
        Some(Fault::Break(way)) => {
            // The connection's task acts on it and drops this future.
            let _ = breaks.send(way).await;
            std::future::pending().await
        }
        Some(Fault::Stall) => std::future::pending().await,
    };
    response.extensions_mut().extend(state.spelling());
    response
}
