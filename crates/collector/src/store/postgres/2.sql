-- One row holds all that a report adds to a probe, and those of one hour lie together in the index. A row is changed
-- again and again: with room beside it the new version stays on its page, and no index needs to know.
ALTER TABLE hits ADD COLUMN reports BIGINT NOT NULL DEFAULT 1;
ALTER TABLE hits ADD COLUMN first_seen BIGINT NOT NULL DEFAULT 0;
ALTER TABLE hits ADD COLUMN last_seen BIGINT NOT NULL DEFAULT 0;
-- first_seen, last_seen: seconds since 1970, within the bucket. reports: those with a hit; of old rows the number was
-- not kept, there was one at least.
UPDATE hits SET first_seen = greatest(start, least(points.first_seen, start + width - 1)),
                last_seen = least(start + width - 1, greatest(points.last_seen, start))
FROM points WHERE points.build = hits.build AND points.point = hits.point;
ALTER TABLE hits ALTER COLUMN reports DROP DEFAULT;
ALTER TABLE hits ALTER COLUMN first_seen DROP DEFAULT;
ALTER TABLE hits ALTER COLUMN last_seen DROP DEFAULT;
ALTER TABLE hits DROP CONSTRAINT hits_pkey;
ALTER TABLE hits ADD PRIMARY KEY (build, width, start, point);
ALTER TABLE hits SET (fillfactor = 50);
ALTER TABLE sessions SET (fillfactor = 70);

-- What came on a day: sums that nobody has to add up over all sessions. missing: may be below 0, where reports closed
-- gaps of the day before.
CREATE TABLE days (
    build TEXT NOT NULL,
    day BIGINT NOT NULL,
    sessions BIGINT NOT NULL,
    received BIGINT NOT NULL,
    missing BIGINT NOT NULL,
    last_seen BIGINT NOT NULL,
    PRIMARY KEY (build, day)
) WITH (fillfactor = 50);

INSERT INTO days (build, day, sessions, received, missing, last_seen)
SELECT build, last_seen - last_seen % 86400, count(*), sum(received)::bigint, sum(missing)::bigint, max(last_seen)
FROM sessions GROUP BY build, last_seen - last_seen % 86400;

-- Lines behind the three of the head; pushes from now on say the number themselves.
ALTER TABLE builds ADD COLUMN probes BIGINT NOT NULL DEFAULT 0;
UPDATE builds SET probes = greatest(0, length(mapping) - length(replace(mapping, chr(10), '')) - 3);

-- The text of one file, as a JSON string: text has no character 0. Manifests that were pushed before hold their
-- sources themselves.
CREATE TABLE sources (
    build TEXT NOT NULL,
    file BIGINT NOT NULL,
    source TEXT NOT NULL,
    PRIMARY KEY (build, file)
);

-- hash: of the cookie. token: hash of the token that it was given for. expires: seconds since 1970.
CREATE TABLE logins (
    hash TEXT NOT NULL PRIMARY KEY,
    token TEXT NOT NULL,
    expires BIGINT NOT NULL
);
