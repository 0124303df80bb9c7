//! What lies around an error's text is taken off: escapes, quotation marks of mail, a logger's prefixes, hex dumps,
//! folds. Every line of the result knows the line that it came from.

use std::borrow::Cow;
use std::sync::LazyLock;

use regex::Regex;

use super::form::{Form, Looked};
use super::quoted;

/// A text without its wrappings.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Unwrapped {
    /// The text.
    pub text: String,
    /// Where each line begins in it, and the line of the source that it came from, from 0.
    lines: Vec<(usize, u64)>,
}

impl Unwrapped {
    /// The line of the source, from 0, that this place came from.
    #[must_use]
    pub fn line_of(&self, at: usize) -> u64 {
        let after = self.lines.partition_point(|(start, _)| *start <= at);
        self.lines.get(after.saturating_sub(1)).map_or(0, |(_, line)| *line)
    }
}

type Line<'a> = (u64, Cow<'a, str>);

struct Forms {
    prefix: Form,
    wire: Form,
    hexdump: Form,
    folded: Form,
    escaped: Form,
    entry: Form,
}

static FORMS: LazyLock<Forms> = LazyLock::new(|| Forms {
    // docker compose, a box of Terraform's, mc --debug, logcat, a trace of MinIO's.
    prefix: Form::new(
        [""],
        r"^(?:│ ?|[\w.-]{1,40} +\| |mc: <DEBUG> ?|\d\d-\d\d \d\d:\d\d:\d\d\.\d+ +\d+ +\d+ [VDIWEF] [^:]{1,40}: |[\w.-]{1,60}:\d{2,5} (?:\[RESPONSE\] \[[^\]]*\] \[[^\]]*\] ?)?)",
    ),
    // Ruby's, Java's and Python's wire logs.
    wire: Form::new(["-> ", "<- ", "<< ", ">> "], r#"^(?:(?:->|<-) |.{0,120}?(?:<<|>>) )b?"(.*)"\s*$"#),
    hexdump: Form::new(["0  "], r"^\s*[0-9a-f]{7}0  ((?:[0-9a-f]{2} {1,2}){1,16}) *\|"),
    folded: Form::new([": '", ": \"", ": \\"], r#"^\s*[\w.-]+: (['"])"#),
    escaped: Form::new(
        ["\\", "↵", "&lt;", "%3c"],
        r#"\\n|\\r|\\t|\\"|\\/|\\u00[0-9a-fA-F]{2}|↵|&lt;/?[A-Za-z]+&gt;|%3C/?[A-Za-z]+%3E"#,
    ),
    entry: Form::new(
        ["notice", "error", "warn", "info", "debug", "fatal"],
        r" (\d{4}[-/]\d\d[-/]\d\d[ T]\d\d:\d\d:\d\d\S* \[?(?:NOTICE|ERROR|WARNING|WARN|INFO|DEBUG|FATAL)\b)",
    ),
});

/// Takes the wrappings off a text.
#[must_use]
pub fn unwrapped(text: &str) -> Unwrapped {
    let (looked, forms) = (&Looked::at(text), &*FORMS);
    let mut lines = without_wire(forms.wire.of(looked), entries(forms.entry.of(looked), numbered(text)));
    // Nested three deep at most: JSON in JSON in a log.
    for escaped in std::iter::repeat_n(forms.escaped.of(looked), 3).flatten() {
        if !lines.iter().any(|(_, line)| escaped.is_match(line)) {
            break;
        }
        lines = lines.into_iter().flat_map(|line| unescaped(line)).collect();
    }
    let lines = hexdumps(forms.hexdump.of(looked), without_prefixes(forms.prefix.of(looked), lines));
    of_lines(wraps(folds(forms.folded.of(looked), lines)))
}

fn numbered(text: &str) -> Vec<Line<'_>> {
    (0..).zip(text.lines()).map(|(number, line)| (number, Cow::Borrowed(line))).collect()
}

fn of_lines(lines: Vec<Line<'_>>) -> Unwrapped {
    let mut unwrapped = Unwrapped::default();
    for (number, line) in lines {
        unwrapped.lines.push((unwrapped.text.len(), number));
        unwrapped.text.push_str(&line);
        unwrapped.text.push('\n');
    }
    unwrapped
}

/// One layer of escapes of a line undone. A path of Windows keeps its backslashes.
fn unescaped((number, line): Line<'_>) -> Vec<Line<'_>> {
    if line.contains("&lt;") && !line.contains('<') {
        let decoded = quick_xml::escape::unescape(&line).map_or_else(|_| line.clone().into_owned(), Cow::into_owned);
        return parted(number, &decoded);
    }
    if line.contains("%3C") && line.contains("%3E") && !line.contains('<') {
        let decoded = crate::domain::percent::decode(&line.replace('+', " "));
        return parted(number, &decoded);
    }
    if line.contains('↵') {
        return parted(number, &line.replace('↵', "\n"));
    }
    let is_path = |at: usize| {
        let before = line[..at].rsplit([' ', '"', '\'', '=', '(']).next().unwrap_or_default();
        let bytes = before.as_bytes();
        bytes.len() > 1 && bytes[0].is_ascii_alphabetic() && bytes[1] == b':'
    };
    let Some(first) = line.find('\\') else { return vec![(number, line)] };
    if is_path(first) {
        return vec![(number, line)];
    }
    let undone = quoted::unescape(&line.replace("\\/", "/"));
    if undone == line { vec![(number, line)] } else { parted(number, &undone) }
}

fn parted(number: u64, text: &str) -> Vec<Line<'static>> {
    text.lines().map(|line| (number, Cow::Owned(line.to_owned()))).collect()
}

/// Entries of a logger that were pasted into one line stand in lines of their own.
fn entries<'a>(entry: Option<&Regex>, lines: Vec<Line<'a>>) -> Vec<Line<'a>> {
    let Some(entry) = entry else { return lines };
    let parted = |(number, line): Line<'a>| match entry.replace_all(&line, "\n$1") {
        Cow::Borrowed(_) => vec![(number, line)],
        Cow::Owned(lines) => parted(number, &lines),
    };
    lines.into_iter().flat_map(parted).collect()
}

