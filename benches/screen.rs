//! The screen next to other programs', in one run: time to the first frame, one frame with 1,000 and
//! 1,000,000 rows, jumps and filters on a pseudo-terminal, and the cost of ten idle seconds.
//!
//! `cargo bench --bench screen` compares with `oha` (`cargo install oha`), started in turn against the sandbox, and
//! with `csvlens` (`cargo install csvlens`), which shows the same 1,000,000 failures as a CSV file. A peer that is
//! not on the path is named and left out. Ratios are what counts; the absolute times are this machine's.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::Ordering;
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
use log::{Line, write_log};
use peers::{is_there, spread};
use pty::Run;
use ratatui::Terminal;
use ratatui::backend::TestBackend;

#[path = "../tests/support/canned.rs"]
mod canned;
#[path = "support/log.rs"]
mod log;
#[path = "support/peers.rs"]
mod peers;
#[path = "support/pty.rs"]
mod pty;

const ROUNDS: usize = 21;
const FRAMES: usize = 501;

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
            table.send(Message::records(records));
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

/// Keys, and the texts that the screen shows when the program has obeyed them.
type Step = (&'static str, &'static [&'static str]);

/// What is measured, and the target for its ratio.
const TASKS: [(&str, &str); 3] = [
    ("jump to the last row", "at most 1, stretch 0.5"),
    ("filter, its last key", "at most 0.3"),
    ("filter, all its keys", "at most 0.3"),
];

/// A task in a program: what comes before it, its keys, and the way back.
struct Task {
    before: Option<Step>,
    measured: Step,
    back: Step,
    /// In milliseconds.
    took: Vec<f64>,
}

/// A program that shows the rows of a file.
struct Viewer<'a> {
    name: &'static str,
    program: &'static str,
    arguments: Vec<&'a str>,
    /// What it shows when it has counted all rows.
    ready: &'static [&'static str],
    /// A row down, and back to the first.
    down: Step,
    up: Step,
    tasks: [Task; 3],
}

fn viewers<'a>(log: &'a str, csv: &'a str) -> Vec<Viewer<'a>> {
    let task = |before, measured, back| Task { before, measured, back, took: Vec::new() };
    let first: Step = ("g", &[" 1/1000000 ", "00000000.jpg"]);
    let found: &[_] = &["1000 of 1000000 shown", "00777000.jpg"];
    let all: Step = ("\x1b", &["/1000000 "]);
    let cosdiag = Viewer {
        name: "cosdiag",
        program: env!("CARGO_BIN_EXE_cosdiag"),
        arguments: vec!["import", log],
        ready: &["read in", " 1/1000000 "],
        down: ("j", &[" 2/1000000 "]),
        up: first,
        tasks: [
            task(None, ("G", &[" 1000000/1000000 ", "00999999.jpg"]), first),
            task(Some(("/12/0077", &["10000 of 1000000 shown"])), ("7", found), all),
            task(None, ("/12/00777", found), all),
        ],
    };
    let first: Step = ("g", &["[Row 1/1000000,", "\n1 "]);
    let found: &[_] = &["\"12/00777\": 1/1000]", "\n777001 ", "\n777021 "];
    let all: Step = ("rg", first.1);
    let csvlens = Viewer {
        name: "csvlens",
        program: "csvlens",
        arguments: vec![csv],
        ready: &["[Row 1/1000000,"],
        down: ("j", &["[Row 2/1000000,"]),
        up: first,
        tasks: [
            task(None, ("G", &["[Row 1000000/1000000,", "\n1000000 "]), first),
            task(Some(("&12/00777", &["Filter: 12/00777"])), ("\r", found), all),
            task(None, ("&12/00777\r", found), all),
        ],
    };
    vec![cosdiag, csvlens]
}

/// Writes the failures of the log as a CSV file of about the columns that the screen shows.
fn write_csv(path: &Path, rows: u32) -> std::io::Result<()> {
    let mut out = BufWriter::new(File::create(path)?);
    writeln!(out, "Time,Status,Code,Request,RequestId,Latency,Message")?;
    for number in 0..rows {
        let Line { time, status, code, message, key, took, id } = Line::of(number, 1);
        writeln!(out, "{time},{status},{code},GET examplebucket-1250000000/{key},{id},{took},{message}")?;
    }
    out.flush()
}

