CREATE TABLE releases (
	period   TEXT NOT NULL,
	unit     TEXT NOT NULL,
	serial   INTEGER NOT NULL,
	checksum TEXT NOT NULL,
	body     BLOB NOT NULL,
	PRIMARY KEY (period, unit, serial)
) STRICT;
