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
