//! Sub-resources: none of them is ever taken for the object or the bucket itself.

use reqwest::Method;

use super::client::{Ask, PHOTOS, Peer, get, host};

#[tokio::test]
async fn a_sub_resource_never_touches_the_object() {
    let (peer, web) = (Peer::new().await, host("web"));
    for (method, target, headers, body, status, code) in [
        ("PUT", "/app.js?acl", &[("x-cos-acl", "private")][..], "", 200, ""),
        ("PUT", "/app.js?acl", &[], "", 400, "MissingRequestBodyError"),
        ("PUT", "/app.js?acl", &[], "<a>", 400, "MalformedXML"),
        ("DELETE", "/app.js?acl", &[], "", 405, "MethodNotAllowed"),
        ("PUT", "/app.js?tagging", &[], "<Tagging><TagSet/></Tagging>", 200, ""),
        ("PUT", "/app.js?tagging", &[], "nothing", 400, "MalformedXML"),
        ("DELETE", "/app.js?tagging", &[], "", 204, ""),
        ("PUT", "/app.js?live", &[], "x", 501, "NotImplemented"),
        ("PUT", "/app.js?retention", &[], "x", 501, "NotImplemented"),
        ("DELETE", "/app.js?live", &[], "", 501, "NotImplemented"),
        ("POST", "/app.js?select&select-type=2", &[], "x", 501, "NotImplemented"),
        ("GET", "/app.js?imageInfo", &[], "", 501, "NotImplemented"),
        ("PUT", "/?cors", &[], "<CORSConfiguration/>", 501, "NotImplemented"),
        ("PUT", "/?lifecycle", &[], "x", 501, "NotImplemented"),
        ("PUT", "/?inventory&id=1", &[], "x", 501, "NotImplemented"),
        ("DELETE", "/?policy", &[], "", 501, "NotImplemented"),
        ("DELETE", "/?live", &[], "", 501, "NotImplemented"),
        ("GET", "/?live", &[], "", 501, "NotImplemented"),
        ("POST", "/", &[], "form", 501, "NotImplemented"),
    ] {
        let got = peer.owner(method, &web, target, headers, body).await;
        assert_eq!(got.code(), (status, code.to_owned()), "{method} {target}: {}", got.body);
        let object = peer.owner("GET", &web, "/app.js", &[], "").await;
        assert_eq!((object.status.as_u16(), object.body.as_str()), (200, "\"use strict\";\n"), "{method} {target}");
    }
}

#[tokio::test]
async fn tags_come_back() {
    let (peer, web) = (Peer::new().await, host("web"));
    let tags =
        |key: &str| format!("<Tagging><TagSet><Tag><Key>{key}</Key><Value>1 &amp; 2</Value></Tag></TagSet></Tagging>");
    for (target, put, unset) in [("/app.js?tagging", 200, "NoSuchTagSet"), ("/?tagging", 204, "NoSuchTagSet")] {
        assert_eq!(peer.owner("GET", &web, target, &[], "").await.code(), (404, unset.to_owned()), "{target}");
        assert_eq!(peer.owner("PUT", &web, target, &[], tags("a")).await.status, put, "{target}");
        let got = peer.owner("GET", &web, target, &[], "").await;
        assert_eq!(got.element("Tag").as_deref(), Some("<Key>a</Key><Value>1 &amp; 2</Value>"), "{target}");
        assert_eq!(peer.owner("PUT", &web, target, &[], tags("")).await.code(), (400, "InvalidTag".to_owned()));
        assert_eq!(peer.owner("DELETE", &web, target, &[], "").await.status, 204, "{target}");
        assert_eq!(peer.owner("GET", &web, target, &[], "").await.status, 404, "{target}");
    }
    peer.owner("PUT", &web, "/tagged", &[("x-cos-tagging", "a=1&b=2")], "x").await;
    assert_eq!(peer.owner("HEAD", &web, "/tagged", &[], "").await.header("x-cos-tagging-count"), Some("2"));
}

#[tokio::test]
async fn an_acl_opens_and_closes() {
    let (peer, web) = (Peer::new().await, host("web"));
    let grant = "<AccessControlPolicy><AccessControlList><Grant><Grantee><URI>http://cam.qcloud.com/groups/global/AllUsers\
                 </URI></Grantee><Permission>READ</Permission></Grant></AccessControlList></AccessControlPolicy>";
    for (target, headers, body, object, list) in [
        ("/app.js?acl", &[("x-cos-acl", "public-read")][..], "", 200, 403),
        ("/app.js?acl", &[("x-cos-acl", "default")], "", 403, 403),
        ("/app.js?acl", &[], grant, 200, 403),
        ("/app.js?acl", &[("x-cos-acl", "private")], "", 403, 403),
        ("/?acl", &[("x-cos-acl", "public-read")], "", 403, 200),
        ("/app.js?acl", &[("x-cos-acl", "default")], "", 200, 200),
        ("/?acl", &[("x-cos-acl", "private")], "", 403, 403),
    ] {
        let got = peer.owner("PUT", &web, target, headers, body).await;
        assert_eq!(got.status, 200, "{target} {headers:?}: {}", got.body);
        let read = (peer.send(get(&web, "/app.js")).await.status, peer.send(get(&web, "/")).await.status);
        assert_eq!((read.0.as_u16(), read.1.as_u16()), (object, list), "{target} {headers:?}");
        let write = peer.send(Ask::new(Method::PUT, &web, "/app.js")).await;
        assert_eq!(write.status, 403, "{target} {headers:?}");
    }
    let got = peer.owner("GET", PHOTOS, "/cat.jpg?acl", &[], "").await;
    assert!(got.body.contains("FULL_CONTROL") && !got.body.contains("AllUsers"), "{}", got.body);
}
