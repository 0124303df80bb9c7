//! The sandbox over real sockets: good requests in both dialects, and every family of failure.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use cosdiag::domain::credentials::Credentials;
use cosdiag::domain::dialect::Dialect;
use cosdiag::domain::error_document;
use cosdiag::domain::percent;
use cosdiag::domain::request_id;
use cosdiag::sandbox::{Role, Sandbox, account};
use cosdiag::sign::{self, Placement, cos, sigv4};
use jiff::Timestamp;
use reqwest::header::HeaderMap;
use reqwest::{Client, Method, StatusCode};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

const PHOTOS: &str = "photos-1250000000.cos.ap-guangzhou.myqcloud.com";

fn host(bucket: &str) -> String {
    format!("{bucket}-1250000000.cos.ap-guangzhou.myqcloud.com")
}

/// A request before it is signed; `now` is the client's clock.
struct Ask<'a> {
    method: Method,
    host: &'a str,
    path: &'a str,
    query: &'a [(&'a str, &'a str)],
    headers: &'a [(&'a str, &'a str)],
    body: &'static str,
    now: i64,
    placement: Placement,
}

impl<'a> Ask<'a> {
    fn new(method: Method, host: &'a str, path: &'a str) -> Self {
        let now = Timestamp::now().as_second();
        Self { method, host, path, query: &[], headers: &[], body: "", now, placement: Placement::Header }
    }
}

fn get<'a>(host: &'a str, path: &'a str) -> Ask<'a> {
    Ask::new(Method::GET, host, path)
}

struct Got {
    status: StatusCode,
    headers: HeaderMap,
    body: String,
}

impl Got {
    fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    fn code(&self) -> (u16, String) {
        let document = error_document::parse(self.body.as_bytes());
        (self.status.as_u16(), document.code.unwrap_or_default())
    }
}

struct Peer {
    sandbox: Sandbox,
    client: Client,
}

impl Peer {
    async fn new() -> Self {
        let sandbox = Sandbox::start(SocketAddr::from(([127, 0, 0, 1], 0))).await.expect("a sandbox");
        let redirects = reqwest::redirect::Policy::none();
        let client = Client::builder().no_proxy().redirect(redirects).build().expect("a client");
        Self { sandbox, client }
    }

    async fn send(&self, ask: Ask<'_>) -> Got {
        self.send_signed(ask, Dialect::Cos, None).await
    }

    async fn send_as(&self, role: Role, ask: Ask<'_>) -> Got {
        self.send_signed(ask, Dialect::Cos, Some(account(role))).await
    }

    async fn send_signed(&self, ask: Ask<'_>, dialect: Dialect, who: Option<Credentials>) -> Got {
        let owned = |pairs: &[(&str, &str)]| -> Vec<(String, String)> {
            pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
        };
        let (mut headers, mut query) = (owned(ask.headers), owned(ask.query));
        headers.push(("host".to_owned(), ask.host.to_owned()));
        if let Some(who) = &who {
            let request =
                sign::Request { method: ask.method.as_str(), path: ask.path, query: &query, headers: &headers };
            let time = Timestamp::from_second(ask.now).expect("a time");
            let scope = sigv4::Scope { region: "us-east-1", time, payload: sigv4::UNSIGNED_PAYLOAD };
            let signed = match (dialect, ask.placement) {
                (Dialect::Cos, placement) => cos::sign(&request, who, cos::KeyTime::around(ask.now), placement),
                (Dialect::S3, Placement::Header) => sigv4::sign(&request, who, &scope),
                (Dialect::S3, Placement::Url) => sigv4::presign(&request, who, &scope, 600),
            };
            headers.extend(signed.headers);
            query.extend(signed.query);
        }
        let pairs: Vec<String> = query
            .iter()
            .map(|(name, value)| format!("{}={}", percent::component(name), percent::component(value)))
            .collect();
        let url = format!("http://{}{}?{}", self.sandbox.addr(), percent::path(ask.path), pairs.join("&"));
        let mut request = self.client.request(ask.method, url).body(ask.body);
        for (name, value) in headers {
            request = request.header(name, value);
        }
        let response = request.send().await.expect("an answer");
        let (status, headers) = (response.status(), response.headers().clone());
        Got { status, headers, body: response.text().await.expect("a body") }
    }

