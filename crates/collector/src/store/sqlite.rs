//! SQLite, in the process: one file, no server.

use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, OptionalExtension as _, params};

use super::error::StoreError;
use super::tables::{
    ApartRow, BuildRow, DAY, DatabaseRow, DayRow, FileRow, HOUR, HitRow, ListedRow, LoadRow, Losses, PointRow, Result,
    SessionKey, SessionRow, Sweep, Tables, TrafficRow, WaitingRow,
};

/// In order; the file's `user_version` is the number of those that were applied.
const MIGRATIONS: [&str; 2] = [include_str!("sqlite/1.sql"), include_str!("sqlite/2.sql")];
/// Pages of the log, of 4 KiB, after which it is written back.
const CHECKPOINT: i64 = 16_384;
/// How long a connection waits for another one that writes.
const BUSY: Duration = Duration::from_secs(10);

pub(crate) struct Sqlite {
    connection: Connection,
}

impl Sqlite {
    /// Opens the file, made if missing, and brings its tables up to date.
    pub(crate) fn open(path: &Path) -> Result<Self> {
        let connection = Connection::open(path)?;
        connection.busy_timeout(BUSY)?;
        connection.pragma_update(None, "journal_mode", "wal")?;
        // Every commit reaches the disk: a report that was answered survives a loss of power.
        connection.pragma_update(None, "synchronous", "full")?;
        // Pages that many commits change are written back to the database but once for all of them.
        connection.pragma_update(None, "wal_autocheckpoint", CHECKPOINT)?;
        connection.set_prepared_statement_cache_capacity(64);
        let mut store = Self { connection };
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

    fn run(&mut self, sql: &str, values: impl rusqlite::Params) -> Result<usize> {
        Ok(self.connection.prepare_cached(sql)?.execute(values)?)
    }

    fn rows<T>(
        &mut self,
        sql: &str,
        values: impl rusqlite::Params,
        read: impl FnMut(&rusqlite::Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Vec<T>> {
        let mut statement = self.connection.prepare_cached(sql)?;
        let rows = statement.query_map(values, read)?.collect::<rusqlite::Result<_>>()?;
        Ok(rows)
    }

    fn value(&mut self, sql: &str, values: impl rusqlite::Params) -> Result<i64> {
        Ok(self.connection.prepare_cached(sql)?.query_row(values, |row| row.get(0))?)
    }
}

/// A sum that 64 bits cannot hold stays at the highest number; SQLite would make it a float.
const ADD_HITS: &str = "ON CONFLICT DO UPDATE SET
    hits = CASE WHEN excluded.hits > 9223372036854775807 - hits THEN 9223372036854775807 ELSE hits + excluded.hits END,
    reports = reports + excluded.reports,
    first_seen = min(first_seen, excluded.first_seen), last_seen = max(last_seen, excluded.last_seen)";

impl Tables for Sqlite {
    fn begin(&mut self) -> Result<()> {
        // A transaction that began with reading could not go on to write after another one's commit.
        Ok(self.connection.execute_batch("BEGIN IMMEDIATE")?)
    }

    fn commit(&mut self) -> Result<()> {
        Ok(self.connection.execute_batch("COMMIT")?)
    }

    fn rollback(&mut self) -> Result<()> {
        // After some errors, a full disk among them, SQLite has rolled back itself.
        if self.connection.is_autocommit() { Ok(()) } else { Ok(self.connection.execute_batch("ROLLBACK")?) }
    }

    fn build(&mut self, build: &str) -> Result<Option<BuildRow>> {
        let mut statement = self
            .connection
            .prepare_cached("SELECT build, mapping, manifest, pushed, probes FROM builds WHERE build = ?")?;
        let row = statement.query_row([build], |row| {
            Ok(BuildRow {
                build: row.get(0)?,
                mapping: row.get(1)?,
                manifest: row.get(2)?,
                pushed: row.get(3)?,
                probes: row.get(4)?,
            })
        });
        Ok(row.optional()?)
    }

    fn insert_build(&mut self, row: &BuildRow) -> Result<()> {
        self.run(
            "INSERT INTO builds (build, mapping, manifest, pushed, probes) VALUES (?, ?, ?, ?, ?)
             ON CONFLICT DO NOTHING",
            params![row.build, row.mapping, row.manifest, row.pushed, row.probes],
        )?;
        Ok(())
    }

    fn replace_manifest(&mut self, build: &str, manifest: &str, sources: &[(i64, String)]) -> Result<()> {
        self.run("UPDATE builds SET manifest = ? WHERE build = ?", [manifest, build])?;
        self.run("DELETE FROM sources WHERE build = ?", [build])?;
        for (file, source) in sources {
            self.run("INSERT INTO sources (build, file, source) VALUES (?, ?, ?)", params![build, file, source])?;
        }
        Ok(())
    }

    fn sources(&mut self, build: &str, first: i64, last: i64) -> Result<Vec<(i64, String)>> {
        let sql = "SELECT file, source FROM sources WHERE build = ? AND file BETWEEN ? AND ? ORDER BY file";
        self.rows(sql, params![build, first, last], |row| Ok((row.get(0)?, row.get(1)?)))
    }

    fn builds(&mut self) -> Result<Vec<String>> {
        self.rows("SELECT build FROM builds ORDER BY pushed, build", [], |row| row.get(0))
    }

    fn list_builds(&mut self, most: i64, skip: i64) -> Result<Vec<ListedRow>> {
        let sql = "SELECT build, pushed, probes FROM builds ORDER BY pushed DESC, build LIMIT ? OFFSET ?";
        self.rows(sql, [most, skip], |row| {
            Ok(ListedRow { build: row.get(0)?, pushed: row.get(1)?, probes: row.get(2)? })
        })
    }

    fn build_number(&mut self) -> Result<i64> {
        self.value("SELECT count(*) FROM builds", [])
    }

    fn lock_sessions(&mut self, keys: &[SessionKey]) -> Result<Vec<SessionRow>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT seqs, files, received, missing, last_seen FROM sessions WHERE build = ? AND session = ?",
        )?;
        let mut rows = Vec::with_capacity(keys.len());
        for key in keys {
            let row = statement.query_row([&key.build, &key.session], |row| {
                Ok(SessionRow {
                    key: key.clone(),
                    seqs: row.get(0)?,
                    files: row.get(1)?,
                    received: row.get(2)?,
                    missing: row.get(3)?,
                    last_seen: row.get(4)?,
                })
            });
            rows.push(row.optional()?.unwrap_or_else(|| SessionRow::new(key.clone())));
        }
        Ok(rows)
    }

    fn save_sessions(&mut self, rows: &[SessionRow]) -> Result<()> {
        for row in rows {
            let SessionRow { key, seqs, files, received, missing, last_seen } = row;
            self.run(
                "INSERT OR REPLACE INTO sessions (build, session, seqs, files, received, missing, last_seen)
                 VALUES (?, ?, ?, ?, ?, ?, ?)",
                params![key.build, key.session, seqs, files, received, missing, last_seen],
            )?;
        }
        Ok(())
    }

    fn add_hits(&mut self, build: &str, rows: &[HitRow], now: i64) -> Result<()> {
        let add = format!(
            "INSERT INTO hits (build, width, start, first_seen, last_seen, point, hits, reports)
             VALUES (?1, ?2, ?3, ?4, ?4, ?5, ?6, ?7) {ADD_HITS}"
        );
        let start = now - now.rem_euclid(HOUR);
        let mut statement = self.connection.prepare_cached(&add)?;
        // Most of a collector's work is here: what is the same in all rows is handed over once.
        let same = params![build, HOUR, start, now];
        for (index, value) in (1..).zip(same) {
            statement.raw_bind_parameter(index, value)?;
        }
        for row in rows {
            statement.raw_bind_parameter(5, row.point)?;
            statement.raw_bind_parameter(6, row.hits)?;
            statement.raw_bind_parameter(7, row.reports)?;
            statement.raw_execute()?;
        }
        Ok(())
    }

    fn insert_points(&mut self, build: &str, points: &[i64], now: i64) -> Result<()> {
        let mut statement = self.connection.prepare_cached(
            "INSERT INTO points (build, point, first_seen, last_seen) VALUES (?1, ?2, ?3, ?3) ON CONFLICT DO NOTHING",
        )?;
        for point in points {
            statement.execute(params![build, point, now])?;
        }
        Ok(())
    }

    fn points(&mut self, build: &str, first: i64, last: i64) -> Result<Vec<PointRow>> {
        // The key leads from bucket to bucket, and in each to the points that are asked for.
        self.rows(
            "WITH RECURSIVE buckets (width, start) AS (
                VALUES (?2, -1), (?3, -1)
                UNION ALL
                SELECT width, (SELECT min(hits.start) FROM hits
                               WHERE build = ?1 AND hits.width = buckets.width AND hits.start > buckets.start)
                FROM buckets WHERE start IS NOT NULL)
             SELECT point, sum(hits >> 20), sum(hits & 1048575), sum(reports), min(first_seen), max(last_seen),
                    count(DISTINCT start / ?3)
             FROM (SELECT point, hits, reports, first_seen, last_seen, hits.start FROM buckets CROSS JOIN hits
                   WHERE build = ?1 AND hits.width = buckets.width AND hits.start = buckets.start
                         AND point BETWEEN ?4 AND ?5
                   UNION ALL
                   SELECT point, 0, 0, first_seen, last_seen, NULL FROM points
                   WHERE build = ?1 AND point BETWEEN ?4 AND ?5)
             GROUP BY point ORDER BY point",
            params![build, HOUR, DAY, first, last],
            |row| {
                Ok(PointRow {
                    point: row.get(0)?,
                    high: row.get(1)?,
                    low: row.get(2)?,
                    reports: row.get(3)?,
                    first_seen: row.get(4)?,
                    last_seen: row.get(5)?,
                    days: row.get(6)?,
                })
            },
        )
    }

