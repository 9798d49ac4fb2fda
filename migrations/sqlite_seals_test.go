package migrations

import "testing"

func TestTheSQLiteShapeOfSealsIsFrozen(t *testing.T) {
	t.Parallel()
	c := empty(t)
	if err := runSQLite(c, sqliteSteps()[:9]); err != nil {
		t.Fatal(err)
	}
	execute(t, c, sqliteSeals)
	golden(t, "sqlite_seals.sql", query(t, c, `SELECT sql || ';' FROM sqlite_schema WHERE name = 'seals'`))
}
