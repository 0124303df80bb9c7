//! Objects: what is put comes back, with its attributes and under conditions.

use cosdiag::sandbox::Role;
use reqwest::Method;

use super::client::{Ask, PHOTOS, Peer, get, host};

#[tokio::test]
async fn what_is_put_comes_back_until_it_is_deleted() {
    let peer = Peer::new().await;
    let key = "/new/猫 +.txt";
    let headers = &[("content-md5", "XUFAKrxLKna5cZ2REBfFkg==")];
    let put = Ask { headers, body: "hello".into(), ..Ask::new(Method::PUT, PHOTOS, key) };
    let put = peer.send_as(Role::Owner, put).await;
    assert_eq!((put.status.as_u16(), put.header("etag")), (200, Some("\"5d41402abc4b2a76b9719d911017c592\"")));
    assert_eq!(peer.send_as(Role::Owner, get(PHOTOS, key)).await.body, "hello");
    let part = peer.send_as(Role::Owner, Ask { headers: &[("range", "bytes=1-2")], ..get(PHOTOS, key) }).await;
    assert_eq!((part.status.as_u16(), part.body.as_str()), (206, "el"));
    assert_eq!(peer.send_as(Role::Owner, Ask::new(Method::DELETE, PHOTOS, key)).await.status, 204);
    assert_eq!(peer.send_as(Role::Owner, get(PHOTOS, key)).await.status, 404);

    let altered = Ask { headers, body: "other".into(), ..Ask::new(Method::PUT, PHOTOS, "/x") };
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
        body: "<Delete><Object><Key>locked/a</Key></Object><Object><Key>b&amp;c</Key></Object></Delete>".into(),
        ..Ask::new(Method::POST, PHOTOS, "/")
    };
    let got = peer.send_as(Role::Owner, delete).await;
    assert_eq!(got.status, 200, "{}", got.body);
    assert!(got.body.contains("<Error><Key>locked/a</Key>"), "{}", got.body);
    assert!(got.body.contains("<Deleted><Key>b&amp;c</Key>"), "{}", got.body);
}

#[tokio::test]
async fn an_object_keeps_what_it_was_put_with() {
    let (peer, web) = (Peer::new().await, host("web"));
    let given = [
        ("x-cos-meta-color", "blue"),
        ("x-cos-storage-class", "STANDARD_IA"),
        ("x-cos-server-side-encryption", "AES256"),
        ("content-disposition", "attachment; filename=a.bin"),
        ("cache-control", "max-age=60"),
        ("expires", "Wed, 21 Oct 2037 07:28:00 GMT"),
    ];
    let put = peer.owner("PUT", &web, "/a.bin", &given, "123456789").await;
    assert_eq!((put.status.as_u16(), put.header("x-cos-server-side-encryption")), (200, Some("AES256")));
    assert_eq!(put.header("x-cos-hash-crc64ecma"), Some("11051210869376104954"));
    peer.owner("POST", &web, "/many.bin?uploads", &given, "").await;
    for (method, target) in [("GET", "/a.bin"), ("HEAD", "/a.bin")] {
        let got = peer.owner(method, &web, target, &[], "").await;
        for (name, value) in given {
            assert_eq!(got.header(name), Some(value), "{method} {name}");
        }
        assert_eq!(got.header("content-type"), Some("application/octet-stream"));
        assert_eq!(got.header("x-cos-hash-crc64ecma"), Some("11051210869376104954"));
    }
    let list = peer.owner("GET", &web, "/?prefix=a.bin", &[], "").await;
    assert_eq!(list.element("StorageClass").as_deref(), Some("STANDARD_IA"));
    let copied = [("x-cos-copy-source", "web-1250000000.cos.ap-guangzhou.myqcloud.com/a.bin")];
    peer.owner("PUT", &web, "/copy", &copied, "").await;
    assert_eq!(peer.owner("HEAD", &web, "/copy", &[], "").await.header("x-cos-meta-color"), Some("blue"));
    let replaced = [copied[0], ("x-cos-metadata-directive", "Replaced"), ("x-cos-meta-color", "red")];
    peer.owner("PUT", &web, "/copy", &replaced, "").await;
    let got = peer.owner("HEAD", &web, "/copy", &[], "").await;
    assert_eq!((got.header("x-cos-meta-color"), got.header("cache-control")), (Some("red"), None));
}