    async fn raw(&self, request: &str) -> io::Result<String> {
        let mut stream = TcpStream::connect(self.sandbox.addr()).await?;
        stream.write_all(request.as_bytes()).await?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).await?;
        Ok(String::from_utf8_lossy(&answer).into_owned())
    }
}

#[tokio::test]
async fn good_signatures_of_both_dialects_and_placements_pass() {
    let peer = Peer::new().await;
    let requests = [
        (Method::GET, "/"),
        (Method::HEAD, "/"),
        (Method::GET, "/2024/a.txt"),
        (Method::GET, "/相册/猫.jpg"),
        (Method::HEAD, "/dir/a file+plus.txt"),
    ];
    let ways = [
        (Dialect::Cos, Placement::Header),
        (Dialect::Cos, Placement::Url),
        (Dialect::S3, Placement::Header),
        (Dialect::S3, Placement::Url),
    ];
    for (dialect, placement) in ways {
        for (method, path) in &requests {
            for role in [Role::Owner, Role::Temporary] {
                let query = &[("prefix", "a b/中文")];
                let ask = Ask { query, placement, ..Ask::new(method.clone(), PHOTOS, path) };
                let got = peer.send_signed(ask, dialect, Some(account(role))).await;
                assert_eq!(got.status, 200, "{dialect:?} {placement:?} {method} {path} {role:?}: {}", got.body);
                assert_eq!(got.header("server"), Some("tencent-cos"));
                let id = got.header("x-cos-request-id").and_then(request_id::decode).expect("an id");
                assert_eq!(id.node, "1eb50309");
                assert_eq!(got.header("x-amz-request-id").is_some(), dialect == Dialect::S3);
            }
        }
    }
    assert_eq!(peer.sandbox.requests(), 40);
}

#[tokio::test]
async fn the_port_may_be_signed_or_not() {
    let peer = Peer::new().await;
    let path = "/photos-1250000000/cat.jpg";
    let with_port = peer.sandbox.addr().to_string();
    assert_eq!(peer.send_as(Role::Owner, get(&with_port, path)).await.status, 200);

    let headers = [("host".to_owned(), "127.0.0.1".to_owned())];
    let request = sign::Request { method: "GET", path, query: &[], headers: &headers };
    let window = cos::KeyTime::around(Timestamp::now().as_second());
    let signed = cos::sign(&request, &account(Role::Owner), window, Placement::Header);
    let headers = [("authorization", signed.authorization.as_str())];
    assert_eq!(peer.send(Ask { headers: &headers, ..get(&with_port, path) }).await.status, 200);
}

#[tokio::test]
async fn every_way_to_sign_wrongly_has_its_own_answer() {
    let peer = Peer::new().await;
    let now = Timestamp::now().as_second();
    for (role, ahead, cos_answer, s3_answer) in [
        (Role::Unknown, 0, (403, "InvalidAccessKeyId"), (403, "InvalidAccessKeyId")),
        (Role::WrongKey, 0, (403, "SignatureDoesNotMatch"), (403, "SignatureDoesNotMatch")),
        (Role::ExpiredTemporary, 0, (400, "ExpiredToken"), (400, "ExpiredToken")),
        (Role::Owner, 3600, (403, "RequestTimeTooSkewed"), (403, "RequestTimeTooSkewed")),
        (Role::Owner, -3600, (403, "AccessDenied"), (403, "RequestTimeTooSkewed")),
        (Role::Stranger, 0, (403, "AccessDenied"), (403, "AccessDenied")),
    ] {
        for (dialect, (status, code)) in [(Dialect::Cos, cos_answer), (Dialect::S3, s3_answer)] {
            let ask = Ask { now: now + ahead, ..get(PHOTOS, "/cat.jpg") };
            let got = peer.send_signed(ask, dialect, Some(account(role))).await;
            assert_eq!(got.code(), (status, code.to_owned()), "{role:?} {dialect:?}: {}", got.body);
            assert!(got.header("x-cos-trace-id").is_some());
        }
    }
    let mut no_token = account(Role::Temporary);
    no_token.token = None;
    let got = peer.send_signed(get(PHOTOS, "/cat.jpg"), Dialect::Cos, Some(no_token)).await;
    assert_eq!(got.code(), (403, "InvalidAccessKeyId".to_owned()));

    let got = peer.send_as(Role::Owner, Ask { now: now - 3600, ..get(PHOTOS, "/cat.jpg") }).await;
    assert!(got.body.contains("Request has expired") && got.body.contains("<ServerTime>"), "{}", got.body);
}

