-- One row holds all that a report adds to a probe, and those of one hour lie together: a commit touches few pages.
ALTER TABLE hits RENAME TO hits_1;

-- first_seen, last_seen: seconds since 1970, within the bucket. reports: those with a hit.
CREATE TABLE hits (
    build TEXT NOT NULL,
    point INTEGER NOT NULL,
    width INTEGER NOT NULL,
    start INTEGER NOT NULL,
    hits INTEGER NOT NULL,
    reports INTEGER NOT NULL,
    first_seen INTEGER NOT NULL,
    last_seen INTEGER NOT NULL,
    PRIMARY KEY (build, width, start, point)
) STRICT, WITHOUT ROWID;

-- The number of reports was not kept; there was one at least.
INSERT INTO hits (build, point, width, start, hits, reports, first_seen, last_seen)
SELECT hits_1.build, hits_1.point, width, start, hits, 1,
       max(start, min(first_seen, start + width - 1)), min(start + width - 1, max(last_seen, start))
FROM hits_1 JOIN points ON points.build = hits_1.build AND points.point = hits_1.point;

DROP TABLE hits_1;
