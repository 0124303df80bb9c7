//! Which format a file has, by what stands in it.

use super::{cos_log, s3_log};
use crate::domain::record::SCHEMA;

/// A format that can be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, strum::IntoStaticStr, strum::VariantArray)]
#[strum(serialize_all = "kebab-case")]
pub enum Format {
    /// COS access log.
    CosLog,
    /// S3 server access log.
    S3Log,
    /// HTTP archive, whole or one entry of it.
    Har,
    /// Records of cosdiag: an array, or one a line.
    Cosdiag,
    /// Any text: `curl -v`, what SDKs print, and whatever holds `RequestId`s.
    Text,
}

impl Format {
    /// Its name on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.into()
    }

    /// What is counted in it.
    #[must_use]
    pub fn unit(self) -> Unit {
        match self {
            Self::Har => Unit::Entry,
            Self::Cosdiag => Unit::Record,
            _ => Unit::Line,
        }
    }

    /// One line of it is one request, as the server saw it.
    pub(crate) fn is_access_log(self) -> bool {
        matches!(self, Self::CosLog | Self::S3Log)
    }
}

/// What is counted in a file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, strum::EnumCount)]
pub enum Unit {
    /// Lines of text.
    #[default]
    Line,
    /// Entries of a HAR file.
    Entry,
    /// Records of cosdiag.
    Record,
}

/// Lines looked at: the first may be cut, and a few may be torn.
const LOOKED_AT: usize = 20;

/// The format of a file that begins so.
pub fn detect(head: &[u8]) -> Format {
    let start = head.iter().position(|byte| !byte.is_ascii_whitespace()).unwrap_or(head.len());
    if let [b'{' | b'[', ..] = &head[start..]
        && let Some(format) = json(&head[start..])
    {
        return format;
    }
    let lines = || head.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()).take(LOOKED_AT);
    if lines().any(cos_log::is_line) {
        return Format::CosLog;
    }
    if lines().any(s3_log::is_line) {
        return Format::S3Log;
    }
    Format::Text
}

fn json(head: &[u8]) -> Option<Format> {
    let holds = |needle: &str| memchr::memmem::find(head, needle.as_bytes()).is_some();
    if holds(SCHEMA) {
        return Some(Format::Cosdiag);
    }
    let is_har = holds("\"log\"") && (holds("\"entries\"") || holds("\"creator\"") || holds("\"pages\""));
    let is_entry =
        holds("\"startedDateTime\"") || (holds("\"request\"") && holds("\"response\"") && holds("\"timings\""));
    (is_har || is_entry).then_some(Format::Har)
}
