//! What recording costs: failures a second into the history by themselves, by size of transaction, and
//! a run of the program with history next to the same run without, in turn. Ratios are what counts.

use std::net::SocketAddr;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use cosdiag::domain::record::Record;
use cosdiag::sandbox::{Role, Sandbox, account};
use cosdiag::store::history::{History, HistoryConfig, Limits, Recorder, Search};

const RECORDS: u32 = 20_000;
const PROBES: u32 = 5000;
const ROUNDS: usize = 5;

/// A run of the program, all of whose probes fail.
fn probe(address: SocketAddr, file: &std::path::Path, count: u32, more: &[&str]) -> (Duration, Vec<u8>) {
    let credentials = account(Role::Owner);
    let mut command = Command::new(env!("CARGO_BIN_EXE_cosdiag"));
    command.args(["probe", "--scheme", "http", "--region", "ap-guangzhou", "--op", "get-object", "--format", "ndjson"]);
    command.arg("--connect-to").arg(address.to_string()).args(more);
    command.args((0..count).map(|key| format!("photos-1250000000/missing-{key}")));
    command.env("COSDIAG_HISTORY", file).env("COS_SECRET_ID", &credentials.id);
    command.env("COS_SECRET_KEY", credentials.expose_key()).stderr(Stdio::null());
    let begun = Instant::now();
    let output = command.output().expect("it runs");
    (begun.elapsed(), output.stdout)
}

fn a_second(count: u32, took: Duration) -> f64 {
    f64::from(count) / took.as_secs_f64()
}

#[expect(clippy::print_stdout, reason = "a bench reports")]
fn main() {
    let folder = tempfile::tempdir().expect("a folder");
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let sandbox = runtime.block_on(Sandbox::start(SocketAddr::from(([127, 0, 0, 1], 0)))).expect("a sandbox");
    let file = folder.path().join("runs.db");

    let (_, line) = probe(sandbox.addr(), &file, 1, &["--no-history"]);
    let one: Record = serde_json::from_slice(&line).expect("a record");
    println!("a record of {} bytes", line.len());
    for batch in [1, 32, 1024] {
        let place = HistoryConfig { file: folder.path().join(format!("{batch}.db")), limits: Limits::default() };
        let all: Vec<_> = (1..=RECORDS).map(|id| Arc::new(Record { id, ..one.clone() })).collect();
        let recorder = Recorder::start(place.clone(), |why| panic!("{why:?}")).expect("a thread");
        let begun = Instant::now();
        for part in all.chunks(batch) {
            assert!(runtime.block_on(recorder.append(part)));
        }
        let rate = a_second(RECORDS, begun.elapsed());
        drop(recorder);
        let history = History::open(&place.file).expect("opened").expect("there");
        let begun = Instant::now();
        let found = history.find(&Search::default()).expect("searched").len();
        println!("{batch} a transaction: {rate:.0} records/s; {found} searched in {:.1?}", begun.elapsed());
    }

    let (mut with, mut without) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        without.push(probe(sandbox.addr(), &file, PROBES, &["--no-history"]).0);
        with.push(probe(sandbox.addr(), &file, PROBES, &[]).0);
    }
    with.sort();
    without.sort();
    let rates = [without, with].map(|times| a_second(PROBES, times[ROUNDS / 2]));
    println!(
        "{PROBES} probes: {:.0}/s without history, {:.0}/s with; ratio {:.2}",
        rates[0],
        rates[1],
        rates[1] / rates[0]
    );
}
