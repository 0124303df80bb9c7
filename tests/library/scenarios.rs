//! Every cause by example. A scenario is a file in `tests/scenarios`: a failure as it is recorded, or
//! one to be had from the sandbox, or both, and the verdict that it must come to, before and after the
//! checks. A cause without one fails here.
//!
//! | field | what |
//! | --- | --- |
//! | `about` | what happened |
//! | `trap` | why the obvious verdict is wrong, where it is |
//! | `verdict` | the first cause and how sure, by the record alone |
//! | `settled` | the same after the checks, where they change it |
//! | `record` | what is changed in the canned record (`support/canned.rs`) |
//! | `credentials` | what it was signed with, where that counts |
//! | `answers` | what the checks would have answered: `check`, `changed`, and records |
//! | `sandbox` | the request to be sent to the sandbox |

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use cosdiag::diagnosis::checks::{CheckResult, MOST};
use cosdiag::diagnosis::rules::{RuleInput, diagnose_with};
use cosdiag::domain::cause::Cause;
use cosdiag::domain::check::{Change, CheckKind};
use cosdiag::domain::credentials::Credentials;
use cosdiag::domain::endpoint::Endpoint;
use cosdiag::domain::operation::operation;
use cosdiag::domain::probe::{Probe, RequestOptions};
use cosdiag::domain::profile::Profile;
use cosdiag::domain::record::Record;
use cosdiag::domain::target::Target;
use cosdiag::domain::verdict::{Confidence, Diagnosis};
use cosdiag::engine::{self, Client, Options};
use cosdiag::sandbox::{Sandbox, scenario};
use serde::Deserialize;
use serde_json::Value;
use strum::IntoEnumIterator;
use tokio_util::sync::CancellationToken;

