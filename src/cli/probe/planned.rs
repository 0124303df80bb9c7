//! Every probe of every target: looked at once before the first is sent, and made again when its turn comes.

use std::collections::HashSet;
use std::hash::{BuildHasher, RandomState};
use std::sync::Arc;

use anyhow::bail;

use super::targets::Targets;
use crate::cli::status::{language, status};
use crate::config::Settings;
use crate::domain::operation::{Operation, Suite};
use crate::domain::plan::{self, LastPlanned, ProbeSelection};
use crate::domain::probe::{Probe, ProbeError, RequestOptions};
use crate::domain::profile::Profile;
use crate::domain::regions;
use crate::domain::target::{self, Target};
use crate::domain::target_arg::MAX_REQUESTS;
use crate::domain::validate;
use crate::engine::{self, Client, Plan, PlanFacts};
use crate::i18n::{Localize, tell};

/// Remarks and lines that are printed one by one; more are counted.
const MAX_REMARKS: usize = 20;

/// What the command line asks of every target.
pub struct Asked {
    /// The operations of a suite.
    pub suite: Option<&'static Suite>,
    /// Operations one by one.
    pub operations: Vec<&'static Operation>,
    /// Methods and paths.
    pub requests: Vec<String>,
    /// How many times.
    pub repeat: u32,
    /// Some of the targets are from a file.
    pub has_file: bool,
}

/// What is to be sent, and what is to be said about it.
pub struct Planned {
    planner: Arc<Planner>,
    targets: Targets,
    repeat: u32,
    /// Of one time through the targets.
    facts: PlanFacts,
    /// What the written rules say about the targets.
    pub remarks: Vec<String>,
    /// The number of targets that lack the key which every request of the suite needs.
    pub keyless: usize,
    /// The first probe.
    pub first: Option<Probe>,
}

/// Makes the probes of a target.
struct Planner {
    selection: ProbeSelection,
    profile: Profile,
    options: RequestOptions,
}

impl Planner {
    fn of(asked: &Asked, settings: &Settings) -> anyhow::Result<Self> {
        let suite_name = asked.suite.map(|suite| suite.name);
        let options = settings.request_options();
        if suite_name == Some("cors") && !options.has_origin() {
            bail!("{}", tell!(language(), "--suite cors needs --origin, such as --origin https://www.example.com"));
        }
        if suite_name == Some("full") && !options.has_origin() {
            status(&tell!(language(), "--suite full: options-object is skipped because it needs --origin"));
        }
        let suites = asked.suite.map(Suite::operations).unwrap_or_default();
        let (operations, requests) = (asked.operations.clone(), asked.requests.clone());
        let selection = ProbeSelection { suites, operations, requests };
        Ok(Self { selection, profile: settings.profile.clone(), options })
    }

    /// The probes of a target, not numbered yet.
    fn plan(&self, target: &Target, last: &mut LastPlanned) -> Result<Vec<Probe>, ProbeError> {
        let selection = self.selection.clone().or_quick(target);
        let probes = plan::plan(target, &selection, &self.profile, &self.options, 1)?;
        last.keep(target, &selection, &probes);
        Ok(probes)
    }
}

impl Planned {
    /// Looks at every probe.
    ///
    /// # Errors
    /// When nothing can be sent, or not all of it.
    pub fn of(asked: &Asked, targets: &Targets, client: &Client, settings: &Settings) -> anyhow::Result<Self> {
        let maker = Arc::new(Planner::of(asked, settings)?);
        let mut planned = Self {
            planner: Arc::clone(&maker),
            targets: targets.clone(),
            repeat: asked.repeat,
            facts: PlanFacts::default(),
            remarks: Vec::new(),
            keyless: 0,
            first: None,
        };
        let (mut left_out, mut is_empty) = (0, true);
        let (mut remarks, mut last) = (EachOnce::default(), LastPlanned::default());
        for (target, line) in targets.iter() {
            is_empty = false;
            if let Some(count) = last.count(&target) {
                planned.facts.count += count;
                planned.keyless += usize::from(count == 0);
                continue;
            }
            match (maker.plan(&target, &mut last), line) {
                (Ok(probes), _) => {
                    planned.keyless += usize::from(probes.is_empty());
                    for probe in probes {
                        planned.add(probe, asked, client)?;
                    }
                }
                // One bad line must not drop the others.
                (Err(error), Some(line)) => {
                    left_out += 1;
                    if left_out <= MAX_REMARKS {
                        let error = error.localize(settings.language);
                        status(&tell!(
                            settings.language,
                            "--targets-from: line %{line}: %{error}. The line is skipped.",
                            line = line,
                            error = error
                        ));
                    }
                    continue;
                }
                (Err(error), None) => return Err(error.into()),
            }
            remark(&target, settings, &mut remarks);
        }
        if left_out > MAX_REMARKS {
            let more = left_out - MAX_REMARKS;
            status(&tell!(settings.language, "--targets-from: %{n} more lines are skipped", n = more));
        }
        planned.remarks = remarks.said();
        if planned.facts.count == 0 && left_out > 0 {
            bail!(
                "{}",
                tell!(
                    settings.language,
                    "--targets-from: nothing to send, because none of the %{n} targets fits the operations",
                    n = left_out
                )
            );
        }
        if planned.facts.count == 0 && !is_empty {
            let suite = asked.suite.map_or("quick", |suite| suite.name);
            bail!(
                "{}",
                tell!(settings.language, "nothing to send: suite %{suite} needs a key. Use BUCKET/KEY", suite = suite)
            );
        }
        if planned.facts.count > MAX_REQUESTS {
            bail!(
                "{}",
                tell!(
                    settings.language,
                    "too many requests: %{n}, at most %{most} in a run",
                    n = planned.facts.count,
                    most = MAX_REQUESTS
                )
            );
        }
        let all = planned.count();
        if all > MAX_REQUESTS {
            bail!(
                "{}",
                tell!(
                    settings.language,
                    "--repeat %{times}: too many requests (%{n}, at most %{most} in a run). Use --watch to repeat until interrupted",
                    times = asked.repeat,
                    n = all,
                    most = MAX_REQUESTS
                )
            );
        }
        Ok(planned)
    }

