-- What one commit brought, until the blocks take it up: a commit writes one row where it wrote most blocks of a build.
-- time: seconds since 1970. points: JSON, [[point,hits,reports],…] by rising point.
CREATE TABLE recent (
    number INTEGER PRIMARY KEY,
    build TEXT NOT NULL,
    time INTEGER NOT NULL,
    points TEXT NOT NULL
) STRICT;

CREATE INDEX recent_by_build ON recent (build);

-- The blocks as they are, but for hours of which something is recent: a build and an hour that are asked for are found by
-- their key, which no sum over all lets through. Such sums are made in two parts: one that 64 bits cannot hold would be
-- an error.
DROP VIEW hits;
CREATE VIEW hits (build, width, start, point, hits, reports, first_seen, last_seen) AS
SELECT build, width, start, value ->> 0, value ->> 1, value ->> 2, start + (value ->> 3), start + (value ->> 4)
FROM blocks, json_each(blocks.points)
WHERE NOT (width = 3600 AND EXISTS (
    SELECT 1 FROM recent WHERE recent.build = blocks.build AND recent.time - recent.time % 3600 = blocks.start
))
UNION ALL
SELECT build, 3600, start, point,
       CASE WHEN sum(hits >> 20) + (sum(hits & 1048575) >> 20) < 8796093022208
            THEN (sum(hits >> 20) << 20) + sum(hits & 1048575) ELSE 9223372036854775807 END,
       sum(reports), min(first_seen), max(last_seen)
FROM (
    SELECT blocks.build AS build, blocks.start AS start, value ->> 0 AS point, value ->> 1 AS hits,
           value ->> 2 AS reports, blocks.start + (value ->> 3) AS first_seen, blocks.start + (value ->> 4) AS last_seen
    FROM (SELECT DISTINCT build, time - time % 3600 AS start FROM recent) AS hours
         CROSS JOIN blocks
             ON blocks.build = hours.build AND blocks.width = 3600 AND blocks.start = hours.start,
         json_each(blocks.points)
    UNION ALL
    SELECT build, time - time % 3600, value ->> 0, value ->> 1, value ->> 2, time, time
    FROM recent, json_each(recent.points)
)
GROUP BY build, start, point;
