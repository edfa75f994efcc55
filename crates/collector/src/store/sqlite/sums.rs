//! What reports add up to.

use rusqlite::{OptionalExtension as _, params};

use super::super::tables::{
    DAY, DayRow, FileRow, HitRow, LoadRow, Losses, PointRow, Result, SessionKey, SessionRow, SumTables, TrafficRow,
};
use super::{Sqlite, blocks};

impl SumTables for Sqlite {
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
        self.recent.add(&self.connection, build, rows, now)
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
        // Several statements, and one state of the database.
        let reading = self.connection.unchecked_transaction()?;
        let mut points = blocks::points(&reading, build, first, last)?;
        let sql = "SELECT point, first_seen, last_seen FROM points WHERE build = ? AND point BETWEEN ? AND ?";
        let seen = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?, row.get(2)?));
        for (point, first_seen, last_seen) in self.rows(sql, params![build, first, last], seen)? {
            let none = PointRow { point, high: 0, low: 0, reports: 0, first_seen, last_seen, days: 0 };
            let row = points.entry(point).or_insert(none);
            row.first_seen = first_seen.min(row.first_seen);
            row.last_seen = last_seen.max(row.last_seen);
        }
        Ok(points.into_values().collect())
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
}
