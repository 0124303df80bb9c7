//! CSV for spreadsheets. A cell that a spreadsheet would run as a formula gets a leading quote.

use std::borrow::Cow;
use std::io::{self, Write};

use ::csv::Writer;

use super::record_writer::RecordWriter;
use crate::domain::record::Record;
use crate::text::sanitize::sanitize;

const HEADER: &[&str] = &[
    "id",
    "time",
    "profile",
    "dialect",
    "operation",
    "method",
    "bucket",
    "region",
    "key",
    "outcome",
    "exception",
    "statusCode",
    "code",
    "codeFrom",
    "message",
    "requestId",
    "totalMs",
    "reused",
    "remote",
    "attempts",
    "cause",
    "confidence",
    "url",
];

/// Lines of cells.
pub struct Csv<W: Write> {
    out: Writer<W>,
    headed: bool,
}

impl<W: Write> Csv<W> {
    /// Lines to `out`.
    pub fn new(out: W) -> Self {
        Self { out: Writer::from_writer(out), headed: false }
    }

    fn head(&mut self) -> io::Result<()> {
        if !self.headed {
            self.headed = true;
            self.out.write_record(HEADER)?;
        }
        Ok(())
    }
}

impl<W: Write> RecordWriter for Csv<W> {
    fn record(&mut self, record: &Record) -> io::Result<()> {
        self.head()?;
        let first = record.diagnosis.as_ref().and_then(|diagnosis| diagnosis.verdicts.first());
        let (id, time) = (record.id.to_string(), record.time.to_string());
        let status = record.status_code.map(|status| status.to_string()).unwrap_or_default();
        let (total_ms, attempts) = (record.timing.total_ms.to_string(), record.attempts.len().to_string());
        let cells: [&str; HEADER.len()] = [
            &id,
            &time,
            &record.profile,
            record.dialect.as_str(),
            &record.operation,
            &record.method,
            record.bucket.as_deref().unwrap_or_default(),
            record.region.as_deref().unwrap_or_default(),
            record.key.as_deref().unwrap_or_default(),
            record.outcome.into(),
            record.exception.map(<&str>::from).unwrap_or_default(),
            &status,
            record.error.code.as_deref().unwrap_or_default(),
            record.code_from.into(),
            &record.english_message(),
            record.copied_id().unwrap_or_default(),
            &total_ms,
            if record.timing.reused { "true" } else { "false" },
            record.remote.as_deref().unwrap_or_default(),
            &attempts,
            first.map(|verdict| verdict.cause.as_str()).unwrap_or_default(),
            first.map(|verdict| verdict.confidence.as_str()).unwrap_or_default(),
            &record.url,
        ];
        self.out.write_record(cells.map(|cell| Cell(guarded(cell))))?;
        self.out.flush()
    }

    fn finish(&mut self) -> io::Result<()> {
        self.head()?;
        self.out.flush()
    }
}

/// A cell as the writer takes it.
struct Cell<'a>(Cow<'a, str>);

impl AsRef<[u8]> for Cell<'_> {
    fn as_ref(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

fn guarded(cell: &str) -> Cow<'_, str> {
    let shown = sanitize(cell);
    if shown.starts_with(['=', '+', '-', '@']) { format!("'{shown}").into() } else { shown }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_disarmed() {
        assert_eq!(guarded("=cmd|' /C calc'!A0"), "'=cmd|' /C calc'!A0");
        assert_eq!(guarded("AccessDenied"), "AccessDenied");
        assert_eq!(guarded("\t=1"), "␉=1");
    }
}
