//! `cos://*`: the account's buckets in its place.

use std::sync::Arc;

use super::targets::Targets;
use crate::cli::status::status;
use crate::config::Settings;
use crate::domain::record::Record;
use crate::domain::target::Target;
use crate::engine::{self, Client, Options};
use crate::i18n::tell;

/// Puts the account's buckets in the place of `cos://*`. A list that is denied is a failure like any other.
///
/// # Errors
/// As [`engine::buckets`].
pub async fn expanded(
    targets: Targets,
    client: &Client,
    settings: &mut Settings,
    options: Options,
) -> anyhow::Result<(Targets, Option<Arc<Record>>)> {
    if !targets.has_all_buckets {
        return Ok((targets, None));
    }
    let listed = engine::buckets(client, &settings.profile, &settings.request_options(), options).await?;
    if let Some(after) = listed.broke_off {
        status(&tell!(
            settings.language,
            "cos://*: the list of buckets broke off after %{n}; those are probed",
            n = after
        ));
    }
    match &listed.failed {
        Some(record) => status(&tell!(
            settings.language,
            "cos://*: the list of buckets failed with %{code}; --targets-from takes a list of yours",
            code = record.shown_code()
        )),
        None => status(&tell!(settings.language, "cos://*: %{n} buckets", n = listed.buckets.len())),
    }
    let known = Arc::make_mut(&mut settings.profile.buckets);
    known.extend(listed.buckets.iter().map(|bucket| (bucket.name.clone(), bucket.clone())));
    let every = listed.buckets.iter().map(|bucket| Target::Bucket { bucket: bucket.name.clone(), key: None });
    Ok((targets.with_buckets(every), listed.failed))
}
