//! What is wrong with a history.

use std::borrow::Cow;

use crate::domain::history_error::{HistoryError, HistoryFlaw, NotRecorded};
use crate::i18n::{Language, Localize, tell};

impl Localize for HistoryError {
    fn localize(&self, language: Language) -> String {
        let what = match &self.flaw {
            HistoryFlaw::NotAFile => tell!(language, "not a regular file"),
            HistoryFlaw::NotCreated(failure) => {
                tell!(language, "cannot be created: %{reason}", reason = failure.localize(language))
            }
            HistoryFlaw::Readable { mode, failure } => tell!(
                language,
                "others can read it, and its mode %{mode} cannot be changed: %{reason}",
                mode = format!("{mode:04o}"),
                reason = failure.localize(language)
            ),
            HistoryFlaw::Foreign => tell!(language, "another program's database; cosdiag does not touch it"),
            HistoryFlaw::Newer { format, known } => tell!(
                language,
                "a newer cosdiag wrote it (format %{format}, this one knows %{known}). Update cosdiag",
                format = format,
                known = known
            ),
            HistoryFlaw::Damaged => tell!(
                language,
                "not a valid history database (damaged?). Move it aside and cosdiag will create a new one"
            ),
            HistoryFlaw::Locked => tell!(language, "locked by another program. Close that program"),
            HistoryFlaw::NotWritable => {
                tell!(language, "cannot be written. Check the permissions of the file and of its directory")
            }
            HistoryFlaw::DiskFull => tell!(language, "the disk is full. Free some space"),
            HistoryFlaw::DiskError => tell!(language, "disk I/O error. Check free space, quota and the disk itself"),
            HistoryFlaw::Sqlite(words) => Cow::Borrowed(words.as_str()),
            HistoryFlaw::Record(words) => {
                tell!(language, "a record in it cannot be read: %{reason}", reason = words)
            }
            HistoryFlaw::Gone { name, recorded } => tell!(
                language,
                "%{name} was deleted, moved or replaced during this run, with the failures recorded so far: %{recorded}",
                name = name,
                recorded = recorded
            ),
        };
        tell!(
            language,
            "history %{file}: %{what}. COSDIAG_HISTORY names another file",
            file = self.file.display(),
            what = what
        )
        .into_owned()
    }
}

impl Localize for NotRecorded {
    fn localize(&self, language: Language) -> String {
        match self {
            Self::Stopped(error) => tell!(
                language,
                "%{error}. Failures will no longer be recorded in this session",
                error = error.localize(language)
            )
            .into_owned(),
            Self::Lost(error) => error.localize(language),
        }
    }
}
