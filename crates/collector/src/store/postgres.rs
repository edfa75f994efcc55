//! PostgreSQL: any number of collectors, one store.
//!
//! Every table's key begins with the build, and no statement joins builds: a distributed PostgreSQL can shard by it.

use postgres::types::ToSql;
use postgres::{Client, NoTls, Row, Statement};
use rustc_hash::FxHashMap;

use super::error::StoreError;
use super::tables::{
    ApartRow, BuildRow, DAY, DatabaseRow, DayRow, FileRow, HOUR, HitRow, ListedRow, LoadRow, Losses, PointRow, Result,
    SessionKey, SessionRow, Sweep, Tables, TrafficRow, WaitingRow,
};

/// In order; the row of `pathlight_schema` is the number of those that were applied.
const MIGRATIONS: [&str; 2] = [include_str!("postgres/1.sql"), include_str!("postgres/2.sql")];
/// Collectors that start at once migrate one after another under this lock.
const MIGRATION_LOCK: i64 = 0x7061_7468_6c69_6768;

pub(crate) struct Postgres {
    client: Client,
    /// By their text: each is parsed once for a connection.
    statements: FxHashMap<String, Statement>,
}

impl Postgres {
    /// Connects and brings the tables up to date.
    pub(crate) fn open(url: &str) -> Result<Self> {
        let mut client = Client::connect(url, NoTls)?;
        // A commit that is answered is on the disk, whatever the server's default.
        client.batch_execute("SET synchronous_commit = on; SET client_min_messages = warning")?;
        let mut store = Self { client, statements: FxHashMap::default() };
        store.migrate()?;
        Ok(store)
    }

    fn migrate(&mut self) -> Result<()> {
        let mut transaction = self.client.transaction()?;
        transaction.execute("SELECT pg_advisory_xact_lock($1)", &[&MIGRATION_LOCK])?;
        transaction.batch_execute("CREATE TABLE IF NOT EXISTS pathlight_schema (version BIGINT NOT NULL)")?;
        let version: i64 = transaction.query_one("SELECT coalesce(max(version), 0) FROM pathlight_schema", &[])?.get(0);
        let known = MIGRATIONS.len() as i64;
        let Some(missing) = usize::try_from(version).ok().and_then(|version| MIGRATIONS.get(version..)) else {
            return Err(StoreError::NewerSchema { found: version, known });
        };
        for migration in missing {
            transaction.batch_execute(migration)?;
        }
        if version < known {
            transaction.execute("INSERT INTO pathlight_schema (version) VALUES ($1)", &[&known])?;
        }
        Ok(transaction.commit()?)
    }

    fn statement(&mut self, sql: &str) -> Result<Statement> {
        if let Some(statement) = self.statements.get(sql) {
            return Ok(statement.clone());
        }
        let statement = self.client.prepare(sql)?;
        self.statements.insert(sql.to_owned(), statement.clone());
        Ok(statement)
    }

    fn run(&mut self, sql: &str, values: &[&(dyn ToSql + Sync)]) -> Result<u64> {
        let statement = self.statement(sql)?;
        Ok(self.client.execute(&statement, values)?)
    }

    fn rows<T>(&mut self, sql: &str, values: &[&(dyn ToSql + Sync)], read: impl Fn(&Row) -> T) -> Result<Vec<T>> {
        let statement = self.statement(sql)?;
        Ok(self.client.query(&statement, values)?.iter().map(read).collect())
    }
}

/// One array for each column, as `unnest` takes them.
fn column<'a, R, T>(rows: &'a [R], of: impl Fn(&'a R) -> T) -> Vec<T> {
    rows.iter().map(of).collect()
}

/// A sum that 64 bits cannot hold stays at the highest number.
const ADD_HITS: &str = "ON CONFLICT (build, width, start, point) DO UPDATE SET
    hits = CASE WHEN excluded.hits > 9223372036854775807 - hits.hits THEN 9223372036854775807
                ELSE hits.hits + excluded.hits END,
    reports = hits.reports + excluded.reports,
    first_seen = least(hits.first_seen, excluded.first_seen),
    last_seen = greatest(hits.last_seen, excluded.last_seen)";

impl Tables for Postgres {
    fn begin(&mut self) -> Result<()> {
        Ok(self.client.batch_execute("BEGIN")?)
    }

    fn commit(&mut self) -> Result<()> {
        Ok(self.client.batch_execute("COMMIT")?)
    }

    fn rollback(&mut self) -> Result<()> {
        Ok(self.client.batch_execute("ROLLBACK")?)
    }

    fn build(&mut self, build: &str) -> Result<Option<BuildRow>> {
        let sql = "SELECT build, mapping, manifest, pushed, probes FROM builds WHERE build = $1";
        Ok(self.client.query_opt(sql, &[&build])?.map(|row| BuildRow {
            build: row.get(0),
            mapping: row.get(1),
            manifest: row.get(2),
            pushed: row.get(3),
            probes: row.get(4),
        }))
    }

