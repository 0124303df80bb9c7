//! Buckets: the states they are prepared in, and making and deleting them.

use cosdiag::sandbox::Role;
use reqwest::Method;

use super::client::{Ask, PHOTOS, Peer, get, host};

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
async fn buckets_are_made_and_deleted() {
    let peer = Peer::new().await;
    let (new, stranger) = (host("new"), "new-1251111111.cos.ap-guangzhou.myqcloud.com");
    let partner = "partner-1251111111.cos.ap-guangzhou.myqcloud.com";
    let long = host(&"a".repeat(60));
    for (method, host, target, status, code) in [
        ("HEAD", new.as_str(), "/", 404, ""),
        ("PUT", &new, "/", 200, ""),
        ("HEAD", &new, "/", 200, ""),
        ("PUT", &new, "/", 409, "BucketAlreadyOwnedByYou"),
        ("PUT", PHOTOS, "/", 409, "BucketAlreadyOwnedByYou"),
        ("PUT", "photos-1250000000.cos.ap-shanghai.myqcloud.com", "/", 409, "BucketAlreadyOwnedByYou"),
        ("PUT", partner, "/", 409, "BucketAlreadyExists"),
        ("PUT", stranger, "/", 403, "AccessDenied"),
        ("PUT", "Bad_Name-1250000000.cos.ap-guangzhou.myqcloud.com", "/", 400, "InvalidBucketName"),
        ("PUT", &long, "/", 400, "BucketNameTooLong"),
        ("PUT", &new, "/a", 200, ""),
        ("DELETE", &new, "/", 409, "BucketNotEmpty"),
        ("DELETE", &new, "/a", 204, ""),
        ("POST", &new, "/a?uploads", 200, ""),
        ("DELETE", &new, "/", 409, "BucketNotEmpty"),
    ] {
        let got = peer.owner(method, host, target, &[], "").await;
        assert_eq!(got.code(), (status, code.to_owned()), "{method} {host}{target}: {}", got.body);
    }
    let uploads = peer.owner("GET", &new, "/?uploads", &[], "").await;
    let abort = format!("/a?uploadId={}", uploads.element("UploadId").expect("an upload"));
    for (method, target, status) in [("DELETE", abort.as_str(), 204), ("DELETE", "/", 204), ("GET", "/", 404)] {
        assert_eq!(peer.owner(method, &new, target, &[], "").await.status, status, "{method} {target}");
    }
    for role in [Role::SubUser, Role::Stranger] {
        let got = peer.send_as(role, Ask::new(Method::PUT, &new, "/")).await;
        assert_eq!(got.code(), (403, "AccessDenied".to_owned()), "{role:?}");
    }
    let got = peer.send(Ask::new(Method::PUT, &new, "/")).await;
    assert_eq!(got.code(), (403, "AccessDenied".to_owned()));
}

#[tokio::test]
async fn a_new_bucket_is_where_it_was_made_and_on_the_list() {
    let peer = Peer::new().await;
    let there = "made-1250000000.cos.ap-beijing.myqcloud.com";
    assert_eq!(peer.owner("PUT", there, "/", &[("x-cos-acl", "public-read")], "").await.status, 200);
    assert_eq!(peer.owner("GET", &host("made"), "/", &[], "").await.code(), (404, "NoSuchBucket".to_owned()));
    let list = peer.owner("GET", "service.cos.myqcloud.com", "/", &[], "").await;
    assert!(list.body.contains("<Name>made-1250000000</Name><Location>ap-beijing</Location>"), "{}", list.body);
    assert_eq!(peer.send(get(there, "/")).await.status, 200, "its ACL lets everybody read it");
    let body =
        "<CreateBucketConfiguration><LocationConstraint>us-east-1</LocationConstraint></CreateBucketConfiguration>";
    let got = peer.owner("PUT", "127.0.0.1:80", "/made2-1250000000", &[], body).await;
    assert_eq!(got.code(), (400, "InvalidLocationConstraint".to_owned()));
}