    fn point_number(&mut self, build: &str) -> Result<i64> {
        self.value("SELECT count(*) FROM points WHERE build = ?", [build])
    }

    fn add_loads(&mut self, rows: &[LoadRow], now: i64) -> Result<()> {
        let day = now - now.rem_euclid(DAY);
        for row in rows {
            self.run(
                "INSERT INTO loads (build, file, day, sessions) VALUES (?, ?, ?, ?)
                 ON CONFLICT DO UPDATE SET sessions = sessions + excluded.sessions",
                params![row.build, row.file, day, row.sessions],
            )?;
        }
        Ok(())
    }

    fn files(&mut self, build: &str, first: i64, last: i64) -> Result<Vec<FileRow>> {
        self.rows(
            "SELECT file, sum(sessions), count(*) FROM loads WHERE build = ? AND file BETWEEN ? AND ?
             GROUP BY file ORDER BY file",
            params![build, first, last],
            |row| Ok(FileRow { file: row.get(0)?, sessions: row.get(1)?, days: row.get(2)? }),
        )
    }

    fn add_days(&mut self, rows: &[DayRow], now: i64) -> Result<()> {
        let day = now - now.rem_euclid(DAY);
        for row in rows {
            self.run(
                "INSERT INTO days (build, day, sessions, received, missing, last_seen) VALUES (?, ?, ?, ?, ?, ?)
                 ON CONFLICT DO UPDATE SET sessions = sessions + excluded.sessions,
                    received = received + excluded.received, missing = missing + excluded.missing,
                    last_seen = max(last_seen, excluded.last_seen)",
                params![row.build, day, row.sessions, row.received, row.missing, now],
            )?;
        }
        Ok(())
    }

