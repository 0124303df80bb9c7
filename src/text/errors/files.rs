//! What is wrong with a file that is to be read.

use std::borrow::Cow;
use std::io::ErrorKind;

use crate::domain::evidence_error::{ChangedPart, EvidenceError, FAMILY, SCHEMA};
use crate::domain::read_failure::ReadFailure;
use crate::i18n::{Language, Localize, tell};
use crate::import::{FileError, FileFlaw, NoFailure};

use super::io_reason;

impl Localize for ReadFailure {
    fn localize(&self, language: Language) -> String {
        match (language, self.kind) {
            (Language::En, _) => self.words.clone(),
            // What a reader says is more than these kinds.
            (_, ErrorKind::InvalidInput | ErrorKind::InvalidData | ErrorKind::UnexpectedEof | ErrorKind::Other) => {
                tell!(language, "input/output error (%{reason})", reason = self.words).into_owned()
            }
            (_, kind) => io_reason(kind, language).into_owned(),
        }
    }
}

impl Localize for FileError {
    fn localize(&self, language: Language) -> String {
        let file = &self.file;
        let words = match &self.flaw {
            FileFlaw::Io(failure) => Cow::Owned(failure.localize(language)),
            FileFlaw::Directory => {
                tell!(language, "is a directory; name the files in it, such as %{file}/*", file = file)
            }
            FileFlaw::Gzip(failure) => {
                tell!(language, "gzip that cannot be unpacked: %{reason}", reason = failure.localize(language))
            }
            FileFlaw::Zip => tell!(language, "a zip archive; unpack it and name the files in it"),
            FileFlaw::Zstd => tell!(language, "zstd data; unpack it first (zstd -dc FILE | cosdiag import -)"),
            FileFlaw::Xz => tell!(language, "xz data; unpack it first (xz -dc FILE | cosdiag import -)"),
            FileFlaw::Bzip2 => tell!(language, "bzip2 data; unpack it first (bzip2 -dc FILE | cosdiag import -)"),
            FileFlaw::Sqlite => tell!(language, "an SQLite database; cosdiag history reads its own"),
            FileFlaw::Binary => tell!(language, "binary data, not a log"),
        };
        format!("{file}: {words}")
    }
}

impl Localize for NoFailure {
    fn localize(&self, language: Language) -> String {
        let said: Vec<_> = self.said.iter().map(|remark| remark.localize(language)).collect();
        tell!(language, "no failure in it: %{said}", said = said.join("; ")).into_owned()
    }
}

impl Localize for EvidenceError {
    fn localize(&self, language: Language) -> String {
        let words = match self {
            Self::Foreign => tell!(
                language,
                "not a cosdiag evidence file: line 1 has no header with schema %{family}…",
                family = FAMILY
            ),
            Self::Newer { version, schema } => tell!(
                language,
                "written by cosdiag %{version} as %{schema}; this one reads %{own}: update cosdiag",
                version = version,
                schema = schema,
                own = SCHEMA
            ),
            Self::Cut { records } => {
                tell!(language, "cut off after %{n} records: its last line is missing; have it sent again", n = records)
            }
            Self::Damaged { line, reason } => damaged(*line, reason, language),
            Self::TooLong { line } => damaged(*line, &tell!(language, "longer than any record"), language),
            Self::Changed(part) => {
                let what = match part {
                    ChangedPart::Count => tell!(language, "the number of records"),
                    ChangedPart::Hash => tell!(language, "the hash of its lines"),
                    ChangedPart::Behind => tell!(language, "what comes after it"),
                };
                tell!(
                    language,
                    "changed since it was written: %{what} differs from its last line; have it sent again",
                    what = what
                )
            }
            Self::Io(failure) => tell!(language, "cannot be read: %{reason}", reason = failure.localize(language)),
        };
        words.into_owned()
    }
}

fn damaged(line: u64, reason: &str, language: Language) -> Cow<'static, str> {
    tell!(language, "line %{line} is damaged (%{reason}); have it sent again", line = line, reason = reason)
}
