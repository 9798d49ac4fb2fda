package migrations

import (
	"testing"

	"zombiezen.com/go/sqlite/sqlitex"
)

func TestTheSQLiteShapeOfImportsIsFrozen(t *testing.T) {
	t.Parallel()
	c := empty(t)
	if err := runSQLite(c, sqliteSteps()[:4]); err != nil {
		t.Fatal(err)
	}
	// An import that a program of the last shape had committed and not finished.
	execute(t, c, `INSERT INTO import_commit (one, at) VALUES (1, 7)`)
	execute(t, c, sqliteUndo)
	golden(t, "sqlite_undo.sql", query(t, c, `SELECT sql || ';' FROM sqlite_schema WHERE name IN ('imports', 'import_rows', 'undoing', 'recounts', 'import_commit') ORDER BY name`))
	if got := query(t, c, `SELECT one || ' ' || at || ' ' || import FROM import_commit`); got != "1 7 0\n" {
		t.Errorf("an import that was going on is %q, want one that has no record", got)
	}
	if err := sqlitex.ExecuteTransient(c, `INSERT INTO import_rows VALUES (1, 2), (1, 2)`, nil); err == nil {
		t.Error("an import stored a response twice")
	}
}
