//! Keeping the history small: by age, then by size, the oldest first.

use jiff::{Timestamp, ToSpan};
use rusqlite::{Connection, TransactionBehavior};

/// Rows deleted in one transaction; those who record wait for no longer than that.
pub const PART: usize = 1000;

/// How much is kept. `None` is no limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Failures of so many days.
    pub days: Option<u32>,
    /// So many megabytes of them.
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

/// Deletes what is older than a moment, then the oldest until the rest fits into so many bytes.
pub fn prune(connection: &mut Connection, older: Option<Timestamp>, bytes: Option<u64>) -> rusqlite::Result<usize> {
    let mut deleted = 0;
    if let Some(older) = older {
        while let part @ 1.. = delete_oldest(connection, older.as_millisecond(), PART)? {
            deleted += part;
        }
    }
    if let Some(bytes) = bytes {
        while let over @ 1.. = used(connection)?.saturating_sub(bytes) {
            let rows: u64 = connection.query_row("SELECT count(*) FROM failure", [], |row| row.get(0))?;
            // As many as take that much on average; the next round sees whether that was enough.
            let share = (rows * over / used(connection)?.max(1)).saturating_add(1);
            let part = delete_oldest(connection, i64::MAX, usize::try_from(share).unwrap_or(PART).min(PART))?;
            if part == 0 {
                break;
            }
            deleted += part;
        }
    }
    if deleted > 0 {
        give_back(connection)?;
    }
    Ok(deleted)
}

fn delete_oldest(connection: &mut Connection, before_ms: i64, rows: usize) -> rusqlite::Result<usize> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let deleted = transaction.execute(
        "DELETE FROM failure WHERE number IN
         (SELECT number FROM failure WHERE time_ms < ?1 ORDER BY time_ms, number LIMIT ?2)",
        (before_ms, rows),
    )?;
    transaction.commit()?;
    Ok(deleted)
}

/// Bytes in use; what was deleted does not count.
pub fn used(connection: &Connection) -> rusqlite::Result<u64> {
    let number = |name| connection.pragma_query_value(None, name, |row| row.get::<_, u64>(0));
    Ok((number("page_count")? - number("freelist_count")?) * number("page_size")?)
}

/// Gives the room of deleted rows back to the disk, and empties the log that still holds them. Where
/// others are busy with the file, that is left to them.
pub fn give_back(connection: &Connection) -> rusqlite::Result<()> {
    connection.pragma_query(None, "incremental_vacuum", |_| Ok(()))?;
    connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))
}
