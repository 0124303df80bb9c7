//! `cosdiag history`: failures of earlier runs.

use std::io::{self, IsTerminal};
use std::num::{NonZeroU32, NonZeroUsize};

use anyhow::{Context, bail};
use clap::Args;

use super::attachments::{AttachmentArgs, Attachments, attachment_error};
use super::recorded::{Broken, records};
use super::status::{FAILURES, environment, language, status};
use super::terminal::LookArgs;
use super::time_arg::{self, TimeArg};
use crate::config;
use crate::config::Flags;
use crate::domain::profile::Proxies;
use crate::domain::query::{FIELDS, Query, QueryError, Wrong};
use crate::i18n::{Localize, tell};
use crate::report::look::Look;
use crate::report::{self, Format};
use crate::store::history::{History, HistoryKey, Limits, Search};
use crate::text::cells;

/// What to look for, and what to do with it.
#[derive(Debug, Args)]
pub struct HistoryArgs {
    /// Filter as in the app: words, status:4xx, code:Denied, cause:clock, sure:certain; not:TERM excludes, or joins
    #[arg(value_name = "QUERY")]
    query: Vec<String>,
    /// Print in this format [default: the app on a terminal, else ndjson]
    #[arg(long, value_enum, value_name = "FORMAT")]
    format: Option<Format>,
    #[command(flatten)]
    look: LookArgs,
    #[command(flatten)]
    attachments: AttachmentArgs,
    /// Limit to the N most recent
    #[arg(long, value_name = "N")]
    limit: Option<NonZeroUsize>,
    /// Only failures at or after this time: 2h, 7d, 2026-11-20 or 2026-11-20T10:00
    #[arg(long, value_name = "WHEN", value_parser = time_arg::time)]
    since: Option<TimeArg>,
    /// Only failures before this time
    #[arg(long, value_name = "WHEN", value_parser = time_arg::time)]
    before: Option<TimeArg>,
    /// Delete the failures that would be listed
    #[arg(long, conflicts_with_all = ["format", "prune", "max_size"])]
    delete: bool,
    /// Delete failures older than this, e.g. 30d
    #[arg(long, value_name = "AGE", value_parser = time_arg::time, conflicts_with_all = ["query", "format", "limit", "since", "before"])]
    prune: Option<TimeArg>,
    /// Delete the oldest until the rest fits into MB
    #[arg(long, value_name = "MB", conflicts_with_all = ["query", "format", "limit", "since", "before"])]
    max_size: Option<NonZeroU32>,
}

/// Runs the command.
#[cfg_attr(not(feature = "tui"), expect(unused_variables, reason = "the connection is the screen's"))]
pub fn run(args: &HistoryArgs, flags: &Flags) -> anyhow::Result<u8> {
    let search = search(args)?;
    // -photos is read as the profile "hotos": an unknown one is refused before anything is deleted.
    if flags.profile.is_some() {
        config::load(&Flags { skip_process: true, ..flags.clone() }, &environment)?;
    }
    let older = args.prune.as_ref().map(|when| when.time);
    let narrowed = !args.query.is_empty() || args.limit.is_some() || args.since.is_some() || args.before.is_some();
    if args.delete && !narrowed {
        bail!(tell!(
            language(),
            "--delete: nothing is selected. Add a QUERY, --since, --before or --limit; --before 0s selects everything"
        ));
    }
    let Some(file) = config::history_file(&environment)? else {
        bail!(tell!(language(), "the history is turned off by COSDIAG_HISTORY=/dev/null. Unset it"));
    };
    let Some(mut history) = History::open(&file)? else {
        status(&tell!(language(), "no failures have been recorded yet in %{file}", file = file.display()));
        return Ok(0);
    };
    if older.is_some() || args.max_size.is_some() {
        let limits = Limits { days: None, megabytes: args.max_size.map(NonZeroU32::get) };
        let deleted = history.prune(older, limits.bytes())?;
        return deleted_words(&history, deleted);
    }
    let keys = history.find(&search)?;
    if args.delete {
        let deleted = history.delete(&keys)?;
        return deleted_words(&history, deleted);
    }
    if keys.is_empty() {
        status(&tell!(language(), "no recorded failures match"));
        return Ok(0);
    }
    match args.format {
        #[cfg(feature = "tui")]
        None if io::stdin().is_terminal() && io::stdout().is_terminal() && args.attachments.is_empty() => {
            open_screen(history, file, keys, args.since.as_ref().map(|since| since.text.clone()), flags)
        }
        None if io::stdout().is_terminal() => list(&history, &keys, Format::Table, args),
        None => list(&history, &keys, Format::Ndjson, args),
        Some(format) => list(&history, &keys, format, args),
    }
}

fn search(args: &HistoryArgs) -> anyhow::Result<Search> {
    let query = args.query.join(" ");
    Ok(Search {
        query: Query::parse(&query).map_err(|error| invalid_query(&query, &error))?,
        translated: cells::translated(language()),
        since: args.since.as_ref().map(|since| since.time),
        before: args.before.as_ref().map(|before| before.time),
        newest: args.limit.map(NonZeroUsize::get),
        run: None,
    })
}

/// The fields are listed where one of another name is asked for.
fn invalid_query(query: &str, error: &QueryError) -> anyhow::Error {
    let words = error.localize(config::language(&environment));
    match error.wrong {
        Wrong::Field(_) => anyhow::anyhow!(tell!(
            language(),
            "\"%{query}\": %{words} Fields: %{fields}",
            query = query,
            words = words,
            fields = FIELDS.join(", ")
        )),
        _ => anyhow::anyhow!("\"{query}\": {words}"),
    }
}

fn deleted_words(history: &History, deleted: usize) -> anyhow::Result<u8> {
    let (left, bytes) = history.size()?;
    let tenths = bytes * 10 / (1 << 20);
    let size = format!("{}.{}", tenths / 10, tenths % 10);
    status(&tell!(
        language(),
        "%{deleted} deleted, %{left} kept (%{size} MB)",
        deleted = deleted,
        left = left,
        size = size
    ));
    Ok(0)
}

fn list(history: &History, keys: &[HistoryKey], format: Format, args: &HistoryArgs) -> anyhow::Result<u8> {
    let mut broken = Broken::default();
    let mut attachments = Attachments::begin(&args.attachments, &[])?;
    let language = config::language(&environment);
    let look = Look { with_day: true, ..args.look.look(language) };
    let facts = attachments.facts(language, None, &Proxies::default());
    let written = {
        let mut report = report::to(format, io::stdout().lock(), &look);
        let listed = records(history, keys, &mut broken).try_for_each(|record| {
            attachments.record(&record, true).map_err(|error| attachment_error(&error))?;
            report.record(&record)
        });
        listed.and_then(|()| report.finish())
    };
    match written {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {}
        Err(error) if error.kind() == io::ErrorKind::Other => bail!("{error}"),
        other => other.context("standard output")?,
    }
    broken.say();
    attachments.finish(&facts)?;
    Ok(FAILURES)
}

#[cfg(feature = "tui")]
fn open_screen(
    history: History,
    file: std::path::PathBuf,
    keys: Vec<HistoryKey>,
    since: Option<String>,
    flags: &Flags,
) -> anyhow::Result<u8> {
    super::terminal::require_terminal("cosdiag history", "cosdiag history --format table")?;
    crate::ui::hold_stops()?;
    let (preloaded, reader) = super::earlier::recorded_rows(history, file, keys, since)?;
    let status = super::app::interactive(flags, Some(preloaded))?;
    if let Ok(broken) = reader.join() {
        broken.say();
    }
    Ok(status)
}
