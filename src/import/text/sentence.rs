//! The sentences in which SDKs and tools print a store's error.

use std::sync::LazyLock;

use regex::{Captures, Regex};

use super::clause::{self, clause};
use super::form::{Form, Looked, regex};
use super::told::{Told, Trust};
use crate::domain::vocabulary::{self, Meaning};

/// Closer words of the vocabulary count before a tool's own form.
const FARTHEST: usize = 50_000;

/// Which group of a form holds what.
type Read = fn(&Captures<'_>, &mut Told, &str);

struct Sentence {
    form: Form,
    read: Read,
}

fn group(found: &Captures<'_>, at: usize) -> Option<String> {
    let text = found.get(at)?.as_str().trim().trim_matches(['\'', '"', '`']);
    let is_nothing =
        text.is_empty() || matches!(text.to_ascii_lowercase().as_str(), "null" | "none" | "undefined" | "nil");
    (!is_nothing).then(|| text.to_owned())
}

/// `ACCESS_DENIED` as stores spell it.
fn in_camel_case(name: &str) -> String {
    let word = |word: &str| word[..1].to_owned() + &word[1..].to_ascii_lowercase();
    name.split('_').filter(|part| !part.is_empty()).map(word).collect()
}

/// A Code, or the status where a tool prints it in the Code's place.
fn code(told: &mut Told, name: Option<String>) {
    let Some(name) = name else { return };
    if let Some(status) = name.split(' ').next().and_then(|first| first.parse::<u16>().ok()) {
        told.status = told.status.or(Some(status));
        return;
    }
    // What an SDK makes of an answer without a body: the status as a word.
    told.status = told.status.or(super::status::by_name(&name).filter(|_| vocabulary::is_wrapper(&name)));
    told.code = Some(name);
}

static SENTENCES: LazyLock<Vec<Sentence>> = LazyLock::new(|| {
    let forms: [(&'static [&'static str], &str, Read); 20] = [
        // cos-go-sdk: METHOD URL: 403 AccessDenied(Message: …, RequestId: …, TraceId: …)
        (
            &["(message: "],
            r"([A-Z]+) (https?://\S+): (\d{3}) ?([A-Za-z]*)\(Message: (.*?), RequestId: ([^,)]*)(?:, TraceId: ([^)]*))?",
            |found, told, _| {
                told.method = group(found, 1);
                told.url = group(found, 2);
                told.status = found[3].parse().ok();
                told.code = group(found, 4);
                told.message = group(found, 5);
                told.request_id = group(found, 6);
                told.trace_id = group(found, 7);
            },
        ),
        // coscmd: [code 403] Access Denied.
        (&["[code "], r"\[code (\d{3})\] *([^\r\n]*)", |found, told, _| {
            told.status = found[1].parse().ok();
            told.message = group(found, 2);
        }),
        (
            &["an error occurred ("],
            r"An error occurred \(([\w.]+)\) when calling the (\w+) operation[^:\n]*: ",
            |found, told, rest| {
                code(told, group(found, 1));
                told.operation = group(found, 2);
                told.message = clause(rest);
            },
        ),
        (&["operation error "], r"operation error \w+: (\w+)", |found, told, _| told.operation = group(found, 1)),
        (&["api error "], r"api error ([A-Za-z][\w.]*): ", |found, told, rest| {
            code(told, group(found, 1));
            told.message = clause(rest);
        }),
        // AWS SDK for Java 1 and COS's: Access Denied (Service: Amazon S3; Status Code: 403; Error Code: …; Request ID: …
        (
            &["; error code: "],
            r"([^\n()]+?(?:\([^()\n]*\)[^\n()]*?)?) \((?:Service: [^;)\n]*; )?Status Code: (\d{3}); Error Code: ([^;)\n]*)(?:; Request ID: ([^;)\n]*))?",
            |found, told, _| {
                told.message = group(found, 1).map(|message| behind_class(&message));
                told.status = found[2].parse().ok();
                code(told, group(found, 3));
                told.request_id = group(found, 4);
            },
        ),
        // AWS SDK for Java 2 and Kotlin.
        (
            &["service: "],
            r"([^\n]+?) \(Service: \w+, Status Code: (\d{1,3})(?:, Request ID: ([^,)\n]*))?",
            |found, told, _| {
                told.message =
                    group(found, 1).map(|message| behind_class(&message)).filter(|message| message != "null");
                told.status = found[2].parse().ok().filter(|status| *status >= 100);
                told.request_id = group(found, 3);
            },
        ),
        (&["s3 error: "], r"S3 error: (\d{3}) \((\w+)\)(?:: ([^\r\n]*))?", |found, told, _| {
            told.status = found[1].parse().ok();
            code(told, group(found, 2));
            told.message = group(found, 3);
        }),
        (&["and http status code"], r"Error Code:? (\w+) and Http Status Code:? (\w+)", |found, told, _| {
            code(told, group(found, 1));
            told.status = super::status::by_name(&found[2]);
        }),
        // PHP: AccessDenied (client): Access Denied - <?xml
        (&[" (client): ", " (server): "], r"\b([A-Z][A-Za-z]+) \((?:client|server)\): ", |found, told, rest| {
            code(told, group(found, 1));
            told.message = clause(rest);
        }),
        // Ruby: AWS::S3::Errors::SlowDown: …
        (&["errors::"], r"Errors::([A-Z]\w+)(?:: | \()", |found, told, rest| {
            code(told, group(found, 1));
            told.message = clause(rest);
        }),
        // NSError; the words are in the language of the device.
        (&["error domain="], r#"Error Domain=[\w.]+ Code=-?\d+ "([^"\n]*)""#, |found, told, _| {
            told.message = group(found, 1).filter(|message| message != "(null)");
        }),
        // Go: Put "https://…": dial tcp …; of older versions without quotes, and EOF alone.
        (
            &["get ", "put ", "post ", "head ", "delete "],
            r#"\b(Get|Put|Post|Head|Delete) \\*"?(https?://[^\s"\\]+?)\\*"?: (EOF\b)?"#,
            |found, told, _| {
                told.method = group(found, 1).map(|method| method.to_ascii_uppercase());
                told.url = group(found, 2);
                told.network = found.get(3).map(|_| ("ECONNRESET", None, FARTHEST));
                told.message = told.network.and_then(|_| group(found, 0));
            },
        ),
        // What SDKs say of a call that they do not send.
        (
            &[
                "lack of param",
                "validation error(s) found",
                "missing required key",
                "no value provided for input http label",
                "expected uri parameter to have length",
            ],
            r"(?i)(?:lack of param|\d+ validation error\(s\) found|missing required key|no value provided for input http label|expected uri parameter to have length)[^\n]*",
            |found, told, rest| {
                let said = group(found, 0).unwrap_or_default();
                // What is wrong stands below.
                let below = rest
                    .trim_start_matches(['\n', ' ', '-'])
                    .lines()
                    .next()
                    .filter(|_| said.ends_with([':', '.']) && said.contains("validation"));
                told.code = Some("Error".to_owned());
                told.message = Some(below.map_or_else(|| said.clone(), |below| format!("{said} {below}")));
            },
        ),
        // The C++ SDK as Arrow prints it: AWS Error ACCESS_DENIED during HeadObject operation: …
        (
            &["aws error "],
            r"AWS Error ([A-Z][A-Z_]+)(?: \(HTTP status (\d{3})\))? during (\w+) operation",
            |found, told, _| {
                told.code = Some(in_camel_case(&found[1])).filter(|code| vocabulary::is_code(code));
                told.status = found.get(2).and_then(|status| status.as_str().parse().ok());
                told.operation = group(found, 3);
            },
        ),
        // Longhorn: AWS Error: NoSuchKey The specified key does not exist. <nil> 404 FA27…
        (&["aws error: "], r"AWS Error: +([A-Z]\w+) +([^\n<]*?) *(?:<nil>|\[\])\s+(\d{3}) (\w+)", |found, told, _| {
            code(told, group(found, 1));
            told.message = group(found, 2);
            told.status = found[3].parse().ok();
            told.request_id = group(found, 4);
        }),
        // A browser's console.
        (
            &[
                "bad request)",
                "forbidden)",
                "not found)",
                "conflict)",
                "not allowed)",
                "required)",
                "too large)",
                "error)",
                "gateway)",
                "unavailable)",
                "timeout)",
                "time-out)",
            ],
            r"\b(GET|PUT|POST|HEAD|DELETE|OPTIONS) (https?://\S+) ([45]\d\d) \([A-Z][A-Za-z -]+\)",
            |found, told, _| {
                told.method = group(found, 1);
                told.url = group(found, 2);
                told.status = found[3].parse().ok();
            },
        ),
        // goofys.
        (&["] = ", "= 4", "= 5"], r"\b(GET|PUT|POST|HEAD|DELETE) (https?://\S+) = ([45]\d\d)\b", |found, told, _| {
            told.method = group(found, 1);
            told.url = group(found, 2);
            told.status = found[3].parse().ok();
        }),
        // Of a host that is not known Java says the name and nothing else.
        (
            &["unable to execute http request: "],
            r"Unable to execute HTTP request: ([\w-]+(?:\.[\w-]+)*\.[A-Za-z]{2,})(?:[\s,;]|$)",
            |found, told, _| {
                told.host = group(found, 1);
                told.network = Some(("ENOTFOUND", None, FARTHEST));
                told.message = group(found, 0);
            },
        ),
        (&[" -- "], r"\b([A-Z][A-Za-z]{5,60}) -- ", |found, told, _| code(told, group(found, 1))),
    ];
    forms.into_iter().map(|(needs, pattern, read)| Sentence { form: Form::new(needs, pattern), read }).collect()
});

