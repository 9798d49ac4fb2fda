CREATE TABLE api_keys (
	hash   BLOB PRIMARY KEY,
	id     TEXT NOT NULL UNIQUE,
	name   TEXT NOT NULL,
	role   TEXT NOT NULL,
	agency TEXT NOT NULL,
	at     INTEGER NOT NULL
) STRICT;
CREATE TABLE audit (
	seq     INTEGER PRIMARY KEY AUTOINCREMENT,
	at      INTEGER NOT NULL,
	actor   TEXT NOT NULL,
	action  TEXT NOT NULL,
	subject TEXT NOT NULL,
	detail  TEXT NOT NULL
) STRICT;
CREATE TABLE catalogues (version INTEGER PRIMARY KEY, catalogue TEXT NOT NULL) STRICT;
CREATE TABLE evaluations (
	period  TEXT NOT NULL,
	unit    TEXT NOT NULL,
	version INTEGER NOT NULL,
	entry   TEXT NOT NULL,
	PRIMARY KEY (period, unit, version)
) STRICT;
CREATE TABLE migrations (number INTEGER PRIMARY KEY, name TEXT NOT NULL, at INTEGER NOT NULL) STRICT;
CREATE TABLE responses (
	rowid       INTEGER PRIMARY KEY,
	unit_form   INTEGER NOT NULL,
	id          BLOB NOT NULL,
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
CREATE TABLE revisions (period TEXT PRIMARY KEY, n INTEGER NOT NULL) STRICT;
CREATE TABLE segments (
	id      INTEGER PRIMARY KEY,
	period  TEXT NOT NULL,
	day     INTEGER NOT NULL,
	n       INTEGER NOT NULL,
	tallied INTEGER NOT NULL DEFAULT 0,
	UNIQUE (period, day)
) STRICT;
CREATE TABLE tallies (
	id     INTEGER PRIMARY KEY,
	period TEXT NOT NULL,
	level  INTEGER NOT NULL,
	start  INTEGER NOT NULL,
	unit   TEXT NOT NULL,
	form   TEXT NOT NULL,
	tally  BLOB NOT NULL,
	UNIQUE (period, level, start, unit, form)
) STRICT;
CREATE TABLE unit_forms (
	id   INTEGER PRIMARY KEY,
	unit TEXT NOT NULL,
	form TEXT NOT NULL,
	UNIQUE (unit, form)
) STRICT;
CREATE UNIQUE INDEX responses_id ON responses (id);
