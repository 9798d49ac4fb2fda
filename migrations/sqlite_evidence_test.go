package migrations

import "testing"

func TestTheSQLiteShapeOfEvidenceIsFrozenAndKeepsWhatWasWritten(t *testing.T) {
	t.Parallel()
	c := empty(t)
	if err := runSQLite(c, sqliteSteps()[:13]); err != nil {
		t.Fatal(err)
	}
	execute(t, c, `INSERT INTO evaluations (period, unit, version, entry) VALUES ('p', 'u', 1, '{}');
		INSERT INTO manuscripts (period, unit, kind, version, body) VALUES ('p', 'u', 'skm', 1, '{}');`)
	before := query(t, c, `SELECT * FROM evaluations`) + query(t, c, `SELECT * FROM manuscripts`)
	execute(t, c, sqliteEvidence)
	if after := query(t, c, `SELECT * FROM evaluations`) + query(t, c, `SELECT * FROM manuscripts`); after != before {
		t.Errorf("what was written is\n%s, want\n%s", after, before)
	}
	golden(t, "sqlite_evidence.sql", query(t, c, `SELECT sql || ';' FROM sqlite_schema WHERE name LIKE 'evidence%' ORDER BY name`))
}