#[tokio::test]
async fn a_header_that_cos_refuses_is_refused() {
    let (peer, web) = (Peer::new().await, host("web"));
    for (name, value, status, code) in [
        ("x-cos-storage-class", "GLACIER", 400, "NotSupportedStorageClass"),
        ("x-cos-storage-class", "MAZ_STANDARD", 400, "MAZOperationNotSupportOnOAZBucket"),
        ("x-cos-acl", "everybody", 400, "InvalidArgument"),
        ("x-cos-grant-read", "id=1", 501, "NotImplemented"),
        ("x-cos-tagging", "a=1&a=2", 400, "InvalidTag"),
        ("content-md5", "XUFAKrxLKna5cZ2REBfFkg==", 400, "BadDigest"),
        ("content-encoding", "aws-chunked", 501, "NotImplemented"),
    ] {
        let got = peer.owner("PUT", &web, "/x", &[(name, value)], "other").await;
        assert_eq!(got.code(), (status, code.to_owned()), "{name}: {value}: {}", got.body);
        assert_eq!(peer.owner("HEAD", &web, "/x", &[], "").await.status, 404, "{name}: {value}");
    }
    let large = peer.owner("PUT", &web, "/x", &[], vec![0; (64 << 20) + 1]).await;
    assert_eq!(large.code(), (400, "EntityTooLarge".to_owned()), "{}", large.body);
}

#[tokio::test]
async fn an_encrypted_object_wants_its_key() {
    let (peer, web) = (Peer::new().await, host("web"));
    let headers = |md5| {
        [
            ("x-cos-server-side-encryption-customer-algorithm", "AES256"),
            ("x-cos-server-side-encryption-customer-key", "fakeKEYfakeKEY"),
            ("x-cos-server-side-encryption-customer-key-md5", md5),
        ]
    };
    let put = peer.owner("PUT", &web, "/secret", &headers("bWQ1LW9mLWtleS0wMA=="), "x").await;
    assert_eq!(put.header("x-cos-server-side-encryption-customer-algorithm"), Some("AES256"));
    assert!(put.header("x-cos-server-side-encryption-customer-key").is_none());
    for (given, status, code) in [
        (&headers("bWQ1LW9mLWtleS0wMA==")[..], 200, ""),
        (&headers("bWQ1LW9mLW90aGVyLQ=="), 400, "SsecDecryptHeaderInvalid"),
        (&[], 400, "SsecDecryptHeaderInvalid"),
    ] {
        let got = peer.owner("GET", &web, "/secret", given, "").await;
        assert_eq!(got.code(), (status, code.to_owned()), "{given:?}");
    }
}

#[tokio::test]
async fn conditions_are_judged_as_the_rfc_says() {
    let (peer, web) = (Peer::new().await, host("web"));
    let put = peer.owner("PUT", &web, "/a", &[], "a").await;
    let etag = put.header("etag").expect("an entity tag").to_owned();
    let (before, after) = ("Wed, 21 Oct 2015 07:28:00 GMT", "Wed, 21 Oct 2037 07:28:00 GMT");
    for (conditions, status, copied) in [
        (&[("if-match", etag.as_str())][..], 200, 200),
        (&[("if-match", "\"0\"")], 412, 412),
        (&[("if-none-match", etag.as_str())], 304, 412),
        (&[("if-none-match", "\"0\"")], 200, 200),
        (&[("if-modified-since", before)], 200, 200),
        (&[("if-modified-since", after)], 304, 412),
        (&[("if-unmodified-since", before)], 412, 412),
        (&[("if-unmodified-since", after)], 200, 200),
        (&[("if-modified-since", "yesterday")], 200, 200),
        (&[("if-match", etag.as_str()), ("if-unmodified-since", before)], 200, 200),
        (&[("if-none-match", "\"0\""), ("if-modified-since", after)], 200, 200),
    ] {
        for method in ["GET", "HEAD"] {
            let got = peer.owner(method, &web, "/a", conditions, "").await;
            assert_eq!(got.status, status, "{method} {conditions:?}");
        }
        let named: Vec<_> =
            conditions.iter().map(|(name, value)| (format!("x-cos-copy-source-{name}"), *value)).collect();
        let mut headers: Vec<_> = named.iter().map(|(name, value)| (name.as_str(), *value)).collect();
        headers.push(("x-cos-copy-source", "web-1250000000.cos.ap-guangzhou.myqcloud.com/a"));
        let got = peer.owner("PUT", &web, "/b", &headers, "").await;
        assert_eq!(got.status, copied, "copy {conditions:?}: {}", got.body);
    }
}

