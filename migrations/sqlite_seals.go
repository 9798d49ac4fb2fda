package migrations

// sqliteSeals adds what binds the releases and tallies of an erased period. body is JSON.
const sqliteSeals = `
CREATE TABLE seals (
	period TEXT PRIMARY KEY,
	body   TEXT NOT NULL
) STRICT;
`
