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
