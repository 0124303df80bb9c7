//! The engine against a server that misbehaves, byte by byte.

mod connections;
mod documents;
mod responses;
mod routes;

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use cosdiag::domain::credentials::Credentials;
use cosdiag::domain::dialect::Dialect;
use cosdiag::domain::endpoint::Endpoint;
use cosdiag::domain::operation::operation;
use cosdiag::domain::probe::{Probe, RequestOptions};
use cosdiag::domain::profile::{Connection, DnsMode, Profile, Timeouts};
use cosdiag::domain::record::Record;
use cosdiag::domain::target::Target;
use cosdiag::engine::{self, Client, Options};
use tokio_util::sync::CancellationToken;

/// Serves each connection with `answer`, which gets the request's head and the connection.
fn serve(answer: impl Fn(&str, &mut TcpStream) + Send + Sync + 'static) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    let answer = Arc::new(answer);
    thread::spawn(move || {
        for stream in listener.incoming() {
            let Ok(mut stream) = stream else { continue };
            let answer = Arc::clone(&answer);
            thread::spawn(move || {
                while let Some(head) = head(&mut stream) {
                    answer(&head, &mut stream);
                }
            });
        }
    });
    address
}

fn head(stream: &mut TcpStream) -> Option<String> {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") {
        if stream.read(&mut byte).ok()? == 0 {
            return None;
        }
        head.push(byte[0]);
    }
    String::from_utf8(head).ok()
}

fn respond(stream: &mut TcpStream, status: &str, headers: &str, body: &[u8]) {
    let head = format!("HTTP/1.1 {status}\r\n{headers}content-length: {}\r\n\r\n", body.len());
    let _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(body));
}

fn profile(dialect: Dialect, connection: Connection) -> Profile {
    Profile {
        name: "test".to_owned(),
        dialect,
        region: Some("ap-guangzhou".to_owned()),
        endpoint: Endpoint::of(Dialect::Cos, "http"),
        credentials: Some(Arc::new(Credentials::new(
            "AKIDTESTTESTTEST0000",
            "FAKEsecretFAKEsecretFAKEsecret00",
            "test",
        ))),
        anonymous: false,
        connection,
        bucket: None,
        buckets: Arc::default(),
    }
}

fn fixed(address: SocketAddr, seconds: f64) -> Connection {
    Connection {
        dns: DnsMode::Fixed(address),
        timeouts: Timeouts::within(Duration::from_secs_f64(seconds)),
        ..Connection::default()
    }
}

async fn send(profile: &Profile, what: &str, target: &str) -> Arc<Record> {
    let target = Target::parse(target).expect("a target");
    let mut probe = Probe::of(operation(what).expect("an operation"), &target, profile, &RequestOptions::default())
        .expect("a probe");
    probe.id = 1;
    let client = Client::new(&profile.connection).expect("a client");
    let mut received = engine::run(&client, vec![probe], Options::default(), &CancellationToken::new());
    received.recv().await.expect("a record")
}

fn code(record: &Record) -> &str {
    record.error.code.as_deref().unwrap_or("-")
}
