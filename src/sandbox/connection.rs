//! One connection: TLS or plain, told by its first byte, then HTTP/1.1 until it ends or is broken.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::sync::mpsc;
use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

use super::fault::Break;
use super::serve;
use super::state::State;

/// How long a client may take to say hello, and to send a head.
const PATIENCE: Duration = Duration::from_secs(60);
/// The content type of a TLS record that begins a handshake (RFC 8446 §5.1).
const TLS_HANDSHAKE: u8 = 0x16;

/// Serves a connection to its end.
pub(super) async fn serve(tcp: TcpStream, tls: TlsAcceptor, state: Arc<State>) {
    // Answers are small, and a slow body is meant to be seen piece by piece.
    let _ = tcp.set_nodelay(true);
    let mut first = [0];
    let Ok(Ok(1)) = timeout(PATIENCE, tcp.peek(&mut first)).await else { return };
    if first[0] != TLS_HANDSHAKE {
        return http(tcp, state).await;
    }
    // A client that does not like the certificate leaves here: that is what it came for.
    let Ok(Ok(stream)) = timeout(PATIENCE, tls.accept(tcp)).await else { return };
    http(stream, state).await;
}

/// A stream with a TCP connection under it.
trait Socket: AsyncRead + AsyncWrite + Unpin + Send + 'static {
    fn tcp(&self) -> &TcpStream;
}

impl Socket for TcpStream {
    fn tcp(&self) -> &TcpStream {
        self
    }
}

impl Socket for TlsStream<TcpStream> {
    fn tcp(&self) -> &TcpStream {
        self.get_ref().0
    }
}

async fn http<S: Socket>(socket: S, state: Arc<State>) {
    const HEAD_LIMIT: usize = 64 * 1024;
    const HEADERS: usize = 100;
    let (breaks, mut broken) = mpsc::channel(1);
    let answer = service_fn(move |request| {
        let (state, breaks) = (Arc::clone(&state), breaks.clone());
        async move { Ok::<_, Infallible>(serve::serve(state, breaks, request).await) }
    });
    let mut connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(PATIENCE)
        .preserve_header_case(true)
        .max_buf_size(HEAD_LIMIT)
        .max_headers(HEADERS)
        .serve_connection(TokioIo::new(socket), answer);
    let way = tokio::select! {
        _ = &mut connection => return,
        Some(way) = broken.recv() => way,
    };
    let mut socket = connection.into_parts().io.into_inner();
    match way {
        // Closing with a linger time of zero sends RST in place of FIN.
        Break::Reset => drop(socket2::SockRef::from(socket.tcp()).set_linger(Some(Duration::ZERO))),
        Break::Send(bytes) => send_and_close(&mut socket, &bytes).await,
    }
}

/// Sends raw bytes and waits for the client to leave: closing with bytes unread would reset the
/// connection, which could overtake what was sent.
async fn send_and_close<S: Socket>(socket: &mut S, bytes: &[u8]) {
    const FAREWELL: Duration = Duration::from_secs(1);
    if socket.write_all(bytes).await.is_err() || socket.shutdown().await.is_err() {
        return;
    }
    let mut rest = [0; 1024];
    let drained = async { while matches!(socket.read(&mut rest).await, Ok(1..)) {} };
    let _ = timeout(FAREWELL, drained).await;
}
