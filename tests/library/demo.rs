//! The demo's failures, sent by the engine to the sandbox: each is what a person would see of COS.

use std::fmt::Write;
use std::net::SocketAddr;
use std::sync::Arc;

use cosdiag::domain::record::Record;
use cosdiag::engine::{self, Client, Options};
use cosdiag::sandbox::{Sandbox, scenario};
use jiff::Timestamp;
use tokio_util::sync::CancellationToken;

async fn records(name: &str) -> Vec<Arc<Record>> {
    let sandbox = Sandbox::start(SocketAddr::from(([127, 0, 0, 1], 0))).await.expect("a sandbox");
    let profiles = scenario::profiles(&sandbox);
    let mut probes = scenario::probes(scenario::scenario(name).expect("a scenario"), &profiles).expect("probes");
    for (id, probe) in (1..).zip(&mut probes) {
        probe.id = id;
    }
    let client = Client::new(&profiles[0].connection).expect("a client");
    let mut received = engine::run(&client, probes, Options::default(), &CancellationToken::new());
    let mut records = Vec::new();
    while received.recv_many(&mut records, 100).await > 0 {}
    records.sort_by_key(|record| record.id);
    records
}

#[tokio::test(flavor = "multi_thread")]
async fn every_row_of_the_tour() {
    let mut lines = String::new();
    for record in records("tour").await {
        let status = record.status_code.map_or_else(|| "-".to_owned(), |status| status.to_string());
        let id = if record.copied_id().is_some() { "id" } else { "no id" };
        let outcome = serde_json::json!([record.outcome, record.exception, record.code_from, record.answered_by]);
        let remark = record.remarks.first().map(|remark| format!(" ({remark})")).unwrap_or_default();
        let _ = writeln!(
            lines,
            "{:<26} {status:>3} {} | {} | {id} {outcome}{remark}",
            record.target(),
            record.shown_code(),
            record.error.message.as_deref().unwrap_or("-").escape_debug(),
        );
    }
    let day = regex::Regex::new(r"\d{4}-\d{2}-\d{2}").expect("a pattern");
    insta::assert_snapshot!(day.replace_all(&lines, "[day]"));
}

/// Rows by time stand in the plan's order, however many requests are under way at once.
#[tokio::test(flavor = "multi_thread")]
async fn the_order_is_the_same_at_each_start() {
    let records = records("tour").await;
    // Some are signed by a clock that is wrong.
    let is_right = |time: &Timestamp| (time.as_second() - records[1].time.as_second()).abs() < 600;
    let times: Vec<_> = records.iter().map(|record| record.time).filter(is_right).collect();
    assert!(times.len() > 30 && times.is_sorted(), "{times:?}");
}
