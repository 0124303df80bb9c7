//! `cosdiag probe`: the engine without a screen.

mod buckets;
mod listing;
mod progress;
mod targets;

use std::collections::HashSet;
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
use super::recording;
use super::runtime::Runtime;
use super::settings::settings;
use super::status::{FAILURES, INTERRUPTED, status};
use super::terminal::LookArgs;
use super::values;
use crate::config::{Flags, Settings};
use crate::domain::operation::{Operation, Suite};
use crate::domain::plan::{self, ProbeSelection};
use crate::domain::probe::Probe;
use crate::domain::profile::Profile;
use crate::domain::record::Record;
use crate::domain::regions;
use crate::domain::tally::Tally;
use crate::domain::target::{self, Target};
use crate::domain::target_arg::{MAX_REQUESTS, TargetArg, TargetSelector};
use crate::domain::validate;
use crate::domain::watch::Watch;
use crate::engine::{self, Client, Options};
use crate::i18n::{Language, Localize, tell};
use crate::report::look::Look;
use crate::report::verdict::Verdicts;
use crate::report::{self, Format};
use crate::text::tally;
use listing::Listing;
use progress::Progress;

use crate::store::Recorder;

/// Remarks and lines that are printed one by one; more are counted.
const MAX_REMARKS: usize = 20;

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
    let given = targets::read(&args.targets, args.targets_from.as_deref())?;
    let mut settings = settings(flags, given.iter().all(|given| given.s3))?;
    let client = Client::new(&settings.profile.connection).context("connection")?.rate_limited(args.rate);
    let options =
        Options { concurrency: usize::from(args.concurrency), retries: args.retries, diagnose: args.diagnose };
    let runtime = Runtime::new()?;
    if suite_name == Some("write") && given.iter().any(|given| given.what == TargetSelector::AllBuckets) {
        bail!("--suite write does not take cos://*. Name each bucket to write to");
    }
    let (given, unlisted) = runtime.block_on(buckets::expanded(given, &client, &mut settings, options))?;
    let Planned { mut probes, remarks, keyless } =
        if given.is_empty() { Planned::default() } else { plan(args, &given, &settings)? };
    need_credentials(&probes, &settings.profile)?;
    let kept = probes.iter().find(|probe| args.targets_from.is_none() && engine::is_blocked_by_proxy(&client, probe));
    if let Some(probe) = kept {
        let path = target::written(&probe.sent_url()).map(|written| written.path.to_owned()).unwrap_or_default();
        bail!("a proxy would change the path {path}. Add the host to NO_PROXY");
    }
    for remark in settings.remarks.iter().map(|remark| remark.localize(settings.language)).chain(remarks) {
        status(&remark);
    }
    repeat(&mut probes, args.repeat)?;
    let recorder = recording::recorder(flags, &settings);
    let mut attachments = Attachments::begin(&args.attachments, &[])?;
    let facts = attachments.facts(settings.language, probes.first(), &settings.profile.connection.proxies);
    let left_out = left_out(keyless, suite_name.unwrap_or_default(), settings.language);
    let to = Outputs {
        recorder: recorder.as_ref(),
        attachments: &mut attachments,
        format,
        language: settings.language,
        left_out,
    };
    let status = runtime.block_on(send_and_list(&client, probes, options, to, args, unlisted))?;
    attachments.finish(&facts)?;
    Ok(status)
}

/// The plan so many times over, numbered on.
fn repeat(probes: &mut Vec<Probe>, times: u32) -> anyhow::Result<()> {
    let all = probes.len().saturating_mul(times as usize);
    if all > MAX_REQUESTS {
        bail!(
            "--repeat {times}: too many requests ({all}, at most {MAX_REQUESTS} in a run). Use --watch to repeat until interrupted"
        );
    }
    let first = probes.first().map_or(1, |probe| probe.id);
    let once = probes.clone();
    probes.extend(std::iter::repeat_n(once, times.saturating_sub(1) as usize).flatten());
    for (id, probe) in (first..).zip(probes) {
        probe.id = id;
    }
    Ok(())
}