/// `com.amazonaws…Exception: Access Denied` is the Message behind its class, also where the class is Elasticsearch's name
/// for it or opens a bracket.
fn behind_class(message: &str) -> String {
    const CLASSES: [&str; 3] = ["xception: ", "xception[", "Error: "];
    let at = CLASSES.into_iter().filter_map(|class| Some(message.rfind(class)? + class.len())).max();
    message[at.unwrap_or(0)..].trim().to_owned()
}

/// A name that may be a Code, and what comes after it.
static NAMED: LazyLock<Form> =
    LazyLock::new(|| Form::new(&[""], r#"\b([A-Z][A-Za-z0-9_]{3,60}(?:\.[A-Z][A-Za-z]+)?)(?:(: )|(["'`)\],;.\s]|$))"#));

/// Every sentence of a text.
pub fn sentences(looked: &Looked<'_>) -> Vec<Told> {
    let text = looked.text;
    let mut found = Vec::new();
    for form in SENTENCES.iter() {
        for captures in form.form.of(looked).into_iter().flat_map(|pattern| pattern.captures_iter(text)) {
            let Some(whole) = captures.get(0) else { continue };
            let mut told = Told::at(whole.start(), whole.end(), Trust::Sentence);
            (form.read)(&captures, &mut told, &text[whole.end()..]);
            let is_empty = told.message.is_none()
                && told.code.is_none()
                && told.status.is_none()
                && told.operation.is_none()
                && told.url.is_none();
            if !is_empty {
                found.push(told);
            }
        }
    }
    named(text, &mut found);
    found
}

/// `Code: Message`, as most SDKs print it, and a Code's name that stands by itself.
fn named(text: &str, found: &mut Vec<Told>) {
    for captures in NAMED.compiled().into_iter().flat_map(|form| form.captures_iter(text)) {
        let Some(name) = captures.get(1).filter(|name| vocabulary::is_code(name.as_str())) else { continue };
        // A class in a package, a file's name.
        let before = text[..name.start()].chars().next_back();
        if before.is_some_and(|c| matches!(c, '.' | '/' | '\\' | '_' | '$' | '-')) {
            continue;
        }
        let mut told = Told::at(name.start(), name.end(), Trust::Word);
        told.code = Some(name.as_str().to_owned());
        if let Some(colon) = captures.get(2) {
            told.message = clause(&text[colon.end()..]);
            told.trust = Trust::Sentence;
        } else {
            // In a program's source and in its names of classes it is not a print.
            let opens = before.is_none_or(|c| matches!(c, '(' | '\'' | '"' | '[' | ' ' | '`' | '\n'));
            let line = text[..name.start()].rsplit('\n').next().unwrap_or_default();
            if !opens || line.trim_start().starts_with("at ") {
                continue;
            }
        }
        found.push(told);
    }
}

/// Words of the vocabulary: constant Messages, causes, and what programs say of a request without an answer.
pub fn words(text: &str) -> Vec<Told> {
    let mut found: Vec<Told> = Vec::new();
    for hit in vocabulary::hits(text) {
        let mut told = Told::at(hit.place.start, hit.place.end, Trust::Word);
        let line_start = text[..hit.place.start].rfind('\n').map_or(0, |at| at + 1);
        match hit.meaning {
            Meaning::Message(code) => {
                // Its tags were stripped: the Code stands right before it.
                if text[..hit.place.start].ends_with(code) {
                    told.code = Some(code.to_owned());
                    told.at = hit.place.start - code.len();
                }
                told.message = clause(&text[hit.place.start..]);
            }
            Meaning::Cause(_) => told.message = clause(sentence_around(text, line_start, hit.place.start)),
            Meaning::Network(name, phase) => {
                // Indented lines of a trace are the program's source, with phrases of its own.
                let is_source = text[line_start..].starts_with([' ', '\t']);
                let rank = hit.rank + if is_source { 100_000 } else { 0 };
                told.network = Some((name, phase, rank));
                told.message = clause_of_line(text, line_start);
            }
        }
        found.push(told);
    }
    found
}

/// The sentence that a place stands in: back to the quote that opened, or to a prefix's end.
fn sentence_around(text: &str, line_start: usize, at: usize) -> &str {
    let before = &text[line_start..at];
    let opened = ['"', '`', '\''].into_iter().filter_map(|quote| clause::opening_quote(before, quote)).max();
    &text[line_start + opened.map_or_else(|| prefix(before), |quote| quote + 1)..]
}

/// What a logger, and the SDK for Python, write in front of what a program says; then a class that the text is the
/// argument of.
static PREFIX: LazyLock<Option<Regex>> = LazyLock::new(|| {
    regex(concat!(
        r#"^(?:\[?\d{4}[-/]\d\d[-/]\d\d[T ]\d\d:\d\d:\d\d[^\s\]]*\]?\s+)?"#,
        r#"(?:(?:mc: )?[\[<]?(?i:error|err|warn|warning|info|debug|notice|fatal|severe|critical|crt)[\]>]? ?:?\s+(?:[\w.$:()-]+:\s+)?)?"#,
        r#"(?:\{ )?(?:Caused by: |Error: |Response: )?"#,
        r#"(?:\[["']url:\S+, retry_time:\d+ exception:|\w+(?:Error|Exception)\((?:"|'))?"#,
    ))
});

/// How long the prefix of a line is.
fn prefix(line: &str) -> usize {
    PREFIX.as_ref().and_then(|prefix| prefix.find(line)).map_or(0, |found| found.end())
}

fn clause_of_line(text: &str, line_start: usize) -> Option<String> {
    let line = text[line_start..].lines().next()?.trim();
    Some(line[prefix(line)..].chars().take(1000).collect()).filter(|line: &String| !line.is_empty())
}
