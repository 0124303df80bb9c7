//! Rows that were not sent from here: of the history, or read from files.

use std::sync::Arc;
use std::time::Instant;

use super::{Effects, sending};
use crate::domain::column::Column;
use crate::domain::occurrence::Occurrence;
use crate::domain::probe::Probe;
use crate::domain::profile::{Connection, Profile};
use crate::domain::record::Record;
use crate::domain::severity::Severity;
use crate::i18n::{Localize, tell};
use crate::store::Sort;
use crate::text::cells;
use crate::text::sanitize::sanitize;
use crate::ui::keymap::Action;
use crate::ui::model::{Files, Layer, Mode, Model, Read, Run};

/// The rows that come from now on are of the history, or of files: the day stands in front of each, the
/// history's newest first.
pub fn open(model: &mut Model, mode: Mode, now: Instant) {
    if matches!(mode, Mode::History(_)) {
        model.table.view.sort = Sort { column: Column::Time, descending: true };
    }
    model.session.mode = mode;
    model.table.columns.with_day = true;
    model.session.run = Run { started: Some(now), running: true, reading: true, ..Run::default() };
}

/// Takes in a row, and what it tells of the past.
pub fn take(model: &mut Model, occurrence: &Occurrence) {
    let record = &occurrence.record;
    model.table.rows.push_preloaded(occurrence, &cells::message(record, model.chrome.language));
    let past = &mut model.session.past;
    if !past.profiles.contains(&record.profile) {
        past.profiles.insert(record.profile.clone());
    }
    let day = model.chrome.time_zone.to_datetime(occurrence.time()).date();
    *past.days.entry(day).or_default() += 1;
}

/// Keeps what files came to. A note names what was not understood or not read; the rest stands in line 1.
pub fn on_read(model: &mut Model, read: Read, now: Instant) -> Effects {
    let language = model.chrome.language;
    model.session.severities.add_many(Severity::Ok, usize::try_from(read.passed).unwrap_or(usize::MAX));
    let words = match (read.broken, read.not_understood) {
        (0, 0) => None,
        (0, n) => Some(tell!(
            language,
            "%{n} not understood · %{key} lists them",
            key = model.key(Action::WhatWasRead),
            n = n
        )),
        (1, _) => Some(tell!(
            language,
            "1 file could not be read to its end · %{key} says why",
            key = model.key(Action::WhatWasRead)
        )),
        (n, _) => Some(tell!(
            language,
            "%{n} files could not be read to their end · %{key} says why",
            key = model.key(Action::WhatWasRead),
            n = n
        )),
    };
    if let Some(words) = words {
        model.say(words, now);
    }
    if let Mode::Import(files) = &mut model.session.mode {
        files.read = Some(read);
    }
    Effects::new()
}

/// Shows what was read of each file, until a key is pressed.
pub fn tell_what_was_read(model: &mut Model, now: Instant) {
    let language = model.chrome.language;
    match &model.session.mode {
        Mode::Import(Files { read: Some(read), .. }) => {
            let text = read.lines.iter().map(|line| sanitize(line)).collect::<Vec<_>>().join("\n");
            model.chrome.layers.push(Layer::Select { reason: tell!(language, "Import").into_owned(), text });
        }
        Mode::Import(_) => model.say(tell!(language, "Rows are still being read"), now),
        Mode::Live | Mode::History(_) => model.say(tell!(language, "No file was read"), now),
    }
}

/// A recorded request, to be sent again.
pub struct Again {
    /// The request.
    pub probe: Probe,
    /// The connection it goes over.
    pub connection: Arc<Connection>,
    /// Its own profile is not here: what is to be said.
    pub instead: Option<String>,
}

/// Such a row's request as the profile it was sent as; where that is not here any more, as the current one.
///
/// # Errors
/// Why it cannot be sent, in words.
pub fn again(model: &Model, row: u32) -> Result<Again, String> {
    let language = model.chrome.language;
    let Some(record) = shown(model, row) else {
        return Err(tell!(language, "The row is still being read").into_owned());
    };
    let own = own_profile(model, record);
    let current = model.profile().filter(|_| !model.session.is_unsigned_start);
    let (profile, instead) = match (own, current) {
        (Some(own), _) => (own, false),
        (None, Some(current)) => (current, record.source.is_probe()),
        (None, None) => {
            let words = tell!(language, "Sending it again needs a profile. Start with -p NAME or --anonymous");
            return Err(words.into_owned());
        }
    };
    let instead = instead.then(|| {
        let (own, current) = (sanitize(&record.profile), sanitize(&profile.name));
        tell!(language, "Profile %{own} is not configured here: sent as %{current}", own = own, current = current)
            .into_owned()
    });
    let probe = Probe::replay(record, profile, &model.session.extras).map_err(|error| error.localize(language))?;
    Ok(Again { probe, connection: Arc::new(profile.connection.clone()), instead })
}

/// Sends such a row's request again.
pub fn rerun(model: &mut Model, row: u32, now: Instant) -> Effects {
    let again = match again(model, row) {
        Ok(again) => again,
        Err(words) => {
            model.say(words, now);
            return Effects::new();
        }
    };
    let effects = sending::start_over(model, vec![again.probe], &again.connection, now);
    if let Some(words) = again.instead.filter(|_| !effects.is_empty()) {
        model.say(words, now);
    }
    effects
}

/// The request behind such a row, to be checked: as the profile it was sent as and no other, since another
/// identity's answers say nothing about this failure.
///
/// # Errors
/// Why it cannot be checked, in words.
pub fn to_check(model: &Model, row: u32) -> Result<(Probe, Arc<Connection>), String> {
    let language = model.chrome.language;
    let Some(record) = shown(model, row) else {
        return Err(tell!(language, "The row is still being read").into_owned());
    };
    if !record.source.is_probe() {
        let words = "This row was imported: cosdiag cannot send it again";
        return Err(tell!(language, words).into_owned());
    }
    let Some(profile) = own_profile(model, record) else {
        let name = sanitize(&record.profile);
        if model.session.unresolved_profiles.iter().any(|(known, _)| *known == record.profile) {
            return Err(tell!(
                language,
                "Profile %{name} is not loaded. %{key} chooses it",
                key = model.key(Action::Profiles),
                name = name
            )
            .into_owned());
        }
        return Err(tell!(language, "Profile %{name} of this row no longer exists", name = name).into_owned());
    };
    let probe = Probe::replay(record, profile, &model.session.extras).map_err(|error| error.localize(language))?;
    Ok((probe, Arc::new(profile.connection.clone())))
}

fn shown(model: &Model, row: u32) -> Option<&Record> {
    model.detail.shown.as_ref().filter(|detail| detail.row == row).map(|detail| detail.record.as_ref())
}

/// The profile that a record of ours was sent as, if it is still here.
fn own_profile<'a>(model: &'a Model, record: &Record) -> Option<&'a Profile> {
    // Without its credentials it would send another request than the recorded one.
    let can_sign = |profile: &&Profile| profile.credentials.is_some() || profile.anonymous;
    let mut profiles = model.session.profiles.iter().filter(can_sign);
    profiles.find(|profile| record.source.is_probe() && profile.name == record.profile)
}
