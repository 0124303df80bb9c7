//! One HTTP/1.1 connection, driven by the task whose request it carries: it needs no task of its own, and no task
//! has to wake another one. An idle connection is not driven; it is looked at before it is used again.

use std::error::Error;
use std::future::{Future, poll_fn};
use std::net::SocketAddr;
use std::pin::{Pin, pin};
use std::task::{Context, Poll};

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::Full;
use hyper::body::{Body, Frame, Incoming};
use hyper::client::conn::{TrySendError, http1};
use hyper_rustls::MaybeHttpsStream;
use hyper_util::client::legacy::connect::HttpInfo;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

use super::timing::ends;

/// What a connection is made over.
pub type Stream = MaybeHttpsStream<TokioIo<TcpStream>>;

/// Why a request got no response.
#[derive(Debug, thiserror::Error)]
pub enum SendError {
    /// The connection failed.
    #[error("no connection")]
    Connect(#[source] Box<dyn Error + Send + Sync>),
    /// It stood, and no whole head came back.
    #[error("no response")]
    Exchange {
        /// Why.
        source: hyper::Error,
        /// This end of it.
        end: Option<SocketAddr>,
    },
}

/// A connection.
#[derive(Debug)]
pub struct Connection {
    sender: http1::SendRequest<Full<Bytes>>,
    /// `None` once it is closed. Boxed: it is moved from request to request.
    driver: Option<Box<http1::Connection<Stream, Full<Bytes>>>>,
    /// Its two ends.
    pub ends: Option<HttpInfo>,
}

impl Connection {
    /// A connection over a stream that stands, for responses of at most so many headers; `None` is hyper's own
    /// limit of 100. Any other costs 64 bytes of memory for each, filled for each response.
    ///
    /// # Errors
    /// Never in practice: nothing is sent yet.
    pub async fn over(stream: Stream, max_headers: Option<usize>) -> Result<Self, SendError> {
        let ends = ends(&hyper_util::client::legacy::connect::Connection::connected(&stream));
        let mut builder = http1::Builder::new();
        if let Some(most) = max_headers {
            builder.max_headers(most);
        }
        let made = builder.handshake(stream).await;
        let (sender, driver) = made.map_err(|error| SendError::Connect(error.into()))?;
        Ok(Self { sender, driver: Some(Box::new(driver)), ends })
    }

    /// Lets it read and write what it can.
    fn drive(&mut self, context: &mut Context<'_>) {
        if self.driver.as_mut().is_some_and(|driver| Pin::new(driver).poll(context).is_ready()) {
            self.driver = None;
        }
    }

    /// Whether it stands and takes a request: a server may have closed it meanwhile.
    pub async fn is_ready(&mut self) -> bool {
        poll_fn(|context| {
            self.drive(context);
            Poll::Ready(self.driver.is_some() && self.sender.is_ready())
        })
        .await
    }

    /// Sends a request whose URI is a path.
    ///
    /// # Errors
    /// When no response comes; the request is in it where nothing of it was sent.
    pub async fn send(
        &mut self,
        request: Request<Full<Bytes>>,
    ) -> Result<Response<Incoming>, TrySendError<Request<Full<Bytes>>>> {
        let mut response = pin!(self.sender.try_send_request(request));
        poll_fn(|context| {
            if let Some(driver) = &mut self.driver
                && Pin::new(driver).poll(context).is_ready()
            {
                self.driver = None;
            }
            response.as_mut().poll(context)
        })
        .await
    }

    /// The next part of a response's body.
    pub async fn frame(&mut self, body: &mut Incoming) -> Option<Result<Frame<Bytes>, hyper::Error>> {
        let mut body = Pin::new(body);
        poll_fn(|context| {
            if let Poll::Ready(frame) = body.as_mut().poll_frame(context) {
                return Poll::Ready(frame);
            }
            self.drive(context);
            body.as_mut().poll_frame(context)
        })
        .await
    }
}
