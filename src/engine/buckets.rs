//! The account's own list of its buckets, each with its region.

use std::sync::Arc;

use tokio_util::sync::CancellationToken;

use super::{Client, Options, run};
use crate::domain::bucket_list::{self, BucketList, BucketListError};
use crate::domain::dialect::Dialect;
use crate::domain::operation::operation;
use crate::domain::percent;
use crate::domain::probe::{Probe, RequestOptions};
use crate::domain::profile::{KnownBucket, Profile};
use crate::domain::record::{Outcome, Record};
use crate::domain::target::Target;

/// A page that fits into what is kept of a body.
const PAGE: usize = 200;
/// More pages than any account has: a store that repeats itself is not followed for ever.
const PAGES: usize = 100;

/// What the account answered.
#[derive(Debug, Default)]
pub struct Listed {
    /// The buckets.
    pub buckets: Vec<KnownBucket>,
    /// The request that failed, if one did.
    pub failed: Option<Arc<Record>>,
    /// A page of the list ended early, after this number of buckets.
    pub broke_off: Option<usize>,
}

/// Asks for the buckets, page by page.
///
/// # Errors
/// There is nothing to sign the request with, or no URL can be made.
pub async fn buckets(
    client: &Client,
    profile: &Profile,
    extras: &RequestOptions,
    options: Options,
) -> Result<Listed, BucketListError> {
    if profile.credentials.is_none() {
        return Err(BucketListError::NoCredentials(profile.credential_variables()));
    }
    let operation = operation("get-service")?;
    let mut listed = Listed::default();
    let mut next: Option<String> = None;
    for page in 1..=PAGES {
        let mut probe = Probe::of(operation, &Target::Service, profile, extras)?;
        probe.id = u32::try_from(page).unwrap_or(u32::MAX);
        probe.url.set_query(Some(&query(profile.dialect, next.as_deref())));
        let answer = run(client, vec![probe], options, &CancellationToken::new()).recv().await;
        let Some(record) = answer else { return Err(BucketListError::NoAnswer) };
        if record.outcome == Outcome::Failure {
            listed.failed = Some(record);
            return Ok(listed);
        }
        let list: BucketList = bucket_list::parse(record.body.as_deref().unwrap_or_default());
        if !list.whole {
            listed.broke_off = Some(list.buckets.len());
        }
        let known = listed.buckets.len();
        for bucket in list.buckets {
            if !listed.buckets.iter().any(|known| known.name == bucket.name) {
                listed.buckets.push(bucket);
            }
        }
        if list.next.is_none() || listed.buckets.len() == known {
            break;
        }
        next = list.next;
    }
    Ok(listed)
}

fn query(dialect: Dialect, next: Option<&str>) -> String {
    let (limit, from) = match dialect {
        Dialect::Cos => ("max-keys", "marker"),
        Dialect::S3 => ("max-buckets", "continuation-token"),
    };
    match next {
        None => format!("{limit}={PAGE}"),
        Some(next) => format!("{from}={}&{limit}={PAGE}", percent::component(next)),
    }
}
