//! Reports of builds that nobody has pushed.

use super::super::tables::{ApartRow, ApartTables, Result, SessionKey, WaitingRow};
use super::{Postgres, column};

impl ApartTables for Postgres {
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
}
