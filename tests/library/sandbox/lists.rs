//! Lists: prefixes, delimiters, markers.

use cosdiag::sandbox::Role;

use super::client::{Ask, PHOTOS, Peer, get};

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
async fn version_2_of_the_list_pages_by_tokens() {
    let peer = Peer::new().await;
    let (mut seen, mut token) = (Vec::new(), String::new());
    loop {
        let query = [
            ("list-type", "2"),
            ("max-keys", "2"),
            ("delimiter", "/"),
            ("start-after", "2024/"),
            ("continuation-token", token.as_str()),
        ];
        let given = if token.is_empty() { 4 } else { 5 };
        let got = peer.send_as(Role::Owner, Ask { query: &query[..given], ..get(PHOTOS, "/") }).await;
        assert_eq!(got.element("ContinuationToken").unwrap_or_default(), token);
        assert!(got.element("Marker").is_none() && got.element("Owner").is_none(), "{}", got.body);
        seen.push(got.element("KeyCount").unwrap_or_default());
        token = got.element("NextContinuationToken").unwrap_or_default();
        assert_eq!(got.element("IsTruncated").as_deref(), Some(if token.is_empty() { "false" } else { "true" }));
        if token.is_empty() {
            break;
        }
        assert!(seen.len() < 10, "{}", got.body);
    }
    // archive/, cat.jpg; dir/, empty.bin; 相册/.
    assert_eq!(seen, ["2", "2", "1"]);
    let got = peer.owner("GET", PHOTOS, "/?list-type=2&continuation-token=%", &[], "").await;
    assert_eq!(got.code(), (400, "InvalidArgument".to_owned()));
}