#[tokio::test]
async fn a_mismatch_shows_the_request_as_it_arrived() {
    let peer = Peer::new().await;
    let query = &[("acl", "")];
    let got = peer.send_as(Role::WrongKey, Ask { query, ..get(PHOTOS, "/相册/猫.jpg") }).await;
    let wanted = format!("<FormatString>get\n/相册/猫.jpg\nacl=\nhost={PHOTOS}\n</FormatString>");
    assert!(got.body.contains(&wanted) && got.body.contains("<StringToSign>sha1\n"), "{}", got.body);
    let got = peer.send_signed(get(PHOTOS, "/k"), Dialect::S3, Some(account(Role::WrongKey))).await;
    assert!(got.body.contains("<CanonicalRequest>GET\n/k\n\nhost:"), "{}", got.body);
}

#[tokio::test]
async fn each_state_of_a_bucket_or_an_object_has_its_own_answer() {
    let peer = Peer::new().await;
    let elsewhere = "photos-1250000000.cos.ap-shanghai.myqcloud.com";
    let partner = "partner-1251111111.cos.ap-guangzhou.myqcloud.com";
    let loopback = "127.0.0.1:80";
    for (host, path, query, status, code) in [
        (PHOTOS, "/", "policy", 404, "NoSuchBucketPolicy"),
        (PHOTOS, "/", "lifecycle", 404, "NoSuchLifecycleConfiguration"),
        (PHOTOS, "/", "replication", 404, "ReplicationConfigurationNotFoundError"),
        (PHOTOS, "/", "cors", 200, ""),
        (PHOTOS, "/", "logging", 200, ""),
        (PHOTOS, "/none", "", 404, "NoSuchKey"),
        (PHOTOS, "/deleted.txt", "", 404, "NoSuchKey"),
        (PHOTOS, "/archive/2019.tar", "", 403, "InvalidObjectState"),
        (PHOTOS, "/cat.jpg", "versionId", 404, "NoSuchVersion"),
        (elsewhere, "/", "", 404, "NoSuchBucket"),
        (partner, "/", "", 403, "AccessDenied"),
        (&host("backup"), "/", "", 404, "NoSuchBucket"),
        (&host("none"), "/", "", 404, "NoSuchBucket"),
        (&host("arrears"), "/", "", 451, "UnavailableForLegalReasons"),
        (&host("busy"), "/", "", 503, "SlowDown"),
        (&host("flaky"), "/", "", 503, "ServiceUnavailable"),
        (&host("flaky"), "/", "", 200, ""),
        (&host("ill"), "/", "", 500, "InternalError"),
        (&host("new2024"), "/app.apk", "", 403, "DownloadForbidden"),
        (loopback, "/new2024-1250000000/note.txt", "", 403, "PathStyleDomainForbidden"),
        (loopback, "/photos/cat.jpg", "", 400, "InvalidRequest"),
        (loopback, "/My_Photos-1250000000/", "", 400, "InvalidBucketName"),
        (loopback, "/backup-1250000000/dump.sql", "", 200, ""),
        ("www.example.com", "/cat.jpg", "", 400, "UserCnameInvalid"),
        ("b-1250000000.cos.ap-guangzho.myqcloud.com", "/", "", 400, "InvalidRegionName"),
    ] {
        let named = [(query, "")];
        let query = if query.is_empty() { &[] } else { &named[..] };
        let got = peer.send_as(Role::Owner, Ask { query, ..get(host, path) }).await;
        assert_eq!(got.code(), (status, code.to_owned()), "{host}{path}: {}", got.body);
        assert!(got.header("x-cos-request-id").is_some(), "{host}{path}");
    }
    let hostile = peer.send_as(Role::Owner, get(&host("hostile"), "/")).await;
    assert!(hostile.status == 403 && hostile.body.contains("<Message>\u{1b}]52;c;"), "{}", hostile.body);
    let empty = Ask { headers: &[("range", "bytes=0-0")], ..get(PHOTOS, "/empty.bin") };
    assert_eq!(peer.send_as(Role::Owner, empty).await.code(), (416, "InvalidRange".to_owned()));
    let deleted = peer.send_as(Role::Owner, get(PHOTOS, "/deleted.txt")).await;
    assert_eq!(deleted.header("x-cos-delete-marker"), Some("true"));
    let archived = peer.send_as(Role::Owner, Ask::new(Method::HEAD, PHOTOS, "/archive/2019.tar")).await;
    assert_eq!(archived.header("x-cos-storage-class"), Some("ARCHIVE"));
    let note = peer.send_as(Role::Owner, get(&host("new2024"), "/note.txt")).await;
    assert_eq!(note.header("x-cos-force-download"), Some("true"));
    let missing = peer.send_as(Role::Owner, Ask::new(Method::HEAD, PHOTOS, "/none")).await;
    assert_eq!((missing.status.as_u16(), missing.header("content-length")), (404, Some("0")));
}

