//! A failure's verdict in plain words: the cause, how sure, the evidence, what to change, what was
//! checked, and what support needs.

use std::borrow::Cow;
use std::fmt::Write;

use unicode_width::UnicodeWidthStr;

use crate::diagnosis::code_book;
use crate::domain::language::{Language, tell};
use crate::domain::record::Record;
use crate::domain::text::visible;
use crate::domain::verdict::{Check, Comparison, Permission, Verdict};

/// The verdict on one record, of several lines.
#[must_use]
pub fn text(record: &Record, language: Language) -> String {
    let mut text = Lines { text: String::new(), language };
    let diagnosis = record.diagnosis.clone().unwrap_or_default();
    for (i, verdict) in diagnosis.verdicts.iter().enumerate() {
        if i == 1 {
            text.line(&tell!(language, "It may also be"));
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
        text.field(&entry.code, &entry.words.get(language).meaning);
    }
    if let Some(id) = &record.request_id {
        let received = |time| tell!(language, "received %{time} (inferred)", time = time);
        let parts = [
            Some(id.value.as_str().into()),
            id.time.map(received),
            id.masked.then(|| tell!(language, "its tail is hidden: support needs the whole id")),
        ];
        text.field("RequestId", &parts.into_iter().flatten().collect::<Vec<_>>().join("  "));
    } else {
        text.field("RequestId", &tell!(language, record.no_id_words()));
    }
    text.text
}

/// Lines in the making.
struct Lines {
    text: String,
    language: Language,
}

impl Lines {
    fn line(&mut self, words: &str) {
        self.text.push_str(words);
        self.text.push('\n');
    }

    fn field(&mut self, name: &str, value: &str) {
        let gap = " ".repeat(9_usize.saturating_sub(name.width()));
        let _ = writeln!(self.text, "  {name}{gap}  {}", visible(value));
    }

    /// Values one under the other, the first beside the name.
    fn list(&mut self, name: &str, values: impl Iterator<Item = String>) {
        for (i, value) in values.enumerate() {
            self.field(if i == 0 { name } else { "" }, &value);
        }
    }
}

fn one(text: &mut Lines, verdict: &Verdict, whole: bool) {
    let language = text.language;
    let sure = tell!(language, verdict.confidence.as_str());
    text.line(&format!("{}  [{sure}, {}]", verdict.summary, verdict.cause));
    if !whole {
        return;
    }
    let facts = verdict.evidence.iter().map(|evidence| format!("{} ({})", evidence.fact, evidence.from));
    text.list(&tell!(language, "Evidence"), facts);
    text.list(&tell!(language, "Fix"), verdict.fix.iter().cloned());
}

fn checks(text: &mut Lines, checks: &[Check]) {
    let widest = checks.iter().map(|check| visible(&check.changed).width()).max().unwrap_or(0);
    let language = text.language;
    let rows = checks.iter().map(|check| {
        let changed = visible(&check.changed);
        let gap = " ".repeat(widest - changed.width());
        let id = check.request_id.as_deref().map_or_else(|| tell!(language, "no id"), Cow::Borrowed);
        format!("{:<15}  {changed}{gap}  {}  {id}", check.check, check.outcome)
    });
    text.list(&tell!(language, "Checks"), rows);
}

/// Both texts line by line: what is equal once, what differs one under the other.
fn signature(text: &mut Lines, comparison: &Comparison) {
    let language = text.language;
    let differs = tell!(language, "differs in: %{element}", element = comparison.element);
    text.field(&tell!(language, "Signature"), &differs);
    let (both, the_store) = (tell!(language, "both"), tell!(language, "store"));
    let (ours, no_line) = (tell!(language, "here"), tell!(language, "(no line)"));
    let widest = [&both, &the_store, &ours].map(|name| name.width()).into_iter().max().unwrap_or(0);
    let named = |name: &str, line: &str| format!("{name}{}  {line}", " ".repeat(widest - name.width()));
    let (store, here): (Vec<_>, Vec<_>) =
        (comparison.store.split('\n').collect(), comparison.here.split('\n').collect());
    for i in 0..store.len().max(here.len()) {
        let (left, right) = (store.get(i), here.get(i));
        if left == right {
            text.field("", &named(&both, left.copied().unwrap_or_default()));
            continue;
        }
        text.field("", &named(&the_store, left.copied().unwrap_or(&no_line)));
        text.field("", &named(&ours, right.copied().unwrap_or(&no_line)));
        if comparison.line == Some(i + 1) {
            let shown = comparison.byte.unwrap_or(1) - 1;
            let head = left.map_or("", |line| line.get(..shown).unwrap_or(line));
            text.field("", &named(&" ".repeat(widest), &format!("{}^", " ".repeat(visible(head).width()))));
        }
    }
}

fn allowed_by(text: &mut Lines, permission: &Permission) {
    let language = text.language;
    let (action, resource) = (&permission.action, &permission.resource);
    let needs = tell!(language, "%{action} on %{resource}", action = action, resource = resource);
    text.field(&tell!(language, "Needs"), &needs);
    text.field(&tell!(language, "For"), &permission.principal);
    text.list(&tell!(language, "Policy"), permission.policy.lines().map(str::to_owned));
}
