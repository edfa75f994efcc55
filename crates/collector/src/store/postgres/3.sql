-- The hits of neighbours in one row: what runs together stands together, and a commit writes one row where it wrote 32.
-- Every array has one element for each of the 32 points from 32 * block on; one that was not hit has no reports, and
-- times outside of every bucket. first_seen, last_seen: in seconds since `start`.
CREATE TABLE blocks (
    build TEXT NOT NULL,
    width BIGINT NOT NULL,
    start BIGINT NOT NULL,
    block BIGINT NOT NULL,
    hits BIGINT[] NOT NULL,
    reports BIGINT[] NOT NULL,
    first_seen INTEGER[] NOT NULL,
    last_seen INTEGER[] NOT NULL,
    PRIMARY KEY (build, width, start, block)
) WITH (fillfactor = 50);

INSERT INTO blocks (build, width, start, block, hits, reports, first_seen, last_seen)
SELECT build, width, start, block, array_agg(coalesce(hits, 0) ORDER BY point),
       array_agg(coalesce(reports, 0) ORDER BY point),
       array_agg(coalesce(first_seen - start, 86400)::integer ORDER BY point),
       array_agg(coalesce(last_seen - start, -1)::integer ORDER BY point)
FROM (SELECT build, width, start, block, 32 * block + at AS point
      FROM (SELECT DISTINCT build, width, start, point / 32 AS block FROM hits) AS known, generate_series(0, 31) AS at
     ) AS places
     LEFT JOIN hits USING (build, width, start, point)
GROUP BY build, width, start, block;

DROP TABLE hits;

-- For whoever reads the database with a program of their own.
CREATE VIEW hits (build, width, start, point, hits, reports, first_seen, last_seen) AS
SELECT build, width, start, 32 * block + at - 1, sum.hits, sum.reports, start + sum.first_seen, start + sum.last_seen
FROM blocks,
     unnest(hits, reports, first_seen, last_seen) WITH ORDINALITY AS sum (hits, reports, first_seen, last_seen, at)
WHERE sum.reports > 0;
