//! Output that is written once a batch of records, not once a record.

use std::cell::RefCell;
use std::io::{self, Write};
use std::rc::Rc;

/// An output whose owners all write into the same buffer. Flushing a record's writer leaves the bytes there;
/// [`Self::send`] writes them.
#[derive(Clone)]
pub struct Batched(Rc<RefCell<Inner>>);

struct Inner {
    out: Box<dyn Write>,
    bytes: Vec<u8>,
}

/// So many bytes are written whether the batch is over or not.
const FULL: usize = 256 * 1024;

impl Batched {
    /// A buffer in front of `out`.
    pub fn new(out: impl Write + 'static) -> Self {
        Self(Rc::new(RefCell::new(Inner { out: Box::new(out), bytes: Vec::new() })))
    }

    /// Writes what was gathered.
    ///
    /// # Errors
    /// When the output takes no more.
    pub fn send(&self) -> io::Result<()> {
        self.0.borrow_mut().send()
    }
}

impl Inner {
    fn send(&mut self) -> io::Result<()> {
        let sent = self.out.write_all(&self.bytes).and_then(|()| self.out.flush());
        self.bytes.clear();
        sent
    }
}

impl Write for Batched {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut inner = self.0.borrow_mut();
        inner.bytes.extend_from_slice(bytes);
        if inner.bytes.len() >= FULL {
            inner.send()?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
