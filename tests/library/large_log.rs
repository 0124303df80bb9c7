//! What was read of a large access log is read again from its lines.

use std::fs::{self, File, OpenOptions};
use std::io::{BufWriter, ErrorKind, Write};
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;

use cosdiag::domain::log_line::LogLine;
use cosdiag::domain::occurrence::Occurrence;
use cosdiag::domain::record::Record;
use cosdiag::import::{self, LogFile, Options, Sink};
use jiff::Timestamp;

/// Keeps what can be read again.
#[derive(Default)]
struct Logged {
    failures: Vec<(Occurrence, LogLine)>,
    /// What cannot.
    others: usize,
    log: Option<Arc<LogFile>>,
}

impl Sink for Logged {
    fn records(&mut self, batch: Vec<Arc<Record>>) -> ControlFlow<()> {
        self.others += batch.len();
        ControlFlow::Continue(())
    }

    fn rereads(&self) -> bool {
        true
    }

    fn occurrences(
        &mut self,
        batch: Vec<Occurrence>,
        lines: &[Option<LogLine>],
        log: &Arc<LogFile>,
    ) -> ControlFlow<()> {
        assert_eq!(batch.len(), lines.len());
        for (failure, line) in batch.into_iter().zip(lines) {
            match line {
                Some(line) => self.failures.push((failure, *line)),
                None => self.others += 1,
            }
        }
        self.log = Some(Arc::clone(log));
        ControlFlow::Continue(())
    }

    fn say(&mut self, _: import::ImportRemark) {}

    fn progress(&mut self, _: &str, _: u64) -> ControlFlow<()> {
        ControlFlow::Continue(())
    }
}

fn read(path: &Path) -> Logged {
    let finish = |record: &mut Record| record.note = Some("finished".to_owned());
    let now = Timestamp::UNIX_EPOCH;
    let options = Options { format: None, successes: false, now, clean: &str::to_owned, finish: &finish };
    let mut logged = Logged::default();
    let summary = import::run(&[path.to_owned()], &options, &mut logged);
    assert_eq!(summary.rows(), (logged.failures.len() + logged.others) as u64);
    logged
}

fn line(number: u32, failed: bool) -> String {
    let (status, code) = if failed { ("403", "AccessDenied") } else { ("200", "-") };
    format!(
        "1.0 examplebucket-1250000000 ap-guangzhou 2018-12-01T11:00:00Z examplebucket-1250000000.cos.example GetObject \
         192.0.2.1 - - 512 0 /photos/{number:08}.jpg get {} {status} {code} - 197 20 USER STANDARD 100000000001 5 - \
         id{number} 83886 - - - \"GET /photos/{number:08}.jpg HTTP/1.1\" -",
        "agent".repeat(60)
    )
}

/// Lines of every kind: after a byte order mark, with two kinds of ends, not UTF-8, too long, not of a log. The last one
/// is a failure without an end.
fn write_log(path: &Path, lines: u32) {
    let mut log = BufWriter::new(File::create(path).expect("a file"));
    let mut put = |bytes: &[u8]| log.write_all(bytes).expect("written");
    put(b"\xEF\xBB\xBF");
    for number in 1..=lines {
        match number {
            700 => put(&b"long ".repeat(500_000)),
            900 => put(b"not a line of a log"),
            1100 => put(&line(number, true).replace("-1250000000.cos", "-\u{fc}.cos").into_bytes()),
            1300 => put(&[line(number, true).as_bytes(), b" \xFF\xFE"].concat()),
            _ => put(line(number, number % 97 == 0 || number == 1 || number == lines).as_bytes()),
        }
        put(if number == lines {
            b""
        } else if number % 5 == 0 {
            b"\r\n"
        } else {
            b"\n"
        });
    }
}

#[test]
fn every_record_of_a_large_log_is_read_again_as_it_was_until_the_log_changes() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("access.log");
    write_log(&path, 30_000);
    let Logged { failures, others, log } = read(&path);
    let log = log.expect("a large log");
    // A line without an end may still be written to.
    assert!(failures.len() > 300 && others == 1, "{} {others}", failures.len());
    for (failure, place) in &failures {
        let again = log.record(*place).expect("the line");
        let Some(own) = &failure.own else {
            let unfinished = Record { note: None, id: again.id, ..Record::clone(&failure.record) };
            assert_eq!(again, unfinished);
            continue;
        };
        assert_eq!((again.time, again.timing.total_us()), (own.time, own.latency_us));
        assert_eq!((again.copied_id(), again.key.as_deref()), (Some(own.request_id()), own.path().strip_prefix('/')));
    }
    assert!(failures.iter().filter(|(failure, _)| failure.own.is_some()).count() > 100);
    let mut file = OpenOptions::new().append(true).open(&path).expect("the log");
    file.write_all(line(1, true).as_bytes()).expect("written");
    let (last, place) = failures.last().expect("a failure");
    assert_eq!(log.record(*place).expect("more lines change nothing").time, last.time());
    let whole = fs::read(&path).expect("the log");
    for changed in [&whole[1..], &whole[..100_000]] {
        fs::write(&path, changed).expect("written");
        assert_eq!(log.record(*place).map_err(|error| error.kind()), Err(ErrorKind::InvalidData));
    }
}

#[test]
fn a_small_log_and_one_that_is_compressed_are_kept_instead() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("access.log");
    write_log(&path, 2000);
    assert_eq!(read(&path).others, 24);
    write_log(&path, 30_000);
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packed.write_all(&fs::read(&path).expect("the log")).and_then(|()| packed.try_finish()).expect("packed");
    fs::write(&path, packed.finish().expect("packed")).expect("written");
    let logged = read(&path);
    assert!(logged.others > 300 && logged.log.is_none());
}
