//! Keeping the history small: by age, then by size, the oldest first.

use jiff::{Timestamp, ToSpan};
use rusqlite::{Connection, TransactionBehavior};

/// Rows deleted in one transaction; those who record wait for no longer than that.
pub const PART: usize = 1000;

/// How much is kept. `None` means no limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Failures of this number of days.
    pub days: Option<u32>,
    /// This number of megabytes of them.
    pub megabytes: Option<u32>,
}

impl Default for Limits {
    fn default() -> Self {
        Self { days: Some(90), megabytes: Some(256) }
    }
}

impl Limits {
    /// The moment before which failures go.
    #[must_use]
    pub fn older(&self, now: Timestamp) -> Option<Timestamp> {
        self.days.and_then(|days| now.checked_sub((i64::from(days) * 24).hours()).ok())
    }

    /// The bytes into which they must fit.
    #[must_use]
    pub fn bytes(&self) -> Option<u64> {
        self.megabytes.map(|megabytes| u64::from(megabytes) << 20)
    }
}

/// Deletes what is older than a moment, then the oldest until the rest fits into `bytes` bytes.
pub fn prune(connection: &mut Connection, older: Option<Timestamp>, bytes: Option<u64>) -> rusqlite::Result<usize> {
    let mut deleted = 0;
    while let part @ 1.. = prune_part(connection, NOBODY, older, bytes)? {
        deleted += part;
    }
    empty_log(connection)?;
    Ok(deleted)
}

/// No session has this number.
const NOBODY: i64 = 0;

/// As [`prune`], but a part only, and nothing of this session: what it showed as recorded stays. 0 when
/// nothing was left to delete.
pub fn prune_part(
    connection: &mut Connection,
    session: i64,
    older: Option<Timestamp>,
    bytes: Option<u64>,
) -> rusqlite::Result<usize> {
    let older = older.map_or(i64::MIN, Timestamp::as_millisecond);
    let mut over = bytes.map_or(0, |bytes| used(connection).map_or(0, |used| used.saturating_sub(bytes)));
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let mut deleted = 0;
    {
        let oldest = "SELECT number, time_ms, octet_length(json) FROM failure WHERE session <> ?1
            ORDER BY time_ms, number LIMIT ?2";
        let mut oldest = transaction.prepare_cached(oldest)?;
        let mut rows = oldest.query((session, PART))?;
        let mut numbers = Vec::new();
        while let Some(row) = rows.next()? {
            if row.get::<_, i64>(1)? >= older && over == 0 {
                break;
            }
            over = over.saturating_sub(row.get(2)?);
            numbers.push(row.get::<_, i64>(0)?);
        }
        let mut delete = transaction.prepare_cached("DELETE FROM failure WHERE number = ?1")?;
        for number in numbers {
            deleted += delete.execute([number])?;
        }
    }
    transaction.commit()?;
    if deleted > 0 {
        give_back(connection)?;
    }
    Ok(deleted)
}

/// Bytes in use; what was deleted does not count.
pub fn used(connection: &Connection) -> rusqlite::Result<u64> {
    let number = |name| connection.pragma_query_value(None, name, |row| row.get::<_, u64>(0));
    Ok(number("page_count")?.saturating_sub(number("freelist_count")?) * number("page_size")?)
}

/// Gives the room of deleted rows back to the disk.
pub fn give_back(connection: &Connection) -> rusqlite::Result<()> {
    connection.pragma_query(None, "incremental_vacuum", |_| Ok(()))
}

/// Empties the log, which still holds what was deleted. Where others are busy with the file, that is
/// left to them.
pub fn empty_log(connection: &Connection) -> rusqlite::Result<()> {
    connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))
}
