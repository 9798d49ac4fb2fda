CREATE TABLE api_keys (
	hash   BLOB PRIMARY KEY,
	id     TEXT NOT NULL UNIQUE,
	name   TEXT NOT NULL,
	at     INTEGER NOT NULL
, expires INTEGER NOT NULL DEFAULT 0, revoked INTEGER NOT NULL DEFAULT 0, grants TEXT NOT NULL DEFAULT '') STRICT;
CREATE TABLE people (
	id      TEXT PRIMARY KEY,
	email   TEXT NOT NULL UNIQUE,
	version INTEGER NOT NULL,
	doc     TEXT NOT NULL
) STRICT;
CREATE TABLE sessions (
	hash     BLOB PRIMARY KEY,
	person   TEXT NOT NULL,
	at       INTEGER NOT NULL,
	seen     INTEGER NOT NULL,
	expires  INTEGER NOT NULL,
	device   TEXT NOT NULL,
	second   INTEGER NOT NULL,
	ceremony TEXT NOT NULL
) STRICT;
CREATE INDEX sessions_expires ON sessions (expires);
CREATE INDEX sessions_person ON sessions (person);
