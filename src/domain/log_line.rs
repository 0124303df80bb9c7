//! A line of a log that can be read again.

/// Where a line of a log is, and what tells that it is still the same line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LogLine {
    /// Bytes of the file before it.
    pub offset: u64,
    /// A part of its checksum.
    pub check: u16,
}

impl LogLine {
    /// That of these bytes, without their line feed.
    #[must_use]
    pub fn new(offset: u64, line: &[u8]) -> Self {
        Self { offset, check: (crc32fast::hash(line) & 0xffff) as u16 }
    }
}