/// What a wire log writes for the end of a line.
const WIRE_ENDS: &[&str] = &["[\\r]", "[\\n]", "\\r", "\\n"];

/// What went over the wire, without a log's marks and quotes.
fn without_wire<'a>(wire: Option<&Regex>, lines: Vec<Line<'a>>) -> Vec<Line<'a>> {
    let Some(wire) = wire else { return lines };
    let bare = |(number, line): Line<'a>| match wire.captures(&line) {
        Some(wire) => {
            let mut inner = &wire[1];
            while let Some(less) = WIRE_ENDS.iter().find_map(|end| inner.strip_suffix(end)) {
                inner = less;
            }
            let inner = inner.to_owned();
            (number, Cow::Owned(inner))
        }
        None => (number, line),
    };
    lines.into_iter().map(bare).collect()
}

fn without_prefixes<'a>(prefix: Option<&Regex>, lines: Vec<Line<'a>>) -> Vec<Line<'a>> {
    // `> ` is the request of curl's as well as a quotation.
    let is_curl = lines.iter().any(|(_, line)| line.starts_with("> ") && line.contains(" HTTP/"));
    let marked = lines.iter().filter(|(_, line)| line.starts_with('>')).count();
    let is_mail =
        !is_curl && marked > 0 && lines.iter().all(|(_, line)| line.is_empty() || line.starts_with(['>', ' ', '#']));
    lines
        .into_iter()
        .map(|(number, line)| {
            let bare = if is_mail { line.trim_start_matches(['>', ' ']) } else { &line };
            let end = prefix.and_then(|prefix| prefix.find(bare)).map_or(0, |found| found.end());
            if end == 0 && bare.len() == line.len() {
                (number, line)
            } else {
                (number, Cow::Owned(bare[end..].to_owned()))
            }
        })
        .collect()
}

/// Bytes that Go printed as a hex dump become the text that they are.
fn hexdumps<'a>(hexdump: Option<&Regex>, lines: Vec<Line<'a>>) -> Vec<Line<'a>> {
    let Some(hexdump) = hexdump else { return lines };
    let mut plain: Vec<Line<'a>> = Vec::with_capacity(lines.len());
    let mut dump: Option<(u64, Vec<u8>)> = None;
    for (number, line) in lines {
        if let Some(found) = hexdump.captures(&line) {
            let bytes = found[1].split_whitespace().filter_map(|pair| u8::from_str_radix(pair, 16).ok());
            dump.get_or_insert_with(|| (number, Vec::new())).1.extend(bytes);
            continue;
        }
        if let Some((number, bytes)) = dump.take() {
            plain.extend(parted(number, &String::from_utf8_lossy(&bytes)));
        }
        plain.push((number, line));
    }
    if let Some((number, bytes)) = dump {
        plain.extend(parted(number, &String::from_utf8_lossy(&bytes)));
    }
    plain
}

