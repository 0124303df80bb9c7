//! The position of a line in a log.

/// The position of a line in a log file, with a checksum that detects a changed line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LogLine {
    /// The line's first byte, counted from the start of the file.
    pub offset: u64,
    /// The low 16 bits of the line's CRC-32, without its line feed.
    pub check: u16,
}

impl LogLine {
    /// Offsets of lines that are read again are below this: 40 bits are left for them.
    pub const OFFSETS: u64 = 1 << 40;

    /// The position of `line`, which has no line feed.
    #[must_use]
    pub fn new(offset: u64, line: &[u8]) -> Self {
        Self { offset, check: (crc32fast::hash(line) & 0xffff) as u16 }
    }
}
