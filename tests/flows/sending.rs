//! From nothing to a RequestId: probing, pasting, cancelling, checking.

use std::net::SocketAddr;
use std::time::Duration;

use cosdiag::config::{self, Flags};
use cosdiag::engine::{self, Client, Options};
use cosdiag::sandbox::{Role, Sandbox, account, scenario};
use cosdiag::ui::StartOptions;
use crossterm::event::Event;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use crate::{play, play_on, start};

#[tokio::test(flavor = "multi_thread")]
async fn from_nothing_to_a_request_id() {
    let status = play("access", false, |mut person| async move {
        person.see("a COS look-alike inside this program").await;
        person.type_keys("⏎");
        person.see("11 sent in").await;
        person.type_keys("/SignatureDoes⏎");
        let screen = person.see("Failures 1 ").await;
        let id = screen.lines().find(|line| line.contains("y copy ")).expect("the detail's id");
        let id = id.split_whitespace().find(|word| word.starts_with("Nm")).expect("an id").to_owned();
        person.type_keys("y");
        let shown = person.see("to select:").await;
        assert!(shown.contains(&format!("\"{id}")), "the id alone on its line:\n{shown}");
        person.type_keys("⎋q");
    })
    .await;
    assert_eq!(status, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_note_a_ticket_and_an_evidence_file_of_marked_rows() {
    let folder = tempfile::tempdir().expect("a folder");
    // The screen writes where it was started; no other test of this file looks at that.
    std::env::set_current_dir(folder.path()).expect("a folder to be in");
    let written = |ending: &str| {
        let files = std::fs::read_dir(folder.path()).expect("a folder").map(|file| file.expect("a file").path());
        let found: Vec<_> = files.filter(|path| path.extension().is_some_and(|found| found == ending)).collect();
        assert_eq!(found.len(), 1, "{found:?}");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = found[0].metadata().expect("a file").permissions().mode() & 0o777;
            assert_eq!(mode, 0o600, "{found:?}");
        }
        (std::fs::read_to_string(&found[0]).expect("text"), found[0].clone())
    };
    let file = folder.path().join("config.toml");
    std::fs::write(&file, "[keys]\nrerun = [\"F5\"]\nopen-tool = []\n").expect("a file");
    let named = |name: &str| (name == "COSDIAG_CONFIG").then(|| file.display().to_string());
    let settings = config::load(&Flags::default(), &named).expect("settings");
    let start = StartOptions { settings, ..start(&Flags::default(), "access", true) };
    let of_one = &written;
    play_on(start, |mut person| async move {
        person.see("11 sent in").await;
        person.type_keys("YT");
        person.see("Support ticket in cosdiag-").await;
        let (ticket, path) = of_one("txt");
        for part in ["and say how many failed (on the screen: F5)\n", "as a note (on the screen: e)\n"] {
            assert!(ticket.contains(part), "the keys of the configuration: {part}{ticket}");
        }
        std::fs::remove_file(path).expect("removed");
        person.type_keys("/cause:clock⏎");
        person.see("Failures 2 ").await;
        person.type_keys("e");
        person.see("Note on ").await;
        let key = account(Role::Owner).expose_key().to_owned();
        person.type_keys(&format!("policy 7 denies {key} Authorization: q-sign-algorithm=sha1⏎"));
        person.see("Note saved").await;
        person.type_keys("M");
        person.see("2 marked").await;
        person.type_keys("YE");
        person.see("2 records in cosdiag-").await;
        person.type_keys("YT");
        person.see("Support ticket in cosdiag-").await;
        person.type_keys("cc");
        person.see(" groups ").await;
        person.type_keys("⏎");
        person.see("▸ ").await;
        person.type_keys("⎋");
        person.see(" groups ").await;
        person.type_keys("q");
    })
    .await;
    let mut records = Vec::new();
    cosdiag::report::evidence::read(written("cosdiag").0.as_bytes(), |record| records.push(record)).expect("whole");
    let notes: Vec<_> = records.iter().filter_map(|record| record.note.as_deref()).collect();
    assert_eq!((records.len(), notes.as_slice()), (2, &["policy 7 denies [redacted] Authorization: [redacted]"][..]));
    let (ticket, _) = written("txt");
    assert!(ticket.contains("2 of 2 requests failed") && ticket.contains("policy 7 denies"), "{ticket}");
}

#[tokio::test(flavor = "multi_thread")]
async fn probing_by_hand_sorting_and_running_again() {
    let status = play("healthy", true, |mut person| async move {
        person.see("Nothing failed: 5 of 5 ok").await;
        person.type_keys("p");
        person.see("2 requests, read-only: head-bucket, get-bucket").await;
        person.type_keys("photos-1250000000/none.txt⇥object");
        person.see("4 requests, read-only: head-object").await;
        person.type_keys("⏎");
        let screen = person.see("4 sent in").await;
        assert!(screen.contains("NoSuchKey"), "{screen}");
        person.type_keys("r");
        person.see("Failures 5 ").await;
        person.type_keys("so");
        person.see("operation ↑").await;
        person.type_keys("R");
        person.see("Send 5 requests again?").await;
        person.type_keys("e");
        person.type_keys("a");
        person.see("Requests 10 ").await;
        person.type_keys("p");
        person.see("Send requests").await;
        person.type_keys("://x");
        person.see("unknown scheme").await;
        person.type_keys("⎋⎋q");
    })
    .await;
    assert_eq!(status, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn several_targets_a_region_and_the_same_changed_and_sent_again() {
    let folder = tempfile::tempdir().expect("a folder");
    let list = folder.path().join("targets.txt");
    std::fs::write(&list, "# two\nphotos-1250000000\nphotos-1250000000/2024/missing.txt\n").expect("a file");
    let status = play("healthy", true, |mut person| async move {
        person.see("Nothing failed: 5 of 5 ok").await;
        person.type_keys("pphotos-1250000000/2024/missing.txt backup-1250000000⇥head-object⇥ap-guangzhou");
        person.see("head-object needs a key").await;
        person.type_keys("⇥⇥⇥head-bucket⏎");
        let screen = person.see("2 sent in").await;
        assert!(screen.contains("backup-1250000000"), "{screen}");
        // The bucket is in another region: the row is opened, the region changed, and it is there.
        person.type_keys("E");
        let screen = person.see("1 request, read-only: head-bucket").await;
        assert!(screen.contains("Targets  backup-1250000000") && screen.contains("Region   ap-guangzhou"), "{screen}");
        person.type_keys("⇥⇥ap-shanghai⏎");
        person.see("1 sent in").await;
        person.type_keys(&format!("p@{}⇥object⏎", list.display()));
        person.see("4 sent in").await;
        person.type_keys("pcos://*⇥head-bucket");
        person.see("Asks for the list of buckets").await;
        person.type_keys("⏎");
        let went_out = person.frames.wait_for(|frame| !frame.contains("Send requests") && frame.contains("sent in"));
        let went_out = tokio::time::timeout(Duration::from_secs(20), went_out).await;
        let screen = went_out.expect("it goes out").expect("the loop runs").clone();
        assert!(!screen.contains("✓ 0 sent in") && !screen.contains("✓ 4 sent in"), "{screen}");
        person.type_keys("p://x⏎");
        person.see("unknown scheme").await;
        person.type_keys("⎋q");
    })
    .await;
    assert_eq!(status, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pasted_error_is_a_row_and_prose_is_none() {
    let document = "<Error><Code>NoSuchBucket</Code><Message>The specified bucket does not exist.</Message>\
        <Resource>gone-1250000000.cos.ap-guangzhou.myqcloud.com/</Resource>\
        <RequestId>NmFha2VfZmFrZV9mYWtlX2Zha2VfZmFrZQ==</RequestId></Error>";
    let key = account(Role::Owner).expose_key().to_owned();
    play("healthy", true, |mut person| async move {
        let paste = |text: String| Event::Paste(text);
        person.see("Nothing failed: 5 of 5 ok").await;
        person.keys.send(paste("Dear colleague, it does not work again.".to_owned())).expect("the loop listens");
        let screen = person.see("No error found in the 39 pasted bytes").await;
        assert!(screen.contains("Nothing failed: 5 of 5 ok"), "no row is made of prose:\n{screen}");
        person.keys.send(paste(format!("secret: {key}\n{document}"))).expect("the loop listens");
        let screen = person.see("Pasted: 1 row, nothing was sent").await;
        assert!(screen.contains("NoSuchBucket") && screen.contains("Failures 1 "), "{screen}");
        // Its probe is nobody's: it is not sent again as some other row's.
        person.type_keys("d");
        person.see("This row was imported").await;
        person.type_keys("r");
        person.see("cannot be sent again").await;
        person.type_keys("Yj");
        let screen = person.see("to select:").await;
        assert!(screen.contains("cosdiag.failure/1") && !screen.contains(&key), "{screen}");
        // In a field a paste is typed text.
        person.type_keys("⎋p");
        person.see("Send requests").await;
        person.keys.send(paste("photos-1250000000\nbackup-1250000000\n".to_owned())).expect("the loop listens");
        person.see("head-bucket, get-bucket on 2 buckets").await;
        person.type_keys("⎋");
        // A long one does not stand in anybody's way.
        person.keys.send(paste("nothing here\n".repeat(800_000))).expect("the loop listens");
        person.type_keys("?");
        person.see("Copy the RequestId").await;
        person.type_keys("⎋");
        person.see("No error found in the 10400000 pasted bytes").await;
        person.type_keys("q");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_can_be_cancelled_and_what_is_done_stays() {
    play("network", true, |mut person| async move {
        person.see("ENOTFOUND").await;
        person.type_keys("x");
        let screen = person.see("stopped at").await;
        assert!(screen.contains("ENOTFOUND"), "{screen}");
        person.type_keys("q");
    })
    .await;
}

/// The files are a pipe that never ends: rows come, the end does not.
#[tokio::test(flavor = "multi_thread")]
async fn reading_can_be_stopped_and_what_was_read_stays() {
    let sandbox = Sandbox::start(SocketAddr::from(([127, 0, 0, 1], 0))).await.expect("a sandbox");
    let profiles = scenario::profiles(&sandbox);
    let probes = scenario::probes(scenario::scenario("access").expect("a scenario"), &profiles).expect("probes");
    let client = Client::new(&profiles[0].connection).expect("a client");
    let mut sent = engine::run(&client, probes, Options::default(), &CancellationToken::new());
    let (records, received) = mpsc::channel(64);
    let (said, totals) = tokio::sync::oneshot::channel::<cosdiag::ui::Read>();
    let mode = cosdiag::ui::Mode::Import(cosdiag::ui::Files::default());
    let preloaded = cosdiag::ui::Preloaded { mode, records: received, read: Some(totals), annotate: None };
    let start = StartOptions { preloaded: Some(preloaded), ..start(&Flags::default(), "healthy", false) };
    play_on(start, |mut person| async move {
        person.see("x stops").await;
        while let Some(record) = sent.recv().await {
            records.send(record.into()).await.expect("it reads");
        }
        person.see("Failures 11 ").await;
        person.type_keys("x");
        let screen = person.see("Stopped; what was read is kept").await;
        assert!(screen.contains("Failures 11 "), "{screen}");
        records.closed().await;
        person.type_keys("x");
        let screen = person.see("Nothing is being sent").await;
        assert!(screen.contains("Failures 11 ") && !screen.contains("x stops"), "{screen}");
        drop(said);
        person.type_keys("q");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn checks_turn_possible_into_certain_and_can_be_cancelled() {
    play("tour", true, |mut person| async move {
        person.see("43 sent in").await;
        person.type_keys("/NoSuchBucket⏎");
        person.see("The bucket does not exist in this region.").await;
        person.type_keys("d");
        person.see("1 check: bucket-wrong-region, certain").await;
        let screen = person.see("The bucket is in ap-shanghai.").await;
        person.type_keys("⏎⏎");
        person.see("<ListAllMyBucketsResult").await;
        person.type_keys("⎋");
        assert!(screen.contains("✓ ") && screen.contains("ap-shanghai"), "{screen}");
        person.type_keys("⎋/stall⏎");
        person.see("no response arrived").await;
        person.type_keys("d");
        person.see("… the backup domain").await;
        person.type_keys("x");
        let screen = person.see("response-timeout, certain").await;
        assert!(!screen.contains("… the backup domain"), "{screen}");
        person.type_keys("⎋/SlowDown⏎");
        person.see("The store limits the request rate.").await;
        person.type_keys("d");
        person.see("Nothing more to check: throttled, certain").await;
        person.type_keys("q");
    })
    .await;
}