    fn traffic(&mut self, build: &str) -> Result<TrafficRow> {
        let rows = self.rows(
            "SELECT coalesce(sum(sessions), 0), coalesce(sum(received), 0), coalesce(sum(missing), 0),
                    coalesce(max(last_seen), 0), count(*) FROM days WHERE build = ?",
            [build],
            |row| {
                let losses = Losses { received: row.get(1)?, missing: row.get(2)? };
                Ok(TrafficRow { sessions: row.get(0)?, losses, last_seen: row.get(3)?, days: row.get(4)? })
            },
        )?;
        Ok(rows.into_iter().next().unwrap_or_default())
    }

    fn losses(&mut self) -> Result<Losses> {
        let sql = "SELECT coalesce(sum(received), 0), coalesce(sum(missing), 0) FROM days";
        let rows = self.rows(sql, [], |row| Ok(Losses { received: row.get(0)?, missing: row.get(1)? }))?;
        Ok(rows.into_iter().next().unwrap_or_default())
    }

    fn last_report(&mut self) -> Result<i64> {
        self.value("SELECT coalesce(max(last_seen), 0) FROM days", [])
    }

    fn apart_size(&mut self) -> Result<i64> {
        self.value("SELECT coalesce(sum(length(hits)), 0) FROM apart", [])
    }

    fn insert_apart(&mut self, rows: &[ApartRow]) -> Result<()> {
        for row in rows {
            self.run(
                "INSERT INTO apart (build, session, seq, hits, received) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
                params![row.key.build, row.key.session, row.seq, row.hits, row.received],
            )?;
        }
        Ok(())
    }

    fn take_apart(&mut self, build: &str, most: i64) -> Result<Vec<ApartRow>> {
        let rows = self.rows(
            "SELECT build, session, seq, hits, received FROM apart WHERE build = ? ORDER BY session, seq LIMIT ?",
            params![build, most],
            |row| {
                let key = SessionKey { build: row.get(0)?, session: row.get(1)? };
                Ok(ApartRow { key, seq: row.get(2)?, hits: row.get(3)?, received: row.get(4)? })
            },
        )?;
        for row in &rows {
            self.run(
                "DELETE FROM apart WHERE build = ? AND session = ? AND seq = ?",
                params![row.key.build, row.key.session, row.seq],
            )?;
        }
        Ok(rows)
    }

