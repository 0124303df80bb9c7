//! Where a row's record is.

use crate::domain::log_line::LogLine;

/// Where a record is, in eight bytes: a million rows have a million of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place(u64);

/// What a [`Place`] says.
pub(super) enum At {
    /// In memory.
    Memory,
    /// In the file: bytes before its block, and bytes of the block, unpacked, before it.
    Block { block: u64, inside: u64 },
    /// In a log of this number.
    Log { log: usize, line: LogLine },
}

impl Place {
    pub(super) const IN_MEMORY: Self = Self(u64::MAX);
    /// Bits for the place in the block.
    const INSIDE: u32 = 24;
    /// Logs are numbered below this.
    const LOGS: u8 = 127;
    /// In the first of the eight bytes, before the log's number.
    const IS_IN_LOG: u8 = 0x80;

    pub(super) fn in_block(block: u64, inside: usize) -> Self {
        Self(block << Self::INSIDE | inside as u64)
    }

    /// `None` where there is no room for it.
    pub(super) fn in_log(log: usize, line: LogLine) -> Option<Self> {
        let log = u8::try_from(log).ok().filter(|log| *log < Self::LOGS)?;
        let mut bytes = line.offset.to_be_bytes();
        if !bytes.starts_with(&[0; 3]) {
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

    /// The same in a file that has this number of bytes before it.
    pub(super) fn after(self, bytes: u64) -> Self {
        Self(self.0 + (bytes << Self::INSIDE))
    }
}
