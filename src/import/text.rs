//! Any text: what people paste, `curl -v`, what SDKs and tools print, whatever holds `RequestId`s.
//!
//! One reader for `import`, `diagnose` and paste, in passes. Lines that belong together (a stack trace, a dumped
//! object, an error document, one exchange of curl's) are gathered into a [`block`]. What lies around the text is
//! taken off ([`unwrap`]); [`document`], [`head`], [`sentence`], [`status`] and [`pair`] tell what stands at each place
//! of it; what is about one request is put together ([`assemble`]), prints of one failure become one row ([`fold`]),
//! and that a [`record`]. A line that speaks of an error without being understood is listed; one in which nothing
//! failed is not.

mod assemble;
mod block;
mod clause;
mod document;
mod fold;
mod form;
mod head;
mod pair;
mod python;
mod quoted;
mod record;
mod scope;
mod sentence;
mod status;
mod time;
mod told;
mod unwrap;

use std::io;
use std::sync::LazyLock;

use aho_corasick::AhoCorasick;
use jiff::Timestamp;

use super::job::Job;
use super::lines::{End, LineReader};
use super::source::Input;
use crate::domain::dialect::Dialect;
use crate::domain::exchange::{BODY_KEPT, header};
use crate::domain::record::{AnsweredBy, Record, RequestId};
use crate::domain::record_remark::RecordRemark;
use crate::domain::source::IdSource;
use crate::domain::{request_id, vocabulary};
use assemble::Failure;
use block::Block;
use fold::{Fold, Print, Taken};

/// What a line says that an error may be made of, in lower case.
const SIGNS: &[&str] = &[
    "requestid",
    "request id",
    "request-id",
    "request_id",
    "<error",
    "<code>",
    "(message:",
    "status code",
    "response code",
    "<?xml",
    "statuscode",
    "httpstatus",
    "error code",
    "errorcode",
    "[code ",
    "code'",
    "code\"",
    "code=-",
    ":status",
    "http/1.",
    "http/2 ",
    "http/2.0 ",
    "http error",
    "an error occurred (",
    "api error ",
    "traceback (",
    "<html",
    "<!doctype html",
    "&lt;code",
    "%3ccode",
    "3c 43 6f 64 65",
    "response error msg is invalid",
    "lack of param",
    "missing required key",
    "no value provided for input http label",
    "validation error(s) found",
    "expected uri parameter",
    " (bad request)",
    " (forbidden)",
    " (not found)",
    " (conflict)",
    " (method not allowed)",
    " (request entity too large)",
    " (payload too large)",
    " (internal server error)",
    " (bad gateway)",
    " (service unavailable)",
    " (gateway time",
];
/// What a line says that tells of trouble without more.
const TROUBLE: &[&str] = &["error", "exception", "failed", "failure", "fatal"];
/// The same in lines that quote what a program was told.
const QUOTING: &[&str] = &["err=", "\"err\"", "unable to", "cannot ", "could not", "denied:", ": access denied"];

fn finder(words: impl Iterator<Item = &'static str>) -> Option<AhoCorasick> {
    AhoCorasick::builder().ascii_case_insensitive(true).build(words).ok()
}

static SIGN: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
    let words = SIGNS.iter().chain(TROUBLE).copied();
    finder(words.chain(vocabulary::texts().map(|(text, _)| text)).chain(vocabulary::codes()))
});
static TROUBLES: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| finder(TROUBLE.iter().copied()));
static QUOTED: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| finder(TROUBLE.iter().chain(QUOTING).copied()));

/// Reads a text.
pub fn read(input: Input, job: &mut Job<'_, '_>) -> io::Result<()> {
    let mut reader = Reader { job, fold: Fold::default(), head: String::new() };
    let read = reader.lines(input);
    while let Some(print) = reader.fold.pop() {
        reader.hand_on(print);
    }
    read
}

