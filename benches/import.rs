//! The import of a COS access log next to `gawk` and `lnav` counting the statuses of the same file, in one run.
//!
//! `cargo bench --bench import` writes a log of 1,000,000 lines, every tenth a failure, into a temporary
//! folder, and reads it in turn: `cosdiag import --format ndjson` into nowhere, the library's path to
//! rows and details as the screen holds them, `gawk '{c[$15]++}'` in the C locale, which is its
//! fastest, and `lnav -n` (`apt install lnav`), which also finds each line's time and fields. A peer that is not on
//! the path is named and left out. Ratios are what counts; more than 1 is faster than the peer. Then logs of 1,000 to
//! 1,000,000 lines tell how the cost of a line and the memory of a row grow.

use std::fs;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use cosdiag::diagnosis::rules;
use cosdiag::domain::log_line::LogLine;
use cosdiag::domain::occurrence::Occurrence;
use cosdiag::domain::record::Record;
use cosdiag::engine::redact::Redactor;
use cosdiag::import::{self, LogFile, Options, Sink};
use cosdiag::store::Rows;
use cosdiag::store::details::{NewRow, RecordLog, Written, written};
use log::write_log;
use measure::measure;
use peers::{is_there, spread};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

#[path = "support/log.rs"]
mod log;
#[path = "support/measure.rs"]
mod measure;
#[path = "support/peers.rs"]
mod peers;

/// That of the program, so that rows cost here what they cost there.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const LINES: u32 = 1_000_000;
/// The sizes of a log, and of a table, whose costs a line are measured.
const SIZES: [u32; 4] = [1_000, 10_000, 100_000, 1_000_000];
const ROUNDS: usize = 5;

/// Sends records to the task that makes rows of them, as the program does.
struct Feed {
    rows: mpsc::Sender<NewRow>,
    log: Arc<dyn RecordLog>,
}

/// The log that rows would be read from again. The bench opens none.
#[derive(Debug)]
struct Unopened;

impl RecordLog for Unopened {
    fn record(&self, _: LogLine) -> std::io::Result<Record> {
        Err(std::io::ErrorKind::Unsupported.into())
    }
}

impl Feed {
    fn send(&self, rows: impl IntoIterator<Item = NewRow>) -> ControlFlow<()> {
        match rows.into_iter().try_for_each(|row| self.rows.blocking_send(row)) {
            Ok(()) => ControlFlow::Continue(()),
            Err(_) => ControlFlow::Break(()),
        }
    }
}

impl Sink for Feed {
    fn records(&mut self, batch: Vec<Arc<Record>>) -> ControlFlow<()> {
        self.send(batch.into_iter().map(NewRow::from))
    }

    fn rereads(&self) -> bool {
        true
    }

    fn occurrences(&mut self, batch: Vec<Occurrence>, lines: &[Option<LogLine>], _: &Arc<LogFile>) -> ControlFlow<()> {
        self.send(batch.into_iter().zip(lines).map(|(failure, line)| NewRow::in_log(failure, &self.log, *line)))
    }

    fn say(&mut self, _: import::ImportRemark) {}

    fn progress(&mut self, _: &str, _: u64) -> ControlFlow<()> {
        ControlFlow::Continue(())
    }
}

/// A way to read the log and the seconds that it took in each round.
struct Contender<'a> {
    name: &'static str,
    read: Box<dyn Fn() -> Duration + 'a>,
    took: Vec<f64>,
}

/// What must be reached: how many times as fast as a peer.
const TARGETS: [(&str, &str, &str); 4] = [
    ("cosdiag import", "gawk", ""),
    ("rows and details", "gawk", "  (target: at least 1.5)"),
    ("cosdiag import", "lnav", ""),
    ("rows and details", "lnav", ""),
];

fn timed(mut command: Command) -> Duration {
    let begun = Instant::now();
    let status = command.stdout(Stdio::null()).stderr(Stdio::null()).status();
    assert!(status.is_ok(), "it starts");
    begun.elapsed()
}

fn by_gawk(log: &Path) -> Command {
    let mut gawk = Command::new("gawk");
    gawk.env("LC_ALL", "C").arg("{c[$15]++} END {for (s in c) print s, c[s]}").arg(log);
    gawk
}

/// Tells lnav the fields of a line.
const LNAV_FORMAT: &str = r#"{ "cos_log": {
    "title": "COS access log",
    "regex": { "line": { "pattern": "^\\S+ (?<bucket>\\S+) \\S+ (?<timestamp>\\S+) \\S+ (?<operation>\\S+)(?: \\S+){5} (?<key>\\S+) \\S+ \\S+ (?<status>\\d+) (?<code>\\S+) (?<body>.*)$" } },
    "timestamp-format": ["%Y-%m-%dT%H:%M:%SZ"],
    "value": { "bucket": { "kind": "string" }, "operation": { "kind": "string" }, "key": { "kind": "string" },
        "status": { "kind": "integer" }, "code": { "kind": "string" } },
    "sample": [{ "line": "1.0 b-1250000000 ap-guangzhou 2018-12-01T11:00:00Z b.example GetObject 192.0.2.0 AKID - 512 0 /a get - 200 - - 197" }]
} }"#;

