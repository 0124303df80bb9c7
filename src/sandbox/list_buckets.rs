//! GET Service: the buckets of an account.

use super::account::{Principal, account_name};
use super::address::Endpoint;
use super::buckets::{Bucket, Buckets};
use super::failure::Failure;
use super::reply::Reply;
use super::request::IncomingRequest;
use super::xml::{parent, text};

/// Lists all buckets, or on the host of a region those of the region.
pub(super) fn list(buckets: &Buckets, request: &IncomingRequest, principal: Principal) -> Result<Reply, Failure> {
    let appid = match principal {
        Principal::Account(appid) => appid,
        Principal::Anonymous => {
            return Err(Failure::denied("Check auth failure because signature empty.", request.now));
        }
        Principal::SubUser => return Err(Failure::access_denied(request.now)),
    };
    let is_here = |bucket: &Bucket| match &request.address.endpoint {
        Endpoint::Region(region) => bucket.region.is_none_or(|own| own == region),
        _ => true,
    };
    let entry = |bucket: Bucket| {
        let location = text("Location", bucket.region.unwrap_or("ap-guangzhou"));
        let created = text("CreationDate", &bucket.created);
        parent("Bucket", &(text("Name", &bucket.name) + &location + &created + &text("BucketType", "cos")))
    };
    let own: String = buckets.of(appid).into_iter().filter(is_here).map(entry).collect();
    let owner = parent("Owner", &(text("ID", &account_name(appid)) + &text("DisplayName", &format!("1{appid}"))));
    Ok(Reply::document("ListAllMyBucketsResult", &(owner + &parent("Buckets", &own))))
}
