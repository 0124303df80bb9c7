//! `cosdiag diagnose`: a verdict on a pasted error, offline.

use std::io::{IsTerminal, Read};
use std::ops::ControlFlow;
use std::path::PathBuf;

use anyhow::{Context, anyhow, bail};
use clap::Args;
use jiff::Timestamp;

use super::{ConnectionArgs, FAILURES, environment, one_of};
use crate::domain::language::Language;
use crate::domain::pasted;
use crate::domain::record::Record;
use crate::engine::redact::Redactor;
use crate::report::look::Look;
use crate::report::verdict::Verdicts;
use crate::report::{self, Format};
use crate::store::import;

/// As much as is read; an error is never longer.
const LONGEST: u64 = 16 * 1024 * 1024;

/// What to look at.
#[derive(Debug, Args)]
pub struct DiagnoseArgs {
    /// File with an error body, an SDK's printed error, curl -v, a HAR entry or a record of cosdiag; - reads standard input
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Print in this format; table is the verdict in words
    #[arg(long, value_name = "FORMAT", value_parser = one_of::formats())]
    format: Option<String>,
}

/// Runs the command.
pub fn run(args: &DiagnoseArgs, connection: &ConnectionArgs) -> anyhow::Result<u8> {
    let format = args.format.as_deref().map_or(Ok(Format::Table), str::parse::<Format>);
    let format = format.map_err(|error| anyhow!("--format: {error}"))?;
    let (bytes, place) = bytes_of(args)?;
    let text = String::from_utf8_lossy(&bytes);
    let redactor = super::import::redactor(&connection.flags(false));
    let clean = redactor.text(&text);
    let language = crate::config::language(&environment);
    let mut records = match import::detect(text.as_bytes()) {
        import::Format::Har => of_har(&place, text.as_bytes().to_vec(), &redactor, language)?,
        _ => pasted::read(&clean, &format!("import:{place}:1"), Timestamp::now()),
    };
    if records.is_empty() {
        records.push(pasted::unread(&clean, bytes.len() as u64, &format!("import:{place}:1"), Timestamp::now()));
    }
    // Headers are told to be secret by their names, which a text does not part from their values.
    let records: Vec<_> =
        records.into_iter().map(|record| super::import::finished(&redactor, language, record)).collect();
    if format == Format::Table {
        let mut verdicts = Verdicts::new(Look { numbered: records.len() > 1, ..super::look::look(language) });
        for record in &records {
            verdicts.add(record);
        }
        super::print(&verdicts.text())?;
        return Ok(FAILURES);
    }
    let mut out = Vec::new();
    {
        let mut report = report::to(format, &mut out, &Look::default());
        records.iter().try_for_each(|record| report.record(record))?;
        report.finish()?;
    }
    super::print(&String::from_utf8_lossy(&out))?;
    Ok(FAILURES)
}

/// The failures of a HAR file, or of entries out of one.
fn of_har(place: &str, text: Vec<u8>, redactor: &Redactor, language: Language) -> anyhow::Result<Vec<Record>> {
    let finish = |record| super::import::finished(redactor, language, record);
    let now = Timestamp::now();
    let options = import::Options { format: Some(import::Format::Har), successes: false, now, finish: &finish };
    let mut collected = Collected::default();
    let summary = import::run_text(place, text, &options, &mut collected);
    if collected.records.is_empty() {
        let totals: Vec<_> = summary.files.iter().map(import::Totals::in_words).collect();
        bail!("no failure in it: {}", totals.join("; "));
    }
    Ok(collected.records)
}

/// Keeps what is read.
#[derive(Default)]
struct Collected {
    records: Vec<Record>,
}

impl import::Sink for Collected {
    fn records(&mut self, batch: Vec<Record>) -> ControlFlow<()> {
        self.records.extend(batch);
        ControlFlow::Continue(())
    }

    fn say(&mut self, words: String) {
        super::say(&words);
    }

    fn progress(&mut self, _: &str, _: u64) -> ControlFlow<()> {
        ControlFlow::Continue(())
    }
}

fn bytes_of(args: &DiagnoseArgs) -> anyhow::Result<(Vec<u8>, String)> {
    let mut bytes = Vec::new();
    let place = args.file.display().to_string();
    if place == "-" {
        if std::io::stdin().is_terminal() {
            super::say("paste the error, then press Ctrl-D on a line of its own");
        }
        std::io::stdin().lock().take(LONGEST).read_to_end(&mut bytes).context("standard input")?;
    } else {
        let file = std::fs::File::open(&args.file).with_context(|| place.clone())?;
        file.take(LONGEST).read_to_end(&mut bytes).with_context(|| place.clone())?;
    }
    Ok((bytes, place))
}
