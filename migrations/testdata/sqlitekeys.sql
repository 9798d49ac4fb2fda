CREATE TABLE api_keys (
	hash   BLOB PRIMARY KEY,
	id     TEXT NOT NULL UNIQUE,
	name   TEXT NOT NULL,
	role   TEXT NOT NULL,
	agency TEXT NOT NULL,
	at     INTEGER NOT NULL
, expires INTEGER NOT NULL DEFAULT 0, revoked INTEGER NOT NULL DEFAULT 0) STRICT;
CREATE TABLE sessions (
	hash    BLOB PRIMARY KEY,
	key     TEXT NOT NULL,
	at      INTEGER NOT NULL,
	expires INTEGER NOT NULL
) STRICT;
CREATE INDEX sessions_expires ON sessions (expires);