    fn insert_build(&mut self, row: &BuildRow) -> Result<()> {
        self.run(
            "INSERT INTO builds (build, mapping, manifest, pushed, probes) VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT DO NOTHING",
            &[&row.build, &row.mapping, &row.manifest, &row.pushed, &row.probes],
        )?;
        Ok(())
    }

    fn replace_manifest(&mut self, build: &str, manifest: &str, sources: &[(i64, String)]) -> Result<()> {
        self.run("UPDATE builds SET manifest = $2 WHERE build = $1", &[&build, &manifest])?;
        self.run("DELETE FROM sources WHERE build = $1", &[&build])?;
        self.run(
            "INSERT INTO sources (build, file, source)
             SELECT $1, file, source FROM unnest($2::bigint[], $3::text[]) AS new (file, source)",
            &[&build, &column(sources, |(file, _)| *file), &column(sources, |(_, source)| source)],
        )?;
        Ok(())
    }

    fn sources(&mut self, build: &str, first: i64, last: i64) -> Result<Vec<(i64, String)>> {
        let sql = "SELECT file, source FROM sources WHERE build = $1 AND file BETWEEN $2 AND $3 ORDER BY file";
        self.rows(sql, &[&build, &first, &last], |row| (row.get(0), row.get(1)))
    }

    fn builds(&mut self) -> Result<Vec<String>> {
        self.rows("SELECT build FROM builds ORDER BY pushed, build", &[], |row| row.get(0))
    }

    fn list_builds(&mut self, most: i64, skip: i64) -> Result<Vec<ListedRow>> {
        let sql = "SELECT build, pushed, probes FROM builds ORDER BY pushed DESC, build LIMIT $1 OFFSET $2";
        self.rows(sql, &[&most, &skip], |row| ListedRow { build: row.get(0), pushed: row.get(1), probes: row.get(2) })
    }

