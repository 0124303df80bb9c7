//! Connections that die idle, and requests that must be sent once.

use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use cosdiag::domain::check::{CheckKind, CheckOutcome};
use cosdiag::domain::dialect::Dialect;
use cosdiag::domain::operation::operation;
use cosdiag::domain::probe::{Probe, RequestOptions};
use cosdiag::domain::profile::Connection;
use cosdiag::domain::record::{CodeFrom, Record};
use cosdiag::domain::target::Target;
use cosdiag::engine::{self, Client, Options};
use tokio_util::sync::CancellationToken;

use super::{code, fixed, head, profile, respond, serve};

/// Serves one answer on each connection and closes it on the next request, without a word before.
fn serve_once_each(answer: impl Fn(&str, &mut TcpStream) + Send + Sync + 'static) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    let answer = Arc::new(answer);
    thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let answer = Arc::clone(&answer);
            thread::spawn(move || {
                if let Some(first) = head(&mut stream) {
                    answer(&first, &mut stream);
                    let _ = head(&mut stream);
                }
            });
        }
    });
    address
}

async fn send_all(connection: Connection, what: &str, times: usize, concurrency: usize) -> Vec<Arc<Record>> {
    let profile = profile(Dialect::Cos, connection);
    let target = Target::parse("photos-1250000000/k").expect("a target");
    let probe = Probe::of(operation(what).expect("an operation"), &target, &profile, &RequestOptions::default());
    let client = Client::new(&profile.connection).expect("a client");
    let options = Options { concurrency, ..Options::default() };
    let probes = vec![probe.expect("a probe"); times];
    let mut received = engine::run(&client, probes, options, &CancellationToken::new());
    let mut records = Vec::new();
    while let Some(record) = received.recv().await {
        records.push(record);
    }
    records
}

fn exceptions(record: &Record) -> Vec<Option<&str>> {
    record.attempts.iter().map(|attempt| attempt.exception.as_deref()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_idle_connection_that_was_closed_is_no_failure_of_the_store() {
    let denied = b"<Error><Code>AccessDenied</Code></Error>";
    let answer = |head: &str, stream: &mut TcpStream| {
        let body: &[u8] = if head.starts_with("HEAD") { b"" } else { denied };
        respond(stream, "403 Forbidden", "x-cos-request-id: i\r\n", body);
    };
    for concurrency in [1, 4] {
        let records = send_all(fixed(serve_once_each(answer), 5.0), "get-object", 60, concurrency).await;
        let codes: Vec<_> = records.iter().map(|record| code(record)).collect();
        assert_eq!(codes, ["AccessDenied"; 60]);
        // The attempt that the connection cost is told, and the one that counts had a new connection.
        let again: Vec<_> = records.iter().filter(|record| record.attempts.len() > 1).collect();
        assert!(!again.is_empty());
        assert!(again.iter().all(|record| exceptions(record) == [Some("ECONNRESET"), None] && !record.timing.reused));
    }
    // The twin of a HEAD goes out on the connection that the HEAD came back on.
    let record = send_all(fixed(serve_once_each(answer), 5.0), "head-object", 1, 1).await.remove(0);
    assert_eq!((code(&record), record.code_from), ("AccessDenied", CodeFrom::GetTwin));
    assert_eq!(exceptions(&record), [Some("ECONNRESET"), None, None]);
}

#[tokio::test]
async fn a_new_connection_that_is_reset_is_a_failure_and_sent_once() {
    let seen = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&seen);
    let closing = serve(move |_, stream| {
        count.fetch_add(1, Ordering::SeqCst);
        drop(stream.shutdown(std::net::Shutdown::Both));
    });
    let records = send_all(fixed(closing, 5.0), "get-object", 3, 1).await;
    assert_eq!(records.iter().map(|record| code(record)).collect::<Vec<_>>(), ["ECONNRESET"; 3]);
    assert!(records.iter().all(|record| record.attempts.len() == 1));
    assert_eq!(seen.load(Ordering::SeqCst), 3);
}

#[tokio::test]
async fn a_write_has_a_connection_of_its_own_and_is_sent_once() {
    let seen = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&seen);
    let address = serve_once_each(move |_, stream| {
        count.fetch_add(1, Ordering::SeqCst);
        respond(stream, "200 OK", "x-cos-request-id: i\r\n", b"");
    });
    let records = send_all(fixed(address, 5.0), "put-object", 3, 1).await;
    assert_eq!(records.iter().map(|record| code(record)).collect::<Vec<_>>(), ["-"; 3]);
    assert!(records.iter().all(|record| record.attempts.len() == 1 && !record.timing.reused));
    assert_eq!(seen.load(Ordering::SeqCst), 3);
}

#[tokio::test]
async fn nothing_is_signed_for_another_day() {
    let (seen, signed) = std::sync::mpsc::channel();
    let address = serve(move |head, stream| {
        let start = head.split("q-sign-time=").nth(1).and_then(|rest| rest.split(';').next()?.parse::<i64>().ok());
        let _ = seen.send(start);
        let date = "x-cos-request-id: i\r\ndate: Thu, 01 Jan 2015 00:00:00 GMT\r\n";
        respond(
            stream,
            "403 Forbidden",
            date,
            b"<Error><Code>AccessDenied</Code><Message>Request has expired</Message></Error>",
        );
    });
    let profile = profile(Dialect::Cos, fixed(address, 5.0));
    let target = Target::parse("photos-1250000000").expect("a target");
    let probe =
        Probe::of(operation("get-bucket").expect("an operation"), &target, &profile, &RequestOptions::default());
    let client = Client::new(&profile.connection).expect("a client");
    let options = Options { diagnose: true, ..Options::default() };
    let probes = vec![probe.expect("a probe")];
    let record = engine::run(&client, probes, options, &CancellationToken::new()).recv().await.expect("a record");
    let checks = record.diagnosis.as_ref().map(|diagnosis| diagnosis.checks.clone()).unwrap_or_default();
    let check = checks.iter().find(|check| check.kind == CheckKind::ClockCorrected).expect("the check");
    assert_eq!(check.outcome, CheckOutcome::OtherDay);
    let now = jiff::Timestamp::now().as_second();
    assert!(signed.try_iter().flatten().all(|start| (start - now).abs() < 86_400));
}
