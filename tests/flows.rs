//! Key strings through the real loop, the real engine and the sandbox; only the terminal is a test's.
#![cfg(feature = "tui")]

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use cosdiag::config::{self, Flags};
use cosdiag::sandbox::{Sandbox, scenario};
use cosdiag::ui::clipboard::Place;
use cosdiag::ui::terminal::Surface;
use cosdiag::ui::{OpenWorld, Session, Start, World};
use crossterm::event::{Event, KeyCode, KeyEvent, KeyModifiers};
use futures_util::StreamExt;
use ratatui::backend::TestBackend;
use ratatui::{Frame, Terminal};
use tokio::sync::{mpsc, watch};
use tokio_stream::wrappers::UnboundedReceiverStream;

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

    fn suspend(&mut self) -> io::Result<(u16, u16)> {
        Ok((100, 30))
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

async fn play<F: Future<Output = ()>>(scenario: &'static str, in_sandbox: bool, scene: impl FnOnce(Person) -> F) -> u8 {
    let nowhere = |name: &str| (name == "COSDIAG_CONFIG").then(|| "/dev/null".to_owned());
    let settings = config::load(&Flags::default(), &nowhere).expect("settings");
    let profiles = vec![settings.profile.clone()];
    // A terminal that knows no clipboard: what would be copied is shown instead.
    let place = Place { dumb: true, ..Place::default() };
    let start = Start { settings, profiles, sandbox: world(scenario), in_sandbox, feed: None, place };
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
        person.see("no account needed").await;
        person.type_keys("⏎");
        person.see("11 failed  0 ok  in").await;
        person.type_keys("/SignatureDoes⏎");
        let screen = person.see("─ Failures 1 ").await;
        let id = screen.lines().find(|line| line.contains("RequestId  Nm")).expect("the detail's id");
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
async fn probing_by_hand_sorting_and_running_again() {
    let status = play("healthy", true, |mut person| async move {
        person.see("Nothing failed: 5 ok.").await;
        person.type_keys("p");
        person.see("2 requests, read-only: head-bucket, get-bucket").await;
        person.type_keys("/missing.txt⇥⌫⌫⌫⌫⌫object");
        person.see("4 requests, read-only: head-object").await;
        person.type_keys("⏎");
        let screen = person.see("4 failed  5 ok").await;
        assert!(screen.contains("NoSuchKey"), "{screen}");
        person.type_keys("r");
        person.see("5 failed  5 ok").await;
        person.type_keys("so");
        person.see("operation ↑").await;
        person.type_keys("R");
        person.see("Send 5 requests again?").await;
        person.type_keys("n");
        person.type_keys("a");
        person.see("─ All 10 ").await;
        person.type_keys("p");
        person.see("─ Probe ").await;
        person.type_keys("://x");
        person.see("is no target").await;
        person.type_keys("⎋⎋q");
    })
    .await;
    assert_eq!(status, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_can_be_cancelled_and_what_is_done_stays() {
    play("network", true, |mut person| async move {
        person.see("ENOTFOUND").await;
        person.type_keys("x");
        let screen = person.see("cancelled at").await;
        assert!(screen.contains("ENOTFOUND"), "{screen}");
        person.type_keys("q");
    })
    .await;
}
