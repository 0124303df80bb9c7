//! The import of a COS access log next to `gawk` counting the statuses of the same file, in one run.
//!
//! `cargo bench --bench import` writes a log of 1,000,000 lines, every tenth a failure, into a temporary
//! folder, and reads it three ways: `cosdiag import --format ndjson` into nowhere, the library's path to
//! rows and details as the screen holds them, and `gawk '{c[$15]++}'` in the C locale, which is its
//! fastest. Ratios are what counts; more than 1 is faster than gawk. Then logs of 1,000 to 1,000,000 lines tell how
//! the cost of a line and the memory of a row grow.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use cosdiag::diagnosis::rules;
use cosdiag::domain::record::Record;
use cosdiag::domain::request_id;
use cosdiag::engine::redact::Redactor;
use cosdiag::import::{self, Options, Sink};
use cosdiag::store::{Details, Rows};
use measure::measure;

#[path = "support/measure.rs"]
mod measure;

const LINES: u32 = 1_000_000;
/// The sizes of a log, and of a table, whose costs a line are measured.
const SIZES: [u32; 4] = [1_000, 10_000, 100_000, 1_000_000];
const ROUNDS: usize = 5;

/// Writes a log of which one line in `every` is a failure.
fn write_log(path: &Path, lines: u32, every: u32) -> std::io::Result<u64> {
    let mut out = BufWriter::new(File::create(path)?);
    let start = 1_543_662_000_i64;
    for i in 0..lines {
        let (status, code, message) = match (i % every, i / every % 2) {
            (0, 0) => ("404", "NoSuchKey", "\"The specified key does not exist.\""),
            (0, _) => ("403", "AccessDenied", "\"Access Denied.\""),
            _ => ("200", "-", "-"),
        };
        let seconds = start + i64::from(i / 500);
        let time = jiff::Timestamp::from_second(seconds).unwrap_or_default();
        let id = request_id::encode(seconds, 0xa012_3e0b, 0x13ee, i);
        // Without blanks, so that gawk counts right: blanks are what it splits at.
        let user_agent = "Mozilla/5.0%20(X11;%20Linux%20x86_64)%20AppleWebKit/537.36%20Chrome/126.0";
        writeln!(
            out,
            "1.0 examplebucket-1250000000 ap-guangzhou {time} examplebucket-1250000000.cos.ap-guangzhou.myqcloud.com GetObject \
             192.0.2.{} AKIDEXAMPLE0000000000000000000000000 - 512 0 /photos/2018/12/{i:08}.jpg get {user_agent} {status} {code} {message} \
             197 {} USER STANDARD 100000000001 {} 100000000001:100000000002 {id} 83886 - - https://www.example.com/gallery \
             \"GET /photos/2018/12/{i:08}.jpg HTTP/1.1\" -",
            i % 250,
            20 + i % 80,
            5 + i % 15,
        )?;
    }
    out.flush()?;
    Ok(out.get_ref().metadata()?.len())
}

/// Rows and details, as the screen keeps them.
#[derive(Default)]
struct Table {
    rows: Rows,
    details: Details,
}

impl Sink for Table {
    fn records(&mut self, batch: Vec<Arc<Record>>) -> ControlFlow<()> {
        for record in &batch {
            self.rows.push(record, &record.english_message());
        }
        match self.details.append(&batch) {
            Ok(()) => ControlFlow::Continue(()),
            Err(_) => ControlFlow::Break(()),
        }
    }

    fn say(&mut self, _: import::ImportRemark) {}

    fn progress(&mut self, _: &str, _: u64) -> ControlFlow<()> {
        ControlFlow::Continue(())
    }
}

fn timed(mut command: Command) -> Duration {
    let begun = Instant::now();
    let status = command.stdout(Stdio::null()).stderr(Stdio::null()).status();
    assert!(status.is_ok(), "it starts");
    begun.elapsed()
}

fn by_gawk(log: &Path) -> Duration {
    let mut gawk = Command::new("gawk");
    gawk.env("LC_ALL", "C").arg("{c[$15]++} END {for (s in c) print s, c[s]}").arg(log);
    timed(gawk)
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

/// Reads a log to rows and details. Returns the time, and the memory that the table keeps, in KiB.
fn to_table(log: &Path) -> (Duration, u64, usize) {
    let redactor = Redactor::default();
    let finish = |record: &mut Record| {
        redactor.imported(record);
        record.diagnosis = rules::diagnose(record);
    };
    let options =
        Options { format: None, successes: false, now: jiff::Timestamp::now(), clean: &str::to_owned, finish: &finish };
    let mut table = Table::default();
    let (begun, before) = (Instant::now(), resident());
    let summary = import::run(&[PathBuf::from(log)], &options, &mut table);
    assert_eq!(table.rows.len() as u64, summary.rows());
    (begun.elapsed(), resident().saturating_sub(before), table.rows.len())
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}

#[expect(clippy::print_stdout, reason = "a bench reports")]
fn main() {
    let folder = tempfile::tempdir().expect("a folder");
    let log = folder.path().join("cos-access.log");
    let bytes = write_log(&log, LINES, 10).expect("a log");
    println!("{LINES} lines, {} MB, one in ten a failure; median of {ROUNDS}", bytes / 1_000_000);
    let has_gawk = Command::new("gawk").arg("--version").output().is_ok();
    let (mut theirs, mut ours, mut tables) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        if has_gawk {
            theirs.push(by_gawk(&log));
        }
        ours.push(timed(program(&log)));
        tables.push(to_table(&log).0);
    }
    let (ours, tables) = (median(ours), median(tables));
    println!("cosdiag import --format ndjson {ours:.2?}, library to rows and details {tables:.2?}");
    if has_gawk {
        let theirs = median(theirs);
        let ratio = |ours: Duration| theirs.as_secs_f64() / ours.as_secs_f64();
        println!("gawk {theirs:.2?}: cosdiag is {:.2} × as fast, to the table {:.2} ×", ratio(ours), ratio(tables));
    } else {
        println!("gawk is not on the path, so there is no ratio");
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
