//! Builds and their sources.

use super::super::tables::{BuildRow, BuildTables, ListedRow, Result};
use super::{Postgres, column};

impl BuildTables for Postgres {
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
}
