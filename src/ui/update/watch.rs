//! Watching: the same requests every few seconds. An answer becomes a row when it is the first or another
//! one than before.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::sending::busy;
use super::{Effects, preloaded, runs};
use crate::domain::probe::Probe;
use crate::domain::profile::Connection;
use crate::domain::record::Record;
use crate::domain::severity::Severity;
use crate::domain::watch::{Change, Watch};
use crate::i18n::tell;
use crate::report::changed;
use crate::text::cells;
use crate::ui::effect::Effect;
use crate::ui::keymap::Action;
use crate::ui::model::watch::{USUAL_SECONDS, Watched, Watching};
use crate::ui::model::{Layer, List, ListKind, Model, Run};

/// The longest pause that can be asked for: a day.
const LONGEST: u32 = 86_400;

/// Opens what can be watched and how often.
pub fn open(model: &mut Model) {
    if model.selected().is_none() && model.session.last_run.is_empty() {
        model.say_mistake(tell!(model.chrome.language, "Nothing to watch: send a request first"));
        return;
    }
    model.chrome.layers.push(Layer::List(List { kind: ListKind::Watch, cursor: 0 }));
}

/// Chooses the pause between two rounds; the list stays open.
pub fn choose_pause(model: &mut Model, seconds: u32) {
    model.session.watch_seconds = Some(seconds);
    open(model);
}

/// `watch 10`: repeats the selected row's request every 10 seconds.
pub fn tell_pause(model: &mut Model, seconds: &str, now: Instant) -> Effects {
    let number = seconds.trim_end_matches('s').trim().parse().ok().filter(|number| (1..=LONGEST).contains(number));
    let Some(number) = number else {
        model.say_mistake(tell!(
            model.chrome.language,
            "invalid pause \"%{text}\". Use whole seconds, such as 5",
            text = seconds
        ));
        return Effects::new();
    };
    model.session.watch_seconds = Some(number);
    let what = if model.selected().is_some() { Watched::Row } else { Watched::Last };
    start(model, what, now)
}

/// Begins to watch.
pub fn start(model: &mut Model, what: Watched, now: Instant) -> Effects {
    if let Some(words) = busy(model) {
        model.say_mistake(words);
        return Effects::new();
    }
    let (probes, connection) = match wanted(model, what) {
        Ok(wanted) => wanted,
        Err(words) => {
            model.say_mistake(words);
            return Effects::new();
        }
    };
    let every = Duration::from_secs(u64::from(model.session.watch_seconds.unwrap_or(USUAL_SECONDS)));
    let seen = Watch::default();
    model.session.watching = Some(Watching { probes, connection, every, due: now, rounds: 0, seen, latest: None });
    round(model, now)
}

/// The requests, over one connection.
fn wanted(model: &Model, what: Watched) -> Result<(Vec<Probe>, Arc<Connection>), String> {
    let language = model.chrome.language;
    let rows: Vec<u32> = match what {
        Watched::Row => model.selected().into_iter().collect(),
        Watched::Marked => model.table.marks.iter().copied().collect(),
        Watched::Last => Vec::new(),
    };
    let mut all: Vec<_> = match what {
        Watched::Last => model.session.probes.get(model.session.last_run.clone()).unwrap_or_default().to_vec(),
        _ => rows.iter().filter_map(|row| model.probe(*row).cloned()).collect(),
    };
    if let (true, [row]) = (all.is_empty(), rows.as_slice()) {
        let again = preloaded::again(model, *row)?;
        all.push((again.probe, again.connection));
    }
    let Some((_, connection)) = all.first().cloned() else {
        return Err(tell!(language, "These rows were imported: cosdiag cannot send them again").into_owned());
    };
    let same = all.into_iter().filter(|(_, other)| Arc::ptr_eq(other, &connection));
    let reads = |probe: &Probe| matches!(probe.method.as_str(), "GET" | "HEAD" | "OPTIONS");
    let probes: Vec<_> = same.map(|(probe, _)| probe).filter(reads).collect();
    if probes.is_empty() {
        return Err(tell!(language, "Requests that write cannot be watched").into_owned());
    }
    Ok((probes, connection))
}

/// Sends all of it once more.
fn round(model: &mut Model, now: Instant) -> Effects {
    let Some(watching) = &mut model.session.watching else { return Effects::new() };
    watching.due = now + watching.every;
    let mut probes = watching.probes.clone();
    for (place, probe) in (1..).zip(&mut probes) {
        probe.id = place;
    }
    let connection = Arc::clone(&watching.connection);
    model.session.run =
        Run { started: Some(now), planned: probes.len(), running: true, is_round: true, ..Run::default() };
    vec![Effect::StartRound(probes, connection)]
}

/// A time that was waited for has come: perhaps that of the next round.
pub fn on_time(model: &mut Model, now: Instant) -> Effects {
    match model.next_round() {
        Some(due) if due <= now => round(model, now),
        _ => Effects::new(),
    }
}

/// Takes a round's answers: rows of those that are the first or other ones than before.
pub fn on_answers(model: &mut Model, records: &[Arc<Record>], now: Instant) -> Effects {
    let (language, row) = (model.chrome.language, model.selected());
    let first = u32::try_from(model.table.rows.len()).unwrap_or(u32::MAX);
    let (mut kept, mut said) = (Vec::new(), None);
    for record in records {
        model.session.run.done += 1;
        model.session.run.counts.add(record.outcome);
        // It was stopped meanwhile.
        let Some(watching) = &mut model.session.watching else { continue };
        match watching.seen.take(record.id, record) {
            Change::Same => continue,
            Change::First => {}
            Change::Other(changed) => {
                said = Some(changed::in_words(&changed, record, &model.chrome.time_zone, language));
                watching.latest = Some(changed);
            }
        }
        let Some(probe) = watching.probes.get((record.id as usize).wrapping_sub(1)).cloned() else { continue };
        let id = u32::try_from(model.session.probes.len()).unwrap_or(u32::MAX).saturating_add(1);
        model.session.probes.push((Probe { id, ..probe }, Arc::clone(&watching.connection)));
        let record = Arc::new(Record { id, ..Record::clone(record) });
        model.table.rows.push(&record, &cells::message(&record, language));
        model.session.counts.add(record.outcome);
        model.session.severities.add(Severity::of(&record));
        kept.push(record);
    }
    model.session.run.latest = Some(now);
    if let Some(words) = said {
        let hidden = kept.iter().all(|record| record.outcome != crate::domain::record::Outcome::Failure);
        let hidden = hidden && !model.table.view.all;
        let words = if hidden {
            format!("{words} · {}", tell!(language, "%{key} shows successes", key = model.key(Action::ShowAll)))
        } else {
            words
        };
        model.say_done(words, now);
    }
    runs::show_new(model, first, row);
    let Some(watching) = model.session.watching.as_ref().filter(|_| !kept.is_empty()) else { return Effects::new() };
    vec![Effect::Keep(kept, Arc::clone(&watching.connection))]
}

/// Whether `x` stops the watch: it is what goes on.
pub fn is_on(model: &Model) -> bool {
    model.session.watching.is_some() && (model.session.run.is_round || !model.session.run.running)
}

/// Stops it.
pub fn stop(model: &mut Model, now: Instant) -> Effects {
    let Some(watching) = model.session.watching.take() else { return Effects::new() };
    let words = match watching.rounds {
        1 => tell!(model.chrome.language, "Watch stopped after 1 round"),
        n => tell!(model.chrome.language, "Watch stopped after %{n} rounds", n = n),
    };
    model.say_done(words, now);
    if model.session.run.running { vec![Effect::CancelRun] } else { Effects::new() }
}
