package migrations

import (
	"testing"

	"zombiezen.com/go/sqlite/sqlitex"
)

func TestTheSQLiteShapeOfAnImportIsFrozen(t *testing.T) {
	t.Parallel()
	c := empty(t)
	if err := runSQLite(c, sqliteSteps()[:1]); err != nil {
		t.Fatal(err)
	}
	execute(t, c, sampleOfFirst)
	before := query(t, c, `SELECT * FROM responses`)
	execute(t, c, sqliteImport)
	golden(t, "sqlite_import.sql", query(t, c, `SELECT sql || ';' FROM sqlite_schema WHERE name IN ('staged', 'import_commit') ORDER BY name`))
	if after := query(t, c, `SELECT * FROM responses`); after != before {
		t.Errorf("the step changed the responses from %q to %q", before, after)
	}
	execute(t, c, `INSERT INTO import_commit VALUES (1, 0)`)
	for _, row := range []string{`INSERT INTO import_commit VALUES (1, 0)`, `INSERT INTO import_commit VALUES (2, 0)`} {
		if err := sqlitex.ExecuteTransient(c, row, nil); err == nil {
			t.Errorf("%s: an import is committed twice", row)
		}
	}
}
