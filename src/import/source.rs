//! Opening a file so that what follows sees UTF-8 text: gzip and UTF-16 are undone by content, and
//! what is no text at all is refused in one line.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Cursor, Read};
use std::path::Path;

use flate2::bufread::MultiGzDecoder;

use super::Format;
use super::detect::detect;

/// Bytes that the format is told from.
const HEAD: usize = 64 * 1024;

/// A stream of bytes that may be handed to another thread.
pub type Input = Box<dyn Read + Send>;

/// Whether a file can be opened; `-`, standard input, always.
///
/// # Errors
/// One line that names the file and says what is wrong with it.
pub fn readable(path: &Path) -> Result<(), String> {
    if path.as_os_str() == "-" { Ok(()) } else { file(path).map(drop) }
}

fn file(path: &Path) -> Result<File, String> {
    let name = path.display();
    let failed = |error: io::Error| format!("{name}: {error}");
    if std::fs::metadata(path).map_err(failed)?.is_dir() {
        return Err(format!("{name}: is a directory; name the files in it, such as {name}/*"));
    }
    File::open(path).map_err(failed)
}

/// A file that can be read, and what it is.
pub struct Opened {
    /// As given.
    pub name: String,
    pub format: Format,
    pub input: Input,
    /// What the person should know about it.
    pub notes: Vec<String>,
}

impl Opened {
    /// Opens a file; `-` is standard input. An error is one line that names the file.
    pub fn open(path: &Path, format: Option<Format>) -> Result<Self, String> {
        let name = path.display().to_string();
        let raw: Input = if name == "-" { Box::new(io::stdin()) } else { Box::new(file(path)?) };
        Self::of(name, raw, format)
    }

    /// The same of bytes that are there already.
    pub fn of(name: String, raw: Input, format: Option<Format>) -> Result<Self, String> {
        let words = |error: io::Error| format!("{name}: {error}");
        let mut notes = Vec::new();
        let mut raw = BufReader::with_capacity(HEAD, raw);
        let is_gzip = raw.fill_buf().map_err(words)?.starts_with(&[0x1f, 0x8b]);
        let mut input: Input = if is_gzip { Box::new(MultiGzDecoder::new(raw)) } else { Box::new(raw) };
        if !is_gzip && Path::new(&name).extension().is_some_and(|extension| extension.eq_ignore_ascii_case("gz")) {
            notes.push(format!("{name}: is no gzip in spite of its name; it is read as it is"));
        }
        let mut head = Vec::new();
        // A gzip that breaks at once has no head; what breaks later is said when it does.
        if let Err(error) = input.by_ref().take(HEAD as u64).read_to_end(&mut head)
            && head.is_empty()
        {
            return Err(format!("{name}: gzip that cannot be unpacked: {error}"));
        }
        if let Some(order) = Order::of(&head) {
            notes.push(format!("{name}: UTF-16, read as such"));
            input = Box::new(Utf16::new(Cursor::new(head).chain(input), order));
            head = Vec::new();
            input.by_ref().take(HEAD as u64).read_to_end(&mut head).map_err(words)?;
        }
        if head.starts_with(b"\xEF\xBB\xBF") {
            head.drain(..3);
        }
        if let Some(kind) = not_text(&head) {
            return Err(format!("{name}: {kind}"));
        }
        let format = format.unwrap_or_else(|| detect(&head));
        Ok(Self { name, format, input: Box::new(Cursor::new(head).chain(input)), notes })
    }
}

/// What bytes are that are no text.
fn not_text(head: &[u8]) -> Option<&'static str> {
    let kinds: [(&[u8], &str); 5] = [
        (b"PK\x03\x04", "a zip archive; unpack it and name the files in it"),
        (b"\x28\xb5\x2f\xfd", "zstd data; unpack it first (zstd -dc FILE | cosdiag import -)"),
        (b"\xfd7zXZ\0", "xz data; unpack it first (xz -dc FILE | cosdiag import -)"),
        (b"BZh", "bzip2 data; unpack it first (bzip2 -dc FILE | cosdiag import -)"),
        (b"SQLite format 3\0", "an SQLite database; cosdiag history reads its own"),
    ];
    if let Some((_, kind)) = kinds.iter().find(|(magic, _)| head.starts_with(magic)) {
        return Some(kind);
    }
    let zeros = memchr::memchr_iter(0, head).count();
    (zeros * 100 > head.len()).then_some("binary data, not a log")
}

/// The order of the two bytes of a UTF-16 unit.
#[derive(Clone, Copy)]
enum Order {
    Little,
    Big,
}

impl Order {
    /// By the mark, or by the zeros that Latin text has in every second byte.
    fn of(head: &[u8]) -> Option<Self> {
        match head {
            [0xFF, 0xFE, ..] => return Some(Self::Little),
            [0xFE, 0xFF, ..] => return Some(Self::Big),
            _ => {}
        }
        let zeros = |skip: usize| head.iter().skip(skip).step_by(2).take(512).filter(|byte| **byte == 0).count();
        let half = (head.len() / 2).min(512);
        match (zeros(0), zeros(1)) {
            (0, odd) if half >= 8 && odd * 10 > half * 9 => Some(Self::Little),
            (even, 0) if half >= 8 && even * 10 > half * 9 => Some(Self::Big),
            _ => None,
        }
    }
}

/// Reads UTF-16 as UTF-8.
struct Utf16<R> {
    input: BufReader<R>,
    order: Order,
    high: Option<u16>,
    ready: Vec<u8>,
    given: usize,
}

impl<R: Read> Utf16<R> {
    fn new(input: R, order: Order) -> Self {
        Self { input: BufReader::new(input), order, high: None, ready: Vec::new(), given: 0 }
    }

    fn refill(&mut self) -> io::Result<()> {
        let mut bytes = Vec::with_capacity(8192);
        self.input.by_ref().take(8192).read_to_end(&mut bytes)?;
        let units = bytes.chunks(2).map(|pair| match (pair, self.order) {
            ([a, b], Order::Little) => u16::from_le_bytes([*a, *b]),
            ([a, b], Order::Big) => u16::from_be_bytes([*a, *b]),
            // Half a unit: the file is cut.
            _ => 0xFFFD,
        });
        let mut units: Vec<u16> = self.high.take().into_iter().chain(units).collect();
        let is_high = |unit: &u16| (0xD800..0xDC00).contains(unit);
        if bytes.len() == 8192 && units.last().is_some_and(is_high) {
            self.high = units.pop();
        }
        let text: String =
            char::decode_utf16(units).map(|c| c.unwrap_or('\u{FFFD}')).filter(|c| *c != '\u{FEFF}').collect();
        self.ready = text.into_bytes();
        self.given = 0;
        Ok(())
    }
}

impl<R: Read> Read for Utf16<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.given == self.ready.len() {
            self.refill()?;
        }
        let left = &self.ready[self.given..];
        let count = left.len().min(into.len());
        into[..count].copy_from_slice(&left[..count]);
        self.given += count;
        Ok(count)
    }
}
