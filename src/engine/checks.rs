//! Runs the checks of one failure: asks `diagnosis` what is worth a request, sends it, and lets the
//! rules look again.

use std::net::SocketAddr;
use std::sync::Arc;

use futures_util::StreamExt;

use super::client::Client;
use super::redact::Redactor;
use super::send::send_once;
use crate::diagnosis::checks::{self, Answer, Failed, MOST, Planned, Way};
use crate::diagnosis::rules::{self, Known};
use crate::domain::check::CheckKind;
use crate::domain::classify::{self, Signing};
use crate::domain::probe::Probe;
use crate::domain::profile::{Connection, DnsMode, Proxies};
use crate::domain::record::Record;
use crate::domain::verdict::{Check, Diagnosis, Former};
use crate::i18n::Language;

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
pub async fn run(
    sender: &Sender<'_>,
    probe: &Probe,
    mut record: Record,
    language: Language,
    tell: impl Fn(&Record),
) -> Record {
    let proxied = sender.client.is_proxied(&probe.url);
    let shape = probe.credential_traits();
    let mut answers: Vec<Answer> = Vec::new();
    let mut left = MOST - usize::from(record.twin.is_some());
    // Checks that were run before are run again: from the verdict that the record alone comes to.
    record.diagnosis = rules::diagnose_with(&record, &Known { shape: shape.clone(), answers: &[] }, language);
    let before = record.diagnosis.as_ref().and_then(|diagnosis| diagnosis.verdicts.first()).map(Former::of);
    loop {
        let mut plan = plan(&record, probe, proxied, &answers, language);
        plan.truncate(left);
        if plan.is_empty() {
            return record;
        }
        record.diagnosis.get_or_insert_default().checks.extend(plan.iter().map(pending));
        tell(&record);
        let answer = sender.ask(plan.swap_remove(0), left).await;
        left = left.saturating_sub(if answer.kind == CheckKind::RegionSweep { 1 } else { answer.records.len() });
        answers.push(answer);
        let known = Known { shape: shape.clone(), answers: &answers };
        record.diagnosis = rules::diagnose_with(&record, &known, language).map(|diagnosis| {
            let was = before.clone().filter(|before| before.is_another(&diagnosis));
            Diagnosis { was, ..diagnosis }
        });
    }
}

fn plan(record: &Record, probe: &Probe, proxied: bool, asked: &[Answer], language: Language) -> Vec<Planned> {
    let diagnosis = record.diagnosis.clone().unwrap_or_default();
    checks::plan(Failed { record, probe, proxied, asked, language }, &diagnosis)
}

/// The row of a check that waits for its answer.
fn pending(planned: &Planned) -> Check {
    Check {
        kind: planned.kind,
        changed: planned.changed.clone(),
        outcome: "…".to_owned(),
        succeeded: false,
        request_id: None,
    }
}

impl Sender<'_> {
    async fn ask(&self, planned: Planned, left: usize) -> Answer {
        let clients = self.clients(&planned, left).await;
        let mut requests = Vec::with_capacity(clients.len() * planned.probes.len());
        for client in clients {
            requests.extend(planned.probes.iter().map(|probe| (client.clone(), probe.clone())));
        }
        let sent = requests.into_iter().map(|(client, probe)| async move { self.send(&client, &probe).await });
        let records = futures_util::stream::iter(sent).buffered(AT_ONCE).collect().await;
        Answer { kind: planned.kind, changed: planned.changed, records }
    }

    async fn send(&self, client: &Client, probe: &Probe) -> Arc<Record> {
        let (sent, _) = send_once(client, probe).await;
        let exchanges: Vec<_> = sent.into_iter().map(|exchange| self.redactor.exchange(exchange)).collect();
        Arc::new(self.redactor.record(classify::record(probe, &exchanges, None, Signing::default())))
    }

    /// A client of another connection that keeps to the same rate.
    fn like(&self, connection: &Connection) -> Option<Client> {
        let mut client = Client::new(connection).ok()?;
        client.limiter.clone_from(&self.client.limiter);
        Some(client)
    }

    /// The clients that a check's requests go through: the failed request's own, one without a proxy,
    /// or one for each address. None where the way does not exist.
    async fn clients(&self, planned: &Planned, left: usize) -> Vec<Client> {
        let connection = self.client.connection.as_ref();
        match planned.way {
            Way::Same => vec![self.client.clone()],
            Way::Direct => {
                let direct = Connection { proxies: Proxies::default(), ..connection.clone() };
                self.like(&direct).into_iter().collect()
            }
            Way::EachAddress => {
                let addresses = addresses(planned, connection).await;
                let fixed = |address| self.like(&Connection { dns: DnsMode::Fixed(address), ..connection.clone() });
                addresses.into_iter().take(left.min(ADDRESSES)).filter_map(fixed).collect()
            }
        }
    }
}

/// The addresses of the host, where the system's resolver has more than one.
async fn addresses(planned: &Planned, connection: &Connection) -> Vec<SocketAddr> {
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
