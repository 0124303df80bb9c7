//! JSON: an array, or an object a line. The fields are those of `assets/failure.schema.json`.

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde::Serialize;

use super::record_writer::RecordWriter;
use super::told::ToldRecord;
use crate::domain::record::Record;
use crate::i18n::Language;
use crate::text::sanitize::is_unsafe_char;

/// As many bytes as most records take.
const USUAL: usize = 8 * 1024;

/// Writes a value as JSON in which every character that a terminal might obey is `\u`-escaped: the
/// data stays whole, and printing it is safe.
///
/// # Errors
/// When the output cannot be written.
pub fn write(out: &mut impl Write, value: &impl Serialize, pretty: bool) -> io::Result<()> {
    let mut json = Vec::with_capacity(USUAL);
    if pretty {
        serde_json::to_writer_pretty(&mut json, value)?;
    } else {
        serde_json::to_writer(&mut json, value)?;
    }
    // Nearly all is plain; without a way out of the loop it is done many bytes at once.
    if json.iter().fold(true, |plain, byte| plain & ((b' '..0x7f).contains(byte) || *byte == b'\n')) {
        return out.write_all(&json);
    }
    let json = String::from_utf8(json).map_err(io::Error::other)?;
    // No text in JSON holds a line feed as it is: each is one between the lines.
    let is_unsafe = |c: char| c != '\n' && is_unsafe_char(c);
    for part in json.split_inclusive(is_unsafe) {
        let Some(last) = part.chars().next_back().filter(|c| is_unsafe(*c)) else {
            out.write_all(part.as_bytes())?;
            continue;
        };
        out.write_all(&part.as_bytes()[..part.len() - last.len_utf8()])?;
        for unit in last.encode_utf16(&mut [0; 2]) {
            write!(out, "\\u{unit:04x}")?;
        }
    }
    Ok(())
}

/// A record as one line of JSON.
#[must_use]
pub fn line(record: &Record, language: Language) -> String {
    let mut bytes = Vec::new();
    // Writing into memory cannot fail, and a record has no keys that JSON could not hold.
    let _ = write(&mut bytes, &ToldRecord::of(record, language), false);
    String::from_utf8_lossy(&bytes).into_owned()
}

/// One array, in the order of the records' numbers. What comes in order is written at once; what comes too
/// early, or after a number that never comes since its request succeeded, is held until the end.
pub struct Array<W> {
    out: W,
    language: Language,
    held: BTreeMap<(u32, usize), Record>,
    next: u32,
    taken: usize,
    written: usize,
}

impl<W: Write> Array<W> {
    /// An array to `out`, its verdicts in a language.
    pub fn new(out: W, language: Language) -> Self {
        Self { out, language, held: BTreeMap::new(), next: 1, taken: 0, written: 0 }
    }

    fn element(&mut self, record: &Record) -> io::Result<()> {
        let mut element = Vec::new();
        write(&mut element, &ToldRecord::of(record, self.language), true)?;
        self.out.write_all(if self.written == 0 { b"[" } else { b"," })?;
        // No text in JSON holds a line feed as it is, so every one begins a line to be indented.
        for line in element.split(|byte| *byte == b'\n') {
            self.out.write_all(b"\n  ")?;
            self.out.write_all(line)?;
        }
        self.written += 1;
        Ok(())
    }
}

impl<W: Write> RecordWriter for Array<W> {
    fn record(&mut self, record: &Record) -> io::Result<()> {
        self.taken += 1;
        if record.id != self.next {
            self.held.insert((record.id, self.taken), record.clone());
            return Ok(());
        }
        self.element(record)?;
        self.next = self.next.saturating_add(1);
        while let Some(waiting) = self.held.first_entry().filter(|first| first.key().0 <= self.next) {
            let ((id, _), record) = waiting.remove_entry();
            self.element(&record)?;
            self.next = self.next.max(id.saturating_add(1));
        }
        Ok(())
    }

    fn finish(&mut self) -> io::Result<()> {
        for record in std::mem::take(&mut self.held).into_values() {
            self.element(&record)?;
        }
        self.out.write_all(if self.written == 0 { b"[]\n" } else { b"\n]\n" })
    }
}

/// One object a line.
pub struct NdjsonWriter<W> {
    out: W,
    language: Language,
    line: Vec<u8>,
}

impl<W: Write> NdjsonWriter<W> {
    /// Lines to `out`, their verdicts in a language.
    pub fn new(out: W, language: Language) -> Self {
        Self { out, language, line: Vec::new() }
    }
}

impl<W: Write> RecordWriter for NdjsonWriter<W> {
    fn record(&mut self, record: &Record) -> io::Result<()> {
        self.line.clear();
        write(&mut self.line, &ToldRecord::of(record, self.language), false)?;
        self.line.push(b'\n');
        self.out.write_all(&self.line)?;
        self.out.flush()
    }

    fn finish(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_array_is_in_order_whatever_comes_first() {
        let record = |id| Record { id, ..Record::imported("import:x:1".to_owned(), jiff::Timestamp::UNIX_EPOCH) };
        for order in [vec![], vec![1], vec![3, 1, 2, 7, 5, 5, 1], vec![2, 4, 3]] {
            let mut out = Vec::new();
            let mut array = Array::new(&mut out, Language::En);
            for id in &order {
                array.record(&record(*id)).expect("written");
            }
            array.finish().expect("written");
            let mut sorted: Vec<_> = order.iter().map(|id| record(*id)).collect();
            sorted.sort_by_key(|record| record.id);
            let mut whole = Vec::new();
            let told: Vec<_> = sorted.iter().map(|record| ToldRecord::of(record, Language::En)).collect();
            write(&mut whole, &told, true).expect("written");
            let got: Vec<Record> = serde_json::from_slice(&out).expect("JSON");
            assert_eq!(got.len(), order.len());
            if order.iter().filter(|id| **id == 1).count() < 2 {
                assert_eq!(String::from_utf8_lossy(&out).trim_end(), String::from_utf8_lossy(&whole));
            }
        }
    }

    proptest! {
        #[test]
        fn nothing_hostile_is_written_and_nothing_is_lost(text in any::<String>(), pretty: bool) {
            let mut out = Vec::new();
            write(&mut out, &text, pretty).expect("written");
            let json = String::from_utf8(out).expect("UTF-8");
            prop_assert!(!json.contains(is_unsafe_char));
            prop_assert_eq!(serde_json::from_str::<String>(&json).expect("JSON"), text);
        }
    }
}
