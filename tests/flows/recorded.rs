//! Rows that were not sent just now: given, recorded, imported, watched.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use cosdiag::config::Flags;
use cosdiag::domain::endpoint::Scheme;
use cosdiag::domain::record::Record;
use cosdiag::engine::{self, Client, Options};
use cosdiag::sandbox::{Sandbox, scenario};
use cosdiag::store::history::{self, RunSummary, Runs};
use cosdiag::ui::effect::Earlier;
use cosdiag::ui::{Mode, Preloaded, Sources, StartOptions};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use crate::{play, play_on, start};

/// The history as the command line hands it in: failures that were sent before.
struct Given(Vec<Arc<Record>>);

impl Sources for Given {
    fn runs(&self) -> Result<Option<Runs>, String> {
        let time = self.0[0].time;
        let run = RunSummary { run: 1, failures: self.0.len(), times: (time, time), profiles: "owner".to_owned() };
        Ok(Some(Runs { failures: self.0.len(), latest: vec![run] }))
    }

    fn latest(&self) -> Result<Vec<Record>, String> {
        Ok(self.0.iter().rev().map(|record| Record::clone(record)).collect())
    }

    fn history(&self, asked: &Earlier) -> Result<Preloaded, String> {
        if asked.asked == "nothing" {
            return Err("no recorded failures match nothing".to_owned());
        }
        let (sender, records) = mpsc::channel(64);
        for record in &self.0 {
            sender.try_send(Arc::clone(record).into()).expect("room");
        }
        let mode = Mode::History(cosdiag::ui::Found { all: self.0.len(), since: None });
        Ok(Preloaded { mode, records, read: None, annotate: None })
    }

