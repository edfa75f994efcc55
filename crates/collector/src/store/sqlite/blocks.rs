//! Hits in the shape in which SQLite keeps them: those of 32 neighbours in one row, as JSON.
//!
//! SQLite takes as long for a row of one probe as for one of many, and whoever sums at the pace of a commit changes
//! most probes of a program again and again. So what a commit brings is [`super::recent`] first, and every so many
//! commits the blocks take that up: each is then read and written once for all of them.

use std::collections::BTreeMap;

use rusqlite::types::ValueRef;
use rusqlite::{Connection, params};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::super::error::StoreError;
use super::super::tables::{DAY, HOUR, PointRow, Result};
use super::recent::Rows;

/// Points of a row.
const LENGTH: i64 = 32;

/// A row's key but for its build.
#[derive(Clone, Copy)]
struct Place {
    width: i64,
    start: i64,
    block: i64,
}

/// What came of the points of a row, by rising point.
#[derive(Default, Serialize, Deserialize)]
pub(super) struct Block(Vec<Sum>);

/// What came of one point in one bucket.
#[derive(Clone, Copy, Serialize, Deserialize)]
#[serde(from = "Numbers", into = "Numbers")]
pub(super) struct Sum {
    pub(super) point: i64,
    pub(super) hits: i64,
    pub(super) reports: i64,
    /// In seconds since the start of the bucket.
    pub(super) first: i64,
    pub(super) last: i64,
}

/// As it is written.
type Numbers = (i64, i64, i64, i64, i64);

impl From<Numbers> for Sum {
    fn from((point, hits, reports, first, last): Numbers) -> Self {
        Self { point, hits, reports, first, last }
    }
}

impl From<Sum> for Numbers {
    fn from(sum: Sum) -> Self {
        (sum.point, sum.hits, sum.reports, sum.first, sum.last)
    }
}

impl Block {
    fn read(connection: &Connection, build: &str, place: Place) -> Result<Self> {
        let mut statement = connection
            .prepare_cached("SELECT points FROM blocks WHERE build = ? AND width = ? AND start = ? AND block = ?")?;
        let Place { width, start, block } = place;
        let mut rows = statement.query(params![build, width, start, block])?;
        rows.next()?.map_or_else(|| Ok(Self::default()), |row| parse(row.get_ref(0)?, build))
    }

    fn write(&self, connection: &Connection, build: &str, place: Place) -> Result<()> {
        let mut statement = connection.prepare_cached(
            "INSERT OR REPLACE INTO blocks (build, width, start, block, points) VALUES (?, ?, ?, ?, ?)",
        )?;
        let Place { width, start, block } = place;
        statement.execute(params![build, width, start, block, json(self)?])?;
        Ok(())
    }

    /// Adds `more` to the row that is there.
    fn merge(connection: &Connection, build: &str, place: Place, more: &Self) -> Result<()> {
        let mut block = Self::read(connection, build, place)?;
        more.0.iter().for_each(|sum| block.add(*sum));
        block.write(connection, build, place)
    }

    pub(super) fn add(&mut self, new: Sum) {
        match self.0.binary_search_by_key(&new.point, |sum| sum.point) {
            Ok(at) => {
                let sum = &mut self.0[at];
                // What 64 bits cannot hold stays at the highest number.
                sum.hits = sum.hits.saturating_add(new.hits);
                sum.reports = sum.reports.saturating_add(new.reports);
                sum.first = sum.first.min(new.first);
                sum.last = sum.last.max(new.last);
            }
            Err(at) => self.0.insert(at, new),
        }
    }
}

pub(super) fn parse<T: DeserializeOwned>(text: ValueRef<'_>, build: &str) -> Result<T> {
    let bad = |error| StoreError::BadRow { what: format!("hits of build {build}: {error}") };
    serde_json::from_str(text.as_str().map_err(rusqlite::Error::from)?).map_err(bad)
}

/// Blocks of hours, by the start of the hour and by number.
pub(super) type Hours = BTreeMap<(i64, i64), Block>;

/// The number of the block that a point stands in.
pub(super) fn number(point: i64) -> i64 {
    point / LENGTH
}

/// Adds to the blocks of hours.
pub(super) fn add(connection: &Connection, build: &str, hours: &Hours) -> Result<()> {
    for (&(start, block), more) in hours {
        Block::merge(connection, build, Place { width: HOUR, start, block }, more)?;
    }
    Ok(())
}

