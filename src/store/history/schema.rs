//! The file of the history: made for its owner alone, looked at before it is written, and brought to
//! the present format.

use std::fs::{DirBuilder, OpenOptions};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use rusqlite::{Connection, ErrorCode, OpenFlags, TransactionBehavior};

use super::error::of_sqlite;
use crate::domain::history_error::{HistoryError, HistoryFlaw};

/// `COSD`: says in the header that the file is ours.
const APPLICATION: i64 = 0x434F_5344;

/// How long another cosdiag that writes is waited for.
const PATIENCE: Duration = Duration::from_secs(5);

/// What leads from each format to the next one. The format's number is how many of them were run; a
/// migration that was ever released is never changed.
const MIGRATIONS: &[&str] = &["
    CREATE TABLE session (
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        started_ms INTEGER NOT NULL
    );
    CREATE TABLE failure (
        number INTEGER PRIMARY KEY,
        session INTEGER NOT NULL REFERENCES session,
        record INTEGER NOT NULL,
        time_ms INTEGER NOT NULL,
        latency_us INTEGER NOT NULL,
        status INTEGER NOT NULL,
        code TEXT NOT NULL,
        message TEXT NOT NULL,
        request_id TEXT,
        operation TEXT NOT NULL,
        target TEXT NOT NULL,
        cause TEXT NOT NULL,
        bucket TEXT,
        key TEXT,
        profile TEXT NOT NULL,
        json TEXT NOT NULL,
        UNIQUE (session, record)
    );
    CREATE INDEX failure_time ON failure (time_ms);
"];

/// Opens the history, which is made where there is none.
///
/// # Errors
/// When it cannot be made, read or written, or is not ours; it is then left as it is.
pub fn open(path: &Path) -> Result<Connection, HistoryError> {
    if path.exists() && !path.is_file() {
        return Err(HistoryError::new(path, HistoryFlaw::NotAFile));
    }
    create(path).map_err(|error| HistoryError::new(path, HistoryFlaw::NotCreated(error.into())))?;
    let open = || {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(path, flags)?;
        connection.busy_timeout(PATIENCE)?;
        Ok(connection)
    };
    let mut connection = open().map_err(|error| of_sqlite(path, &error))?;
    match prepare(&mut connection, MIGRATIONS) {
        Ok(None) => match close_to_others(path) {
            Ok(()) => Ok(connection),
            Err(flaw) => Err(HistoryError::new(path, flaw)),
        },
        Ok(Some(flaw)) => Err(HistoryError::new(path, flaw)),
        Err(error) => Err(of_sqlite(path, &error)),
    }
}

/// Makes folder and file, which only their owner may read: keys and bucket names are in it.
fn create(path: &Path) -> std::io::Result<()> {
    let (mut folders, mut file) = (DirBuilder::new(), OpenOptions::new());
    folders.recursive(true);
    file.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
        folders.mode(0o700);
        file.mode(0o600);
    }
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        folders.create(folder)?;
    }
    match file.open(path) {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => Err(error),
        _ => Ok(()),
    }
}

/// Which files an open history is made of: its own, the log and the log's index.
pub struct Files([Option<(u64, u64)>; 3]);

const SUFFIXES: [&str; 3] = ["", "-wal", "-shm"];

impl Files {
    /// Those that stand at this path now.
    pub fn of(path: &Path) -> Self {
        Self(SUFFIXES.map(|suffix| identity(&beside(path, suffix))))
    }

    /// The name of one that stands at this path no longer.
    pub fn gone(&self, path: &Path) -> Option<String> {
        let mut files = SUFFIXES.iter().zip(&self.0).map(|(suffix, known)| (beside(path, suffix), *known));
        let (gone, _) = files.find(|(path, known)| known.is_some() && identity(path) != *known)?;
        Some(gone.file_name().unwrap_or_default().to_string_lossy().into_owned())
    }
}

fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

/// Device and number of a file, which stay its own whatever it is called.
#[cfg(unix)]
fn identity(path: &Path) -> Option<(u64, u64)> {
    use std::os::unix::fs::MetadataExt;
    path.metadata().ok().map(|metadata| (metadata.dev(), metadata.ino()))
}

/// An open file cannot go away here.
#[cfg(not(unix))]
fn identity(_: &Path) -> Option<(u64, u64)> {
    None
}

/// Takes the rights of all but the owner from a history and from the files next to it.
#[cfg(unix)]
fn close_to_others(path: &Path) -> Result<(), HistoryFlaw> {
    use std::os::unix::fs::PermissionsExt;
    for suffix in SUFFIXES {
        let file = beside(path, suffix);
        let Ok(mode) = std::fs::metadata(&file).map(|found| found.permissions().mode() & 0o7777) else { continue };
        if mode & 0o077 != 0 {
            std::fs::set_permissions(&file, std::fs::Permissions::from_mode(mode & 0o700))
                .map_err(|error| HistoryFlaw::Readable { mode, failure: error.into() })?;
        }
    }
    Ok(())
}

#[cfg(not(unix))]
fn close_to_others(_: &Path) -> Result<(), HistoryFlaw> {
    Ok(())
}

