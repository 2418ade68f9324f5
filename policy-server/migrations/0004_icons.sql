-- One text for SQLite and PostgreSQL. What 0001 says about times and hashes holds here, too.

-- An icon that policies name (AGT-19): a PNG that this server wrote, under its own hash.
CREATE TABLE icon (
    sha256          text    NOT NULL PRIMARY KEY,
    png             bytea   NOT NULL,
    created_at      bigint  NOT NULL
);
