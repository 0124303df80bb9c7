//! Standard output by the batch: reports flush every record, which a million of them cannot afford.

use std::cell::RefCell;
use std::io::{self, Write};
use std::rc::Rc;

/// From this size on bytes are written before the batch ends.
const FULL: usize = 256 * 1024;

/// A buffer in front of standard output, shared by its writers.
#[derive(Clone, Default)]
pub struct Output(Rc<RefCell<Vec<u8>>>);

impl Output {
    /// Writes what was gathered.
    ///
    /// # Errors
    /// When standard output takes no more.
    pub fn write_out(&self) -> io::Result<()> {
        let mut bytes = self.0.borrow_mut();
        let mut out = io::stdout().lock();
        let written = out.write_all(&bytes).and_then(|()| out.flush());
        bytes.clear();
        written
    }
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().extend_from_slice(bytes);
        if self.0.borrow().len() >= FULL {
            self.write_out()?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
