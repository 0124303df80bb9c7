//! The one writer of this program: a thread that commits what comes in, and says so.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::TryRecvError::{Disconnected, Empty};
use std::sync::mpsc::{self as commands, Receiver, Sender};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use jiff::Timestamp;
use rusqlite::{Connection, TransactionBehavior, params};
use tokio::sync::{mpsc, oneshot};

use super::error::of_sqlite;
use super::key::{HistoryConfig, HistoryKey};
use super::{prune, schema};
use crate::domain::history_error::{HistoryError, HistoryFlaw, NotRecorded};
use crate::domain::record::{Outcome, Record};

/// Records of one transaction at most, and how many may wait for their reader.
const BATCH: usize = 1024;
/// From this number of records at once the next ones are gathered for a moment: a transaction has its own price.
const BURST: usize = 16;
/// That moment.
const GATHER: Duration = Duration::from_millis(2);

enum Command {
    /// Record these, then tell.
    Append(Vec<Arc<Record>>, oneshot::Sender<()>),
    Close,
}

/// Records failures. The file is opened with the first of them. When it cannot be written that is
/// said once, and the program goes on without.
pub struct Recorder {
    commands: Sender<Command>,
    recorded: Arc<AtomicU64>,
    thread: Option<JoinHandle<()>>,
}

impl Recorder {
    /// Starts the writer. `said` is called on its thread.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn start(config: HistoryConfig, said: impl Fn(NotRecorded) + Send + 'static) -> io::Result<Self> {
        let (sender, received) = commands::channel();
        let recorded = Arc::new(AtomicU64::new(0));
        let count = Arc::clone(&recorded);
        let work = move || {
            let mut writer = Writer { config, open: None, recorded: count, too_much: false };
            while let Some((records, done)) = writer.next(&received) {
                let outcome = writer.append(&records);
                tracing::debug!(failures = records.len(), error = ?outcome.as_ref().err(), "recorded");
                if let Err(error) = outcome {
                    said(NotRecorded::Stopped(error));
                    // Waiting receivers see that the sender is gone.
                    return;
                }
                let _ = done.send(());
            }
            if let Err(error) = writer.still_there() {
                said(NotRecorded::Lost(error));
            }
        };
        let thread = thread::Builder::new().name("history".to_owned()).spawn(work)?;
        Ok(Self { commands: sender, recorded, thread: Some(thread) })
    }

    /// Failures of this session that are committed.
    #[must_use]
    pub fn recorded(&self) -> u64 {
        self.recorded.load(Ordering::Relaxed)
    }

    /// Records the failures among these, each in the place of what was recorded under its id before,
    /// and waits until they are committed. `false` when they could not be.
    pub async fn append(&self, records: &[Arc<Record>]) -> bool {
        append(&self.commands, records).await
    }

    /// Records what fails among the records that come, and gives all of them on once it is committed:
    /// who reads the other end shows nothing that a `kill -9` could take away again. Must be called
    /// inside a tokio runtime.
    #[must_use]
    pub fn tee(&self, mut records: mpsc::Receiver<Arc<Record>>) -> mpsc::Receiver<Arc<Record>> {
        let (sender, given_on) = mpsc::channel(BATCH);
        let commands = self.commands.clone();
        tokio::spawn(async move {
            let mut batch = Vec::new();
            while records.recv_many(&mut batch, BATCH).await > 0 {
                if batch.len() >= BURST && batch.len() < BATCH {
                    tokio::time::sleep(GATHER).await;
                    while batch.len() < BATCH
                        && let Ok(record) = records.try_recv()
                    {
                        batch.push(record);
                    }
                }
                append(&commands, &batch).await;
                for record in batch.drain(..) {
                    if sender.send(record).await.is_err() {
                        return;
                    }
                }
            }
        });
        given_on
    }
}

async fn append(commands: &Sender<Command>, records: &[Arc<Record>]) -> bool {
    let failures: Vec<_> = records.iter().filter(|record| record.outcome == Outcome::Failure).cloned().collect();
    if failures.is_empty() {
        return true;
    }
    let (done, committed) = oneshot::channel();
    commands.send(Command::Append(failures, done)).is_ok() && committed.await.is_ok()
}

