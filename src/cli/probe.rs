//! `cosdiag probe`: the engine without a screen.

mod buckets;
mod listing;
mod planned;
mod progress;
mod targets;

use std::io::{self, IsTerminal, Write};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use clap::Args;
use jiff::tz::TimeZone;
use tokio::sync::mpsc::Receiver;
use tokio_util::sync::CancellationToken;

use super::attachments::{AttachmentArgs, Attachments};
use super::interrupt::stop_signal;
use super::output::Output;
use super::recording;
use super::runtime::Runtime;
use super::settings::settings;
use super::status::{FAILURES, INTERRUPTED, status};
use super::terminal::LookArgs;
use super::values;
use crate::config::Flags;
use crate::domain::operation::{Operation, Suite};
use crate::domain::record::Record;
use crate::domain::tally::Tally;
use crate::domain::watch::Watch;
use crate::engine::{self, Client, Options};
use crate::i18n::{Language, Localize, tell};
use crate::report::look::Look;
use crate::report::verdict::Verdicts;
use crate::report::{self, Format};
use crate::text::tally;
use listing::Listing;
pub use planned::need_credentials;
use planned::{Asked, Planned};
use progress::Progress;
use targets::Targets;

use crate::store::Recorder;

/// Records are taken together that come within this time: each by itself costs a wake-up.
const GATHER: Duration = Duration::from_millis(5);

/// What to send and how to list it.
#[derive(Debug, Args)]
pub struct ProbeArgs {
    #[arg(
        required_unless_present = "targets_from",
        value_name = "TARGET",
        help = "Probe BUCKET[/KEY], cos://BUCKET[/KEY], s3://BUCKET[/KEY] or a URL; cos://* is every bucket of the account"
    )]
    targets: Vec<String>,
    /// Read targets from a file, one per line, # for comments; - is standard input
    #[arg(long, value_name = "FILE")]
    targets_from: Option<PathBuf>,
    /// Send this operation; repeatable
    #[arg(long = "op", value_name = "OPERATION", value_parser = values::operation())]
    operations: Vec<&'static Operation>,
    /// Send a suite of operations
    #[arg(long, value_name = "SUITE", value_parser = values::suite())]
    suite: Option<&'static Suite>,
    /// Send a method and path, such as 'GET /?uploads'; repeatable
    #[arg(long = "request", value_name = "METHOD PATH")]
    requests: Vec<String>,
    /// Send up to N requests at once
    #[arg(long, default_value_t = 32, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    concurrency: u16,
    /// Limit the request rate, e.g. 50/s or 600/m
    #[arg(long, value_name = "N/s", value_parser = rate)]
    rate: Option<f64>,
    /// Repeat the whole run N times
    #[arg(long, default_value_t = 1, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    repeat: u32,
    /// Repeat every N seconds until interrupted and report changes
    #[arg(long, value_name = "SECONDS", value_parser = seconds)]
    watch: Option<Duration>,
    /// Retry a transient failure up to N times
    #[arg(long, default_value_t = 0, value_name = "N", value_parser = clap::value_parser!(u32).range(0..=20))]
    retries: u32,
    /// Run the checks on every failure: at most 12 read-only requests that each change one factor
    #[arg(long)]
    diagnose: bool,
    /// List successes and missing configurations as well
    #[arg(long)]
    all: bool,
    /// Print in this format [default: table on a terminal, else ndjson]
    #[arg(long, value_enum, value_name = "FORMAT")]
    format: Option<Format>,
    #[command(flatten)]
    look: LookArgs,
    #[command(flatten)]
    attachments: AttachmentArgs,
}

/// A value that cannot be used, with what to use.
#[derive(Debug, thiserror::Error)]
enum Invalid {
    #[error("Use requests per second or minute, such as 50/s or 600/m")]
    Rate,
    #[error("Use a number of seconds, such as 5 or 0.5")]
    Seconds,
}

