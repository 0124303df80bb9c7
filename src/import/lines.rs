//! Lines of a stream, capped: what is longer than any honest line is counted and dropped.

use std::io::{self, BufRead, BufReader, Read};

/// The longest line that is kept.
pub const LONGEST: usize = 1 << 20;

/// Reads lines.
pub struct LineReader<R> {
    input: BufReader<R>,
    longest: usize,
    /// The number of the line that was read last, from 1.
    pub number: u64,
}

/// How a line ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// With a line feed.
    Whole,
    /// With the file.
    Cut,
    /// It was too long; its beginning is there.
    TooLong,
}

impl<R: Read> LineReader<R> {
    pub fn new(input: R) -> Self {
        Self::capped(input, LONGEST)
    }

    pub fn capped(input: R, longest: usize) -> Self {
        Self { input: BufReader::with_capacity(64 * 1024, input), longest, number: 0 }
    }

    /// Reads the next line into `line`, without its end. `None` at the end of the file.
    pub fn next(&mut self, line: &mut Vec<u8>) -> io::Result<Option<End>> {
        line.clear();
        let mut end = End::Cut;
        let mut is_there = false;
        loop {
            let bytes = match self.input.fill_buf() {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                other => other?,
            };
            if bytes.is_empty() {
                break;
            }
            if !is_there {
                is_there = true;
                self.number += 1;
            }
            let found = memchr::memchr(b'\n', bytes);
            let part = &bytes[..found.unwrap_or(bytes.len())];
            let room = self.longest - line.len();
            line.extend_from_slice(&part[..part.len().min(room)]);
            if part.len() > room {
                end = End::TooLong;
            }
            let used = found.map_or(bytes.len(), |at| at + 1);
            self.input.consume(used);
            if found.is_some() {
                if end == End::Cut {
                    end = End::Whole;
                }
                break;
            }
        }
        if line.last() == Some(&b'\r') {
            line.pop();
        }
        Ok(is_there.then_some(end))
    }
}
