//! What failed in all runs of this program, in one `SQLite` file: recorded as it arrives, searched,
//! noted on, deleted.
//!
//! Several programs may use it at once. A row is its session and the record's number in it, columns
//! that people ask by, and the whole redacted record as JSON. [`Recorder`] writes, [`History`] does
//! the rest. The file needs nothing but `sqlite3` to be read: table `failure`.

mod error;
mod key;
mod prune;
mod recorder;
mod runs;
mod schema;

use std::borrow::Cow;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, TransactionBehavior, params};

use error::of_sqlite;
pub use key::{HistoryConfig, HistoryKey};
pub use prune::Limits;
pub use recorder::Recorder;
pub use runs::{RunSummary, Runs};

use crate::domain::dialect::Dialect;
use crate::domain::history_error::{HistoryError, HistoryFlaw};
use crate::domain::query::Query;
use crate::domain::record::Record;
use crate::domain::row::Row;
use crate::domain::row_target::RowTarget;
use crate::domain::severity::Severity;
use crate::domain::target;
use crate::domain::trace_id;

/// What is looked for.
#[derive(Clone, Debug, Default)]
pub struct Search {
    /// In the language of the table's filter.
    pub query: Query,
    /// How a record's Message is shown, where it is not shown as it is kept.
    pub translated: Option<fn(&Record) -> Cow<'_, str>>,
    /// Not earlier than this.
    pub since: Option<Timestamp>,
    /// Earlier than this.
    pub before: Option<Timestamp>,
    /// Of this run of the program only.
    pub run: Option<i64>,
    /// Only this number of the newest.
    pub newest: Option<usize>,
}

/// An open history.
#[derive(Debug)]
pub struct History {
    connection: Connection,
    path: PathBuf,
}

impl History {
    /// Opens it; `None` where nothing was ever recorded.
    ///
    /// # Errors
    /// When it cannot be used.
    pub fn open(path: &Path) -> Result<Option<Self>, HistoryError> {
        if !path.exists() {
            return Ok(None);
        }
        Ok(Some(Self { connection: schema::open(path)?, path: path.to_owned() }))
    }

    fn told<T>(&self, result: rusqlite::Result<T>) -> Result<T, HistoryError> {
        result.map_err(|error| of_sqlite(&self.path, &error))
    }

