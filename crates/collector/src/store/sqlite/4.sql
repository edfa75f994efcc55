-- What one commit brought, until the blocks take it up: a commit writes one row where it wrote most blocks of a build.
-- time: seconds since 1970. points: JSON, [[point,hits,reports],…] by rising point.
CREATE TABLE recent (
    number INTEGER PRIMARY KEY,
    build TEXT NOT NULL,
    time INTEGER NOT NULL,
    points TEXT NOT NULL
) STRICT;

CREATE INDEX recent_by_build ON recent (build);

DROP VIEW hits;
-- hits: added in two parts, since a sum that 64 bits cannot hold would be an error.
CREATE VIEW hits (build, width, start, point, hits, reports, first_seen, last_seen) AS
SELECT build, width, start, point,
       CASE WHEN sum(hits >> 20) + (sum(hits & 1048575) >> 20) < 8796093022208
            THEN (sum(hits >> 20) << 20) + sum(hits & 1048575) ELSE 9223372036854775807 END,
       sum(reports), min(first_seen), max(last_seen)
FROM (
    SELECT build, width, start, value ->> 0 AS point, value ->> 1 AS hits, value ->> 2 AS reports,
           start + (value ->> 3) AS first_seen, start + (value ->> 4) AS last_seen
    FROM blocks, json_each(blocks.points)
    UNION ALL
    SELECT build, 3600, time - time % 3600, value ->> 0, value ->> 1, value ->> 2, time, time
    FROM recent, json_each(recent.points)
)
GROUP BY build, width, start, point;
