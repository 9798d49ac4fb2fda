package migrations

import "testing"

func TestTheSQLiteShapeOfErasedPeriodsIsFrozen(t *testing.T) {
	t.Parallel()
	c := empty(t)
	if err := runSQLite(c, sqliteSteps()[:6]); err != nil {
		t.Fatal(err)
	}
	execute(t, c, `INSERT INTO segments (id, period, day, n, tallied) VALUES (1, 'p', 20473, 7, 5)`)
	execute(t, c, sqliteErase)
	golden(t, "sqlite_erase.sql", query(t, c, `SELECT sql || ';' FROM sqlite_schema WHERE name IN ('segments', 'erasures') ORDER BY name`))
	if got := query(t, c, `SELECT n || ' ' || tallied || ' ' || erased FROM segments`); got != "7 5 0\n" {
		t.Errorf("a segment of before is %q, want none of it erased", got)
	}
}
