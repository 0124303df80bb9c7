//! Lines that belong together.

use std::sync::LazyLock;

use regex::Regex;

use super::form::regex;

use crate::domain::request_id;

/// A block is never longer: what goes on without end is not the text of an error.
const MOST_LINES: u64 = 400;
const MOST_BYTES: usize = 96 * 1024;
/// Nor is a dump: a brace that is never closed does not begin one.
const MOST_OPEN: u64 = 60;

/// What the lines gathered so far are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shape {
    /// Lines that are indented, or close what was opened.
    Indented,
    /// One exchange of `curl -v`; true once an answer has begun.
    Curl(bool),
    /// The end of such an exchange.
    CurlEnding,
    /// The head of a request, up to its answer.
    Request,
    /// Headers of an answer, up to a blank line.
    Headers,
}

/// Lines that belong together.
pub struct Block {
    /// The number of the first one.
    pub first: u64,
    /// How many there are.
    pub lines: u64,
    /// Their text.
    pub text: String,
    shape: Shape,
    is_trace: bool,
    has_trace: bool,
    /// What ends the document that has begun.
    awaits: Option<&'static str>,
    /// The body of an exchange of curl stands below it.
    has_late_body: bool,
    /// What a logger writes before each line of one entry.
    prefix: Option<String>,
    /// Brackets that are open.
    open: i32,
}

/// What stands before every line of one entry: the very same time and thread, a wire log's mark, a trace's host.
static PREFIX: LazyLock<Option<Regex>> = LazyLock::new(|| {
    regex(concat!(
        r#"^(?:[^"]{0,120}?(?:<<|>>|->|<-) b?"|[\w.-]{1,60}:\d{2,5} |"#,
        r"\[?(?:\d{4}-)?\d\d-\d\d[T ]\d\d:\d\d:\d\d[.,]\d{3,}\S*(?: +\[?\w+\]?)?(?: +<[\d.]+>| +\d+ [A-Z] [^:]+:)?)"
    ))
});

const TRACE: &str = "Traceback (most recent call last)";
/// What Python prints between the traces of exceptions that led to each other.
const CHAIN: [&str; 2] = ["During handling of the above exception", "The above exception was the direct cause"];

/// Whether a line that says nothing by itself began what the next one goes on with: the name of an
/// error above its stack, an object that is dumped over several lines, or a status above its headers.
pub fn belong(before: &str, line: &str) -> bool {
    let is_inner = line.trim_start() != line;
    is_inner && (line.trim_start().starts_with("at ") || before.trim_end().ends_with('{'))
        || is_field(without_prefix(line)) && is_status(without_prefix(before))
}

/// A line without the host that a trace writes in front of each.
fn without_prefix(line: &str) -> &str {
    let is_host = |word: &str| word.rsplit_once(':').is_some_and(|(_, port)| port.parse::<u16>().is_ok());
    line.split_once(' ').filter(|(word, _)| is_host(word)).map_or(line, |(_, rest)| rest)
}

/// `403 Forbidden`, and nothing else.
fn is_status(line: &str) -> bool {
    let (digits, reason) = line.split_once(' ').unwrap_or_default();
    let is_word = |c: char| c.is_ascii_alphabetic() || matches!(c, ' ' | '-' | '\'');
    digits.len() == 3
        && digits.bytes().all(|byte| byte.is_ascii_digit())
        && reason.len() > 2
        && reason.chars().all(is_word)
}

