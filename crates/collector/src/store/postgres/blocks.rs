//! Hits in the shape in which PostgreSQL keeps them: those of 32 neighbours in one row, as arrays.
//!
//! What a row costs when it is changed (a lock, a new version of it, a record in the log) it costs once, however many
//! points are in it; and whoever sums at the pace of a commit changes most probes of a program again and again. The
//! database adds, so that any number of collectors may do so at the same time.

use std::sync::LazyLock;

use super::super::tables::{DAY, HOUR, HitRow, PointRow, Result};
use super::Postgres;

/// Points of a row.
const LENGTH: i64 = 32;
/// Of a point that was not hit: when first and last, in seconds since the start of the bucket.
const NEVER: (i32, i32) = (DAY as i32, -1);

/// Adds what a row brings to the one that is there. Element by element: no subquery, which costs three times as much
/// and which not every distributed PostgreSQL takes here.
static ADD: LazyLock<String> = LazyLock::new(|| {
    let array = |element: &str| {
        let elements: Vec<_> = (1..=LENGTH).map(|at| element.replace('#', &at.to_string())).collect();
        format!("ARRAY[{}]", elements.join(", "))
    };
    // A sum that 64 bits cannot hold stays at the highest number.
    let hits = "blocks.hits[#] + least(excluded.hits[#], 9223372036854775807 - blocks.hits[#])";
    format!(
        "ON CONFLICT (build, width, start, block) DO UPDATE
         SET hits = {}, reports = {}, first_seen = {}, last_seen = {}",
        array(hits),
        array("blocks.reports[#] + excluded.reports[#]"),
        array("least(blocks.first_seen[#], excluded.first_seen[#])"),
        array("greatest(blocks.last_seen[#], excluded.last_seen[#])")
    )
});

/// One array for each column, in which the elements of one row stand behind those of the row before it.
#[derive(Default)]
struct Columns {
    blocks: Vec<i64>,
    hits: Vec<i64>,
    reports: Vec<i64>,
    first_seen: Vec<i32>,
    last_seen: Vec<i32>,
}

impl Columns {
    /// `since`: when the points were hit, in seconds since the start of the bucket.
    fn new(rows: &[HitRow], since: i32) -> Self {
        let mut columns = Self::default();
        for rows in rows.chunk_by(|a, b| a.point / LENGTH == b.point / LENGTH) {
            let block = rows[0].point / LENGTH;
            columns.blocks.push(block);
            let mut rows = rows.iter().peekable();
            for point in LENGTH * block..LENGTH * (block + 1) {
                let row = rows.next_if(|row| row.point == point);
                let (first, last) = row.map_or(NEVER, |_| (since, since));
                columns.hits.push(row.map_or(0, |row| row.hits));
                columns.reports.push(row.map_or(0, |row| row.reports));
                columns.first_seen.push(first);
                columns.last_seen.push(last);
            }
        }
        columns
    }
}

impl Postgres {
    /// Adds to the buckets of the hour of `now`.
    pub(super) fn add_to_blocks(&mut self, build: &str, rows: &[HitRow], now: i64) -> Result<()> {
        static SQL: LazyLock<String> = LazyLock::new(|| {
            let part = |array: &str| format!("({array})[{LENGTH} * (at - 1) + 1 : {LENGTH} * at]");
            let parts = ["$5::bigint[]", "$6::bigint[]", "$7::integer[]", "$8::integer[]"].map(part).join(", ");
            format!(
                "INSERT INTO blocks (build, width, start, block, hits, reports, first_seen, last_seen)
                 SELECT $1, $2, $3, block, {parts} FROM unnest($4::bigint[]) WITH ORDINALITY AS new (block, at) {}",
                *ADD
            )
        });
        let since = now.rem_euclid(HOUR);
        let columns = Columns::new(rows, i32::try_from(since).unwrap_or_default());
        let Columns { blocks, hits, reports, first_seen, last_seen } = &columns;
        self.run(&SQL, &[&build, &HOUR, &(now - since), blocks, hits, reports, first_seen, last_seen])?;
        Ok(())
    }

