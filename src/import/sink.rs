//! Where what is read goes: records in batches, words, and how far a file is read.

use std::ops::ControlFlow;
use std::sync::Arc;

use super::join;
use super::log_file::LogFile;
use super::remark::ImportRemark;
use crate::domain::log_line::LogLine;
use crate::domain::occurrence::Occurrence;
use crate::domain::record::Record;

/// Records handed on at once.
const BATCH: usize = 256;

/// Who takes what is read.
pub trait Sink {
    /// Takes records; `Break` when no more are wanted.
    fn records(&mut self, batch: Vec<Arc<Record>>) -> ControlFlow<()>;
    /// Whether the next log, if it is large, may come as occurrences instead of records. Such a sink has a method
    /// `occurrences` of its own.
    fn rereads(&self) -> bool {
        false
    }
    /// Takes occurrences with their lines in a large log. The record of one with a line can be parsed again instead of
    /// being kept, and gets its number then. One without a line has no own values.
    fn occurrences(&mut self, batch: Vec<Occurrence>, _: &[Option<LogLine>], _: &Arc<LogFile>) -> ControlFlow<()> {
        self.records(whole(batch))
    }
    /// Takes a remark for the person: a file's totals, or what is wrong with it.
    fn say(&mut self, remark: ImportRemark);
    /// Is told now and then how far a file is read; `Break` when that is far enough.
    fn progress(&mut self, file: &str, read: u64) -> ControlFlow<()>;
}

/// The records of occurrences without own values.
fn whole(batch: Vec<Occurrence>) -> Vec<Arc<Record>> {
    debug_assert!(batch.iter().all(|occurrence| occurrence.own.is_none()));
    batch.into_iter().map(|occurrence| occurrence.record).collect()
}

/// Hands records on in batches and numbers them.
pub struct Out<'b> {
    pub sink: &'b mut dyn Sink,
    batch: Vec<Occurrence>,
    last: u32,
    /// The log that is being read, if its lines can be parsed again.
    pub log: Option<Arc<LogFile>>,
    /// The lines of the batch in that log, one for each.
    lines: Vec<Option<LogLine>>,
    /// Records wait here for the access logs that may know more about them.
    pub held: Option<Vec<Arc<Record>>>,
    /// No more is wanted.
    pub stopped: bool,
}

impl<'b> Out<'b> {
    /// Hands on to `sink`, and holds records back where `held` is given.
    pub fn new(sink: &'b mut dyn Sink, held: Option<Vec<Arc<Record>>>) -> Self {
        Self { sink, batch: Vec::new(), last: 0, log: None, lines: Vec::new(), held, stopped: false }
    }

    /// Takes a record.
    pub fn push(&mut self, record: Arc<Record>) {
        self.push_at(record.into(), None);
    }

    /// Takes an occurrence with its line in the log that is being read.
    pub fn push_at(&mut self, mut occurrence: Occurrence, line: Option<LogLine>) {
        if let Some(held) = self.held.as_mut().filter(|held| held.len() < join::HELD) {
            held.push(occurrence.record);
            return;
        }
        self.last = self.last.saturating_add(1);
        // A record that is parsed again gets its number then. This one may be shared already.
        if line.is_none() {
            Arc::make_mut(&mut occurrence.record).id = self.last;
        }
        self.batch.push(occurrence);
        self.lines.push(line);
        if self.batch.len() >= BATCH {
            self.flush();
        }
    }

    /// Tells how far a file is read.
    pub fn progress(&mut self, file: &str, read: u64) {
        self.stopped |= self.sink.progress(file, read).is_break();
    }

    /// Hands on what is gathered.
    pub fn flush(&mut self) {
        // What was counted is handed on, also after the receiver has stopped.
        if self.batch.is_empty() {
            return;
        }
        let batch = std::mem::take(&mut self.batch);
        let goes_on = match &self.log {
            Some(log) => self.sink.occurrences(batch, &self.lines, log),
            None => self.sink.records(whole(batch)),
        };
        self.lines.clear();
        self.stopped |= goes_on.is_break();
    }
}
