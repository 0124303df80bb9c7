//! What a reader of one format works with.

use std::sync::Arc;

use jiff::Timestamp;

use super::detect::Format;
use super::join::Known;
use super::sink::Out;
use super::totals::Totals;
use crate::domain::record::{Outcome, Record};

/// How files are read.
#[derive(Clone, Copy)]
pub struct Options<'a> {
    /// The format of every file; `None` lets the content tell.
    pub format: Option<Format>,
    /// Hand successes on too.
    pub successes: bool,
    /// The time of what carries none.
    pub now: Timestamp,
    /// Takes the secrets out of a text before it is read: names and values stand next to each other there. Values of lines
    /// that share a record are shown if it leaves them as they are: it must remove whatever `finish` removes.
    pub clean: &'a (dyn Fn(&str) -> String + Sync),
    /// Makes a record fit to be kept: without secrets, and with its verdicts.
    pub finish: &'a (dyn Fn(&mut Record) + Sync),
}

/// What a reader of one format works with.
pub struct Job<'a, 'b> {
    /// The file's name, as given.
    pub name: &'a str,
    /// The first byte of the text, counted from the start of the file; 0 if the file has another form of the text.
    pub begins: u64,
    pub options: &'a Options<'a>,
    pub totals: Totals,
    pub out: &'a mut Out<'b>,
    pub known: &'a Known,
}

impl Job<'_, '_> {
    /// Where a record is from.
    pub fn source(&self, line: u64) -> String {
        format!("import:{}:{line}", self.name)
    }

    /// Counts and hands on a record made of this number of lines.
    pub fn take(&mut self, record: Record, lines: u64) {
        self.totals.read += lines;
        if record.outcome == Outcome::Failure {
            self.totals.rows += 1;
            self.totals.row_lines += lines;
        } else {
            self.totals.passed += lines;
        }
        if record.outcome == Outcome::Failure || self.options.successes {
            self.hand_on(record);
        }
    }

    /// Hands a failure on that was counted when it was found.
    pub fn hand_on(&mut self, mut record: Record) {
        (self.options.finish)(&mut record);
        self.out.push(Arc::new(record));
    }

    /// Counts lines in which nothing failed.
    pub fn pass(&mut self, lines: u64) {
        self.totals.read += lines;
        self.totals.passed += lines;
    }
}
