//! What reports add up to.

use super::super::error::StoreError;
use super::super::tables::{
    DAY, DayRow, FileRow, HitRow, LoadRow, Losses, PointRow, Result, SessionKey, SessionRow, SumTables, TrafficRow,
};
use super::{Postgres, column};

impl SumTables for Postgres {
    fn lock_sessions(&mut self, keys: &[SessionKey]) -> Result<Vec<SessionRow>> {
        let (builds, sessions) = (column(keys, |key| &key.build), column(keys, |key| &key.session));
        // What is not there cannot be locked; making it first also locks it.
        self.run(
            "INSERT INTO sessions (build, session) SELECT * FROM unnest($1::text[], $2::text[]) ON CONFLICT DO NOTHING",
            &[&builds, &sessions],
        )?;
        let rows = self.rows(
            "SELECT sessions.seqs, sessions.files, sessions.received, sessions.missing, sessions.last_seen, keys.at
             FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS keys (build, session, at)
             JOIN sessions ON sessions.build = keys.build AND sessions.session = keys.session
             ORDER BY keys.at FOR UPDATE OF sessions",
            &[&builds, &sessions],
            |row| {
                let at = usize::try_from(row.get::<_, i64>(5) - 1).ok()?;
                Some(SessionRow {
                    key: keys.get(at)?.clone(),
                    seqs: row.get(0),
                    files: row.get(1),
                    received: row.get(2),
                    missing: row.get(3),
                    last_seen: row.get(4),
                })
            },
        )?;
        let rows: Vec<_> = rows.into_iter().flatten().collect();
        if rows.len() == keys.len() {
            Ok(rows)
        } else {
            Err(StoreError::BadRow { what: "sessions vanished within a transaction".to_owned() })
        }
    }

    fn save_sessions(&mut self, rows: &[SessionRow]) -> Result<()> {
        self.run(
            "UPDATE sessions SET seqs = new.seqs, files = new.files, received = new.received, missing = new.missing,
                    last_seen = new.last_seen
             FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::bigint[], $6::bigint[], $7::bigint[])
                  AS new (build, session, seqs, files, received, missing, last_seen)
             WHERE sessions.build = new.build AND sessions.session = new.session",
            &[
                &column(rows, |row| &row.key.build),
                &column(rows, |row| &row.key.session),
                &column(rows, |row| &row.seqs),
                &column(rows, |row| &row.files),
                &column(rows, |row| row.received),
                &column(rows, |row| row.missing),
                &column(rows, |row| row.last_seen),
            ],
        )?;
        Ok(())
    }

    fn add_hits(&mut self, build: &str, rows: &[HitRow], now: i64) -> Result<()> {
        self.add_to_blocks(build, rows, now)
    }

    fn insert_points(&mut self, build: &str, points: &[i64], now: i64) -> Result<()> {
        if points.is_empty() {
            return Ok(());
        }
        self.run(
            "INSERT INTO points (build, point, first_seen, last_seen)
             SELECT $1, point, $2, $2 FROM unnest($3::bigint[]) AS new (point) ON CONFLICT DO NOTHING",
            &[&build, &now, &points],
        )?;
        Ok(())
    }

    fn points(&mut self, build: &str, first: i64, last: i64) -> Result<Vec<PointRow>> {
        self.points_of_blocks(build, first, last)
    }

    fn point_number(&mut self, build: &str) -> Result<i64> {
        Ok(self.client.query_one("SELECT count(*) FROM points WHERE build = $1", &[&build])?.get(0))
    }

    fn add_loads(&mut self, rows: &[LoadRow], now: i64) -> Result<()> {
        if rows.is_empty() {
            return Ok(());
        }
        let day = now - now.rem_euclid(DAY);
        self.run(
            "INSERT INTO loads (build, file, day, sessions)
             SELECT build, file, $4, sessions FROM unnest($1::text[], $2::bigint[], $3::bigint[])
                    AS new (build, file, sessions)
             ON CONFLICT (build, file, day) DO UPDATE SET sessions = loads.sessions + excluded.sessions",
            &[&column(rows, |row| &row.build), &column(rows, |row| row.file), &column(rows, |row| row.sessions), &day],
        )?;
        Ok(())
    }

    fn files(&mut self, build: &str, first: i64, last: i64) -> Result<Vec<FileRow>> {
        self.rows(
            "SELECT file, sum(sessions)::bigint, count(*) FROM loads WHERE build = $1 AND file BETWEEN $2 AND $3
             GROUP BY file ORDER BY file",
            &[&build, &first, &last],
            |row| FileRow { file: row.get(0), sessions: row.get(1), days: row.get(2) },
        )
    }

    fn add_days(&mut self, rows: &[DayRow], now: i64) -> Result<()> {
        if rows.is_empty() {
            return Ok(());
        }
        let day = now - now.rem_euclid(DAY);
        self.run(
            "INSERT INTO days (build, day, sessions, received, missing, last_seen)
             SELECT build, $5, sessions, received, missing, $6
             FROM unnest($1::text[], $2::bigint[], $3::bigint[], $4::bigint[])
                  AS new (build, sessions, received, missing)
             ON CONFLICT (build, day) DO UPDATE SET sessions = days.sessions + excluded.sessions,
                received = days.received + excluded.received, missing = days.missing + excluded.missing,
                last_seen = greatest(days.last_seen, excluded.last_seen)",
            &[
                &column(rows, |row| &row.build),
                &column(rows, |row| row.sessions),
                &column(rows, |row| row.received),
                &column(rows, |row| row.missing),
                &day,
                &now,
            ],
        )?;
        Ok(())
    }

    fn traffic(&mut self, build: &str) -> Result<TrafficRow> {
        let row = self.client.query_one(
            "SELECT coalesce(sum(sessions), 0)::bigint, coalesce(sum(received), 0)::bigint,
                    coalesce(sum(missing), 0)::bigint, coalesce(max(last_seen), 0), count(*)
             FROM days WHERE build = $1",
            &[&build],
        )?;
        let losses = Losses { received: row.get(1), missing: row.get(2) };
        Ok(TrafficRow { sessions: row.get(0), losses, last_seen: row.get(3), days: row.get(4) })
    }

    fn losses(&mut self) -> Result<Losses> {
        let sql = "SELECT coalesce(sum(received), 0)::bigint, coalesce(sum(missing), 0)::bigint FROM days";
        let row = self.client.query_one(sql, &[])?;
        Ok(Losses { received: row.get(0), missing: row.get(1) })
    }

    fn last_report(&mut self) -> Result<i64> {
        Ok(self.client.query_one("SELECT coalesce(max(last_seen), 0) FROM days", &[])?.get(0))
    }
}
