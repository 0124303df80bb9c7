//! Records in an unnamed temporary file, which the system deletes when the program ends: `MessagePack` in compressed
//! blocks, because on many systems temporary files are in memory too.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};

use lz4_flex::block;
use serde::Serialize as _;

use super::place::Place;
use crate::domain::record::Record;
use crate::store::interner::index;

/// A block ends with the record that makes it at least this long, in bytes: LZ4 looks back no further.
const BLOCK: usize = 64 * 1024;
/// Bytes in front of each block: its compressed and its original length, both below 4 GiB.
const HEAD: usize = 2 * size_of::<u32>();
/// The temporary file.
#[derive(Debug, Default)]
pub struct BlockFile {
    file: Option<File>,
    length: u64,
}

impl BlockFile {
    /// Appends records. Returns their places.
    pub fn write(&mut self, packed: &Packed) -> io::Result<Vec<Place>> {
        if packed.places.is_empty() {
            return Ok(Vec::new());
        }
        let file = match &mut self.file {
            Some(file) => file,
            none => none.insert(tempfile::tempfile()?),
        };
        file.seek(SeekFrom::Start(self.length))?;
        file.write_all(&packed.bytes)?;
        let places = packed.places.iter().map(|place| place.after(self.length)).collect();
        self.length += packed.bytes.len() as u64;
        Ok(places)
    }

    /// Reads a record. Both arguments are those of [`At::Block`](super::place::At::Block).
    pub fn read(&mut self, block: u64, inside: u64) -> io::Result<Record> {
        let file = self.file.as_mut().ok_or(io::ErrorKind::NotFound)?;
        file.seek(SeekFrom::Start(block))?;
        let mut lengths = [[0; size_of::<u32>()]; 2];
        file.read_exact(lengths.as_flattened_mut())?;
        let [length, unpacked] = lengths.map(|length| u32::from_le_bytes(length) as usize);
        let mut bytes = vec![0; length];
        file.read_exact(&mut bytes)?;
        let mut block = vec![0; unpacked];
        block::decompress_into(&bytes, &mut block).map_err(io::Error::other)?;
        let record = usize::try_from(inside).ok().and_then(|inside| block.get(inside..)).unwrap_or_default();
        rmp_serde::from_slice(record).map_err(io::Error::other)
    }
}

/// Records in the format of the file.
#[derive(Debug, Default)]
pub struct Packed {
    /// The block that is being filled, not compressed yet.
    open: Vec<u8>,
    /// The complete blocks.
    bytes: Vec<u8>,
    /// The records' places in a file that begins with these blocks.
    places: Vec<Place>,
}

impl Packed {
    /// Packs records, replacing the ones before.
    pub fn fill<'a>(&mut self, records: impl Iterator<Item = &'a Record>) -> io::Result<()> {
        self.open.clear();
        self.bytes.clear();
        self.places.clear();
        for record in records {
            self.places.push(Place::in_block(self.bytes.len() as u64, self.open.len()));
            // With field names, so that fields can be left out. It takes a third of the time of JSON.
            let mut packer = rmp_serde::Serializer::new(&mut self.open).with_struct_map();
            record.serialize(&mut packer).map_err(io::Error::other)?;
            if self.open.len() >= BLOCK {
                self.end_block()?;
            }
        }
        self.end_block()
    }

    fn end_block(&mut self) -> io::Result<()> {
        if self.open.is_empty() {
            return Ok(());
        }
        let start = self.bytes.len();
        self.bytes.resize(start + HEAD + block::get_maximum_output_size(self.open.len()), 0);
        let length = block::compress_into(&self.open, &mut self.bytes[start + HEAD..]).map_err(io::Error::other)?;
        self.bytes.truncate(start + HEAD + length);
        let lengths = [index(length).to_le_bytes(), index(self.open.len()).to_le_bytes()];
        self.bytes[start..start + HEAD].copy_from_slice(lengths.as_flattened());
        self.open.clear();
        Ok(())
    }
}
