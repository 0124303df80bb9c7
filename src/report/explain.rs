//! What a code or a cause means, from the code book, for the command line and for the screen.

use std::fmt::Write;

use serde_json::{Value, json};
use unicode_width::UnicodeWidthStr;

use crate::diagnosis::causes;
use crate::diagnosis::code_book::{self, Entry};
use crate::domain::language::{Language, tell};
use crate::domain::record::Record;

/// The code book's page of a record's Code: first the meaning that its Message picks, then the others.
/// `None` without a Code, or with one that the code book does not have.
#[must_use]
pub fn of_record(record: &Record, language: Language) -> Option<String> {
    let code = record.shown_code();
    let message = record.error.message.as_deref().unwrap_or_default();
    let picked = code_book::find(record.dialect, record.status_code, code, message)?;
    let others: Vec<_> = code_book::of_code(code).into_iter().filter(|entry| !std::ptr::eq(*entry, picked)).collect();
    let mut text = entry_in_words(picked, language);
    if !others.is_empty() {
        let words = tell!(language, "%{code} has other meanings too:", code = code);
        let _ = write!(text, "\n{words}\n");
    }
    for entry in others {
        let _ = write!(text, "\n{}", entry_in_words(entry, language));
    }
    Some(text)
}

/// Every meaning of a code, in words and as data. `None` when the code book does not have it.
#[must_use]
pub fn of_code(code: &str, language: Language) -> Option<(String, Value)> {
    let entries = code_book::of_code(code);
    if entries.is_empty() {
        return None;
    }
    let words = entries.iter().map(|entry| entry_in_words(entry, language)).collect::<Vec<_>>().join("\n");
    Some((words, json!({ "kind": "code", "entries": entries })))
}

fn entry_in_words(entry: &Entry, language: Language) -> String {
    let words = entry.words.get(language);
    let statuses: Vec<_> = entry.status.iter().map(u16::to_string).collect();
    let mut head = vec![entry.code.clone()];
    head.extend((!statuses.is_empty()).then(|| statuses.join(", ")));
    head.push(entry.family.in_words(language).into_owned());
    let mut text = format!("{}\n", head.join(" · "));
    if let Some(part) = &entry.message {
        list(&mut text, "Message", &[format!("{} …", part.replace('*', "… "))]);
    }
    let _ = writeln!(text, "  {}\n", words.meaning);
    list(&mut text, &tell!(language, "Check"), &words.check);
    list(&mut text, &tell!(language, "Fix"), &words.fix);
    let again = if entry.retry {
        tell!(language, "sending it again may help by itself")
    } else {
        tell!(language, "sending it again does not help by itself")
    };
    let rest = [
        (tell!(language, "Causes"), entry.causes.join(", ")),
        (tell!(language, "Move"), entry.owner.in_words(language).into_owned()),
        (tell!(language, "Again"), again.into_owned()),
        (tell!(language, "Page"), entry.page.clone()),
    ];
    for (label, value) in rest.iter().filter(|(_, value)| !value.is_empty()) {
        list(&mut text, label, std::slice::from_ref(value));
    }
    text
}

/// A label and its lines, one under the other.
pub fn list(text: &mut String, label: &str, lines: &[String]) {
    for (i, line) in lines.iter().enumerate() {
        let label = if i == 0 { label } else { "" };
        let _ = writeln!(text, "  {label}{}  {line}", " ".repeat(9_usize.saturating_sub(label.width())));
    }
}

/// A cause, in words and as data. `None` when there is none of this id.
#[must_use]
pub fn of_cause(id: &str, language: Language) -> Option<(String, Value)> {
    let cause = causes::get(id)?;
    let words = cause.words.get(language);
    let mut text = format!("{id}\n  {}\n\n", words.summary);
    let fix: Vec<_> = words.fix.iter().map(|fix| fix.replace("{action}", "name/cos:…")).collect();
    list(&mut text, &tell!(language, "Fix"), &fix);
    list(&mut text, &tell!(language, "Move"), &[cause.owner.in_words(language).into_owned()]);
    let named: Vec<_> =
        code_book::entries().iter().filter(|entry| entry.causes.iter().any(|other| other == id)).collect();
    let mut codes: Vec<_> = named.iter().map(|entry| entry.code.as_str()).collect();
    codes.sort_unstable();
    codes.dedup();
    if !codes.is_empty() {
        list(&mut text, &tell!(language, "Codes"), &[codes.join(", ")]);
    }
    Some((text, json!({ "kind": "cause", "id": id, "cause": cause, "codes": codes })))
}
