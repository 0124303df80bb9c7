//! `cos://*`: the account's own list of its buckets, each with its region.

use std::sync::Arc;

use anyhow::bail;
use tokio_util::sync::CancellationToken;

use super::targets::{Given, Wanted};
use crate::cli::say;
use crate::config::Settings;
use crate::domain::bucket_list::{self, BucketList};
use crate::domain::encode;
use crate::domain::operation::operation;
use crate::domain::probe::Probe;
use crate::domain::profile::{Dialect, KnownBucket};
use crate::domain::record::{Outcome, Record};
use crate::domain::target::Target;
use crate::engine::{self, Client, Options};

/// A page that fits into what is kept of a body.
const PAGE: usize = 200;
/// More pages than any account has: a store that repeats itself is not followed for ever.
const PAGES: usize = 100;

/// Puts the account's buckets in the place of `cos://*`. A list that is denied is a failure like any other.
///
/// # Errors
/// As [`list`].
pub async fn expanded(
    given: Vec<Given>,
    client: &Client,
    settings: &mut Settings,
    options: Options,
) -> anyhow::Result<(Vec<Given>, Option<Arc<Record>>)> {
    if !given.iter().any(|given| given.what == Wanted::AllBuckets) {
        return Ok((given, None));
    }
    let (buckets, failed) = list(client, settings, options).await?;
    match &failed {
        Some(record) => say(&format!(
            "cos://*: the list of buckets failed with {}; --targets-from takes a list of yours",
            record.shown_code()
        )),
        None => say(&format!("cos://*: {} buckets", buckets.len())),
    }
    let known = Arc::make_mut(&mut settings.profile.buckets);
    known.extend(buckets.iter().map(|bucket| (bucket.name.clone(), bucket.clone())));
    let every = buckets.iter().map(|bucket| Target::Bucket { bucket: bucket.name.clone(), key: None });
    let expanded = given.into_iter().flat_map(|given| match given.what {
        Wanted::One(_) => vec![given],
        Wanted::AllBuckets => {
            every.clone().map(|target| Given { what: Wanted::One(target), ..given.clone() }).collect()
        }
    });
    Ok((expanded.collect(), failed))
}

/// The buckets, and the request that failed if one did.
///
/// # Errors
/// When there is nothing to sign the request with, or no URL can be made.
async fn list(
    client: &Client,
    settings: &Settings,
    options: Options,
) -> anyhow::Result<(Vec<KnownBucket>, Option<Arc<Record>>)> {
    let profile = &settings.profile;
    if profile.credentials.is_none() {
        bail!("cos://* needs credentials: set {}, or name the buckets one by one", profile.wanted_variables());
    }
    let operation = operation("get-service").map_err(anyhow::Error::msg)?;
    let mut buckets: Vec<KnownBucket> = Vec::new();
    let mut next: Option<String> = None;
    for page in 1..=PAGES {
        let mut probe = Probe::of(operation, &Target::Service, profile, &settings.extras())?;
        probe.id = u32::try_from(page).unwrap_or(u32::MAX);
        probe.url.set_query(Some(&query(profile.dialect, next.as_deref())));
        let answer = engine::run(client, vec![probe], options, &CancellationToken::new()).recv().await;
        let Some(record) = answer else { bail!("cos://*: the request gave no answer") };
        if record.outcome == Outcome::Failure {
            return Ok((buckets, Some(record)));
        }
        let list: BucketList = bucket_list::parse(record.body.as_deref().unwrap_or_default());
        if !list.whole {
            say(&format!("cos://*: the list of buckets broke off after {}; those are probed", list.buckets.len()));
        }
        let known = buckets.len();
        for bucket in list.buckets {
            if !buckets.iter().any(|known| known.name == bucket.name) {
                buckets.push(bucket);
            }
        }
        if list.next.is_none() || buckets.len() == known {
            break;
        }
        next = list.next;
    }
    Ok((buckets, None))
}

fn query(dialect: Dialect, next: Option<&str>) -> String {
    let (limit, from) = match dialect {
        Dialect::Cos => ("max-keys", "marker"),
        Dialect::S3 => ("max-buckets", "continuation-token"),
    };
    match next {
        None => format!("{limit}={PAGE}"),
        Some(next) => format!("{from}={}&{limit}={PAGE}", encode::component(next)),
    }
}