impl Drop for Recorder {
    /// Waits until what was handed in is committed and the file is closed.
    fn drop(&mut self) {
        let _ = self.commands.send(Command::Close);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// The history of one session.
struct Open {
    connection: Connection,
    session: i64,
    files: schema::Files,
}

struct Writer {
    config: HistoryConfig,
    open: Option<Open>,
    recorded: Arc<AtomicU64>,
    /// What is beyond the limits may still have to go.
    too_much: bool,
}

impl Writer {
    /// Waits for records; until they come what is old or too much is deleted, a part at least. `None`
    /// at the end, which waits for no more than a part: the next session goes on with the rest.
    fn next(&mut self, received: &Receiver<Command>) -> Option<(Vec<Arc<Record>>, oneshot::Sender<()>)> {
        loop {
            let part = self.too_much && self.delete_part() > 0;
            let command = if part { received.try_recv() } else { received.recv().map_err(|_| Disconnected) };
            match command {
                Ok(Command::Append(records, done)) => return Some((records, done)),
                Err(Empty) => {}
                Ok(Command::Close) | Err(Disconnected) => return None,
            }
        }
    }

    /// Deletes a part of what is beyond the limits. Where that is not possible now, the next session
    /// does it: what is to be recorded does not depend on it.
    fn delete_part(&mut self) -> usize {
        let (older, bytes) = (self.config.limits.older(Timestamp::now()), self.config.limits.bytes());
        let Some(Open { connection, session, .. }) = &mut self.open else { return 0 };
        let deleted = prune::prune_part(connection, *session, older, bytes).unwrap_or(0);
        self.too_much = deleted > 0;
        deleted
    }

    fn append(&mut self, records: &[Arc<Record>]) -> Result<(), HistoryError> {
        let path = self.config.file.clone();
        let told = |error: rusqlite::Error| of_sqlite(&path, &error);
        if self.open.is_none() {
            let connection = schema::open(&path)?;
            let sql = "INSERT INTO session (started_ms) VALUES (?1)";
            connection.execute(sql, [Timestamp::now().as_millisecond()]).map_err(told)?;
            let session = connection.last_insert_rowid();
            let files = schema::Files::of(&path);
            self.open = Some(Open { connection, session, files });
            self.too_much = true;
        }
        let Some(Open { connection, session, .. }) = &mut self.open else { return Ok(()) };
        let added = write(connection, *session, records).map_err(told)?;
        // SQLite takes an empty name for a temporary database, which would be lost.
        self.still_there()?;
        self.recorded.fetch_add(added, Ordering::Relaxed);
        Ok(())
    }

    /// Says when what was committed is no longer where the history is looked for.
    fn still_there(&self) -> Result<(), HistoryError> {
        let path = &self.config.file;
        let Some(gone) = self.open.as_ref().and_then(|open| open.files.gone(path)) else { return Ok(()) };
        let recorded = self.recorded.load(Ordering::Relaxed);
        Err(HistoryError::new(path, HistoryFlaw::Gone { name: gone, recorded }))
    }
}

/// Writes records in one transaction and says how many of them are new.
fn write(connection: &mut Connection, session: i64, records: &[Arc<Record>]) -> rusqlite::Result<u64> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let mut added = 0;
    for record in records {
        let key = HistoryKey { session, record: record.id };
        if execute(&transaction, INSERT, key, record)? == 0 {
            update(&transaction, key, record)?;
        } else {
            added += 1;
        }
    }
    transaction.commit()?;
    Ok(added)
}

// The parameters of both are numbered alike: to look up names takes a fifth of the time of a row.
const INSERT: &str = "
    INSERT INTO failure (session, record, time_ms, latency_us, status, code, message, request_id, operation, target,
        cause, bucket, key, profile, json)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)
    ON CONFLICT (session, record) DO NOTHING";

const UPDATE: &str = "
    UPDATE failure SET time_ms = ?3, latency_us = ?4, status = ?5, code = ?6, message = ?7, request_id = ?8,
        operation = ?9, target = ?10, cause = ?11, bucket = ?12, key = ?13, profile = ?14, json = ?15
    WHERE session = ?1 AND record = ?2";

/// As many bytes as most records take in JSON.
const USUAL: usize = 8 * 1024;

