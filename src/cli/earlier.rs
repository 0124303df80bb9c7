//! The history and files, for the app to open while it runs.

use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::Arc;

use jiff::{Timestamp, Zoned};

use super::files::read;
use super::recorded::{Broken, records};
use super::status::{environment, language};
use super::time_arg;
use crate::config::secrets::secrets;
use crate::config::{self, Flags};
use crate::domain::log_line::LogLine;
use crate::domain::occurrence::Occurrence;
use crate::domain::query::Query;
use crate::domain::record::Record;
use crate::engine::ingest::finish;
use crate::engine::redact::Redactor;
use crate::i18n::{Localize, tell};
use crate::import::{self, ImportRemark, LogFile, Options, Sink};
use crate::store::details::{NewRow, Place, RecordLog};
use crate::store::history::{History, HistoryKey, Runs, Search};
use crate::text::cells;
use crate::text::errors::localized;
use crate::ui::effect::Earlier;
use crate::ui::{Preloaded, Sources};

/// Runs of the history that are offered, one for each digit.
const RUNS: usize = 9;
/// Recorded failures whose requests are offered to be sent again.
const LATEST: usize = 500;

/// What the app opens by `H` and `I`.
pub struct EarlierSources {
    /// What was typed on the command line: secrets of its profile are not shown.
    pub flags: Flags,
}

impl Sources for EarlierSources {
    fn runs(&self) -> Result<Option<Runs>, String> {
        let runs = opened()?.map(|(history, _)| history.runs(RUNS)).transpose();
        runs.map_err(|error| error.localize(language()))
    }

    fn latest(&self) -> Result<Vec<Record>, String> {
        let Some((history, _)) = opened()? else { return Ok(Vec::new()) };
        let search = Search { newest: Some(LATEST), ..Search::default() };
        let mut keys = history.find(&search).map_err(|error| error.localize(language()))?;
        keys.reverse();
        // What cannot be read is reported where the history is shown.
        Ok(records(&history, &keys, &mut Broken::default()).collect())
    }

    fn history(&self, asked: &Earlier) -> Result<Preloaded, String> {
        let Some((history, file)) = opened()? else {
            return Err(tell!(language(), "nothing has been recorded yet").into_owned());
        };
        let (since, query) = when_and_what(&asked.asked);
        let search = Search {
            query: Query::parse(query).map_err(|error| format!("\"{query}\": {}", error.localize(language())))?,
            translated: cells::translated(language()),
            since: since
                .map(|since| time_arg::parse_time(since, &Zoned::now()))
                .transpose()
                .map_err(|error| error.to_string())?,
            run: asked.run,
            ..Search::default()
        };
        let keys = history.find(&search).map_err(|error| error.localize(language()))?;
        if keys.is_empty() {
            return Err(tell!(language(), "no recorded failures match %{asked}", asked = asked.asked).into_owned());
        }
        let since = since.map(str::to_owned);
        recorded_rows(history, file, keys, since)
            .map(|(preloaded, _)| preloaded)
            .map_err(|error| localized(error.as_ref(), language()))
    }

    fn files(&self, files: &[PathBuf]) -> Result<Preloaded, String> {
        // What is odd about the configuration was said at the start.
        let secrets = secrets(&self.flags, &environment);
        let redactor = Redactor::new(secrets.values.iter().map(String::as_str));
        file_rows(files, false, None, redactor).map_err(|error| localized(error.as_ref(), language()))
    }
}

/// The history and its file; `None` where there is none or it is turned off.
fn opened() -> Result<Option<(History, PathBuf)>, String> {
    let Some(file) = config::history_file(&environment).map_err(|error| error.localize(language()))? else {
        return Ok(None);
    };
    let history = History::open(&file).map_err(|error| error.localize(language()))?;
    Ok(history.map(|history| (history, file)))
}

/// `7d 403` asks for failures with status 403 of the last 7 days; a first word that is not a time belongs to the query.
fn when_and_what(asked: &str) -> (Option<&str>, &str) {
    let asked = asked.trim();
    let (first, rest) = asked.split_once(' ').unwrap_or((asked, ""));
    // A status is a number and no time.
    let is_time = first.chars().any(|c| !c.is_ascii_digit()) && time_arg::parse_time(first, &Zoned::now()).is_ok();
    if is_time { (Some(first), rest.trim()) } else { (None, asked) }
}

/// Reads the failures behind these keys on a thread of its own; the result counts those that could not be read.
pub fn recorded_rows(
    history: History,
    file: std::path::PathBuf,
    mut keys: Vec<HistoryKey>,
    since: Option<String>,
) -> anyhow::Result<(Preloaded, std::thread::JoinHandle<Broken>)> {
    // The newest first, as they are shown.
    keys.reverse();
    let all = keys.clone();
    let mode = crate::ui::Mode::History(crate::ui::Found { all: history.size()?.0, since });
    let (sender, received) = tokio::sync::mpsc::channel(1024);
    let reader = std::thread::Builder::new().name("reader".to_owned()).spawn(move || {
        let mut broken = Broken::default();
        // The screen may be left before all is read.
        let _ =
            records(&history, &keys, &mut broken).try_for_each(|record| sender.blocking_send(Arc::new(record).into()));
        broken
    })?;
    // A connection of its own: rows are still being read over the other one.
    let annotate = move |place: u32, note: Option<&str>| {
        let key = place
            .checked_sub(1)
            .and_then(|place| all.get(place as usize))
            .ok_or_else(|| tell!(language(), "it is not in the history"))?;
        let mut history = History::open(&file)
            .map_err(|error| error.localize(language()))?
            .ok_or_else(|| tell!(language(), "the history is gone"))?;
        match history.annotate(*key, note) {
            Ok(true) => Ok(()),
            Ok(false) => Err(tell!(language(), "it was deleted meanwhile").into_owned()),
            Err(error) => Err(error.localize(language())),
        }
    };
    let preloaded = Preloaded { mode, records: received, read: None, annotate: Some(Box::new(annotate)) };
    Ok((preloaded, reader))
}

