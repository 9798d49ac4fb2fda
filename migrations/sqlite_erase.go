package migrations

// sqliteErase adds the periods whose comments and respondent fields were removed.
//
// body is JSON; done tells that all of them were. Of a segment's responses the first
// `erased` have lost theirs.
const sqliteErase = `
CREATE TABLE erasures (
	period TEXT PRIMARY KEY,
	body   TEXT NOT NULL,
	done   INTEGER NOT NULL DEFAULT 0
) STRICT;
ALTER TABLE segments ADD COLUMN erased INTEGER NOT NULL DEFAULT 0;
`