/// Puts a record in the place of what was recorded there.
pub fn update(connection: &Connection, key: HistoryKey, record: &Record) -> rusqlite::Result<()> {
    execute(connection, UPDATE, key, record).map(drop)
}

fn execute(connection: &Connection, sql: &str, key: HistoryKey, record: &Record) -> rusqlite::Result<usize> {
    let unwritable = |error: serde_json::Error| rusqlite::Error::ToSqlConversionFailure(error.into());
    let mut bytes = Vec::with_capacity(USUAL);
    serde_json::to_writer(&mut bytes, record).map_err(unwritable)?;
    let json = std::str::from_utf8(&bytes).map_err(|error| rusqlite::Error::Utf8Error(0, error))?;
    connection.prepare_cached(sql)?.execute(params![
        key.session,
        key.record,
        record.time.as_millisecond(),
        record.timing.total_us(),
        record.status_code.unwrap_or(0),
        record.shown_code(),
        record.english_message(),
        record.copied_id(),
        record.operation,
        record.target(),
        record.first_cause(),
        record.bucket,
        record.key,
        record.profile,
        json,
    ])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::query::Query;
    use crate::store::history::{History, Limits, Search};
    use crate::store::rows::tests_support::record;

    fn place(folder: &tempfile::TempDir, limits: Limits) -> HistoryConfig {
        HistoryConfig { file: folder.path().join("history.db"), limits }
    }

    fn failure(id: u32, text: &str, days_ago: i64) -> Arc<Record> {
        let time = Timestamp::now().as_millisecond() - days_ago * 86_400_000;
        Arc::new(Record { id, ..record(403, text, time) })
    }

    fn found(history: &History, query: &str) -> Vec<Record> {
        let search = Search { query: Query::parse(query).expect("a filter"), ..Search::default() };
        let keys = history.find(&search).expect("searched");
        keys.into_iter().map(|key| history.read(key).expect("read").expect("there")).collect()
    }

    async fn recorded(place: &HistoryConfig, records: &[Arc<Record>]) -> u64 {
        let recorder = Recorder::start(place.clone(), |why| panic!("{why:?}")).expect("a thread");
        assert!(recorder.append(records).await);
        recorder.recorded()
    }

    #[tokio::test]
    async fn failures_are_found_again_whole_and_successes_are_not_kept() {
        let folder = tempfile::tempdir().expect("a folder");
        let place = place(&folder, Limits::default());
        let all = [failure(1, "旧", 3), failure(2, "b", 2), failure(3, "new", 1)];
        assert_eq!(recorded(&place, &all).await, 2);
        let mut history = History::open(&place.file).expect("opened").expect("there");
        assert_eq!(found(&history, ""), [all[0].as_ref().clone(), all[2].as_ref().clone()]);
        for (query, number) in [
            ("code:旧", 1),
            ("id:idnew status:403", 1),
            ("status:404", 0),
            ("target:b/", 2),
            ("bucket:b", 2),
            ("key:new", 1),
            ("profile:x", 0),
            ("method:GET", 2),
            ("not:new", 1),
            ("sure:none", 2),
            ("sure:certain", 0),
            ("host:h", 2),
            ("region:x", 0),
            ("-new", 1),
        ] {
            assert_eq!(found(&history, query).len(), number, "{query}");
        }
        let search = Search { newest: Some(1), ..Search::default() };
        let newest = history.find(&search).expect("searched");
        assert!(history.annotate(newest[0], Some("ticket 42")).expect("noted"));
        assert_eq!(found(&history, "new")[0].note.as_deref(), Some("ticket 42"));
        assert_eq!(found(&history, "note:\"ticket 42\"").len(), 1);
        assert_eq!(history.delete(&newest), Ok(1));
        assert_eq!(history.annotate(newest[0], None), Ok(false));
        assert_eq!(found(&history, "").len(), 1);
    }

    #[tokio::test]
    async fn a_record_that_changes_stays_one_row_of_its_session() {
        let folder = tempfile::tempdir().expect("a folder");
        let place = place(&folder, Limits::default());
        let recorder = Recorder::start(place.clone(), |why| panic!("{why:?}")).expect("a thread");
        for text in ["early", "late"] {
            assert!(recorder.append(&[failure(7, text, 0)]).await);
        }
        assert_eq!(recorder.recorded(), 1);
        drop(recorder);
        assert_eq!(recorded(&place, &[failure(7, "other session", 0)]).await, 1);
        let history = History::open(&place.file).expect("opened").expect("there");
        let codes: Vec<_> = found(&history, "").iter().map(|record| record.shown_code().to_owned()).collect();
        assert_eq!(codes, ["late", "other session"]);
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn a_history_that_goes_away_is_said_once_and_nothing_more_counts_as_recorded() {
        use std::fs;
        use std::path::Path;
        type Harm = fn(&Path);
        let harms: [(&str, Harm); 7] = [
            ("history.db", |file| fs::remove_file(file).expect("deleted")),
            ("history.db", |file| fs::remove_dir_all(file.parent().expect("a folder")).expect("deleted")),
            ("history.db", |file| {
                fs::remove_file(file).expect("deleted");
                fs::write(file, "a text").expect("written");
            }),
            ("history.db", |file| {
                fs::remove_file(file).expect("deleted");
                fs::create_dir(file).expect("made");
            }),
            ("history.db", |file| {
                fs::write(file.with_extension("new"), "a text").expect("written");
                fs::rename(file.with_extension("new"), file).expect("replaced");
            }),
            ("history.db-wal", |file| fs::remove_file(file.with_extension("db-wal")).expect("deleted")),
            ("history.db-shm", |file| fs::remove_file(file.with_extension("db-shm")).expect("deleted")),
        ];
        for (place_in_list, (expected, harm)) in harms.into_iter().enumerate() {
            for goes_on in [true, false] {
                let folder = tempfile::tempdir().expect("a folder");
                let file = folder.path().join("made/history.db");
                let (said, reasons) = commands::channel();
                let place = HistoryConfig { file: file.clone(), limits: Limits::default() };
                let recorder = Recorder::start(place, move |why| drop(said.send(why))).expect("a thread");
                assert!(recorder.append(&[failure(1, "before", 0)]).await);
                harm(&file);
                if goes_on {
                    assert!(!recorder.append(&[failure(2, "after", 0)]).await, "{place_in_list}");
                    assert!(!recorder.append(&[failure(3, "later", 0)]).await, "{place_in_list}");
                }
                assert_eq!(recorder.recorded(), 1, "{place_in_list}");
                drop(recorder);
                let gone = HistoryError::new(&file, HistoryFlaw::Gone { name: expected.to_owned(), recorded: 1 });
                let wanted = if goes_on { NotRecorded::Stopped(gone) } else { NotRecorded::Lost(gone) };
                assert_eq!(reasons.iter().collect::<Vec<_>>(), [wanted], "{place_in_list}");
            }
        }
    }

    #[tokio::test]
    async fn a_session_begins_by_dropping_what_is_old_or_too_much() {
        let folder = tempfile::tempdir().expect("a folder");
        let none = place(&folder, Limits { days: None, megabytes: None });
        let bulky =
            |id| Arc::new(Record { body: Some("x".repeat(30_000)), ..failure(id, "bulky", 5).as_ref().clone() });
        let mut all: Vec<_> = (2..=80).map(bulky).collect();
        all.push(failure(1, "old", 100));
        recorded(&none, &all).await;
        let limited = |days, megabytes| HistoryConfig { limits: Limits { days, megabytes }, ..none.clone() };
        recorded(&limited(Some(90), None), &[failure(1, "second", 0)]).await;
        let history = History::open(&none.file).expect("opened").expect("there");
        assert_eq!((found(&history, "old").len(), found(&history, "bulky").len()), (0, 79));
        recorded(&limited(None, Some(1)), &[failure(1, "third", 0)]).await;
        let left = found(&history, "bulky");
        assert!((10..40).contains(&left.len()), "{}", left.len());
        assert_eq!(left.last().map(|record| record.id), Some(80), "the newest stay");
        assert_eq!((found(&history, "second").len(), found(&history, "third").len()), (1, 1));
        drop(history);
        assert!(none.file.metadata().expect("a file").len() <= 3 << 19, "the room is given back");
        let mut history = History::open(&none.file).expect("opened").expect("there");
        assert!(history.prune(None, Some(0)).expect("pruned") > 10);
        assert_eq!(history.size().expect("a size").0, 0);
    }
}
