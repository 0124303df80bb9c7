//! Key strings through the real loop, the real engine and the sandbox; only the terminal is a test's.
#![cfg(feature = "tui")]

mod recorded;
mod sending;
mod table;

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use cosdiag::config::{self, Flags};
use cosdiag::sandbox::{Sandbox, scenario};
use cosdiag::ui::clipboard::ClipboardEnv;
use cosdiag::ui::terminal::Surface;
use cosdiag::ui::{FirstRun, SandboxFactory, SandboxSession, Session, StartOptions};
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

    fn invalidate(&mut self) -> io::Result<()> {
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
        let mut keys = keys.chars();
        while let Some(mut key) = keys.next() {
            let mut modifiers = KeyModifiers::NONE;
            if key == '⌃' {
                (key, modifiers) = (keys.next().expect("a key"), KeyModifiers::CONTROL);
            }
            let code = match key {
                '⏎' => KeyCode::Enter,
                '⎋' => KeyCode::Esc,
                '⇥' => KeyCode::Tab,
                '⌫' => KeyCode::Backspace,
                other => KeyCode::Char(other),
            };
            self.keys.send(Event::Key(KeyEvent::new(code, modifiers))).expect("the loop listens");
        }
    }

    async fn see(&mut self, text: &str) -> String {
        let waited = tokio::time::timeout(Duration::from_secs(20), self.frames.wait_for(|frame| frame.contains(text)));
        let seen = waited.await.ok().and_then(Result::ok).map(|frame| frame.clone());
        seen.unwrap_or_else(|| panic!("{text:?} never came; the screen is\n{}", self.frames.borrow().as_str()))
    }
}

fn world(name: &'static str) -> SandboxFactory {
    Box::new(move || {
        Box::pin(async move {
            let sandbox = Sandbox::start(SocketAddr::from(([127, 0, 0, 1], 0))).await?;
            let profiles = scenario::profiles(&sandbox);
            let probes = scenario::probes(scenario::scenario(name).expect("a scenario"), &profiles).expect("probes");
            Ok(SandboxSession { profiles, probes, targets: scenario::targets(), alive: Box::new(sandbox) })
        })
    })
}

fn start(flags: &Flags, scenario: &'static str, in_sandbox: bool) -> StartOptions {
    let nowhere = |name: &str| (name == "COSDIAG_CONFIG").then(|| "/dev/null".to_owned());
    let settings = config::load(flags, &nowhere).expect("settings");
    // A terminal that knows no clipboard: what would be copied is shown instead.
    let place = ClipboardEnv { dumb: true, ..ClipboardEnv::default() };
    StartOptions {
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

async fn play_on<F: Future<Output = ()>>(start: StartOptions, scene: impl FnOnce(Person) -> F) -> u8 {
    let mut session = Session::new(start, false, (100, 30)).expect("a session");
    let (frames, seen) = watch::channel(String::new());
    let mut stage = Stage { terminal: Terminal::new(TestBackend::new(100, 30)).expect("a backend"), frames };
    let (keys, events) = mpsc::unbounded_channel();
    let input = UnboundedReceiverStream::new(events).map(Ok);
    let person = Person { keys, frames: seen };
    let (status, ()) = tokio::join!(session.run(&mut stage, input), scene(person));
    status.expect("the loop ends well")
}
