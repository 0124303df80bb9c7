//! The screen next to another program's, in one run: time to the first frame, one frame with 1,000 and
//! 1,000,000 rows, and the cost of ten idle seconds.
//!
//! `cargo bench --bench screen` compares with `oha` if it is on the path (`cargo install oha`), started
//! in turn against the sandbox. Ratios are what counts; the absolute times are this machine's.

use std::io::{Read, Write};
use std::net::SocketAddr;
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use cosdiag::domain::record::Record;
use cosdiag::sandbox::Sandbox;
use cosdiag::ui::effect::Effect;
use cosdiag::ui::message::Message;
use cosdiag::ui::model::Model;
use cosdiag::ui::theme::{Colours, Theme};
use cosdiag::ui::update::update;
use cosdiag::ui::view::view;
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use jiff::tz::TimeZone;
use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};
use ratatui::Terminal;
use ratatui::backend::TestBackend;

#[path = "../tests/support/canned.rs"]
mod canned;

const ROUNDS: usize = 21;
const FRAMES: usize = 501;

struct Run {
    child: Box<dyn Child + Send + Sync>,
    bytes: Arc<AtomicUsize>,
    first_frame: Duration,
    _master: Box<dyn MasterPty + Send>,
}

/// Starts a program and waits until its first text stands on the alternate screen.
fn start(program: &str, arguments: &[&str]) -> Run {
    let size = PtySize { rows: 40, cols: 120, pixel_width: 0, pixel_height: 0 };
    let pair = native_pty_system().openpty(size).expect("a pty");
    let mut command = CommandBuilder::new(program);
    command.args(arguments);
    command.env("TERM", "xterm-256color");
    let mut reader = pair.master.try_clone_reader().expect("a reader");
    let mut writer = pair.master.take_writer().expect("a writer");
    let (sink, first) = mpsc::channel();
    let bytes = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&bytes);
    let begun = Instant::now();
    let child = pair.slave.spawn_command(command).expect("it starts");
    drop(pair.slave);
    thread::spawn(move || {
        let mut seen = Vec::new();
        let mut buffer = vec![0; 65536];
        let mut is_told = false;
        while let Ok(read @ 1..) = reader.read(&mut buffer) {
            counted.fetch_add(read, Ordering::Relaxed);
            if seen.len() < 1 << 16 {
                seen.extend_from_slice(&buffer[..read]);
                // As terminals do: the background's colour for OSC 11, and what they are for DA1.
                if !is_told && seen.windows(3).any(|part| part == b"\x1b[c") {
                    is_told = writer.write_all(b"\x1b]11;rgb:1616/1616/1e1e\x1b\\\x1b[?62;22c").is_ok();
                }
                if has_frame(&seen) {
                    let _ = sink.send(Instant::now());
                }
            }
        }
    });
    let first_frame = first.recv_timeout(Duration::from_secs(20)).expect("a first frame") - begun;
    Run { child, bytes, first_frame, _master: pair.master }
}

/// Text after the alternate screen was entered: letters outside of escape sequences.
fn has_frame(bytes: &[u8]) -> bool {
    let text = String::from_utf8_lossy(bytes);
    let Some((_, after)) = text.split_once("\u{1b}[?1049h") else { return false };
    let plain = after.split('\u{1b}').filter_map(|part| part.split_once(|c: char| c.is_ascii_alphabetic()));
    plain.map(|(_, text)| text.chars().filter(|c| c.is_alphanumeric()).count()).sum::<usize>() > 3
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}

/// Context switches of all threads: each wake-up is one.
fn switches(pid: u32) -> u64 {
    let threads = std::fs::read_dir(format!("/proc/{pid}/task")).into_iter().flatten().flatten();
    let field = |status: &str| -> u64 {
        let lines = status.lines().filter(|line| line.contains("ctxt_switches"));
        lines.filter_map(|line| line.split_whitespace().last()?.parse::<u64>().ok()).sum()
    };
    threads
        .filter_map(|thread| std::fs::read_to_string(thread.path().join("status")).ok())
        .map(|status| field(&status))
        .sum()
}

/// A model, what it is asked, and how long each order of its rows took.
struct Table {
    model: Model,
    template: Arc<Record>,
    now: Instant,
    orders: Vec<Duration>,
}

impl Table {
    /// A table of this many failures.
    fn of(rows: u32) -> Self {
        let theme = Theme::named("dark", Colours::default());
        let model = Model::new(Vec::new(), canned::appearance(), theme, TimeZone::UTC, (200, 50));
        let template = canned::record(1, serde_json::json!({}));
        let mut table = Self { model, template, now: Instant::now(), orders: Vec::new() };
        for first in (0..rows).step_by(1_000) {
            let records = (first..first + 1_000).map(|row| failure(&table.template, row)).collect();
            table.send(Message::Records(records));
        }
        table
    }