/// lnav with its settings and its home in this folder.
fn by_lnav(folder: &Path, log: &Path) -> Command {
    let mut lnav = Command::new("lnav");
    lnav.env("HOME", folder).env("XDG_CONFIG_HOME", folder).arg("-n").arg("-I").arg(folder);
    lnav.args(["-c", ";SELECT status, count(*) FROM cos_log GROUP BY status"]).arg(log);
    lnav
}

fn program(log: &Path) -> Command {
    let mut cosdiag = Command::new(env!("CARGO_BIN_EXE_cosdiag"));
    cosdiag.args(["import", "--format", "ndjson"]).arg(log);
    cosdiag
}

/// The resident memory of this program, in KiB.
fn resident() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let field = status.lines().find_map(|line| line.strip_prefix("VmRSS:")?.split_whitespace().next()?.parse().ok());
    field.unwrap_or(0)
}

/// Reads a log to rows and details. Returns the time, the memory that the table keeps, in KiB, and its rows.
fn to_table(log: &Path) -> (Duration, u64, usize) {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let redactor = Redactor::default();
    let (sender, received) = mpsc::channel(128);
    let (begun, before) = (Instant::now(), resident());
    let file = PathBuf::from(log);
    let reader = std::thread::spawn(move || {
        let finish = |record: &mut Record| {
            redactor.imported(record);
            record.diagnosis = rules::diagnose(record);
        };
        let clean = |text: &str| redactor.text(text).into_owned();
        let now = jiff::Timestamp::now();
        let options = Options { format: None, successes: false, now, clean: &clean, finish: &finish };
        let mut feed = Feed { rows: sender, log: Arc::new(Unopened) };
        import::run(&[file], &options, &mut feed)
    });
    let details = Arc::default();
    let mut rows = Rows::default();
    runtime.block_on(async {
        let mut batches = written(&details, received, CancellationToken::new());
        while let Some(Written { occurrences, places, written }) = batches.recv().await {
            written.expect("room on the disk");
            details.lock().expect("no panic").append_written(&occurrences, &places);
            for occurrence in &occurrences {
                rows.push_preloaded(occurrence, &occurrence.record.english_message());
            }
        }
    });
    assert_eq!(rows.len() as u64, reader.join().expect("no panic").rows());
    (begun.elapsed(), resident().saturating_sub(before), rows.len())
}

#[expect(clippy::print_stdout, reason = "a bench reports")]
fn main() {
    let folder = tempfile::tempdir().expect("a folder");
    let log = folder.path().join("cos-access.log");
    let bytes = write_log(&log, LINES, 10).expect("a log");
    let formats = folder.path().join("formats/cos");
    fs::create_dir_all(&formats).and_then(|()| fs::write(formats.join("cos.json"), LNAV_FORMAT)).expect("a format");
    let contender = |name, read: Box<dyn Fn() -> Duration>| Contender { name, read, took: Vec::new() };
    let mut contenders = vec![
        contender("cosdiag import", Box::new(|| timed(program(&log)))),
        contender("rows and details", Box::new(|| to_table(&log).0)),
        contender("gawk", Box::new(|| timed(by_gawk(&log)))),
        contender("lnav", Box::new(|| timed(by_lnav(folder.path(), &log)))),
    ];
    for absent in ["gawk", "lnav"].into_iter().filter(|peer| !is_there(peer)) {
        println!("{absent} is not on the path: no ratio to it (apt install {absent})");
        contenders.retain(|contender| contender.name != absent);
    }
    let counts = |output: Output| String::from_utf8_lossy(&output.stdout).contains(&(LINES / 20).to_string());
    if is_there("lnav") && !by_lnav(folder.path(), &log).output().is_ok_and(counts) {
        println!("lnav does not read the log: no ratio to it");
        contenders.retain(|contender| contender.name != "lnav");
    }
    for _ in 0..ROUNDS {
        for contender in &mut contenders {
            contender.took.push((contender.read)().as_secs_f64());
        }
    }
    println!(
        "{LINES} lines, {} MB, one in ten a failure, {ROUNDS} rounds{:>10} {:>9} {:>9}",
        bytes / 1_000_000,
        "min",
        "median",
        "max"
    );
    for contender in &contenders {
        println!("{:<16} {:<37}{}", contender.name, "seconds", spread(contender.took.clone()));
    }
    for (ours, peer, target) in TARGETS {
        let find = |name| contenders.iter().find(|contender| contender.name == name);
        let (Some(ours), Some(peer)) = (find(ours), find(peer)) else { continue };
        let ratios = peer.took.iter().zip(&ours.took).map(|(theirs, ours)| theirs / ours).collect();
        println!("{:<16} × as fast as {:<24}{}{target}", ours.name, peer.name, spread(ratios));
    }
    println!("growth; the table's memory is what this program holds more of after it");
    for lines in SIZES {
        write_log(&log, lines, 10).expect("a log");
        let taken = measure(program(&log));
        write_log(&log, lines, 1).expect("a log");
        let (took, memory, rows) = to_table(&log);
        let each = |took: Duration| took.as_secs_f64() * 1e6 / f64::from(lines);
        println!(
            "{lines:>9} lines, one in ten a failure: {:>5.2} µs, {:>5.2} µs CPU a line, {:>3} MB at the peak; all failures \
             to the table: {:>5.2} µs, {:>4} bytes a row",
            each(taken.wall),
            each(taken.cpu),
            taken.peak / 1024,
            each(took),
            memory * 1024 / rows as u64
        );
    }
}
