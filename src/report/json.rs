//! JSON: an array, or an object a line. The fields are those of `assets/failure.schema.json`.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::ser::{CompactFormatter, Formatter, PrettyFormatter, Serializer};

use super::Report;
use crate::domain::record::Record;
use crate::domain::text::is_hostile;

/// Writes a value as JSON in which every character that a terminal might obey is `\u`-escaped: the
/// data stays whole, and printing it is safe.
///
/// # Errors
/// When the output cannot be written.
pub fn write(out: &mut impl Write, value: &impl Serialize, pretty: bool) -> io::Result<()> {
    if pretty {
        value.serialize(&mut Serializer::with_formatter(out, Escaping(PrettyFormatter::new()))).map_err(io::Error::from)
    } else {
        value.serialize(&mut Serializer::with_formatter(out, Escaping(CompactFormatter))).map_err(io::Error::from)
    }
}

/// A record as one line of JSON.
#[must_use]
pub fn line(record: &Record) -> String {
    let mut bytes = Vec::new();
    // Writing into memory cannot fail, and a record has no keys that JSON could not hold.
    let _ = write(&mut bytes, record, false);
    String::from_utf8_lossy(&bytes).into_owned()
}

/// One array.
pub struct Array<W> {
    out: W,
    records: Vec<Record>,
}

impl<W: Write> Array<W> {
    /// An array to `out`.
    pub fn new(out: W) -> Self {
        Self { out, records: Vec::new() }
    }
}

impl<W: Write> Report for Array<W> {
    fn record(&mut self, record: &Record) -> io::Result<()> {
        self.records.push(record.clone());
        Ok(())
    }

    fn finish(&mut self) -> io::Result<()> {
        self.records.sort_by_key(|record| record.id);
        write(&mut self.out, &self.records, true)?;
        writeln!(self.out)
    }
}

/// One object a line.
pub struct Lines<W> {
    out: W,
    line: Vec<u8>,
}

impl<W: Write> Lines<W> {
    /// Lines to `out`.
    pub fn new(out: W) -> Self {
        Self { out, line: Vec::new() }
    }
}

impl<W: Write> Report for Lines<W> {
    fn record(&mut self, record: &Record) -> io::Result<()> {
        self.line.clear();
        write(&mut self.line, record, false)?;
        self.line.push(b'\n');
        self.out.write_all(&self.line)?;
        self.out.flush()
    }

    fn finish(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

struct Escaping<F>(F);

macro_rules! forward {
    ($($name:ident $(, $argument:ident : $type:ty)*);* $(;)?) => {
        $(fn $name<W: ?Sized + Write>(&mut self, writer: &mut W $(, $argument: $type)*) -> io::Result<()> {
            self.0.$name(writer $(, $argument)*)
        })*
    };
}

impl<F: Formatter> Formatter for Escaping<F> {
    forward! {
        begin_array;
        end_array;
        begin_array_value, first: bool;
        end_array_value;
        begin_object;
        end_object;
        begin_object_key, first: bool;
        begin_object_value;
        end_object_value;
    }

    fn write_string_fragment<W: ?Sized + Write>(&mut self, writer: &mut W, fragment: &str) -> io::Result<()> {
        // Nearly all there is; without a way out of the loop it is done many bytes at once.
        let is_plain = fragment.bytes().fold(true, |plain, byte| plain & (b' '..0x7f).contains(&byte));
        if is_plain {
            return writer.write_all(fragment.as_bytes());
        }
        for part in fragment.split_inclusive(is_hostile) {
            let Some(last) = part.chars().next_back().filter(|c| is_hostile(*c)) else {
                writer.write_all(part.as_bytes())?;
                continue;
            };
            writer.write_all(&part.as_bytes()[..part.len() - last.len_utf8()])?;
            for unit in last.encode_utf16(&mut [0; 2]) {
                write!(writer, "\\u{unit:04x}")?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn nothing_hostile_is_written_and_nothing_is_lost(text in any::<String>(), pretty: bool) {
            let mut out = Vec::new();
            write(&mut out, &text, pretty).expect("written");
            let json = String::from_utf8(out).expect("UTF-8");
            prop_assert!(!json.contains(is_hostile));
            prop_assert_eq!(serde_json::from_str::<String>(&json).expect("JSON"), text);
        }
    }
}
