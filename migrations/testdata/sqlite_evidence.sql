CREATE TABLE evidence (
	period TEXT NOT NULL,
	unit   TEXT NOT NULL,
	serial INTEGER NOT NULL,
	body   TEXT NOT NULL,
	PRIMARY KEY (period, unit, serial)
) STRICT;
CREATE TABLE evidence_expiries (
	file     TEXT PRIMARY KEY,
	period   TEXT NOT NULL,
	unit     TEXT NOT NULL,
	due      INTEGER NOT NULL,
	removing INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE TABLE evidence_pieces (
	file TEXT NOT NULL,
	n    INTEGER NOT NULL,
	data BLOB NOT NULL,
	PRIMARY KEY (file, n)
) STRICT;