/// Makes the database ready, or says why it must not be touched.
fn prepare(connection: &mut Connection, migrations: &[&str]) -> rusqlite::Result<Option<HistoryFlaw>> {
    let known = i64::try_from(migrations.len()).unwrap_or(i64::MAX);
    let (application, version, tables) = head(connection)?;
    let new = (application, version, tables) == (0, 0, 0);
    if !new && application != APPLICATION {
        return Ok(Some(HistoryFlaw::Foreign));
    }
    if version > known {
        return Ok(Some(HistoryFlaw::Newer { format: version, known }));
    }
    if new {
        connection.pragma_update(None, "auto_vacuum", "INCREMENTAL")?;
        // A record takes a page of the usual 4 KiB for itself, and each page is written on its own, twice: four
        // records to a page cost a third of the time.
        connection.pragma_update(None, "page_size", 16 * 1024)?;
    }
    write_ahead(connection)?;
    // What survives the program is what counts, and that needs no flush; a power cut may cost the
    // last moments, never the file.
    connection.pragma_update(None, "synchronous", "NORMAL")?;
    connection.pragma_update(None, "secure_delete", true)?;
    if version < known {
        migrate(connection, migrations)?;
    }
    Ok(None)
}

/// Application id, format and number of tables and indexes, all of one moment: another process may be
/// making them right now.
fn head(connection: &mut Connection) -> rusqlite::Result<(i64, i64, i64)> {
    let transaction = connection.transaction()?;
    let tables = transaction.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    let number = |name| transaction.pragma_query_value(None, name, |row| row.get(0));
    Ok((number("application_id")?, number("user_version")?, tables))
}

/// Turns write-ahead logging on. `SQLite` does not always wait for a second program that does the same.
fn write_ahead(connection: &Connection) -> rusqlite::Result<()> {
    let until = Instant::now() + PATIENCE;
    loop {
        let changed = connection.pragma_update_and_check(None, "journal_mode", "WAL", |_| Ok(()));
        let busy = changed.as_ref().err().and_then(rusqlite::Error::sqlite_error_code) == Some(ErrorCode::DatabaseBusy);
        if !busy || Instant::now() > until {
            return changed;
        }
        thread::sleep(Duration::from_millis(10));
    }
}

/// Runs the migrations that are missing, all or none.
fn migrate(connection: &mut Connection, migrations: &[&str]) -> rusqlite::Result<()> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let version: i64 = transaction.pragma_query_value(None, "user_version", |row| row.get(0))?;
    for step in migrations.iter().skip(usize::try_from(version).unwrap_or(0)) {
        transaction.execute_batch(step)?;
    }
    transaction.pragma_update(None, "user_version", migrations.len().max(usize::try_from(version).unwrap_or(0)))?;
    transaction.pragma_update(None, "application_id", APPLICATION)?;
    transaction.commit()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_old_file_is_brought_to_the_present_format_once() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("history.db");
        let old = ["CREATE TABLE a (x)"];
        let present = [old[0], "ALTER TABLE a ADD COLUMN y; UPDATE a SET y = x + 1"];
        let mut connection = Connection::open(&path).expect("opened");
        assert_eq!(prepare(&mut connection, &old), Ok(None));
        connection.execute("INSERT INTO a VALUES (41)", []).expect("inserted");
        for _ in 0..2 {
            let mut connection = Connection::open(&path).expect("opened");
            assert_eq!(prepare(&mut connection, &present), Ok(None));
            let y: i64 = connection.query_row("SELECT y FROM a", [], |row| row.get(0)).expect("a row");
            assert_eq!((y, head(&mut connection).expect("a head").1), (42, 2));
        }
        let why = prepare(&mut connection, &old).expect("read").expect("refused");
        assert_eq!(why, HistoryFlaw::Newer { format: 2, known: 1 });
    }

    #[test]
    fn a_step_that_fails_leaves_the_old_format_whole() {
        let mut connection = Connection::open_in_memory().expect("opened");
        prepare(&mut connection, &["CREATE TABLE a (x)"]).expect("made");
        prepare(&mut connection, &["CREATE TABLE a (x)", "CREATE TABLE b (x); CREATE TABLE a (x)"]).expect_err("twice");
        assert_eq!(head(&mut connection), Ok((APPLICATION, 1, 1)));
    }

    #[cfg(unix)]
    #[test]
    fn only_the_owner_may_read_it() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("made/history.db");
        let connection = open(&path).expect("opened");
        connection.execute("INSERT INTO session (started_ms) VALUES (1)", []).expect("inserted");
        for (name, mode) in [
            ("made", 0o700),
            ("made/history.db", 0o600),
            ("made/history.db-wal", 0o600),
            ("made/history.db-shm", 0o600),
        ] {
            let found = folder.path().join(name).metadata().expect(name).permissions().mode() & 0o777;
            assert_eq!(found, mode, "{name}");
        }
        drop(connection);
        let mode = |mode| std::fs::Permissions::from_mode(mode);
        std::fs::set_permissions(&path, mode(0o644)).expect("opened to all");
        let connection = open(&path).expect("opened");
        assert_eq!(path.metadata().expect("there").permissions().mode() & 0o777, 0o600, "one that was open to all");
        drop(connection);
    }
}
