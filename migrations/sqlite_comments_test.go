package migrations

import "testing"

func TestTheSQLiteShapeOfCommentsIsFrozenAndKeepsWhatWasWritten(t *testing.T) {
	t.Parallel()
	c := empty(t)
	if err := runSQLite(c, sqliteSteps()[:11]); err != nil {
		t.Fatal(err)
	}
	execute(t, c, `INSERT INTO segments (id, period, day, n) VALUES (1, 'p', 20500, 1);
		INSERT INTO responses (rowid, unit_form, id, service, point, mode, hour, answers, respondent, lang, started_at, received_at, comment)
		VALUES (4294967297, 1, x'01', 'ktp', 'K', 0, 9, '3', '', 'id', 0, 0, 'Terima kasih');`)
	before := query(t, c, `SELECT * FROM responses`)
	execute(t, c, sqliteComments)
	if after := query(t, c, `SELECT * FROM responses`); after != before {
		t.Errorf("answers are\n%s, want\n%s", after, before)
	}
	golden(t, "sqlite_comments.sql", query(t, c, `SELECT sql || ';' FROM sqlite_schema WHERE name LIKE 'comment%' ORDER BY name`))
}