    fn send(&mut self, message: Message) {
        let mut messages = vec![message];
        while let Some(message) = messages.pop() {
            for effect in update(&mut self.model, message, self.now) {
                match effect {
                    Effect::Order(request) => {
                        let begun = Instant::now();
                        messages.extend(request.answer(&false.into()).map(Message::Ordered));
                        self.orders.push(begun.elapsed());
                    }
                    Effect::LoadDetail(row) => messages.push(Message::Detail(row, failure(&self.template, row))),
                    _ => {}
                }
            }
        }
    }

    fn key(&mut self, key: char) {
        self.send(Message::Key(KeyEvent::new(KeyCode::Char(key), KeyModifiers::NONE)));
    }

    /// The median time of a frame after a step down.
    fn frame(&mut self) -> Duration {
        let mut terminal = Terminal::new(TestBackend::new(200, 50)).expect("a terminal");
        let times = (0..FRAMES).map(|_| {
            self.key('j');
            let begun = Instant::now();
            terminal.draw(|screen| view(&self.model, screen)).expect("a frame");
            begun.elapsed()
        });
        median(times.collect())
    }

    /// The median and the longest time to filter and sort the rows after each typed character.
    fn filter(&mut self, text: &str) -> (Duration, Duration) {
        self.key('/');
        self.orders.clear();
        text.chars().for_each(|key| self.key(key));
        let longest = self.orders.iter().max().copied().unwrap_or_default();
        let median = median(std::mem::take(&mut self.orders));
        self.send(Message::Key(KeyEvent::new(KeyCode::Esc, KeyModifiers::NONE)));
        (median, longest)
    }
}

/// A refused request with an id of its own.
fn failure(template: &Record, row: u32) -> Arc<Record> {
    let id = format!("NmIwM2ZlY2FfMWViNTAzMDlf{row:012}MDA=");
    let mut record = Record { id: row + 1, ..Record::clone(template) };
    if let Some(known) = &mut record.request_id {
        known.value = id;
    }
    record.key = Some(format!("2024/{row}.txt"));
    Arc::new(record)
}

#[expect(clippy::print_stdout, reason = "a bench reports")]
fn main() {
    let cosdiag = env!("CARGO_BIN_EXE_cosdiag");
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let sandbox = runtime.block_on(Sandbox::start(SocketAddr::from(([127, 0, 0, 1], 0)))).expect("a sandbox");
    let url = format!("http://{}/", sandbox.addr());
    let oha = ["-z", "5s", "-q", "10", "-c", "1", &url];
    let has_oha = Command::new("oha").arg("--version").output().is_ok();

    let (mut ours, mut theirs, mut demos) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        for (arguments, times) in [(&[][..], &mut ours), (&["demo"][..], &mut demos)] {
            let mut run = start(cosdiag, arguments);
            times.push(run.first_frame);
            let _ = run.child.kill();
            let _ = run.child.wait();
        }
        if has_oha {
            let mut run = start("oha", &oha);
            theirs.push(run.first_frame);
            let _ = run.child.kill();
            let _ = run.child.wait();
        }
    }
    let (ours, demos) = (median(ours), median(demos));
    println!("first frame, median of {ROUNDS}: cosdiag {ours:.1?}, cosdiag demo {demos:.1?}");
    if has_oha {
        let theirs = median(theirs);
        println!("  oha {theirs:.1?}; cosdiag / oha = {:.2}", ours.as_secs_f64() / theirs.as_secs_f64());
    } else {
        println!("  oha is not on the path, so there is no ratio");
    }

    for rows in [1_000, 1_000_000] {
        let mut table = Table::of(rows);
        println!("one frame at 200x50 with {rows} rows, median of {FRAMES}: {:.1?}", table.frame());
        for text in ["2024/77", "status:403", "accessdenied", "no such text"] {
            let (median, longest) = table.filter(text);
            println!(
                "  filter \"{text}\", a character at a time: median {median:.1?}, longest {longest:.1?} (target 60 ms)"
            );
        }
    }

    for arguments in [&[][..], &["demo"][..]] {
        let mut run = start(cosdiag, arguments);
        thread::sleep(Duration::from_secs(6));
        let pid = run.child.process_id().expect("an id");
        let (bytes, wakes) = (run.bytes.load(Ordering::Relaxed), switches(pid));
        thread::sleep(Duration::from_secs(10));
        println!(
            "idle for 10 s, cosdiag {arguments:?}: {} bytes written, {} wake-ups",
            run.bytes.load(Ordering::Relaxed) - bytes,
            switches(pid).saturating_sub(wakes)
        );
        let _ = run.child.kill();
        let _ = run.child.wait();
    }
}
