package migrations

// sqliteManuscripts adds what people write into reports. body is JSON.
const sqliteManuscripts = `
CREATE TABLE manuscripts (
	period  TEXT NOT NULL,
	unit    TEXT NOT NULL,
	kind    TEXT NOT NULL,
	version INTEGER NOT NULL,
	body    TEXT NOT NULL,
	PRIMARY KEY (period, unit, kind, version)
) STRICT;
`