/// Jumps and filters in turn in programs that show the same rows. csvlens shows how many rows match at the first
/// tick after its search; a tick is 250 ms.
#[expect(clippy::print_stdout, reason = "a bench reports")]
fn compare_viewers() {
    let folder = tempfile::tempdir().expect("a folder");
    let (log, csv) = (folder.path().join("rows.log"), folder.path().join("rows.csv"));
    write_log(&log, 1_000_000, 1).expect("a log");
    write_csv(&csv, 1_000_000).expect("a table");
    let (log, csv) = (log.to_string_lossy(), csv.to_string_lossy());
    let mut viewers = viewers(&log, &csv);
    if !is_there("csvlens") {
        println!("csvlens is not on the path: no ratio to it (cargo install csvlens)");
        viewers.retain(|viewer| viewer.name != "csvlens");
    }
    let start = |viewer: &Viewer| {
        let mut run = Run::start(viewer.program, &viewer.arguments);
        run.wait_for(viewer.ready);
        // csvlens jumps too short until it has drawn its rows twice.
        for (keys, texts) in [viewer.down, viewer.up] {
            run.press(keys, texts);
        }
        run
    };
    let mut runs: Vec<_> = viewers.iter().map(start).collect();
    println!("1000000 rows, key to screen, {ROUNDS} rounds{:>19} {:>9} {:>9}", "min", "median", "max");
    for (at, (what, target)) in TASKS.into_iter().enumerate() {
        for _ in 0..ROUNDS {
            for (viewer, run) in viewers.iter_mut().zip(&mut runs) {
                let mut press = |(keys, texts): Step| {
                    // As a person pauses: a key right after a frame would wait for the next one.
                    thread::sleep(Duration::from_millis(100));
                    run.press(keys, texts).as_secs_f64() * 1e3
                };
                let task = &mut viewer.tasks[at];
                task.before.map(&mut press);
                task.took.push(press(task.measured));
                press(task.back);
            }
        }
        for viewer in &viewers {
            println!("{what}, ms: {:<21} {}", viewer.name, spread(viewer.tasks[at].took.clone()));
        }
        if let [ours, theirs] = &viewers[..] {
            let pairs = ours.tasks[at].took.iter().zip(&theirs.tasks[at].took);
            let ratios = pairs.map(|(ours, theirs)| ours / theirs).collect();
            println!("{what}: {:<25} {}  (target: {target})", "cosdiag / csvlens", spread(ratios));
        }
    }
}

#[expect(clippy::print_stdout, reason = "a bench reports")]
fn main() {
    let cosdiag = env!("CARGO_BIN_EXE_cosdiag");
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let sandbox = runtime.block_on(Sandbox::start(SocketAddr::from(([127, 0, 0, 1], 0)))).expect("a sandbox");
    let url = format!("http://{}/", sandbox.addr());
    let oha = ["-z", "5s", "-q", "10", "-c", "1", &url];
    let has_oha = is_there("oha");

    let (mut ours, mut theirs, mut demos) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        for (arguments, times) in [(&[][..], &mut ours), (&["demo"][..], &mut demos)] {
            times.push(Run::start(cosdiag, arguments).first_frame);
        }
        if has_oha {
            theirs.push(Run::start("oha", &oha).first_frame);
        }
    }
    let (ours, demos) = (median(ours), median(demos));
    println!("first frame, median of {ROUNDS}: cosdiag {ours:.1?}, cosdiag demo {demos:.1?}");
    if has_oha {
        let theirs = median(theirs);
        println!("  oha {theirs:.1?}; cosdiag / oha = {:.2}", ours.as_secs_f64() / theirs.as_secs_f64());
    } else {
        println!("  oha is not on the path: no ratio to it (cargo install oha)");
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

    compare_viewers();

    for arguments in [&[][..], &["demo"][..]] {
        let run = Run::start(cosdiag, arguments);
        thread::sleep(Duration::from_secs(6));
        let pid = run.child.process_id().expect("an id");
        let (bytes, wakes) = (run.bytes.load(Ordering::Relaxed), switches(pid));
        thread::sleep(Duration::from_secs(10));
        println!(
            "idle for 10 s, cosdiag {arguments:?}: {} bytes written, {} wake-ups",
            run.bytes.load(Ordering::Relaxed) - bytes,
            switches(pid).saturating_sub(wakes)
        );
    }
}
