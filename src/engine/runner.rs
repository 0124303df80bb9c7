//! Runs a plan: several probes at once, each with its retries and its GET twin.

use std::pin::pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use super::checks::{self, Sender};
use super::client::Client;
use super::plan::Plan;
use super::redact::{Cleaning, Redactor};
use super::send::send_once;
use crate::diagnosis::rules::{self, RuleInput};
use crate::domain::classify::{self, Signing};
use crate::domain::probe::Probe;
use crate::domain::record::Record;

/// Records that may wait for their reader; then the workers wait too, so that memory stays flat.
const QUEUE: usize = 1024;

/// How a plan is run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// Probes in flight at once.
    pub concurrency: usize,
    /// Further attempts after a transient failure. 0 keeps the first answer, which is what is
    /// diagnosed.
    pub retries: u32,
    /// Run the checks on every failure.
    pub diagnose: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self { concurrency: 32, retries: 0, diagnose: false }
    }
}

/// Runs the probes. The records come as they are made; the channel closes after the last one, or
/// soon after `cancel`, which drops what is in flight. Must be called inside a tokio runtime.
#[must_use]
pub fn run(
    client: &Client,
    plan: impl Into<Plan>,
    options: Options,
    cancel: &CancellationToken,
) -> mpsc::Receiver<Arc<Record>> {
    let Plan { probes, facts } = plan.into();
    let (records, received) = mpsc::channel(QUEUE);
    let redactor = Arc::new(Redactor::with_secrets(&facts.secrets, &client.connection.proxies));
    // What is written must be there before it is deleted.
    let workers = if facts.writes { 1 } else { options.concurrency.clamp(1, facts.count.max(1)) };
    let plan = Arc::new(Mutex::new(probes));
    for _ in 0..workers {
        let (plan, records, cancel) = (Arc::clone(&plan), records.clone(), cancel.clone());
        let (client, redactor) = (client.clone(), Arc::clone(&redactor));
        tokio::spawn(async move {
            let mut cancelled = pin!(cancel.cancelled());
            loop {
                // The time is taken with the probe, so that rows by time stand in the plan's order. A paced
                // request begins later, when it is its turn.
                let next = {
                    let mut plan = plan.lock().unwrap_or_else(PoisonError::into_inner);
                    plan.next().map(|probe| (probe, client.limiter.is_none().then(Timestamp::now)))
                };
                let Some((probe, begun)) = next else { break };
                let record = tokio::select! {
                    biased;
                    () = &mut cancelled => break,
                    record = probe_once(&client, &probe, begun, options, &redactor) => record,
                };
                if records.send(Arc::new(record)).await.is_err() {
                    break;
                }
            }
        });
    }
    received
}

async fn probe_once(
    client: &Client,
    probe: &Probe,
    begun: Option<Timestamp>,
    options: Options,
    redactor: &Redactor,
) -> Record {
    let mut cleaning = Cleaning::new(redactor);
    let mut exchanges = Vec::with_capacity(1);
    let mut signing = Signing::default();
    for retry in 0..=options.retries {
        if retry > 0 {
            tokio::time::sleep(backoff(retry)).await;
        }
        let (sent, signed) = send_once(client, probe, begun.filter(|_| retry == 0)).await;
        signing = signed;
        exchanges.extend(cleaning.exchanges(sent, &signing));
        if !exchanges.last().is_some_and(classify::is_transient) {
            break;
        }
    }
    let answered_badly = || {
        exchanges
            .last()
            .is_some_and(|last| last.response.is_some() && last.exception.is_none() && classify::is_open(probe, last))
    };
    let twin = match probe.get_twin().filter(|_| answered_badly()) {
        Some(twin) => Some(send_once(client, &twin, None).await),
        None => None,
    };
    let (twins, twin_signing) = twin.unwrap_or_default();
    let twins = cleaning.exchanges(twins, &twin_signing);
    let tries = exchanges.len();
    let mut record = classify::record(probe, exchanges, twins.last(), signing);
    if let Some(twin) = &mut record.twin {
        (twin.canonical_request, twin.string_to_sign) = (twin_signing.canonical_request, twin_signing.string_to_sign);
    }
    let mut record = cleaning.record(record);
    if let [stale, _] = twins.as_slice() {
        // The last two attempts are the record's own and the twin that counts.
        record.attempts.insert(tries - 1, classify::attempt(stale, probe.dialect));
    }
    record.via = client.via(probe);
    let known = RuleInput { shape: probe.credential_traits(), results: &[] };
    record.diagnosis = rules::diagnose_with(&record, &known);
    log(&record);
    if options.diagnose {
        let sender = Sender { client, redactor };
        return checks::run(&sender, probe, record, |_| ()).await;
    }
    record
}

/// One line of the log, of what is redacted already.
fn log(record: &Record) {
    let verdict = record.diagnosis.as_ref().and_then(|diagnosis| diagnosis.verdicts.first());
    tracing::debug!(
        id = record.id,
        method = record.method,
        url = ?record.url,
        status = record.status_code,
        code = ?record.error.code,
        request_id = ?record.request_id.as_ref().map(|id| &id.value),
        ms = record.timing.total_ms,
        cause = verdict.map(|verdict| verdict.cause.as_str()),
        "sent"
    );
}

/// Runs the checks on one failure. Its record comes again with each answer, the truth table longer and
/// the verdicts anew; the channel closes after the last. `cancel` drops what is in flight. Must be
/// called inside a tokio runtime.
#[must_use]
pub fn check(
    client: &Client,
    probe: Probe,
    record: Arc<Record>,
    cancel: &CancellationToken,
) -> mpsc::Receiver<Arc<Record>> {
    let (records, received) = mpsc::channel(QUEUE);
    let redactor = Redactor::for_plan(std::slice::from_ref(&probe), &client.connection.proxies);
    let (client, cancel) = (client.clone(), cancel.clone());
    tokio::spawn(async move {
        let sender = Sender { client: &client, redactor: &redactor };
        // The queue is longer than the checks of one failure: nothing is lost in it.
        let tell = |record: &Record| drop(records.try_send(Arc::new(record.clone())));
        tokio::select! {
            biased;
            () = cancel.cancelled() => {}
            record = checks::run(&sender, &probe, Record::clone(&record), tell) => {
                drop(records.try_send(Arc::new(record)));
            }
        }
    });
    received
}

/// 0.2 s, 0.4 s, … up to 6.4 s.
fn backoff(retry: u32) -> Duration {
    Duration::from_millis(100 << retry.min(6))
}