/// One file that can be read is enough.
pub fn check_readable(files: &[PathBuf]) -> anyhow::Result<()> {
    let problems: Vec<_> = files.iter().filter_map(|file| import::readable(file).err()).collect();
    match problems.first().filter(|_| problems.len() == files.len()) {
        Some(first) => Err(first.clone().into()),
        None => Ok(()),
    }
}

/// Reads the failures in files on a thread of its own.
pub fn file_rows(
    files: &[PathBuf],
    successes: bool,
    read_as: Option<import::Format>,
    redactor: Redactor,
) -> anyhow::Result<Preloaded> {
    check_readable(files)?;
    let (records, received) = tokio::sync::mpsc::channel(128);
    let (said, outcome) = tokio::sync::oneshot::channel();
    let names = files.iter().map(|file| file.to_string_lossy().into_owned()).collect();
    let files = files.to_vec();
    std::thread::Builder::new().name("import".to_owned()).spawn(move || {
        let redactor = Arc::new(redactor);
        let clean = |text: &str| redactor.text(text).into_owned();
        let finish = |record: &mut Record| finish(&redactor, record);
        let options = Options { format: read_as, successes, now: Timestamp::now(), clean: &clean, finish: &finish };
        let mut feed = Feed { records, redactor: Arc::clone(&redactor), log: None, logs: 0, said: Vec::new() };
        let summary = read(&files, &options, &mut feed);
        // A screen that has closed wants no totals.
        let _ = said.send(outcome_of(&summary, successes, feed.said));
    })?;
    let mode = crate::ui::Mode::Import(crate::ui::Files { names, read: None });
    Ok(Preloaded { mode, records: received, read: Some(outcome), annotate: None })
}

/// What became of the files, as the screen tells it.
fn outcome_of(summary: &import::Summary, successes_are_rows: bool, lines: Vec<String>) -> crate::ui::Read {
    let files = &summary.files;
    let same = files
        .first()
        .map(|file| file.format)
        .filter(|first| files.iter().all(|file| file.format.unit() == first.unit()));
    // A line of text does not hold the request.
    let requests = files.iter().filter(|file| !successes_are_rows && file.format != import::Format::Text);
    crate::ui::Read {
        units: (files.iter().map(|file| file.read).sum(), same.map(import::Format::unit).unwrap_or_default()),
        not_understood: files.iter().map(|file| file.unparsed).sum(),
        passed: requests.map(|file| file.passed).sum(),
        broken: summary.broken,
        lines,
    }
}

/// Sends records to the screen.
struct Feed {
    records: tokio::sync::mpsc::Sender<NewRow>,
    redactor: Arc<Redactor>,
    /// The log that is being read.
    log: Option<Arc<ReadAgain>>,
    /// Logs so far whose records are read again.
    logs: u8,
    said: Vec<String>,
}

/// A log whose records are redacted and diagnosed each time they are read.
#[derive(Debug)]
struct ReadAgain {
    log: Arc<LogFile>,
    redactor: Arc<Redactor>,
}

impl RecordLog for ReadAgain {
    fn record(&self, line: LogLine) -> std::io::Result<Record> {
        let mut record = self.log.record(line)?;
        finish(&self.redactor, &mut record);
        Ok(record)
    }
}

impl Feed {
    fn send(&self, rows: impl IntoIterator<Item = NewRow>) -> ControlFlow<()> {
        for row in rows {
            if self.records.blocking_send(row).is_err() {
                return ControlFlow::Break(());
            }
        }
        ControlFlow::Continue(())
    }
}

impl Sink for Feed {
    fn records(&mut self, batch: Vec<Arc<Record>>) -> ControlFlow<()> {
        self.send(batch.into_iter().map(NewRow::from))
    }

    fn rereads(&self) -> bool {
        self.logs < Place::LOGS
    }

    fn occurrences(
        &mut self,
        batch: Vec<Occurrence>,
        lines: &[Option<LogLine>],
        log: &Arc<LogFile>,
    ) -> ControlFlow<()> {
        let again = match &self.log {
            Some(again) if Arc::ptr_eq(&again.log, log) => Arc::clone(again),
            _ => {
                self.logs += 1;
                Arc::new(ReadAgain { log: Arc::clone(log), redactor: Arc::clone(&self.redactor) })
            }
        };
        self.log = Some(Arc::clone(&again));
        let again: Arc<dyn RecordLog> = again;
        self.send(batch.into_iter().zip(lines).map(|(failure, line)| NewRow::in_log(failure, &again, *line)))
    }

    fn say(&mut self, remark: ImportRemark) {
        self.said.push(Redactor::default().text(&remark.localize(language())).into_owned());
    }

    fn progress(&mut self, _: &str, _: u64) -> ControlFlow<()> {
        ControlFlow::Continue(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_may_stand_before_what_is_looked_for() {
        for (asked, wanted) in [
            ("7d 403", (Some("7d"), "403")),
            ("403", (None, "403")),
            ("2026-11-20", (Some("2026-11-20"), "")),
            ("code:Denied 2h", (None, "code:Denied 2h")),
            ("", (None, "")),
        ] {
            assert_eq!(when_and_what(asked), wanted);
        }
    }
}
