//! Opening a file so that what follows sees UTF-8 text: gzip, UTF-16 and GBK are undone by content, and
//! binary data is refused.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Cursor, Read};
use std::path::Path;

use encoding_rs::{Encoding, GBK, UTF_8, UTF_16BE, UTF_16LE};
use encoding_rs_io::DecodeReaderBytesBuilder;
use flate2::bufread::MultiGzDecoder;

use super::Format;
use super::detect::detect;
use super::remark::{FileError, FileFlaw, FileRemark};

/// Bytes from which the format is recognised.
const HEAD: usize = 64 * 1024;

/// The length in bytes from which a file is opened a second time. What is read of a shorter one takes little memory, and
/// a change of the file cannot affect it.
const LARGE: u64 = 16 * 1024 * 1024;
/// The byte order mark of UTF-8.
const UTF8_MARK: &[u8] = b"\xEF\xBB\xBF";

/// A stream of bytes that may be handed to another thread.
pub type Input = Box<dyn Read + Send>;

/// Whether a file can be opened; `-`, standard input, always.
///
/// # Errors
/// When it cannot.
pub fn readable(path: &Path) -> Result<(), FileError> {
    if path.as_os_str() == "-" { Ok(()) } else { file(path).map(drop) }
}

fn file(path: &Path) -> Result<File, FileError> {
    let of = |flaw| FileError { file: path.display().to_string(), flaw };
    let failed = |error: io::Error| of(FileFlaw::Io(error.into()));
    if std::fs::metadata(path).map_err(failed)?.is_dir() {
        return Err(of(FileFlaw::Directory));
    }
    File::open(path).map_err(failed)
}

/// A file that can be read, and what it is.
pub struct Opened {
    /// As given.
    pub name: String,
    pub format: Format,
    pub input: Input,
    /// The first byte of the text in the file; `None` if the file is compressed or in another encoding.
    pub begins: Option<u64>,
    /// The same file once more, if it is a regular file of at least 16 MiB.
    pub again: Option<File>,
    /// What the person should know about it.
    pub remarks: Vec<FileRemark>,
}

impl Opened {
    /// Opens a file; `-` is standard input.
    pub fn open(path: &Path, format: Option<Format>) -> Result<Self, FileError> {
        let name = path.display().to_string();
        if name == "-" {
            return Self::of(name, Box::new(io::stdin()), format);
        }
        let opened = Self::of(name, Box::new(file(path)?), format)?;
        // A pipe can be read only once.
        let is_large = path.metadata().is_ok_and(|file| file.is_file() && file.len() >= LARGE);
        Ok(Self { again: is_large.then(|| file(path).ok()).flatten(), ..opened })
    }

    /// The same of bytes that are there already.
    pub fn of(name: String, raw: Input, format: Option<Format>) -> Result<Self, FileError> {
        let of = |flaw| FileError { file: name.clone(), flaw };
        let failed = |error: io::Error| of(FileFlaw::Io(error.into()));
        let mut remarks = Vec::new();
        let mut raw = BufReader::with_capacity(HEAD, raw);
        let is_gzip = raw.fill_buf().map_err(failed)?.starts_with(&[0x1f, 0x8b]);
        let mut input: Input = if is_gzip { Box::new(MultiGzDecoder::new(raw)) } else { Box::new(raw) };
        if !is_gzip && Path::new(&name).extension().is_some_and(|extension| extension.eq_ignore_ascii_case("gz")) {
            remarks.push(FileRemark::NotGzip);
        }
        let mut begins = (!is_gzip).then_some(0);
        let mut head = Vec::new();
        // A gzip that breaks at once has no head; one that breaks later is reported then.
        if let Err(error) = input.by_ref().take(HEAD as u64).read_to_end(&mut head)
            && head.is_empty()
        {
            return Err(of(FileFlaw::Gzip(error.into())));
        }
        if let Some(encoding) = encoding(&head) {
            remarks.push(FileRemark::Encoding(if encoding == GBK { "GBK" } else { "UTF-16" }));
            begins = None;
            let raw = Cursor::new(head).chain(input);
            input = Box::new(DecodeReaderBytesBuilder::new().encoding(Some(encoding)).build(raw));
            head = Vec::new();
            input.by_ref().take(HEAD as u64).read_to_end(&mut head).map_err(failed)?;
        }
        if head.starts_with(UTF8_MARK) {
            head.drain(..UTF8_MARK.len());
            begins = begins.map(|begins| begins + UTF8_MARK.len() as u64);
        }
        if let Some(flaw) = not_text(&head) {
            return Err(of(flaw));
        }
        let format = format.unwrap_or_else(|| detect(&head));
        Ok(Self { name, format, input: Box::new(Cursor::new(head).chain(input)), begins, again: None, remarks })
    }
}

/// What binary bytes are.
fn not_text(head: &[u8]) -> Option<FileFlaw> {
    let kinds: [(&[u8], FileFlaw); 5] = [
        (b"PK\x03\x04", FileFlaw::Zip),
        (b"\x28\xb5\x2f\xfd", FileFlaw::Zstd),
        (b"\xfd7zXZ\0", FileFlaw::Xz),
        (b"BZh", FileFlaw::Bzip2),
        (b"SQLite format 3\0", FileFlaw::Sqlite),
    ];
    if let Some((_, kind)) = kinds.into_iter().find(|(magic, _)| head.starts_with(magic)) {
        return Some(kind);
    }
    let zeros = memchr::memchr_iter(0, head).count();
    (zeros * 100 > head.len()).then_some(FileFlaw::Binary)
}

/// What the text is written in, if it is not UTF-8.
fn encoding(head: &[u8]) -> Option<&'static Encoding> {
    let marked = Encoding::for_bom(head).map(|(encoding, _)| encoding).filter(|encoding| *encoding != UTF_8);
    marked.or_else(|| utf16(head)).or_else(|| is_gbk(head).then_some(GBK))
}

/// UTF-16 without a mark, by the zeros that Latin text has in every second byte.
fn utf16(head: &[u8]) -> Option<&'static Encoding> {
    let zeros = |skip: usize| head.iter().skip(skip).step_by(2).take(512).filter(|byte| **byte == 0).count();
    let half = (head.len() / 2).min(512);
    match (zeros(0), zeros(1)) {
        (0, odd) if half >= 8 && odd * 10 > half * 9 => Some(UTF_16LE),
        (even, 0) if half >= 8 && even * 10 > half * 9 => Some(UTF_16BE),
        _ => None,
    }
}

/// Whether whole lines are GBK throughout, in words of several characters, and far from UTF-8: a file with a few broken
/// bytes is not, nor one with a single letter of Latin 1.
fn is_gbk(head: &[u8]) -> bool {
    let lines = memchr::memrchr(b'\n', head).map_or(head, |end| &head[..end]);
    let Some(text) = GBK.decode_without_bom_handling_and_without_replacement(lines) else { return false };
    let alone = |word: &&str| word.chars().count() == 1;
    let words = || text.split(|c: char| c.is_ascii()).filter(|word| !word.is_empty());
    let read_as_utf8 = String::from_utf8_lossy(lines);
    let broken = read_as_utf8.matches(char::REPLACEMENT_CHARACTER).count();
    let understood = read_as_utf8.chars().filter(|c| !c.is_ascii()).count() - broken;
    broken > understood && words().filter(alone).count() * 2 < words().count()
}
