//! The listener: one loopback address that serves HTTP and HTTPS.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use socket2::{Domain, Socket, Type};
use tokio::net::TcpListener;
use tokio::task::{JoinHandle, JoinSet};
use tokio_rustls::TlsAcceptor;

use super::address::{REGIONS, SUFFIXES};
use super::certificates::Certificates;
use super::state::State;
use super::{connection, header_case, objects, request};

/// The largest request and the room for all objects, in MiB.
pub const LIMITS: (usize, usize) = (request::BODY_LIMIT >> 20, objects::ROOM.0 >> 20);

/// A running sandbox. Dropping it closes the listener and every connection.
#[derive(Debug)]
pub struct Sandbox {
    addr: SocketAddr,
    certificates: Arc<Certificates>,
    state: Arc<State>,
    // Bound but not listening, so that connections are refused.
    refusing: Socket,
    task: JoinHandle<()>,
}

impl Sandbox {
    /// Starts to listen. Port 0 takes a free port.
    ///
    /// # Errors
    /// `InvalidInput` for an address that is not loopback; otherwise what the system says.
    pub async fn start(listen: SocketAddr) -> io::Result<Self> {
        if !listen.ip().is_loopback() {
            let reason = format!("the sandbox listens on loopback only, and {} is not loopback", listen.ip());
            return Err(io::Error::new(io::ErrorKind::InvalidInput, reason));
        }
        let listener = TcpListener::bind(listen).await?;
        let addr = listener.local_addr()?;
        let refusing = Socket::new(Domain::for_address(addr), Type::STREAM, None)?;
        refusing.bind(&SocketAddr::new(addr.ip(), 0).into())?;
        let certificates = Arc::new(Certificates::new()?);
        let tls = TlsAcceptor::from(Arc::new(certificates.server_config()?));
        let state = Arc::new(State::new(header_case::learn().await?));
        let task = tokio::spawn(accept(listener, tls, Arc::clone(&state)));
        Ok(Self { addr, certificates, state, refusing, task })
    }

    /// The address for both HTTP and HTTPS.
    #[must_use]
    pub fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// The CA certificate (PEM) of the sandbox. Each start makes a new one; its key never leaves the
    /// process.
    #[must_use]
    pub fn ca_pem(&self) -> &[u8] {
        self.certificates.pem()
    }

    /// The host suffixes that resolve in the sandbox, with their addresses; the longest match wins.
    /// A host that matches none does not exist, such as one with a misspelt region.
    #[must_use]
    pub fn names(&self) -> Vec<(String, SocketAddr)> {
        let refusing = self.refusing.local_addr().ok().and_then(|addr| addr.as_socket());
        let mut names = Vec::new();
        for suffix in SUFFIXES {
            names.push((format!("service.cos.{suffix}"), self.addr));
            for region in REGIONS {
                names.push((format!(".cos.{region}.{suffix}"), self.addr));
                names.push((format!("cos.{region}.{suffix}"), self.addr));
                let refused = refusing.map(|addr| (format!("refused-1250000000.cos.{region}.{suffix}"), addr));
                names.extend(refused);
            }
        }
        names
    }

    /// The number of requests so far that could change something: not GET, HEAD or OPTIONS.
    #[must_use]
    pub fn changes(&self) -> u64 {
        self.state.counters.changes()
    }

    /// The number of requests served so far.
    #[must_use]
    pub fn requests(&self) -> u64 {
        self.state.counters.served()
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Accepts connections until it is aborted; the tasks of its connections end with it.
async fn accept(listener: TcpListener, tls: TlsAcceptor, state: Arc<State>) {
    const RESPITE: Duration = Duration::from_millis(50);
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((tcp, _)) => {
                    connections.spawn(connection::serve(tcp, tls.clone(), Arc::clone(&state)));
                }
                // Out of file handles, most likely: some connection will end.
                Err(_) => tokio::time::sleep(RESPITE).await,
            },
            Some(_) = connections.join_next() => {}
        }
    }
}
