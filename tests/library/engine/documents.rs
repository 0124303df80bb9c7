//! A 2xx counts only with the document that was asked for.

use cosdiag::domain::dialect::Dialect;
use cosdiag::domain::endpoint::Endpoint;
use cosdiag::domain::profile::Connection;
use cosdiag::domain::record::Outcome;

use super::{fixed, profile, respond, send, serve};

/// A status says nothing of whether the store did what was asked: the document has to be the one for it.
#[tokio::test(flavor = "multi_thread")]
async fn a_2xx_counts_with_the_document_that_was_asked_for() {
    use Dialect::{Cos, S3};
    use Outcome::{Failure, NotConfigured, NotSupported, Success};
    let list = |name: &str| {
        format!(
            "<ListBucketResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><Name>{name}</Name></ListBucketResult>"
        )
    };
    let (own, other) = (list("photos-1250000000"), list("other-1250000000"));
    let account = "<ListAllMyBucketsResult><Buckets></Buckets></ListAllMyBucketsResult>".to_owned();
    let text = |text: &str| text.to_owned();
    let cases = [
        ("get-bucket", Cos, own.clone(), Success),
        ("get-bucket", S3, other.clone(), Failure),
        ("get-bucket", S3, account.clone(), Failure),
        ("get-bucket", Cos, text(""), Failure),
        ("get-bucket-encryption", S3, own.clone(), NotSupported),
        ("get-bucket-encryption", Cos, own.clone(), Failure),
        ("get-bucket-encryption", S3, other.clone(), Failure),
        ("get-bucket-encryption", S3, account.clone(), Failure),
        ("get-bucket-encryption", S3, text("<ServerSideEncryptionConfiguration/>"), Success),
        ("get-bucket-acl", S3, own.clone(), NotSupported),
        (
            "get-bucket-versioning",
            S3,
            text("<GetBucketVersioningResponse><Status/></GetBucketVersioningResponse>"),
            Success,
        ),
        ("get-bucket-versioning", S3, text("<GetBucketLoggingResponse></GetBucketLoggingResponse>"), Failure),
        ("get-bucket-policy", S3, text("{\"Statement\": []}"), Success),
        ("get-bucket-policy", S3, own.clone(), NotSupported),
        ("get-bucket-cors", S3, text(""), NotConfigured),
        ("get-object-acl", S3, text("the object's own bytes"), NotSupported),
        ("get-object", S3, text("<Error><Code>mine</Code></Error>"), Success),
        ("get-object", Cos, own.clone(), Failure),
    ];
    for (name, dialect, body, wanted) in cases {
        let served = body.clone();
        let address = serve(move |_, stream| {
            let id = "x-cos-request-id: NmIwM2ZlY2FfMWViNTAzMDlfMWE0Ml9jNDdiMQ==\r\nx-amz-request-id: tx1\r\n";
            respond(stream, "200 OK", id, served.as_bytes());
        });
        let mut profile = profile(dialect, Connection::default());
        profile.endpoint = Endpoint::parse(&format!("http://{address}")).expect("an endpoint");
        let target = if name.contains("object") { "photos-1250000000/k" } else { "photos-1250000000" };
        let record = send(&profile, name, target).await;
        assert_eq!(record.outcome, wanted, "{name} {dialect:?} {body}: {:?}", record.remarks);
        assert_eq!(record.diagnosis.is_some(), wanted == Failure, "{name} {body}");
        assert_eq!(record.remarks.is_empty(), matches!(wanted, Success | NotConfigured), "{name} {body}");
    }
}

/// A server that knows no bucket hosts answers HEAD for the whole account, too: the GET says so.
#[tokio::test(flavor = "multi_thread")]
async fn a_200_to_the_head_of_a_bucket_is_held_against_its_get() {
    let account = "<ListAllMyBucketsResult><Buckets></Buckets></ListAllMyBucketsResult>";
    let own = "<ListBucketResult><Name>photos-1250000000</Name></ListBucketResult>";
    for (body, header, wanted) in [
        (account, "", Outcome::Failure),
        (own, "", Outcome::Success),
        // The header says that a bucket answered: nothing more is asked.
        (account, "x-amz-bucket-region: r\r\n", Outcome::Success),
    ] {
        let address = serve(move |head, stream| {
            let headers = format!("x-amz-request-id: tx1\r\n{header}");
            let body = if head.starts_with("HEAD") { "" } else { body };
            respond(stream, "200 OK", &headers, body.as_bytes());
        });
        let mut profile = profile(Dialect::S3, fixed(address, 5.0));
        profile.endpoint = Endpoint::parse("http://{bucket}.s3.test").expect("an endpoint");
        let record = send(&profile, "head-bucket", "photos-1250000000").await;
        assert_eq!(record.outcome, wanted, "{body} {header}");
        let cause = record.diagnosis.as_ref().map(|diagnosis| diagnosis.verdicts[0].cause.as_str());
        assert_eq!(cause, (wanted == Outcome::Failure).then_some("bucket-not-found"));
    }
}

/// A proxy that hides the store's headers is not the store, and what the store wrote is the store's all the same.
#[tokio::test(flavor = "multi_thread")]
async fn what_only_the_store_writes_is_the_stores_without_its_headers() {
    let list = "<ListBucketResult><Name>photos-1250000000</Name></ListBucketResult>";
    let no_key = "<Error><Code>NoSuchKey</Code><Message>m</Message><RequestId>NmIwM2ZlY2FfMWViNTAzMDlfMWE0Ml9jNDdiMQ==</RequestId></Error>";
    let empty = "<Error><Code>InvalidRange</Code><Message></Message><RequestId>tx1</RequestId></Error>";
    let sized = "<Error><Code>InvalidRange</Code><ActualObjectSize>11</ActualObjectSize></Error>";
    for (name, dialect, status, body, wanted) in [
        ("get-bucket", Dialect::Cos, "200 OK", list, "success -"),
        ("get-bucket", Dialect::Cos, "200 OK", "<html><title>Log in</title></html>", "failure not-the-store"),
        ("head-object", Dialect::Cos, "404 Not Found", no_key, "failure object-not-found"),
        ("head-object", Dialect::Cos, "404 Not Found", "<html></html>", "failure not-the-store"),
        ("get-object", Dialect::S3, "416 Range Not Satisfiable", empty, "success -"),
        ("get-object", Dialect::S3, "416 Range Not Satisfiable", sized, "failure range-invalid"),
        ("get-bucket-website", Dialect::S3, "405 M", "<Error><Code>MethodNotAllowed</Code></Error>", "not-supported -"),
        (
            "get-bucket-website",
            Dialect::Cos,
            "405 M",
            "<Error><Code>MethodNotAllowed</Code></Error>",
            "failure method-not-allowed",
        ),
    ] {
        let address = serve(move |head, stream| {
            let body = if head.starts_with("HEAD") { "" } else { body };
            respond(stream, status, "server: nginx\r\n", body.as_bytes());
        });
        let target = if name.contains("object") { "photos-1250000000/k" } else { "photos-1250000000" };
        let record = send(&profile(dialect, fixed(address, 5.0)), name, target).await;
        let cause = record.diagnosis.as_ref().map_or("-", |diagnosis| diagnosis.verdicts[0].cause.as_str());
        let outcome = serde_json::to_value(record.outcome).expect("a word");
        assert_eq!(format!("{} {cause}", outcome.as_str().expect("a word")), wanted, "{name} {status} {body}");
    }
}
