//! Records that cosdiag wrote: one a line, an array, or one value. Other JSON a line (an SDK's error
//! object) is read as the text that it is.

use std::io::{self, BufReader, Read};

use super::job::Job;
use super::source::Input;
use super::text;
use crate::domain::record::{Record, SCHEMA};

/// The longest value that is kept; a record holds 64 KiB of body.
pub const LONGEST: usize = 16 << 20;

/// Reads records.
pub fn read(input: Input, job: &mut Job<'_, '_>) -> io::Result<()> {
    let mut values = Values::new(input);
    let mut bytes = Vec::new();
    while let Some(found) = values.next(&mut bytes)? {
        match found {
            JsonToken::Value(line) => value(&bytes, line, job),
            JsonToken::Broken(line) => job.totals.unparsed(line),
        }
        if job.out.stopped {
            break;
        }
        if job.totals.read.is_multiple_of(1024) {
            job.out.progress(job.name, job.totals.read);
        }
    }
    Ok(())
}

fn value(bytes: &[u8], line: u64, job: &mut Job<'_, '_>) {
    if let Ok(mut record) = serde_json::from_slice::<Record>(bytes)
        && record.schema == SCHEMA
    {
        record.source = job.source(line).into();
        return job.take(record, 1);
    }
    let text = String::from_utf8_lossy(bytes);
    let text = (job.options.clean)(&text);
    match text::first(&text, &job.source(line), job.options.now) {
        Some(record) if record.error.code.is_some() || record.request_id.is_some() => job.take(record, 1),
        _ => job.totals.unparsed(line),
    }
}

/// What was found in a stream of JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JsonToken {
    /// A value that begins in this line.
    Value(u64),
    /// Text that begins in this line and is not a value, or a value that is cut off.
    Broken(u64),
}

/// Walks over a stream of JSON without holding more than one value of it.
pub struct Values<R> {
    input: io::Bytes<BufReader<R>>,
    peeked: Option<u8>,
    /// The line that is being read, from 1.
    pub line: u64,
    /// A value so far held its line feeds only at its end: one a line, so that a torn one ends there.
    is_lines: Option<bool>,
}

impl<R: Read> Values<R> {
    pub fn new(input: R) -> Self {
        Self { input: BufReader::with_capacity(64 * 1024, input).bytes(), peeked: None, line: 1, is_lines: None }
    }

    fn byte(&mut self) -> io::Result<Option<u8>> {
        let byte = match self.peeked.take() {
            Some(byte) => Some(byte),
            None => self.input.next().transpose()?,
        };
        self.line += u64::from(byte == Some(b'\n'));
        Ok(byte)
    }

    /// Gives a byte back, to be read again.
    pub fn put_back(&mut self, byte: u8) {
        self.line -= u64::from(byte == b'\n');
        self.peeked = Some(byte);
    }

    /// The next byte that is not whitespace.
    pub fn solid(&mut self) -> io::Result<Option<u8>> {
        loop {
            match self.byte()? {
                Some(byte) if byte.is_ascii_whitespace() => {}
                other => return Ok(other),
            }
        }
    }

    /// The next object among values, arrays of them, and commas. At the end `None`.
    pub fn next(&mut self, bytes: &mut Vec<u8>) -> io::Result<Option<JsonToken>> {
        loop {
            let Some(byte) = self.solid()? else { return Ok(None) };
            let line = self.line;
            match byte {
                b',' | b'[' | b']' => {}
                b'{' => {
                    self.put_back(byte);
                    let stop_at_line = self.is_lines == Some(true);
                    let whole = self.collect(bytes, stop_at_line)?;
                    self.is_lines = self.is_lines.or(Some(self.line == line));
                    return Ok(Some(if whole { JsonToken::Value(line) } else { JsonToken::Broken(line) }));
                }
                _ => {
                    self.skip_line()?;
                    return Ok(Some(JsonToken::Broken(line)));
                }
            }
        }
    }

    fn skip_line(&mut self) -> io::Result<()> {
        while let Some(byte) = self.byte()? {
            if byte == b'\n' {
                self.put_back(byte);
                break;
            }
        }
        Ok(())
    }

    /// Reads one value whole. False when it is cut off, torn by a line feed, or too long to keep.
    pub fn collect(&mut self, bytes: &mut Vec<u8>, stop_at_line: bool) -> io::Result<bool> {
        bytes.clear();
        let (mut depth, mut in_string, mut escaped, mut kept) = (0u32, false, false, true);
        while let Some(byte) = self.byte()? {
            // No JSON text holds a bare line feed inside a string.
            if byte == b'\n' && (in_string || (stop_at_line && depth > 0)) {
                self.put_back(byte);
                return Ok(false);
            }
            if depth == 0 && !in_string && !bytes.is_empty() && matches!(byte, b',' | b']' | b'}') {
                self.put_back(byte);
                return Ok(kept);
            }
            kept &= bytes.len() < LONGEST;
            if kept {
                bytes.push(byte);
            }
            match byte {
                _ if escaped => escaped = false,
                b'\\' if in_string => escaped = true,
                b'"' => in_string = !in_string,
                _ if in_string => {}
                b'{' | b'[' => depth += 1,
                b'}' | b']' => depth = depth.saturating_sub(1),
                _ => {}
            }
            let is_closed = matches!(byte, b'}' | b']' | b'"') && !in_string && depth == 0;
            if is_closed {
                return Ok(kept);
            }
        }
        Ok(false)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<(bool, u64, String)> {
        let mut values = Values::new(text.as_bytes());
        let mut bytes = Vec::new();
        let mut all = Vec::new();
        while let Some(one) = values.next(&mut bytes).expect("readable") {
            let (whole, line) = match one {
                JsonToken::Value(line) => (true, line),
                JsonToken::Broken(line) => (false, line),
            };
            all.push((whole, line, String::from_utf8_lossy(&bytes).into_owned()));
        }
        all
    }

    #[test]
    fn values_are_told_apart_and_torn_ones_end() {
        let places = |text: &str| found(text).into_iter().map(|(whole, line, _)| (whole, line)).collect::<Vec<_>>();
        assert_eq!(places("{\"a\":\"}\"}\n{\"b\":{\"c\":[1]}}\n"), [(true, 1), (true, 2)]);
        assert_eq!(places("[\n  {\n \"a\": 1\n },\n {\"b\":2}\n]\n"), [(true, 2), (true, 5)]);
        assert_eq!(places("{\"a\":1}\n{\"b\":{\n{\"c\":3}\n"), [(true, 1), (false, 2), (true, 3)]);
        assert_eq!(places("{\"a\":1}\n{\"b\":\"x\n{\"c\":3}"), [(true, 1), (false, 2), (true, 3)]);
        assert_eq!(places("{\"a\":1}\nnoise\n{\"c\":3"), [(true, 1), (false, 2), (false, 3)]);
        assert_eq!(found("[{\"a\":\"\\\"]\"}]")[0].2, "{\"a\":\"\\\"]\"}");
    }
}
