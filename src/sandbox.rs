//! A look-alike of Tencent Cloud COS on loopback, in process and without files: the demo, the test
//! server, and something to point an SDK at. It is not COS, and it reaches nothing but loopback.
//!
//! * Below HTTP: `connection` tells TLS from plain text and breaks connections where it should,
//!   `certificates` makes good and bad certificates by the name asked for.
//! * A request: `arrived` decodes it, `address` finds bucket and key, `claim` reads its signature,
//!   `verify` computes that again, `service` carries it through.
//! * The store: `world` is the table of buckets, `store` decides, and `listing`, `config`, `cors`,
//!   `object` and `writing` answer. `fault` answers for everybody who is not the store.
//! * A response: `reply` and `failure`, in the store's own words and with ids of the real form, its
//!   headers in the store's `spelling`.
//!
//! The clock is the system's: skewed clients are what the sandbox is there to catch.

mod account;
mod address;
mod arrived;
mod certificates;
mod claim;
mod config;
mod connection;
mod cors;
mod failure;
mod fault;
mod listing;
mod object;
mod reply;
pub mod scenario;
mod service;
mod shelf;
mod spelling;
mod state;
mod store;
mod uploads;
mod verify;
mod world;
mod writing;
mod xml;

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use socket2::{Domain, Socket, Type};
use tokio::net::TcpListener;
use tokio::task::{JoinHandle, JoinSet};
use tokio_rustls::TlsAcceptor;

pub use account::{Role, account};
use certificates::Certificates;
use state::State;

/// The host suffixes under which COS is reached.
const SUFFIXES: [&str; 2] = ["myqcloud.com", "tencentcos.cn"];

/// A running sandbox. It stops, connections and all, when it is dropped.
#[derive(Debug)]
pub struct Sandbox {
    addr: SocketAddr,
    certificates: Arc<Certificates>,
    state: Arc<State>,
    // Bound but not listening, so that whoever connects is refused.
    refusing: Socket,
    task: JoinHandle<()>,
}

impl Sandbox {
    /// Starts to listen. Port 0 takes any free one.
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
        let state = Arc::new(State::new(spelling::learn().await?));
        let task = tokio::spawn(accept(listener, tls, Arc::clone(&state)));
        Ok(Self { addr, certificates, state, refusing, task })
    }

    /// The one address, for HTTP and HTTPS alike.
    #[must_use]
    pub fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// The certificate (PEM) of the authority that signs the sandbox's certificates. It is made
    /// anew at each start and its key never leaves the process.
    #[must_use]
    pub fn ca_pem(&self) -> &[u8] {
        self.certificates.pem()
    }

    /// The host suffixes that exist in the sandbox's world with their addresses; the longest one
    /// wins. Hosts that match none do not exist, those of misspelt regions among them.
    #[must_use]
    pub fn names(&self) -> Vec<(String, SocketAddr)> {
        let refusing = self.refusing.local_addr().ok().and_then(|addr| addr.as_socket());
        let mut names = Vec::new();
        for suffix in SUFFIXES {
            names.push((format!("service.cos.{suffix}"), self.addr));
            for region in world::REGIONS {
                names.push((format!(".cos.{region}.{suffix}"), self.addr));
                names.push((format!("cos.{region}.{suffix}"), self.addr));
                let refused = refusing.map(|addr| (format!("refused-1250000000.cos.{region}.{suffix}"), addr));
                names.extend(refused);
            }
        }
        names
    }

    /// How many of the requests so far could change something: neither GET nor HEAD nor OPTIONS.
    #[must_use]
    pub fn changes(&self) -> u64 {
        self.state.changes()
    }

    /// How many requests have been served so far.
    #[must_use]
    pub fn requests(&self) -> u64 {
        self.state.served()
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Accepts connections for ever. The connections' tasks end with this one.
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
