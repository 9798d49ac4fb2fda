package migrations

import "testing"

func TestWhatEarlierProgramsErasedInSQLiteIsErasedAgain(t *testing.T) {
	t.Parallel()
	c := empty(t)
	if err := runSQLite(c, sqliteSteps()[:10]); err != nil {
		t.Fatal(err)
	}
	execute(t, c, `INSERT INTO erasures (period, body, done) VALUES ('done', '{}', 1), ('sealed', '{}', 0), ('unsealed', '{}', 1), ('begun', '{}', 0), ('broken-off', '{}', 0)`)
	execute(t, c, `INSERT INTO seals VALUES ('done', '{"units":[{"cells":{}}]}'), ('sealed', '{}')`)
	execute(t, c, `INSERT INTO segments (id, period, day, n, tallied, erased) VALUES (1, 'broken-off', 20473, 7, 7, 3), (2, 'begun', 20473, 7, 7, 0)`)
	if err := runSQLite(c, sqliteSteps()[:11]); err != nil {
		t.Fatal(err)
	}
	const want = "begun 0 0\nbroken-off 1 0\ndone 1 0\nsealed 1 0\nunsealed 1 0\n"
	if got := query(t, c, `SELECT period || ' ' || earlier || ' ' || done FROM erasures ORDER BY period`); got != want {
		t.Errorf("erasures are\n%swant\n%s", got, want)
	}
	if got := query(t, c, `SELECT count(*) FROM seals`); got != "0\n" {
		t.Errorf("%s seals are left", got)
	}
	golden(t, "sqlite_erasedagain.sql", query(t, c, `SELECT sql || ';' FROM sqlite_schema WHERE name = 'erasures'`))
}
