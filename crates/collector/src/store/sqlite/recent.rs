//! What commits brought and blocks have not taken up: a row for each commit, and what these rows say in memory.
//!
//! Reading the rows again would take longer than all else that a commit does. Who writes knows them from having written
//! them, as long as nobody else has written.

use std::collections::hash_map::Entry;

use rusqlite::{Connection, params};
use rustc_hash::FxHashMap;

use super::super::tables::{HOUR, HitRow, Result};
use super::blocks::{self, Hours, Sum};

/// Rows of a build that its blocks take up at once.
const ROWS: usize = 32;
/// Points that are known, of all builds together, before the blocks of the one with the most take them up. One that came
/// several times is counted as often.
const POINTS: usize = 1_000_000;

/// As the one connection knows it that it belongs to.
#[derive(Default)]
pub(super) struct Recent {
    /// SQLite's `data_version`, another one when another connection has written.
    version: i64,
    builds: FxHashMap<String, Rows>,
    points: usize,
}

/// Of one build: what all of its rows say together.
#[derive(Default)]
pub(super) struct Rows {
    commits: usize,
    /// In all of them.
    points: usize,
    pub(super) hours: Hours,
}

impl Recent {
    /// A transaction that writes has begun.
    pub(super) fn begin(&mut self, connection: &Connection) -> Result<()> {
        let version = connection.prepare_cached("PRAGMA data_version")?.query_row([], |row| row.get(0))?;
        if version != self.version {
            *self = Self { version, ..Self::default() };
        }
        Ok(())
    }

    /// A transaction was rolled back.
    pub(super) fn forget(&mut self) {
        *self = Self::default();
    }

    /// Adds to the buckets of the hour of `now`.
    pub(super) fn add(&mut self, connection: &Connection, build: &str, rows: &[HitRow], now: i64) -> Result<()> {
        if rows.is_empty() {
            return Ok(());
        }
        let known = match self.builds.entry(build.to_owned()) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(unknown) => {
                let rows = Rows::read(connection, build)?;
                self.points += rows.points;
                unknown.insert(rows)
            }
        };
        let points: Vec<_> = rows.iter().map(|row| (row.point, row.hits, row.reports)).collect();
        let mut statement = connection.prepare_cached("INSERT INTO recent (build, time, points) VALUES (?, ?, ?)")?;
        statement.execute(params![build, now, blocks::json(&points)?])?;
        known.add(&points, now);
        self.points += points.len();
        let full = if known.commits >= ROWS {
            Some(build.to_owned())
        } else if self.points > POINTS {
            self.builds.iter().max_by_key(|(_, rows)| rows.points).map(|(build, _)| build.clone())
        } else {
            None
        };
        if let Some((build, rows)) = full.and_then(|build| self.builds.remove_entry(&build)) {
            self.points -= rows.points;
            rows.take_up(connection, &build)?;
        }
        Ok(())
    }
}

impl Rows {
    pub(super) fn read(connection: &Connection, build: &str) -> Result<Self> {
        let mut statement = connection.prepare_cached("SELECT time, points FROM recent WHERE build = ?")?;
        let mut rows = statement.query([build])?;
        let mut read = Self::default();
        while let Some(row) = rows.next()? {
            read.add(&blocks::parse::<Vec<_>>(row.get_ref(1)?, build)?, row.get(0)?);
        }
        Ok(read)
    }

    /// `points`: their numbers, hits and reports, by rising number.
    fn add(&mut self, points: &[(i64, i64, i64)], time: i64) {
        let since = time.rem_euclid(HOUR);
        for points in points.chunk_by(|a, b| blocks::number(a.0) == blocks::number(b.0)) {
            let block = self.hours.entry((time - since, blocks::number(points[0].0))).or_default();
            for &(point, hits, reports) in points {
                block.add(Sum { point, hits, reports, first: since, last: since });
            }
        }
        self.commits += 1;
        self.points += points.len();
    }

    fn take_up(self, connection: &Connection, build: &str) -> Result<()> {
        blocks::add(connection, build, &self.hours)?;
        connection.prepare_cached("DELETE FROM recent WHERE build = ?")?.execute([build])?;
        Ok(())
    }
}

/// Leaves no row; a [`Recent`] of this connection must forget what it knows.
pub(super) fn take_up_all(connection: &Connection) -> Result<()> {
    let mut statement = connection.prepare_cached("SELECT DISTINCT build FROM recent")?;
    let builds = statement.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<Vec<String>>>()?;
    builds.iter().try_for_each(|build| Rows::read(connection, build)?.take_up(connection, build))
}
