//! Planning: from what is asked of a target to the probes that will be sent.

use super::operation::{self, Operation, Scope, Suite};
use super::percent;
use super::probe::{Auth, Probe, ProbeError, RequestOptions};
use super::profile::Profile;
use super::target::Target;

/// Whether any of these goes out unsigned although anonymous requests were not asked for.
#[must_use]
pub fn missing_credentials(probes: &[Probe]) -> bool {
    probes.iter().any(|probe| matches!(probe.auth, Auth::Anonymous) && probe.method != "OPTIONS")
}

/// Plans what is asked of one target, numbering from `first`. With no operation asked for, a
/// bucket or key gets the suite `quick`, the account `get-service` and a full URL one GET.
///
/// # Errors
/// As [`Probe::of`]; operations of a suite that need a key are left out where there is none.
pub fn plan(
    target: &Target,
    asked: &ProbeSelection,
    profile: &Profile,
    extras: &RequestOptions,
    first: u32,
) -> Result<Vec<Probe>, ProbeError> {
    let (profile, target) = profile.with_bucket_defaults(target);
    let (profile, target) = (profile.as_ref(), target.as_ref());
    let mut probes = Vec::new();
    if let (Target::Url { presigned: Some(_), .. }, false) = (target, asked.is_default()) {
        return Err(ProbeError::Presigned);
    }
    if let (Target::Url { url, presigned }, true) = (target, asked.is_default()) {
        let mut probe = Probe::of_url(url, presigned.is_some(), profile, extras)?;
        probe.given = presigned.as_ref().map(|presigned| presigned.given.clone());
        probes.push(probe);
    }
    let has_key = match target {
        Target::Bucket { key, .. } => key.is_some(),
        Target::Url { url, .. } => url.path().len() > 1,
        Target::Service => false,
    };
    for operation in &asked.suites {
        let fits = operation.scope != Scope::Object || has_key || operation.writes;
        let can_ask = operation.name != "options-object" || extras.has_origin();
        if fits && can_ask {
            let own_key = operation.writes.then(|| write_target(target, &extras.unique));
            probes.push(Probe::of(operation, own_key.as_ref().unwrap_or(target), profile, extras)?);
        }
    }
    for operation in &asked.operations {
        probes.push(Probe::of(operation, target, profile, extras)?);
    }
    for line in &asked.requests {
        probes.push(Probe::of_request(line, target, profile, extras)?);
    }
    for (id, probe) in (first..).zip(&mut probes) {
        probe.id = id;
    }
    Ok(probes)
}

/// A key of its own for the write suite, so that nothing of the user's is touched.
fn write_target(target: &Target, unique: &str) -> Target {
    let own = format!("cosdiag-write-probe-{unique}.txt");
    match target {
        Target::Bucket { bucket, key } => {
            let prefix = key.as_deref().map(|key| format!("{}/", key.trim_end_matches('/'))).unwrap_or_default();
            Target::Bucket { bucket: bucket.clone(), key: Some(format!("{prefix}{own}")) }
        }
        Target::Url { url, .. } => {
            let mut url = url.clone();
            url.set_path(&format!("{}/{own}", url.path().trim_end_matches('/')));
            url.set_query(None);
            Target::Url { url, presigned: None }
        }
        Target::Service => Target::Service,
    }
}

/// What is asked of each target.
#[derive(Clone, Debug, Default)]
pub struct ProbeSelection {
    /// Operations that come from suites: those that do not fit a target are left out.
    pub suites: Vec<&'static Operation>,
    /// Operations asked for by name: one that does not fit is an error.
    pub operations: Vec<&'static Operation>,
    /// Methods and paths given by hand.
    pub requests: Vec<String>,
}

impl ProbeSelection {
    fn is_default(&self) -> bool {
        self.suites.is_empty() && self.operations.is_empty() && self.requests.is_empty()
    }

    /// Returns this selection, or the default for a target where nothing is selected.
    #[must_use]
    pub fn or_quick(self, target: &Target) -> Self {
        if !self.is_default() {
            return self;
        }
        match target {
            Target::Url { .. } => self,
            Target::Service => Self { operations: operation::operation("get-service").into_iter().collect(), ..self },
            Target::Bucket { .. } => {
                Self { suites: Suite::named("quick").map(Suite::operations).unwrap_or_default(), ..self }
            }
        }
    }
}
/// The last target that was planned, and its probes. Most of a long list are objects of one bucket: their probes
/// differ in the key only, and to make a URL takes as long as to sign it.
#[derive(Default)]
pub struct LastPlanned {
    bucket: String,
    probes: Vec<Probe>,
}

