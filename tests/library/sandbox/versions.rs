//! Versions and delete markers.

use super::client::{PHOTOS, Peer, host};

#[tokio::test]
async fn a_versioned_bucket_keeps_every_version() {
    let peer = Peer::new().await;
    let first = peer.owner("PUT", PHOTOS, "/v", &[], "1").await.header("x-cos-version-id").map(str::to_owned);
    let second = peer.owner("PUT", PHOTOS, "/v", &[], "2").await.header("x-cos-version-id").map(str::to_owned);
    let (first, second) = (first.expect("a version"), second.expect("a version"));
    assert_ne!(first, second);
    assert_eq!(peer.owner("GET", PHOTOS, "/v", &[], "").await.body, "2");
    let got = peer.owner("GET", PHOTOS, &format!("/v?versionId={first}"), &[], "").await;
    assert_eq!((got.body.as_str(), got.header("x-cos-version-id")), ("1", Some(first.as_str())));

    let deleted = peer.owner("DELETE", PHOTOS, "/v", &[], "").await;
    assert_eq!(deleted.header("x-cos-delete-marker"), Some("true"));
    let marker = deleted.header("x-cos-version-id").expect("the marker").to_owned();
    let gone = peer.owner("GET", PHOTOS, "/v", &[], "").await;
    assert_eq!(gone.code(), (404, "NoSuchKey".to_owned()));
    assert_eq!(gone.header("x-cos-version-id"), Some(marker.as_str()));
    assert_eq!(peer.owner("GET", PHOTOS, "/?prefix=v", &[], "").await.element("Key"), None);
    for (method, id, status, code) in [
        ("GET", marker.as_str(), 405, "MethodNotAllowed"),
        ("GET", "none", 404, "NoSuchVersion"),
        ("DELETE", &second, 204, ""),
        ("GET", &second, 404, "NoSuchVersion"),
        ("DELETE", &marker, 204, ""),
    ] {
        let got = peer.owner(method, PHOTOS, &format!("/v?versionId={id}"), &[], "").await;
        assert_eq!(got.code(), (status, code.to_owned()), "{method} {id}: {}", got.body);
        assert_eq!(got.header("x-cos-delete-marker").is_some(), id == marker, "{method} {id}");
    }
    assert_eq!(peer.owner("GET", PHOTOS, "/v", &[], "").await.body, "1", "the marker is gone");
}

#[tokio::test]
async fn versions_are_listed_page_by_page() {
    let peer = Peer::new().await;
    for body in ["1", "2"] {
        peer.owner("PUT", PHOTOS, "/v", &[], body).await;
    }
    peer.owner("DELETE", PHOTOS, "/v", &[], "").await;
    let (mut seen, mut after) = (Vec::new(), String::new());
    loop {
        let target = format!("/?versions&prefix=v&max-keys=1{after}");
        let got = peer.owner("GET", PHOTOS, &target, &[], "").await;
        let kind = if got.body.contains("<DeleteMarker>") { "marker" } else { "version" };
        seen.push((kind, got.element("IsLatest").unwrap_or_default()));
        let Some(id) = got.element("NextVersionIdMarker") else { break };
        after = format!("&key-marker={}&version-id-marker={id}", got.element("NextKeyMarker").unwrap_or_default());
        assert!(seen.len() < 10, "{}", got.body);
    }
    let seen: Vec<_> = seen.iter().map(|(kind, is_latest)| (*kind, is_latest.as_str())).collect();
    assert_eq!(seen, [("marker", "true"), ("version", "false"), ("version", "false")]);
}

#[tokio::test]
async fn versioning_is_switched_on_and_suspended() {
    let (peer, web) = (Peer::new().await, host("web"));
    let status = |status: &str| format!("<VersioningConfiguration><Status>{status}</Status></VersioningConfiguration>");
    let list = peer.owner("GET", &web, "/?versions", &[], "").await;
    assert_eq!(list.element("VersionId").as_deref(), Some("null"), "an unversioned object");
    let put = peer.owner("PUT", &web, "/app.js", &[], "1").await;
    assert_eq!(put.header("x-cos-version-id"), None);
    for (given, answer, version, kept) in
        [("Enabled", 200, Some(true), 2), ("Suspended", 200, Some(false), 2), ("Off", 400, Some(false), 2)]
    {
        assert_eq!(peer.owner("PUT", &web, "/?versioning", &[], status(given)).await.status, answer, "{given}");
        let put = peer.owner("PUT", &web, "/app.js", &[], given).await;
        let has_own = put.header("x-cos-version-id").map(|id| id != "null");
        assert_eq!(has_own, version, "{given}");
        let list = peer.owner("GET", &web, "/?versions", &[], "").await;
        assert_eq!(list.body.matches("<Version>").count(), kept, "{given}: {}", list.body);
    }
    assert_eq!(peer.owner("GET", &web, "/?versioning", &[], "").await.element("Status").as_deref(), Some("Suspended"));
    let delete = "<Delete><Object><Key>app.js</Key></Object><Object><Key>app.js</Key><VersionId>null</VersionId></Object></Delete>";
    let digest = [("content-md5", "DIGEST")];
    let got = peer.owner("POST", &web, "/?delete", &digest, delete).await;
    assert_eq!(got.code(), (400, "InvalidDigest".to_owned()));
    assert_eq!(peer.owner("DELETE", &web, "/app.js", &[], "").await.header("x-cos-version-id"), Some("null"));
    assert_eq!(peer.owner("GET", &web, "/app.js", &[], "").await.status, 404);
}
