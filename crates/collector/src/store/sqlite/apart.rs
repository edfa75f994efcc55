//! Reports of builds that nobody has pushed.

use rusqlite::params;

use super::super::tables::{ApartRow, ApartTables, Result, SessionKey, WaitingRow};
use super::Sqlite;

impl ApartTables for Sqlite {
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
}
