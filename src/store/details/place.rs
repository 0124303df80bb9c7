//! The places of rows' records.

use crate::domain::log_line::LogLine;

/// The place of a record. It has only eight bytes, because every row has one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place(u64);

/// The meaning of a [`Place`].
pub(super) enum At {
    /// In memory.
    Memory,
    /// In the temporary file: the first byte of its block, and its first byte in the unpacked block.
    Block { block: u64, inside: u64 },
    /// In the log of this number.
    Log { log: usize, line: LogLine },
}

impl Place {
    pub(super) const IN_MEMORY: Self = Self(u64::MAX);
    /// Bits for the position in the block.
    const INSIDE: u32 = 24;
    /// Log numbers are below this, so that no place in a log equals that of a record in memory.
    pub const LOGS: u8 = 127;
    /// A bit of the first byte, next to the log's number.
    const IS_IN_LOG: u8 = 0x80;

    pub(super) fn in_block(block: u64, inside: usize) -> Self {
        Self(block << Self::INSIDE | inside as u64)
    }

    /// Returns `None` if the log's number or the offset needs more bits than there are.
    pub(super) fn in_log(log: usize, line: LogLine) -> Option<Self> {
        let log = u8::try_from(log).ok().filter(|log| *log < Self::LOGS)?;
        let mut bytes = line.offset.to_be_bytes();
        if line.offset >= LogLine::OFFSETS {
            return None;
        }
        bytes[0] = Self::IS_IN_LOG | log;
        bytes[1..3].copy_from_slice(&line.check.to_be_bytes());
        Some(Self(u64::from_be_bytes(bytes)))
    }

    pub(super) fn at(self) -> At {
        let mut bytes = self.0.to_be_bytes();
        let [first, high, low, ..] = bytes;
        if self == Self::IN_MEMORY {
            At::Memory
        } else if first & Self::IS_IN_LOG == 0 {
            At::Block { block: self.0 >> Self::INSIDE, inside: self.0 & ((1 << Self::INSIDE) - 1) }
        } else {
            bytes[..3].fill(0);
            let line = LogLine { offset: u64::from_be_bytes(bytes), check: u16::from_be_bytes([high, low]) };
            At::Log { log: usize::from(first & !Self::IS_IN_LOG), line }
        }
    }

    /// The same place in a file with this many more bytes before it.
    pub(super) fn after(self, bytes: u64) -> Self {
        Self(self.0 + (bytes << Self::INSIDE))
    }
}