/// Reads a rate, in requests per second.
fn rate(text: &str) -> Result<f64, Invalid> {
    let (number, per) = match text.split_once('/') {
        None | Some((_, "s")) => (text.trim_end_matches("/s"), 1.0),
        Some((number, "m")) => (number, 60.0),
        Some(_) => return Err(Invalid::Rate),
    };
    let rate = number.parse::<f64>().map_err(|_| Invalid::Rate)? / per;
    if (0.001..=1_000_000.0).contains(&rate) { Ok(rate) } else { Err(Invalid::Rate) }
}

/// Reads a number of seconds.
fn seconds(text: &str) -> Result<Duration, Invalid> {
    let seconds = text.strip_suffix('s').unwrap_or(text).parse::<f64>().ok().filter(|s| (0.01..=86_400.0).contains(s));
    seconds.map(Duration::from_secs_f64).ok_or(Invalid::Seconds)
}

/// Runs the command.
pub fn run(args: &ProbeArgs, flags: &Flags) -> anyhow::Result<u8> {
    let format = match args.format {
        Some(format) => format,
        None if io::stdout().is_terminal() => Format::Table,
        None => Format::Ndjson,
    };
    let suite_name = args.suite.map(|suite| suite.name);
    let targets = Targets::read(&args.targets, args.targets_from.as_deref())?;
    let mut settings = settings(flags, targets.all_s3)?;
    let client = Client::new(&settings.profile.connection).context("connection")?.rate_limited(args.rate);
    let options =
        Options { concurrency: usize::from(args.concurrency), retries: args.retries, diagnose: args.diagnose };
    let runtime = Runtime::new()?;
    if suite_name == Some("write") && targets.has_all_buckets {
        bail!("{}", tell!(settings.language, "--suite write does not take cos://*. Name each bucket to write to"));
    }
    let (targets, unlisted) = runtime.block_on(buckets::expanded(targets, &client, &mut settings, options))?;
    let asked = Asked {
        suite: args.suite,
        operations: args.operations.clone(),
        requests: args.requests.clone(),
        repeat: args.repeat,
        has_file: args.targets_from.is_some(),
    };
    let planned = Planned::of(&asked, &targets, &client, &settings)?;
    let remarks = settings.remarks.iter().map(|remark| remark.localize(settings.language));
    for remark in remarks.chain(planned.remarks.iter().cloned()) {
        status(&remark);
    }
    let recorder = recording::recorder(flags, &settings);
    let mut attachments = Attachments::begin(&args.attachments, &[])?;
    let facts = attachments.facts(settings.language, planned.first.as_ref(), &settings.profile.connection.proxies);
    let left_out = left_out(planned.keyless, suite_name.unwrap_or_default(), settings.language);
    let to = Outputs {
        recorder: recorder.as_ref(),
        attachments: &mut attachments,
        format,
        language: settings.language,
        left_out,
    };
    let status = runtime.block_on(send_and_list(&client, &planned, options, to, args, unlisted))?;
    attachments.finish(&facts)?;
    Ok(status)
}

/// The targets that a suite passed over, in words.
fn left_out(targets: usize, suite: &str, language: Language) -> Option<String> {
    let words = match targets {
        0 => return None,
        1 => tell!(language, "1 target left out: suite %{suite} needs a key", suite = suite),
        n => tell!(language, "%{n} targets left out: suite %{suite} needs a key", n = n, suite = suite),
    };
    Some(words.into_owned())
}

/// Where the records of a run go.
struct Outputs<'a> {
    recorder: Option<&'a Recorder>,
    attachments: &'a mut Attachments,
    format: Format,
    language: Language,
    /// The targets that nothing was sent to, and why.
    left_out: Option<String>,
}

