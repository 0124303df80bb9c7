//! `cosdiag probe`: the engine without a screen.

use std::io::{self, IsTerminal};
use std::time::Instant;

use anyhow::{Context, bail};
use clap::Args;
use tokio_util::sync::CancellationToken;

use super::interrupt::stop_signal;
use super::{ConnectionArgs, FAILURES, INTERRUPTED, say};
use crate::config::Settings;
use crate::domain::counts::Counts;
use crate::domain::naming;
use crate::domain::operation::{self, Suite};
use crate::domain::plan::{self, Asked};
use crate::domain::probe::Probe;
use crate::domain::profile::Profile;
use crate::domain::record::Outcome;
use crate::domain::target::{self, Target};
use crate::engine::{self, Client, Options};
use crate::report::{self, Format};

/// What to send and how to list it.
#[derive(Debug, Args)]
pub struct ProbeArgs {
    #[arg(
        required = true,
        value_name = "TARGET",
        help = "BUCKET[/KEY], cos://BUCKET[/KEY], s3://BUCKET[/KEY] or a full URL"
    )]
    targets: Vec<String>,
    /// Operation by its COS name, such as head-bucket; repeatable
    #[arg(long = "op", value_name = "OPERATION")]
    operations: Vec<String>,
    /// Suite of operations: quick, config, object, cors, write or full
    #[arg(long, value_name = "SUITE")]
    suite: Option<String>,
    /// Method and path by hand, such as 'GET /?uploads'; repeatable
    #[arg(long = "request", value_name = "METHOD PATH")]
    requests: Vec<String>,
    /// Requests in flight at once
    #[arg(long, default_value_t = 32, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    concurrency: u16,
    /// Further attempts after a transient failure
    #[arg(long, default_value_t = 0, value_name = "N", value_parser = clap::value_parser!(u32).range(0..=20))]
    retries: u32,
    /// List successes and what is not configured too
    #[arg(long)]
    all: bool,
    /// table, json, ndjson, csv or markdown; table on a terminal, ndjson in a pipe
    #[arg(long, value_name = "FORMAT")]
    format: Option<String>,
}

/// Runs the command.
pub fn run(args: &ProbeArgs, connection: &ConnectionArgs) -> anyhow::Result<u8> {
    let format = match &args.format {
        Some(text) => text.parse().map_err(|error| anyhow::anyhow!("--format: {error}"))?,
        None if io::stdout().is_terminal() => Format::Table,
        None => Format::Ndjson,
    };
    let targets = args.targets.iter().map(|text| Target::parse(text)).collect::<Result<Vec<_>, _>>()?;
    let s3_targets = args.targets.iter().all(|text| text.starts_with("s3://"));
    let settings = connection.settings(s3_targets)?;
    let (probes, remarks) = plan(args, &targets, &settings)?;
    need_credentials(&probes, &settings.profile)?;
    let client = Client::new(&settings.profile.connection).context("connection")?;
    for remark in settings.remarks.iter().chain(&remarks) {
        say(remark);
    }
    let options =
        Options { concurrency: usize::from(args.concurrency), retries: args.retries, language: settings.language };
    let runtime = tokio::runtime::Runtime::new().context("the runtime")?;
    runtime.block_on(send_and_list(&client, probes, options, format, args.all))
}