    fn add(&mut self, probe: Probe, asked: &Asked, client: &Client) -> anyhow::Result<()> {
        self.facts.add(&probe);
        need_credentials(std::slice::from_ref(&probe), &self.planner.profile)?;
        if !asked.has_file && engine::is_blocked_by_proxy(client, &probe) {
            let path = target::written(&probe.sent_url()).map(|written| written.path.to_owned()).unwrap_or_default();
            bail!(
                "{}",
                tell!(language(), "a proxy would change the path %{path}. Add the host to NO_PROXY", path = path)
            );
        }
        self.first.get_or_insert(probe);
        Ok(())
    }

    /// How many requests are planned.
    pub fn count(&self) -> usize {
        self.facts.count.saturating_mul(self.repeat as usize)
    }

    /// The plan, numbered from `first`.
    pub fn from(&self, first: u32) -> Plan {
        let (planner, targets) = (Arc::clone(&self.planner), self.targets.clone());
        let every = (0..self.repeat).flat_map(move |_| targets.iter());
        let mut last = LastPlanned::default();
        let probes = every.flat_map(move |(target, _)| {
            last.probes(&target).unwrap_or_else(|| planner.plan(&target, &mut last).unwrap_or_default())
        });
        let numbered = (first..).zip(probes).map(|(id, probe)| Probe { id, ..probe });
        let mut facts = self.facts.clone();
        facts.count = self.count();
        Plan::new(numbered, facts)
    }
}

/// What the written rules say about a target.
fn remark(target: &Target, settings: &Settings, remarks: &mut EachOnce) {
    let (profile, language) = (&settings.profile, settings.language);
    match target {
        // An alias is a name of its owner's making.
        Target::Bucket { bucket, .. } if profile.buckets.contains_key(bucket) => {}
        Target::Bucket { bucket, .. } => {
            let remark = validate::bucket_remark(bucket, profile.region.as_deref(), profile.dialect);
            remarks.add(remark.map(|remark| remark.localize(language)));
        }
        Target::Url { url, presigned } => {
            let parts = target::parts_of(url);
            if let (Some(bucket), Some(region)) = (&parts.bucket, &parts.region) {
                let remark = validate::bucket_remark(bucket, Some(region), profile.dialect);
                remarks.add(remark.map(|remark| remark.localize(language)));
                let remark = regions::region_remark(region, profile.dialect);
                remarks.add(remark.map(|remark| remark.localize(language)));
            }
            remarks.add(presigned.as_ref().and_then(|presigned| window_remark(presigned.end)));
        }
        Target::Service => {}
    }
}

/// Remarks, each once: a thousand buckets in one misspelt region are one remark.
#[derive(Default)]
struct EachOnce {
    said: Vec<String>,
    more: usize,
    hasher: RandomState,
    seen: HashSet<u64>,
}

impl EachOnce {
    fn add(&mut self, remark: Option<String>) {
        let Some(remark) = remark.filter(|remark| self.seen.insert(self.hasher.hash_one(remark))) else { return };
        if self.said.len() < MAX_REMARKS {
            self.said.push(remark);
        } else {
            self.more += 1;
        }
    }

    fn said(mut self) -> Vec<String> {
        if self.more > 0 {
            self.said.push(format!("{} more remarks", self.more));
        }
        self.said
    }
}

/// An expired presigned URL is sent all the same, after a note.
fn window_remark(end: Option<jiff::Timestamp>) -> Option<String> {
    let end = end?;
    let now = jiff::Timestamp::now();
    (end < now).then(|| {
        let ago = (now - end).total(jiff::Unit::Second).unwrap_or_default().round();
        tell!(language(), "the presigned URL expired at %{end}, %{ago} s ago", end = end, ago = ago).into_owned()
    })
}

pub fn need_credentials(probes: &[Probe], profile: &Profile) -> anyhow::Result<()> {
    if plan::missing_credentials(probes) && !profile.anonymous {
        let wanted = profile.credential_variables();
        bail!(
            "{}",
            tell!(
                language(),
                "no credentials. Set %{wanted}, choose a profile with -p, or send unsigned requests with --anonymous",
                wanted = wanted
            )
        );
    }
    Ok(())
}
