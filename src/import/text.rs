//! Any text: `curl -v`, what SDKs and tools print, whatever holds `RequestId`s.
//!
//! Lines that belong together (a stack trace, a dumped object, an error document, one exchange of
//! curl's) are gathered into a block, and the block is read as a pasted error. A line that speaks of an
//! error without being understood is listed; one in which nothing failed is not.

mod block;

use std::io;
use std::sync::LazyLock;

use aho_corasick::AhoCorasick;

use super::Job;
use super::lines::{End, Lines};
use super::source::Input;
use crate::domain::record::{AnsweredBy, Record, RequestId};
use crate::domain::request_id;
use crate::domain::source::IdSource;
use crate::import::pasted::{self, network};
use block::Block;

/// What a line says that an error may be made of, in lower case.
const SIGNS: &[&str] = &[
    "requestid",
    "request id",
    "request-id",
    "request_id",
    "<error",
    "(message:",
    "status code",
    "statuscode",
    "error code",
    "[code ",
    "code'",
    "code\"",
    "http/1.",
    "http/2 ",
    "an error occurred (",
    "api error ",
    "traceback (",
    "<html",
    "<!doctype html",
];
/// What a line says that tells of trouble without more.
const TROUBLE: &[&str] = &["error", "exception", "failed", "failure", "fatal"];

static SIGN: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
    let words = SIGNS.iter().copied().chain(TROUBLE.iter().copied()).chain(network::phrases());
    AhoCorasick::builder().ascii_case_insensitive(true).build(words).ok()
});
static TROUBLES: LazyLock<Option<AhoCorasick>> =
    LazyLock::new(|| AhoCorasick::builder().ascii_case_insensitive(true).build(TROUBLE).ok());

/// Reads a text.
pub fn read(input: Input, job: &mut Job<'_, '_>) -> io::Result<()> {
    let mut lines = Lines::new(input);
    let mut bytes = Vec::new();
    let mut block: Option<Block> = None;
    // A line that says nothing by itself: the next one may tell that it began something.
    let (mut held, mut before) = (None, String::new());
    while let Some(end) = lines.next(&mut bytes)? {
        if job.out.stopped {
            return Ok(());
        }
        if lines.number.is_multiple_of(4096) {
            job.out.progress(job.name, job.totals.read);
        }
        let text = String::from_utf8_lossy(&bytes);
        if matches!(text, std::borrow::Cow::Owned(_)) {
            job.totals.odd(lines.number);
        }
        if let Some(open) = block.as_mut()
            && open.takes(&text)
        {
            open.add(&text);
            continue;
        }
        close(block.take(), job);
        if let Some(number) = held.take() {
            if block::belong(&before, &text) {
                let mut open = Block::of(number, &before);
                open.add(&text);
                block = Some(open);
                continue;
            }
            lone(&before, number, job);
        }
        if end == End::TooLong {
            job.totals.unparsed(lines.number);
        } else if speaks(&SIGN, &text) || block::starts_curl(&text) {
            block = Some(Block::of(lines.number, &text));
        } else {
            held = Some(lines.number);
            before.clear();
            before.push_str(&text);
        }
    }
    close(block, job);
    if let Some(number) = held {
        lone(&before, number, job);
    }
    Ok(())
}

/// A line that belongs to no other.
fn lone(text: &str, number: u64, job: &mut Job<'_, '_>) {
    match by_id(text, number, job) {
        Some(record) => job.take(record, 1),
        None => job.pass(1),
    }
}

fn speaks(words: &LazyLock<Option<AhoCorasick>>, text: &str) -> bool {
    words.as_ref().is_some_and(|words| words.is_match(text))
}

fn close(block: Option<Block>, job: &mut Job<'_, '_>) {
    let Some(mut block) = block else { return };
    job.pass(block.without_blank_end());
    match block.split().filter(|(head, tail)| are_two(head, tail, job)) {
        Some((head, tail)) => {
            make(&head, job);
            make(&tail, job);
        }
        None => make(&block, job),
    }
}

/// Whether a logged line and the trace below it tell of two errors.
fn are_two(head: &Block, tail: &Block, job: &Job<'_, '_>) -> bool {
    let told = |block: &Block| {
        let error = pasted::read(&block.text, "", job.options.now).pop()?.error;
        Some((error.request_id, error.code))
    };
    match (told(head), told(tail)) {
        (Some((Some(one), _)), Some((Some(other), _))) | (Some((_, Some(one))), Some((_, Some(other)))) => one != other,
        _ => false,
    }
}

/// Makes of a block what can be made of it.
fn make(block: &Block, job: &mut Job<'_, '_>) {
    let lines = block.lines;
    let found = pasted::read(&block.text, &job.source(block.first), job.options.now).pop();
    if let Some(mut record) = found {
        "import".clone_into(&mut record.profile);
        let has_status = record.status_code.is_some_and(|status| status >= 400);
        // Another's page, or an SDK that says no more than that it failed.
        let is_bare = record.status_code.is_none()
            && record.error.request_id.is_none()
            && (record.answered_by == AnsweredBy::Other || record.error.message.is_some());
        if record.error.code.is_some() || has_status || is_bare {
            return job.take(record, lines);
        }
        if record.status_code.is_some() {
            return job.pass(lines);
        }
    }
    if let Some(record) = by_id(&block.text, block.first, job) {
        return job.take(record, lines);
    }
    for (line, text) in (block.first..).zip(block.text.lines()) {
        // Of bytes that are no text nobody knows whether anything failed.
        if speaks(&TROUBLES, text) || text.contains(['\0', '\u{FFFD}']) {
            job.totals.unparsed(line);
        } else {
            job.pass(1);
        }
    }
}

/// The record of a text of which nothing is understood but that it holds a request id.
fn by_id(text: &str, line: u64, job: &Job<'_, '_>) -> Option<Record> {
    let id = ids(text).next()?;
    let mut record = Record::imported(job.source(line), job.options.now);
    let id = RequestId::read(id.to_owned(), IdSource::Log);
    record.time = id.time.unwrap_or(job.options.now);
    record.answered_by = AnsweredBy::Store;
    record.error.request_id = Some(id.value.clone());
    record.request_id = Some(id);
    record.remarks.push(format!("the text around the id: {}", text.trim().chars().take(300).collect::<String>()));
    Some(record)
}

/// The COS request ids in a text: words of base64 that decode to a time and a node.
fn ids(text: &str) -> impl Iterator<Item = &str> {
    let is_inside = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '=' | '*');
    text.split(move |c| !is_inside(c)).filter(|word| {
        // Padding may be what parts a name from its value: RequestId=Nj…
        (28..=60).contains(&word.len()) && word.starts_with('N') && request_id::decode(word).is_some()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_found_wherever_they_stand() {
        let id = "NjgzNDk2MmZfYTAxMjNlMGJfMTNlZV9hYjY2YzE=";
        for text in [format!("upload stalled ({id}), again"), id.to_owned(), format!("[{id}]"), format!("id:{id}")] {
            assert_eq!(ids(&text).collect::<Vec<_>>(), [id], "{text}");
        }
        assert_eq!(ids("NotAnIdAtAllButLongEnoughToLookLikeOne").count(), 0);
    }
}
