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

-- The second part brings the places at which nothing was hit. Sorted and summed, without a join: of tables that nobody
-- has analyzed a database may plan that row by row.
INSERT INTO blocks (build, width, start, block, hits, reports, first_seen, last_seen)
SELECT build, width, start, block, array_agg(hits ORDER BY at), array_agg(reports ORDER BY at),
       array_agg(first_seen ORDER BY at), array_agg(last_seen ORDER BY at)
FROM (SELECT build, width, start, block, at, max(hits) AS hits, max(reports) AS reports,
             min(first_seen) AS first_seen, max(last_seen) AS last_seen
      FROM (SELECT build, width, start, point / 32 AS block, point % 32 AS at, hits, reports,
                   (first_seen - start)::integer AS first_seen, (last_seen - start)::integer AS last_seen
            FROM hits
            UNION ALL
            SELECT build, width, start, block, at, 0, 0, 86400, -1
            FROM (SELECT DISTINCT build, width, start, point / 32 AS block FROM hits) AS known,
                 generate_series(0, 31) AS at) AS places
      GROUP BY build, width, start, block, at) AS sums
GROUP BY build, width, start, block;

DROP TABLE hits;

-- For whoever reads the database with a program of their own.
CREATE VIEW hits (build, width, start, point, hits, reports, first_seen, last_seen) AS
SELECT build, width, start, 32 * block + at - 1, sum.hits, sum.reports, start + sum.first_seen, start + sum.last_seen
FROM blocks,
     unnest(hits, reports, first_seen, last_seen) WITH ORDINALITY AS sum (hits, reports, first_seen, last_seen, at)
WHERE sum.reports > 0;
