//! Errors as sentences, in both languages: `<thing>: <what is wrong>. <What to do>.`
//!
//! The errors themselves are data. Their `Display` is the English sentence of here.

mod config;
mod files;
mod history;
mod request;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::error::Error;
use std::fmt;
use std::io::ErrorKind;

use crate::config::error::ConfigError;
use crate::domain::bucket_list::BucketListError;
use crate::domain::endpoint::EndpointError;
use crate::domain::evidence_error::EvidenceError;
use crate::domain::history_error::HistoryError;
use crate::domain::operation::UnknownOperation;
use crate::domain::probe::ProbeError;
use crate::domain::query::QueryError;
use crate::domain::target::{TargetError, UrlError};
use crate::domain::target_arg::TargetFileError;
use crate::i18n::{Language, Localize, tell};
use crate::import::{FileError, NoFailure};

macro_rules! errors {
    ($($error:ty),+ $(,)?) => {
        $(
            impl fmt::Display for $error {
                fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                    f.write_str(&self.localize(Language::En))
                }
            }

            impl Error for $error {}
        )+

        /// Returns an error in a language. An error that is none of ours keeps its own words.
        #[must_use]
        pub fn localized(error: &(dyn Error + 'static), language: Language) -> String {
            $(
                if let Some(error) = error.downcast_ref::<$error>() {
                    return error.localize(language);
                }
            )+
            error.to_string()
        }
    };
}

errors!(
    BucketListError,
    ConfigError,
    EndpointError,
    EvidenceError,
    FileError,
    HistoryError,
    NoFailure,
    ProbeError,
    QueryError,
    TargetError,
    TargetFileError,
    UnknownOperation,
    UrlError,
);

/// Returns the reason of a failed read or write.
#[must_use]
pub fn io_reason(kind: ErrorKind, language: Language) -> Cow<'static, str> {
    match kind {
        ErrorKind::NotFound => tell!(language, "not found"),
        ErrorKind::PermissionDenied => tell!(language, "permission denied"),
        ErrorKind::IsADirectory => tell!(language, "it is a directory"),
        ErrorKind::NotADirectory => tell!(language, "a part of the path is not a directory"),
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => tell!(language, "the disk is full"),
        ErrorKind::ReadOnlyFilesystem => tell!(language, "the file system is read-only"),
        other => tell!(language, "input/output error (%{reason})", reason = other),
    }
}
