//! `cosdiag config`: where settings come from, which one won, and whether they work.

use std::borrow::Cow;
use std::fmt::Write;

use anyhow::{Context, bail};
use clap::Subcommand;
use serde_json::json;
use tokio_util::sync::CancellationToken;
use unicode_width::UnicodeWidthStr;

use super::connection::ConnectionArgs;
use super::one_of;
use super::runtime::Runtime;
use super::status::{FAILURES, environment, print};
use crate::config::{self, Settings};
use crate::domain::operation::operation;
use crate::domain::probe::Probe;
use crate::domain::profile::Profile;
use crate::domain::record::{Outcome, Record};
use crate::domain::target::Target;
use crate::engine::redact::Redactor;
use crate::engine::{self, Client, Options};
use crate::i18n::{Language, tell};
use crate::report::json;
use crate::text::sanitize::sanitize;
use crate::text::verdict;

/// What to say about the settings.
#[derive(Debug, Subcommand)]
pub enum ConfigCommand {
    /// Print the configuration file's place
    Path,
    /// Print each setting with the flag, variable or file that won; secrets are masked
    Show {
        /// Print in this format
        #[arg(long, value_name = "FORMAT", value_parser = one_of::table_or_json())]
        format: Option<String>,
    },
    /// Look for slips in region and credentials, then test them with one read-only request
    Check {
        /// Send nothing
        #[arg(long)]
        offline: bool,
        /// Print in this format
        #[arg(long, value_name = "FORMAT", value_parser = one_of::table_or_json())]
        format: Option<String>,
    },
}

/// Runs the command.
pub fn run(what: &ConfigCommand, connection: &ConnectionArgs) -> anyhow::Result<u8> {
    match what {
        ConfigCommand::Path => print(&format!("{}\n", config::path(&environment)?.display())),
        ConfigCommand::Show { format } => show(connection, is_json(format.as_deref())?),
        ConfigCommand::Check { offline, format } => check(connection, *offline, is_json(format.as_deref())?),
    }
}

fn is_json(format: Option<&str>) -> anyhow::Result<bool> {
    match format {
        None | Some("table") => Ok(false),
        Some("json") => Ok(true),
        Some(other) => bail!("--format: unknown format \"{other}\": config has table and json"),
    }
}

fn show(connection: &ConnectionArgs, as_json: bool) -> anyhow::Result<u8> {
    // Showing who would sign is no reason to run somebody's program.
    let flags = config::Flags { skip_process: true, ..connection.flags(false) };
    let settings = config::load(&flags, &environment)?;
    let looked = config::provider_status(&flags, &environment)?;
    let file = config::path(&environment)?;
    if as_json {
        let list = settings.origins.iter();
        let list: Vec<_> = list.map(|o| json!({ "setting": o.setting, "value": o.value, "from": o.from })).collect();
        let looked: Vec<_> =
            looked.iter().map(|l| json!({ "place": l.place, "state": l.state, "used": l.used })).collect();
        return print_json(&json!({
            "file": file.display().to_string(),
            "fileExists": file.exists(),
            "settings": list,
            "credentialsLookedFor": looked,
            "remarks": settings.remarks,
        }));
    }
    let absent = if file.exists() { "" } else { " (there is none)" };
    let mut text = format!("file  {}{absent}\n\n", file.display());
    let rows: Vec<_> = settings.origins.iter().map(|origin| [origin.setting, &origin.value, &origin.from]).collect();
    columns(&mut text, &rows);
    text.push_str("\ncredentials were looked for in this order\n");
    let used = |used| if used { "used" } else { "" };
    let rows: Vec<_> = looked.iter().map(|looked| [used(looked.used), &looked.place, &looked.state]).collect();
    columns(&mut text, &rows);
    for remark in &settings.remarks {
        let _ = writeln!(text, "\n{remark}");
    }
    print(&safe(&text))
}

/// Aligned columns, each line indented.
fn columns(text: &mut String, rows: &[[&str; 3]]) {
    let width = |place: usize| rows.iter().map(|row| row[place].width()).max().unwrap_or_default();
    let (first, second) = (width(0), width(1));
    for [a, b, c] in rows {
        let (a_room, b_room) = (first - a.width(), second - b.width());
        let _ = writeln!(text, "  {a}{}  {b}{}  {c}", " ".repeat(a_room), " ".repeat(b_room));
    }
}

/// What is in files and variables is data: made visible, and held against the names of secrets.
fn safe(text: &str) -> String {
    let text = Redactor::default().text(text).into_owned();
    text.lines().flat_map(|line| [sanitize(line).into_owned(), "\n".to_owned()]).collect()
}

