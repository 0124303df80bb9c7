//! Access logs, fast: one thread reads chunks of whole lines, and workers parse them in turn, so that results come back
//! in order. Of a success only the status is parsed, and nothing is copied.

use std::io::{self, Read};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel, sync_channel};
use std::thread;

use super::alike::{Alike, Likeness};
use super::detect::Format;
use super::job::{Job, Options};
use super::join::{Hit, Joins, Known};
use super::lines::LONGEST;
use super::source::Input;
use super::{access, cos_log, log_file, s3_log};
use crate::domain::log_line::LogLine;
use crate::domain::occurrence::Occurrence;
use crate::domain::record::Outcome;

/// Bytes that are read together. Where every line is a failure with a record of its own, these take ten times as much.
const CHUNK: usize = 1 << 16;
/// Chunks that wait for each worker. Of each worker only one result waits for the collector.
const WAITING: usize = 4;
/// What is left of a line that is too long to keep: enough to be counted, too little to be understood.
const STUB: usize = 16;

struct Chunk {
    /// Its first byte, counted from the start of the file. A line that is too long counts as its last bytes.
    offset: u64,
    first_line: u64,
    bytes: Vec<u8>,
    lines: u64,
}

/// What the lines of a chunk came to.
#[derive(Default)]
struct Outcomes {
    lines: u64,
    records: Vec<Occurrence>,
    /// The lines of the records, one for each; `None` for a last line that may not be complete.
    places: Vec<Option<LogLine>>,
    passed: u64,
    unparsed: Vec<u64>,
    odd: Option<u64>,
    hits: Vec<Hit>,
}

/// Reads an access log.
pub fn read(input: Input, job: &mut Job<'_, '_>, format: Format, mut joins: Option<&mut Joins>) -> io::Result<()> {
    let workers = thread::available_parallelism().map_or(1, usize::from).min(8);
    let (begins, log) = (job.begins, job.out.log.clone());
    let rereads = log.is_some();
    let lines = LogReader { format, name: job.name, options: job.options, known: job.known, rereads };
    let (spare, spares) = channel();
    thread::scope(|scope| {
        let worker = |_| {
            let (chunks, waiting) = sync_channel::<Chunk>(WAITING);
            let (results, read) = sync_channel(1);
            let spare = spare.clone();
            scope.spawn(move || {
                let mut alike = Alike::default();
                for chunk in waiting {
                    let result = lines.read_chunk(&chunk, &mut alike);
                    // A reader that has ended needs no memory.
                    drop(spare.send(chunk.bytes));
                    if results.send(result).is_err() {
                        break;
                    }
                }
            });
            (chunks, read)
        };
        let (chunks, read): (Vec<_>, Vec<_>) = (0..workers).map(worker).unzip();
        let reader = scope.spawn(move || {
            let mut workers = chunks.iter().cycle();
            feed(input, begins, &spares, |chunk| {
                if let Some(log) = &log {
                    log.line_begins(chunk.offset, chunk.first_line);
                }
                workers.next().is_some_and(|worker| worker.send(chunk).is_ok())
            })
        });
        collect(&read, job, &mut joins);
        // Readers and parsers see by this that no more is wanted.
        drop(read);
        reader.join().unwrap_or_else(|_| Err(io::Error::other("the reading thread ended early")))
    })
}

/// Cuts the stream into chunks of whole lines until `take` returns false. The stream begins `begins` bytes into the file.
/// `spares` returns the memory of earlier chunks: to read into memory that is in the cache is faster.
fn feed(
    mut input: Input,
    begins: u64,
    spares: &Receiver<Vec<u8>>,
    mut take: impl FnMut(Chunk) -> bool,
) -> io::Result<()> {
    let (mut read, mut line) = (begins, 1);
    let mut left: Vec<u8> = Vec::new();
    let mut skipping = false;
    loop {
        let mut bytes = std::mem::take(&mut left);
        bytes.reserve(CHUNK);
        let before = bytes.len();
        let ended = input.by_ref().take(CHUNK as u64).read_to_end(&mut bytes);
        // A read that fails may have read something.
        read += (bytes.len() - before) as u64;
        if skipping {
            let found = memchr::memchr(b'\n', &bytes);
            skipping = found.is_none();
            let end = found.unwrap_or(bytes.len());
            bytes.drain(STUB.min(end)..end);
        }
        let is_last = !matches!(ended, Ok(count) if count > 0);
        match memchr::memrchr(b'\n', &bytes) {
            _ if is_last => {}
            Some(end) => {
                left = spares.try_recv().unwrap_or_default();
                left.clear();
                left.extend_from_slice(&bytes[end + 1..]);
                bytes.truncate(end + 1);
            }
            None if bytes.len() >= LONGEST => {
                bytes.truncate(STUB);
                left = bytes;
                skipping = true;
                continue;
            }
            None => {
                left = bytes;
                continue;
            }
        }
        let is_open = bytes.last().is_some_and(|byte| *byte != b'\n');
        let lines = memchr::memchr_iter(b'\n', &bytes).count() as u64 + u64::from(is_open);
        if lines > 0 {
            // Counted back from the end, because a line that is too long has lost bytes.
            let offset = read.saturating_sub((left.len() + bytes.len()) as u64);
            if !take(Chunk { offset, first_line: line, bytes, lines }) {
                return Ok(());
            }
            line += lines;
        }
        if is_last {
            return ended.map(|_| ());
        }
    }
}

