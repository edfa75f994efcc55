-- The hits of neighbours in one row: what runs together stands together, and a commit writes one row where it wrote 32.
-- points: JSON, [[point,hits,reports,first_seen,last_seen],…] by rising point; both times in seconds since `start`.
-- block: point / 32; so many stay below the quarter of a page beyond which SQLite breaks a row of a key in two.
CREATE TABLE blocks (
    build TEXT NOT NULL,
    width INTEGER NOT NULL,
    start INTEGER NOT NULL,
    block INTEGER NOT NULL,
    points TEXT NOT NULL,
    PRIMARY KEY (build, width, start, block)
) STRICT, WITHOUT ROWID;

INSERT INTO blocks (build, width, start, block, points)
SELECT build, width, start, point / 32,
       json_group_array(json_array(point, hits, reports, first_seen - start, last_seen - start) ORDER BY point)
FROM hits GROUP BY build, width, start, point / 32;

DROP TABLE hits;

-- For whoever reads the file with a program of their own.
CREATE VIEW hits (build, width, start, point, hits, reports, first_seen, last_seen) AS
SELECT build, width, start, value ->> 0, value ->> 1, value ->> 2, start + (value ->> 3), start + (value ->> 4)
FROM blocks, json_each(blocks.points);