/// Every probe of every target, and what the written rules say about the buckets.
fn plan(args: &ProbeArgs, targets: &[Target], settings: &Settings) -> anyhow::Result<(Vec<Probe>, Vec<String>)> {
    let operations = args.operations.iter().map(|name| operation::operation(name)).collect::<Result<Vec<_>, _>>();
    let operations = operations.map_err(|error| anyhow::anyhow!("--op: {error}"))?;
    if let Some(writing) = operations.iter().find(|operation| operation.writes) {
        bail!("--op {}: it writes; the suite \"write\" is the only thing that does: --suite write", writing.name);
    }
    let suites = args.suite.as_deref().map(operation::suite).transpose();
    let suites = suites.map_err(|error| anyhow::anyhow!("--suite: {error}"))?.unwrap_or_default();
    if args.suite.as_deref() == Some("cors") && !settings.extras().has_origin() {
        bail!("--suite cors needs --origin, such as --origin https://www.example.com");
    }
    let extras = settings.extras();
    if args.suite.as_deref() == Some("full") && !extras.has_origin() {
        say("suite full: options-object is left out, it needs --origin");
    }
    let asked = Asked { suites, operations, requests: args.requests.clone() };
    let (mut probes, mut remarks) = (Vec::new(), Vec::new());
    for target in targets {
        let first = u32::try_from(probes.len()).unwrap_or(u32::MAX).saturating_add(1);
        let asked = asked.clone().or_quick(target).map_err(anyhow::Error::msg)?;
        probes.extend(plan::plan(target, &asked, &settings.profile, &extras, first)?);
        match target {
            Target::Bucket { bucket, .. } => {
                let region = settings.profile.region.as_deref();
                remarks.extend(naming::bucket_remark(bucket, region, settings.profile.dialect));
            }
            Target::Url { url, presigned } => {
                let parts = target::parts_of(url);
                if let (Some(bucket), Some(region)) = (&parts.bucket, &parts.region) {
                    remarks.extend(naming::bucket_remark(bucket, Some(region), settings.profile.dialect));
                    remarks.extend(naming::region_remark(region, settings.profile.dialect));
                }
                remarks.extend(presigned.and_then(|presigned| window_remark(presigned.end)));
            }
            Target::Service => {}
        }
    }
    if probes.is_empty() {
        let suites: Vec<_> = operation::SUITES.iter().map(|Suite { name, .. }| *name).collect();
        bail!("nothing to send: the suite has no operation for these targets (suites: {})", suites.join(", "));
    }
    Ok((probes, remarks))
}

/// A presigned URL whose window is over is sent all the same; it is said before.
fn window_remark(end: Option<jiff::Timestamp>) -> Option<String> {
    let end = end?;
    let now = jiff::Timestamp::now();
    (end < now).then(|| {
        format!(
            "the presigned URL's window ended at {end}, {} s ago",
            (now - end).total(jiff::Unit::Second).unwrap_or_default().round()
        )
    })
}

fn need_credentials(probes: &[Probe], profile: &Profile) -> anyhow::Result<()> {
    if plan::lack_credentials(probes) && !profile.anonymous {
        let wanted = profile.wanted_variables();
        bail!(
            "no credentials: set {wanted}, name a profile that has them with -p, or ask for unsigned requests with --anonymous"
        );
    }
    Ok(())
}

async fn send_and_list(
    client: &Client,
    probes: Vec<Probe>,
    options: Options,
    format: Format,
    all: bool,
) -> anyhow::Result<u8> {
    let (planned, started) = (probes.len(), Instant::now());
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
    let mut counts = Counts::default();
    let written = {
        let mut report = report::to(format, io::stdout().lock(), terminal_width());
        let mut records = engine::run(client, probes, options, &cancel);
        let mut batch = Vec::new();
        let mut written = Ok(());
        while written.is_ok() && records.recv_many(&mut batch, 256).await > 0 {
            for record in batch.drain(..) {
                counts.add(record.outcome);
                if all || record.outcome == Outcome::Failure {
                    written = written.and_then(|()| report.record(&record));
                }
            }
        }
        written.and_then(|()| report.finish())
    };
    interrupted.abort();
    match written {
        // The reader has seen enough, as `head` does: not an error.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {}
        other => other.context("standard output")?,
    }
    say(&counts.in_words(planned, started.elapsed()));
    Ok(match (cancel.is_cancelled(), counts.failed) {
        (true, _) => INTERRUPTED,
        (false, 0) => 0,
        (false, _) => FAILURES,
    })
}

pub fn terminal_width() -> Option<usize> {
    #[cfg(feature = "tui")]
    if io::stdout().is_terminal() {
        return crossterm::terminal::size().ok().map(|(width, _)| usize::from(width));
    }
    None
}