/// How the lines of a log are read.
#[derive(Clone, Copy)]
struct LogReader<'a> {
    format: Format,
    name: &'a str,
    options: &'a Options<'a>,
    known: &'a Known,
    /// The log can be read again.
    rereads: bool,
}

impl LogReader<'_> {
    fn read_chunk(self, chunk: &Chunk, alike: &mut Alike) -> Outcomes {
        let mut result = Outcomes { lines: chunk.lines, ..Outcomes::default() };
        let success = if self.format == Format::S3Log { s3_log::success } else { cos_log::success };
        let every = self.options.successes || !self.known.is_empty();
        let mut start = 0;
        let mut number = chunk.first_line;
        while start < chunk.bytes.len() {
            let rest = &chunk.bytes[start..];
            let found = memchr::memchr(b'\n', rest);
            let whole = &rest[..found.unwrap_or(rest.len())];
            let line = whole.strip_suffix(b"\r").unwrap_or(whole);
            let is_fine = !every && found.is_some() && success(line).is_some();
            if is_fine || line.iter().all(u8::is_ascii_whitespace) {
                result.passed += 1;
            } else {
                let offset = chunk.offset + start as u64;
                let is_place = self.rereads && found.is_some() && offset < LogLine::OFFSETS;
                if let Some(failure) = self.read(line, number, is_place.then_some(&mut *alike), &mut result) {
                    result.records.push(failure);
                    result.places.push(is_place.then(|| LogLine::new(offset, whole)));
                }
            }
            start += found.map_or(rest.len(), |at| at + 1);
            number += 1;
        }
        result
    }

    /// Returns what a line came to, or counts the line in `result`. Without `alike` it has a record of its own.
    fn read(
        self,
        line: &[u8],
        number: u64,
        mut alike: Option<&mut Alike>,
        result: &mut Outcomes,
    ) -> Option<Occurrence> {
        let Some(seen) = log_file::seen(self.format, line) else {
            result.unparsed.push(number);
            return None;
        };
        if result.odd.is_none() && std::str::from_utf8(line).is_err() {
            result.odd = Some(number);
        }
        if let Some(place) = seen.request_id.as_deref().and_then(|id| self.known.get(id)) {
            result.hits.push(Hit::new(*place, seen));
            return None;
        }
        let likeness = match &mut alike {
            Some(alike) => alike.likeness(&seen, self.options.clean),
            None => Likeness::Unlike,
        };
        if let Likeness::Shared(occurrence) = likeness {
            return Some(occurrence);
        }
        let mut record = access::record(seen, self.name, number);
        if record.outcome == Outcome::Failure || self.options.successes {
            (self.options.finish)(&mut record);
            let record = Arc::new(record);
            if let (Some(alike), Likeness::First(kind)) = (alike, likeness) {
                alike.keep(kind, &record);
            }
            return Some(record.into());
        }
        result.passed += 1;
        None
    }
}

/// Counts and hands on what the chunks came to, in their order.
fn collect(read: &[Receiver<Outcomes>], job: &mut Job<'_, '_>, joins: &mut Option<&mut Joins>) {
    for read in read.iter().cycle() {
        let Ok(result) = read.recv() else { return };
        take_result(result, job, joins);
        if job.out.stopped {
            return;
        }
    }
}

fn take_result(result: Outcomes, job: &mut Job<'_, '_>, joins: &mut Option<&mut Joins>) {
    let totals = &mut job.totals;
    let failures = result.records.iter().filter(|failure| failure.record.outcome == Outcome::Failure).count() as u64;
    let successes = result.records.len() as u64 - failures;
    totals.rows += failures;
    totals.row_lines += failures;
    totals.passed += result.passed + successes;
    totals.joined += result.hits.len() as u64;
    totals.read += result.lines - result.unparsed.len() as u64;
    for line in result.unparsed {
        totals.unparsed(line);
    }
    if let Some(line) = result.odd {
        totals.odd(line);
    }
    if let Some(joins) = joins {
        for hit in result.hits {
            joins.add(hit);
        }
    }
    for (record, place) in result.records.into_iter().zip(result.places) {
        job.out.push_at(record, place);
    }
    job.out.progress(job.name, job.totals.read);
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Fails.
    struct Broken;

    impl Read for Broken {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Err(io::ErrorKind::BrokenPipe.into())
        }
    }

    #[test]
    fn chunks_are_where_they_say_until_a_read_fails() {
        let text: Vec<u8> = (0..40_000).flat_map(|number| format!("{number}\n").into_bytes()).collect();
        let (_sender, spares) = channel();
        let mut chunks = Vec::new();
        let ended = feed(Box::new(io::Cursor::new(text.clone()).chain(Broken)), 3, &spares, |chunk| {
            chunks.push(chunk);
            true
        });
        assert_eq!(ended.map_err(|error| error.kind()), Err(io::ErrorKind::BrokenPipe));
        assert!(chunks.len() > 1);
        let mut end = 3;
        for chunk in &chunks {
            assert_eq!(chunk.offset, end);
            let first = chunk.bytes.split(|byte| *byte == b'\n').next().unwrap_or_default();
            assert_eq!(first, (chunk.first_line - 1).to_string().as_bytes());
            end += chunk.bytes.len() as u64;
        }
        assert_eq!(end, 3 + text.len() as u64);
    }
}
