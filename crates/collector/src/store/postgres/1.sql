CREATE TABLE builds (
    build TEXT NOT NULL PRIMARY KEY,
    mapping TEXT NOT NULL,
    manifest TEXT,
    pushed BIGINT NOT NULL
);

CREATE TABLE sessions (
    build TEXT NOT NULL,
    session TEXT NOT NULL,
    seqs TEXT NOT NULL DEFAULT '',
    files TEXT NOT NULL DEFAULT '',
    received BIGINT NOT NULL DEFAULT 0,
    missing BIGINT NOT NULL DEFAULT 0,
    last_seen BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (build, session)
);

-- width: seconds, 3600 or 86400. start: seconds since 1970.
CREATE TABLE hits (
    build TEXT NOT NULL,
    point BIGINT NOT NULL,
    width BIGINT NOT NULL,
    start BIGINT NOT NULL,
    hits BIGINT NOT NULL,
    PRIMARY KEY (build, point, width, start)
);

-- Outlives the buckets: what was seen last a year ago was seen.
CREATE TABLE points (
    build TEXT NOT NULL,
    point BIGINT NOT NULL,
    first_seen BIGINT NOT NULL,
    last_seen BIGINT NOT NULL,
    PRIMARY KEY (build, point)
);

-- Each session counts on the day on which it first ran something in the file.
CREATE TABLE loads (
    build TEXT NOT NULL,
    file BIGINT NOT NULL,
    day BIGINT NOT NULL,
    sessions BIGINT NOT NULL,
    PRIMARY KEY (build, file, day)
);

CREATE TABLE apart (
    build TEXT NOT NULL,
    session TEXT NOT NULL,
    seq BIGINT NOT NULL,
    hits TEXT NOT NULL,
    received BIGINT NOT NULL,
    PRIMARY KEY (build, session, seq)
);

CREATE TABLE tokens (
    name TEXT NOT NULL PRIMARY KEY,
    hash TEXT NOT NULL
);
