package migrations

// sqliteReleases adds the releases: facts that are only ever added, each unit's in
// a row. body is JSON, checksum its SHA-256.
const sqliteReleases = `
CREATE TABLE releases (
	period   TEXT NOT NULL,
	unit     TEXT NOT NULL,
	serial   INTEGER NOT NULL,
	checksum TEXT NOT NULL,
	body     BLOB NOT NULL,
	PRIMARY KEY (period, unit, serial)
) STRICT;
`