#[tokio::test]
async fn permissions_depend_on_who_asks_and_from_where() {
    let peer = Peer::new().await;
    for (role, method, host, path, status) in [
        (Role::SubUser, Method::GET, PHOTOS, "/cat.jpg", 200),
        (Role::SubUser, Method::HEAD, PHOTOS, "/cat.jpg", 403),
        (Role::SubUser, Method::HEAD, PHOTOS, "/", 200),
        (Role::SubUser, Method::GET, &host("web"), "/", 403),
        (Role::SubUser, Method::GET, "service.cos.myqcloud.com", "/", 403),
        (Role::Owner, Method::GET, "service.cos.myqcloud.com", "/", 200),
        (Role::Stranger, Method::GET, &host("public"), "/index.html", 200),
        (Role::Stranger, Method::PUT, &host("public"), "/index.html", 403),
        (Role::Owner, Method::GET, &host("hotlink"), "/banner.png", 200),
    ] {
        let got = peer.send_as(role, Ask::new(method.clone(), host, path)).await;
        assert_eq!(got.status, status, "{role:?} {method} {host}{path}: {}", got.body);
    }
    let config = peer.send_as(Role::SubUser, Ask { query: &[("acl", "")], ..get(PHOTOS, "/") }).await;
    assert_eq!(config.code(), (403, "AccessDenied".to_owned()));
    let anonymous = peer.send(get(PHOTOS, "/cat.jpg")).await;
    assert!(anonymous.body.contains("Access Denied."), "{}", anonymous.body);
    let hotlink = host("hotlink");
    let bare = peer.send(get(&hotlink, "/banner.png")).await;
    assert!(bare.body.contains("You are denied by bucket referer rule"), "{}", bare.body);
    let headers = &[("referer", "https://www.example.com/page")];
    assert_eq!(peer.send(Ask { headers, ..get(&hotlink, "/banner.png") }).await.status, 200);
}

#[tokio::test]
async fn preflights_follow_the_rule() {
    let peer = Peer::new().await;
    let web = host("web");
    for (origin, method, status) in [
        ("https://www.example.com", "PUT", 200),
        ("https://www.example.com", "DELETE", 403),
        ("https://evil.example.net", "GET", 403),
    ] {
        let headers = &[("origin", origin), ("access-control-request-method", method)];
        let got = peer.send(Ask { headers, ..Ask::new(Method::OPTIONS, &web, "/app.js") }).await;
        assert_eq!(got.status, status, "{origin} {method}");
        assert_eq!(got.header("access-control-allow-origin").is_some(), status == 200);
    }
}

