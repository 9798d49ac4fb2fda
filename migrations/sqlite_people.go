package migrations

// sqlitePeople adds people, whose documents are JSON, and their sessions, and keeps
// what a key is granted in the same form. The sessions that keys had opened end.
const sqlitePeople = `
CREATE TABLE people (
	id      TEXT PRIMARY KEY,
	email   TEXT NOT NULL UNIQUE,
	version INTEGER NOT NULL,
	doc     TEXT NOT NULL
) STRICT;
ALTER TABLE api_keys ADD COLUMN grants TEXT NOT NULL DEFAULT '';
UPDATE api_keys SET grants = json_array(json_object('role', role, 'on', CASE agency WHEN '' THEN 'city' ELSE 'agency:' || agency END));
ALTER TABLE api_keys DROP COLUMN role;
ALTER TABLE api_keys DROP COLUMN agency;
DROP TABLE sessions;
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
`