impl LastPlanned {
    /// Keeps the probes of a target, where those of another key can be made from them.
    pub fn keep(&mut self, target: &Target, asked: &ProbeSelection, probes: &[Probe]) {
        // A request by hand names its key itself, and the suite `write` has one of its own.
        let are_of = |key: &str| probes.iter().all(|probe| probe.key.as_deref().is_none_or(|own| own == key));
        *self = match bucket_and_ordinary_key(target) {
            Some((bucket, key)) if asked.requests.is_empty() && are_of(key) => {
                Self { bucket: bucket.to_owned(), probes: probes.to_vec() }
            }
            _ => Self::default(),
        };
    }

    /// How many probes a target has, where it is planned as the last one was.
    #[must_use]
    pub fn count(&self, target: &Target) -> Option<usize> {
        bucket_and_ordinary_key(target).filter(|(bucket, _)| *bucket == self.bucket).map(|_| self.probes.len())
    }

    /// The probes of a target, where it is planned as the last one was.
    #[must_use]
    pub fn probes(&self, target: &Target) -> Option<Vec<Probe>> {
        let (_, key) = bucket_and_ordinary_key(target).filter(|(bucket, _)| *bucket == self.bucket)?;
        self.probes.iter().map(|probe| probe.with_key(key)).collect()
    }
}

/// The bucket, and the key where no URL changes a byte of it.
fn bucket_and_ordinary_key(target: &Target) -> Option<(&str, &str)> {
    let Target::Bucket { bucket, key: Some(key) } = target else { return None };
    (percent::is_plain(key) && !percent::has_dots(key)).then_some((bucket, key))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::super::credentials::Credentials;
    use super::super::dialect::Dialect;
    use super::super::endpoint::Endpoint;
    use super::super::profile::Connection;
    use super::*;

    fn profile(dialect: Dialect, endpoint: Endpoint) -> Profile {
        let credentials = Credentials::new("AKIDfakeIDfakeID", "fakeKEYfakeKEY", String::new());
        Profile {
            name: "test".to_owned(),
            dialect,
            region: Some("ap-guangzhou".to_owned()),
            endpoint,
            credentials: Some(Arc::new(credentials)),
            anonymous: false,
            connection: Connection::default(),
            bucket: None,
            buckets: Arc::default(),
        }
    }

    #[test]
    fn what_is_made_of_the_last_probes_is_what_would_be_planned() {
        let operations = |names: &[&str]| names.iter().filter_map(|name| operation::known(name)).collect::<Vec<_>>();
        let suites = ["quick", "full", "write"].map(|name| ProbeSelection {
            suites: Suite::named(name).map(Suite::operations).expect("a suite"),
            ..ProbeSelection::default()
        });
        let by_name = ["get-object", "head-object", "put-object", "get-bucket"]
            .map(|name| ProbeSelection { operations: operations(&[name]), ..ProbeSelection::default() });
        let by_hand = ProbeSelection { requests: vec!["GET /a/b.txt".to_owned()], ..ProbeSelection::default() };
        let extras = RequestOptions {
            origin: Some("https://example.com".to_owned()),
            unique: "1".to_owned(),
            ..RequestOptions::default()
        };
        let path_style = Endpoint::parse("http://127.0.0.1:9000").expect("an endpoint");
        for profile in [
            profile(Dialect::Cos, Endpoint::of(Dialect::Cos, "https")),
            profile(Dialect::S3, Endpoint::of(Dialect::S3, "https")),
            profile(Dialect::S3, path_style),
        ] {
            for selection in suites.iter().chain(&by_name).chain([&by_hand]) {
                let mut made = 0;
                let mut last = LastPlanned::default();
                for text in
                    ["Data-1250000000/a/b.txt", "Data-1250000000/c", "Data-1250000000//c~.d", "other/c", "other"]
                {
                    let target = Target::parse(text).expect("a target");
                    let Ok(planned) = plan(&target, selection, &profile, &extras, 0) else { continue };
                    assert!(last.count(&target).is_none_or(|count| count == planned.len()), "{text}");
                    if let Some(probes) = last.probes(&target) {
                        assert_eq!(format!("{probes:?}"), format!("{planned:?}"));
                        made += 1;
                    }
                    last.keep(&target, selection, &planned);
                }
                let is_own =
                    !selection.requests.is_empty() || selection.suites.iter().any(|operation| operation.writes);
                assert_eq!(made, if is_own { 0 } else { 2 }, "{selection:?}");
            }
        }
    }
}
