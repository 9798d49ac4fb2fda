package migrations

// sqliteEvidence adds what units show beside their figures. body is JSON, due are
// milliseconds since 1970; a file that is being removed is gone for whoever would name it.
const sqliteEvidence = `
CREATE TABLE evidence (
	period TEXT NOT NULL,
	unit   TEXT NOT NULL,
	serial INTEGER NOT NULL,
	body   TEXT NOT NULL,
	PRIMARY KEY (period, unit, serial)
) STRICT;
CREATE TABLE evidence_pieces (
	file TEXT NOT NULL,
	n    INTEGER NOT NULL,
	data BLOB NOT NULL,
	PRIMARY KEY (file, n)
) STRICT;
CREATE TABLE evidence_expiries (
	file     TEXT PRIMARY KEY,
	period   TEXT NOT NULL,
	unit     TEXT NOT NULL,
	due      INTEGER NOT NULL,
	removing INTEGER NOT NULL DEFAULT 0
) STRICT;
`