#[tokio::test]
async fn a_get_can_override_the_headers_of_its_response() {
    let peer = Peer::new().await;
    let target = "/cat.jpg?response-content-type=text/x-cat&response-content-disposition=attachment";
    let got = peer.owner("GET", PHOTOS, target, &[], "").await;
    assert_eq!(got.header("content-type"), Some("text/x-cat"));
    assert_eq!(got.header("content-disposition"), Some("attachment"));
    assert_eq!(got.headers.get_all("content-type").iter().count(), 1);
}

#[tokio::test]
async fn an_appendable_object_grows_at_its_end() {
    let (peer, web) = (Peer::new().await, host("web"));
    for (target, body, status, code, next) in [
        ("/log?append&position=3", "abc", 409, "AppendPositionErr", Some("0")),
        ("/log?append&position=0", "abc", 200, "", Some("3")),
        ("/log?append&position=0", "def", 409, "AppendPositionErr", Some("3")),
        ("/log?append&position=3", "def", 200, "", Some("6")),
        ("/log?append&position=x", "def", 400, "InvalidArgument", None),
        ("/app.js?append&position=0", "x", 409, "ObjectNotAppendable", None),
    ] {
        let got = peer.owner("POST", &web, target, &[], body).await;
        assert_eq!(got.code(), (status, code.to_owned()), "{target}: {}", got.body);
        assert_eq!(got.header("x-cos-next-append-position"), next, "{target}");
    }
    let got = peer.owner("GET", &web, "/log", &[], "").await;
    assert_eq!((got.body.as_str(), got.header("x-cos-object-type")), ("abcdef", Some("appendable")));
}

#[tokio::test]
async fn an_archived_object_is_restored_once() {
    let (peer, web) = (Peer::new().await, host("web"));
    peer.owner("PUT", &web, "/old", &[("x-cos-storage-class", "DEEP_ARCHIVE")], "x").await;
    for (method, target, status, code) in [
        ("GET", "/old", 403, "InvalidObjectState"),
        ("POST", "/app.js?restore", 405, "RestoreNonArchiveObject"),
        ("POST", "/none?restore", 404, "NoSuchKey"),
        ("POST", "/old?restore", 202, ""),
        ("POST", "/old?restore", 409, "RestoreAlreadyInProgress"),
    ] {
        let got = peer.owner(method, &web, target, &[], "").await;
        assert_eq!(got.code(), (status, code.to_owned()), "{method} {target}: {}", got.body);
    }
    let head = peer.owner("HEAD", &web, "/old", &[], "").await;
    assert_eq!(head.header("x-cos-restore"), Some("ongoing-request=\"true\""));
}

#[tokio::test]
async fn a_copy_names_its_source() {
    let (peer, web) = (Peer::new().await, host("web"));
    for (source, status, code) in [
        ("web-1250000000.cos.ap-guangzhou.myqcloud.com/app.js", 200, ""),
        ("/photos-1250000000/2024/a.txt", 200, ""),
        ("photos-1250000000.cos.ap-guangzhou.myqcloud.com/%E7%9B%B8%E5%86%8C/%E7%8C%AB.jpg", 200, ""),
        ("web-1250000000.cos.ap-shanghai.myqcloud.com/app.js", 404, "NoSuchCopySource"),
        ("none-1250000000.cos.ap-guangzhou.myqcloud.com/app.js", 404, "NoSuchCopySource"),
        ("photos-1250000000.cos.ap-guangzhou.myqcloud.com/deleted.txt", 404, "NoSuchCopySource"),
        ("photos-1250000000.cos.ap-guangzhou.myqcloud.com/archive/2019.tar", 403, "InvalidObjectState"),
        ("partner-1251111111.cos.ap-guangzhou.myqcloud.com/contract.pdf", 403, "AccessDenied"),
        ("app.js", 400, "InvalidCopySource"),
    ] {
        let got = peer.owner("PUT", &web, "/copy", &[("x-cos-copy-source", source)], "").await;
        assert_eq!(got.code(), (status, code.to_owned()), "{source}: {}", got.body);
    }
}
