CREATE TABLE builds (
    build TEXT NOT NULL PRIMARY KEY,
    mapping TEXT NOT NULL,
    manifest TEXT,
    pushed INTEGER NOT NULL
) STRICT;

CREATE TABLE sessions (
    build TEXT NOT NULL,
    session TEXT NOT NULL,
    seqs TEXT NOT NULL DEFAULT '',
    files TEXT NOT NULL DEFAULT '',
    received INTEGER NOT NULL DEFAULT 0,
    missing INTEGER NOT NULL DEFAULT 0,
    last_seen INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (build, session)
) STRICT, WITHOUT ROWID;

-- width: seconds, 3600 or 86400. start: seconds since 1970.
CREATE TABLE hits (
    build TEXT NOT NULL,
    point INTEGER NOT NULL,
    width INTEGER NOT NULL,
    start INTEGER NOT NULL,
    hits INTEGER NOT NULL,
    PRIMARY KEY (build, point, width, start)
) STRICT, WITHOUT ROWID;

-- Outlives the buckets: what was seen last a year ago was seen.
CREATE TABLE points (
    build TEXT NOT NULL,
    point INTEGER NOT NULL,
    first_seen INTEGER NOT NULL,
    last_seen INTEGER NOT NULL,
    PRIMARY KEY (build, point)
) STRICT, WITHOUT ROWID;

-- Each session counts on the day on which it first ran something in the file.
CREATE TABLE loads (
    build TEXT NOT NULL,
    file INTEGER NOT NULL,
    day INTEGER NOT NULL,
    sessions INTEGER NOT NULL,
    PRIMARY KEY (build, file, day)
) STRICT, WITHOUT ROWID;

CREATE TABLE apart (
    build TEXT NOT NULL,
    session TEXT NOT NULL,
    seq INTEGER NOT NULL,
    hits TEXT NOT NULL,
    received INTEGER NOT NULL,
    PRIMARY KEY (build, session, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE tokens (
    name TEXT NOT NULL PRIMARY KEY,
    hash TEXT NOT NULL
) STRICT, WITHOUT ROWID;
