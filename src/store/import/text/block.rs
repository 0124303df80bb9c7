//! Lines that belong together.

/// A block is never longer: what goes on without end is no error's text.
const MOST_LINES: u64 = 400;
const MOST_BYTES: usize = 96 * 1024;

/// What the lines gathered so far are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shape {
    /// Lines that are indented, or close what was opened.
    Indented,
    /// One exchange of `curl -v`; true once an answer has begun.
    Curl(bool),
    /// The end of such an exchange.
    CurlEnding,
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
}

/// Whether an exchange of `curl -v` begins with this line.
pub fn starts_curl(line: &str) -> bool {
    line.starts_with("*   Trying ")
        || line.starts_with("* Host ")
        || (line.starts_with("> ") && line.contains(" HTTP/"))
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
        } else {
            Shape::Indented
        };
        let is_trace = line.contains("Traceback (most recent call last)");
        Self { first, lines: 1, text: line.to_owned(), shape, is_trace }
    }

    /// Whether the next line is one of them.
    pub fn takes(&self, line: &str) -> bool {
        if self.lines >= MOST_LINES || self.text.len() + line.len() > MOST_BYTES {
            return false;
        }
        match self.shape {
            Shape::Headers => !line.starts_with("HTTP/") || self.lines < 2,
            Shape::Curl(answered) => !(answered && starts_curl(line)),
            Shape::CurlEnding => line.starts_with("curl: (") || ends_curl(line),
            Shape::Indented => self.takes_indented(line),
        }
    }

    fn takes_indented(&self, line: &str) -> bool {
        let opens = self.text.contains("<?xml") || self.text.contains("<Error");
        if opens && !self.text.contains("</Error>") {
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
            let another = super::ids(line).next().is_some_and(|id| super::ids(&self.text).any(|known| known != id));
            return !another || self.text.trim_end().ends_with(['{', '[', ',']);
        }
        // The exception itself stands below a Python trace.
        self.is_trace && self.text.lines().last().is_some_and(|last| last.starts_with([' ', '\t']))
    }

    /// Adds a line that [`Self::takes`] has taken.
    pub fn add(&mut self, line: &str) {
        if self.is_trace && !line.starts_with([' ', '\t']) {
            self.is_trace = false;
        }
        self.shape = match self.shape {
            Shape::Curl(_) | Shape::CurlEnding if ends_curl(line) || line.starts_with("curl: (") => Shape::CurlEnding,
            Shape::Curl(_) if line.starts_with("< HTTP/") => Shape::Curl(true),
            Shape::Headers if line.is_empty() => Shape::Indented,
            shape => shape,
        };
        self.lines += 1;
        self.text.push('\n');
        self.text.push_str(line);
    }
}
