//! What becomes of the records of a run: rows, counts, changes, progress.

use jiff::tz::TimeZone;

use super::progress::Progress;
use crate::cli::attachments::Attachments;
use crate::cli::output::Output;
use crate::cli::status::status;
use crate::domain::record::{Outcome, Record};
use crate::domain::tally::Tally;
use crate::domain::watch::{Change, Watch};
use crate::i18n::Language;
use crate::report::verdict::Verdicts;
use crate::report::{RecordWriter, changed};

/// Takes the records of one run or, with `--watch`, of many.
pub struct Listing<'a> {
    /// Where rows go.
    pub report: Box<dyn RecordWriter + 'a>,
    /// Where `report` writes to.
    pub out: Output,
    /// List successes too.
    pub all: bool,
    /// How the probes ended.
    pub counts: Tally,
    /// The line on a terminal.
    pub progress: Progress,
    /// What was answered so far, where the same requests are sent again and again.
    pub watch: Option<Watch>,
    /// For times of day.
    pub zone: TimeZone,
    /// The language of the status lines.
    pub language: Language,
    /// Files that are written in addition to it.
    pub attachments: &'a mut Attachments,
    /// What is written below a table of checked failures; the other formats have it in their records.
    pub verdicts: Option<Verdicts>,
}

impl Listing<'_> {
    /// Takes the answer to the request at this place of the plan. Under `--watch` the first answers
    /// are listed as ever, and from then on those that are other ones than the last.
    ///
    /// # Errors
    /// When the output, or a file written in addition, takes no more.
    pub fn take(&mut self, place: u32, record: &Record) -> anyhow::Result<()> {
        self.counts.add(record.outcome);
        // No longer an error of output: what is to be said of it is in its words.
        self.attachments.record(record, self.all).map_err(|error| anyhow::anyhow!("{error:#}"))?;
        let wanted = self.all || record.outcome == Outcome::Failure;
        let change = self.watch.as_mut().map_or(Change::First, |watch| watch.take(place, record));
        let wanted = match change {
            Change::First => wanted,
            Change::Same => self.all,
            Change::Other(changed) => {
                self.progress.clear();
                self.out.write_out()?;
                let words = changed::in_words(&changed, record, &self.zone, self.language);
                status(&words);
                true
            }
        };
        if !wanted {
            return Ok(());
        }
        self.progress.clear();
        if let Some(verdicts) = &mut self.verdicts {
            verdicts.add(record);
        }
        Ok(self.report.record(record)?)
    }
}