/// What ends the document that is open after this line, given what was awaited before it.
fn awaited(before: Option<&'static str>, line: &str) -> Option<&'static str> {
    let lower = line.to_ascii_lowercase();
    let begun = || {
        let xml = ["<?xml", "<error"].into_iter().any(|start| lower.contains(start)).then_some("</error>");
        let page = ["<html", "<!doctype html"].into_iter().any(|start| lower.contains(start)).then_some("</html>");
        xml.or(page)
    };
    before.or_else(begun).filter(|end| !lower.contains(end))
}

/// Whether a logger began this line: with a date. A document that is cut off ends there.
pub fn begins_entry(line: &str) -> bool {
    let date = line.trim_start_matches('[').as_bytes();
    date.len() > 9 && date[..4].iter().all(u8::is_ascii_digit) && matches!(date[4], b'-' | b'/') && date[4] == date[7]
}

/// How many braces a line opens more than it closes.
fn balance(line: &str) -> i32 {
    line.bytes().fold(0, |open, byte| match byte {
        b'{' => open + 1,
        b'}' => open - 1,
        _ => open,
    })
}

/// `Name:value` in a line of its own, as a result is dumped.
fn is_field(line: &str) -> bool {
    let name = line.trim_start_matches([' ', '.', '$', ':']).split([':', '：']).next().unwrap_or_default();
    name.len() < line.len()
        && (2..40).contains(&name.len())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'/'))
        && !line.starts_with("http")
}

/// `PUT /key HTTP/1.1`, and nothing else: the answer stands below.
fn is_request(line: &str) -> bool {
    let mut words = line.trim_end().split(' ');
    let (method, path, version, rest) = (words.next(), words.next(), words.next(), words.next());
    method.is_some_and(|method| matches!(method, "GET" | "PUT" | "POST" | "HEAD" | "DELETE" | "OPTIONS"))
        && path.is_some_and(|path| path.starts_with(['/', 'h']))
        && version.is_some_and(|version| version.starts_with("HTTP/"))
        && rest.is_none()
}

/// Whether an exchange of `curl -v` begins with this line.
pub fn starts_curl(line: &str) -> bool {
    line.starts_with("*   Trying ")
        || line.starts_with("* Host ")
        || (line.starts_with("> ") && line.contains(" HTTP/"))
}

fn begins_body(line: &str) -> bool {
    ["<?xml", "<Error", "{"].iter().any(|start| line.starts_with(start))
}

fn ends_curl(line: &str) -> bool {
    line.contains("* Connection #") || line.contains("* Closing connection") || line.contains("* closing connection")
}

impl Block {
    /// A block that begins with this line.
    pub fn of(first: u64, line: &str) -> Self {
        let shape = if starts_curl(line) || line.starts_with("* ") {
            Shape::Curl(false)
        } else if line.starts_with("< HTTP/") {
            Shape::Curl(true)
        } else if line.starts_with("HTTP/") {
            Shape::Headers
        } else if is_request(line) {
            Shape::Request
        } else {
            Shape::Indented
        };
        let is_trace = line.contains(TRACE);
        Self {
            first,
            lines: 1,
            text: line.to_owned(),
            shape,
            is_trace,
            has_trace: is_trace,
            awaits: awaited(None, line),
            has_late_body: false,
            prefix: PREFIX.as_ref().and_then(|prefix| prefix.find(line)).map(|found| found.as_str().to_owned()),
            open: balance(line),
        }
    }

    /// Whether the next line is one of them.
    pub fn takes(&self, line: &str) -> bool {
        if self.lines >= MOST_LINES || self.text.len() + line.len() > MOST_BYTES {
            return false;
        }
        if self.prefix.as_deref().is_some_and(|prefix| line.starts_with(prefix)) {
            return true;
        }
        match self.shape {
            Shape::Request => self.lines < MOST_OPEN && !is_request(line) && !begins_entry(line),
            Shape::Headers => !(line.starts_with("HTTP/") || is_request(line)) || self.lines < 2,
            Shape::Curl(answered) => !(answered && starts_curl(line)),
            Shape::CurlEnding => line.starts_with("curl: (") || ends_curl(line) || self.takes_late_body(line),
            Shape::Indented => self.takes_indented(line),
        }
    }

