package migrations

import "testing"

func TestTheSQLiteShapeOfManuscriptsIsFrozenAndKeepsWhatWasWritten(t *testing.T) {
	t.Parallel()
	c := empty(t)
	if err := runSQLite(c, sqliteSteps()[:12]); err != nil {
		t.Fatal(err)
	}
	execute(t, c, `INSERT INTO evaluations (period, unit, version, entry) VALUES ('p', 'u', 1, '{}');
		INSERT INTO comment_marks (period, unit, id, version, body) VALUES ('p', 'u', x'01', 1, '{}');`)
	before := query(t, c, `SELECT * FROM evaluations`) + query(t, c, `SELECT * FROM comment_marks`)
	execute(t, c, sqliteManuscripts)
	if after := query(t, c, `SELECT * FROM evaluations`) + query(t, c, `SELECT * FROM comment_marks`); after != before {
		t.Errorf("what was written is\n%s, want\n%s", after, before)
	}
	golden(t, "sqlite_manuscripts.sql", query(t, c, `SELECT sql || ';' FROM sqlite_schema WHERE name = 'manuscripts'`))
}