/// A record of a text in which no error is to be seen: the rest of it, to be shown, and how many
/// bytes it came as.
#[must_use]
pub fn unread(text: &str, bytes: u64, source: &str, now: Timestamp) -> Record {
    let cut = (0..=BODY_KEPT.min(text.len())).rev().find(|place| text.is_char_boundary(*place));
    let kept = &text[..cut.unwrap_or(0)];
    let body_truncated = kept.len() < text.len();
    let profile = "pasted".to_owned();
    let dialect = vocabulary::dialect(kept.get(..HEAD).unwrap_or(kept)).unwrap_or(Dialect::Cos);
    Record {
        profile,
        dialect,
        body: Some(kept.to_owned()),
        body_bytes: bytes,
        body_truncated,
        ..Record::imported(source.to_owned(), now)
    }
}

/// The first failure of a text that is one value, such as a line of JSON.
#[must_use]
pub fn first(text: &str, source: &str, now: Timestamp) -> Option<Record> {
    let unwrapped = unwrap::unwrapped(text);
    let failure = assemble::failures(&unwrapped.text).0.into_iter().find(|failure| is_row(failure, &unwrapped.text))?;
    Some(record::record(Print::new(failure, &unwrapped.text, text, 1, 1), source.to_owned(), now))
}

struct Reader<'r, 'a, 'b> {
    job: &'r mut Job<'a, 'b>,
    fold: Fold,
    /// How the text begins: the command that was typed may tell whose store it is.
    head: String,
}

/// How much of the beginning is looked at.
const HEAD: usize = 4096;

impl Reader<'_, '_, '_> {
    fn lines(&mut self, input: Input) -> io::Result<()> {
        let mut lines = LineReader::new(input);
        let mut bytes = Vec::new();
        let mut block: Option<Block> = None;
        // A line that says nothing by itself: the next one may tell that it began something.
        let (mut held, mut before) = (None, String::new());
        while let Some(end) = lines.next(&mut bytes)? {
            if self.job.out.stopped {
                return Ok(());
            }
            if lines.number.is_multiple_of(4096) {
                self.job.out.progress(self.job.name, self.job.totals.read);
            }
            let text = String::from_utf8_lossy(&bytes);
            if matches!(text, std::borrow::Cow::Owned(_)) {
                self.job.totals.odd(lines.number);
            }
            if self.head.len() + text.len() < HEAD {
                self.head.push_str(&text);
                self.head.push('\n');
            }
            if let Some(open) = block.as_mut()
                && open.takes(&text)
            {
                open.add(&text);
                continue;
            }
            self.close(block.take());
            if let Some(number) = held.take() {
                if block::belong(&before, &text) {
                    let mut open = Block::of(number, &before);
                    open.add(&text);
                    block = Some(open);
                    continue;
                }
                self.lone(&before, number);
            }
            if end == End::TooLong {
                self.job.totals.unparsed(lines.number);
            } else if speaks(&SIGN, &text) || block::starts_curl(&text) {
                block = Some(Block::of(lines.number, &text));
            } else {
                held = Some(lines.number);
                before.clear();
                before.push_str(&text);
            }
        }
        self.close(block);
        if let Some(number) = held {
            self.lone(&before, number);
        }
        Ok(())
    }

    /// A line that belongs to no other.
    fn lone(&mut self, text: &str, number: u64) {
        match by_id(text) {
            Some(failure) => self.take(Print::new(failure, text, text, number, number), 1),
            None => self.job.pass(1),
        }
    }

    fn close(&mut self, block: Option<Block>) {
        let Some(mut block) = block else { return };
        let blank = block.without_blank_end();
        self.make(&block);
        self.job.pass(blank);
    }

    /// Makes of a block what can be made of it.
    fn make(&mut self, block: &Block) {
        let clean = (self.job.options.clean)(&block.text);
        let unwrapped = unwrap::unwrapped(&clean);
        let (all, is_over) = assemble::failures(&unwrapped.text);
        let mut failures: Vec<Failure> = all.into_iter().filter(|failure| is_row(failure, &unwrapped.text)).collect();
        if failures.is_empty() && !is_over {
            failures.extend(by_id(&unwrapped.text));
        }
        if failures.is_empty() {
            return self.pass(block, is_over);
        }
        // Each takes the lines from its own first one to the next one's.
        let first =
            |failure: &Failure| block.first + unwrapped.line_of(failure.told.at).min(block.lines.saturating_sub(1));
        let mut starts: Vec<u64> = failures.iter().map(first).collect();
        starts[0] = block.first;
        starts.push(block.first + block.lines);
        for (failure, lines) in failures.into_iter().zip(starts.windows(2)) {
            let count = lines[1].saturating_sub(lines[0]);
            let last = lines[0] + count.saturating_sub(1);
            self.take(Print::new(failure, &unwrapped.text, &clean, lines[0], last), count);
        }
    }

    fn pass(&mut self, block: &Block, is_over: bool) {
        if is_over {
            return self.job.pass(block.lines);
        }
        for (line, text) in (block.first..).zip(block.text.lines()) {
            // Whether anything failed cannot be known from binary bytes.
            let is_trouble = speaks(&TROUBLES, text) && !text.contains("error: <nil>") && !text.contains("errors: []");
            if is_trouble || text.contains(['\0', '\u{FFFD}']) {
                self.job.totals.unparsed(line);
            } else {
                self.job.pass(1);
            }
        }
    }

    fn take(&mut self, print: Print, lines: u64) {
        self.job.totals.read += lines;
        self.job.totals.row_lines += lines;
        if let Taken::Row(oldest) = self.fold.take(print) {
            self.job.totals.rows += 1;
            if let Some(oldest) = oldest {
                self.hand_on(*oldest);
            }
        }
    }

    fn hand_on(&mut self, mut print: Print) {
        print.words = print.words.or_else(|| vocabulary::dialect(&self.head));
        let source = self.job.source(print.at[0]);
        let is_alone = !print.failure.is_told;
        let around: String = print.text.trim().chars().take(300).collect();
        let printed = fold::remark(&print.at);
        let mut record = record::record(print, source, self.job.options.now);
        if is_alone {
            record.answered_by = AnsweredBy::Store;
            if let Some(value) = record.error.request_id.clone() {
                record.request_id = Some(RequestId::read(value, IdSource::Log));
            }
            record.remarks.insert(0, RecordRemark::AroundId(around));
        }
        record.remarks.extend(printed);
        self.job.hand_on(record);
    }
}

