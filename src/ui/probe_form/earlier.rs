//! What was sent earlier, in this session and before it, and what is known to send to: found by a few letters of it.

use std::collections::HashSet;

use super::pieces;
use crate::domain::operation::OPERATIONS;
use crate::domain::probe::{Auth, Probe};
use crate::domain::record::Record;
use crate::ui::model::{Earlier, Field, Model, Prompt, Scope};

/// The number of latest probes that are searched.
const LOOKED: usize = 5000;
/// More than a person walks through.
const MOST: usize = 500;

/// What can be found, the latest first: the values of the prompt's four fields.
#[must_use]
pub fn entries(model: &Model) -> Vec<[String; 4]> {
    let mut seen = HashSet::new();
    let sent = model.session.probes.iter().rev().take(LOOKED).filter_map(|(probe, _)| values(probe));
    let targets = model.session.targets.iter().map(|target| pieces::quoted(target));
    let known = model.profile().into_iter().flat_map(|profile| profile.buckets.keys().cloned());
    let unsent = targets.chain(known).map(|target| [target, "quick".to_owned(), String::new(), String::new()]);
    sent.chain(unsent).filter(|entry| seen.insert(entry.clone())).take(MOST).collect()
}

/// Puts entries behind those that are there, each once.
pub fn add(entries: &mut Vec<[String; 4]>, more: Vec<[String; 4]>) {
    let mut seen: HashSet<_> = entries.iter().cloned().collect();
    let room = MOST.saturating_sub(entries.len());
    entries.extend(more.into_iter().filter(|entry| seen.insert(entry.clone())).take(room));
}

/// The bucket that the first target names; empty where it names none.
#[must_use]
pub fn bucket_of(targets: &str) -> String {
    let first = pieces::pieces(targets).into_iter().next().map(|piece| piece.text).unwrap_or_default();
    let name = first.split_once("://").map_or(first.as_str(), |(_, rest)| rest);
    name.split(['/', '.']).next().unwrap_or_default().to_owned()
}

fn is_within(entry: &[String; 4], prompt: &Prompt, scope: Scope) -> bool {
    match scope {
        Scope::All => true,
        Scope::Bucket => bucket_of(&entry[0]) == bucket_of(prompt.value(Field::Targets)),
        Scope::Profile => entry[3] == prompt.value(Field::As),
    }
}

/// The entries in scope that have these letters in this order, those first that have them together.
#[must_use]
pub fn found<'a>(prompt: &Prompt, search: &'a Earlier) -> Vec<&'a [String; 4]> {
    let wanted = search.input.value().trim().to_lowercase();
    let in_scope = search.entries.iter().filter(|entry| is_within(entry, prompt, search.scope));
    let ranked = in_scope.filter_map(|entry| {
        let all = entry.join(" ").to_lowercase();
        let together = wanted.split_whitespace().all(|word| all.contains(word));
        (together || has_in_order(&all, &wanted)).then_some((!together, entry))
    });
    let mut ranked: Vec<_> = ranked.collect();
    ranked.sort_by_key(|(apart, _)| *apart);
    ranked.into_iter().map(|(_, entry)| entry).collect()
}

fn has_in_order(text: &str, wanted: &str) -> bool {
    let mut left = text.chars();
    wanted.chars().filter(|c| !c.is_whitespace()).all(|wanted| left.any(|c| c == wanted))
}

/// The prompt's values that lead to this probe. None for a URL with a signature in it: it would stand on
/// the screen.
#[must_use]
pub fn values(probe: &Probe) -> Option<[String; 4]> {
    if matches!(probe.auth, Auth::Carried) {
        return None;
    }
    let what = probe.operation.as_str();
    let from_url = (probe.bucket.is_none() || what == "get-url") && what != "get-service";
    let target = if from_url { probe.sent_url() } else { target(what, probe.bucket.as_deref(), probe.key.as_deref())? };
    Some(filled(&target, what, probe.region.as_deref(), &probe.profile))
}

/// The prompt's values that lead to a recorded request again.
#[must_use]
pub fn values_of(record: &Record) -> Option<[String; 4]> {
    let what = record.operation.as_str();
    let target = match target(what, record.bucket.as_deref(), record.key.as_deref()) {
        Some(target) => target,
        None if record.url.is_empty() || record.url.contains("[redacted]") => return None,
        None => record.url.clone(),
    };
    Some(filled(&target, what, record.region.as_deref(), &record.profile))
}

fn target(what: &str, bucket: Option<&str>, key: Option<&str>) -> Option<String> {
    match (bucket, key) {
        _ if what == "get-service" => Some("cos://".to_owned()),
        (Some(bucket), Some(key)) => Some(format!("{bucket}/{key}")),
        (bucket, _) => bucket.map(str::to_owned),
    }
}

fn filled(target: &str, what: &str, region: Option<&str>, profile: &str) -> [String; 4] {
    let is_known = OPERATIONS.iter().any(|operation| operation.name == what && !operation.writes);
    let what = if is_known { what } else { "" };
    [pieces::quoted(target), what.to_owned(), region.unwrap_or_default().to_owned(), profile.to_owned()]
}