    fn build_number(&mut self) -> Result<i64> {
        Ok(self.client.query_one("SELECT count(*) FROM builds", &[])?.get(0))
    }

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
        let add = format!(
            "INSERT INTO hits (build, point, width, start, hits, reports, first_seen, last_seen)
             SELECT $1, point, $2, $3, hits, reports, $4, $4
             FROM unnest($5::bigint[], $6::bigint[], $7::bigint[]) AS new (point, hits, reports) {ADD_HITS}"
        );
        let start = now - now.rem_euclid(HOUR);
        let (points, hits) = (column(rows, |row| row.point), column(rows, |row| row.hits));
        self.run(&add, &[&build, &HOUR, &start, &now, &points, &hits, &column(rows, |row| row.reports)])?;
        Ok(())
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
        // The key leads from bucket to bucket, and in each to the points that are asked for.
        self.rows(
            "WITH RECURSIVE buckets (width, start) AS (
                VALUES ($2::bigint, -1::bigint), ($3, -1)
                UNION ALL
                SELECT width, (SELECT min(hits.start) FROM hits
                               WHERE build = $1 AND hits.width = buckets.width AND hits.start > buckets.start)
                FROM buckets WHERE start IS NOT NULL)
             SELECT point, sum(hits >> 20)::bigint, sum(hits & 1048575)::bigint, sum(reports)::bigint,
                    min(first_seen), max(last_seen), count(DISTINCT start / $3)
             FROM (SELECT point, hits, reports, first_seen, last_seen, hits.start FROM buckets JOIN hits
                       ON build = $1 AND hits.width = buckets.width AND hits.start = buckets.start
                          AND point BETWEEN $4 AND $5
                   UNION ALL
                   SELECT point, 0, 0, first_seen, last_seen, NULL FROM points
                   WHERE build = $1 AND point BETWEEN $4 AND $5) AS known
             GROUP BY point ORDER BY point",
            &[&build, &HOUR, &DAY, &first, &last],
            |row| PointRow {
                point: row.get(0),
                high: row.get(1),
                low: row.get(2),
                reports: row.get(3),
                first_seen: row.get(4),
                last_seen: row.get(5),
                days: row.get(6),
            },
        )
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

    fn apart_size(&mut self) -> Result<i64> {
        Ok(self.client.query_one("SELECT coalesce(sum(length(hits)), 0)::bigint FROM apart", &[])?.get(0))
    }

    fn insert_apart(&mut self, rows: &[ApartRow]) -> Result<()> {
        self.run(
            "INSERT INTO apart (build, session, seq, hits, received)
             SELECT * FROM unnest($1::text[], $2::text[], $3::bigint[], $4::text[], $5::bigint[]) ON CONFLICT DO NOTHING",
            &[
                &column(rows, |row| &row.key.build),
                &column(rows, |row| &row.key.session),
                &column(rows, |row| row.seq),
                &column(rows, |row| &row.hits),
                &column(rows, |row| row.received),
            ],
        )?;
        Ok(())
    }

    fn take_apart(&mut self, build: &str, most: i64) -> Result<Vec<ApartRow>> {
        self.rows(
            "WITH taken AS (
                DELETE FROM apart WHERE build = $1 AND (session, seq) IN
                    (SELECT session, seq FROM apart WHERE build = $1 ORDER BY session, seq LIMIT $2 FOR UPDATE)
                RETURNING session, seq, hits, received)
             SELECT session, seq, hits, received FROM taken ORDER BY session, seq",
            &[&build, &most],
            |row| ApartRow {
                key: SessionKey { build: build.to_owned(), session: row.get(0) },
                seq: row.get(1),
                hits: row.get(2),
                received: row.get(3),
            },
        )
    }

    fn builds_apart_and_pushed(&mut self) -> Result<Vec<String>> {
        let sql = "SELECT DISTINCT build FROM apart WHERE build IN (SELECT build FROM builds)";
        self.rows(sql, &[], |row| row.get(0))
    }

    fn builds_apart(&mut self) -> Result<Vec<(String, i64)>> {
        let sql = "SELECT build, count(*) FROM apart GROUP BY build ORDER BY build";
        self.rows(sql, &[], |row| (row.get(0), row.get(1)))
    }

    fn list_apart(&mut self, most: i64) -> Result<Vec<WaitingRow>> {
        let sql = "SELECT build, count(*), min(received), max(received) FROM apart
                   GROUP BY build ORDER BY max(received) DESC, build LIMIT $1";
        self.rows(sql, &[&most], |row| WaitingRow {
            build: row.get(0),
            reports: row.get(1),
            first: row.get(2),
            last: row.get(3),
        })
    }

    fn save_token(&mut self, name: &str, hash: &str) -> Result<()> {
        self.run(
            "INSERT INTO tokens (name, hash) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET hash = excluded.hash",
            &[&name, &hash],
        )?;
        Ok(())
    }

    fn remove_token(&mut self, name: &str) -> Result<bool> {
        Ok(self.run("DELETE FROM tokens WHERE name = $1", &[&name])? > 0)
    }

    fn token_hashes(&mut self) -> Result<Vec<String>> {
        self.rows("SELECT hash FROM tokens ORDER BY name", &[], |row| row.get(0))
    }

    fn save_login(&mut self, hash: &str, token: &str, expires: i64) -> Result<()> {
        self.run(
            "INSERT INTO logins (hash, token, expires) VALUES ($1, $2, $3)
             ON CONFLICT (hash) DO UPDATE SET token = excluded.token, expires = excluded.expires",
            &[&hash, &token, &expires],
        )?;
        Ok(())
    }

    fn remove_login(&mut self, hash: &str) -> Result<()> {
        self.run("DELETE FROM logins WHERE hash = $1", &[&hash])?;
        Ok(())
    }

    fn has_login(&mut self, hash: &str, now: i64) -> Result<bool> {
        let sql = "SELECT count(*) FROM logins JOIN tokens ON tokens.hash = logins.token
                   WHERE logins.hash = $1 AND logins.expires > $2";
        Ok(self.client.query_one(sql, &[&hash, &now])?.get::<_, i64>(0) > 0)
    }

    fn database(&mut self) -> Result<DatabaseRow> {
        let sql = "SELECT current_setting('server_version'), pg_database_size(current_database())";
        let row = self.client.query_one(sql, &[])?;
        Ok(DatabaseRow { version: row.get(0), bytes: row.get(1) })
    }

    fn sweep(&mut self, sweep: Sweep) -> Result<()> {
        let to_days = format!(
            "WITH old AS (DELETE FROM hits WHERE width = $2 AND start < $3
                          RETURNING build, point, start - start % $1 AS day, hits, reports, first_seen, last_seen)
             INSERT INTO hits (build, point, width, start, hits, reports, first_seen, last_seen)
             SELECT build, point, $1, day, least(sum(hits), 9223372036854775807)::bigint, sum(reports)::bigint,
                    min(first_seen), max(last_seen)
             FROM old GROUP BY build, point, day ORDER BY build, point {ADD_HITS}"
        );
        self.run(&to_days, &[&DAY, &HOUR, &sweep.hours_before])?;
        self.run(
            "WITH old AS (DELETE FROM hits WHERE start + width <= $1 RETURNING build, point, first_seen, last_seen)
             INSERT INTO points (build, point, first_seen, last_seen)
             SELECT build, point, min(first_seen), max(last_seen) FROM old GROUP BY build, point ORDER BY build, point
             ON CONFLICT (build, point) DO UPDATE SET first_seen = least(points.first_seen, excluded.first_seen),
                last_seen = greatest(points.last_seen, excluded.last_seen)",
            &[&sweep.kept_from],
        )?;
        self.run("DELETE FROM loads WHERE day + $1 <= $2", &[&DAY, &sweep.kept_from])?;
        self.run("DELETE FROM days WHERE day + $1 <= $2", &[&DAY, &sweep.kept_from])?;
        self.run("DELETE FROM sessions WHERE last_seen < $1", &[&sweep.kept_from])?;
        self.run("DELETE FROM apart WHERE received < $1", &[&sweep.kept_from])?;
        self.run("DELETE FROM logins WHERE expires <= $1", &[&sweep.now])?;
        Ok(())
    }
}