    /// The failures that pass, oldest first.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn find(&self, search: &Search) -> Result<Vec<HistoryKey>, HistoryError> {
        self.told(self.search(search))
    }

    fn search(&self, search: &Search) -> rusqlite::Result<Vec<HistoryKey>> {
        let mut statement = self.connection.prepare(
            "SELECT session, record, time_ms, latency_us, status, code, message, request_id, operation, target, cause,
                 profile
             FROM failure WHERE time_ms >= ?1 AND time_ms < ?2 AND (?3 IS NULL OR session = ?3)
             ORDER BY time_ms DESC, number DESC",
        )?;
        let since = search.since.map_or(i64::MIN, Timestamp::as_millisecond);
        let before = search.before.map_or(i64::MAX, Timestamp::as_millisecond);
        let newest = search.newest.unwrap_or(usize::MAX);
        let translated = search.translated.filter(|_| search.query.is_foreign());
        let mut found = Vec::new();
        let mut rows = statement.query(params![since, before, search.run])?;
        while found.len() < newest
            && let Some(row) = rows.next()?
        {
            let text =
                |column| -> rusqlite::Result<&str> { Ok(row.get_ref(column)?.as_str_or_null()?.unwrap_or_default()) };
            let key = HistoryKey { session: row.get(0)?, record: row.get(1)? };
            // No column has these: they are asked for too seldom.
            let record = if search.query.reads_records() || translated.is_some() { self.record(key)? } else { None };
            let record = record.as_ref();
            let message = translated.zip(record).map(|(translated, record)| translated(record));
            let site = record.and_then(trace_id::failure_site_of).unwrap_or_default();
            let first = record.and_then(|record| record.diagnosis.as_ref()?.verdicts.first());
            let listed = Row {
                severity: Severity::Client,
                time_ms: row.get(2)?,
                latency_us: row.get(3)?,
                status: row.get(4)?,
                code: text(5)?,
                message: message.as_deref().unwrap_or(text(6)?),
                request_id: text(7)?,
                operation: text(8)?,
                target: RowTarget::of(text(9)?),
                cause: text(10)?,
                site: &site,
                certainty: first.map(|verdict| verdict.confidence),
                dialect: Dialect::Cos,
                method: record.map_or("", |record| &record.method),
                profile: text(11)?,
                region: record.and_then(|record| record.region.as_deref()).unwrap_or_default(),
                host: record.map_or("", |record| target::host_of(&record.url)),
                note: record.and_then(|record| record.note.as_deref()).unwrap_or_default(),
                node: "",
                tries: 1,
                from_twin: false,
            };
            if search.query.matches(&listed) {
                found.push(key);
            }
        }
        found.reverse();
        Ok(found)
    }

    /// The record of a failure; `None` when it is gone or cannot be read.
    fn record(&self, key: HistoryKey) -> rusqlite::Result<Option<Record>> {
        Ok(json_of(&self.connection, key)?.and_then(|json| serde_json::from_str(&json).ok()))
    }

    /// The record of a failure; `None` when it was deleted meanwhile.
    ///
    /// # Errors
    /// When the file cannot be read, or what stands there is no record.
    pub fn read(&self, key: HistoryKey) -> Result<Option<Record>, HistoryError> {
        let json = self.told(json_of(&self.connection, key))?;
        json.map(|json| self.parsed(&json)).transpose()
    }

    fn parsed(&self, json: &str) -> Result<Record, HistoryError> {
        serde_json::from_str(json)
            .map_err(|error| HistoryError::new(&self.path, HistoryFlaw::Record(error.to_string())))
    }

    /// Puts a note on a failure, or takes it away. The note must be redacted already. `false` when the
    /// failure was deleted meanwhile.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn annotate(&mut self, key: HistoryKey, note: Option<&str>) -> Result<bool, HistoryError> {
        let path = self.path.clone();
        let told = |error: rusqlite::Error| of_sqlite(&path, &error);
        // Read and written in one transaction: another process may note on the same failure.
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(told)?;
        let Some(json) = json_of(&transaction, key).map_err(told)? else { return Ok(false) };
        let mut record: Record = serde_json::from_str(&json)
            .map_err(|error| HistoryError::new(&path, HistoryFlaw::Record(error.to_string())))?;
        record.note = note.map(str::to_owned);
        recorder::update(&transaction, key, &record).map_err(told)?;
        transaction.commit().map_err(told)?;
        Ok(true)
    }

    /// Deletes failures, from the file's bytes too, and says how many there were.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn delete(&mut self, keys: &[HistoryKey]) -> Result<usize, HistoryError> {
        let deleted = self.delete_rows(keys);
        self.told(deleted)
    }

    fn delete_rows(&mut self, keys: &[HistoryKey]) -> rusqlite::Result<usize> {
        let mut deleted = 0;
        // A part at a time, so that others who record get their turn.
        for part in keys.chunks(prune::PART) {
            let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            for HistoryKey { session, record } in part {
                let sql = "DELETE FROM failure WHERE session = ?1 AND record = ?2";
                deleted += transaction.prepare_cached(sql)?.execute(params![session, record])?;
            }
            transaction.commit()?;
        }
        prune::give_back(&self.connection)?;
        prune::empty_log(&self.connection)?;
        Ok(deleted)
    }

    /// Deletes what is older than a moment, then the oldest until the rest fits into `bytes` bytes;
    /// says how many were deleted.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn prune(&mut self, older: Option<Timestamp>, bytes: Option<u64>) -> Result<usize, HistoryError> {
        let pruned = prune::prune(&mut self.connection, older, bytes);
        self.told(pruned)
    }

    /// How many failures there are, and how many bytes they take.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn size(&self) -> Result<(usize, u64), HistoryError> {
        let count = self.connection.query_row("SELECT count(*) FROM failure", [], |row| row.get(0));
        Ok((self.told(count)?, self.told(prune::used(&self.connection))?))
    }
}

fn json_of(connection: &Connection, key: HistoryKey) -> rusqlite::Result<Option<String>> {
    let mut statement = connection.prepare_cached("SELECT json FROM failure WHERE session = ?1 AND record = ?2")?;
    statement.query_row(params![key.session, key.record], |row| row.get(0)).optional()
}
