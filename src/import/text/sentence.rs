//! The sentences in which SDKs and tools print a store's error.

use std::sync::LazyLock;

use regex::{Captures, Regex};
use serde::Deserialize;

use super::clause::{self, clause};
use super::form::{Form, Looked, regex};
use super::status;
use super::told::{Told, Trust};
use crate::assets::asset;
use crate::domain::vocabulary::{self, Meaning};

/// Closer words of the vocabulary count before a tool's own form.
const FARTHEST: usize = 50_000;

/// The forms of `assets/sentences.toml`.
static FORMS: LazyLock<Vec<Form>> = LazyLock::new(|| {
    let file: SentenceFile = asset!("sentences.toml");
    file.form.into_iter().map(|Entry { needs, pattern }| Form::new(needs, pattern)).collect()
});

#[derive(Deserialize)]
struct SentenceFile {
    form: Vec<Entry>,
}

#[derive(Deserialize)]
struct Entry {
    needs: Vec<String>,
    pattern: String,
}

/// What a group holds, in one line; `None` for a language's word for nothing.
fn value(words: &str) -> Option<String> {
    let (first, below) = words.split_once('\n').unwrap_or((words, ""));
    let line = [first, below.trim_start_matches(['\n', ' ', '-'])].join(" ");
    let text = line.trim().trim_matches(['\'', '"', '`']);
    let is_nothing =
        ["", "null", "(null)", "none", "undefined", "nil"].iter().any(|word| text.eq_ignore_ascii_case(word));
    (!is_nothing).then(|| text.to_owned())
}

/// Tells what the groups of a match hold, by their names.
fn tell(form: &'static Regex, found: &Captures<'_>, rest: &str, told: &mut Told) {
    for name in form.capture_names().flatten() {
        let Some(words) = found.name(name).map(|group| group.as_str()) else { continue };
        match name {
            "rest" => told.message = clause(rest),
            "thrown" => told.message = value(behind_class(words)),
            "code" => code(told, value(words)),
            "constant" => told.code = Some(in_camel_case(words)).filter(|code| vocabulary::is_code(code)),
            "status" => told.status = status::by_name(words).filter(|status| *status >= 100).or(told.status),
            "message" => told.message = value(words),
            "method" => told.method = value(words).map(|method| method.to_ascii_uppercase()),
            "url" => told.url = value(words),
            "host" => told.host = value(words),
            "operation" => told.operation = value(words),
            "request_id" => told.request_id = value(words),
            "trace_id" => told.trace_id = value(words),
            exception => {
                told.message = value(words);
                if vocabulary::is_client_name(exception) {
                    told.network = Some((exception, None, FARTHEST));
                } else {
                    told.code = Some(exception.to_owned());
                }
            }
        }
    }
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
    told.status = told.status.or(status::by_name(&name).filter(|_| vocabulary::is_wrapper(&name)));
    told.code = Some(name);
}

/// `com.amazonaws…Exception: Access Denied` is the Message behind its class, also where the class is Elasticsearch's name
/// for it or opens a bracket.
fn behind_class(message: &str) -> &str {
    const CLASSES: [&str; 3] = ["xception: ", "xception[", "Error: "];
    let at = CLASSES.into_iter().filter_map(|class| Some(message.rfind(class)? + class.len())).max();
    &message[at.unwrap_or(0)..]
}

/// A name that may be a Code, and what comes after it.
static NAMED: LazyLock<Form> =
    LazyLock::new(|| Form::new([""], r#"\b([A-Z][A-Za-z0-9_]{3,60}(?:\.[A-Z][A-Za-z]+)?)(?:(: )|(["'`)\],;.\s]|$))"#));

/// Every sentence of a text.
pub fn sentences(looked: &Looked<'_>) -> Vec<Told> {
    let text = looked.text;
    let mut found = Vec::new();
    for form in FORMS.iter().filter_map(|form| form.of(looked)) {
        for captures in form.captures_iter(text) {
            let Some(whole) = captures.get(0) else { continue };
            let mut told = Told::at(whole.start(), whole.end(), Trust::Sentence);
            tell(form, &captures, &text[whole.end()..], &mut told);
            if !is_empty(&told) {
                found.push(told);
            }
        }
    }
    named(text, &mut found);
    found
}

fn is_empty(told: &Told) -> bool {
    let words = [&told.message, &told.code, &told.operation, &told.url];
    told.status.is_none() && words.iter().all(|words| words.is_none())
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

#[cfg(test)]
mod tests {
    use super::*;

    const NAMES: [&str; 13] = [
        "code",
        "constant",
        "status",
        "message",
        "thrown",
        "rest",
        "method",
        "url",
        "host",
        "operation",
        "request_id",
        "trace_id",
        "Error",
    ];

    #[test]
    fn every_form_reads_its_example() {
        #[derive(Deserialize)]
        struct Examples {
            form: Vec<Row>,
        }
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Row {
            needs: Vec<String>,
            example: String,
            pattern: String,
        }
        let file: Examples = asset!("sentences.toml");
        assert_eq!(file.form.len(), FORMS.len());
        for (Row { needs, example, pattern }, form) in file.form.iter().zip(FORMS.iter()) {
            assert!(needs.iter().all(|word| !word.is_empty() && *word == word.to_lowercase()), "{needs:?}");
            let found = form.of(&Looked::at(example)).and_then(|form| Some((form, form.captures(example)?)));
            let (form, found) = found.unwrap_or_else(|| panic!("{pattern} does not match {example}"));
            for name in form.capture_names().flatten() {
                assert!(NAMES.contains(&name) || vocabulary::is_client_name(name), "{name} in {pattern}");
            }
            let mut told = Told::default();
            tell(form, &found, found.get(0).map_or("", |whole| &example[whole.end()..]), &mut told);
            assert!(!is_empty(&told), "{pattern} tells nothing of {example}");
        }
    }
}
