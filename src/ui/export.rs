//! What the screen writes for support: tickets and evidence files, named after the time, in the folder
//! it was started in.

use std::fs::{File, OpenOptions};
use std::io::{self, BufWriter, ErrorKind, Write};
use std::sync::Arc;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::message::Message;
use crate::domain::read_failure::ReadFailure;
use crate::domain::record::Record;
use crate::i18n::{Language, Localize, tell};
use crate::report::evidence::Evidence;
use crate::report::ticket::{Facts, Ticket};
use crate::report::{self, Format, RecordWriter};

/// Reads the record of a row.
type Read<'a> = &'a mut dyn FnMut(u32) -> io::Result<Arc<Record>>;

/// Composes a ticket, for the clipboard or into a file.
pub fn ticket(rows: &[u32], read: Read<'_>, facts: &Facts, to_file: bool) -> Message {
    let language = facts.language;
    let mut ticket = Ticket::default();
    for row in rows {
        match read(*row) {
            Ok(record) => ticket.add(&record),
            Err(error) => return Message::Failed(unreadable(error, language)),
        }
    }
    let Some(composed) = ticket.compose(facts) else {
        let words = tell!(language, "No failure in these rows: nothing to ask support");
        return Message::Failed(words.into_owned());
    };
    let (there, wanted) = (composed.there, composed.wanted);
    let complete = tell!(language, "%{n} of %{all} things support asks for", n = there, all = wanted);
    if !to_file {
        let label = tell!(language, "Support ticket (%{complete})", complete = complete).into_owned();
        return Message::Composed { label, text: composed.text };
    }
    let written = write(&facts.time_zone, "txt", language, |mut file| file.write_all(composed.text.as_bytes()));
    match written {
        Ok(name) => Message::Notice(
            tell!(language, "Support ticket in %{name}: %{complete}", name = name, complete = complete).into_owned(),
        ),
        Err(error) => Message::Failed(tell!(language, "cannot write the ticket: %{error}", error = error).into_owned()),
    }
}

/// Says why the record of a row cannot be shown.
pub fn unreadable(error: io::Error, language: Language) -> String {
    tell!(language, "cannot read the row back: %{error}", error = reason(error, language)).into_owned()
}

/// Says what is wrong with a file, or with the log that a row is read from.
pub fn reason(error: io::Error, language: Language) -> String {
    match error.kind() {
        ErrorKind::InvalidData => tell!(language, "the log has changed since it was read").into_owned(),
        _ => ReadFailure::from(error).localize(language),
    }
}

/// Writes an evidence file.
pub fn evidence(rows: &[u32], read: Read<'_>, time_zone: &TimeZone, language: Language) -> Message {
    let written = write(time_zone, "cosdiag", language, |file| {
        let mut evidence = Evidence::new(BufWriter::new(file), Timestamp::now());
        rows.iter().try_for_each(|row| evidence.record(&*read(*row)?))?;
        evidence.finish().map(drop)
    });
    match (written, rows.len()) {
        (Ok(name), 1) => Message::Notice(tell!(language, "1 record in %{name}", name = name).into_owned()),
        (Ok(name), n) => Message::Notice(tell!(language, "%{n} records in %{name}", n = n, name = name).into_owned()),
        (Err(error), _) => {
            let error = reason(error, language);
            Message::Failed(tell!(language, "cannot write the evidence file: %{error}", error = error).into_owned())
        }
    }
}

/// Writes rows as CSV.
pub fn csv(rows: &[u32], read: Read<'_>, time_zone: &TimeZone, language: Language) -> Message {
    let written = write(time_zone, "csv", language, |file| {
        let mut report = report::to(Format::Csv, BufWriter::new(file), &report::look::Look::default());
        rows.iter().try_for_each(|row| report.record(&*read(*row)?))?;
        report.finish().map(drop)
    });
    match written {
        Ok(name) => Message::Notice(tell!(language, "%{n} rows in %{name}", n = rows.len(), name = name).into_owned()),
        Err(error) => {
            let error = reason(error, language);
            Message::Failed(tell!(language, "cannot write the CSV file: %{error}", error = error).into_owned())
        }
    }
}

/// Writes a new file and returns its name. A file that cannot be completed is deleted.
fn write(
    time_zone: &TimeZone,
    ending: &str,
    language: Language,
    fill: impl FnOnce(File) -> io::Result<()>,
) -> io::Result<String> {
    let (name, created) = create(time_zone, ending, language)?;
    if let Err(error) = fill(created) {
        // The first error is the one to report.
        let _ = std::fs::remove_file(&name);
        return Err(error);
    }
    Ok(name)
}

/// A new file in the current folder, never one that is there already.
fn create(time_zone: &TimeZone, ending: &str, language: Language) -> io::Result<(String, File)> {
    let now = Timestamp::now().to_zoned(time_zone.clone()).strftime("%Y%m%d-%H%M").to_string();
    let mut file = OpenOptions::new();
    file.write(true).create_new(true);
    // Names, URLs and bodies are in it.
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut file, 0o600);
    for n in 1..100 {
        let again = if n == 1 { String::new() } else { format!("-{n}") };
        let name = format!("cosdiag-{now}{again}.{ending}");
        match file.open(&name) {
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
            opened => return opened.map(|file| (name, file)),
        }
    }
    let words = tell!(language, "could not pick a free file name");
    Err(io::Error::new(ErrorKind::AlreadyExists, words))
}