#[tokio::test]
async fn what_is_put_comes_back_until_it_is_deleted() {
    let peer = Peer::new().await;
    let key = "/new/猫 +.txt";
    let headers = &[("content-md5", "XUFAKrxLKna5cZ2REBfFkg==")];
    let put = Ask { headers, body: "hello", ..Ask::new(Method::PUT, PHOTOS, key) };
    let put = peer.send_as(Role::Owner, put).await;
    assert_eq!((put.status.as_u16(), put.header("etag")), (200, Some("\"5d41402abc4b2a76b9719d911017c592\"")));
    assert_eq!(peer.send_as(Role::Owner, get(PHOTOS, key)).await.body, "hello");
    let part = peer.send_as(Role::Owner, Ask { headers: &[("range", "bytes=1-2")], ..get(PHOTOS, key) }).await;
    assert_eq!((part.status.as_u16(), part.body.as_str()), (206, "el"));
    assert_eq!(peer.send_as(Role::Owner, Ask::new(Method::DELETE, PHOTOS, key)).await.status, 204);
    assert_eq!(peer.send_as(Role::Owner, get(PHOTOS, key)).await.status, 404);

    let altered = Ask { headers, body: "other", ..Ask::new(Method::PUT, PHOTOS, "/x") };
    assert_eq!(peer.send_as(Role::Owner, altered).await.code(), (400, "BadDigest".to_owned()));
    let unmet = Ask { headers: &[("if-match", "\"0\"")], ..get(PHOTOS, "/cat.jpg") };
    assert_eq!(peer.send_as(Role::Owner, unmet).await.code(), (412, "PreconditionFailed".to_owned()));
}

#[tokio::test]
async fn copies_and_deletions_can_fail_inside_a_200() {
    let peer = Peer::new().await;
    for (key, status, code) in
        [("fail-late", 200, "InternalError"), ("cat.jpg", 200, ""), ("none", 404, "NoSuchCopySource")]
    {
        let source = format!("{PHOTOS}/{key}");
        let headers = &[("x-cos-copy-source", source.as_str())];
        let got = peer.send_as(Role::Owner, Ask { headers, ..Ask::new(Method::PUT, PHOTOS, "/copy") }).await;
        assert_eq!(got.code(), (status, code.to_owned()), "{key}: {}", got.body);
    }
    let delete = Ask {
        query: &[("delete", "")],
        headers: &[("content-md5", "1pOQ5yjhfBVv9UPhVxv5Kg==")],
        body: "<Delete><Object><Key>locked/a</Key></Object><Object><Key>b&amp;c</Key></Object></Delete>",
        ..Ask::new(Method::POST, PHOTOS, "/")
    };
    let got = peer.send_as(Role::Owner, delete).await;
    assert_eq!(got.status, 200, "{}", got.body);
    assert!(got.body.contains("<Error><Key>locked/a</Key>"), "{}", got.body);
    assert!(got.body.contains("<Deleted><Key>b&amp;c</Key>"), "{}", got.body);
}

#[tokio::test]
async fn lists_are_paged_and_rolled_up() {
    let peer = Peer::new().await;
    let mut marker = String::new();
    let mut seen = Vec::new();
    loop {
        let query = [("delimiter", "/"), ("max-keys", "1"), ("marker", marker.as_str())];
        let page = peer.send_as(Role::Owner, Ask { query: &query, ..get(PHOTOS, "/") }).await.body;
        let Some((_, rest)) = page.split_once("<NextMarker>") else { break };
        marker = rest.split('<').next().unwrap_or_default().to_owned();
        seen.push(marker.clone());
        assert!(seen.len() < 10, "{seen:?}");
    }
    assert_eq!(seen, ["2024/", "archive/", "cat.jpg", "dir/", "empty.bin"]);
    let query = &[("versions", ""), ("key-marker", "cat.jpg"), ("max-keys", "1")];
    let page = peer.send_as(Role::Owner, Ask { query, ..get(PHOTOS, "/") }).await.body;
    assert!(page.contains("<DeleteMarker><Key>deleted.txt</Key>"), "{page}");
    assert!(page.contains("<NextKeyMarker>deleted.txt</NextKeyMarker>"), "{page}");
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
