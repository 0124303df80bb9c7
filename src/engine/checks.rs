//! Runs the checks of one failure: asks `diagnosis` what is worth a request, sends it, and lets the
//! rules look again.

use std::net::SocketAddr;
use std::sync::Arc;

use futures_util::StreamExt;

use super::client::Client;
use super::redact::{Cleaning, Redactor};
use super::send::send_once;
use crate::diagnosis::checks::{self, CheckResult, CheckRoute, Failed, MOST, PlannedCheck};
use crate::diagnosis::rules::{self, RuleInput};
use crate::domain::check::{Check, CheckKind, CheckOutcome};
use crate::domain::classify::{self, Signing};
use crate::domain::probe::Probe;
use crate::domain::profile::{Connection, DnsMode, Proxies};
use crate::domain::record::Record;
use crate::domain::verdict::{Diagnosis, Former};

/// Requests of a sweep that are in flight at once.
const AT_ONCE: usize = 8;

/// Addresses of one host that are tried.
const ADDRESSES: usize = 4;

/// What requests are sent and cleaned with.
pub struct Sender<'a> {
    /// The client of the failed request.
    pub client: &'a Client,
    /// The redactor of its secrets.
    pub redactor: &'a Redactor,
}

/// Runs check after check until the cause is settled, nothing more can tell, or [`MOST`] requests were
/// sent. `tell` sees the record whenever a check begins or ends.
pub async fn run(sender: &Sender<'_>, probe: &Probe, mut record: Record, tell: impl Fn(&Record)) -> Record {
    let proxied = sender.client.is_proxied(&probe.url);
    let shape = probe.credential_traits();
    let mut results: Vec<CheckResult> = Vec::new();
    let mut left = MOST - usize::from(record.twin.is_some());
    // Checks that were run before are run again: from the verdict that the record alone comes to.
    record.diagnosis = rules::diagnose_with(&record, &RuleInput { shape: shape.clone(), results: &[] });
    let before = record.diagnosis.as_ref().and_then(|diagnosis| diagnosis.verdicts.first()).map(Former::of);
    loop {
        let mut plan = plan(&record, probe, proxied, &results);
        plan.truncate(left);
        if plan.is_empty() {
            return record;
        }
        record.diagnosis.get_or_insert_default().checks.extend(plan.iter().map(pending));
        tell(&record);
        let result = sender.ask(plan.swap_remove(0), left).await;
        left = left.saturating_sub(if result.kind == CheckKind::RegionSweep { 1 } else { result.records.len() });
        results.push(result);
        let known = RuleInput { shape: shape.clone(), results: &results };
        record.diagnosis = rules::diagnose_with(&record, &known).map(|diagnosis| {
            let was = before.clone().filter(|before| before.is_another(&diagnosis));
            Diagnosis { was, ..diagnosis }
        });
    }
}

fn plan(record: &Record, probe: &Probe, proxied: bool, results: &[CheckResult]) -> Vec<PlannedCheck> {
    let diagnosis = record.diagnosis.clone().unwrap_or_default();
    checks::plan(Failed { record, probe, proxied, results }, &diagnosis)
}

/// The row of a check that waits for its answer.
fn pending(planned: &PlannedCheck) -> Check {
    Check {
        kind: planned.kind,
        changed: planned.change.clone(),
        outcome: CheckOutcome::Pending,
        succeeded: false,
        request_id: None,
        exchange: None,
    }
}

impl Sender<'_> {
    async fn ask(&self, planned: PlannedCheck, left: usize) -> CheckResult {
        let clients = self.clients(&planned, left).await;
        let mut requests = Vec::with_capacity(clients.len() * planned.probes.len());
        for client in clients {
            requests.extend(planned.probes.iter().map(|probe| (client.clone(), probe.clone())));
        }
        let sent = requests.into_iter().map(|(client, probe)| async move { self.send(&client, &probe).await });
        let records: Vec<Arc<Record>> = futures_util::stream::iter(sent).buffered(AT_ONCE).collect().await;
        let statuses: Vec<_> = records.iter().map(|record| record.status_code).collect();
        tracing::debug!(kind = planned.kind.as_str(), ?statuses, "checked");
        CheckResult { kind: planned.kind, change: planned.change, records }
    }

    async fn send(&self, client: &Client, probe: &Probe) -> Arc<Record> {
        let (sent, _) = send_once(client, probe, None).await;
        let mut cleaning = Cleaning::new(self.redactor);
        let exchanges = cleaning.exchanges(sent, &Signing::default());
        Arc::new(cleaning.record(classify::record(probe, exchanges, None, Signing::default())))
    }

    /// A client of another connection that keeps to the same rate.
    fn like(&self, connection: &Connection) -> Option<Client> {
        let mut client = Client::new(connection).ok()?;
        client.limiter.clone_from(&self.client.limiter);
        Some(client)
    }

    /// The clients that a check's requests go through: the failed request's own, one without a proxy,
    /// or one for each address. None where the way does not exist.
    async fn clients(&self, planned: &PlannedCheck, left: usize) -> Vec<Client> {
        let connection = self.client.connection.as_ref();
        match planned.route {
            CheckRoute::Same => vec![self.client.clone()],
            CheckRoute::Direct => {
                let direct = Connection { proxies: Proxies::default(), ..connection.clone() };
                self.like(&direct).into_iter().collect()
            }
            CheckRoute::EachAddress => {
                let addresses = addresses(planned, connection).await;
                let fixed = |address| self.like(&Connection { dns: DnsMode::Fixed(address), ..connection.clone() });
                addresses.into_iter().take(left.min(ADDRESSES)).filter_map(fixed).collect()
            }
        }
    }
}

/// The addresses of the host, where the system's resolver has more than one.
async fn addresses(planned: &PlannedCheck, connection: &Connection) -> Vec<SocketAddr> {
    let Some(url) = planned.probes.first().map(|probe| &probe.url) else { return Vec::new() };
    let (DnsMode::System, Some(host), Some(port)) = (&connection.dns, url.host_str(), url.port_or_known_default())
    else {
        return Vec::new();
    };
    let looked_up = tokio::time::timeout(connection.timeouts.connect, tokio::net::lookup_host((host, port))).await;
    let mut addresses: Vec<_> = looked_up.ok().and_then(Result::ok).map(Iterator::collect).unwrap_or_default();
    addresses.sort_unstable();
    addresses.dedup();
    if addresses.len() < 2 { Vec::new() } else { addresses }
}
