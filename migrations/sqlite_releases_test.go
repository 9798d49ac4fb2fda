package migrations

import (
	"testing"

	"zombiezen.com/go/sqlite/sqlitex"
)

func TestTheSQLiteShapeOfReleasesIsFrozen(t *testing.T) {
	t.Parallel()
	c := empty(t)
	if err := runSQLite(c, sqliteSteps()[:3]); err != nil {
		t.Fatal(err)
	}
	execute(t, c, sqliteReleases)
	golden(t, "sqlite_releases.sql", query(t, c, `SELECT sql || ';' FROM sqlite_schema WHERE name = 'releases'`))
	execute(t, c, `INSERT INTO releases VALUES ('p', 'u', 1, '', x'')`)
	if err := sqlitex.ExecuteTransient(c, `INSERT INTO releases VALUES ('p', 'u', 1, '', x'')`, nil); err == nil {
		t.Error("a release is made twice")
	}
}
