//! Builds and their sources.

use rusqlite::{OptionalExtension as _, params};

use super::super::tables::{BuildRow, BuildTables, ListedRow, Result};
use super::Sqlite;

impl BuildTables for Sqlite {
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
}
