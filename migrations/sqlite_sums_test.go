package migrations

import "testing"

func TestReleasesOfOlderTalliesAreRemovedFromSQLite(t *testing.T) {
	t.Parallel()
	c := empty(t)
	if err := runSQLite(c, sqliteSteps()[:7]); err != nil {
		t.Fatal(err)
	}
	execute(t, c, `INSERT INTO releases VALUES ('p', 'u', 1, '', x'7b7d'), ('p', 'u', 2, '', x'7b7d')`)
	execute(t, c, `INSERT INTO tallies (period, level, start, unit, form, tally) VALUES ('p', 1, 1, 'u', 'f', x'02')`)
	if err := runSQLite(c, sqliteSteps()[:8]); err != nil {
		t.Fatal(err)
	}
	if got := query(t, c, `SELECT (SELECT count(*) FROM releases) || ' ' || (SELECT count(*) FROM tallies)`); got != "0 1\n" {
		t.Errorf("releases and tallies: got %q, want none of those and the one of these", got)
	}
}