    fn builds_apart_and_pushed(&mut self) -> Result<Vec<String>> {
        self.rows("SELECT DISTINCT build FROM apart WHERE build IN (SELECT build FROM builds)", [], |row| row.get(0))
    }

    fn builds_apart(&mut self) -> Result<Vec<(String, i64)>> {
        self.rows("SELECT build, count(*) FROM apart GROUP BY build ORDER BY build", [], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
    }

    fn list_apart(&mut self, most: i64) -> Result<Vec<WaitingRow>> {
        self.rows(
            "SELECT build, count(*), min(received), max(received) FROM apart
             GROUP BY build ORDER BY max(received) DESC, build LIMIT ?",
            [most],
            |row| Ok(WaitingRow { build: row.get(0)?, reports: row.get(1)?, first: row.get(2)?, last: row.get(3)? }),
        )
    }

    fn save_token(&mut self, name: &str, hash: &str) -> Result<()> {
        self.run("INSERT OR REPLACE INTO tokens (name, hash) VALUES (?, ?)", [name, hash])?;
        Ok(())
    }

    fn remove_token(&mut self, name: &str) -> Result<bool> {
        Ok(self.run("DELETE FROM tokens WHERE name = ?", [name])? > 0)
    }

    fn token_hashes(&mut self) -> Result<Vec<String>> {
        self.rows("SELECT hash FROM tokens ORDER BY name", [], |row| row.get(0))
    }

    fn save_login(&mut self, hash: &str, token: &str, expires: i64) -> Result<()> {
        self.run(
            "INSERT OR REPLACE INTO logins (hash, token, expires) VALUES (?, ?, ?)",
            params![hash, token, expires],
        )?;
        Ok(())
    }

    fn remove_login(&mut self, hash: &str) -> Result<()> {
        self.run("DELETE FROM logins WHERE hash = ?", [hash])?;
        Ok(())
    }

    fn has_login(&mut self, hash: &str, now: i64) -> Result<bool> {
        let sql = "SELECT count(*) FROM logins JOIN tokens ON tokens.hash = logins.token
                   WHERE logins.hash = ? AND logins.expires > ?";
        Ok(self.value(sql, params![hash, now])? > 0)
    }

    fn database(&mut self) -> Result<DatabaseRow> {
        let version = self.connection.query_row("SELECT sqlite_version()", [], |row| row.get(0))?;
        let pages: i64 = self.connection.pragma_query_value(None, "page_count", |row| row.get(0))?;
        let size: i64 = self.connection.pragma_query_value(None, "page_size", |row| row.get(0))?;
        Ok(DatabaseRow { version, bytes: pages.saturating_mul(size) })
    }

    fn sweep(&mut self, sweep: Sweep) -> Result<()> {
        let to_days = format!(
            "INSERT INTO hits (build, point, width, start, hits, reports, first_seen, last_seen)
             SELECT build, point, ?1, start - start % ?1, hits, reports, first_seen, last_seen
             FROM hits WHERE width = ?2 AND start < ?3 {ADD_HITS}"
        );
        self.run(&to_days, params![DAY, HOUR, sweep.hours_before])?;
        self.run("DELETE FROM hits WHERE width = ? AND start < ?", params![HOUR, sweep.hours_before])?;
        self.run(
            "INSERT INTO points (build, point, first_seen, last_seen)
             SELECT build, point, min(first_seen), max(last_seen) FROM hits WHERE start + width <= ?
             GROUP BY build, point ON CONFLICT DO UPDATE
             SET first_seen = min(first_seen, excluded.first_seen), last_seen = max(last_seen, excluded.last_seen)",
            [sweep.kept_from],
        )?;
        self.run("DELETE FROM hits WHERE start + width <= ?", [sweep.kept_from])?;
        self.run("DELETE FROM loads WHERE day + ? <= ?", [DAY, sweep.kept_from])?;
        self.run("DELETE FROM days WHERE day + ? <= ?", [DAY, sweep.kept_from])?;
        self.run("DELETE FROM sessions WHERE last_seen < ?", [sweep.kept_from])?;
        self.run("DELETE FROM apart WHERE received < ?", [sweep.kept_from])?;
        self.run("DELETE FROM logins WHERE expires <= ?", [sweep.now])?;
        Ok(())
    }
}
