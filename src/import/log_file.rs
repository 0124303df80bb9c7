//! An access log whose lines can be parsed again later, so that their records need not be kept.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom};
use std::sync::{Mutex, PoisonError};

use super::access::{self, AccessLogEntry};
use super::detect::Format;
use super::lines::LONGEST;
use super::{cos_log, s3_log};
use crate::domain::log_line::LogLine;
use crate::domain::record::Record;

/// Bytes that are read at once: most chunks and their next line need one or two reads.
const BUFFER: usize = 64 * 1024;

/// An access log on disk.
#[derive(Debug)]
pub struct LogFile {
    name: String,
    format: Format,
    file: Mutex<File>,
    starts: Mutex<Vec<Start>>,
}

/// The start of a line.
#[derive(Clone, Copy, Debug)]
struct Start {
    /// Its first byte, counted from the start of the file.
    offset: u64,
    /// Its number, from 1.
    line: u64,
}

impl LogFile {
    /// A log of one of the formats of access logs.
    #[must_use]
    pub fn new(file: File, name: &str, format: Format) -> Self {
        Self { name: name.to_owned(), format, file: Mutex::new(file), starts: Mutex::default() }
    }

    /// Remembers the start of a line, in file order. Line numbers are counted from the nearest start.
    pub fn line_begins(&self, offset: u64, line: u64) {
        self.starts.lock().unwrap_or_else(PoisonError::into_inner).push(Start { offset, line });
    }

    /// Parses a line again. The record still contains whatever secrets the log contains.
    ///
    /// # Errors
    /// The file cannot be read, or, as `InvalidData`, another line is there now.
    pub fn record(&self, at: LogLine) -> io::Result<Record> {
        let start = {
            let starts = self.starts.lock().unwrap_or_else(PoisonError::into_inner);
            let next = starts.partition_point(|start| start.offset <= at.offset);
            next.checked_sub(1).map(|last| starts[last]).ok_or_else(changed)?
        };
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        file.seek(SeekFrom::Start(start.offset))?;
        let mut file = BufReader::with_capacity(BUFFER, &mut *file);
        let mut before = Vec::new();
        file.by_ref().take(at.offset - start.offset).read_to_end(&mut before)?;
        let number = start.line + memchr::memchr_iter(b'\n', &before).count() as u64;
        let mut line = Vec::new();
        file.take(2 * LONGEST as u64).read_until(b'\n', &mut line)?;
        let line = line.strip_suffix(b"\n").unwrap_or(&line);
        if LogLine::new(at.offset, line) != at {
            return Err(changed());
        }
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        seen(self.format, line).map(|seen| access::record(seen, &self.name, number)).ok_or_else(changed)
    }
}

/// Parses a line of an access log. Returns `None` if it is not one.
pub fn seen(format: Format, line: &[u8]) -> Option<AccessLogEntry<'_>> {
    if format == Format::S3Log { s3_log::seen(line) } else { cos_log::seen(line) }
}

fn changed() -> io::Error {
    io::ErrorKind::InvalidData.into()
}
