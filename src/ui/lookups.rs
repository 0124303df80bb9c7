//! What the screen looks up elsewhere: targets in files and in the account's list, errors in a pasted text.

use std::fs::{self, File};
use std::io::BufReader;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::Timestamp;

use super::effect::{FindTargets, Pasted};
use super::model::path::Entry;
use super::probe_form::Found;
use crate::config::secrets;
use crate::domain::record::Record;
use crate::domain::target_arg::{SkippedLines, TargetArg, TargetSelector, from_lines};
use crate::engine::ingest::{self, LONGEST};
use crate::engine::redact::Redactor;
use crate::engine::{self, Client, Options};
use crate::i18n::{Language, Localize, tell};
use crate::text::errors::io_reason;
use crate::text::sanitize::is_unsafe_char;

/// The records of a pasted text, and what is to be said about it.
pub type Read = (Vec<Arc<Record>>, Option<String>);

/// Reads the files, then asks for the list of buckets.
///
/// # Errors
/// In one line: what cannot be read, or why nothing can be asked.
pub async fn targets(find: FindTargets, language: Language) -> Result<Found, String> {
    let files = find.files;
    let read = tokio::task::spawn_blocking(move || of_files(&files, language)).await;
    let mut found = read.map_err(|error| error.to_string())??;
    let lists = find.lists || found.given.iter().any(|given| given.what == TargetSelector::AllBuckets);
    if !lists {
        return Ok(found);
    }
    let client = Client::new(&find.profile.connection);
    let client = client.map_err(|error| tell!(language, "nothing was sent: %{error}", error = error).into_owned())?;
    let options = Options::default();
    let listed = engine::buckets(&client, &find.profile, &find.extras, options).await;
    let listed = listed.map_err(|error| error.localize(language))?;
    found.list_failed = listed.failed.map(|record| record.shown_code().to_owned());
    found.buckets = listed.buckets;
    let broke_off = listed.broke_off.map(|n| tell!(language, "The list of buckets ended early, after %{n}", n = n));
    found.said.extend(broke_off.map(std::borrow::Cow::into_owned));
    Ok(found)
}

fn of_files(files: &[String], language: Language) -> Result<Found, String> {
    let mut found = Found::default();
    for name in files {
        let file = File::open(name).map_err(|error| format!("@{name}: {}", io_reason(error.kind(), language)))?;
        let mut given: Vec<TargetArg> = Vec::new();
        let mut skipped = |lines: SkippedLines| found.said.push(lines.localize(language));
        let mut take = |target, _: &str| given.push(target);
        from_lines(BufReader::new(file), name, &mut take, &mut skipped).map_err(|error| error.localize(language))?;
        found.given.extend(given);
    }
    Ok(found)
}

/// Looks for errors in a pasted text as `cosdiag diagnose` does. Its rows have no probe.
#[must_use]
pub fn pasted(pasted: Pasted, language: Language) -> Read {
    let stored = secrets::stored(&|name| std::env::var(name).ok());
    let session = pasted.credentials.iter().flat_map(|credentials| secrets::of_credentials(credentials));
    let all: Vec<String> = stored.values.into_iter().chain(session).collect();
    let redactor = Redactor::new(all.iter().map(String::as_str));
    let mut bytes = pasted.text.into_bytes();
    let left_out = bytes.len().saturating_sub(LONGEST);
    bytes.truncate(LONGEST);
    let length = bytes.len();
    match ingest::read("paste", bytes, &redactor, Timestamp::now()) {
        Err(why) => (Vec::new(), Some(why.localize(language))),
        Ok(read) if read.unread => {
            let words = tell!(language, "No error found in the %{n} pasted bytes", n = length);
            (Vec::new(), Some(words.into_owned()))
        }
        Ok(read) => {
            let mut records = read.records;
            for record in &mut records {
                Arc::make_mut(record).id = 0;
            }
            let cut = tell!(language, "Pasted text is too long: the last %{n} bytes were dropped", n = left_out);
            let cut = (left_out > 0).then(|| cut.into_owned());
            (records, cut.or_else(|| read.said.first().map(|remark| remark.localize(language))))
        }
    }
}

/// Entries of a folder at most.
const MOST_ENTRIES: usize = 5_000;

/// What is in a folder, folders first; nothing where it cannot be looked into. Names that cannot be typed are
/// left out.
#[must_use]
pub fn folder(typed: &str) -> Vec<Entry> {
    let path = if typed.is_empty() { PathBuf::from(".") } else { of_home(Path::new(typed)) };
    let entries = fs::read_dir(path).into_iter().flatten().flatten().take(MOST_ENTRIES);
    let mut entries: Vec<Entry> = entries
        .filter_map(|entry| {
            let name = entry.file_name().into_string().ok().filter(|name| !name.chars().any(is_unsafe_char))?;
            // Behind a link the file counts that it leads to.
            let about = fs::metadata(entry.path()).ok()?;
            Some(Entry { name, is_folder: about.is_dir(), bytes: about.len() })
        })
        .collect();
    entries.sort_by(|one, other| (!one.is_folder, &one.name).cmp(&(!other.is_folder, &other.name)));
    entries
}

/// Paths as they were typed, `~/` being the home directory.
#[must_use]
pub fn at_home(paths: &[PathBuf]) -> Vec<PathBuf> {
    paths.iter().map(|path| of_home(path)).collect()
}

fn of_home(path: &Path) -> PathBuf {
    let home = path.strip_prefix("~").ok().zip(std::env::var_os("HOME"));
    home.map_or_else(|| path.to_owned(), |(rest, home)| PathBuf::from(home).join(rest))
}
