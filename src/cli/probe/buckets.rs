//! `cos://*`: the account's buckets in its place.

use std::sync::Arc;

use crate::cli::status::status;
use crate::config::Settings;
use crate::domain::record::Record;
use crate::domain::target::Target;
use crate::domain::target_arg::{TargetArg, TargetSelector};
use crate::engine::{self, Client, Options};

/// Puts the account's buckets in the place of `cos://*`. A list that is denied is a failure like any other.
///
/// # Errors
/// As [`engine::buckets`].
pub async fn expanded(
    given: Vec<TargetArg>,
    client: &Client,
    settings: &mut Settings,
    options: Options,
) -> anyhow::Result<(Vec<TargetArg>, Option<Arc<Record>>)> {
    if !given.iter().any(|given| given.what == TargetSelector::AllBuckets) {
        return Ok((given, None));
    }
    let listed = engine::buckets(client, &settings.profile, &settings.request_options(), options).await;
    let listed = listed.map_err(anyhow::Error::msg)?;
    if let Some(after) = listed.broke_off {
        status(&format!("cos://*: the list of buckets broke off after {after}; those are probed"));
    }
    match &listed.failed {
        Some(record) => status(&format!(
            "cos://*: the list of buckets failed with {}; --targets-from takes a list of yours",
            record.shown_code()
        )),
        None => status(&format!("cos://*: {} buckets", listed.buckets.len())),
    }
    let known = Arc::make_mut(&mut settings.profile.buckets);
    known.extend(listed.buckets.iter().map(|bucket| (bucket.name.clone(), bucket.clone())));
    let every = listed.buckets.iter().map(|bucket| Target::Bucket { bucket: bucket.name.clone(), key: None });
    let expanded = given.into_iter().flat_map(|given| match given.what {
        TargetSelector::One(_) => vec![given],
        TargetSelector::AllBuckets => {
            every.clone().map(|target| TargetArg { what: TargetSelector::One(target), ..given.clone() }).collect()
        }
    });
    Ok((expanded.collect(), listed.failed))
}
