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

-- What came on a day: sums that nobody has to add up over all sessions. missing: may be below 0, where reports closed
-- gaps of the day before.
CREATE TABLE days (
    build TEXT NOT NULL,
    day INTEGER NOT NULL,
    sessions INTEGER NOT NULL,
    received INTEGER NOT NULL,
    missing INTEGER NOT NULL,
    last_seen INTEGER NOT NULL,
    PRIMARY KEY (build, day)
) STRICT, WITHOUT ROWID;

INSERT INTO days (build, day, sessions, received, missing, last_seen)
SELECT build, last_seen - last_seen % 86400, count(*), sum(received), sum(missing), max(last_seen)
FROM sessions GROUP BY build, last_seen - last_seen % 86400;

-- Lines behind the three of the head; pushes from now on say the number themselves.
ALTER TABLE builds ADD COLUMN probes INTEGER NOT NULL DEFAULT 0;
UPDATE builds SET probes = max(0, length(mapping) - length(replace(mapping, char(10), '')) - 3);

-- The text of one file, as a JSON string. Manifests that were pushed before hold their sources themselves.
CREATE TABLE sources (
    build TEXT NOT NULL,
    file INTEGER NOT NULL,
    source TEXT NOT NULL,
    PRIMARY KEY (build, file)
) STRICT;

-- hash: of the cookie. token: hash of the token that it was given for. expires: seconds since 1970.
CREATE TABLE logins (
    hash TEXT NOT NULL PRIMARY KEY,
    token TEXT NOT NULL,
    expires INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
