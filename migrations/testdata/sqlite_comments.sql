CREATE TABLE comment_marked (
	period TEXT NOT NULL,
	unit   TEXT NOT NULL,
	n      INTEGER NOT NULL,
	PRIMARY KEY (period, unit)
) STRICT, WITHOUT ROWID;
CREATE TABLE comment_marks (
	period  TEXT NOT NULL,
	unit    TEXT NOT NULL,
	id      BLOB NOT NULL,
	version INTEGER NOT NULL,
	body    TEXT NOT NULL,
	PRIMARY KEY (period, unit, id, version)
) STRICT, WITHOUT ROWID;
CREATE TABLE comment_steps (
	period TEXT NOT NULL,
	unit   TEXT NOT NULL,
	serial INTEGER NOT NULL,
	body   TEXT NOT NULL,
	PRIMARY KEY (period, unit, serial)
) STRICT;
