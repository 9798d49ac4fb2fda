CREATE TABLE import_commit (one INTEGER PRIMARY KEY CHECK (one = 1), at INTEGER NOT NULL) STRICT;
CREATE TABLE staged (
	seq         INTEGER PRIMARY KEY,
	id          BLOB NOT NULL,
	period      TEXT NOT NULL,
	unit        TEXT NOT NULL,
	form        TEXT NOT NULL,
	day         INTEGER NOT NULL,
	service     TEXT NOT NULL,
	point       TEXT NOT NULL,
	mode        INTEGER NOT NULL,
	hour        INTEGER NOT NULL,
	answers     TEXT NOT NULL,
	respondent  TEXT NOT NULL,
	lang        TEXT NOT NULL,
	started_at  INTEGER NOT NULL,
	received_at INTEGER NOT NULL,
	comment     TEXT NOT NULL
) STRICT;
