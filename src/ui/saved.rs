//! What the screen writes for support: tickets and evidence files, named after the time, in the folder
//! it was started in.

use std::fs::{File, OpenOptions};
use std::io::{self, BufWriter, ErrorKind, Write};
use std::sync::Arc;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::message::Message;
use crate::domain::record::Record;
use crate::report::Report;
use crate::report::evidence::Evidence;
use crate::report::ticket::{Facts, Ticket};

/// Reads the record of a row.
type Read<'a> = &'a mut dyn FnMut(u32) -> io::Result<Arc<Record>>;

/// Composes a ticket, for the clipboard or into a file.
pub fn ticket(rows: &[u32], read: Read<'_>, facts: &Facts, to_file: bool) -> Message {
    let mut ticket = Ticket::default();
    for row in rows {
        match read(*row) {
            Ok(record) => ticket.add(&record),
            Err(error) => return Message::Notice(format!("the row cannot be read back: {error}")),
        }
    }
    let Some(composed) = ticket.compose(facts) else {
        return Message::Notice("Nothing failed in these rows: there is nothing to ask support".to_owned());
    };
    let complete = format!("{} of {} things support asks for", composed.there, composed.wanted);
    if !to_file {
        return Message::Composed { label: format!("Support ticket ({complete})"), text: composed.text };
    }
    let written = create(&facts.time_zone, "txt").and_then(|(name, mut file)| {
        file.write_all(composed.text.as_bytes())?;
        Ok(name)
    });
    Message::Notice(match written {
        Ok(name) => format!("Support ticket in {name}: {complete}"),
        Err(error) => format!("no ticket was written: {error}"),
    })
}

/// Writes an evidence file.
pub fn evidence(rows: &[u32], read: Read<'_>, time_zone: &TimeZone) -> Message {
    let written = create(time_zone, "cosdiag").and_then(|(name, file)| {
        let mut evidence = Evidence::new(BufWriter::new(file), Timestamp::now());
        rows.iter().try_for_each(|row| evidence.record(&*read(*row)?))?;
        evidence.finish()?;
        Ok(name)
    });
    let records = if rows.len() == 1 { "record" } else { "records" };
    Message::Notice(match written {
        Ok(name) => format!("{} {records} in {name}", rows.len()),
        Err(error) => format!("no whole evidence file was written: {error}"),
    })
}

/// A new file in the current folder, never one that is there already.
fn create(time_zone: &TimeZone, ending: &str) -> io::Result<(String, File)> {
    let now = Timestamp::now().to_zoned(time_zone.clone()).strftime("%Y%m%d-%H%M%S").to_string();
    for n in 1..100 {
        let again = if n == 1 { String::new() } else { format!("-{n}") };
        let name = format!("cosdiag-{now}{again}.{ending}");
        match OpenOptions::new().write(true).create_new(true).open(&name) {
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
            opened => return opened.map(|file| (name, file)),
        }
    }
    Err(io::Error::new(ErrorKind::AlreadyExists, "too many files of this second are there already"))
}
