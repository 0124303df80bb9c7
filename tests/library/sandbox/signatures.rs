//! Who may do what: signatures, clocks, tokens and permissions.

use cosdiag::domain::dialect::Dialect;
use cosdiag::domain::request_id;
use cosdiag::sandbox::{Role, account};
use cosdiag::sign::{self, Placement, cos};
use jiff::Timestamp;
use reqwest::Method;

use super::client::{Ask, PHOTOS, Peer, get, host};

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

/// Signs with version 2 by an implementation of its own.
fn sign_v2(text: &str) -> String {
    use base64::Engine as _;
    use hmac::{Hmac, KeyInit as _, Mac as _};
    let key = account(Role::Owner);
    let mut mac = Hmac::<sha1::Sha1>::new_from_slice(key.expose_key().as_bytes()).expect("a key");
    mac.update(text.as_bytes());
    base64::engine::general_purpose::STANDARD.encode(mac.finalize().into_bytes())
}

#[tokio::test]
async fn version_2_of_the_s3_signature_is_verified() {
    let peer = Peer::new().await;
    let (now, id) = (Timestamp::now().as_second(), account(Role::Owner).id);
    for (ahead, text, status, code) in [
        (60, "/photos-1250000000/2024/a.txt", 200, ""),
        (-60, "/photos-1250000000/2024/a.txt", 403, "AccessDenied"),
        (60, "/photos-1250000000/2024/b.txt", 403, "SignatureDoesNotMatch"),
    ] {
        let expires = (now + ahead).to_string();
        let signature = sign_v2(&format!("GET\n\n\n{expires}\n{text}"));
        let query = [("AWSAccessKeyId", id.as_str()), ("Expires", expires.as_str()), ("Signature", signature.as_str())];
        for (host, path) in [(PHOTOS, "/2024/a.txt"), ("127.0.0.1:80", "/photos-1250000000/2024/a.txt")] {
            let got = peer.send(Ask { query: &query, ..get(host, path) }).await;
            assert_eq!(got.code(), (status, code.to_owned()), "{ahead} {text}: {}", got.body);
            assert!(got.header("x-amz-request-id").is_some(), "a client of the S3 dialect");
        }
    }
    let date = "Thu, 17 Nov 2005 18:49:58 GMT";
    let authorization = format!("AWS {id}:{}", sign_v2(&format!("GET\n\n\n{date}\n/photos-1250000000/?acl")));
    let headers = [("date", date), ("authorization", authorization.as_str())];
    let got = peer.send(Ask { query: &[("acl", "")], headers: &headers, ..get(PHOTOS, "/") }).await;
    assert_eq!(got.status, 200, "{}", got.body);
}

#[tokio::test]
async fn a_secret_id_is_compared_exactly() {
    let peer = Peer::new().await;
    for (before, after) in [("", " "), ("", "x"), (" ", "")] {
        for dialect in [Dialect::Cos, Dialect::S3] {
            let mut who = account(Role::Owner);
            who.id = format!("{before}{}{after}", who.id);
            for placement in [Placement::Header, Placement::Url] {
                let ask = Ask { placement, ..get(PHOTOS, "/cat.jpg") };
                let got = peer.send_signed(ask, dialect, Some(who.clone())).await;
                assert_eq!(got.code().1, "InvalidAccessKeyId", "{before:?} {after:?} {dialect:?} {placement:?}");
            }
        }
    }
}
