//! Planning: from what is asked of a target to the probes that will be sent.

use super::operation::{self, Operation, Scope, Suite};
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