async fn send_and_list(
    client: &Client,
    plan: &Planned,
    options: Options,
    to: Outputs<'_>,
    args: &ProbeArgs,
    unlisted: Option<Arc<Record>>,
) -> anyhow::Result<u8> {
    let started = Instant::now();
    let cancel = CancellationToken::new();
    let interrupted = {
        let cancel = cancel.clone();
        tokio::spawn(async move {
            stop_signal().await;
            cancel.cancel();
            // A second interrupt does not wait for a reader that takes nothing.
            stop_signal().await;
            std::process::exit(i32::from(INTERRUPTED));
        })
    };
    let Outputs { recorder, attachments, format, language, left_out } = to;
    let numbered = args.diagnose && format == Format::Table;
    let look = Look { numbered, with_day: args.watch.is_some(), ..args.look.look(language) };
    let out = Output::default();
    let mut listing = Listing {
        report: report::to(format, out.clone(), &look),
        out,
        all: args.all,
        counts: Tally::default(),
        progress: Progress::new(language),
        watch: args.watch.map(|_| Watch::default()),
        zone: TimeZone::system(),
        language,
        attachments,
        verdicts: numbered.then(|| Verdicts::new(look.clone())),
    };
    let mut written = unlisted.map_or(Ok(()), |record| listing.take(u32::MAX, &record));
    written = written.and_then(|()| Ok(listing.out.write_out()?));
    let mut planned = listing.counts.total();
    let mut goes_on = plan.count() > 0;
    while goes_on && written.is_ok() {
        let due = args.watch.map(|pause| Instant::now() + pause);
        let first = u32::try_from(planned).unwrap_or(u32::MAX);
        planned += plan.count();
        let mut records = engine::run(client, plan.from(first.saturating_add(1)), options, &cancel);
        if let Some(recorder) = recorder {
            records = recorder.tee(records);
        }
        written = list(&mut listing, records, first, planned).await;
        let Some(due) = due.filter(|_| written.is_ok()) else { break };
        tokio::select! {
            biased;
            () = cancel.cancelled() => goes_on = false,
            () = tokio::time::sleep_until(due.into()) => {}
        }
    }
    listing.progress.clear();
    let written = written.and_then(|()| {
        listing.report.finish()?;
        Ok(listing.out.write_out()?)
    });
    let (counts, verdicts) = (listing.counts, listing.verdicts.take());
    drop(listing);
    let written = written.and_then(|()| match verdicts {
        Some(verdicts) => Ok(write_below(&verdicts.text())?),
        None => Ok(()),
    });
    interrupted.abort();
    match written {
        // The reader has seen enough, as `head` does: not an error.
        Err(error) if is_broken_pipe(&error) => {}
        // The error of an attached file names the file already.
        Err(error) if error.is::<io::Error>() => return Err(error.context("standard output")),
        other => other?,
    }
    let counted = tally::summary(&counts, planned, started.elapsed(), language);
    let parts: Vec<_> = std::iter::once(counted).chain(left_out).collect();
    status(&parts.join(" · "));
    Ok(match (cancel.is_cancelled(), counts.failed) {
        (true, _) => INTERRUPTED,
        (false, 0) => 0,
        (false, _) => FAILURES,
    })
}

/// Writes below the table, parted from it.
fn write_below(text: &str) -> io::Result<()> {
    if text.is_empty() { Ok(()) } else { write!(io::stdout().lock(), "\n{text}") }
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
}

/// Lists the records of one round, whose ids begin after `first`.
async fn list(
    listing: &mut Listing<'_>,
    mut records: Receiver<Arc<Record>>,
    first: u32,
    planned: usize,
) -> anyhow::Result<()> {
    let mut batch = Vec::new();
    loop {
        let received = tokio::select! {
            received = records.recv_many(&mut batch, 256) => received,
            () = listing.progress.due() => {
                listing.progress.show(&listing.counts, planned);
                continue;
            }
        };
        if received == 0 {
            return Ok(());
        }
        for record in batch.drain(..) {
            listing.take(record.id.saturating_sub(first), &record)?;
        }
        listing.out.write_out()?;
        listing.progress.show(&listing.counts, planned);
        tokio::time::sleep(GATHER).await;
    }
}