use crate::{canned, support};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Scenario {
    #[serde(rename = "about")]
    _about: String,
    trap: Option<String>,
    verdict: (Cause, Confidence),
    settled: Option<(Cause, Confidence)>,
    record: Option<Value>,
    credentials: Option<Keys>,
    #[serde(default)]
    answers: Vec<Canned>,
    sandbox: Option<Request>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Canned {
    check: CheckKind,
    changed: String,
    records: Vec<Value>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Keys {
    id: String,
    key: String,
    token: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Request {
    op: Option<String>,
    line: Option<String>,
    target: String,
    #[serde(rename = "as")]
    role: Option<String>,
    region: Option<String>,
    endpoint: Option<String>,
    #[serde(default)]
    headers: BTreeMap<String, String>,
    origin: Option<String>,
    clock: Option<i64>,
    /// Seconds from now between which a presigned URL is valid.
    presigned: Option<(i64, i64)>,
    /// Why the program itself cannot be given this.
    in_process: Option<String>,
}

impl Canned {
    fn result(self) -> CheckResult {
        let records = self.records.into_iter().map(|change| canned::record(1, change)).collect();
        CheckResult { kind: self.check, change: Change::Told(self.changed), records }
    }
}

impl Keys {
    fn credentials(&self) -> Credentials {
        let credentials = Credentials::new(self.id.as_str(), self.key.as_str(), "scenario");
        match &self.token {
            Some(token) => credentials.with_token(token.as_str()),
            None => credentials,
        }
    }
}

fn scenarios() -> Vec<(String, Scenario)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/scenarios");
    let mut all: Vec<_> = fs::read_dir(folder)
        .expect("a folder")
        .map(|entry| {
            let path = entry.expect("an entry").path();
            let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
            let text = fs::read_to_string(&path).expect("a file");
            let scenario = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
            (name, scenario)
        })
        .collect();
    all.sort_by(|(a, _), (b, _)| a.cmp(b));
    all
}

fn first(diagnosis: Option<&Diagnosis>) -> (Cause, Confidence) {
    let diagnosis = diagnosis.expect("a failure has a diagnosis");
    let verdict = diagnosis.verdicts.first().expect("and that a verdict");
    assert!(!verdict.evidence.is_empty(), "{verdict:?}");
    (verdict.cause, verdict.confidence)
}

#[test]
fn every_cause_has_its_scenarios() {
    let all = scenarios();
    let mut shown: BTreeSet<Cause> = BTreeSet::new();
    for (name, scenario) in &all {
        let settled = scenario.settled.as_ref().unwrap_or(&scenario.verdict);
        let cause = name.split_once('.').map_or(name.as_str(), |(cause, _)| cause);
        assert_eq!(settled.0.as_str(), cause, "{name} is named after what it comes to");
        assert!(scenario.record.is_some() || scenario.sandbox.is_some(), "{name} shows nothing");
        shown.insert(settled.0);
    }
    let missing: Vec<_> = Cause::iter().filter(|cause| !shown.contains(cause)).collect();
    assert!(missing.is_empty(), "causes without a scenario: {missing:?}");
    let traps = all.iter().filter(|(_, scenario)| scenario.trap.as_ref().is_some_and(|trap| trap.len() > 20)).count();
    assert!(traps >= 15, "{traps} traps");
}

#[test]
fn offline_every_record_comes_to_its_verdict() {
    let mut wrong = Vec::new();
    for (name, scenario) in scenarios() {
        let Some(change) = scenario.record else { continue };
        let record = canned::record(1, change);
        let shape = scenario.credentials.as_ref().map(|keys| keys.credentials().traits());
        let answers: Vec<_> = scenario.answers.into_iter().map(Canned::result).collect();
        let look = |results: &[CheckResult]| {
            let known = RuleInput { shape: shape.clone(), results };
            first(diagnose_with(&record, &known).as_ref())
        };
        if look(&[]) != scenario.verdict {
            wrong.push(format!("{name}: {:?} for {:?}", look(&[]), scenario.verdict));
        }
        let settled = scenario.settled.unwrap_or(scenario.verdict);
        if !answers.is_empty() && look(&answers) != settled {
            wrong.push(format!("{name}, settled: {:?} for {settled:?}", look(&answers)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The probe of a scenario, in a world of its own profiles.
fn probe_of(request: &Request, keys: Option<&Keys>, profiles: &[Profile]) -> Probe {
    let role = request.role.as_deref().unwrap_or("owner");
    let mut profile = profiles.iter().find(|profile| profile.name == role).expect("a profile").clone();
    if let Some(keys) = keys {
        profile.credentials = Some(Arc::new(keys.credentials()));
    }
    profile.region = request.region.clone().or(profile.region);
    if let Some(endpoint) = &request.endpoint {
        profile.endpoint = Endpoint::parse(endpoint).expect("an endpoint");
    }
    let headers = request.headers.iter().map(|(name, value)| (name.clone(), value.clone())).collect();
    let extras = RequestOptions { headers, origin: request.origin.clone(), ..RequestOptions::default() };
    let target = Target::parse(&target_of(request)).expect("a target");
    let mut probe = match (&request.op, &request.line, &target) {
        (Some(op), _, _) => Probe::of(operation(op).expect("an operation"), &target, &profile, &extras),
        (None, Some(line), _) => Probe::of_request(line, &target, &profile, &extras),
        (None, None, Target::Url { url, presigned }) => Probe::of_url(url, presigned.is_some(), &profile, &extras),
        _ => panic!("neither op nor request nor a URL"),
    }
    .expect("a probe");
    probe.clock_offset = request.clock.unwrap_or(0);
    probe
}

/// The target as typed; of a presigned one the URL.
fn target_of(request: &Request) -> String {
    let Some((start, end)) = request.presigned else { return request.target.clone() };
    let url = url::Url::parse(&request.target).expect("a URL");
    let now = jiff::Timestamp::now().as_second();
    let owner = cosdiag::sandbox::account(cosdiag::sandbox::Role::Owner);
    let headers = [("host".to_owned(), url.host_str().expect("a host").to_owned())];
    let path = cosdiag::domain::percent::decode(url.path());
    let asked = cosdiag::sign::Request { method: "GET", path: &path, query: &[], headers: &headers };
    let key_time = cosdiag::sign::cos::KeyTime { start: now + start, end: now + end };
    let signed = cosdiag::sign::cos::sign(&asked, &owner, key_time, cosdiag::sign::Placement::Url);
    let component = cosdiag::domain::percent::component;
    let query: Vec<_> =
        signed.query.iter().map(|(name, value)| format!("{}={}", component(name), component(value))).collect();
    format!("{url}?{}", query.join("&"))
}

async fn sent(client: &Client, probe: Probe, diagnose: bool) -> Arc<Record> {
    let options = Options { diagnose, ..Options::default() };
    let mut records = engine::run(client, vec![probe], options, &CancellationToken::new());
    records.recv().await.expect("a record")
}

#[tokio::test(flavor = "multi_thread")]
async fn through_the_sandbox_every_request_comes_to_its_verdict() {
    let sandbox = Sandbox::start(SocketAddr::from(([127, 0, 0, 1], 0))).await.expect("a sandbox");
    let profiles = scenario::profiles(&sandbox);
    let client = Client::new(&profiles[0].connection).expect("a client");
    let (mut wrong, mut most, mut count) = (Vec::new(), 0, 0);
    for (name, scenario) in scenarios() {
        let Some(request) = &scenario.sandbox else { continue };
        count += 1;
        let probe = probe_of(request, scenario.credentials.as_ref(), &profiles);
        let plain = sent(&client, probe.clone(), false).await;
        let got = first(plain.diagnosis.as_ref());
        if got != scenario.verdict {
            wrong.push(format!("{name}: {got:?} for {:?}: {:?}", scenario.verdict, plain.error));
        }
        let checked = sent(&client, probe, true).await;
        let got = first(checked.diagnosis.as_ref());
        let settled = scenario.settled.as_ref().unwrap_or(&scenario.verdict);
        let checks = &checked.diagnosis.as_ref().expect("a diagnosis").checks;
        if got != *settled {
            wrong.push(format!("{name}, settled: {got:?} for {settled:?}: {checks:?}"));
        }
        most = most.max(checks.len());
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(count >= 40 && most > 1 && most <= MOST, "{count} scenarios, at most {most} requests for one");
    assert_eq!(sandbox.changes(), 0, "checks only read");
}

#[test]
fn the_program_itself_comes_to_the_same_verdicts() {
    let served = support::serve();
    let folder = tempfile::tempdir().expect("a folder");
    let ca = folder.path().join("ca.pem");
    fs::write(&ca, served.ca_pem()).expect("written");
    let (address, ca) = (served.address.to_string(), ca.to_string_lossy().into_owned());
    let (mut wrong, mut count) = (Vec::new(), 0);
    for (name, scenario) in scenarios() {
        let Some(request) = scenario.sandbox.as_ref().filter(|request| request.in_process.is_none()) else { continue };
        count += 1;
        // Two seconds are enough but on a busy machine, whose handshakes take longer.
        let answer = |limit| verdict_of(&scenario, request, &address, &ca, limit);
        let settled = scenario.settled.unwrap_or(scenario.verdict);
        let is_right = |(got, status, _): &(Option<_>, i32, String)| got.as_ref() == Some(&settled) && *status == 1;
        let (got, status, err) = Some(answer("2s")).filter(is_right).unwrap_or_else(|| answer("10s"));
        if got.as_ref() != Some(&settled) || status != 1 {
            wrong.push(format!("{name}: {got:?} for {settled:?}, status {status}: {err}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(count >= 30, "{count} scenarios");
}

/// What the program makes of a scenario within a time limit: the first verdict, the exit status and what it says.
fn verdict_of(
    scenario: &Scenario,
    request: &Request,
    address: &str,
    ca: &str,
    limit: &str,
) -> (Option<(Cause, Confidence)>, i32, String) {
    let mut arguments: Vec<String> = ["probe", "--diagnose", "--format", "json", "--timeout", limit]
        .into_iter()
        .chain(["--connect-to", address, "--ca-file", ca, "--region"])
        .map(str::to_owned)
        .collect();
    arguments.push(request.region.clone().unwrap_or_else(|| "ap-guangzhou".to_owned()));
    let mut option = |name: &str, value: Option<&str>| {
        arguments.extend(value.into_iter().flat_map(|value| [name.to_owned(), value.to_owned()]));
    };
    option("--op", request.op.as_deref());
    option("--request", request.line.as_deref());
    option("--endpoint", request.endpoint.as_deref());
    option("--origin", request.origin.as_deref());
    for (name, value) in &request.headers {
        option("--header", Some(&format!("{name}: {value}")));
    }
    if request.role.as_deref() == Some("anonymous") {
        arguments.push("--anonymous".to_owned());
    }
    arguments.push(target_of(request));
    let arguments: Vec<_> = arguments.iter().map(String::as_str).collect();
    let mut command = support::program(&arguments);
    let credentials = match (&scenario.credentials, support::role(request.role.as_deref().unwrap_or("owner"))) {
        (Some(keys), _) => Some(keys.credentials()),
        (None, role) => role.map(cosdiag::sandbox::account),
    };
    if let Some(credentials) = credentials {
        command.env("COS_SECRET_ID", &credentials.id).env("COS_SECRET_KEY", credentials.expose_key());
        credentials.expose_token().map(|token| command.env("COS_TOKEN", token));
    }
    let (out, err, status) = support::run(&mut command);
    let records: Vec<Record> = serde_json::from_str(&out).unwrap_or_else(|error| panic!("{error}: {out}{err}"));
    (records.first().map(|record| first(record.diagnosis.as_ref())), status, err)
}
