//! Writing: PUT, copy, DELETE, multi-object delete and multipart uploads.

use http::{Method, StatusCode};

use super::address::Address;
use super::buckets::Bucket;
use super::counters::State;
use super::failure::Failure;
use super::get::carried;
use super::objects::{self, Object};
use super::reply::Reply;
use super::request::IncomingRequest;
use super::xml::{parent, text, texts_of};
use crate::domain::percent;

/// PUT, POST and DELETE of an object.
pub fn object(state: &State, bucket: &'static Bucket, request: &IncomingRequest) -> Result<Reply, Failure> {
    let key = &request.address.key;
    let upload = request.parameter("uploadId");
    let source = request.header("x-cos-copy-source").or_else(|| request.header("x-amz-copy-source"));
    match (&request.method, upload, source) {
        (&Method::PUT, Some(id), None) => part(state, request, id),
        (&Method::PUT, None, Some(source)) => copy(state, bucket, request, source),
        (&Method::PUT, None, None) => put(state, bucket, request),
        (&Method::POST, Some(id), _) => complete(state, bucket, request, id),
        (&Method::POST, None, _) if request.parameter("uploads").is_some() => {
            let id = state.uploads.initiate(bucket.name, key, request.now.as_second())?;
            let inner = text("Bucket", bucket.name) + &text("Key", key) + &text("UploadId", &id);
            Ok(Reply::document("InitiateMultipartUploadResult", &inner))
        }
        (&Method::POST, None, _) if request.parameter("restore").is_some() => restore(state, bucket, key),
        (&Method::DELETE, Some(id), _) => {
            state.uploads.complete(id)?;
            Ok(Reply::empty(StatusCode::NO_CONTENT))
        }
        (&Method::DELETE, None, _) => {
            state.objects.remove(bucket, key);
            Ok(Reply::empty(StatusCode::NO_CONTENT))
        }
        _ => Err(Failure::method_not_allowed()),
    }
}

fn put(state: &State, bucket: &Bucket, request: &IncomingRequest) -> Result<Reply, Failure> {
    if let Some(digest) = request.header("content-md5") {
        objects::check_md5(digest, &request.body)?;
    }
    if request.header("content-encoding").is_some_and(|encoding| encoding.contains("aws-chunked")) {
        return Err(Failure::new(
            StatusCode::NOT_IMPLEMENTED,
            "NotImplemented",
            "A header you provided implies functionality that is not implemented.",
        ));
    }
    let headers = request
        .headers
        .iter()
        .filter(|(name, _)| carried(name.as_str()).is_some())
        .filter_map(|(name, value)| Some((name.as_str().to_owned(), value.to_str().ok()?.to_owned())))
        .collect();
    let object = Object::new(request.body.clone(), request.now, headers);
    let reply = Reply::empty(StatusCode::OK).with_header("etag", object.etag.clone());
    state.objects.put(bucket, &request.address.key, object)?;
    Ok(reply)
}

/// PUT Object - Copy. What goes wrong once copying has begun is told in the body of a 200.
fn copy(state: &State, bucket: &Bucket, request: &IncomingRequest, source: &str) -> Result<Reply, Failure> {
    let bad_source = || Failure::bad_request("InvalidCopySource", "Copy source is not valid.");
    let decoded = percent::decode(source.split('?').next().unwrap_or_default());
    let (first, rest) = decoded.trim_start_matches('/').split_once('/').ok_or_else(bad_source)?;
    // COS names the source's host, S3 its bucket.
    let name = Address::of(first, rest).bucket.unwrap_or_else(|| first.to_owned());
    if rest == "fail-late" {
        return Err(Failure { status: StatusCode::OK, ..Failure::internal_error() });
    }
    let found = Bucket::named(&name).filter(|from| from.owner() == bucket.owner());
    let object = found
        .and_then(|from| state.objects.get(from, rest))
        .ok_or_else(|| Failure::not_found("NoSuchCopySource", "The specified copy source does not exist."))?;
    let copied = Object { modified: request.now, ..object };
    let modified = copied.modified.strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
    let inner = text("ETag", &copied.etag) + &text("LastModified", &modified);
    state.objects.put(bucket, &request.address.key, copied)?;
    Ok(Reply::document("CopyObjectResult", &inner))
}

fn part(state: &State, request: &IncomingRequest, id: &str) -> Result<Reply, Failure> {
    let number = request
        .parameter("partNumber")
        .and_then(|number| number.parse().ok())
        .filter(|number| (1..=10_000).contains(number))
        .ok_or_else(|| Failure::bad_request("InvalidArgument", "partNumber is not in the range 1 to 10000."))?;
    let etag = Object::new(request.body.clone(), request.now, Vec::new()).etag;
    state.uploads.put_part(id, number, request.body.clone())?;
    Ok(Reply::empty(StatusCode::OK).with_header("etag", etag))
}

fn complete(state: &State, bucket: &Bucket, request: &IncomingRequest, id: &str) -> Result<Reply, Failure> {
    let key = &request.address.key;
    let object = Object::new(state.uploads.complete(id)?, request.now, Vec::new());
    let location = request.resource();
    let inner =
        text("Location", &location) + &text("Bucket", bucket.name) + &text("Key", key) + &text("ETag", &object.etag);
    state.objects.put(bucket, key, object)?;
    Ok(Reply::document("CompleteMultipartUploadResult", &inner))
}

fn restore(state: &State, bucket: &Bucket, key: &str) -> Result<Reply, Failure> {
    let object = state.objects.get(bucket, key).ok_or_else(Failure::no_such_key)?;
    if object.archived {
        return Ok(Reply::empty(StatusCode::ACCEPTED));
    }
    Err(Failure::new(
        StatusCode::METHOD_NOT_ALLOWED,
        "RestoreNonArchiveObject",
        "The object is not archived, so it need not be restored.",
    ))
}

/// DELETE Multiple Objects: 200, with an error for each key that may not go.
pub fn delete_objects(state: &State, bucket: &Bucket, request: &IncomingRequest) -> Result<Reply, Failure> {
    let Some(digest) = request.header("content-md5") else {
        return Err(Failure::bad_request("InvalidRequest", "Missing required header for this request: Content-MD5"));
    };
    objects::check_md5(digest, &request.body)?;
    let keys =
        texts_of("Key", &request.body).filter(|keys| !keys.is_empty() && keys.len() <= 1000).ok_or_else(|| {
            Failure::bad_request(
                "MalformedXML",
                "The XML you provided was not well-formed or did not validate against our published schema",
            )
        })?;
    let is_quiet = texts_of("Quiet", &request.body).is_some_and(|quiet| quiet.iter().any(|text| text == "true"));
    let mut result = String::new();
    for key in keys {
        let name = text("Key", &key);
        if key.starts_with("locked/") {
            let error = text("Code", "AccessDenied") + &text("Message", "Access Denied.");
            result.push_str(&parent("Error", &(name + &error)));
            continue;
        }
        state.objects.remove(bucket, &key);
        if !is_quiet {
            result.push_str(&parent("Deleted", &name));
        }
    }
    Ok(Reply::document("DeleteResult", &result))
}
