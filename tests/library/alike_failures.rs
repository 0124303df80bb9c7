//! A failure of a large log that shares another one's record has the row that its own record would have.

use std::fmt::Write as _;
use std::fs;
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;

use cosdiag::diagnosis::code_book;
use cosdiag::diagnosis::rules;
use cosdiag::domain::log_line::LogLine;
use cosdiag::domain::occurrence::Occurrence;
use cosdiag::domain::record::Record;
use cosdiag::domain::request_id;
use cosdiag::engine::redact::Redactor;
use cosdiag::import::{self, LogFile, Options, Sink};
use cosdiag::store::Rows;
use jiff::Timestamp;

/// Lines of each kind of failure.
const LINES: usize = 6;
/// A log of this size is read again, in bytes.
const LARGE: usize = 16 * 1024 * 1024;
const KEY_IDS: [&str; 2] = ["-", "AKIDEXAMPLE0000000000000000000000000"];
const AGENTS: [&str; 4] = ["curl/8.5.0", "-", "cos-go-sdk-v5/0.7.45", "Mozilla/5.0%20(X11)"];
const MESSAGES: [&str; 4] = ["-", "Access Denied.", "Request has expired", "no such text"];
const SECRET: &str = "FAKEsecretFAKEsecretFAKE";

/// Takes failures as occurrences or as records.
struct Failures {
    rereads: bool,
    all: Vec<Occurrence>,
}

impl Sink for Failures {
    fn records(&mut self, batch: Vec<Arc<Record>>) -> ControlFlow<()> {
        self.all.extend(batch.into_iter().map(Occurrence::from));
        ControlFlow::Continue(())
    }

    fn rereads(&self) -> bool {
        self.rereads
    }

    fn occurrences(&mut self, batch: Vec<Occurrence>, _: &[Option<LogLine>], _: &Arc<LogFile>) -> ControlFlow<()> {
        self.all.extend(batch);
        ControlFlow::Continue(())
    }

    fn say(&mut self, _: import::ImportRemark) {}

    fn progress(&mut self, _: &str, _: u64) -> ControlFlow<()> {
        ControlFlow::Continue(())
    }
}

fn read(log: &Path, rereads: bool, successes: bool) -> Vec<Occurrence> {
    let redactor = Redactor::new([SECRET]);
    let finish = |record: &mut Record| {
        redactor.imported(record);
        record.diagnosis = rules::diagnose(record);
    };
    let clean = |text: &str| redactor.text(text).into_owned();
    let options = Options { format: None, successes, now: Timestamp::UNIX_EPOCH, clean: &clean, finish: &finish };
    let mut failures = Failures { rereads, all: Vec::new() };
    import::run(&[log.to_owned()], &options, &mut failures);
    failures.all
}

fn rows(failures: &[Occurrence]) -> Rows {
    let mut rows = Rows::default();
    for failure in failures {
        rows.push_preloaded(failure, &failure.record.english_message());
    }
    rows
}

/// Numbers that look random and are the same in each run.
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize
    }

    fn one_of<'a>(&mut self, texts: &[&'a str]) -> &'a str {
        texts[self.next() % texts.len()]
    }
}

/// A request that failed, as the texts of a log's fields.
struct Failed<'a> {
    seconds: i64,
    bucket: &'a str,
    host: &'a str,
    event: &'a str,
    method: &'a str,
    key_id: &'a str,
    agent: &'a str,
    message: &'a str,
    status: u16,
    code: &'a str,
    path: &'a str,
    id: &'a str,
    took: usize,
}

impl Failed<'_> {
    fn time(&self) -> Timestamp {
        Timestamp::from_second(self.seconds).expect("a time")
    }
}

fn cos_line(failed: &Failed<'_>) -> String {
    let Failed { bucket, host, event, method, key_id, agent, message, status, code, path, id, took, .. } = failed;
    let time = failed.time();
    format!(
        "1.0 {bucket} ap-guangzhou {time} {host} {event} 192.0.2.1 {key_id} - 512 0 {path} {method} {agent} \
             {status} {code} \"{message}\" 197 {took} USER STANDARD 100000000001 5 - {id} 83886 - - - \"GET {path} HTTP/1.1\" -"
    )
}

fn s3_line(failed: &Failed<'_>) -> String {
    let Failed { bucket, host, event, method, key_id, agent, status, code, path, id, took, .. } = failed;
    let time = failed.time().strftime("%d/%b/%Y:%H:%M:%S +0000");
    format!(
        "owner {bucket} [{time}] 192.0.2.1 {key_id} {id} REST.{event} key \"{method} {path} HTTP/1.1\" \
             {status} {code} 243 - {took} - \"-\" \"{agent}\" - host{took}= SigV4 - AuthHeader {host} TLSV1.2"
    )
}