/// A quoted value that YAML folded over several lines stands in one.
fn folds<'a>(folded: Option<&Regex>, lines: Vec<Line<'a>>) -> Vec<Line<'a>> {
    let Some(folded) = folded else { return lines };
    let mut unfolded: Vec<Line<'a>> = Vec::with_capacity(lines.len());
    let mut open: Option<(char, usize)> = None;
    for (number, line) in lines {
        if let Some((quote, left)) = open
            && line.starts_with("  ")
            && let Some((_, last)) = unfolded.last_mut()
        {
            let last = last.to_mut();
            last.push(' ');
            last.push_str(line.trim());
            open = (left > 0 && !line.trim_end().ends_with(quote)).then_some((quote, left - usize::from(left > 0)));
            continue;
        }
        open = folded.captures(&line).and_then(|found| {
            let quote = found[1].chars().next()?;
            let odd = line.matches(quote).count() % 2 == 1;
            odd.then_some((quote, 30))
        });
        unfolded.push((number, line));
    }
    unfolded
}

/// Lines that a terminal of 80 columns broke.
fn wraps<'a>(lines: Vec<Line<'a>>) -> Vec<Line<'a>> {
    const WIDTH: usize = 80;
    let mut whole: Vec<Line<'a>> = Vec::with_capacity(lines.len());
    let mut is_broken = false;
    for (number, line) in lines {
        let is_full = line.chars().take(WIDTH + 1).count() == WIDTH && !line.ends_with(['.', '>', ';', '}', '"']);
        match whole.last_mut().filter(|_| is_broken && line.starts_with(|c: char| c.is_alphanumeric())) {
            Some((_, last)) => last.to_mut().push_str(&line),
            None => whole.push((number, line)),
        }
        is_broken = is_full;
    }
    whole
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(wrapped: &str) -> String {
        unwrapped(wrapped).text.trim_end().to_owned()
    }

    #[test]
    fn every_wrapping_comes_off() {
        for (wrapped, wanted) in [
            (r#"err="A: b.\n\tstatus code: 403""#, "err=\"A: b.\n\tstatus code: 403\""),
            (r#"{"log":"{\"err\":\"a\\nb\"}"}"#, "{\"log\":\"{\"err\":\"a\nb\"}\"}"),
            (r"<Code>SlowDown<\/Code>", "<Code>SlowDown</Code>"),
            (r"\u003cCode\u003eA\u003c/Code\u003e", "<Code>A</Code>"),
            ("&lt;Code&gt;A&lt;/Code&gt;", "<Code>A</Code>"),
            ("%3CCode%3EA+b%3C/Code%3E", "<Code>A b</Code>"),
            ("> time=x\n> \n> more", "time=x\n\nmore"),
            ("> GET / HTTP/1.1\n> Host: h", "> GET / HTTP/1.1\n> Host: h"),
            ("-> \"HTTP/1.1 403 Forbidden\\r\\n\"\n-> \"\\r\\n\"\n-> \"<a>\"", "HTTP/1.1 403 Forbidden\n\n<a>"),
            ("x wire - o-0 << \"Server: s[\\r][\\n]\"", "Server: s"),
            ("00000000  3c 45 72 72 6f 72 3e 0a  |<Error>.|\nx", "<Error>\nx"),
            ("reason: 'one\n    two'\nb: c", "reason: 'one two'\nb: c"),
            ("web-1  | AccessDenied: no", "AccessDenied: no"),
            (
                "run x 2025/04/15 01:03:01 NOTICE: a 2025/04/15 01:03:02 ERROR : b",
                "run x\n2025/04/15 01:03:01 NOTICE: a\n2025/04/15 01:03:02 ERROR : b",
            ),
            ("│ Error: no", "Error: no"),
            (r"C:\new\table is no escape", r"C:\new\table is no escape"),
        ] {
            assert_eq!(text(wrapped), wanted, "{wrapped}");
        }
    }

    #[test]
    fn lines_keep_their_numbers() {
        let found = unwrapped("first\nerr=\"a\\nb\"\nlast");
        let at = |part: &str| found.line_of(found.text.find(part).unwrap_or_default());
        assert_eq!([at("first"), at("err"), at("b\""), at("last")], [0, 1, 1, 2]);
    }
}