    /// What the buckets, and `points`, say of the points from `first` to `last`, by number.
    pub(super) fn points_of_blocks(&mut self, build: &str, first: i64, last: i64) -> Result<Vec<PointRow>> {
        // The key leads from bucket to bucket, and in each to the blocks that are asked for.
        self.rows(
            "WITH RECURSIVE buckets (width, start) AS (
                VALUES ($2::bigint, -1::bigint), ($3, -1)
                UNION ALL
                SELECT width, (SELECT min(blocks.start) FROM blocks
                               WHERE build = $1 AND blocks.width = buckets.width AND blocks.start > buckets.start)
                FROM buckets WHERE start IS NOT NULL)
             SELECT point, sum(hits >> 20)::bigint, sum(hits & 1048575)::bigint, sum(reports)::bigint,
                    min(first_seen), max(last_seen), count(DISTINCT start / $3)
             FROM (SELECT $6 * block + at - 1 AS point, sum.hits, sum.reports, blocks.start + sum.first_seen AS first_seen,
                          blocks.start + sum.last_seen AS last_seen, blocks.start
                   FROM buckets
                        JOIN blocks ON build = $1 AND blocks.width = buckets.width AND blocks.start = buckets.start
                             AND block BETWEEN $4::bigint / $6 AND $5::bigint / $6,
                        unnest(blocks.hits, blocks.reports, blocks.first_seen, blocks.last_seen)
                            WITH ORDINALITY AS sum (hits, reports, first_seen, last_seen, at)
                   WHERE sum.reports > 0
                   UNION ALL
                   SELECT point, 0, 0, first_seen, last_seen, NULL FROM points WHERE build = $1) AS known
             WHERE point BETWEEN $4 AND $5
             GROUP BY point ORDER BY point",
            &[&build, &HOUR, &DAY, &first, &last, &LENGTH],
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

    /// Makes days of the hours before `before`, the start of a day.
    pub(super) fn hours_to_days(&mut self, before: i64) -> Result<()> {
        let (never_first, never_last) = NEVER;
        let sql = format!(
            "WITH old AS (DELETE FROM blocks WHERE width = $2 AND start < $3
                          RETURNING build, start - start % $1 AS day, start % $1 AS since, block,
                                    hits, reports, first_seen, last_seen),
                  sums AS (SELECT build, day, block, at, least(sum(sum.hits), 9223372036854775807)::bigint AS hits,
                                  sum(sum.reports)::bigint AS reports,
                                  min(CASE WHEN sum.reports > 0 THEN since + sum.first_seen ELSE {never_first} END)
                                      ::integer AS first_seen,
                                  max(CASE WHEN sum.reports > 0 THEN since + sum.last_seen ELSE {never_last} END)
                                      ::integer AS last_seen
                           FROM old, unnest(old.hits, old.reports, old.first_seen, old.last_seen)
                                         WITH ORDINALITY AS sum (hits, reports, first_seen, last_seen, at)
                           GROUP BY build, day, block, at)
             INSERT INTO blocks (build, width, start, block, hits, reports, first_seen, last_seen)
             SELECT build, $1, day, block, array_agg(hits ORDER BY at), array_agg(reports ORDER BY at),
                    array_agg(first_seen ORDER BY at), array_agg(last_seen ORDER BY at)
             FROM sums GROUP BY build, day, block ORDER BY build, day, block {}",
            *ADD
        );
        self.run(&sql, &[&DAY, &HOUR, &before])?;
        Ok(())
    }

    /// Drops the buckets that end before `kept_from` or at it; when their points were seen goes into `points`.
    pub(super) fn drop_blocks(&mut self, kept_from: i64) -> Result<()> {
        self.run(
            "WITH old AS (DELETE FROM blocks WHERE start + width <= $1
                          RETURNING build, start, block, reports, first_seen, last_seen)
             INSERT INTO points (build, point, first_seen, last_seen)
             SELECT build, $2 * block + at - 1, min(start + sum.first_seen), max(start + sum.last_seen)
             FROM old, unnest(old.reports, old.first_seen, old.last_seen)
                           WITH ORDINALITY AS sum (reports, first_seen, last_seen, at)
             WHERE sum.reports > 0 GROUP BY 1, 2 ORDER BY 1, 2
             ON CONFLICT (build, point) DO UPDATE SET first_seen = least(points.first_seen, excluded.first_seen),
                last_seen = greatest(points.last_seen, excluded.last_seen)",
            &[&kept_from, &LENGTH],
        )?;
        Ok(())
    }
}
