//! Records in an unnamed temporary file that goes when the program does: as `MessagePack`, in compressed blocks, since
//! where temporary files are memory too, they take little of it.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};

use lz4_flex::block;
use serde::Serialize as _;

use super::place::Place;
use crate::domain::record::Record;
use crate::store::interner::index;

/// A block ends with the record that makes it this many bytes long: as far back as the compression looks.
const BLOCK: usize = 64 * 1024;
/// Bytes of the length in front of each block, and of the one before it was compressed. Both are below 4 GiB.
const HEAD: usize = 2 * size_of::<u32>();
/// The file.
#[derive(Debug, Default)]
pub struct BlockFile {
    file: Option<File>,
    length: u64,
}

impl BlockFile {
    /// Appends records, and gives their places.
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

    /// The record in a block that begins after this many bytes, after this many bytes of the block.
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

/// Records as the file has them.
#[derive(Debug, Default)]
pub struct Packed {
    /// Of the block that is being filled.
    open: Vec<u8>,
    /// The blocks that are full.
    bytes: Vec<u8>,
    /// As if the file began with these blocks.
    places: Vec<Place>,
}

impl Packed {
    /// Puts records in the place of those before.
    pub fn fill<'a>(&mut self, records: impl Iterator<Item = &'a Record>) -> io::Result<()> {
        self.open.clear();
        self.bytes.clear();
        self.places.clear();
        for record in records {
            self.places.push(Place::in_block(self.bytes.len() as u64, self.open.len()));
            // With the names of the fields: a third of the time of JSON, and fields may be left out.
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
