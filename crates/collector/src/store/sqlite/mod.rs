//! SQLite, in the process: one file, no server.

mod access;
mod apart;
mod blocks;
mod builds;
mod checkpoints;
mod recent;
mod sums;

use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};

use self::checkpoints::Checkpoints;
use self::recent::Recent;
use super::error::StoreError;
use super::tables::{DAY, DatabaseRow, Result, Sweep, Tables};

/// In order; the file's `user_version` is the number of those that were applied.
const MIGRATIONS: [&str; 4] =
    [include_str!("1.sql"), include_str!("2.sql"), include_str!("3.sql"), include_str!("4.sql")];
/// Pages of the log, of 4 KiB, from which on commits write it back themselves: [`Checkpoints`] do not come to it, or
/// fail.
const LONGEST_LOG: i64 = 65_536;
/// How long a connection waits for another one that writes.
const BUSY: Duration = Duration::from_secs(10);

pub(crate) struct Sqlite {
    /// Ended before `connection`: the last one to be closed writes back the rest of the log and removes it. `None`
    /// where there is no log, as on a file system that has no shared memory.
    checkpoints: Option<Checkpoints>,
    connection: Connection,
    recent: Recent,
}

impl Sqlite {
    /// Opens the file, made if missing, and brings its tables up to date.
    pub(crate) fn open(path: &Path) -> Result<Self> {
        let connection = connect(path, OpenFlags::default())?;
        let mode: String = connection.pragma_update_and_check(None, "journal_mode", "wal", |row| row.get(0))?;
        if mode == "memory" {
            return Err(StoreError::BadAddress {
                reason: "SQLite would keep it in memory, where nothing lasts; give sqlite:FILE".to_owned(),
            });
        }
        connection.pragma_update(None, "wal_autocheckpoint", LONGEST_LOG)?;
        connection.set_prepared_statement_cache_capacity(64);
        let checkpoints = (mode == "wal").then(|| Checkpoints::new(path));
        let mut store = Self { checkpoints, connection, recent: Recent::default() };
        store.migrate()?;
        Ok(store)
    }

    fn migrate(&mut self) -> Result<()> {
        // Two collectors may start at once: the second one waits here.
        self.begin()?;
        let version: i64 = self.connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
        let known = MIGRATIONS.len() as i64;
        let Some(missing) = usize::try_from(version).ok().and_then(|version| MIGRATIONS.get(version..)) else {
            return Err(StoreError::NewerSchema { found: version, known });
        };
        for migration in missing {
            self.connection.execute_batch(migration)?;
        }
        if version < known {
            self.connection.pragma_update(None, "user_version", known)?;
        }
        self.commit()
    }

    fn run(&self, sql: &str, values: impl rusqlite::Params) -> Result<usize> {
        Ok(self.connection.prepare_cached(sql)?.execute(values)?)
    }

    fn rows<T>(
        &self,
        sql: &str,
        values: impl rusqlite::Params,
        read: impl FnMut(&rusqlite::Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Vec<T>> {
        let mut statement = self.connection.prepare_cached(sql)?;
        let rows = statement.query_map(values, read)?.collect::<rusqlite::Result<_>>()?;
        Ok(rows)
    }

    fn value(&self, sql: &str, values: impl rusqlite::Params) -> Result<i64> {
        Ok(self.connection.prepare_cached(sql)?.query_row(values, |row| row.get(0))?)
    }
}

fn connect(path: &Path, flags: OpenFlags) -> Result<Connection> {
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(BUSY)?;
    // Every commit reaches the disk: a report that was answered survives a loss of power.
    connection.pragma_update(None, "synchronous", "full")?;
    Ok(connection)
}

impl Tables for Sqlite {
    fn begin(&mut self) -> Result<()> {
        // A transaction that began with reading could not go on to write after another one's commit.
        self.connection.execute_batch("BEGIN IMMEDIATE")?;
        self.recent.begin(&self.connection)
    }

    fn commit(&mut self) -> Result<()> {
        self.connection.execute_batch("COMMIT")?;
        if let Some(checkpoints) = &mut self.checkpoints {
            checkpoints.committed();
        }
        Ok(())
    }

    fn rollback(&mut self) -> Result<()> {
        self.recent.forget();
        // After some errors, a full disk among them, SQLite has rolled back itself.
        if self.connection.is_autocommit() { Ok(()) } else { Ok(self.connection.execute_batch("ROLLBACK")?) }
    }

    fn database(&mut self) -> Result<DatabaseRow> {
        let version = self.connection.query_row("SELECT sqlite_version()", [], |row| row.get(0))?;
        let pages: i64 = self.connection.pragma_query_value(None, "page_count", |row| row.get(0))?;
        let size: i64 = self.connection.pragma_query_value(None, "page_size", |row| row.get(0))?;
        Ok(DatabaseRow { version, bytes: pages.saturating_mul(size) })
    }

    fn sweep(&mut self, sweep: Sweep) -> Result<()> {
        self.recent.forget();
        recent::take_up_all(&self.connection)?;
        blocks::hours_to_days(&self.connection, sweep.hours_before)?;
        self.run(
            "INSERT INTO points (build, point, first_seen, last_seen)
             SELECT build, value ->> 0 AS point, min(start + (value ->> 3)), max(start + (value ->> 4))
             FROM blocks, json_each(blocks.points) WHERE start + width <= ? GROUP BY build, point
             ON CONFLICT DO UPDATE
             SET first_seen = min(first_seen, excluded.first_seen), last_seen = max(last_seen, excluded.last_seen)",
            [sweep.kept_from],
        )?;
        self.run("DELETE FROM blocks WHERE start + width <= ?", [sweep.kept_from])?;
        self.run("DELETE FROM loads WHERE day + ? <= ?", [DAY, sweep.kept_from])?;
        self.run("DELETE FROM days WHERE day + ? <= ?", [DAY, sweep.kept_from])?;
        self.run("DELETE FROM sessions WHERE last_seen < ?", [sweep.kept_from])?;
        self.run("DELETE FROM apart WHERE received < ?", [sweep.kept_from])?;
        self.run("DELETE FROM logins WHERE expires <= ?", [sweep.now])?;
        Ok(())
    }
}
