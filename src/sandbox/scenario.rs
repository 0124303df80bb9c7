//! Prepared probes for the sandbox: `assets/demo.toml`, and the profiles that they are sent as.

use std::sync::{Arc, LazyLock};
use std::time::Duration;

use serde::Deserialize;

use super::account::{Role, account};
use super::server::Sandbox;
use crate::assets::asset;
use crate::domain::dialect::Dialect;
use crate::domain::endpoint::Endpoint;
use crate::domain::operation::operation;
use crate::domain::probe::{Probe, RequestOptions};
use crate::domain::profile::{Connection, DnsMode, Profile, Timeouts};
use crate::domain::target::Target;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ScenarioFile {
    scenario: Vec<Scenario>,
}

/// A named list of prepared probes.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scenario {
    /// The name after `--scenario`.
    pub name: String,
    /// What it shows.
    pub about: String,
    probe: Vec<Prepared>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Prepared {
    op: String,
    target: String,
    #[serde(rename = "as")]
    profile: Option<String>,
    region: Option<String>,
    endpoint: Option<String>,
    origin: Option<String>,
    #[serde(default)]
    clock: i64,
}

static SCENARIOS: LazyLock<Vec<Scenario>> = LazyLock::new(|| {
    let file: ScenarioFile = asset!("demo.toml");
    file.scenario
});

/// All scenarios.
#[must_use]
pub fn scenarios() -> &'static [Scenario] {
    &SCENARIOS
}

/// Finds a scenario by its name.
#[must_use]
pub fn scenario(name: &str) -> Option<&'static Scenario> {
    SCENARIOS.iter().find(|scenario| scenario.name == name)
}

/// The sandbox's profiles: its accounts by name, the owner's first, and an anonymous one. All of
/// them live in the sandbox's world: its names, its certificates.
#[must_use]
pub fn profiles(sandbox: &Sandbox) -> Vec<Profile> {
    let connection = Connection {
        dns: DnsMode::Table(Arc::new(sandbox.names())),
        ca_pem: Some(sandbox.ca_pem().to_vec()),
        // On loopback two seconds are for ever; the stall should not last longer.
        timeouts: Timeouts::within(Duration::from_secs(2)),
        ..Connection::default()
    };
    let roles = [
        ("owner", Some(Role::Owner)),
        ("sub-user", Some(Role::SubUser)),
        ("stranger", Some(Role::Stranger)),
        ("temporary", Some(Role::Temporary)),
        ("expired-token", Some(Role::ExpiredTemporary)),
        ("wrong-key", Some(Role::WrongKey)),
        ("unknown-id", Some(Role::Unknown)),
        ("anonymous", None),
    ];
    roles
        .into_iter()
        .map(|(name, role)| Profile {
            name: name.to_owned(),
            dialect: Dialect::Cos,
            region: Some("ap-guangzhou".to_owned()),
            endpoint: Endpoint::of(Dialect::Cos, "https"),
            credentials: role.map(|role| Arc::new(account(role))),
            anonymous: role.is_none(),
            connection: connection.clone(),
            bucket: None,
            buckets: Arc::default(),
        })
        .collect()
}

/// Plans a scenario's probes.
///
/// # Errors
/// When the file asks for something that there is not; a test plans all of them.
pub fn probes(scenario: &Scenario, profiles: &[Profile]) -> Result<Vec<Probe>, String> {
    scenario.probe.iter().map(|prepared| probe(prepared, profiles)).collect()
}

fn probe(prepared: &Prepared, profiles: &[Profile]) -> Result<Probe, String> {
    let name = prepared.profile.as_deref().unwrap_or("owner");
    let mut profile = profiles.iter().find(|profile| profile.name == name).ok_or(format!("no profile {name}"))?.clone();
    profile.region = prepared.region.clone().or(profile.region);
    if let Some(endpoint) = &prepared.endpoint {
        profile.endpoint = Endpoint::parse(endpoint).map_err(|error| error.to_string())?;
    }
    let target = Target::parse(&prepared.target).map_err(|error| error.to_string())?;
    let extras = RequestOptions { origin: prepared.origin.clone(), ..RequestOptions::default() };
    let operation = operation(&prepared.op).map_err(|error| error.to_string())?;
    let mut probe = Probe::of(operation, &target, &profile, &extras).map_err(|error| error.to_string())?;
    probe.clock_offset = prepared.clock;
    Ok(probe)
}

/// Targets worth typing: what the scenarios ask about.
#[must_use]
pub fn targets() -> Vec<String> {
    let mut targets: Vec<String> = Vec::new();
    for prepared in SCENARIOS.iter().flat_map(|scenario| &scenario.probe) {
        if !targets.contains(&prepared.target) {
            targets.push(prepared.target.clone());
        }
    }
    targets
}
