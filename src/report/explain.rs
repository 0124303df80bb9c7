//! What the code book says about a Code: one page for one meaning, a list where there are several.

use std::fmt::Write;

use unicode_width::UnicodeWidthStr;

use crate::diagnosis::causes;
use crate::diagnosis::code_book::{self, Entry, Family};
use crate::domain::cause::Cause;
use crate::domain::dialect::Dialect;
use crate::domain::record::Record;
use crate::i18n::{Language, tell};
use crate::text::verdict;

/// The most of a Message that the list shows.
const MESSAGE: usize = 44;

/// What a Code means: the meaning that its Message picks, or without a Message the only one or the list of
/// all. Empty for a Code that the book does not have.
#[must_use]
pub fn page(code: &str, message: &str, language: Language) -> String {
    match code_book::of_code(code).as_slice() {
        [only] => entry(only, language),
        _ if !message.is_empty() => meaning(code, message).map(|found| entry(found, language)).unwrap_or_default(),
        entries => meanings(entries, language),
    }
}

/// The page of a record's Code: first the meaning that its Message picks, then the list of all. `None`
/// without a Code, or with one that the code book does not have.
#[must_use]
pub fn of_record(record: &Record, language: Language) -> Option<String> {
    let code = record.shown_code();
    let message = record.error.message.as_deref().unwrap_or_default();
    let picked = code_book::find(record.dialect, record.status_code, code, message)?;
    let mut text = entry(picked, language);
    if code_book::of_code(code).len() > 1 {
        let words = tell!(language, "%{code} has other meanings too:", code = code);
        let _ = write!(text, "\n{words}\n\n{}", page(code, "", language));
    }
    Some(text)
}

/// What a cause means and what to do about it.
#[must_use]
pub fn cause(cause: Cause, language: Language) -> String {
    let entry = causes::entry(cause);
    let words = entry.words.get(language);
    let mut text = format!("{cause}\n  {}\n\n", words.summary);
    let fix: Vec<_> = words.fix.iter().map(|fix| fix.replace("{action}", "name/cos:…")).collect();
    list(&mut text, &tell!(language, "Fix"), &fix);
    list(&mut text, &tell!(language, "Owner"), &[verdict::owner(entry.owner, language).into_owned()]);
    let codes = codes_of(cause);
    if !codes.is_empty() {
        list(&mut text, &tell!(language, "Codes"), &[codes.join(", ")]);
    }
    text
}

/// The Codes that may have a cause.
#[must_use]
pub fn codes_of(cause: Cause) -> Vec<&'static str> {
    let named = code_book::entries().iter().filter(|entry| entry.causes.contains(&cause));
    let mut codes: Vec<_> = named.map(|entry| entry.code.as_str()).collect();
    codes.sort_unstable();
    codes.dedup();
    codes
}

/// The entry for this Message, however much of it there is.
#[must_use]
pub fn meaning(code: &str, message: &str) -> Option<&'static Entry> {
    code_book::find(Dialect::Cos, None, code, message)
}

/// Every meaning of a Code in full, one page after the other. Empty for a Code that the book does not have.
#[must_use]
pub fn all(code: &str, language: Language) -> String {
    let pages: Vec<_> = in_order(&code_book::of_code(code)).into_iter().map(|found| entry(found, language)).collect();
    pages.join("\n")
}

/// The meanings with the most common one first: the book has them in this order within a family, and the
/// general one, which is for all other Messages, comes last.
fn in_order(entries: &[&'static Entry]) -> Vec<&'static Entry> {
    let mut families: Vec<Family> = entries.iter().map(|entry| entry.family).collect();
    families.dedup();
    let place = |family| families.iter().position(|known| *known == family);
    let mut ordered = entries.to_vec();
    ordered.sort_by_key(|entry| (place(entry.family), entry.message.is_none()));
    ordered
}

/// One line a meaning: how the Message begins, and what it means.
fn meanings(entries: &[&'static Entry], language: Language) -> String {
    let Some(first) = entries.first() else { return String::new() };
    let count = tell!(language, "%{n} meanings; the Message tells which", n = entries.len());
    let mut text = format!("{} · {count}\n", first.code);
    let any = |family| entries.iter().all(|entry| entry.family != family || entry.message.is_none());
    let begin = |entry: &Entry| match &entry.message {
        Some(part) => crate::text::width::truncate_end(&message(part), MESSAGE),
        None if any(entry.family) => tell!(language, "any Message").into_owned(),
        None => tell!(language, "any other Message").into_owned(),
    };
    let widest = entries.iter().map(|entry| begin(entry).width()).max().unwrap_or(0);
    let mut family = None;
    for entry in in_order(entries) {
        if family.replace(entry.family) != Some(entry.family) {
            let _ = writeln!(text, "\n{}", verdict::family(entry.family, language));
        }
        let begin = begin(entry);
        let gap = " ".repeat(widest - begin.width());
        let _ = writeln!(text, "  {begin}{gap}  {}", entry.words.get(language).meaning);
    }
    text
}

/// How a Message begins, with what the store puts in left out.
fn message(part: &str) -> String {
    format!("{} …", part.replace('*', "… "))
}

/// One meaning in full.
#[must_use]
pub fn entry(entry: &Entry, language: Language) -> String {
    let words = entry.words.get(language);
    let statuses: Vec<_> = entry.status.iter().map(u16::to_string).collect();
    let mut head = vec![entry.code.clone()];
    head.extend((!statuses.is_empty()).then(|| statuses.join(", ")));
    head.push(verdict::family(entry.family, language).into_owned());
    let mut text = format!("{}\n", head.join(" · "));
    if let Some(part) = &entry.message {
        list(&mut text, "Message", &[message(part)]);
    }
    let _ = writeln!(text, "  {}\n", words.meaning);
    list(&mut text, &tell!(language, "Check"), &words.check);
    list(&mut text, &tell!(language, "Fix"), &words.fix);
    let retry = if entry.retry { tell!(language, "may help") } else { tell!(language, "does not help") };
    let rest = [
        (tell!(language, "Causes"), entry.causes.iter().map(|cause| cause.as_str()).collect::<Vec<_>>().join(", ")),
        (tell!(language, "Owner"), verdict::owner(entry.owner, language).into_owned()),
        (tell!(language, "Retry"), retry.into_owned()),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_picks_its_meaning_and_without_one_there_is_a_list() {
        let list = page("accessdenied", "", Language::En);
        let entries = code_book::of_code("AccessDenied");
        let lines: Vec<_> = list.lines().filter(|line| line.starts_with("  ")).collect();
        assert_eq!(lines.len(), entries.len(), "{list}");
        assert!(lines[0].starts_with("  access denied. …") && list.contains("  any other Message"), "{list}");
        for (message, cause) in [
            ("Request has expired", "signature-expired"),
            ("You are denied by bucket referer rule", "referer-denied"),
            ("something new", "permission-denied"),
        ] {
            let page = page("AccessDenied", message, Language::En);
            assert!(
                page.contains(&format!("Causes     {cause}")) && page.matches("AccessDenied").count() == 1,
                "{page}"
            );
        }
        assert_eq!(all("AccessDenied", Language::En).matches("AccessDenied ·").count(), entries.len());
        assert_eq!(page("NoSuchThing", "", Language::En), "");
        assert!(page("NoSuchKey", "", Language::Zh).starts_with("NoSuchKey · 404"));
    }
}
