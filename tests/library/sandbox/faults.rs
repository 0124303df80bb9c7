//! Faults below and around HTTP, and the listener itself.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use cosdiag::sandbox::Sandbox;
use reqwest::Client;
use tokio::net::TcpStream;

use super::client::{PHOTOS, Peer, get, host};

#[tokio::test]
async fn connections_break_as_they_should() {
    let peer = Peer::new().await;
    let ask = |bucket| format!("GET /a.txt HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n", host(bucket));
    let reset = peer.raw(&ask("reset")).await.expect_err("a reset");
    assert_eq!(reset.kind(), io::ErrorKind::ConnectionReset);
    assert!(peer.raw(&ask("garbage")).await.expect("bytes").starts_with("220 "));
    let truncated = peer.raw(&ask("truncated")).await.expect("bytes");
    assert!(truncated.starts_with("HTTP/1.1 403 ") && !truncated.contains("</Error>"), "{truncated}");
    let stalled = tokio::time::timeout(Duration::from_millis(100), peer.raw(&ask("stall"))).await;
    assert!(stalled.is_err());
    let slow = peer.send(get(&host("slow"), "/a.txt")).await;
    assert_eq!((slow.status.as_u16(), slow.body.lines().count()), (200, 20));
}

#[tokio::test]
async fn others_answer_without_a_store_id() {
    let peer = Peer::new().await;
    for (bucket, status, part) in [
        ("portal", 200, "Sign in to the network"),
        ("waf", 403, "Request blocked"),
        ("gateway", 502, "502 Bad Gateway"),
        ("elsewhere", 302, ""),
    ] {
        let got = peer.send(get(&host(bucket), "/a.txt")).await;
        assert_eq!(got.status, status, "{bucket}");
        assert!(got.body.contains(part) && got.header("x-cos-request-id").is_none(), "{bucket}: {}", got.body);
        assert_ne!(got.header("server"), Some("tencent-cos"), "{bucket}");
    }
    let empty = peer.send(get(&host("empty403"), "/a.txt")).await;
    assert_eq!((empty.status.as_u16(), empty.body.as_str()), (403, ""));
    assert!(empty.header("x-cos-request-id").is_some() && empty.header("x-cos-trace-id").is_some());
}

#[tokio::test]
async fn certificates_are_good_or_bad_by_the_name_asked_for() {
    let peer = Peer::new().await;
    let ca = reqwest::Certificate::from_pem(peer.sandbox.ca_pem()).expect("a certificate");
    let cases = [
        ("public", ""),
        ("expired-cert", "Expired"),
        ("wrong-name", "NotValidForName"),
        ("self-signed", "UnknownIssuer"),
        ("unknown-ca", "UnknownIssuer"),
    ];
    let mut builder = Client::builder().no_proxy().tls_certs_only([ca]);
    for (bucket, _) in cases {
        builder = builder.resolve(&host(bucket), peer.sandbox.addr());
    }
    let client = builder.build().expect("a client");
    for (bucket, reason) in cases {
        let url = format!("https://{}:{}/", host(bucket), peer.sandbox.addr().port());
        match client.get(url).send().await {
            Ok(answer) => assert_eq!((bucket, answer.status().as_u16()), ("public", 200)),
            Err(error) => assert!(!reason.is_empty() && format!("{error:?}").contains(reason), "{bucket}: {error:?}"),
        }
    }
}

#[tokio::test]
async fn only_real_hosts_have_names_and_one_refuses() {
    let peer = Peer::new().await;
    let names = peer.sandbox.names();
    let find = |host: &str| {
        let matching = names.iter().filter(|(suffix, _)| host.ends_with(suffix.as_str()));
        matching.max_by_key(|(suffix, _)| suffix.len()).map(|found| found.1)
    };
    assert_eq!(find(PHOTOS), Some(peer.sandbox.addr()));
    assert_eq!(find("photos-1250000000.cos.ap-guangzho.myqcloud.com"), None);
    let refusing = find(&host("refused")).expect("an address");
    let error = TcpStream::connect(refusing).await.expect_err("a refusal");
    assert_eq!(error.kind(), io::ErrorKind::ConnectionRefused);
}

#[tokio::test]
async fn it_listens_on_loopback_only_and_stops_when_dropped() {
    let error = Sandbox::start(SocketAddr::from(([0, 0, 0, 0], 0))).await.expect_err("a refusal");
    assert_eq!(error.kind(), io::ErrorKind::InvalidInput);
    let addr = Peer::new().await.sandbox.addr();
    let gone = async {
        while TcpStream::connect(addr).await.is_ok() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(5), gone).await.expect("the port is closed");
}

#[tokio::test]
async fn absolute_form_reaches_the_bucket_that_it_names() {
    let peer = Peer::new().await;
    let host = host("public");
    let request = format!("GET http://{host}/index.html HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
    let answer = peer.raw(&request).await.expect("an answer");
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n") && answer.contains("<title>Public</title>"), "{answer}");
    assert!(answer.contains("\r\nETag: \"") && answer.contains("\r\nx-cos-request-id: "), "{answer}");
}