/// What is to be sent, and what is to be said about it.
#[derive(Default)]
struct Planned {
    probes: Vec<Probe>,
    remarks: Vec<String>,
    /// So many targets lack the key that every request of the suite needs.
    keyless: usize,
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

/// Every probe of every target, and what the written rules say about the buckets.
fn plan(args: &ProbeArgs, given: &[TargetArg], settings: &Settings) -> anyhow::Result<Planned> {
    let suite_name = args.suite.map(|suite| suite.name);
    let suites = args.suite.map(Suite::operations).unwrap_or_default();
    if suite_name == Some("cors") && !settings.request_options().has_origin() {
        bail!("--suite cors needs --origin, such as --origin https://www.example.com");
    }
    let extras = settings.request_options();
    if suite_name == Some("full") && !extras.has_origin() {
        status("--suite full: options-object is skipped because it needs --origin");
    }
    let asked = ProbeSelection { suites, operations: args.operations.clone(), requests: args.requests.clone() };
    let language = settings.language;
    let (mut probes, mut remarks) = (Vec::new(), Vec::new());
    let (mut left_out, mut keyless) = (0, 0);
    for given in given {
        let TargetSelector::One(target) = &given.what else { continue };
        let first = u32::try_from(probes.len()).unwrap_or(u32::MAX).saturating_add(1);
        let asked = asked.clone().or_quick(target);
        match (plan::plan(target, &asked, &settings.profile, &extras, first), given.line) {
            (Ok(planned), _) => {
                keyless += usize::from(planned.is_empty());
                probes.extend(planned);
            }
            // One line of many is no reason to leave the others out.
            (Err(error), Some(line)) if left_out < MAX_REMARKS => {
                left_out += 1;
                let error = error.localize(language);
                status(&format!("--targets-from: line {line}: {error}. The line is skipped."));
                continue;
            }
            (Err(_), Some(_)) => {
                left_out += 1;
                continue;
            }
            (Err(error), None) => return Err(error.into()),
        }
        match target {
            // An alias is a name of its owner's making.
            Target::Bucket { bucket, .. } if settings.profile.buckets.contains_key(bucket) => {}
            Target::Bucket { bucket, .. } => {
                let region = settings.profile.region.as_deref();
                let remark = validate::bucket_remark(bucket, region, settings.profile.dialect);
                remarks.extend(remark.map(|remark| remark.localize(language)));
            }
            Target::Url { url, presigned } => {
                let parts = target::parts_of(url);
                if let (Some(bucket), Some(region)) = (&parts.bucket, &parts.region) {
                    let dialect = settings.profile.dialect;
                    let bucket = validate::bucket_remark(bucket, Some(region), dialect);
                    remarks.extend(bucket.map(|remark| remark.localize(language)));
                    let region = regions::region_remark(region, dialect);
                    remarks.extend(region.map(|remark| remark.localize(language)));
                }
                remarks.extend(presigned.as_ref().and_then(|presigned| window_remark(presigned.end)));
            }
            Target::Service => {}
        }
    }
    if left_out > MAX_REMARKS {
        status(&format!("--targets-from: {} more lines are skipped", left_out - MAX_REMARKS));
    }
    if probes.is_empty() && left_out > 0 {
        bail!("--targets-from: nothing to send, because none of the {left_out} targets fits the operations");
    }
    if probes.is_empty() {
        let suite = suite_name.unwrap_or("quick");
        bail!("nothing to send: suite {suite} needs a key. Use BUCKET/KEY");
    }
    if probes.len() > MAX_REQUESTS {
        bail!("too many requests: {}, at most {MAX_REQUESTS} in a run", probes.len());
    }
    Ok(Planned { probes, remarks: each_once(remarks), keyless })
}

/// A thousand buckets in one misspelt region are one remark.
fn each_once(remarks: Vec<String>) -> Vec<String> {
    let mut seen = HashSet::new();
    let mut once: Vec<_> = remarks.into_iter().filter(|remark| seen.insert(remark.clone())).collect();
    let more = once.len().saturating_sub(MAX_REMARKS);
    once.truncate(MAX_REMARKS);
    if more > 0 {
        once.push(format!("{more} more remarks"));
    }
    once
}

/// A presigned URL whose window is over is sent all the same; it is said before.
fn window_remark(end: Option<jiff::Timestamp>) -> Option<String> {
    let end = end?;
    let now = jiff::Timestamp::now();
    (end < now).then(|| {
        format!(
            "the presigned URL expired at {end}, {} s ago",
            (now - end).total(jiff::Unit::Second).unwrap_or_default().round()
        )
    })
}

pub fn need_credentials(probes: &[Probe], profile: &Profile) -> anyhow::Result<()> {
    if plan::missing_credentials(probes) && !profile.anonymous {
        let wanted = profile.credential_variables();
        bail!("no credentials. Set {wanted}, choose a profile with -p, or send unsigned requests with --anonymous");
    }
    Ok(())
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
    probes: Vec<Probe>,
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
            // Somebody who asks twice does not want to wait for a reader that takes nothing.
            stop_signal().await;
            std::process::exit(i32::from(INTERRUPTED));
        })
    };
    let Outputs { recorder, attachments, format, language, left_out } = to;
    let numbered = args.diagnose && format == Format::Table;
    let look = Look { numbered, with_day: args.watch.is_some(), ..args.look.look(language) };
    let mut listing = Listing {
        report: report::to(format, io::stdout().lock(), &look),
        all: args.all,
        counts: Tally::default(),
        progress: Progress::new(),
        watch: args.watch.map(|_| Watch::default()),
        zone: TimeZone::system(),
        language,
        attachments,
        verdicts: numbered.then(|| Verdicts::new(look.clone())),
    };
    let mut written = unlisted.map_or(Ok(()), |record| listing.take(u32::MAX, &record));
    let mut planned = listing.counts.total();
    let mut round = Some(probes);
    while let Some(mut probes) = round.take().filter(|_| written.is_ok()) {
        planned += probes.len();
        let began = Instant::now();
        let next = args.watch.map(|pause| (began + pause, probes.clone()));
        let first = u32::try_from(planned - probes.len()).unwrap_or(u32::MAX);
        for (id, probe) in (first.saturating_add(1)..).zip(&mut probes) {
            probe.id = id;
        }
        let mut records = engine::run(client, probes, options, &cancel);
        if let Some(recorder) = recorder {
            records = recorder.through(records);
        }
        written = list(&mut listing, records, first, planned).await;
        let Some((due, probes)) = next.filter(|_| written.is_ok()) else { break };
        tokio::select! {
            biased;
            () = cancel.cancelled() => {}
            () = tokio::time::sleep_until(due.into()) => round = Some(probes),
        }
    }
    listing.progress.clear();
    let written = written.and_then(|()| Ok(listing.report.finish()?));
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
        // A file beside the listing has said which it is.
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
        listing.progress.show(&listing.counts, planned);
    }
}
