//! Only rows like the selected one, or none of them: by its Code; from the groups by the group's Code,
//! and its host where that parts groups.

use std::time::Instant;

use super::{Effects, filter};
use crate::domain::query::{Query, quoted};
use crate::domain::record::Outcome;
use crate::domain::severity::Severity;
use crate::i18n::tell;
use crate::ui::keymap::Action;
use crate::ui::model::Model;

/// A filter of more alternatives than this is nothing that a person can read.
const MOST_ALTERNATIVES: usize = 32;

/// Only rows like this one, or none of them.
pub fn narrow(model: &mut Model, only: bool, now: Instant) -> Effects {
    let Some(likeness) = likeness(model) else { return nothing(model, now) };
    let what = likeness.join(" ");
    if only {
        let words =
            tell!(model.chrome.language, "Only %{what} · %{key} undoes it", key = model.key(Action::Undo), what = what);
        return filter_by(model, &what, &words, now);
    }
    let words =
        tell!(model.chrome.language, "Without %{what} · %{key} undoes it", key = model.key(Action::Undo), what = what);
    // Not both at once: a row that differs in one of them stays.
    let others: Vec<_> = likeness.iter().map(|term| format!("not:{term}")).collect();
    filter_by(model, &others.join(" or "), &words, now)
}

/// Only what ended like this, or all again where that is what is shown.
pub fn only_of(model: &mut Model, severity: Severity, now: Instant) -> Effects {
    let word = format!("kind:{}", severity.word());
    let words: Vec<_> = model.table.filter.split(' ').collect();
    let is_shown = words.contains(&word.as_str());
    if words.iter().any(|word| word.starts_with("kind:")) {
        let others = words.into_iter().filter(|word| !word.starts_with("kind:")).collect::<Vec<_>>().join(" ");
        model.table.filter = others;
        let effects = filter::apply(model);
        if is_shown {
            return effects;
        }
    }
    model.table.view.all |= severity.outcome() != Outcome::Failure;
    let said =
        tell!(model.chrome.language, "Only %{what} · %{key} undoes it", key = model.key(Action::Undo), what = word);
    filter_by(model, &word, &said, now)
}

fn nothing(model: &mut Model, now: Instant) -> Effects {
    model.say(tell!(model.chrome.language, "No row here"), now);
    Effects::new()
}

/// What tells the selected row, or group, from others, in the language of the filter.
fn likeness(model: &Model) -> Option<Vec<String>> {
    let row = model.selected()?;
    let kind = model.table.rows.kind(row);
    let lower = kind.code.to_lowercase();
    let all = || model.table.rows.codes_and_hosts();
    let is_part = all().any(|(code, _)| code != kind.code && code.to_lowercase().contains(&lower));
    let whole = if is_part || kind.code.is_empty() { "=" } else { "" };
    let mut terms = vec![format!("code:{whole}{}", quoted(kind.code, true))];
    if model.table.groups.is_some() && all().any(|(code, host)| code == kind.code && host != kind.host) {
        terms.push(format!("host:={}", quoted(kind.host, true)));
    }
    Some(terms)
}

fn filter_by(model: &mut Model, by: &str, words: &str, now: Instant) -> Effects {
    let language = model.chrome.language;
    let Ok(by_query) = Query::parse(by) else { return nothing(model, now) };
    let query = &model.table.view.query;
    let narrowed = query.narrowed(&by_query);
    if narrowed == *query {
        model.say(tell!(language, "The filter already has that"), now);
        return Effects::new();
    }
    if narrowed.alternatives() > MOST_ALTERNATIVES {
        model.say(tell!(language, "The filter is too long · %{key} changes it", key = model.key(Action::Filter)), now);
        return Effects::new();
    }
    // The typed text stays unchanged where that is possible.
    let typed = model.table.filter.trim();
    model.table.filter = match (query.alternatives(), by_query.alternatives()) {
        (0, _) => by.to_owned(),
        (1, 1) => format!("{typed} {by}"),
        _ => narrowed.to_string(),
    };
    model.say(words, now);
    filter::apply(model)
}