    fn files(&self, files: &[PathBuf]) -> Result<Preloaded, String> {
        let names = files.iter().map(|file| file.display().to_string()).collect();
        let mode = Mode::Import(cosdiag::ui::Files { names, read: None });
        Ok(Preloaded { mode, ..self.history(&Earlier::default())? })
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn records_that_are_given_are_rows_and_one_of_them_is_sent_again_with_the_current_profile() {
    let sandbox = Sandbox::start(SocketAddr::from(([127, 0, 0, 1], 0))).await.expect("a sandbox");
    let profiles = scenario::profiles(&sandbox);
    for (anonymous, after) in [(false, "needs a profile"), (true, "▲12")] {
        let probes = scenario::probes(scenario::scenario("access").expect("a scenario"), &profiles).expect("probes");
        let client = Client::new(&profiles[0].connection).expect("a client");
        let mut sent = engine::run(&client, probes, Options::default(), &CancellationToken::new());
        let (sender, records) = mpsc::channel(64);
        while let Some(record) = sent.recv().await {
            sender.try_send(record.into()).expect("room");
        }
        drop(sender);
        let mode = cosdiag::ui::Mode::History(cosdiag::ui::Found::default());
        let preloaded = cosdiag::ui::Preloaded { mode, records, read: None, annotate: None };
        let connect_to = Some(sandbox.addr());
        let flags = Flags { anonymous, connect_to, insecure: true, ..Flags::default() };
        let start = StartOptions { preloaded: Some(preloaded), ..start(&flags, "healthy", false) };
        play_on(start, |mut person| async move {
            person.see("11 failures").await;
            person.type_keys("R");
            person.see("Send 11 requests again?").await;
            person.type_keys("y");
            person.see("r sends one").await;
            person.type_keys("/SignatureDoes⏎");
            person.see("y copy ").await;
            person.type_keys("r");
            person.see(after).await;
            person.type_keys("q");
        })
        .await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn failures_are_recorded_but_not_those_of_the_sandbox_and_what_is_in_the_way_is_said() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("history.db");
    let history = Some(history::HistoryConfig { file: file.clone(), limits: history::Limits::default() });
    let in_sandbox = StartOptions { history: history.clone(), ..start(&Flags::default(), "access", false) };
    play_on(in_sandbox, |mut person| async move {
        person.see("a COS look-alike inside this program").await;
        person.type_keys("⏎");
        let screen = person.see("11 sent in").await;
        assert!(!screen.contains("saved"), "{screen}");
        person.type_keys("q");
    })
    .await;
    assert!(!file.exists());

    let sandbox = Sandbox::start(SocketAddr::from(([127, 0, 0, 1], 0))).await.expect("a sandbox");
    let connect_to = Some(sandbox.addr());
    let (scheme, region) = (Some(Scheme::Http), Some("ap-guangzhou".to_owned()));
    let flags = Flags { anonymous: true, connect_to, scheme, region, ..Flags::default() };
    for (prepared, said) in [(false, "2 sent in"), (true, "not a valid history database")] {
        if prepared {
            std::fs::write(&file, "no database, but as long as its head would be".repeat(20)).expect("written");
        }
        let own = StartOptions { history: history.clone(), ..start(&flags, "healthy", false) };
        play_on(own, |mut person| async move {
            person.see("Nothing has been sent yet").await;
            person.type_keys("pphotos-1250000000⏎");
            person.see(said).await;
            if prepared {
                // Any key takes the words away; what they say stays in the first line.
                person.type_keys(" ");
                person.see("? help").await;
            }
            person.see(if prepared { "not saved" } else { "2 saved" }).await;
            person.see("2 sent in").await;
            person.type_keys("q");
        })
        .await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_history_and_a_file_are_opened_from_inside_and_left_again() {
    let sandbox = Sandbox::start(SocketAddr::from(([127, 0, 0, 1], 0))).await.expect("a sandbox");
    let profiles = scenario::profiles(&sandbox);
    let probes = scenario::probes(scenario::scenario("access").expect("a scenario"), &profiles).expect("probes");
    let client = Client::new(&profiles[0].connection).expect("a client");
    let mut records = engine::run(&client, probes, Options::default(), &CancellationToken::new());
    let mut given = Vec::new();
    while let Some(record) = records.recv().await {
        given.push(record);
    }
    let only = given.iter().find(|record| record.error.code.as_deref() == Some("SignatureDoesNotMatch"));
    let key = Some("only/recorded.txt".to_owned());
    let given = Given(vec![Arc::new(Record { key, ..Record::clone(only.expect("one of the scenario's")) })]);
    let id = given.0[0].copied_id().expect("an id").to_owned();
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("access.log"), "").expect("written");
    let typed = format!("{}/", folder.path().display());
    let start = StartOptions { sources: Some(Arc::new(given)), ..start(&Flags::default(), "healthy", true) };
    play_on(start, |mut person| async move {
        person.see("Nothing failed: 5 of 5 ok").await;
        person.type_keys("H");
        person.see("Earlier failures").await;
        person.type_keys("1");
        person.see("HISTORY").await;
        person.see("SignatureDoesNotMatch").await;
        // Its detail is its own, not that of the row of this number that was sent from here.
        person.see(&id).await;
        person.type_keys("⎋");
        person.see("SANDBOX").await;
        person.see("Nothing failed: 5 of 5 ok").await;
        person.type_keys(":history nothing⏎");
        person.see("no recorded failures match nothing").await;
        person.type_keys("I");
        person.type_keys(&typed);
        person.see("access.log").await;
        person.type_keys("acc⇥⏎");
        person.see("IMPORT").await;
        person.see("Failures 1 ").await;
        person.type_keys("⎋a");
        person.see("Requests 5 ").await;
        // Its requests can be sent again, also those of other sessions.
        person.type_keys("p⌃ronly/rec");
        person.see("photos-1250000000/only/recorded.txt").await;
        person.type_keys("⏎");
        person.see("Region").await;
        person.type_keys("⎋q");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_watch_tells_what_changes_until_it_is_stopped() {
    play("healthy", true, |mut person| async move {
        person.see("Nothing failed: 5 of 5 ok").await;
        person.type_keys("p");
        person.see("Send requests").await;
        person.type_keys("flaky-1250000000⇥get-bucket⏎");
        person.see("1 sent in").await;
        person.type_keys("w1");
        person.see("every 1 s").await;
        person.type_keys("a");
        person.see("↻ 1 request every 1 s").await;
        person.see("503 -> 200").await;
        person.type_keys("x");
        person.see("Watch stopped").await;
        person.type_keys("q");
    })
    .await;
}
