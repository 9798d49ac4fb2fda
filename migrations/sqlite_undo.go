package migrations

// sqliteUndo adds the imports, and what is needed to take one out again.
//
// body and undone are JSON; stored counts the responses that an import stored, NULL
// until it is done. import_rows are these responses. One that is taken out keeps its
// place and its id: its unit_form becomes negative, so that it is no unit's any more.
// undoing names the imports of which not all responses are taken out yet; recounts
// are the buckets whose tallies hold such a response.
const sqliteUndo = `
CREATE TABLE imports (
	serial INTEGER PRIMARY KEY,
	body   TEXT NOT NULL,
	stored INTEGER,
	undone TEXT
) STRICT;
CREATE TABLE import_rows (
	import   INTEGER NOT NULL,
	response INTEGER NOT NULL,
	PRIMARY KEY (import, response)
) STRICT, WITHOUT ROWID;
CREATE TABLE undoing (import INTEGER PRIMARY KEY) STRICT;
CREATE TABLE recounts (
	seq    INTEGER PRIMARY KEY AUTOINCREMENT,
	period TEXT NOT NULL,
	unit   TEXT NOT NULL,
	form   TEXT NOT NULL,
	day    INTEGER NOT NULL
) STRICT;
ALTER TABLE import_commit ADD COLUMN import INTEGER NOT NULL DEFAULT 0;
`
