package migrations

// erasedAgain names the step of both stores.
const erasedAgain = "erased periods are erased again"

// sqliteErasedAgain has the next run erase again what earlier programs erased: they left
// what tallies and releases told of respondents, and bound it by checksums of what single
// people told, which are removed here. earlier tells that answers have lost something.
const sqliteErasedAgain = `
ALTER TABLE erasures ADD COLUMN earlier INTEGER NOT NULL DEFAULT 0;
UPDATE erasures SET earlier = 1, done = 0 WHERE done = 1 OR period IN (SELECT period FROM seals)
	OR period IN (SELECT period FROM segments WHERE erased > 0);
DELETE FROM seals;
`
