//! A failure's verdict in plain words: the cause, how sure, the evidence, what to change, what was
//! checked, and what support needs.

use std::fmt::Write;

use unicode_width::UnicodeWidthStr;

use crate::diagnosis::{Language, code_book};
use crate::domain::record::Record;
use crate::domain::text::visible;
use crate::domain::verdict::{Check, Comparison, Permission, Verdict};

/// The verdict on one record, of several lines.
#[must_use]
pub fn text(record: &Record, language: Language) -> String {
    let mut text = String::new();
    let diagnosis = record.diagnosis.clone().unwrap_or_default();
    for (i, verdict) in diagnosis.verdicts.iter().enumerate() {
        if i == 1 {
            text.push_str("It may also be\n");
        }
        one(&mut text, verdict, i == 0);
    }
    checks(&mut text, &diagnosis.checks);
    if let Some(comparison) = &diagnosis.signature {
        signature(&mut text, comparison);
    }
    if let Some(permission) = &diagnosis.permission {
        allowed_by(&mut text, permission);
    }
    let code = record.error.code.as_deref().unwrap_or_default();
    let message = record.error.message.as_deref().unwrap_or_default();
    if let Some(entry) = code_book::find(record.dialect, record.status_code, code, message) {
        field(&mut text, &entry.code, &entry.words.get(language).meaning);
    }
    if let Some(id) = &record.request_id {
        let time = id.time.map(|time| format!("  received {time} (inferred)")).unwrap_or_default();
        let masked = if id.masked { "  its tail is hidden: support needs the whole id" } else { "" };
        field(&mut text, "RequestId", &format!("{}{time}{masked}", id.value));
    } else {
        field(&mut text, "RequestId", record.no_id_words());
    }
    text
}

fn field(text: &mut String, name: &str, value: &str) {
    let _ = writeln!(text, "  {name:<9}  {}", visible(value));
}

fn one(text: &mut String, verdict: &Verdict, whole: bool) {
    let _ = writeln!(text, "{}  [{}, {}]", verdict.summary, verdict.confidence.as_str(), verdict.cause);
    if !whole {
        return;
    }
    for (i, evidence) in verdict.evidence.iter().enumerate() {
        field(text, if i == 0 { "Evidence" } else { "" }, &format!("{} ({})", evidence.fact, evidence.from));
    }
    for (i, fix) in verdict.fix.iter().enumerate() {
        field(text, if i == 0 { "Fix" } else { "" }, fix);
    }
}

fn checks(text: &mut String, checks: &[Check]) {
    let widest = checks.iter().map(|check| visible(&check.changed).width()).max().unwrap_or(0);
    for (i, check) in checks.iter().enumerate() {
        let changed = visible(&check.changed);
        let gap = " ".repeat(widest - changed.width());
        let id = check.request_id.as_deref().unwrap_or("no id");
        let row = format!("{:<15}  {changed}{gap}  {}  {id}", check.check, check.outcome);
        field(text, if i == 0 { "Checks" } else { "" }, &row);
    }
}

/// Both texts line by line: what is equal once, what differs one under the other.
fn signature(text: &mut String, comparison: &Comparison) {
    field(text, "Signature", &format!("differs in: {}", comparison.element));
    let (store, here): (Vec<_>, Vec<_>) =
        (comparison.store.split('\n').collect(), comparison.here.split('\n').collect());
    for i in 0..store.len().max(here.len()) {
        let (left, right) = (store.get(i), here.get(i));
        if left == right {
            field(text, "", &format!("both   {}", left.copied().unwrap_or_default()));
            continue;
        }
        field(text, "", &format!("store  {}", left.copied().unwrap_or("(no line)")));
        field(text, "", &format!("here   {}", right.copied().unwrap_or("(no line)")));
        if comparison.line == Some(i + 1) {
            let shown = comparison.byte.unwrap_or(1) - 1;
            let head = left.map_or("", |line| line.get(..shown).unwrap_or(line));
            field(text, "", &format!("       {}^", " ".repeat(visible(head).width())));
        }
    }
}

fn allowed_by(text: &mut String, permission: &Permission) {
    field(text, "Needs", &format!("{} on {}", permission.action, permission.resource));
    field(text, "For", &permission.principal);
    for (i, line) in permission.policy.lines().enumerate() {
        field(text, if i == 0 { "Policy" } else { "" }, line);
    }
}
