//! The runs of this program that the history has failures of.

use jiff::Timestamp;

use super::History;
use crate::domain::history_error::HistoryError;

/// What a history holds, in short.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Runs {
    /// Failures in it.
    pub failures: usize,
    /// The latest runs, the newest first.
    pub latest: Vec<RunSummary>,
}

/// One run of this program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunSummary {
    /// Its number.
    pub run: i64,
    /// Failures of it.
    pub failures: usize,
    /// When its first one was sent, and its last one.
    pub times: (Timestamp, Timestamp),
    /// The profiles they were sent as, in a list.
    pub profiles: String,
}

impl History {
    /// What it holds, with the latest runs.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn runs(&self, most: usize) -> Result<Runs, HistoryError> {
        let latest = self.told(self.latest_runs(most))?;
        Ok(Runs { failures: self.size()?.0, latest })
    }

    fn latest_runs(&self, most: usize) -> rusqlite::Result<Vec<RunSummary>> {
        let mut statement = self.connection.prepare(
            "SELECT session, count(*), min(time_ms), max(time_ms), group_concat(DISTINCT profile) FROM failure
             GROUP BY session ORDER BY max(time_ms) DESC, session DESC LIMIT ?1",
        )?;
        let time = |ms: i64| Timestamp::from_millisecond(ms).unwrap_or(Timestamp::UNIX_EPOCH);
        let runs = statement.query_map([i64::try_from(most).unwrap_or(i64::MAX)], |row| {
            Ok(RunSummary {
                run: row.get(0)?,
                failures: row.get(1)?,
                times: (time(row.get(2)?), time(row.get(3)?)),
                profiles: row.get::<_, Option<String>>(4)?.unwrap_or_default(),
            })
        })?;
        runs.collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::history::Search;

    #[test]
    fn the_latest_runs_come_first_and_can_be_looked_into() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("history.db");
        let connection = super::super::schema::open(&path).expect("a history");
        for (session, record, time, profile) in [(1, 1, 10, "a"), (1, 2, 30, "b"), (2, 1, 50, "a"), (3, 1, 20, "c")] {
            let sql = "INSERT OR IGNORE INTO session (number, started_ms) VALUES (?1, 0)";
            connection.execute(sql, [session]).expect("a session");
            let sql =
                "INSERT INTO failure (session, record, time_ms, latency_us, status, code, message, operation, target,
                    cause, profile, json) VALUES (?1, ?2, ?3, 0, 403, '', '', '', '', '', ?4, '{}')";
            connection.execute(sql, rusqlite::params![session, record, time, profile]).expect("a failure");
        }
        drop(connection);
        let history = History::open(&path).expect("a history").expect("it is there");
        let runs = history.runs(2).expect("runs");
        let told: Vec<_> = runs.latest.iter().map(|run| (run.run, run.failures, run.profiles.as_str())).collect();
        assert_eq!((runs.failures, told), (4, vec![(2, 1, "a"), (1, 2, "a,b")]));
        let found = |run| history.find(&Search { run, ..Search::default() }).expect("found").len();
        assert_eq!((found(Some(1)), found(Some(9)), found(None)), (2, 0, 4));
    }
}
