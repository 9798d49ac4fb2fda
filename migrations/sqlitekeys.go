package migrations

// sqliteKeys lets keys expire and be revoked (0: never), and adds the sessions
// that are made of keys. Moments are milliseconds since 1970.
const sqliteKeys = `
ALTER TABLE api_keys ADD COLUMN expires INTEGER NOT NULL DEFAULT 0;
ALTER TABLE api_keys ADD COLUMN revoked INTEGER NOT NULL DEFAULT 0;
CREATE TABLE sessions (
	hash    BLOB PRIMARY KEY,
	key     TEXT NOT NULL,
	at      INTEGER NOT NULL,
	expires INTEGER NOT NULL
) STRICT;
CREATE INDEX sessions_expires ON sessions (expires);
`