fn print_json(value: &serde_json::Value) -> anyhow::Result<u8> {
    let text = serde_json::to_string_pretty(value).context("JSON")?;
    print(&format!("{}\n", Redactor::default().text(&text)))
}

fn check(connection: &ConnectionArgs, offline: bool, as_json: bool) -> anyhow::Result<u8> {
    let settings = connection.settings(false)?;
    let mut problems = settings.remarks.clone();
    #[cfg(feature = "tui")]
    problems.extend(crate::ui::look::remarks(&settings.screen));
    let profile = &settings.profile;
    let unsigned = profile.credentials.is_none();
    if unsigned && !profile.anonymous {
        let words = tell!(
            settings.language,
            "no credentials: set %{variables} (cosdiag config show lists every place)",
            variables = profile.wanted_variables()
        );
        problems.push(words.into_owned());
    }
    let record = if offline || (unsigned && !profile.anonymous) { None } else { Some(ask(&settings)?) };
    let failed = record.as_ref().is_some_and(|record| record.outcome == Outcome::Failure);
    if as_json {
        let sent = record
            .as_ref()
            .map(|record| json::line(record, settings.language))
            .and_then(|line| serde_json::from_str::<serde_json::Value>(&line).ok());
        print_json(&json!({ "profile": profile.name, "problems": problems, "request": sent }))?;
    } else {
        print(&safe(&in_words(profile, &problems, record.as_ref(), settings.language)))?;
    }
    Ok(if failed || !problems.is_empty() { FAILURES } else { 0 })
}

/// One read-only request: HEAD of the profile's bucket, or the list of buckets where none is known.
fn ask(settings: &Settings) -> anyhow::Result<Record> {
    let profile = &settings.profile;
    let (name, target) = match &profile.bucket {
        Some(bucket) => ("head-bucket", Target::Bucket { bucket: bucket.clone(), key: None }),
        None if profile.credentials.is_none() => {
            bail!("nothing to ask for: unsigned requests cannot list buckets, so set bucket in the profile")
        }
        None => ("get-service", Target::Service),
    };
    let (profile, target) = profile.with_bucket_defaults(&target);
    let operation = operation(name).map_err(anyhow::Error::msg)?;
    let probe = Probe::of(operation, &target, &profile, &settings.request_options())?;
    let client = Client::new(&profile.connection).context("connection")?;
    let record = Runtime::new()?.block_on(async {
        let received = engine::run(&client, vec![probe], Options::default(), &CancellationToken::new()).recv().await;
        received.context("the request gave no answer")
    })?;
    Ok(Record::clone(&record))
}

fn in_words(profile: &Profile, problems: &[String], record: Option<&Record>, language: Language) -> String {
    let region = profile.region.as_deref().map_or_else(|| tell!(language, "no region"), Cow::Borrowed);
    let key = profile.credentials_in_words(language);
    let mut text = format!("{}: {}, {region}, {key}\n", profile.name, profile.dialect.as_str());
    for problem in problems {
        line(&mut text, &tell!(language, "problem"), problem);
    }
    let Some(record) = record else {
        line(&mut text, &tell!(language, "not sent"), &tell!(language, "nothing was asked of the store"));
        return text;
    };
    let status = record.status_code.map_or_else(|| tell!(language, "no answer"), |status| status.to_string().into());
    let id = record.copied_id().map_or_else(|| tell!(language, record.no_id_words()), Cow::Borrowed);
    line(&mut text, &tell!(language, "asked"), &format!("{} {}", record.method, record.url));
    if record.outcome != Outcome::Failure {
        line(&mut text, &tell!(language, "ok"), &format!("{status} · {id}"));
        return text;
    }
    let failed = format!("{status} {} · {} · {id}", record.shown_code(), record.shown_message());
    line(&mut text, &tell!(language, "failed"), &failed);
    if let Some(first) = record.diagnosis.as_ref().and_then(|diagnosis| diagnosis.verdicts.first()) {
        let sure = tell!(language, first.confidence.as_str());
        let summary = verdict::summary(first, record, language);
        line(&mut text, &tell!(language, "verdict"), &format!("{} ({sure}): {summary}", first.cause));
        for fix in verdict::fix(first, record, language) {
            line(&mut text, "", &fix);
        }
    }
    text
}

fn line(text: &mut String, name: &str, words: &str) {
    let gap = " ".repeat(8_usize.saturating_sub(name.width()));
    let _ = writeln!(text, "{name}{gap}  {words}");
}
