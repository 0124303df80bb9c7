//! Key strings through the real loop, the real engine and the sandbox; only the terminal is a test's.
#![cfg(feature = "tui")]

use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use cosdiag::config::{self, Flags};
use cosdiag::domain::endpoint::Scheme;
use cosdiag::domain::record::Record;
use cosdiag::engine::{self, Client, Options};
use cosdiag::sandbox::{Role, Sandbox, account, scenario};
use cosdiag::store::history::{self, RunSummary, Runs};
use cosdiag::ui::clipboard::Place;
use cosdiag::ui::effect::Earlier;
use cosdiag::ui::terminal::Surface;
use cosdiag::ui::{FirstRun, Mode, OpenWorld, Preloaded, Session, Sources, Start, World};
use crossterm::event::{Event, KeyCode, KeyEvent, KeyModifiers};
use futures_util::StreamExt;
use ratatui::backend::TestBackend;
use ratatui::{Frame, Terminal};
use tokio::sync::{mpsc, watch};
use tokio_stream::wrappers::UnboundedReceiverStream;
use tokio_util::sync::CancellationToken;

struct Stage {
    terminal: Terminal<TestBackend>,
    frames: watch::Sender<String>,
}

impl Surface for Stage {
    fn draw(&mut self, view: impl FnOnce(&mut Frame<'_>)) -> io::Result<()> {
        self.terminal.draw(view).expect("a test backend draws");
        let _ = self.frames.send(self.terminal.backend().to_string());
        Ok(())
    }

    fn forget(&mut self) -> io::Result<()> {
        Ok(())
    }

    fn take_mouse(&mut self, _: bool) -> io::Result<()> {
        Ok(())
    }

    fn suspend(&mut self) -> io::Result<()> {
        Ok(())
    }

    fn resume(&mut self) -> io::Result<Option<(u16, u16)>> {
        Ok(Some((100, 30)))
    }
}

struct Person {
    keys: mpsc::UnboundedSender<Event>,
    frames: watch::Receiver<String>,
}

impl Person {
    fn type_keys(&self, keys: &str) {
        for key in keys.chars() {
            let code = match key {
                '⏎' => KeyCode::Enter,
                '⎋' => KeyCode::Esc,
                '⇥' => KeyCode::Tab,
                '⌫' => KeyCode::Backspace,
                other => KeyCode::Char(other),
            };
            self.keys.send(Event::Key(KeyEvent::new(code, KeyModifiers::NONE))).expect("the loop listens");
        }
    }