pub(super) fn json(value: &impl Serialize) -> Result<String> {
    serde_json::to_string(value).map_err(|error| StoreError::BadRow { what: error.to_string() })
}

/// What the buckets say of the points from `first` to `last`, by number.
pub(super) fn points(connection: &Connection, build: &str, first: i64, last: i64) -> Result<BTreeMap<i64, PointRow>> {
    // The key leads from bucket to bucket.
    let mut statement = connection.prepare_cached(
        "WITH RECURSIVE buckets (width, start) AS (
            VALUES (?2, -1), (?3, -1)
            UNION ALL
            SELECT width, (SELECT min(blocks.start) FROM blocks
                           WHERE build = ?1 AND blocks.width = buckets.width AND blocks.start > buckets.start)
            FROM buckets WHERE start IS NOT NULL)
         SELECT width, start FROM buckets WHERE start >= 0",
    )?;
    let buckets = statement.query_map(params![build, HOUR, DAY], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let mut buckets = buckets.collect::<rusqlite::Result<Vec<(i64, i64)>>>()?;
    let recent = Rows::read(connection, build)?.hours;
    buckets.extend(recent.keys().map(|(start, _)| (HOUR, *start)));
    buckets.sort_unstable_by_key(|(width, start)| (start / DAY, *width, *start));
    buckets.dedup();
    let mut statement = connection.prepare_cached(
        "SELECT points FROM blocks WHERE build = ? AND width = ? AND start = ? AND block BETWEEN ? AND ?",
    )?;
    let mut found: BTreeMap<i64, PointRow> = BTreeMap::new();
    for (width, start) in buckets {
        let mut add = |block: &Block| {
            for sum in block.0.iter().filter(|sum| (first..=last).contains(&sum.point)) {
                let (first_seen, last_seen) = (start + sum.first, start + sum.last);
                let none = PointRow { point: sum.point, high: 0, low: 0, reports: 0, first_seen, last_seen, days: 0 };
                let point = found.entry(sum.point).or_insert(none);
                // Buckets come by their days.
                point.days += i64::from(point.days == 0 || point.last_seen / DAY < start / DAY);
                point.high += sum.hits >> 20;
                point.low += sum.hits & 0xf_ffff;
                point.reports += sum.reports;
                point.first_seen = point.first_seen.min(first_seen);
                point.last_seen = point.last_seen.max(last_seen);
            }
        };
        let mut rows = statement.query(params![build, width, start, number(first), number(last)])?;
        while let Some(row) = rows.next()? {
            add(&parse(row.get_ref(0)?, build)?);
        }
        if width == HOUR {
            recent.range((start, 0)..(start + 1, 0)).for_each(|(_, block)| add(block));
        }
    }
    Ok(found)
}

/// Makes days of the hours before `before`, the start of a day.
pub(super) fn hours_to_days(connection: &Connection, before: i64) -> Result<()> {
    let mut statement = connection
        .prepare_cached("SELECT DISTINCT build, start - start % ? FROM blocks WHERE width = ? AND start < ?")?;
    let days = statement.query_map([DAY, HOUR, before], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let days = days.collect::<rusqlite::Result<Vec<(String, i64)>>>()?;
    for (build, day) in days {
        let mut statement = connection.prepare_cached(
            "SELECT start, block, points FROM blocks WHERE build = ? AND width = ? AND start >= ? AND start < ?",
        )?;
        let mut rows = statement.query(params![build, HOUR, day, day + DAY])?;
        let mut blocks: BTreeMap<i64, Block> = BTreeMap::new();
        while let Some(row) = rows.next()? {
            let since = row.get::<_, i64>(0)? - day;
            let hour: Block = parse(row.get_ref(2)?, &build)?;
            let block = blocks.entry(row.get(1)?).or_default();
            hour.0.iter().for_each(|sum| block.add(Sum { first: since + sum.first, last: since + sum.last, ..*sum }));
        }
        for (block, of_hours) in blocks {
            let place = Place { width: DAY, start: day, block };
            Block::merge(connection, &build, place, &of_hours)?;
        }
    }
    connection.prepare_cached("DELETE FROM blocks WHERE width = ? AND start < ?")?.execute([HOUR, before])?;
    Ok(())
}
