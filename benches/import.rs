//! The import of a COS access log next to `gawk` counting the statuses of the same file, in one run.
//!
//! `cargo bench --bench import` writes a log of 1,000,000 lines, every tenth a failure, into a temporary
//! folder, and reads it three ways: `cosdiag import --format ndjson` into nowhere, the library's path to
//! rows and details as the screen holds them, and `gawk '{c[$15]++}'` in the C locale, which is its
//! fastest. Ratios are what counts; more than 1 is faster than gawk.

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

const LINES: u32 = 1_000_000;
const ROUNDS: usize = 5;

fn write_log(path: &Path) -> std::io::Result<u64> {
    let mut out = BufWriter::new(File::create(path)?);
    let start = 1_543_662_000_i64;
    for i in 0..LINES {
        let (status, code, message) = match i % 20 {
            3 => ("404", "NoSuchKey", "\"The specified key does not exist.\""),
            13 => ("403", "AccessDenied", "\"Access Denied.\""),
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
    fn records(&mut self, batch: Vec<Record>) -> ControlFlow<()> {
        let batch: Vec<_> = batch.into_iter().map(Arc::new).collect();
        for record in &batch {
            self.rows.push(record, &record.english_message());
        }
        match self.details.append(&batch) {
            Ok(()) => ControlFlow::Continue(()),
            Err(_) => ControlFlow::Break(()),
        }
    }

    fn say(&mut self, _: String) {}

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

fn by_program(log: &Path) -> Duration {
    let mut cosdiag = Command::new(env!("CARGO_BIN_EXE_cosdiag"));
    cosdiag.args(["import", "--format", "ndjson"]).arg(log);
    timed(cosdiag)
}

fn to_table(log: &Path) -> Duration {
    let redactor = Redactor::default();
    let finish = |record: Record| {
        let mut record = redactor.imported(record);
        record.diagnosis = rules::diagnose(&record);
        record
    };
    let options =
        Options { format: None, successes: false, now: jiff::Timestamp::now(), clean: &str::to_owned, finish: &finish };
    let mut table = Table::default();
    let begun = Instant::now();
    let summary = import::run(&[PathBuf::from(log)], &options, &mut table);
    let took = begun.elapsed();
    assert_eq!((table.rows.len(), summary.rows()), (LINES as usize / 10, u64::from(LINES) / 10));
    took
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}

#[expect(clippy::print_stdout, reason = "a bench reports")]
fn main() {
    let folder = tempfile::tempdir().expect("a folder");
    let log = folder.path().join("cos-access.log");
    let bytes = write_log(&log).expect("a log");
    println!("{LINES} lines, {} MB, one in ten a failure; median of {ROUNDS}", bytes / 1_000_000);
    let has_gawk = Command::new("gawk").arg("--version").output().is_ok();
    let (mut theirs, mut ours, mut tables) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        if has_gawk {
            theirs.push(by_gawk(&log));
        }
        ours.push(by_program(&log));
        tables.push(to_table(&log));
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
}