    async fn see(&mut self, text: &str) -> String {
        let waited = tokio::time::timeout(Duration::from_secs(20), self.frames.wait_for(|frame| frame.contains(text)));
        let seen = waited.await.ok().and_then(Result::ok).map(|frame| frame.clone());
        seen.unwrap_or_else(|| panic!("{text:?} never came; the screen is\n{}", self.frames.borrow().as_str()))
    }
}

fn world(name: &'static str) -> OpenWorld {
    Box::new(move || {
        Box::pin(async move {
            let sandbox = Sandbox::start(SocketAddr::from(([127, 0, 0, 1], 0))).await?;
            let profiles = scenario::profiles(&sandbox);
            let probes = scenario::probes(scenario::scenario(name).expect("a scenario"), &profiles).expect("probes");
            Ok(World { profiles, probes, targets: scenario::targets(), alive: Box::new(sandbox) })
        })
    })
}

fn start(flags: &Flags, scenario: &'static str, in_sandbox: bool) -> Start {
    let nowhere = |name: &str| (name == "COSDIAG_CONFIG").then(|| "/dev/null".to_owned());
    let settings = config::load(flags, &nowhere).expect("settings");
    // A terminal that knows no clipboard: what would be copied is shown instead.
    let place = Place { dumb: true, ..Place::default() };
    Start {
        settings,
        offers: Vec::new(),
        sandbox: world(scenario),
        in_sandbox,
        place,
        preloaded: None,
        history: None,
        sources: None,
        first_run: FirstRun::default(),
    }
}

async fn play<F: Future<Output = ()>>(scenario: &'static str, in_sandbox: bool, scene: impl FnOnce(Person) -> F) -> u8 {
    play_on(start(&Flags::default(), scenario, in_sandbox), scene).await
}

async fn play_on<F: Future<Output = ()>>(start: Start, scene: impl FnOnce(Person) -> F) -> u8 {
    let mut session = Session::new(start, false, (100, 30)).expect("a session");
    let (frames, seen) = watch::channel(String::new());
    let mut stage = Stage { terminal: Terminal::new(TestBackend::new(100, 30)).expect("a backend"), frames };
    let (keys, events) = mpsc::unbounded_channel();
    let input = UnboundedReceiverStream::new(events).map(Ok);
    let person = Person { keys, frames: seen };
    let (status, ()) = tokio::join!(session.run(&mut stage, input), scene(person));
    status.expect("the loop ends well")
}

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
    play("access", true, |mut person| async move {
        person.see("11 sent in").await;
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
        std::fs::read_to_string(&found[0]).expect("text")
    };
    let mut records = Vec::new();
    cosdiag::report::evidence::read(written("cosdiag").as_bytes(), |record| records.push(record)).expect("whole");
    let notes: Vec<_> = records.iter().filter_map(|record| record.note.as_deref()).collect();
    assert_eq!((records.len(), notes.as_slice()), (2, &["policy 7 denies [redacted] Authorization: [redacted]"][..]));
    let ticket = written("txt");
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
    let start = Start { preloaded: Some(preloaded), ..start(&Flags::default(), "healthy", false) };
    play_on(start, |mut person| async move {
        person.see("x stops").await;
        while let Some(record) = sent.recv().await {
            records.send(record).await.expect("it reads");
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

#[tokio::test(flavor = "multi_thread")]
async fn records_that_are_given_are_rows_and_one_of_them_is_sent_again_with_the_current_profile() {
    let sandbox = Sandbox::start(SocketAddr::from(([127, 0, 0, 1], 0))).await.expect("a sandbox");
    let profiles = scenario::profiles(&sandbox);
    for (anonymous, after) in [(false, "needs a profile"), (true, "▲12")] {
        let probes = scenario::probes(scenario::scenario("access").expect("a scenario"), &profiles).expect("probes");
        let client = Client::new(&profiles[0].connection).expect("a client");
        let records = engine::run(&client, probes, Options::default(), &CancellationToken::new());
        let mode = cosdiag::ui::Mode::History(cosdiag::ui::Found::default());
        let preloaded = cosdiag::ui::Preloaded { mode, records, read: None, annotate: None };
        let connect_to = Some(sandbox.addr());
        let flags = Flags { anonymous, connect_to, insecure: true, ..Flags::default() };
        let start = Start { preloaded: Some(preloaded), ..start(&flags, "healthy", false) };
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
    let in_sandbox = Start { history: history.clone(), ..start(&Flags::default(), "access", false) };
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
        let own = Start { history: history.clone(), ..start(&flags, "healthy", false) };
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
async fn a_filter_is_completed_narrowed_by_a_key_undone_and_the_detail_searched() {
    play("access", true, |mut person| async move {
        person.see("11 sent in").await;
        person.type_keys("/statsu");
        person.see("statsu is not a field; status?  Tab takes it").await;
        person.see("11 of 11 shown").await;
        person.type_keys("⇥");
        person.see(" / status:").await;
        person.type_keys("404⏎");
        person.see("/ status:404").await;
        person.type_keys("u");
        person.see("Undone: filter").await;
        person.see("Failures 11 ").await;
        person.type_keys("/code:=acc⇥⏎");
        person.see("/ code:=AccessDenied").await;
        person.type_keys("u*");
        person.see("Only code:").await;
        person.type_keys("⏎3/requestid");
        person.see("1 of 2").await;
        person.type_keys("⏎n");
        person.see("2 of 2").await;
        person.type_keys("⎋⎋q");
    })
    .await;
}

/// The history as the command line hands it in: failures that were sent before.
struct Given(Vec<Arc<Record>>);

impl Sources for Given {
    fn runs(&self) -> Result<Option<Runs>, String> {
        let time = self.0[0].time;
        let run = RunSummary { run: 1, failures: self.0.len(), times: (time, time), profiles: "owner".to_owned() };
        Ok(Some(Runs { failures: self.0.len(), latest: vec![run] }))
    }

    fn history(&self, asked: &Earlier) -> Result<Preloaded, String> {
        if asked.asked == "nothing" {
            return Err("no recorded failures match nothing".to_owned());
        }
        let (sender, records) = mpsc::channel(64);
        for record in &self.0 {
            sender.try_send(Arc::clone(record)).expect("room");
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
    let given = Given(vec![Arc::clone(only.expect("one of the scenario's"))]);
    let id = given.0[0].copied_id().expect("an id").to_owned();
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("access.log"), "").expect("written");
    let typed = format!("{}/", folder.path().display());
    let start = Start { sources: Some(Arc::new(given)), ..start(&Flags::default(), "healthy", true) };
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
        person.type_keys("q");
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
