package migrations

// sqliteImport makes room for an import that is not yet among the responses.
//
// An import is put into `staged` in short transactions, so that nobody waits
// for it; the one row of `import_commit` is the moment from which all of it
// counts. From then on its rows move into `responses`, again in short
// transactions, by whoever comes to it. Staged rows without that row are what an
// import left that was broken off.
const sqliteImport = `
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
CREATE TABLE import_commit (one INTEGER PRIMARY KEY CHECK (one = 1), at INTEGER NOT NULL) STRICT;
`
