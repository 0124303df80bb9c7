//! Copies and saves what rows hold: text, tickets, evidence, notes, settings.

use std::path::Path;
use std::sync::{Arc, PoisonError};

use super::{Performer, gone_is_fine};
use crate::config::save::{self, Edit};
use crate::domain::probe::Probe;
use crate::domain::profile::Connection;
use crate::domain::record::Record;
use crate::engine::redact::Redactor;
use crate::i18n::{Localize, tell};
use crate::report::ticket::{Facts, Keys, Who};
use crate::report::{curl, json, part};
use crate::ui::effect::CopyRows;
use crate::ui::message::Message;
use crate::ui::{clipboard, export};

impl Performer {
    pub(super) fn save_settings(&self, file: &Path, edits: &[Edit]) {
        match save::save(file, edits) {
            Ok(()) => self.notice(tell!(self.language(), "Saved in %{file}", file = file.display())),
            Err(error) => self.notice(tell!(
                self.language(),
                "cannot save the settings: %{error}",
                error = error.localize(self.language())
            )),
        }
    }

    /// Copies a text without the characters that would be pasted unseen.
    pub(super) fn copy(&mut self, label: String, text: &str) {
        let (text, lost) = clipboard::lines(text);
        let way = self.clipboard.copy(&text);
        let label = clipboard::label(label, lost, self.language());
        self.tell(Message::Copied { label, text: text.into_owned(), way });
    }

    /// Reads the records of many rows on a thread of its own, one at a time; the result is one message.
    pub(super) fn beside(
        &self,
        work: impl FnOnce(&mut dyn FnMut(u32) -> std::io::Result<Arc<Record>>) -> Message + Send + 'static,
    ) {
        let (details, messages) = (Arc::clone(&self.details), self.messages.clone());
        tokio::task::spawn_blocking(move || {
            let mut read = |row| details.lock().unwrap_or_else(PoisonError::into_inner).get(row);
            gone_is_fine(messages.send(work(&mut read)));
        });
    }

    pub(super) fn copy_rows(&self, what: CopyRows, rows: Vec<u32>) {
        let language = self.language();
        self.beside(move |read| {
            let line = |record: &Record| match what {
                CopyRows::Json => json::line(record, language),
                CopyRows::Curl => curl::line(record),
                CopyRows::Line => part::one_line(record, language),
            };
            let label = match (what, rows.len()) {
                (CopyRows::Json, 1) => tell!(language, "Row as JSON"),
                (CopyRows::Curl, 1) => tell!(language, "curl line"),
                (CopyRows::Line, 1) => tell!(language, "1 line"),
                (CopyRows::Line, n) => tell!(language, "%{n} lines", n = n),
                (CopyRows::Json, n) => tell!(language, "%{n} rows as JSON", n = n),
                (CopyRows::Curl, n) => tell!(language, "%{n} curl lines", n = n),
            };
            match rows.iter().map(|row| read(*row).map(|record| line(&record))).collect::<Result<Vec<_>, _>>() {
                Ok(lines) => Message::Composed { label: label.into_owned(), text: lines.join("\n") },
                Err(error) => Message::Failed(export::unreadable(error, language)),
            }
        });
    }

    pub(super) fn ticket(&self, rows: Vec<u32>, who: Option<Who>, proxies: Vec<String>, keys: Keys, to_file: bool) {
        let facts =
            Facts { language: self.language(), time_zone: self.time_zone.clone(), who, proxies, evidence: None, keys };
        self.beside(move |read| export::ticket(&rows, read, &facts, to_file));
    }

    pub(super) fn save_evidence(&self, rows: Vec<u32>) {
        let (time_zone, language) = (self.time_zone.clone(), self.language());
        self.beside(move |read| export::evidence(&rows, read, &time_zone, language));
    }

    /// A note is what a person typed or pasted: it goes through the one redactor before it is kept.
    pub(super) fn save_note(&self, row: u32, note: &str, sent: Option<Box<(Probe, Arc<Connection>)>>) {
        let was_given = sent.is_none();
        let history = sent.as_ref().and_then(|sent| self.to_history(&sent.1));
        let redactor = sent.map(|sent| Redactor::for_plan(std::slice::from_ref(&sent.0), &sent.1.proxies));
        let note = redactor.unwrap_or_default().text(note).into_owned();
        let noted = self.record(row).and_then(|record| {
            let note = Some(note).filter(|note| !note.is_empty());
            let record = Arc::new(Record { note, ..Record::clone(&record) });
            self.details().replace(row, Arc::clone(&record))?;
            if let Some(history) = history {
                let _ = history.try_send(Arc::clone(&record));
            }
            if let Some(annotate) = self.annotate.as_ref().filter(|_| was_given && record.id > 0) {
                annotate(record.id, record.note.as_deref()).map_err(std::io::Error::other)?;
            }
            Ok(record)
        });
        match noted {
            Ok(record) => self.tell(Message::Noted(row, record)),
            Err(error) => {
                let error = export::reason(error, self.language());
                self.notice(tell!(self.language(), "cannot save the note: %{error}", error = error));
            }
        }
    }
}
