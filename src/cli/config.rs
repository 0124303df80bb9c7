//! `cosdiag config`: where settings come from, which one won, and whether they work.

use std::borrow::Cow;
use std::fmt::Write;

use anyhow::{Context, bail};
use clap::Subcommand;
use serde_json::json;
use tokio_util::sync::CancellationToken;
use unicode_width::UnicodeWidthStr;

use super::runtime::Runtime;
use super::settings::settings;
use super::status::{FAILURES, environment, language, print};
use super::values::PageFormat;
use crate::config::provider_status::ProviderState;
use crate::config::{self, Flags, Settings};
use crate::domain::operation::operation;
use crate::domain::probe::Probe;
use crate::domain::profile::Profile;
use crate::domain::record::{Outcome, Record};
use crate::domain::target::Target;
use crate::engine::redact::Redactor;
use crate::engine::{self, Client, Options};
use crate::i18n::{Language, Localize, tell};
use crate::report::json;
use crate::text::cells;
use crate::text::remarks;
use crate::text::sanitize::sanitize;
use crate::text::verdict;

/// What to say about the settings.
#[derive(Debug, Subcommand)]
pub enum ConfigCommand {
    /// Print the path of the configuration file
    Path,
    /// Print each setting with the flag, variable or file that won; secrets are masked
    Show {
        /// Print in this format
        #[arg(long, value_enum, value_name = "FORMAT")]
        format: Option<PageFormat>,
    },
    /// Check region and credentials, then test them with one read-only request
    Check {
        /// Send nothing
        #[arg(long)]
        offline: bool,
        /// Print in this format
        #[arg(long, value_enum, value_name = "FORMAT")]
        format: Option<PageFormat>,
    },
}

/// Runs the command.
pub fn run(what: &ConfigCommand, flags: &Flags) -> anyhow::Result<u8> {
    match what {
        ConfigCommand::Path => print(&format!("{}\n", config::path(&environment)?.display())),
        ConfigCommand::Show { format } => show(flags, *format == Some(PageFormat::Json)),
        ConfigCommand::Check { offline, format } => check(flags, *offline, *format == Some(PageFormat::Json)),
    }
}

fn show(flags: &Flags, as_json: bool) -> anyhow::Result<u8> {
    // Showing the settings runs no program.
    let flags = Flags { skip_process: true, ..flags.clone() };
    let settings = config::load(&flags, &environment)?;
    let looked = config::provider_status(&flags, &environment)?;
    let file = config::path(&environment)?;
    let language = settings.language;
    let remarks: Vec<_> = settings.remarks.iter().map(|remark| remark.localize(language)).collect();
    if as_json {
        let list = settings.origins.iter();
        let list: Vec<_> = list.map(|o| json!({ "setting": o.setting, "value": o.value, "from": o.from })).collect();
        let looked: Vec<_> = looked
            .iter()
            .map(|l| json!({ "place": l.place, "state": state(&l.state, language), "used": l.used }))
            .collect();
        return print_json(&json!({
            "file": file.display().to_string(),
            "fileExists": file.exists(),
            "settings": list,
            "credentialsLookedFor": looked,
            "remarks": remarks,
        }));
    }
    let absent = if file.exists() { "" } else { " (does not exist)" };
    let mut text = format!("file  {}{absent}\n\n", file.display());
    let rows: Vec<_> = settings.origins.iter().map(|origin| [origin.setting, &origin.value, &origin.from]).collect();
    columns(&mut text, &rows);
    text.push_str("\nCredential providers, in order\n");
    let used = |used| if used { "used" } else { "" };
    let states: Vec<_> = looked.iter().map(|looked| state(&looked.state, language)).collect();
    let rows = looked.iter().zip(&states).map(|(looked, state)| [used(looked.used), &looked.place, state.as_str()]);
    let rows: Vec<_> = rows.collect();
    columns(&mut text, &rows);
    for remark in &remarks {
        let _ = writeln!(text, "\n{remark}");
    }
    print(&safe(&text))
}

/// What a credential provider holds.
fn state(state: &ProviderState, language: Language) -> String {
    match state {
        ProviderState::Unusable(error) => {
            tell!(language, "cannot be used: %{error}", error = error.localize(language)).into_owned()
        }
        ProviderState::Credentials(id) => id.clone(),
        ProviderState::Process => tell!(language, "a program, run when needed").into_owned(),
        ProviderState::Anonymous => tell!(language, "anonymous").into_owned(),
        ProviderState::NotSet => tell!(language, "not set").into_owned(),
    }
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

/// Makes text from files and variables safe to print.
fn safe(text: &str) -> String {
    let text = Redactor::default().text(text).into_owned();
    text.lines().flat_map(|line| [sanitize(line).into_owned(), "\n".to_owned()]).collect()
}

fn print_json(value: &serde_json::Value) -> anyhow::Result<u8> {
    let text = serde_json::to_string_pretty(value).context("JSON")?;
    print(&format!("{}\n", Redactor::default().text(&text)))
}

fn check(flags: &Flags, offline: bool, as_json: bool) -> anyhow::Result<u8> {
    let settings = settings(flags, false)?;
    let mut problems: Vec<_> = settings.remarks.iter().map(|remark| remark.localize(settings.language)).collect();
    #[cfg(feature = "tui")]
    problems.extend(crate::ui::look::remarks(&settings.screen));
    let profile = &settings.profile;
    let unsigned = profile.credentials.is_none();
    if unsigned && !profile.anonymous {
        let words = tell!(
            settings.language,
            "no credentials: set %{variables} (cosdiag config show lists every place)",
            variables = profile.credential_variables()
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
            bail!(tell!(language(), "unsigned requests cannot list buckets. Set bucket in the profile"))
        }
        None => ("get-service", Target::Service),
    };
    let (profile, target) = profile.with_bucket_defaults(&target);
    let operation = operation(name)?;
    let probe = Probe::of(operation, &target, &profile, &settings.request_options())?;
    let client = Client::new(&profile.connection).context("connection")?;
    let record = Runtime::new()?.block_on(async {
        let received = engine::run(&client, vec![probe], Options::default(), &CancellationToken::new()).recv().await;
        received.context(tell!(language(), "the request was not sent"))
    })?;
    Ok(Record::clone(&record))
}

fn in_words(profile: &Profile, problems: &[String], record: Option<&Record>, language: Language) -> String {
    let region = profile.region.as_deref().map_or_else(|| tell!(language, "no region"), Cow::Borrowed);
    let key = remarks::credentials(profile, language);
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
    let failed = format!("{status} {} · {} · {id}", record.shown_code(), cells::message(record, language));
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