fn speaks(words: &LazyLock<Option<AhoCorasick>>, text: &str) -> bool {
    words.as_ref().is_some_and(|words| words.is_match(text))
}

/// Whether the text reports a failure, and not just words that failures use.
fn is_row(failure: &Failure, text: &str) -> bool {
    let told = &failure.told;
    if !failure.is_told {
        return false;
    }
    let known = told
        .message
        .as_deref()
        .and_then(|message| vocabulary::code_of(message).or_else(|| vocabulary::cause_of(message)));
    // Everybody's door says "access denied": something has to tell that it was a request's.
    let is_short = told.message.as_deref().is_some_and(|message| message.len() < 16);
    let is_known = known.is_some() && (!is_short || speaks(&QUOTED, text));
    match told.status {
        Some(400..) => true,
        Some(300..400) => {
            let is_elsewhere = told.region.is_some() || header(&told.headers, "location").is_some();
            told.status != Some(304) && (is_elsewhere || told.code.is_some() || is_known || speaks(&TROUBLES, text))
        }
        Some(_) => false,
        None => {
            let is_refusal = told.code.as_deref() == Some("Error") && told.message.is_some();
            let is_strong = is_refusal || told.code.as_deref().is_some_and(|code| !vocabulary::is_wrapper(code));
            is_strong
                || told.network.is_some()
                || is_known
                || told.is_bare
                || told.body.is_some()
                || told.request_id.is_some() && told.message.is_some()
        }
    }
}

/// The failure of a text of which nothing is understood but that it holds a request id.
fn by_id(text: &str) -> Option<Failure> {
    let id = request_id::in_text(text).next()?;
    let told = told::Told { request_id: Some(id.to_owned()), at: text.find(id)?, ..told::Told::default() };
    Some(Failure { told, is_told: false })
}