    /// Into a file curl writes the body after all that it has to say.
    fn takes_late_body(&self, line: &str) -> bool {
        match self.awaits {
            Some(_) => line.starts_with(['<', ' ', '\t']),
            // JSON below an exchange that went well is another program's line.
            None => !self.has_late_body && begins_body(line) && (line.starts_with('<') || self.has_failed()),
        }
    }

    /// The last status of curl's is a failure's.
    fn has_failed(&self) -> bool {
        let status = self.text.lines().rev().find_map(|line| line.strip_prefix("< HTTP/")?.split(' ').nth(1));
        status.is_some_and(|status| status.starts_with(['4', '5']))
    }

    fn takes_indented(&self, line: &str) -> bool {
        let is_open = self.awaits.is_some() || self.open > 0 && self.lines < MOST_OPEN;
        if is_open && !begins_entry(line) || self.takes_trace(line) {
            return true;
        }
        if is_field(line) && self.text.lines().last().is_some_and(is_field) {
            return true;
        }
        let lower = line.trim_start().to_ascii_lowercase();
        // coscmd prints the id in a line of its own.
        let is_id = ["requestid", "request id", "traceid", "trace id"].iter().any(|name| lower.starts_with(name));
        if is_id && !self.text.to_ascii_lowercase().contains("request") {
            return true;
        }
        let is_inner = line.starts_with([' ', '\t', '}', ']', ')']) || line.starts_with("Caused by:");
        if is_inner {
            let another = request_id::in_text(line)
                .next()
                .is_some_and(|id| request_id::in_text(&self.text).any(|known| known != id));
            return !another || self.text.trim_end().ends_with(['{', '[', ',']);
        }
        // The exception itself stands below a Python trace.
        self.is_trace && self.text.lines().last().is_some_and(|last| last.starts_with([' ', '\t']))
    }

    /// Whether a line goes on with a Python trace, or begins the one of what was logged just before.
    fn takes_trace(&self, line: &str) -> bool {
        if !self.has_trace {
            return line.starts_with(TRACE);
        }
        // An exception's own text may end with a line break.
        let is_gap = line.is_empty() && !self.text.ends_with("\n\n");
        is_gap || self.is_after_chain() || CHAIN.iter().any(|words| line.starts_with(words))
    }

    /// The last line but blank ones says that another exception follows.
    fn is_after_chain(&self) -> bool {
        let last = self.text.trim_end().lines().last().unwrap_or_default();
        CHAIN.iter().any(|words| last.starts_with(words))
    }

    /// Takes the blank lines at the end off: how many they were.
    pub fn without_blank_end(&mut self) -> u64 {
        let mut blank = 0;
        while self.lines > 1 && self.text.ends_with('\n') {
            self.text.pop();
            self.lines -= 1;
            blank += 1;
        }
        blank
    }

    /// Adds a line that [`Self::takes`] has taken.
    pub fn add(&mut self, line: &str) {
        if line.starts_with(TRACE) {
            (self.is_trace, self.has_trace) = (true, true);
        } else if self.is_trace && !line.starts_with([' ', '\t']) {
            self.is_trace = false;
        }
        self.has_late_body |= matches!(self.shape, Shape::CurlEnding) && begins_body(line);
        // A body that went before, and was no error, ends with the exchange.
        let before = self.awaits.filter(|_| !ends_curl(line));
        self.awaits = awaited(before, line);
        self.shape = match self.shape {
            Shape::Curl(_) | Shape::CurlEnding if ends_curl(line) || line.starts_with("curl: (") => Shape::CurlEnding,
            Shape::Curl(_) if line.starts_with("< HTTP/") => Shape::Curl(true),
            Shape::Request if line.starts_with("HTTP/") => Shape::Headers,
            Shape::Headers if line.is_empty() => Shape::Indented,
            shape => shape,
        };
        self.open = (self.open + balance(line)).max(0);
        self.lines += 1;
        self.text.push('\n');
        self.text.push_str(line);
    }
}
