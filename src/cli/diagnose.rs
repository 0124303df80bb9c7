//! `cosdiag diagnose`: a verdict on a pasted error, offline.

use std::io::{IsTerminal, Read};
use std::path::PathBuf;

use anyhow::Context;
use clap::Args;
use jiff::Timestamp;

use super::status::{FAILURES, language, print, status};
use crate::config::Flags;
use crate::engine::ingest::{self, LONGEST, Pasted};
use crate::i18n::{Localize, tell};
use crate::report::look::Look;
use crate::report::verdict::Verdicts;
use crate::report::{self, Format};

/// What to look at.
#[derive(Debug, Args)]
pub struct DiagnoseArgs {
    /// File with an error body, an SDK's printed error, curl -v, a HAR entry or a record of cosdiag; - reads standard input
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Print in this format; table is the verdict as text
    #[arg(long, value_enum, value_name = "FORMAT")]
    format: Option<Format>,
}

/// Runs the command.
pub fn run(args: &DiagnoseArgs, flags: &Flags) -> anyhow::Result<u8> {
    let format = args.format.unwrap_or(Format::Table);
    let (bytes, place) = bytes_of(args)?;
    let redactor = super::redaction::redactor(flags);
    let language = language();
    let Pasted { records, said, .. } = ingest::read(&place, bytes, &redactor, Timestamp::now())?;
    for remark in &said {
        status(&remark.localize(language));
    }
    if format == Format::Table {
        let mut verdicts = Verdicts::new(Look { numbered: records.len() > 1, ..super::terminal::look(language) });
        for record in &records {
            verdicts.add(record);
        }
        print(&verdicts.text())?;
        return Ok(FAILURES);
    }
    let mut out = Vec::new();
    {
        let mut report = report::to(format, &mut out, &Look { language, ..Look::default() });
        records.iter().try_for_each(|record| report.record(record))?;
        report.finish()?;
    }
    print(&String::from_utf8_lossy(&out))?;
    Ok(FAILURES)
}

fn bytes_of(args: &DiagnoseArgs) -> anyhow::Result<(Vec<u8>, String)> {
    let mut bytes = Vec::new();
    let place = args.file.display().to_string();
    if place == "-" {
        if std::io::stdin().is_terminal() {
            status(&tell!(language(), "paste the error, then press Ctrl-D on a line of its own"));
        }
        std::io::stdin().lock().take(LONGEST as u64).read_to_end(&mut bytes).context("standard input")?;
    } else {
        let file = std::fs::File::open(&args.file).with_context(|| place.clone())?;
        file.take(LONGEST as u64).read_to_end(&mut bytes).with_context(|| place.clone())?;
    }
    Ok((bytes, place))
}