/// Failures of every Code with every kind of path and id, and successes up to the size of a large log.
fn write_log(log: &Path, line: fn(&Failed<'_>) -> String) {
    let [wide, deep] = [60, 200].map(|count| "/long".repeat(count));
    let paths = [
        &wide,
        "/photos/cat.jpg",
        "/a",
        "/A_b-c.d/e",
        "/examplebucket-1250000000/cat.jpg",
        "/examplebucket-1250000000",
        "/design/token.txt",
        "/",
        "//cat.jpg",
        "/a//b",
        "/a/",
        "/../b",
        "/.a",
        "/a%20b",
        "/a%2Fb",
        "/a?versionId=1",
        "/a?uploadId=1&partNumber=2",
        "/?acl",
        "/a?q-sign-time=1;2&q-signature=0",
        "/FAKEsecretFAKEsecretFAKE/a",
        "/AKIDfakeIDfakeIDfake",
        "http://examplebucket-1250000000.cos.ap-guangzhou.myqcloud.com/a",
        &deep,
    ];
    let mut numbers = Numbers(1);
    let mut text = String::new();
    let codes = code_book::entries().iter().map(|entry| (entry.code.as_str(), entry.status.first().copied()));
    let codes = codes.chain([("-", Some(403)), ("-", Some(404)), ("-", Some(500)), ("NoCodeOfOurs", None)]);
    for (code, status) in codes.flat_map(|code| [code; 4]) {
        let mut failed = Failed {
            seconds: 0,
            bucket: numbers.one_of(&["examplebucket-1250000000", "examplebucket-1250000000", "a/b"]),
            host: numbers.one_of(&[
                "a/b.example.com",
                "examplebucket-1250000000.cos.ap-guangzhou.myqcloud.com",
                "examplebucket-1250000000.s3.us-east-1.amazonaws.com",
                "examplebucket-1250000000.example.com",
                "cos.ap-guangzhou.myqcloud.com",
                "images.example.com",
                "-",
            ]),
            event: numbers.one_of(&["GetObject", "HEAD.OBJECT", "PutObject", "GetBucket", "OptionsObject", "-"]),
            method: numbers.one_of(&["get", "HEAD", "put", "options", "delete"]),
            key_id: numbers.one_of(&KEY_IDS),
            agent: numbers.one_of(&AGENTS),
            message: numbers.one_of(&MESSAGES),
            status: status.unwrap_or(400),
            code,
            path: "",
            id: "",
            took: 0,
        };
        let is_plain = !numbers.next().is_multiple_of(3);
        for _ in 0..LINES {
            let number = numbers.next();
            failed.seconds = 1_543_662_000 + i64::try_from(number % 100_000).expect("it fits");
            match number % 10 {
                7 => failed.key_id = numbers.one_of(&KEY_IDS),
                8 => failed.agent = numbers.one_of(&AGENTS),
                9 => failed.message = numbers.one_of(&MESSAGES),
                _ => {}
            }
            let skew = [0, 1, -400, 100_000][number % 4];
            let made = request_id::encode(failed.seconds + skew, 0xa012_3e0b, 0x13ee, 7);
            let others = [&made, "-", "NWFmZjAwNzlfZGFhMDY4****", "7B4A0FABBC1C4F2E", "id", SECRET];
            let id = if is_plain { &made } else { numbers.one_of(&others) };
            let path = numbers.one_of(if is_plain { &paths[..7] } else { &paths });
            writeln!(text, "{}", line(&Failed { id, path, took: numbers.next() % 3000, ..failed })).expect("written");
        }
    }
    let agent = "agent".repeat(2000);
    let success = line(&Failed {
        seconds: 1_543_662_000,
        bucket: "b",
        host: "h",
        event: "GetObject",
        method: "get",
        key_id: "-",
        agent: &agent,
        message: "-",
        status: 200,
        code: "-",
        path: "/a",
        id: "-",
        took: 1,
    });
    while text.len() < LARGE {
        writeln!(text, "{success}").expect("written");
    }
    fs::write(log, text).expect("a log");
}

/// Compares the rows of a log whose failures share records with those of one whose failures do not.
fn compare(line: fn(&Failed<'_>) -> String) {
    let folder = tempfile::tempdir().expect("a folder");
    let log = folder.path().join("access.log");
    write_log(&log, line);
    for successes in [false, true] {
        compare_rows(&read(&log, true, successes), &read(&log, false, successes));
    }
}

fn compare_rows(shared: &[Occurrence], whole: &[Occurrence]) {
    let sharing = shared.iter().filter(|failure| failure.own.is_some()).count();
    assert!(whole.iter().all(|failure| failure.own.is_none()) && shared.len() == whole.len());
    assert!(sharing > 500, "{sharing} of {} share a record", shared.len());
    let (with, without) = (rows(shared), rows(whole));
    for row in 0..u32::try_from(whole.len()).expect("it fits") {
        assert_eq!(with.get(row), without.get(row), "row {row}: {:?}", whole[row as usize].record);
        assert_eq!(with.kind(row), without.kind(row), "row {row}");
    }
    assert_eq!(with.content(), without.content());
}

#[test]
fn an_occurrence_in_a_cos_log_has_the_row_of_its_own_record() {
    compare(cos_line);
}

#[test]
fn an_occurrence_in_an_s3_log_has_the_row_of_its_own_record() {
    compare(s3_line);
}
