//! Multipart uploads: every way to complete one wrongly, and what is listed of them.

use super::client::{Got, PHOTOS, Peer, host};

const MIB: usize = 1024 * 1024;

/// An upload to /big in the bucket `web`, with three parts of which the second is short.
struct Upload {
    peer: Peer,
    web: String,
    id: String,
    etags: Vec<String>,
}

impl Upload {
    async fn new() -> Self {
        let (peer, web) = (Peer::new().await, host("web"));
        let headers = [("x-cos-meta-color", "blue"), ("content-type", "text/x-big")];
        let initiated = peer.owner("POST", &web, "/big?uploads", &headers, "").await;
        let id = initiated.element("UploadId").expect("an upload ID");
        let mut etags = Vec::new();
        for (at, length) in [MIB, 10, 20].into_iter().enumerate() {
            let target = format!("/big?partNumber={}&uploadId={id}", at + 1);
            let got = peer.owner("PUT", &web, &target, &[], vec![b'a'; length]).await;
            etags.push(got.header("etag").expect("an entity tag").to_owned());
        }
        Self { peer, web, id, etags }
    }

    async fn send(&self, method: &str, target: &str, body: &str) -> Got {
        let target = target.replace("ID", &self.id);
        self.peer.owner(method, &self.web, &target, &[], body).await
    }

    /// A list of parts for Complete.
    fn parts(&self, numbers: &[usize]) -> String {
        let part = |number: &usize| {
            let etag = self.etags.get(number - 1).map_or("\"0\"", String::as_str);
            format!("<Part><PartNumber>{number}</PartNumber><ETag>{etag}</ETag></Part>")
        };
        format!("<CompleteMultipartUpload>{}</CompleteMultipartUpload>", numbers.iter().map(part).collect::<String>())
    }
}

#[tokio::test]
async fn a_wrong_list_of_parts_has_its_own_error() {
    let upload = Upload::new().await;
    let wrong_tag =
        upload.parts(&[1, 3]).replace(upload.etags[2].trim_matches('"'), "00000000000000000000000000000000");
    for (target, body, status, code) in [
        ("/big?uploadId=ID", upload.parts(&[3, 1]), 400, "InvalidPartOrder"),
        ("/big?uploadId=ID", upload.parts(&[1, 1]), 400, "InvalidPartOrder"),
        ("/big?uploadId=ID", upload.parts(&[1, 4]), 400, "InvalidPart"),
        ("/big?uploadId=ID", wrong_tag, 400, "InvalidPart"),
        ("/big?uploadId=ID", upload.parts(&[1, 2, 3]), 400, "EntityTooSmall"),
        ("/big?uploadId=ID", upload.parts(&[]), 400, "MalformedXML"),
        ("/big?uploadId=ID", String::new(), 400, "MalformedXML"),
        ("/other?uploadId=ID", upload.parts(&[1, 3]), 404, "NoSuchUpload"),
        ("/big?uploadId=none", upload.parts(&[1, 3]), 404, "NoSuchUpload"),
        ("/big?uploadId=ID", upload.parts(&[1, 3]), 200, ""),
        ("/big?uploadId=ID", upload.parts(&[1, 3]), 404, "NoSuchUpload"),
    ] {
        let got = upload.send("POST", target, &body).await;
        assert_eq!(got.code(), (status, code.to_owned()), "{target} {body}: {}", got.body);
    }
    let got = upload.send("GET", "/big", "").await;
    assert_eq!(got.body.len(), MIB + 20);
    assert!(got.header("etag").is_some_and(|etag| etag.ends_with("-2\"")), "{:?}", got.headers);
    assert_eq!((got.header("x-cos-meta-color"), got.header("content-type")), (Some("blue"), Some("text/x-big")));
}

#[tokio::test]
async fn parts_are_listed_until_the_upload_ends() {
    let upload = Upload::new().await;
    let got = upload.send("GET", "/big?uploadId=ID&max-parts=2", "").await;
    assert_eq!(got.element("UploadId").as_deref(), Some(upload.id.as_str()));
    assert_eq!(got.element("NextPartNumberMarker").as_deref(), Some("2"));
    assert_eq!(
        (got.element("IsTruncated").as_deref(), got.element("Size").as_deref()),
        (Some("true"), Some("1048576"))
    );
    let got = upload.send("GET", "/big?uploadId=ID&part-number-marker=2", "").await;
    assert_eq!((got.element("PartNumber").as_deref(), got.element("ETag")), (Some("3"), Some(upload.etags[2].clone())));
    let list = upload.send("GET", "/?uploads&prefix=bi", "").await;
    assert!(list.element("Initiated").is_some() && list.element("Initiator").is_some(), "{}", list.body);
    assert!(upload.send("GET", "/?uploads&prefix=no", "").await.element("Upload").is_none());
    for (method, target, status, code) in [
        ("GET", "/big?uploadId=none", 404, "NoSuchUpload"),
        ("GET", "/other?uploadId=ID", 404, "NoSuchUpload"),
        ("GET", "/big?uploadId=", 400, "ListPartUploadIdIsEmpty"),
        ("PUT", "/big?uploadId=ID&partNumber=0", 400, "InvalidArgument"),
        ("PUT", "/big?uploadId=ID", 400, "InvalidArgument"),
        ("PUT", "/big?uploadId=none&partNumber=1", 404, "NoSuchUpload"),
        ("DELETE", "/other?uploadId=ID", 404, "NoSuchUpload"),
        ("DELETE", "/big?uploadId=ID", 204, ""),
        ("DELETE", "/big?uploadId=ID", 404, "NoSuchUpload"),
        ("GET", "/big?uploadId=ID", 404, "NoSuchUpload"),
    ] {
        let got = upload.send(method, target, "").await;
        assert_eq!(got.code(), (status, code.to_owned()), "{method} {target}: {}", got.body);
    }
}

#[tokio::test]
async fn a_part_can_be_copied() {
    let upload = Upload::new().await;
    let target = format!("/big?partNumber=4&uploadId={}", upload.id);
    let source = ("x-cos-copy-source", format!("{PHOTOS}/cat.jpg"));
    for (range, status, code) in
        [("bytes=0-7", 200, ""), ("bytes=900-901", 416, "InvalidRange"), ("8", 400, "InvalidArgument")]
    {
        let headers = [(source.0, source.1.as_str()), ("x-cos-copy-source-range", range)];
        let got = upload.peer.owner("PUT", &upload.web, &target, &headers, "").await;
        assert_eq!(got.code(), (status, code.to_owned()), "{range}: {}", got.body);
        assert_eq!(got.element("ETag").is_some(), status == 200, "{range}: {}", got.body);
    }
    let got = upload.send("GET", "/big?uploadId=ID&part-number-marker=3", "").await;
    assert_eq!(got.element("Size").as_deref(), Some("8"));
    let missing = [("x-cos-copy-source", "none-1250000000.cos.ap-guangzhou.myqcloud.com/x")];
    let got = upload.peer.owner("PUT", &upload.web, &target, &missing, "").await;
    assert_eq!(got.code(), (404, "NoSuchCopySource".to_owned()));
}
